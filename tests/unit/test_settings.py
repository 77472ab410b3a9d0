"""Settings: what they are called, what they may be, and that the documents say the same."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither this machine's variables nor its .env."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings.load()


def shown(default: Any) -> str:
    """A default as it would be typed."""
    return "" if default is None or default == () else str(default)


def table() -> str:
    """The settings as docs/settings.md has them."""
    rows = ["| name | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = shown(field.default)
        code = f"`{default}`" if default else ""
        rows.append(f"| `{name.upper()}` | {code} | {field.description} |")
    return "\n".join(rows)


def example() -> str:
    """The settings as .env.example has them."""
    return "\n".join(
        f"# {field.description}\n#{name.upper()}={shown(field.default)}"
        for name, field in Settings.model_fields.items()
    )


def test_the_document_has_the_table_of_all_settings() -> None:
    assert table() in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), table()


def test_the_example_has_all_settings() -> None:
    assert example() in (ROOT / ".env.example").read_text(encoding="utf-8"), example()


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    settled = re.sub(r"^#(?=[A-Z])", "", text, flags=re.MULTILINE)
    (tmp_path / ".env").write_text(settled, encoding="utf-8")
    assert Settings.load() == Settings()
    assert Settings.load().timezone == "Europe/Moscow"


def test_without_anything_set_only_the_token_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert settings.database_url is None
    with pytest.raises(SettingsError, match=r"BOT_TOKEN is not set\. @BotFather gives one"):
        settings.token()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ADMIN_IDS", "1;2", "ADMIN_IDS: give numbers separated by commas, such as 111,222"),
        ("ADMIN_IDS", "--5", "ADMIN_IDS: give numbers separated by commas"),
        ("TIMEZONE", "Moscow", "TIMEZONE: give an IANA name such as Europe/Moscow"),
        ("TELEGRAM_API_BASE", "localhost:8081", "TELEGRAM_API_BASE: give an address such as https://"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL: give DEBUG, INFO, WARNING or ERROR"),
        ("WEBHOOK_LISTEN", "8080", "WEBHOOK_LISTEN: give host:port, such as 127.0.0.1:8080"),
        ("WEBHOOK_LISTEN", ":8080", "WEBHOOK_LISTEN: give host:port"),
        ("WEBHOOK_LISTEN", "localhost:http", "WEBHOOK_LISTEN: give host:port"),
        ("WEBHOOK_LISTEN", "localhost:65536", "WEBHOOK_LISTEN: give host:port"),
        ("CHANNEL_ID", "1234567890", "CHANNEL_ID: that is a person.*negative"),
        ("MODERATORS_CHAT_ID", "1001", "MODERATORS_CHAT_ID: that is a person.*negative"),
        ("CHANNEL_ID", "@channel", "CHANNEL_ID: Input should be a valid integer.*such as -1001234567890"),
        ("SEED", "-1", "SEED: Input should be greater than or equal to 0"),
        ("SEND_RATE", "0", "SEND_RATE: Input should be greater than 0"),
        ("SEND_RATE", "31", "SEND_RATE: Input should be less than or equal to 30"),
        ("OUTBOX_LEASE", "4", "OUTBOX_LEASE: Input should be greater than or equal to 5"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_give(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load(monkeypatch, **{name: value})


def test_every_wrong_value_gets_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        load(monkeypatch, TIMEZONE="Moscow", LOG_LEVEL="LOUD")
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["TIMEZONE", "LOG_LEVEL"]


def test_a_secret_is_in_no_error_and_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, BOT_TOKEN="42:hush", DATABASE_URL="postgresql://u:hush@h/d")
    assert "hush" not in repr(settings)


def test_an_env_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("TIMEZONE=Европа".encode("cp1251"))
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8 text.*Save it as UTF-8"):
        Settings.load()


@pytest.mark.parametrize("token", ["nonsense", "42:", ":abc", "42:a b", "forty-two:abc"])
def test_what_has_not_a_tokens_form_is_refused(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    with pytest.raises(SettingsError, match="BOT_TOKEN has not the form 123456:ABC-def"):
        load(monkeypatch, BOT_TOKEN=token).token()


@pytest.mark.parametrize("secret", [None, "тайна", "with space", "x" * 257, "a.b", "line\n"])
def test_a_secret_that_telegram_would_not_take_is_refused(
    monkeypatch: pytest.MonkeyPatch, secret: str | None
) -> None:
    settings = load(monkeypatch, **({"WEBHOOK_SECRET": secret} if secret else {}))
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET must be set for a webhook: 1 to 256 of"):
        settings.webhook_password()


@pytest.mark.parametrize("secret", ["a", "x" * 256, "A-Z_0-9"])
def test_a_good_secret_is_taken(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    assert load(monkeypatch, WEBHOOK_SECRET=secret).webhook_password() == secret


@pytest.mark.parametrize(
    ("given", "address"),
    [("127.0.0.1:8080", ("127.0.0.1", 8080)), ("[::1]:80", ("::1", 80)), ("localhost:0", ("localhost", 0))],
)
def test_the_webhooks_address_has_host_and_port(
    monkeypatch: pytest.MonkeyPatch, given: str, address: tuple[str, int]
) -> None:
    assert load(monkeypatch, WEBHOOK_LISTEN=given).webhook_address() == address

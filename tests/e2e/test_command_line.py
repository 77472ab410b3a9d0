"""The command line as an operator starts it: how it ends when something is wrong, or when it is told to."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from bot.demo import demo_settings
from bot.settings import Settings
from tests.e2e.conftest import ROOT

WRONG = {"ADMIN_IDS": "abc", "TAXONOMY_FILE": "/nope", "TELEGRAM_API_BASE": "nowhere", "SEED": "-1"}


def command(folder: Path, *words: str, **environment: str) -> "subprocess.Popen[str]":
    """``python -m bot`` in an empty folder, told nothing but this."""
    told = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**told, **environment, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )


def refused(server: URL) -> Mapping[str, tuple[URL, str]]:
    """Addresses that lead to no database, and what is said of each."""
    return {
        "unknown database": (server.set(database="nosuch"), 'database "nosuch" does not exist'),
        "unknown user": (server.set(username="nobody", password="hush"), 'role "nobody" does not exist'),
        "nobody there": (URL.create("postgresql", "u", "hush", "127.0.0.1", 1, "d"), "Connect call failed"),
    }


@pytest.mark.parametrize("case", ["unknown database", "unknown user", "nobody there"])
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(server: URL, tmp_path: Path, case: str) -> None:
    url, words = refused(server)[case]
    address = url.render_as_string(hide_password=False)
    _, said = (process := command(tmp_path, "migrate", DATABASE_URL=address)).communicate()
    assert process.returncode == 2
    assert said.startswith("The database ")
    assert words in said
    assert said.endswith(". Check DATABASE_URL and the server.\n")
    assert said.count("\n") == 1
    assert "hush" not in said


@pytest.mark.parametrize("words", [("outbox",), ("outbox", "drop", "7"), ("tick", "all")])
def test_a_command_that_only_looks_makes_no_empty_database(tmp_path: Path, words: tuple[str, ...]) -> None:
    _, said = (process := command(tmp_path, *words)).communicate()
    assert process.returncode == 2
    assert said.startswith(f"There is no database in {Path('var', 'pg')} yet: python -m bot run makes it.")
    assert list(tmp_path.iterdir()) == []


def test_tick_without_a_name_says_what_there_is(tmp_path: Path) -> None:
    _, said = (process := command(tmp_path, "tick")).communicate()
    assert process.returncode == 2
    assert "announcements" in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    command(tmp_path, "migrate").communicate()
    _, said = (process := command(tmp_path, "outbox", "retry", "7")).communicate()
    assert process.returncode == 1
    assert said == "There is no message 7: python -m bot outbox lists those to be decided.\n"


def test_a_signal_in_the_middle_of_an_import_leaves_nothing_running(tmp_path: Path) -> None:
    mentors = tmp_path / "mentors.csv"
    os.mkfifo(mentors)
    process = command(tmp_path, "import-mentors", str(mentors))
    # Opened at both ends: the database is up, and the import waits for its first line.
    with mentors.open("w", encoding="utf-8"):
        assert (tmp_path / "var" / "pg" / "postmaster.pid").exists()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
    assert (process.returncode, said) == (130, "\nStopped.\n")
    assert not (tmp_path / "var" / "pg" / "postmaster.pid").exists()


def test_the_demo_has_settings_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WRONG.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".env").write_text("TIMEZONE=nowhere\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = demo_settings("http://127.0.0.1:8081")
    given = {"bot_token", "telegram_api_base", "data_dir", "channel_id", "moderators_chat_id", "log_level"}
    untouched = set(Settings.model_fields) - given
    assert all(getattr(settings, name) == Settings.model_fields[name].default for name in untouched)
    assert settings.telegram_api_base == "http://127.0.0.1:8081"

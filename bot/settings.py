"""Settings, all from the environment or from ``.env``. ``docs/settings.md`` has them as a table."""

import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_WITHOUT_A_BOT = "BOT_TOKEN is not set. @BotFather gives one: /newbot, then BOT_TOKEN=… make run"
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class SettingsError(Exception):
    """The settings are not usable; the message has one line for each that is wrong."""


class Settings(BaseSettings):
    """What the program is told from outside."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    bot_token: SecretStr | None = Field(None, description="the bot's token, from @BotFather")
    telegram_api_base: str = Field("https://api.telegram.org", description="another Bot API server")
    database_url: SecretStr | None = Field(
        None, description="a PostgreSQL 14 or newer; without it an embedded one starts in `DATA_DIR`/pg"
    )
    data_dir: Path = Field(Path("var"), description="where the embedded database keeps its files")
    channel_id: int | None = Field(None, description="the channel for new mentors, such as -1001234567890")
    moderators_chat_id: int | None = Field(None, description="the moderators' group")
    admin_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Telegram ids of the operators, separated by commas"
    )
    timezone: str = Field("Europe/Moscow", description="the platform's time zone, an IANA name")
    taxonomy_file: Path | None = Field(
        None, description="a taxonomy of your own in place of recommender/taxonomy.toml"
    )
    webhook_secret: SecretStr | None = Field(
        None, description="the secret of the webhook: 1 to 256 of A-Z a-z 0-9 _ -"
    )
    webhook_listen: str = Field("127.0.0.1:8080", description="where the webhook listens, host:port")
    send_rate: float = Field(
        25, gt=0, le=30, description="how many messages a second the outbox may send; replies take the rest"
    )
    outbox_lease: int = Field(
        30, ge=5, le=600, description="seconds after which a message that a dead process was sending is free"
    )
    seed: int = Field(1, ge=0, description="the seed of everything drawn by chance, such as /surprise")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return tuple(int(part) for part in value.split(",") if part.strip())
        except ValueError as error:
            raise ValueError("give numbers separated by commas, such as 111,222") from error

    @field_validator("channel_id", "moderators_chat_id")
    @classmethod
    def _not_a_person(cls, value: int | None) -> int | None:
        if value is not None and value >= 0:
            raise ValueError(
                "that is a person: a channel's or group's id is negative, such as -1001234567890"
            )
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("give an IANA name such as Europe/Moscow") from error
        return value

    @field_validator("telegram_api_base")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("give an address such as https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("webhook_listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not (host and colon and port.isascii() and port.isdigit() and int(port) < 65536):
            raise ValueError("give host:port, such as 127.0.0.1:8080")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("give DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @classmethod
    def load(cls) -> Self:
        """Read the environment.

        Raises:
            SettingsError: a line for each setting that cannot be used.
        """
        try:
            return cls()
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False)
            raise SettingsError("\n".join(_line(problem) for problem in problems)) from None
        except UnicodeDecodeError as error:
            raise SettingsError(f".env is not UTF-8 text: {error}. Save it as UTF-8.") from None

    def token(self) -> str:
        """The bot's token.

        Raises:
            SettingsError: there is none, or it has not a token's form.
        """
        token = self.bot_token.get_secret_value() if self.bot_token else ""
        if not token:
            raise SettingsError(_WITHOUT_A_BOT)
        number, colon, rest = token.partition(":")
        if not (number.isdigit() and colon and rest) or " " in token:
            raise SettingsError("BOT_TOKEN has not the form 123456:ABC-def. Copy it again from @BotFather.")
        return token

    def webhook_password(self) -> str:
        """The secret by which Telegram's calls are known.

        Raises:
            SettingsError: there is none, or Telegram would not take it.
        """
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        if not _SECRET.fullmatch(secret):
            raise SettingsError(
                "WEBHOOK_SECRET must be set for a webhook: 1 to 256 of A-Z a-z 0-9 _ -,"
                " such as the output of `openssl rand -hex 32`"
            )
        return secret

    def webhook_address(self) -> tuple[str, int]:
        """Host and port to listen on; an IPv6 host stands in brackets."""
        host, _, port = self.webhook_listen.rpartition(":")
        return host.strip("[]"), int(port)


def _line(problem: ErrorDetails) -> str:
    """What is wrong with one setting, and what it is for."""
    name = str(problem["loc"][0])
    what = problem["msg"].removeprefix("Value error, ")
    return f"{name.upper()}: {what} ({Settings.model_fields[name].description})"

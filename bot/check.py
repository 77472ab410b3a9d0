"""``python -m bot check``: is everything there? A line each, ok or what to do."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from rich.console import Console
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database import server, unmigrated
from bot.exits import database_words
from bot.settings import Settings, SettingsError
from bot.taxonomy import read_taxonomy
from bot.wiring import create_bot
from db.embedded import EmbeddedServerError
from db.queries import mentors, updates
from migrations.upgrade import current, head
from recommender.taxonomy import TaxonomyError


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. ``remedy`` empty: it is well."""

    what: str
    state: str
    remedy: str = ""


async def run_checks(console: Console) -> int:
    """Print every finding; 0 if all is well, 1 otherwise."""
    wrong = 0
    async for finding in _findings():
        mark = "[red]no[/]" if finding.remedy else "[green]ok[/]"
        console.print(f"{mark}  {finding.what}: ", end="")
        console.print(finding.state + (f" → {finding.remedy}" if finding.remedy else ""), markup=False)
        wrong += bool(finding.remedy)
    return 1 if wrong else 0


async def _findings() -> AsyncIterator[Finding]:
    try:
        settings = Settings.load()
    except SettingsError as error:
        yield Finding("settings", "not usable", str(error))
        return
    yield Finding("settings", f"time zone {settings.timezone}, data in {settings.data_dir}")
    yield _taxonomy(settings)
    async for finding in _database(settings):
        yield finding
    async for finding in _telegram(settings):
        yield finding


def _taxonomy(settings: Settings) -> Finding:
    try:
        taxonomy = read_taxonomy(settings.taxonomy_file)
    except (SettingsError, TaxonomyError) as error:
        return Finding("taxonomy", "not usable", str(error))
    return Finding("taxonomy", f"{len(taxonomy.directions)} directions, {len(taxonomy.skills)} skills")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    kind = "embedded PostgreSQL" if settings.database_url is None else "PostgreSQL of DATABASE_URL"
    try:
        with server(settings) as url:
            engine = await unmigrated(settings, url)
            try:
                revision = await current(engine)
                yield Finding("database", kind)
                yield _migrations(revision)
                if revision == head():
                    async for finding in _contents(engine):
                        yield finding
            finally:
                await engine.dispose()
    except (SettingsError, EmbeddedServerError) as error:
        yield Finding("database", "not usable", str(error))
    except (OSError, DBAPIError) as error:
        remedy = f"check DATABASE_URL and the server: {database_words(error)}"
        yield Finding("database", f"{kind} does not answer", remedy)


def _migrations(revision: str | None) -> Finding:
    if revision == head():
        return Finding("migrations", revision)
    return Finding("migrations", f"{revision or 'none'}, newest is {head()}", "python -m bot migrate")


async def _contents(engine: AsyncEngine) -> AsyncIterator[Finding]:
    async with engine.connect() as connection:
        counts = await mentors.count_by_status(connection)
        failed = await updates.count(connection)
    listed = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    yield Finding("mentors", listed or "none", "" if listed else "python -m bot import-mentors FILE")
    look = "look into the table failed_updates, mend what it tells, and empty it"
    yield Finding("updates set aside", str(failed), look if failed else "")


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    try:
        bot = create_bot(settings.token(), settings.telegram_api_base)
    except SettingsError as error:
        yield Finding("token", "not usable", str(error))
        return
    async with bot.session:
        try:
            me = await bot.get_me()
        except TelegramAPIError as error:
            yield Finding("token", f"{settings.telegram_api_base} says: {error.message}", "check BOT_TOKEN")
            return
        yield Finding("token", f"@{me.username}")
        yield await _chat(bot, "channel", "CHANNEL_ID", settings.channel_id)
        yield await _chat(bot, "moderators", "MODERATORS_CHAT_ID", settings.moderators_chat_id)


async def _chat(bot: Bot, what: str, setting: str, chat_id: int | None) -> Finding:
    """Whether the bot may post: in a channel as an administrator with that right, in a group as a member."""
    if chat_id is None:
        return Finding(what, "none set")
    with suppress(TelegramAPIError):
        chat = await bot.get_chat(chat_id)
        member = await bot.get_chat_member(chat_id, bot.id)
        posts = member.status == "creator" or getattr(member, "can_post_messages", False)
        if posts or (chat.type != "channel" and member.status in {"member", "administrator"}):
            return Finding(what, f"{chat.title}")
        return Finding(
            what, f"{chat.title}: the bot is {member.status}", "make it an administrator that posts"
        )
    return Finding(
        what, f"{setting}={chat_id} is not known to the bot", "add the bot to it, or correct the id"
    )

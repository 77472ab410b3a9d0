"""``python -m bot check``: is everything there? A line each, ok or what to do."""

from collections.abc import AsyncIterator
from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from rich.console import Console
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.check_work import work
from bot.database import server, unmigrated
from bot.exits import database_words
from bot.finding import Finding
from bot.session import why_unknown
from bot.settings import Settings, SettingsError
from bot.taxonomy import read_taxonomy
from bot.wiring import create_bot
from db.embedded import EmbeddedServerError
from migrations.upgrade import current, head
from recommender.taxonomy import TaxonomyError


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
    for finding in await _database(settings):
        yield finding
    async for finding in _telegram(settings):
        yield finding


def _taxonomy(settings: Settings) -> Finding:
    try:
        taxonomy = read_taxonomy(settings.taxonomy_file)
    except (SettingsError, TaxonomyError) as error:
        return Finding("taxonomy", "not usable", str(error))
    return Finding("taxonomy", f"{len(taxonomy.directions)} directions, {len(taxonomy.skills)} skills")


async def _database(settings: Settings) -> list[Finding]:
    kind = "embedded PostgreSQL" if settings.database_url is None else "PostgreSQL of DATABASE_URL"
    try:
        with server(settings) as url:
            return [Finding("database", kind), *await _inside(settings, url)]
    except (SettingsError, EmbeddedServerError) as error:
        return [Finding("database", "not usable", str(error))]
    except (OSError, DBAPIError) as error:
        remedy = f"check DATABASE_URL and the server: {database_words(error)}"
        return [Finding("database", f"{kind} does not answer", remedy)]


async def _inside(settings: Settings, url: URL) -> list[Finding]:
    engine = await unmigrated(settings, url)
    try:
        revision = await current(engine)
        if revision != head():
            state = f"{revision or 'none'}, newest is {head()}"
            return [Finding("migrations", state, "python -m bot migrate")]
        async with engine.connect() as connection:
            return [Finding("migrations", revision), *await work(connection)]
    finally:
        await engine.dispose()


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
            yield Finding("token", *why_unknown(settings.telegram_api_base, error))
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

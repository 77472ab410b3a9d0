"""Everything is put together here, by hand: the bot, and the tests, start from this."""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, CallbackQuery, Message, Update, User
from sqlalchemy.ext.asyncio import AsyncEngine

import handlers.fallback
import handlers.links
import handlers.mentor
import handlers.moderation
import handlers.privacy
import handlers.questionnaire
import handlers.reactions
import handlers.requests
import handlers.reviews
import handlers.shortlist
import handlers.start
import handlers.subscriptions
from bot.intake import Intake, SetAside
from bot.middlewares import TooFast, WhoIsThis
from bot.request_wiring import AboutRequests
from bot.session import Session, TryAgain, follow_rules
from bot.settings import Settings
from bot.texts import Translator, translators
from bot.views.activity import ActivityLetters
from bot.views.announcements import ChannelWords
from bot.views.common import COMMANDS
from bot.views.moderation import ModeratorsWords
from bot.views.unasked import UnaskedViews
from db.engine import POOL_SIZE
from db.queries import updates
from recommender.taxonomy import Taxonomy
from scheduler.pace import Gate, Pace
from scheduler.sender import LEASE, Sender
from scheduler.table import ticks
from scheduler.ticks import Tick
from usecases.activity import Activity
from usecases.announcements import Announcements, Reactions
from usecases.catalogue import Catalogue
from usecases.claims import Claims
from usecases.digest import Digest
from usecases.housekeeping import Housekeeping
from usecases.links import Links
from usecases.mine import Mine
from usecases.moderation import Moderation
from usecases.newcomers import Newcomers
from usecases.people import LANGUAGES, People, spoken
from usecases.privacy import Privacy
from usecases.profile_data import ProfileData
from usecases.profiles import PAUSE_ENDS, Profiles
from usecases.questionnaires import Questionnaires
from usecases.reminders import Reminders
from usecases.replies import Replies
from usecases.shortlists import Shortlists
from usecases.subscriptions import Subscriptions
from usecases.unasked import UnaskedLists

_MOSCOW = ZoneInfo("Europe/Moscow")
#: Of a claim link's secret: beyond guessing, and short enough for a link and for a button.
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class App:
    """What is running."""

    bot: Bot
    engine: AsyncEngine
    catalogue: Catalogue
    intake: Intake
    translators: Mapping[str, Translator]
    #: What handlers say, where it cannot be sent at once.
    replies: Replies
    #: Closed while Telegram has told the bot to wait.
    gate: Gate
    #: Delivers what waits in the outbox: in the leader alone.
    sender: Sender
    #: What happens by itself, in the order in which it is told.
    ticks: tuple[Tick, ...]


def create_bot(token: str, api_base: str) -> Bot:
    """A client of the Bot API at ``api_base``."""
    session = Session(api=TelegramAPIServer.from_base(api_base))
    session.middleware(TryAgain(Gate()))
    defaults = DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True)
    return Bot(token, session=session, default=defaults)


def create_app(
    bot: Bot,
    engine: AsyncEngine,
    taxonomy: Taxonomy,
    *,
    seed: int,
    monotonic: Callable[[], float] = time.monotonic,
    in_flight: int = POOL_SIZE,
    zone: ZoneInfo = _MOSCOW,
    username: str = "",
    channel_id: int | None = None,
    moderators_chat_id: int | None = None,
    gate: Gate | None = None,
    pace: Pace | None = None,
    lease: float = LEASE,
) -> App:
    """The whole product over one database and one bot; chance comes in here, and time from the database.

    ``username`` is the bot's own, for links that lead to it. ``pace`` and ``lease``, in seconds, are the
    sender's.
    """
    texts = translators(taxonomy)
    people = People(engine, monotonic)
    replies = Replies(engine, people)
    gate = gate or Gate()
    follow_rules(bot, gate, replies)
    catalogue = Catalogue(engine, taxonomy)
    shortlists = Shortlists(engine, catalogue, seed)
    letters = ActivityLetters(texts, username)
    about = AboutRequests.over(shortlists, people, texts, zone, moderators_chat_id)
    profiles = Profiles(engine, zone, letters, about.desk.close_all)
    moderation = Moderation(engine, moderators_chat_id, ModeratorsWords(texts[LANGUAGES[0]]))
    dispatcher = Dispatcher(
        disable_fsm=True,
        people=people,
        moderation=moderation,
        shortlists=shortlists,
        questionnaires=Questionnaires(engine, catalogue, shortlists),
        translators=texts,
        **_about_people(engine, people, zone, about),
        **_about_mentors(engine, people, profiles, shortlists, about),
        **about.for_handlers(),
    )
    dispatcher.update.outer_middleware(WhoIsThis(people, texts, moderation))
    dispatcher.update.outer_middleware(TooFast(monotonic))
    dispatcher.include_routers(*_routers())
    return App(
        bot=bot,
        engine=engine,
        catalogue=catalogue,
        intake=_intake(bot, dispatcher, engine, replies, texts, in_flight),
        translators=texts,
        replies=replies,
        gate=gate,
        sender=Sender(
            engine,
            bot,
            replies,
            gate=gate,
            pace=pace or Pace(),
            random=Random(),  # noqa: S311 - not a secret
            lease=lease,
        ),
        ticks=_ticks(
            catalogue,
            texts,
            profiles,
            moderation,
            letters,
            about,
            username=username,
            zone=zone,
            # Posts and claim links lead to the bot: without its name there is nothing to lead to.
            channel_id=channel_id if username else None,
            moderators_chat_id=moderators_chat_id if username else None,
        ),
    )


def installed_app(settings: Settings, engine: AsyncEngine, taxonomy: Taxonomy, bot: Bot, me: User) -> App:
    """The product as its settings want it; ``me`` is the bot as Telegram knows it."""
    return create_app(
        bot,
        engine,
        taxonomy,
        seed=settings.seed,
        zone=ZoneInfo(settings.timezone),
        username=me.username or "",
        channel_id=settings.channel_id,
        moderators_chat_id=settings.moderators_chat_id,
        pace=Pace(settings.send_rate),
        lease=settings.outbox_lease,
    )


def _about_people(
    engine: AsyncEngine, people: People, zone: ZoneInfo, about: AboutRequests
) -> dict[str, Any]:
    """What handlers ask for by name: what somebody has told and wants."""
    return {
        "privacy": Privacy(engine, people, zone, about.partings()),
        "subscriptions": Subscriptions(engine, zone),
    }


def _about_mentors(
    engine: AsyncEngine,
    people: People,
    profiles: Profiles,
    shortlists: Shortlists,
    about: AboutRequests,
) -> dict[str, Any]:
    """What handlers ask for by name: mentors' own profiles, and the ways that lead to them."""
    claims = Claims(engine, profiles)
    return {
        "profiles": profiles,
        "profile_data": ProfileData(engine, people, profiles, shortlists.catalogue.taxonomy),
        "claims": claims,
        "mine": Mine(engine, claims, about.desk),
        "links": Links(shortlists),
        "reactions": Reactions(engine),
    }


def _intake(
    bot: Bot,
    dispatcher: Dispatcher,
    engine: AsyncEngine,
    replies: Replies,
    texts: Mapping[str, Translator],
    in_flight: int,
) -> Intake:
    async def handle(update: Update) -> None:
        await dispatcher.feed_update(bot, update)

    async def blocked(person_id: int) -> None:
        await replies.unreachable(person_id, "the bot is blocked")

    return Intake(bot, handle, _set_aside(engine), _apologise(texts), blocked, in_flight=in_flight)


def _ticks(
    catalogue: Catalogue,
    texts: Mapping[str, Translator],
    profiles: Profiles,
    moderation: Moderation,
    letters: ActivityLetters,
    about: AboutRequests,
    *,
    username: str,
    zone: ZoneInfo,
    channel_id: int | None,
    moderators_chat_id: int | None,
) -> tuple[Tick, ...]:
    unasked = UnaskedLists(UnaskedViews(texts))
    announcements = Announcements(zone, channel_id, ChannelWords(texts[LANGUAGES[0]], username))
    activity = Activity(
        zone,
        letters,
        moderators_chat_id,
        lambda: secrets.token_urlsafe(_TOKEN_BYTES),
        about.desk.close_all,
    )
    return ticks(
        announcements=announcements.tick,
        newcomers=Newcomers(catalogue, unasked, zone).tick,
        digest=Digest(catalogue, unasked, zone).tick,
        activity=activity.tick,
        reminders=Reminders({PAUSE_ENDS: profiles.end_pause, **about.reminders()}).tick,
        requests=about.clock.tick,
        reviews=about.reviews.tick,
        ratings=about.ratings.tick,
        standings=about.standings.tick,
        moderation=moderation.tick,
        housekeeping=Housekeeping().tick,
    )


async def publish_commands(app: App) -> None:
    """The menu of commands, in each language."""
    for language, t in app.translators.items():
        commands = [BotCommand(command=name, description=t.plain(f"command-{name}")) for name in COMMANDS]
        await app.bot.set_my_commands(commands, language_code=language)
    first = next(iter(app.translators.values()))
    commands = [BotCommand(command=name, description=first.plain(f"command-{name}")) for name in COMMANDS]
    await app.bot.set_my_commands(commands)


def _routers() -> list[Router]:
    """In the order of asking: taps first, since most updates are; whatever is typed before the fallback."""
    private = Router(name="private")
    private.message.filter(F.chat.type == "private")
    private.callback_query.filter(F.message.chat.type == "private")
    private.message.outer_middleware(handlers.mentor.let_go)
    private.callback_query.outer_middleware(handlers.mentor.let_go)
    private.include_routers(
        handlers.questionnaire.router(),
        handlers.shortlist.router(),
        handlers.requests.router(),
        handlers.reviews.router(),
        handlers.subscriptions.router(),
        handlers.links.router(),
        handlers.mentor.router(),
        handlers.links.unknown(),
        handlers.start.router(),
        handlers.privacy.router(),
        handlers.requests.typed(),
        handlers.mentor.typed(),
        handlers.questionnaire.typed(),
    )
    return [private, handlers.moderation.router(), handlers.reactions.router(), handlers.fallback.router()]


def _set_aside(engine: AsyncEngine) -> SetAside:
    async def set_aside(update_id: int | None, person_id: int | None, body: str, error: str) -> None:
        async with engine.begin() as connection:
            await updates.set_aside(connection, update_id, person_id, body, error)

    return set_aside


def _apologise(texts: Mapping[str, Translator]) -> Callable[[Update], Awaitable[None]]:
    async def apologise(update: Update) -> None:
        event = update.event
        with suppress(TelegramAPIError):
            if isinstance(event, CallbackQuery):
                await event.answer(texts[spoken(event.from_user.language_code)].plain("broken"))
            elif isinstance(event, Message) and event.from_user and event.chat.type == "private":
                await event.answer(texts[spoken(event.from_user.language_code)]("broken"))

    return apologise

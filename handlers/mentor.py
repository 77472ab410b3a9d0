"""A mentor's own profile: /my, claim links, every button of it, and what is typed for it."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.screen import replace, send, sent
from bot.texts import Translator
from bot.views.callbacks import (
    ClaimLinkTap,
    ClaimTap,
    MonthTap,
    PauseDayTap,
    PauseTap,
    PlacesTap,
    ProfileOptionTap,
    ProfileTap,
)
from bot.views.links import unknown_link_view
from bot.views.mine import mine_view as my_view
from bot.views.profile import (
    calendar_view,
    edit_view,
    leave_view,
    mine_view,
    options_view,
    panel_view,
    pause_view,
    places_view,
    typing_view,
)
from bot.views.questionnaire import screen_view
from bot.views.view import View
from handlers.questionnaire import COMMAND
from usecases.claims import Claims, NoProfile, NoProfileScreen
from usecases.mine import Mine
from usecases.people import Known
from usecases.profile_data import ProfileData, TypedField, TypingScreen
from usecases.profiles import PanelScreen, ProfileNotice, Profiles
from usecases.questionnaires import Questionnaires

_FREE = ":".join((ProfileTap.__prefix__, "free", ""))
_CLAIM = "claim_"
_CLAIM_LINK = rf"{_CLAIM}[A-Za-z0-9_-]+$"
_MENUS: dict[str, Callable[[PanelScreen, Translator], View]] = {
    "show": panel_view,
    "pause": pause_view,
    "leave": leave_view,
    "edit": edit_view,
    "places": places_view,
    "formats": lambda screen, t: options_view(screen, "formats", t),
    "levels": lambda screen, t: options_view(screen, "levels", t),
    "goals": lambda screen, t: options_view(screen, "goals", t),
    "languages": lambda screen, t: options_view(screen, "languages", t),
}
_TYPED: dict[str, TypedField] = {"price": "price", "about": "about", "skills": "skills"}


def router() -> Router:
    """/my, links by which a profile is claimed, and the profile's buttons."""
    routes = Router(name="mentor")
    routes.message(Command("my"))(show_mine)
    routes.message(CommandStart(deep_link=True, magic=F.args.regexp(_CLAIM_LINK)))(follow_link)
    routes.callback_query(ClaimTap.filter())(claim)
    routes.callback_query(ClaimLinkTap.filter())(claim_by_link)
    routes.callback_query(ProfileTap.filter(F.action.in_(set(_MENUS))))(show_menu)
    routes.callback_query(ProfileTap.filter(F.action == "active"))(take_students)
    routes.callback_query(ProfileTap.filter(F.action == "left"))(leave)
    routes.callback_query(ProfileTap.filter(F.action == "free"))(make_free)
    routes.callback_query(ProfileTap.filter(F.action.in_(set(_TYPED))))(ask)
    routes.callback_query(PauseTap.filter())(pause)
    routes.callback_query(PauseDayTap.filter())(pause_until)
    routes.callback_query(MonthTap.filter())(turn_month)
    routes.callback_query(PlacesTap.filter())(set_places)
    routes.callback_query(ProfileOptionTap.filter())(set_option)
    return routes


def typed() -> Router:
    """What is typed where the profile asked for it: before the questionnaire takes all that is typed."""
    routes = Router(name="mentor typed")
    routes.message(is_answer)(write)
    return routes


async def let_go(
    handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
    event: TelegramObject,
    data: dict[str, Any],
) -> Any:
    """Before any handler of taps and messages: a tap or a command takes back what was asked for."""
    person: Known | None = data.get("person")
    if person is not None and person.asked_for is not None and not _is_an_answer(event):
        await data["profile_data"].let_go(person.id)
    return await handler(event, data)


def _is_an_answer(event: TelegramObject) -> bool:
    """Whether it may answer what was asked for: typed, or by the one tap that does."""
    if isinstance(event, CallbackQuery):
        return (event.data or "").startswith(_FREE)
    return isinstance(event, Message) and not _is_command(event)


async def is_answer(message: Message, person: Known, profile_data: ProfileData) -> bool:
    """Whether what was typed is meant for the profile."""
    return not _is_command(message) and await profile_data.is_answer(person.id, sent(message))


async def show_mine(message: Message, person: Known, t: Translator, mine: Mine) -> None:
    await send(message, my_view(await mine.mine(person.id), t))


async def follow_link(
    message: Message,
    command: CommandObject,
    person: Known,
    t: Translator,
    claims: Claims,
    questionnaires: Questionnaires,
) -> None:
    """To the profile; a link that leads to none may be a student's first step all the same."""
    screen = await claims.offer(person.id, (command.args or "").removeprefix(_CLAIM))
    if screen == NoProfileScreen(NoProfile.UNKNOWN_LINK):
        start = screen_view(await questionnaires.current(person), t)
        await send(message, unknown_link_view(start, t, to_profile=True))
    else:
        await send(message, mine_view(screen, t))


async def claim(
    tap: CallbackQuery, callback_data: ClaimTap, bot: Bot, person: Known, t: Translator, claims: Claims
) -> None:
    await replace(tap, bot, mine_view(await claims.claim(person.id, callback_data.mentor), t))


async def claim_by_link(
    tap: CallbackQuery, callback_data: ClaimLinkTap, bot: Bot, person: Known, t: Translator, claims: Claims
) -> None:
    await replace(tap, bot, mine_view(await claims.claim_by_link(person.id, callback_data.token), t))


async def show_menu(
    tap: CallbackQuery, callback_data: ProfileTap, bot: Bot, person: Known, t: Translator, profiles: Profiles
) -> None:
    screen = await profiles.look(person.id, callback_data.mentor)
    await replace(tap, bot, _MENUS[callback_data.action](screen, t))


async def take_students(
    tap: CallbackQuery, callback_data: ProfileTap, bot: Bot, person: Known, t: Translator, profiles: Profiles
) -> None:
    await replace(tap, bot, panel_view(await profiles.take_students(person.id, callback_data.mentor), t))


async def leave(
    tap: CallbackQuery, callback_data: ProfileTap, bot: Bot, person: Known, t: Translator, profiles: Profiles
) -> None:
    await replace(tap, bot, panel_view(await profiles.leave(person.id, callback_data.mentor), t))


async def pause(
    tap: CallbackQuery, callback_data: PauseTap, bot: Bot, person: Known, t: Translator, profiles: Profiles
) -> None:
    screen = await profiles.pause_for(person.id, callback_data.mentor, callback_data.months)
    await replace(tap, bot, panel_view(screen, t))


async def pause_until(
    tap: CallbackQuery, callback_data: PauseDayTap, bot: Bot, person: Known, t: Translator, profiles: Profiles
) -> None:
    screen = await profiles.pause_until(person.id, callback_data.mentor, callback_data.day)
    passed = screen.notice is ProfileNotice.PAST_DAY
    await replace(tap, bot, calendar_view(screen, screen.today, t) if passed else panel_view(screen, t))


async def turn_month(
    tap: CallbackQuery, callback_data: MonthTap, bot: Bot, person: Known, t: Translator, profiles: Profiles
) -> None:
    screen = await profiles.look(person.id, callback_data.mentor)
    await replace(tap, bot, calendar_view(screen, callback_data.day, t))


async def set_places(
    tap: CallbackQuery,
    callback_data: PlacesTap,
    bot: Bot,
    person: Known,
    t: Translator,
    profile_data: ProfileData,
) -> None:
    screen = await profile_data.set_places(person.id, callback_data.mentor, callback_data.count)
    await replace(tap, bot, edit_view(screen, t))


async def set_option(
    tap: CallbackQuery,
    callback_data: ProfileOptionTap,
    bot: Bot,
    person: Known,
    t: Translator,
    profile_data: ProfileData,
) -> None:
    field = callback_data.field
    screen = await profile_data.set_option(
        person.id, callback_data.mentor, field, callback_data.option, on=callback_data.on
    )
    await replace(tap, bot, options_view(screen, field, t))


async def make_free(
    tap: CallbackQuery,
    callback_data: ProfileTap,
    bot: Bot,
    person: Known,
    t: Translator,
    profile_data: ProfileData,
) -> None:
    await replace(tap, bot, edit_view(await profile_data.make_free(person.id, callback_data.mentor), t))


async def ask(
    tap: CallbackQuery,
    callback_data: ProfileTap,
    bot: Bot,
    person: Known,
    t: Translator,
    profile_data: ProfileData,
) -> None:
    screen = await profile_data.ask(person.id, callback_data.mentor, _TYPED[callback_data.action])
    await replace(tap, bot, typing_view(screen, t))


async def write(
    message: Message, person: Known, t: Translator, profile_data: ProfileData, claims: Claims
) -> None:
    match await profile_data.type(person.id, sent(message), message.text):
        case TypingScreen() as screen:
            await send(message, typing_view(screen, t))
        case PanelScreen() as screen:
            await send(message, edit_view(screen, t, aloud=True))
        case None:
            await send(message, mine_view(await claims.mine(person.id), t))


def _is_command(message: Message) -> bool:
    return COMMAND.match(message.text or "") is not None

"""Shortlists, and what a student does with the mentors on them."""

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.screen import replace, send, sent
from bot.texts import Translator
from bot.views.callbacks import DismissTap, LatestTap, ListTap, MentorTap, MoreTap
from bot.views.questionnaire import screen_view
from bot.views.shortlist import dismiss_view, mentor_view, saved_view, shortlist_view
from bot.views.view import View
from recommender.model import MentorId
from usecases.people import Known
from usecases.questionnaires import Questionnaires
from usecases.shortlists import Shortlists


def router() -> Router:
    """/saved, /surprise, and the buttons under a shortlist."""
    routes = Router(name="shortlist")
    routes.message(Command("saved"))(saved)
    routes.message(Command("surprise"))(surprise)
    routes.callback_query(LatestTap.filter())(latest)
    routes.callback_query(MoreTap.filter())(more)
    routes.callback_query(ListTap.filter())(to_list)
    routes.callback_query(MentorTap.filter(F.action == "open"))(open_mentor)
    routes.callback_query(MentorTap.filter(F.action == "look"))(look)
    routes.callback_query(MentorTap.filter(F.action.in_({"save", "unsave"})))(save)
    routes.callback_query(MentorTap.filter(F.action == "dismiss"))(ask_why)
    routes.callback_query(MentorTap.filter(F.action == "restore"))(restore)
    routes.callback_query(DismissTap.filter())(dismiss)
    return routes


async def saved(message: Message, person: Known, t: Translator, shortlists: Shortlists) -> None:
    await send(message, saved_view(await shortlists.saved(person.id), t))


async def surprise(
    message: Message,
    person: Known,
    t: Translator,
    shortlists: Shortlists,
    questionnaires: Questionnaires,
) -> None:
    drawn = await shortlists.surprise(person, sent(message))
    await send(message, screen_view(drawn or await questionnaires.current(person), t))


async def latest(
    tap: CallbackQuery,
    bot: Bot,
    person: Known,
    t: Translator,
    shortlists: Shortlists,
    questionnaires: Questionnaires,
) -> None:
    found = await shortlists.latest(person.id)
    await replace(tap, bot, screen_view(found or await questionnaires.current(person), t))


async def more(
    tap: CallbackQuery, callback_data: MoreTap, bot: Bot, person: Known, t: Translator, shortlists: Shortlists
) -> None:
    await replace(tap, bot, shortlist_view(await shortlists.more(person.id, callback_data.search), t))


async def to_list(
    tap: CallbackQuery, callback_data: ListTap, bot: Bot, person: Known, t: Translator, shortlists: Shortlists
) -> None:
    await replace(tap, bot, await _list(callback_data.search, person, t, shortlists))


async def open_mentor(
    tap: CallbackQuery,
    callback_data: MentorTap,
    bot: Bot,
    person: Known,
    t: Translator,
    shortlists: Shortlists,
) -> None:
    screen = await shortlists.open(person.id, callback_data.search, MentorId(callback_data.mentor))
    await replace(tap, bot, mentor_view(screen, t))


async def look(
    tap: CallbackQuery,
    callback_data: MentorTap,
    bot: Bot,
    person: Known,
    t: Translator,
    shortlists: Shortlists,
) -> None:
    screen = await shortlists.look(person.id, callback_data.search, MentorId(callback_data.mentor))
    await replace(tap, bot, mentor_view(screen, t))


async def save(
    tap: CallbackQuery,
    callback_data: MentorTap,
    bot: Bot,
    person: Known,
    t: Translator,
    shortlists: Shortlists,
) -> None:
    on = callback_data.action == "save"
    await shortlists.save(person.id, callback_data.search, MentorId(callback_data.mentor), on=on)
    toast = t.plain("toast-saved" if on else "toast-unsaved")
    await replace(tap, bot, await _where(callback_data, person, t, shortlists, toast))


async def ask_why(
    tap: CallbackQuery,
    callback_data: MentorTap,
    bot: Bot,
    person: Known,
    t: Translator,
    shortlists: Shortlists,
) -> None:
    screen = await shortlists.look(person.id, callback_data.search, MentorId(callback_data.mentor))
    await replace(tap, bot, dismiss_view(screen, t))


async def dismiss(
    tap: CallbackQuery,
    callback_data: DismissTap,
    bot: Bot,
    person: Known,
    t: Translator,
    shortlists: Shortlists,
) -> None:
    mentor = MentorId(callback_data.mentor)
    await shortlists.dismiss(person.id, callback_data.search, mentor, callback_data.reason)
    toast = t.plain("toast-dismissed")
    await replace(tap, bot, await _list(callback_data.search, person, t, shortlists, toast))


async def restore(
    tap: CallbackQuery,
    callback_data: MentorTap,
    bot: Bot,
    person: Known,
    t: Translator,
    shortlists: Shortlists,
) -> None:
    await shortlists.restore(person.id, callback_data.search, MentorId(callback_data.mentor))
    toast = t.plain("toast-restored")
    await replace(tap, bot, await _where(callback_data, person, t, shortlists, toast))


async def _where(tapped: MentorTap, person: Known, t: Translator, shortlists: Shortlists, toast: str) -> View:
    """The screen a button about a mentor was on."""
    if tapped.on_list:
        return await _list(tapped.search, person, t, shortlists, toast)
    return mentor_view(await shortlists.look(person.id, tapped.search, MentorId(tapped.mentor)), t, toast)


async def _list(
    search: int, person: Known, t: Translator, shortlists: Shortlists, toast: str | None = None
) -> View:
    """The list of a search, or the bookmarks."""
    if search:
        return shortlist_view(await shortlists.again(person.id, search), t, toast)
    return saved_view(await shortlists.saved(person.id), t, toast)

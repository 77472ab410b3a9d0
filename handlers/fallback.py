"""What nothing else took, and what went wrong: always an answer, never a button that hangs."""

from aiogram import F, Router
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent

from bot.screen import say, send
from bot.texts import Translator
from bot.views.view import View
from usecases.errors import NotYoursError
from usecases.people import Known
from usecases.profile_data import ProfileData


def router() -> Router:
    """Last in the order of routers."""
    routes = Router(name="fallback")
    routes.callback_query()(unknown)
    routes.error(ExceptionTypeFilter(NotYoursError), F.update.callback_query)(not_yours)
    routes.error(ExceptionTypeFilter(NotYoursError), F.update.message)(gone)
    return routes


async def unknown(tap: CallbackQuery, t: Translator) -> None:
    await say(tap, t.plain("toast-foreign"))


async def not_yours(event: ErrorEvent, t: Translator) -> None:
    """A forged button, another person's, or one whose search is gone."""
    tap = event.update.callback_query
    if tap is not None:
        await say(tap, t.plain("toast-foreign"))


async def gone(event: ErrorEvent, person: Known, t: Translator, profile_data: ProfileData) -> None:
    """What was typed answers something that is gone: it is asked for no more."""
    message = event.update.message
    await profile_data.let_go(person.id)
    if message is not None:
        await send(message, View(t("typed-gone")))

"""What nothing else took, and what went wrong: always an answer, never a button that hangs."""

from aiogram import F, Router
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent

from bot.screen import say
from bot.texts import Translator
from usecases.errors import NotYoursError


def router() -> Router:
    """Last in the order of routers."""
    routes = Router(name="fallback")
    routes.callback_query()(unknown)
    routes.error(ExceptionTypeFilter(NotYoursError), F.update.callback_query)(not_yours)
    return routes


async def unknown(tap: CallbackQuery, t: Translator) -> None:
    await say(tap, t.plain("toast-foreign"))


async def not_yours(event: ErrorEvent, t: Translator) -> None:
    """A forged button, another person's, or one whose search is gone."""
    tap = event.update.callback_query
    if tap is not None:
        await say(tap, t.plain("toast-foreign"))

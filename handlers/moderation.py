"""The moderators' group: taps that decide what the delivery could not."""

from aiogram import Bot, F, Router
from aiogram.filters import MagicData
from aiogram.types import CallbackQuery

from bot.screen import replace, say
from bot.texts import Translator
from bot.views.callbacks import UndecidedTap
from bot.views.moderation import verdict_toast, verdict_view
from usecases.moderation import Moderation


def router() -> Router:
    """Only for taps of the moderators' group: whoever is in it is a moderator."""
    routes = Router(name="moderation")
    routes.callback_query.filter(MagicData(F.moderator))
    routes.callback_query(UndecidedTap.filter())(decide)
    return routes


async def decide(
    tap: CallbackQuery,
    callback_data: UndecidedTap,
    bot: Bot,
    moderator: str,
    t: Translator,
    moderation: Moderation,
) -> None:
    verdict = await moderation.decide(
        callback_data.row, callback_data.decision, callback_data.told, moderator
    )
    if verdict.cases:
        await replace(tap, bot, verdict_view(verdict, t))
    else:
        await say(tap, verdict_toast(verdict, t))

"""The moderators' group: what the delivery could not decide, reviews, and mentors below the bar."""

from typing import cast

from aiogram import Bot, F, Router
from aiogram.filters import MagicData
from aiogram.types import CallbackQuery

from bot.screen import replace, say
from bot.texts import Translator
from bot.views.callbacks import BarCaseTap, RejectTap, ReviewCaseTap, UndecidedTap
from bot.views.moderation import decided_toast, verdict_toast, verdict_view
from bot.views.reviews import case_view, gone_view, reject_view
from bot.views.standings import bar_case_view
from usecases.moderation import Moderation
from usecases.reviews import Reviews
from usecases.standings import BarCases, Decision


def router() -> Router:
    """Only for taps of the moderators' group: whoever is in it is a moderator."""
    routes = Router(name="moderation")
    routes.callback_query.filter(MagicData(F.moderator))
    routes.callback_query(UndecidedTap.filter())(decide)
    routes.callback_query(ReviewCaseTap.filter(F.action == "publish"))(publish)
    routes.callback_query(ReviewCaseTap.filter())(show_review)
    routes.callback_query(RejectTap.filter())(reject)
    routes.callback_query(BarCaseTap.filter(F.action == "undo"))(undo)
    routes.callback_query(BarCaseTap.filter())(decide_bar)
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


async def publish(
    tap: CallbackQuery,
    callback_data: ReviewCaseTap,
    bot: Bot,
    moderator: str,
    t: Translator,
    reviews: Reviews,
) -> None:
    verdict, case = await reviews.publish(callback_data.review, callback_data.revision, moderator)
    await replace(tap, bot, case_view(case, t, verdict) if case else gone_view(t))


async def show_review(
    tap: CallbackQuery, callback_data: ReviewCaseTap, bot: Bot, t: Translator, reviews: Reviews
) -> None:
    """Why not? Or back to the review as it is now."""
    case = await reviews.case(callback_data.review)
    if case is None:
        await replace(tap, bot, gone_view(t))
        return
    asked = callback_data.action == "refuse" and case.is_open
    await replace(tap, bot, reject_view(case, t) if asked else case_view(case, t))


async def reject(
    tap: CallbackQuery, callback_data: RejectTap, bot: Bot, moderator: str, t: Translator, reviews: Reviews
) -> None:
    verdict, case = await reviews.reject(
        callback_data.review, callback_data.revision, callback_data.reason, moderator
    )
    await replace(tap, bot, case_view(case, t, verdict) if case else gone_view(t))


async def decide_bar(
    tap: CallbackQuery, callback_data: BarCaseTap, bot: Bot, moderator: str, t: Translator, bar: BarCases
) -> None:
    done, case = await bar.decide(callback_data.case, cast(Decision, callback_data.action), moderator)
    await replace(tap, bot, bar_case_view(case, t, decided_toast(t, done=done)))


async def undo(tap: CallbackQuery, callback_data: BarCaseTap, bot: Bot, t: Translator, bar: BarCases) -> None:
    done, case = await bar.undo(callback_data.case)
    await replace(tap, bot, bar_case_view(case, t, decided_toast(t, done=done)))

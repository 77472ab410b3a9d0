"""Answering questions: every button of the questionnaire, and typed answers."""

import re

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.screen import replace, send, sent
from bot.texts import Translator
from bot.views.callbacks import BeginTap, QuestionTap, ReviewTap
from bot.views.questionnaire import screen_view
from usecases.people import Known
from usecases.questionnaires import Questionnaires
from usecases.screens import Notice, NoticeKind, Tap

#: What Telegram shows as a command; a path, as in "/etc/hosts", is none.
COMMAND = re.compile(r"^/[A-Za-z0-9_]{1,32}(@\w+)?(\s|$)")


def router() -> Router:
    """Taps of the questionnaire."""
    routes = Router(name="questionnaire")
    routes.callback_query(QuestionTap.filter())(answer)
    routes.callback_query(BeginTap.filter())(begin)
    routes.callback_query(ReviewTap.filter())(review)
    return routes


def typed() -> Router:
    """Whatever is written and is no command of ours: last but one in the order of routers."""
    routes = Router(name="typed")
    routes.message(F.text.regexp(COMMAND))(unknown_command)
    routes.message()(write)
    return routes


async def answer(
    tap: CallbackQuery,
    callback_data: QuestionTap,
    bot: Bot,
    person: Known,
    t: Translator,
    questionnaires: Questionnaires,
) -> None:
    wish = Tap(
        questionnaire_id=callback_data.questionnaire,
        step=callback_data.step,
        action=callback_data.action,
        field=callback_data.field,
        option=callback_data.option,
        on=callback_data.on,
        since=callback_data.since,
    )
    await replace(tap, bot, screen_view(await questionnaires.tap(person, wish), t))


async def begin(
    tap: CallbackQuery,
    callback_data: BeginTap,
    bot: Bot,
    person: Known,
    t: Translator,
    questionnaires: Questionnaires,
) -> None:
    screen = await questionnaires.begin(person, callback_data.after)
    await replace(tap, bot, screen_view(screen, t))


async def review(
    tap: CallbackQuery, bot: Bot, person: Known, t: Translator, questionnaires: Questionnaires
) -> None:
    await replace(tap, bot, screen_view(await questionnaires.review(person), t))


async def unknown_command(
    message: Message, person: Known, t: Translator, questionnaires: Questionnaires
) -> None:
    """It is no answer: the question stays."""
    screen = await questionnaires.current(person, Notice(NoticeKind.UNKNOWN_COMMAND))
    await send(message, screen_view(screen, t))


async def write(message: Message, person: Known, t: Translator, questionnaires: Questionnaires) -> None:
    screen = await questionnaires.type(person, sent(message), message.text)
    await send(message, screen_view(screen, t))

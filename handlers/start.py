"""The commands that begin, end and explain, and the language."""

import dataclasses
from collections.abc import Mapping

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.screen import replace, send, sent
from bot.texts import Translator
from bot.views.callbacks import LanguageTap
from bot.views.common import help_view, language_view
from bot.views.questionnaire import screen_view
from usecases.people import Known, People
from usecases.questionnaires import Questionnaires


def router() -> Router:
    """/start, /new, /cancel, /help, /language, and being blocked."""
    routes = Router(name="start")
    routes.message(CommandStart())(start)
    routes.message(Command("new"))(new)
    routes.message(Command("cancel"))(cancel)
    routes.message(Command("help"))(explain)
    routes.message(Command("language"))(ask_language)
    routes.callback_query(LanguageTap.filter())(choose_language)
    routes.my_chat_member(F.chat.type == "private")(blocked_or_back)
    return routes


async def start(message: Message, person: Known, t: Translator, questionnaires: Questionnaires) -> None:
    await send(message, screen_view(await questionnaires.current(person), t))


async def new(message: Message, person: Known, t: Translator, questionnaires: Questionnaires) -> None:
    await send(message, screen_view(await questionnaires.restart(person, sent(message)), t))


async def cancel(message: Message, person: Known, t: Translator, questionnaires: Questionnaires) -> None:
    await send(message, screen_view(await questionnaires.cancel(person, sent(message)), t))


async def explain(message: Message, t: Translator) -> None:
    await send(message, help_view(t))


async def ask_language(message: Message, t: Translator, translators: Mapping[str, Translator]) -> None:
    await send(message, language_view(t, translators))


async def choose_language(
    tap: CallbackQuery,
    callback_data: LanguageTap,
    bot: Bot,
    person: Known,
    people: People,
    questionnaires: Questionnaires,
    translators: Mapping[str, Translator],
) -> None:
    await people.choose_language(person.id, callback_data.code)
    t = translators[callback_data.code]
    screen = await questionnaires.current(dataclasses.replace(person, language=callback_data.code))
    await replace(tap, bot, screen_view(screen, t).saying(t.plain("language-set")))


async def blocked_or_back(event: ChatMemberUpdated, person: Known, people: People) -> None:
    await people.set_blocked(person.id, blocked=event.new_chat_member.status == "kicked")

"""/privacy, /export and /forget."""

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.screen import replace, say, send, send_file
from bot.texts import Translator
from bot.views.callbacks import ExportTap, ForgetTap, HereTap
from bot.views.privacy import export_view, forget_view, forgotten_view, kept_view
from bot.views.questionnaire import screen_view
from usecases.people import Known
from usecases.privacy import Privacy
from usecases.questionnaires import Questionnaires


def router() -> Router:
    """What is kept, handed over, and its end."""
    routes = Router(name="privacy")
    routes.message(Command("privacy"))(show_kept)
    routes.message(Command("export"))(export)
    routes.message(Command("forget"))(ask)
    routes.callback_query(ExportTap.filter())(export_tapped)
    routes.callback_query(ForgetTap.filter(F.sure))(forget)
    routes.callback_query(ForgetTap.filter())(ask_again)
    routes.callback_query(HereTap.filter())(stay)
    return routes


async def show_kept(message: Message, person: Known, t: Translator, privacy: Privacy) -> None:
    await send(message, kept_view(await privacy.kept(person.id), t))


async def export(message: Message, bot: Bot, person: Known, t: Translator, privacy: Privacy) -> None:
    await send_file(bot, message.chat.id, export_view(await privacy.export(person.id), t))


async def export_tapped(tap: CallbackQuery, bot: Bot, person: Known, t: Translator, privacy: Privacy) -> None:
    await say(tap)
    await send_file(bot, person.id, export_view(await privacy.export(person.id), t))


async def ask(message: Message, t: Translator) -> None:
    await send(message, forget_view(t))


async def ask_again(tap: CallbackQuery, bot: Bot, t: Translator) -> None:
    await replace(tap, bot, forget_view(t))


async def forget(tap: CallbackQuery, bot: Bot, person: Known, t: Translator, privacy: Privacy) -> None:
    await privacy.forget(person.id)
    await replace(tap, bot, forgotten_view(t))


async def stay(
    tap: CallbackQuery, bot: Bot, person: Known, t: Translator, questionnaires: Questionnaires
) -> None:
    await replace(tap, bot, screen_view(await questionnaires.current(person), t))

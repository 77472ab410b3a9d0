"""/notifications, and the buttons that begin and end what comes by itself."""

from aiogram import Bot, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.screen import replace, send
from bot.texts import Translator
from bot.views.callbacks import NotifyAskTap, NotifyBackTap, NotifyTap, SubscribeTap
from bot.views.questionnaire import screen_view
from bot.views.shortlist import shortlist_view
from bot.views.subscriptions import answers_first, choice_view, subscriptions_view
from usecases.people import Known
from usecases.questionnaires import Questionnaires
from usecases.shortlists import Shortlists
from usecases.subscriptions import Subscriptions


def router() -> Router:
    """What a student agrees to get without asking."""
    routes = Router(name="subscriptions")
    routes.message(Command("notifications"))(show)
    routes.callback_query(NotifyTap.filter())(change)
    routes.callback_query(NotifyAskTap.filter())(ask)
    routes.callback_query(NotifyBackTap.filter())(show_again)
    routes.callback_query(SubscribeTap.filter())(subscribe)
    return routes


async def show(
    message: Message,
    person: Known,
    t: Translator,
    subscriptions: Subscriptions,
    questionnaires: Questionnaires,
) -> None:
    screen = await subscriptions.current(person.id)
    if screen is None:
        await send(message, answers_first(screen_view(await questionnaires.current(person), t), t))
    else:
        await send(message, subscriptions_view(screen, t))


async def change(
    tap: CallbackQuery,
    callback_data: NotifyTap,
    bot: Bot,
    person: Known,
    t: Translator,
    subscriptions: Subscriptions,
) -> None:
    screen = await subscriptions.set(person.id, callback_data.name, callback_data.value)
    await replace(tap, bot, subscriptions_view(screen, t, t.plain("toast-notifications")))


async def show_again(
    tap: CallbackQuery, bot: Bot, person: Known, t: Translator, subscriptions: Subscriptions
) -> None:
    await replace(tap, bot, subscriptions_view(await subscriptions.still(person.id), t))


async def ask(
    tap: CallbackQuery,
    callback_data: NotifyAskTap,
    bot: Bot,
    person: Known,
    t: Translator,
    subscriptions: Subscriptions,
) -> None:
    await replace(tap, bot, choice_view(await subscriptions.still(person.id), callback_data.name, t))


async def subscribe(
    tap: CallbackQuery,
    callback_data: SubscribeTap,
    bot: Bot,
    person: Known,
    t: Translator,
    subscriptions: Subscriptions,
    shortlists: Shortlists,
) -> None:
    """Under a list: it is drawn again, with the way back in place of the button."""
    await subscriptions.set(person.id, callback_data.name, callback_data.on)
    screen = await shortlists.again(person.id, callback_data.search)
    off = t.plain(f"toast-unsubscribed-{callback_data.name}")
    toast = t.plain("toast-subscribed") if callback_data.on else off
    await replace(tap, bot, shortlist_view(screen, t, toast))

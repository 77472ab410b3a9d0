"""/notifications: what comes by itself, and when."""

from dataclasses import replace
from typing import Literal

from aiogram.types import InlineKeyboardButton

from bot.texts import Translator
from bot.views import mentor as words
from bot.views.callbacks import NotifyAskTap, NotifyBackTap, NotifyTap
from bot.views.view import Row, View, button, in_rows, keyboard, paragraphs
from usecases.subscriptions import HOURS, WEEKDAYS, SubscriptionScreen

_HOURS_IN_A_ROW = 5


def subscriptions_view(screen: SubscriptionScreen, t: Translator, toast: str | None = None) -> View:
    """Both switches, and the digest's day and hour while it is on."""
    text = paragraphs(
        t("notifications-title"),
        t("notifications-newcomers-on" if screen.newcomers else "notifications-newcomers-off"),
        _digest(screen, t),
        None if screen.has_shortlist else t("notifications-no-answers"),
    )
    newcomers = "button-newcomers-off" if screen.newcomers else "button-newcomers-on"
    digest = "button-digest-off" if screen.digest else "button-digest-on"
    rows: list[Row] = [
        [button(t.plain(newcomers), NotifyTap(name="newcomers", value=int(not screen.newcomers)))],
        [button(t.plain(digest), NotifyTap(name="digest", value=int(not screen.digest)))],
    ]
    if screen.digest:
        day = button(t.plain("button-digest-day"), NotifyAskTap(name="weekday"))
        rows.append([day, button(t.plain("button-digest-hour"), NotifyAskTap(name="hour"))])
    return View(text, keyboard(rows), toast)


def answers_first(question: View, t: Translator) -> View:
    """The first question, and why it comes in place of /notifications."""
    return replace(question, text=paragraphs(t("notifications-first"), question.text))


def choice_view(screen: SubscriptionScreen, which: Literal["weekday", "hour"], t: Translator) -> View:
    """The days of a week, or the hours of a day."""
    back: Row = [button(t.plain("button-back"), NotifyBackTap())]
    if which == "weekday":
        days = [_option(t.plain(f"weekday-{day}"), "weekday", day, screen.weekday, t) for day in WEEKDAYS]
        return View(t("notifications-ask-day"), keyboard([*in_rows(days, 2), back]))
    hours = [_option(f"{hour}:00", "hour", hour, screen.hour, t) for hour in HOURS]
    text = t("notifications-ask-hour", offset=words.offset(screen.utc_offset, t))
    return View(text, keyboard([*in_rows(hours, _HOURS_IN_A_ROW), back]))


def _digest(screen: SubscriptionScreen, t: Translator) -> str:
    if not screen.digest:
        return t("notifications-digest-off")
    return t(
        "notifications-digest-on",
        day=t.plain(f"weekday-{screen.weekday}"),
        hour=f"{screen.hour}:00",
        offset=words.offset(screen.utc_offset, t),
    )


def _option(
    label: str, name: Literal["weekday", "hour"], value: int, chosen: int, t: Translator
) -> InlineKeyboardButton:
    shown = t.plain("option-chosen", option=label) if value == chosen else label
    return button(shown, NotifyTap(name=name, value=value))

"""A month to choose a day from."""

from calendar import Calendar
from collections.abc import Callable
from datetime import date, timedelta

from aiogram.filters.callback_data import CallbackData

from bot.texts import Translator
from bot.views.view import Row, button

_MONDAYS_FIRST = Calendar(firstweekday=0)


def month_rows(
    shown: date,
    first: date,
    last: date,
    t: Translator,
    *,
    choose: Callable[[date], CallbackData],
    turn_to: Callable[[date], CallbackData],
) -> list[Row]:
    """The month of ``shown`` with the days from ``first`` to ``last`` to be chosen, and the ways to others.

    Weeks without a day to choose are left out. What is nothing to choose turns to the month that is shown:
    a button has to do something.
    """
    shown = min(max(shown, first), last).replace(day=1)
    stay = turn_to(shown)

    def is_open(day: date) -> bool:
        return day.month == shown.month and first <= day <= last

    closed = button(t.plain("calendar-closed"), stay)
    weeks = _MONDAYS_FIRST.monthdatescalendar(shown.year, shown.month)
    return [
        _head(shown, first, last, t, turn_to),
        [button(name, stay) for name in t.plain("calendar-weekdays").split()],
        *(
            [button(str(day.day), choose(day)) if is_open(day) else closed for day in week]
            for week in weeks
            if any(map(is_open, week))
        ),
    ]


def _head(
    shown: date, first: date, last: date, t: Translator, turn_to: Callable[[date], CallbackData]
) -> Row:
    before = shown - timedelta(days=1)
    # 31 days from the first of any month are within the next one.
    after = (shown + timedelta(days=31)).replace(day=1)
    title = t.plain("calendar-month", month=t.plain("month-name", month=shown.month), year=str(shown.year))
    return [
        *([button("‹", turn_to(before.replace(day=1)))] if before >= first else []),
        button(title, turn_to(shown)),
        *([button("›", turn_to(after))] if after <= last else []),
    ]

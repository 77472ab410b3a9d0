"""The demo's clock stops where something can happen."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo_clock import Later, stops
from usecases.hours import at_hour
from usecases.subscriptions import HOURS

_MOSCOW = ZoneInfo("Europe/Moscow")
_EVENING = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "days"),
    [
        (timedelta(hours=2), []),
        (timedelta(days=1), [3]),
        (timedelta(days=7), [3, 4, 5, 6, 7, 8, 9]),
        (timedelta(days=20), [22]),
        (timedelta(days=-1), []),
    ],
)
def test_a_leap_of_days_stops_thrice_a_day_and_a_longer_one_on_the_last(
    ahead: timedelta, days: list[int]
) -> None:
    found = list(stops(_EVENING, _EVENING + ahead, _MOSCOW))
    assert found == [datetime(2026, 3, day, hour, tzinfo=UTC) for day in days for hour in (9, 14, 19)]


def test_a_stop_that_is_reached_already_is_not_made_again() -> None:
    noon = datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert list(stops(noon, noon + timedelta(hours=3), _MOSCOW)) == []


@pytest.mark.parametrize("hour", HOURS)
def test_the_digest_of_every_hour_is_due_at_one_of_the_stops(hour: int) -> None:
    begun = at_hour(date(2026, 3, 3), hour, _MOSCOW)
    made = stops(begun - timedelta(days=1), begun + timedelta(days=1), _MOSCOW)
    assert any(timedelta() <= stop - begun < timedelta(hours=5) for stop in made)


async def test_what_comes_later_comes_once_as_soon_as_the_clock_is_so_far_ahead() -> None:
    came = []

    async def come() -> None:
        came.append(True)

    later = Later(timedelta(days=3), come)
    counts = []
    for hours in (0, 71, 72, 73, 0, 900):
        await later.reached(timedelta(hours=hours))
        counts.append(len(came))
    assert counts == [0, 0, 1, 1, 1, 1]

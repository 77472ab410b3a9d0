"""The demo's clock stops where something can happen."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo_clock import noons

_MOSCOW = ZoneInfo("Europe/Moscow")
_EVENING = datetime(2026, 3, 2, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "days"),
    [
        (timedelta(hours=1), []),
        (timedelta(days=1), [3]),
        (timedelta(days=7), [3, 4, 5, 6, 7, 8, 9]),
        (timedelta(days=20), [22]),
        (timedelta(days=-1), []),
    ],
)
def test_a_leap_of_days_stops_at_every_noon_and_a_longer_one_at_the_last(
    ahead: timedelta, days: list[int]
) -> None:
    stops = list(noons(_EVENING, _EVENING + ahead, _MOSCOW))
    assert stops == [datetime(2026, 3, day, 9, tzinfo=UTC) for day in days]


def test_a_noon_that_is_reached_already_is_not_stopped_at_again() -> None:
    noon = datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert list(noons(noon, noon + timedelta(hours=3), _MOSCOW)) == []

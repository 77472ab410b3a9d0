"""Days and hours of a zone, also where its clocks are put forward and back."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from usecases.hours import at_hour, first_between, is_between, latest_slot, local_day

_MOSCOW, _BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")


def test_a_day_begins_where_the_people_are() -> None:
    late = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)
    assert local_day(late, _MOSCOW) == date(2026, 3, 2)
    assert local_day(late, _BERLIN) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("day", "hour", "begins"),
    [
        (date(2026, 3, 2), 10, datetime(2026, 3, 2, 9, tzinfo=UTC)),
        # On this day the clocks go from 2 to 3: what begins at 2 begins at 3.
        (date(2026, 3, 29), 2, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (date(2026, 3, 29), 3, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # And on this one from 3 back to 2: the first of the two.
        (date(2026, 10, 25), 2, datetime(2026, 10, 25, 0, tzinfo=UTC)),
        (date(2026, 10, 25), 3, datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_an_hour_begins_once_a_day(day: date, hour: int, begins: datetime) -> None:
    assert at_hour(day, hour, _BERLIN) == begins


def test_between_ends_before_its_last_hour() -> None:
    at = datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert is_between(at, _MOSCOW, 10, 20)
    assert not is_between(at.replace(hour=6, minute=59), _MOSCOW, 10, 20)
    assert is_between(at.replace(hour=16, minute=59), _MOSCOW, 10, 20)
    assert not is_between(at.replace(hour=17), _MOSCOW, 10, 20)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        # Between 10 and 20 in Moscow, which is 7 and 17 in UTC.
        (datetime(2026, 3, 2, 7, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 2, 16, 59, tzinfo=UTC), datetime(2026, 3, 2, 16, 59, tzinfo=UTC)),
        (datetime(2026, 3, 2, 17, tzinfo=UTC), datetime(2026, 3, 3, 7, tzinfo=UTC)),
        # In Moscow it is the 3rd already.
        (datetime(2026, 3, 2, 22, tzinfo=UTC), datetime(2026, 3, 3, 7, tzinfo=UTC)),
        (datetime(2026, 3, 2, 6, 59, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
    ],
)
def test_what_is_too_early_or_too_late_waits_for_the_first_hour(at: datetime, first: datetime) -> None:
    assert first_between(at, _MOSCOW, 10, 20) == first


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        # Monday at 10 in Moscow is 7 in UTC.
        (datetime(2026, 3, 2, 7, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 2, 6, 59, tzinfo=UTC), datetime(2026, 2, 23, 7, tzinfo=UTC)),
        (datetime(2026, 3, 8, 22, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
    ],
)
def test_the_latest_slot_is_never_ahead(at: datetime, slot: datetime) -> None:
    assert latest_slot(at, _MOSCOW, 1, 10) == slot

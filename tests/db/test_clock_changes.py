"""Days on which clocks are put forward and back: nothing comes twice, or early, and nothing is left out."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.bot.mentors import nobody_waits
from tests.bot.test_activity import Market
from tests.db.readers import Readers
from tests.db.test_announcements import Channel
from usecases.activity import Activity, daily_quota

BERLIN = ZoneInfo("Europe/Berlin")
#: One of the few zones whose clocks change at an hour at which students may want something.
EASTER = ZoneInfo("Pacific/Easter")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: In Berlin the 29th of March has 23 hours, and the 25th of October 25.
CHANGES = [date(2026, 3, 29), date(2026, 10, 25)]


def half_hours(start: datetime, end: datetime) -> Iterator[datetime]:
    while start <= end:
        yield start
        start += HOUR / 2


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "begins"),
    [
        (BERLIN, date(2026, 3, 29), 8, datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (BERLIN, date(2026, 10, 25), 8, datetime(2026, 10, 25, 7, tzinfo=UTC)),
        # On this evening 21:00 comes twice: the first one counts.
        (EASTER, date(2026, 4, 4), 21, datetime(2026, 4, 5, 2, tzinfo=UTC)),
        (EASTER, date(2026, 4, 4), 22, datetime(2026, 4, 5, 4, tzinfo=UTC)),
        # And on this one it is 23:00 when it should be 22:00.
        (EASTER, date(2026, 9, 5), 21, datetime(2026, 9, 6, 3, tzinfo=UTC)),
        (EASTER, date(2026, 9, 5), 22, datetime(2026, 9, 6, 4, tzinfo=UTC)),
    ],
)
async def test_a_weekly_digest_comes_once_in_each_week_and_at_its_hour(
    engine: AsyncEngine, zone: ZoneInfo, day: date, hour: int, begins: datetime
) -> None:
    readers = Readers(engine, zone)
    await readers.subscribe(1, weekday=day.isoweekday(), hour=hour, since=begins - DAY)
    next_week = datetime.combine(day + 7 * DAY, time(hour), zone).astimezone(UTC)
    moments = [
        moment for week in (begins, next_week) for moment in half_hours(week - 3 * HOUR, week + 8 * HOUR)
    ]
    assert [each for each in moments if (await readers.tick(each)).enqueued] == [begins, next_week]
    letters = await readers.letters()
    assert [each.dedupe_key for each in letters] == [f"digest:1:{day}", f"digest:1:{day + 7 * DAY}"]
    assert all(each.expires_at >= each.due_at + HOUR for each in letters), "there is time to send it"


@pytest.mark.parametrize("day", CHANGES)
async def test_posts_come_on_these_days_as_on_any_other(engine: AsyncEngine, day: date) -> None:
    channel = Channel(engine, zone=BERLIN)
    await channel.stand(midnight(day, BERLIN))
    await channel.queue(9)
    assert await channel.through(midnight(day, BERLIN), midnight(day + 2 * DAY, BERLIN)) == [
        *(f"{day.day} {10 + number // 2}:{number % 2 * 30:02} Ментор {number + 1}" for number in range(6)),
        f"{day.day} 13:00 Ментор 7, Ментор 8, Ментор 9",
    ]


_STEPS = text("SELECT due_at FROM outbox WHERE dedupe_key LIKE 'check-in:%'")


@pytest.mark.parametrize("day", CHANGES)
async def test_mentors_are_asked_a_days_share_on_these_days_too(engine: AsyncEngine, day: date) -> None:
    market = Market(engine)
    market.activity = Activity(BERLIN, market.words, None, lambda: "token", nobody_waits)
    await market.fill(300)
    for moment in half_hours(midnight(day - DAY, BERLIN), midnight(day + 2 * DAY, BERLIN)):
        await market.tick(moment)
    async with engine.connect() as connection:
        asked = [each.astimezone(BERLIN) for each in await connection.scalars(_STEPS)]
    assert daily_quota(300, 0) == 10
    assert Counter((each.date(), each.hour) for each in asked) == {
        (on, hour): 1 for on in (day - DAY, day, day + DAY) for hour in range(10, 20)
    }

"""Ten thousand are due at once: a day's share a day, never at night, each once; and memory stays as it is."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from scheduler.pace import RATE
from scheduler.table import TABLE
from tests.bot.test_activity import Market
from tests.db.readers import Readers
from tests.e2e.faults import FULL, Figures
from usecases.activity import daily_quota
from usecases.counts import Counts

MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 3, 2, tzinfo=MOSCOW)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

MENTORS = 10_000
DAYS = 8
READERS = 10_000 if FULL else 2_000
PORTION = 500
MIB = 1 << 20
#: Far less than all of them would need, if they were kept.
GROWTH = 48 * MIB

_STEPS = text("SELECT due_at, split_part(dedupe_key, ':', 3) FROM outbox WHERE dedupe_key LIKE 'check-in:%'")
_ASKED = text("SELECT count(*), count(DISTINCT mentor_id) FROM check_ins")


async def test_ten_thousand_mentors_are_asked_a_days_share_a_day_and_never_at_night(
    engine: AsyncEngine,
) -> None:
    market = Market(engine)
    await market.fill(MENTORS)
    for hour in range(24 * DAYS):
        await market.tick(MONDAY + hour * HOUR)

    async with engine.connect() as connection:
        steps = [(at.astimezone(MOSCOW), step) for at, step in await connection.execute(_STEPS)]
        asked = (await connection.execute(_ASKED)).one()
    quota = daily_quota(MENTORS, 0)
    days = [(MONDAY + day * DAY).date() for day in range(DAYS)]
    # Those of the first day are reminded after a week.
    assert Counter((at.date(), step) for at, step in steps) == {
        **{(day, "0"): quota for day in days},
        **{(day, "1"): quota for day in days[7:]},
    }
    assert {at.hour for at, _ in steps} == set(range(10, 20))
    by_hour = Counter((at.date(), at.hour, step) for at, step in steps)
    assert max(by_hour.values()) <= quota // 10 + 1
    assert tuple(asked) == (DAYS * quota, DAYS * quota)


async def test_many_digests_of_one_hour_are_done_in_portions_each_once_and_in_time(
    engine: AsyncEngine, figures: Figures
) -> None:
    at_ten = MONDAY + 10 * HOUR
    readers = Readers(engine, MOSCOW)
    await readers.subscribe(READERS, weekday=1, hour=10, since=at_ten - DAY)
    every = timedelta(seconds=next(line.seconds for line in TABLE if line.name == "digest"))
    used, moment = [], at_ten
    while (counts := await readers.tick(moment)) != Counts():
        assert counts == Counts(matched=PORTION, enqueued=PORTION)
        used.append(psutil.Process().memory_info().rss)
        moment += every

    figures("memory that digests of one hour cost, MiB", (max(used) - used[0]) // MIB)
    assert max(used) - used[0] < GROWTH
    letters = await readers.letters()
    assert sorted(each.chat_id for each in letters) == list(range(1, READERS + 1))
    takes = timedelta(seconds=READERS / RATE)
    assert letters[-1].due_at + takes < min(each.expires_at for each in letters), "all of it arrives in time"
    assert await readers.tick(moment + HOUR) == Counts()

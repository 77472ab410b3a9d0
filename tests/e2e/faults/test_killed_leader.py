"""The leader is killed: another one ticks soon, and no tick's work is done twice."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import MentorProfile, Person
from db.queries import clock
from tests.catalogues import mentor
from tests.e2e.faults import FULL, Figures
from tests.e2e.faults.handover import HANDOVER, handed_over, ticked
from tests.e2e.faults.ledger import Ledger
from tests.e2e.faults.replicas import Replicas
from tests.e2e.faults.waiting import until

KILLS = 20 if FULL else 3
MENTORS = 600
#: Each is asked once in thirty days, spread over a day's ten hours; it is half past seven in Moscow.
ASKED_BY_SEVEN = MENTORS // 30
EVENING = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
LONG_AGO = EVENING - timedelta(days=60)


async def test_another_one_ticks_in_under_ten_seconds(
    ledger: Ledger, bots: Replicas, figures: Figures
) -> None:
    engine = ledger.engine
    first = await bots.leader()
    second = bots.start()
    await until(lambda: ticked(engine), "the first one ticks")

    await first.kill()
    handover = await handed_over(engine)
    figures("handover, s", round(handover.total_seconds(), 2))
    assert handover < HANDOVER
    await second.stop()


async def test_leaders_killed_while_they_tick_do_no_work_twice(ledger: Ledger, bots: Replicas) -> None:
    engine, random = ledger.engine, Random(20260221)
    await silent_mentors(ledger)
    for _ in range(KILLS - 1):
        # It ticks as soon as it leads: killed before that, within, or while it sends.
        replica = await bots.leader()
        await asyncio.sleep(random.uniform(0, 1))
        await replica.kill()
    replica = await bots.leader()
    await until(lambda: worked(engine), "the work is done")
    await replica.kill()
    runs = await runs_of_work(engine)
    last = await bots.leader()
    await until(lambda: worked(engine, runs + 1), "the tick comes once more")
    await ledger.settled()
    await last.stop()

    async with engine.connect() as connection:
        asked, enqueued, written = (await connection.execute(_WORK)).one()
    assert asked == enqueued == written == ASKED_BY_SEVEN
    counted = Counter(call.chat for call in ledger.arrived())
    assert len(counted) == ASKED_BY_SEVEN
    assert counted.total() - len(counted) <= KILLS


async def silent_mentors(ledger: Ledger) -> None:
    """Mentors who have not been heard of for long, on an evening when a day's share of them is asked."""
    people = ledger.people(MENTORS)
    async with ledger.engine.begin() as connection:
        await clock.stand_at(connection, EVENING)
        persons = [{"id": each, "first_name": "Mentor", "last_seen_at": LONG_AGO} for each in people]
        await connection.execute(insert(Person), persons)
        profiles = [
            mentor(number, person_id=each, created_at=LONG_AGO, confirmed_at=LONG_AGO)
            for number, each in enumerate(people)
        ]
        await connection.execute(insert(MentorProfile), profiles)


async def worked(engine: AsyncEngine, times: int = 1) -> bool:
    """Whether the tick that asks the mentors has come to its end so often."""
    return await runs_of_work(engine) >= times


async def runs_of_work(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(_RUNS)).scalar_one())


_WORK = text("""
SELECT (SELECT count(*) FROM check_ins) AS asked,
       (SELECT coalesce(sum(enqueued), 0) FROM tick_runs WHERE name = 'activity') AS enqueued,
       (SELECT count(*) FROM outbox) AS written
""")
_RUNS = text("SELECT count(*) FROM tick_runs WHERE name = 'activity' AND finished_at IS NOT NULL")

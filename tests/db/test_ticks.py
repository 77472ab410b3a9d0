"""A tick's frame: all of it or nothing, one at a time of each name, and a row for each run."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import structlog.testing
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.engine import create_engine
from db.models import TickRun
from db.queries import ticks
from scheduler.frame import error_words, run_tick
from scheduler.table import NAMES
from scheduler.table import ticks as table
from scheduler.ticks import Tick, Work
from usecases.counts import Counts

_PERSON = text("INSERT INTO people (id, first_name) VALUES (1, 'Анна')")


def tick(work: Work, name: str = "tick") -> Tick:
    return Tick(name, IntervalTrigger(seconds=3600), work, "does something")


async def runs(engine: AsyncEngine) -> Sequence[Row[Any]]:
    async with engine.connect() as connection:
        return (await connection.execute(select(*TickRun.__table__.c).order_by(TickRun.id))).all()


async def people(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return await connection.scalar(text("SELECT count(*) FROM people")) or 0


async def adds_a_person(connection: AsyncConnection) -> Counts:
    await connection.execute(_PERSON)
    return Counts(matched=3, enqueued=2, skipped=1)


async def breaks_in_the_middle(connection: AsyncConnection) -> Counts:
    await connection.execute(_PERSON)
    raise ValueError("Анна wrote a secret")


async def adds_one_twice(connection: AsyncConnection) -> Counts:
    await connection.execute(_PERSON)
    await connection.execute(_PERSON)
    return Counts()


async def test_a_run_leaves_a_row_with_what_it_came_to(engine: AsyncEngine) -> None:
    report = await run_tick(engine, tick(adds_a_person))
    assert report.counts == Counts(3, 2, 1)
    (run,) = await runs(engine)
    assert (run.name, run.matched, run.enqueued, run.skipped, run.error) == ("tick", 3, 2, 1, None)
    assert run.started_at <= run.finished_at


async def test_a_tick_that_breaks_in_the_middle_leaves_nothing_but_its_row(engine: AsyncEngine) -> None:
    report = await run_tick(engine, tick(breaks_in_the_middle))
    assert report.counts == Counts()
    assert await people(engine) == 0
    (run,) = await runs(engine)
    assert run.error == report.error
    assert run.finished_at is not None


async def test_the_next_run_does_what_a_broken_one_did_not(engine: AsyncEngine) -> None:
    await run_tick(engine, tick(breaks_in_the_middle))
    await run_tick(engine, tick(adds_a_person))
    assert await people(engine) == 1


@pytest.mark.parametrize("work", [breaks_in_the_middle, adds_one_twice])
async def test_an_error_is_told_without_what_people_wrote(engine: AsyncEngine, work: Work) -> None:
    report = await run_tick(engine, tick(work))
    assert report.error is not None
    assert work.__name__ in report.error
    assert not any(word in report.error for word in ("Анна", "secret", "(1)"))


async def test_an_error_of_the_database_names_its_code_and_constraint(engine: AsyncEngine) -> None:
    report = await run_tick(engine, tick(adds_one_twice))
    assert report.error is not None
    assert report.error.startswith("UniqueViolationError 23505 pk_people (test_ticks.py:")


def test_an_error_from_nowhere_is_told_by_its_kind() -> None:
    assert error_words(KeyError("Анна")) == "KeyError"


async def test_two_runs_of_one_tick_never_overlap(engine: AsyncEngine) -> None:
    inside: list[int] = []
    most: list[int] = []

    async def work(connection: AsyncConnection) -> Counts:
        inside.append(1)
        most.append(len(inside))
        await connection.execute(text("SELECT pg_sleep(0.05)"))
        inside.pop()
        return Counts()

    await asyncio.gather(*(run_tick(engine, tick(work)) for _ in range(4)))
    assert most == [1, 1, 1, 1]


async def test_the_second_of_two_runs_sees_what_the_first_one_did(engine: AsyncEngine) -> None:
    async def once(connection: AsyncConnection) -> Counts:
        if await connection.scalar(text("SELECT count(*) FROM people")):
            return Counts()
        await connection.execute(text("SELECT pg_sleep(0.05)"))
        return await adds_a_person(connection)

    reports = await asyncio.gather(*(run_tick(engine, tick(once)) for _ in range(3)))
    assert sum(report.counts.matched for report in reports) == 3
    assert all(report.error is None for report in reports)


async def test_different_ticks_do_not_wait_for_each_other(engine: AsyncEngine) -> None:
    met = asyncio.Barrier(2)

    async def work(connection: AsyncConnection) -> Counts:
        async with asyncio.timeout(30):
            await met.wait()
        return Counts(matched=1)

    reports = await asyncio.gather(run_tick(engine, tick(work, "one")), run_tick(engine, tick(work, "other")))
    assert [report.counts.matched for report in reports] == [1, 1]


async def test_a_run_that_is_cancelled_is_seen_as_not_finished(engine: AsyncEngine) -> None:
    begun = asyncio.Event()

    async def work(connection: AsyncConnection) -> Counts:
        await connection.execute(_PERSON)
        begun.set()
        await asyncio.Event().wait()
        return Counts()

    running = asyncio.create_task(run_tick(engine, tick(work)))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    (run,) = await runs(engine)
    assert (run.finished_at, run.error) == (None, None)
    assert await people(engine) == 0


async def test_a_run_that_another_one_keeps_waiting_gives_up_and_says_why(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticks, "LONGEST_WAIT", "20ms")
    async with engine.begin() as other:
        await ticks.lock(other, "tick")
        with structlog.testing.capture_logs() as logs:
            report = await run_tick(engine, tick(adds_a_person))
    said = "another run of this tick has not ended; the next one does what is left"
    assert (report.counts, report.error) == (Counts(), said)
    assert [(each["log_level"], each["event"]) for each in logs] == [
        ("warning", "a tick came to nothing: another run of it goes on")
    ]
    assert [run.error for run in await runs(engine)] == [said]
    assert (await run_tick(engine, tick(adds_a_person))).counts.matched == 3


async def test_a_leader_that_stands_still_within_a_tick_is_in_nobodys_way(engine: AsyncEngine) -> None:
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def stands_still(connection: AsyncConnection) -> Counts:
        await connection.execute(_PERSON)
        begun.set()
        await goes_on.wait()
        return await adds_a_person(connection)

    frozen = create_engine(engine.url, settings={"idle_in_transaction_session_timeout": "100ms"})
    standing = asyncio.create_task(run_tick(frozen, tick(stands_still)))
    await begun.wait()
    assert (await run_tick(engine, tick(adds_a_person))).error is None
    goes_on.set()
    with structlog.testing.capture_logs() as logs:
        report = await standing
    assert report.error is not None
    assert [each["log_level"] for each in logs] == ["warning"]
    assert await people(engine) == 1
    await frozen.dispose()


async def test_no_connection_of_the_program_stands_still_within_a_transaction_for_good(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        assert await connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"


async def test_the_newest_run_of_each_tick_is_found(engine: AsyncEngine) -> None:
    for name, work in (("one", breaks_in_the_middle), ("other", adds_a_person), ("one", adds_one_twice)):
        await run_tick(engine, tick(work, name))
    async with engine.connect() as connection:
        found = await ticks.latest(connection, ["other", "never", "one"])
    assert [(run.name, run.id) for run in found] == [("other", 2), ("one", 3)]


async def test_without_a_database_a_run_says_so_and_does_not_raise(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE tick_runs"))
    report = await run_tick(engine, tick(adds_a_person))
    assert report.error is not None
    assert report.error.startswith("UndefinedTableError")
    assert await people(engine) == 0


def test_every_tick_that_can_be_named_is_in_the_table() -> None:
    assert tuple(each.name for each in table(**dict.fromkeys(NAMES, adds_a_person))) == NAMES


@pytest.mark.parametrize("names", [NAMES[1:], (*NAMES, "another")])
def test_a_function_too_few_or_too_many_is_refused(names: Sequence[str]) -> None:
    with pytest.raises(ValueError, match="not the ticks of the table"):
        table(**dict.fromkeys(names, adds_a_person))

"""When ticks run: at the start, when the clock is set, one at a time, and only in the leader."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock
from scheduler.leader import Leads
from scheduler.ticks import Tick, Work
from scheduler.timetable import Timetable
from usecases.counts import Counts

_LONG = 60.0


async def leads() -> bool:
    return True


class Ran:
    """Which ticks ran, in order."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._changed = asyncio.Condition()

    def work(self, name: str) -> Work:
        async def work(connection: AsyncConnection) -> Counts:
            await self.add(name)
            return Counts()

        return work

    async def add(self, name: str) -> None:
        async with self._changed:
            self.names.append(name)
            self._changed.notify_all()

    async def until(self, count: int) -> list[str]:
        async with asyncio.timeout(_LONG), self._changed:
            await self._changed.wait_for(lambda: len(self.names) >= count)
        return self.names


def tick(name: str, work: Work, seconds: int = 3600) -> Tick:
    return Tick(name, IntervalTrigger(seconds=seconds), work, "does something")


@asynccontextmanager
async def running(
    engine: AsyncEngine, ticks: list[Tick], leads: Leads = leads, silence: float = _LONG
) -> AsyncIterator[tuple[Timetable, Callable[[], None]]]:
    timetable, stop = Timetable(engine, ticks, silence=silence), asyncio.Event()
    run = asyncio.create_task(timetable.run(stop, leads))
    try:
        yield timetable, stop.set
    finally:
        stop.set()
        async with asyncio.timeout(_LONG):
            await run


async def test_all_ticks_run_once_at_the_start_in_the_order_of_the_table(engine: AsyncEngine) -> None:
    ran = Ran()
    async with running(engine, [tick(name, ran.work(name)) for name in ("b", "a", "c")]):
        assert await ran.until(3) == ["b", "a", "c"]
    assert ran.names == ["b", "a", "c"]


async def test_all_ticks_run_again_when_the_clock_is_set(engine: AsyncEngine) -> None:
    ran = Ran()
    async with running(engine, [tick(name, ran.work(name)) for name in ("a", "b")]):
        await ran.until(2)
        async with engine.begin() as connection:
            await clock.set_ahead(connection, timedelta(days=90))
        assert await ran.until(4) == ["a", "b", "a", "b"]


async def test_a_tick_comes_again_by_its_trigger(engine: AsyncEngine) -> None:
    ran = Ran()
    async with running(engine, [tick("slow", ran.work("slow")), tick("fast", ran.work("fast"), seconds=1)]):
        assert await ran.until(3) == ["slow", "fast", "fast"]


async def test_where_triggers_do_not_come_all_ticks_run_all_the_same(engine: AsyncEngine) -> None:
    ran = Ran()
    async with running(engine, [tick(name, ran.work(name)) for name in ("a", "b")], silence=0.01):
        # Two come from the start; the others from the silence alone.
        assert set((await ran.until(8))[2:]) == {"a", "b"}


async def test_one_that_is_woken_runs_alone(engine: AsyncEngine) -> None:
    ran = Ran()
    async with running(engine, [tick(name, ran.work(name)) for name in ("a", "b")]) as (timetable, _):
        await ran.until(2)
        timetable.wake("b")
        assert await ran.until(3) == ["a", "b", "b"]


async def test_many_reasons_while_a_tick_runs_are_one_more_run(engine: AsyncEngine) -> None:
    ran, go_on = Ran(), asyncio.Event()

    async def work(connection: AsyncConnection) -> Counts:
        await ran.add("a")
        await go_on.wait()
        return Counts()

    async with running(engine, [tick("a", work), tick("last", ran.work("last"))]) as (timetable, _):
        await ran.until(1)
        for _ in range(5):
            timetable.wake("a")
        go_on.set()
        assert await ran.until(3) == ["a", "last", "a"]
        timetable.wake("last")
        assert await ran.until(4) == ["a", "last", "a", "last"]


async def test_who_does_not_lead_runs_nothing(engine: AsyncEngine) -> None:
    ran, asked = Ran(), Ran()

    async def does_not_lead() -> bool:
        await asked.add("asked")
        return False

    async with running(engine, [tick(name, ran.work(name)) for name in ("a", "b")], does_not_lead):
        await asked.until(2)
    assert ran.names == []


async def test_a_tick_that_fails_stops_neither_the_others_nor_its_own_next_run(engine: AsyncEngine) -> None:
    ran = Ran()

    async def fails(connection: AsyncConnection) -> Counts:
        await ran.add("fails")
        raise ValueError

    async with running(engine, [tick("a", fails), tick("b", ran.work("b"))]) as (timetable, _):
        await ran.until(2)
        timetable.wake()
        assert await ran.until(4) == ["fails", "b", "fails", "b"]


async def test_a_stop_lets_the_running_tick_end_and_begins_no_other(engine: AsyncEngine) -> None:
    ran, stopping = Ran(), asyncio.Event()

    async def work(connection: AsyncConnection) -> Counts:
        await ran.add("begun")
        await stopping.wait()
        await ran.add("done")
        return Counts()

    async with running(engine, [tick("a", work), tick("b", ran.work("b"))]) as (_, stop):
        await ran.until(1)
        stop()
        stopping.set()
    assert ran.names == ["begun", "done"]


async def test_a_stop_does_not_wait_for_a_tick_that_hangs(engine: AsyncEngine) -> None:
    ran = Ran()

    async def hangs(connection: AsyncConnection) -> Counts:
        await ran.add("begun")
        await asyncio.Event().wait()
        return Counts()

    async with running(engine, [tick("a", hangs)]):
        await ran.until(1)
    assert ran.names == ["begun"]

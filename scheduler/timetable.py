"""When the ticks run: by their triggers, all of them at the start, and all again when the clock is set."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from datetime import UTC
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import CLOCK_SET
from db.notifications import listen
from scheduler.frame import run_tick
from scheduler.leader import Leads
from scheduler.ticks import Tick

#: How long a running tick may take to end when told to stop; after that it is rolled back as a whole.
_GRACE = 1.0
#: Triggers go by the machine's clock. Where that is put back by an hour, they would not come for an hour.
_SILENCE = 120.0


class Timetable:
    """Runs ticks one after the other, in the order of the table.

    APScheduler says only which of them are due. Several reasons to run one are one run, and it runs again
    where a reason came up while it ran. Where no trigger came for ``silence`` seconds, all of them are due.
    """

    def __init__(self, engine: AsyncEngine, ticks: Sequence[Tick], *, silence: float = _SILENCE) -> None:
        self._engine = engine
        self._ticks = ticks
        self._silence = silence
        self._due: set[str] = set()
        self._woken = asyncio.Event()

    def wake(self, *names: str) -> None:
        """Run these ticks as soon as possible; all of them, if none is named."""
        self._due.update(names or (tick.name for tick in self._ticks))
        self._woken.set()

    async def run(self, stop: asyncio.Event, leads: Leads) -> None:
        """Tick until ``stop`` is set. ``leads`` is asked before each run: who does not lead runs nothing."""
        scheduler = self._scheduler()
        scheduler.start()
        working = asyncio.create_task(self._work(stop, leads))
        tasks = (working, asyncio.create_task(self._hear()), asyncio.create_task(stop.wait()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self._woken.set()
            await asyncio.wait((working,), timeout=_GRACE if stop.is_set() else 0)
        finally:
            scheduler.shutdown(wait=False)
            errors = await _ended(tasks)
        for error in errors:
            raise error

    def _scheduler(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            # A process that was stopped for an hour ticks once when it goes on, however late.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for tick in self._ticks:
            scheduler.add_job(self._mark, tick.trigger, args=(tick.name,), id=tick.name, name=tick.does)
        return scheduler

    async def _mark(self, name: str) -> None:
        self.wake(name)

    async def _hear(self) -> None:
        """All ticks once when listening has begun, and again whenever the clock is set."""
        async with aclosing(listen(self._engine.url, CLOCK_SET)) as settings:
            async for _ in settings:
                self.wake()

    async def _work(self, stop: asyncio.Event, leads: Leads) -> None:
        while not stop.is_set():
            await self._wait()
            for tick in self._ticks:
                if tick.name in self._due:
                    self._due.discard(tick.name)
                    await self._run(tick, stop, leads)

    async def _wait(self) -> None:
        """Until something is due."""
        try:
            async with asyncio.timeout(self._silence):
                await self._woken.wait()
        except TimeoutError:
            self.wake()
        self._woken.clear()

    async def _run(self, tick: Tick, stop: asyncio.Event, leads: Leads) -> None:
        # What is due is a row: where this process does not lead, the leader finds it.
        if not stop.is_set() and await leads():
            await run_tick(self._engine, tick)


async def _ended(tasks: Iterable[asyncio.Task[Any]]) -> list[Exception]:
    """Stop tasks; what went wrong in those that had ended by themselves."""
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    return [each for each in results if isinstance(each, Exception)]

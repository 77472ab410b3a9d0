"""The demo's time: whoever sets the local Telegram's clock forward sets the bot's forward with it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import clock, sending, ticks
from scheduler.table import NAMES
from usecases.hours import at_hour, local_day

_log = structlog.get_logger()

_BETWEEN_LOOKS = 0.1
_BETWEEN_GLANCES = 0.02
#: A stop is over when the bot has done what is due and sent it, or after so many seconds: a day is watched in
#: 0.67 s, and the channel gets a post every 3 s. One that has not gone out by evening is written anew. The
#: local Telegram waits 3 s for a day.
_LONGEST_STOP = 0.8
#: Hours of a day. Nobody is written to at night, and no hour that a student may choose is so long before one
#: of these that its digest is left out.
_STOPS = (12, 17, 22)
#: More days than these are a pause of the bot: it wakes up on the last of them.
_LIVED_THROUGH = timedelta(days=8)


@dataclass
class Later:
    """What happens once, as soon as the clock is so far ahead; ``happen`` may do it again after a restart."""

    ahead: timedelta
    happen: Callable[[], Awaitable[object]]
    has_happened: bool = False

    async def reached(self, ahead: timedelta) -> None:
        """The clock is about to stand so far ahead."""
        if ahead >= self.ahead and not self.has_happened:
            await self.happen()
            self.has_happened = True


async def follow_clock(engine: AsyncEngine, address: str, zone: ZoneInfo, later: Later) -> None:
    """Keep the bot's clock as far ahead as the local Telegram's, until cancelled."""
    known: float | None = None
    async with aiohttp.ClientSession() as session:
        tell = partial(_tell, session, address)
        while True:
            try:
                ahead = await _ahead(session, address)
                if ahead != known:
                    await _go_to(engine, timedelta(seconds=ahead), zone, later, tell)
                    await tell(ahead)
                    known = ahead
                    continue
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                _log.warning("the local Telegram's clock cannot be read", error=type(error).__name__)
            await asyncio.sleep(_BETWEEN_LOOKS)


async def _ahead(session: aiohttp.ClientSession, address: str) -> float:
    async with session.get(f"{address}/sim/clock") as answer:
        return float((await answer.json())["ahead"])


async def _tell(session: aiohttp.ClientSession, address: str, ahead: float) -> None:
    """Tell the local Telegram how far the bot has come.

    Days pass no faster then than it lives them, and what it sends is dated as it says.
    """
    async with session.post(f"{address}/sim/clock/follow", json={"ahead": ahead}):
        pass


async def _go_to(
    engine: AsyncEngine,
    ahead: timedelta,
    zone: ZoneInfo,
    later: Later,
    tell: Callable[[float], Awaitable[None]],
) -> None:
    """Set the clock, with stops on the way: at night nothing is posted and nobody asked."""
    async with engine.connect() as connection:
        at = await clock.now(connection)
        before = await clock.ahead(connection)
    for stop in stops(at, at + ahead - before, zone):
        there = before + stop - at
        await later.reached(there)
        await tell(there.total_seconds())
        await _set(engine, there)
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_STOP):
                await _ticked(engine, stop)
                await _sent(engine)
    await later.reached(ahead)
    await _set(engine, ahead)


async def _ticked(engine: AsyncEngine, since: datetime) -> None:
    """Wait until every tick has run since a moment."""
    while True:
        async with engine.connect() as connection:
            runs = await ticks.latest(connection, NAMES)
        if len(runs) == len(NAMES) and all(run.finished_at and run.started_at >= since for run in runs):
            return
        await asyncio.sleep(_BETWEEN_GLANCES)


async def _sent(engine: AsyncEngine) -> None:
    """Wait until nothing is due in the outbox."""
    while True:
        async with engine.connect() as connection:
            due = await sending.next_due(connection)
        if due is None or due > 0:
            return
        await asyncio.sleep(_BETWEEN_GLANCES)


async def _set(engine: AsyncEngine, ahead: timedelta) -> None:
    async with engine.begin() as connection:
        await clock.set_ahead(connection, ahead)


def stops(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Every stop after ``start`` and before ``end``; of a leap longer than a week or so the last day's."""
    if end - start > _LIVED_THROUGH:
        start = end - timedelta(days=1)
    day = local_day(start, zone)
    while at_hour(day, _STOPS[0], zone) < end:
        yield from (stop for hour in _STOPS if start < (stop := at_hour(day, hour, zone)) < end)
        day += timedelta(days=1)

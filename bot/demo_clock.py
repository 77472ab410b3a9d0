"""The demo's time: whoever sets the local Telegram's clock forward sets the bot's forward with it."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import clock
from usecases.hours import at_hour, local_day

_log = structlog.get_logger()

_BETWEEN_LOOKS = 0.25
#: How long the bot gets for what is due at one of the moments on the way.
_AT_NOON = 0.4
_NOON = 12
#: More days than these are a pause of the bot: it wakes up on the last of them.
_LIVED_THROUGH = timedelta(days=8)


async def follow_clock(engine: AsyncEngine, address: str, zone: ZoneInfo) -> None:
    """Keep the bot's clock as far ahead as the local Telegram's, until cancelled."""
    known: timedelta | None = None
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                ahead = await _ahead(session, address)
                if ahead != known:
                    await _go_to(engine, ahead, zone)
                    known = ahead
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                _log.warning("the local Telegram's clock cannot be read", error=type(error).__name__)
            await asyncio.sleep(_BETWEEN_LOOKS)


async def _ahead(session: aiohttp.ClientSession, address: str) -> timedelta:
    async with session.get(f"{address}/sim/clock") as answer:
        return timedelta(seconds=float((await answer.json())["ahead"]))


async def _go_to(engine: AsyncEngine, ahead: timedelta, zone: ZoneInfo) -> None:
    """Set the clock, with a stop at each noon on the way: at night nothing is posted and nobody asked."""
    async with engine.connect() as connection:
        at = await clock.now(connection)
        before = await clock.ahead(connection)
    for noon in noons(at, at + ahead - before, zone):
        await _set(engine, before + noon - at)
        await asyncio.sleep(_AT_NOON)
    await _set(engine, ahead)


async def _set(engine: AsyncEngine, ahead: timedelta) -> None:
    async with engine.begin() as connection:
        await clock.set_ahead(connection, ahead)


def noons(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Every noon after ``start`` and before ``end``; of a leap longer than a week or so the last alone."""
    if end - start > _LIVED_THROUGH:
        start = end - timedelta(days=1)
    day = local_day(start, zone)
    while (noon := at_hour(day, _NOON, zone)) < end:
        if noon > start:
            yield noon
        day += timedelta(days=1)

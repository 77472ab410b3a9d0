"""The time that counts: the database's, with what was added to it. No process asks its own machine."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Clock


async def now(connection: AsyncConnection) -> datetime:
    """The time of the running transaction: it stands still until the transaction ends."""
    result = await connection.execute(select(func.clock_now()))
    at: datetime = result.scalar_one()
    return at


async def ahead(connection: AsyncConnection) -> timedelta:
    """How far the time runs ahead of the database's own."""
    result = await connection.execute(select(Clock.ahead))
    return result.scalar_one()


async def set_ahead(connection: AsyncConnection, ahead: timedelta) -> None:
    """Let the time run so far ahead of the database's own."""
    await connection.execute(update(Clock).values(ahead=ahead))


async def stand_at(connection: AsyncConnection, at: datetime) -> None:
    """Stop the time at a moment."""
    await connection.execute(update(Clock).values(stands_at=at, ahead=timedelta()))

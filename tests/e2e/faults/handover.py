"""How long nobody ticked: by the database's clock."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.e2e.faults.waiting import until

HANDOVER = timedelta(seconds=10)

_SINCE = "FROM tick_runs WHERE started_at > coalesce(:at, '-infinity'::timestamptz)"
_ENDED = text(f"SELECT EXISTS (SELECT {_SINCE} AND finished_at IS NOT NULL)")
_FIRST = text(f"SELECT min(finished_at) - :at {_SINCE}")


async def handed_over(engine: AsyncEngine) -> timedelta:
    """Returns when somebody ticks who was not the leader up to now: how long that took."""
    async with engine.connect() as connection:
        at: datetime = (await connection.execute(text("SELECT clock_now()"))).scalar_one()
    await until(lambda: ticked(engine, at), "another one ticks")
    async with engine.connect() as connection:
        took: timedelta = (await connection.execute(_FIRST, {"at": at})).scalar_one()
    return took


async def ticked(engine: AsyncEngine, after: datetime | None = None) -> bool:
    """Whether some tick has begun since then and come to its end."""
    async with engine.connect() as connection:
        return bool((await connection.execute(_ENDED, {"at": after})).scalar_one())

"""Runs of the clock's ticks: one at a time of each name, each with a row."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import TickRun

#: The first half of the advisory lock's key; the second is made of the tick's name.
LOCK_CLASS = 7_301

#: A run that cannot go on for so long gives up as a whole, and the next one does it: all other ticks wait.
LONGEST_WAIT = "10s"

# The transaction's own time stands still: what has passed since is added.
_FINISHED = text("clock_now() + (clock_timestamp() - now())")


class StillRunningError(Exception):
    """Another run of this tick has not ended."""

    def __str__(self) -> str:
        return "another run of this tick has not ended; the next one does what is left"


_LATEST = text("""
SELECT run.* FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS wanted(name, place)
CROSS JOIN LATERAL (
    SELECT * FROM tick_runs WHERE tick_runs.name = wanted.name ORDER BY id DESC LIMIT 1
) AS run
ORDER BY wanted.place
""")


async def begin(connection: AsyncConnection, name: str) -> int:
    """Note that a tick begins; the id of its run."""
    result = await connection.execute(insert(TickRun).values(name=name).returning(TickRun.id))
    return result.scalar_one()


async def lock(connection: AsyncConnection, name: str) -> None:
    """Be the only run of this name until the transaction ends; another one is waited for, but not for long.

    Raises:
        StillRunningError: the other one did not end.
    """
    await connection.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'"))
    try:
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(:class, hashtext(:name))"), {"class": LOCK_CLASS, "name": name}
        )
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == asyncpg.LockNotAvailableError.sqlstate:
            raise StillRunningError from error
        raise


async def finish(
    connection: AsyncConnection, run_id: int, *, matched: int, enqueued: int, skipped: int
) -> None:
    """Note what a run came to, in the transaction that does it."""
    await connection.execute(
        update(TickRun)
        .where(TickRun.id == run_id)
        .values(finished_at=_FINISHED, matched=matched, enqueued=enqueued, skipped=skipped)
    )


async def fail(connection: AsyncConnection, run_id: int, error: str) -> None:
    """Note why a run came to nothing."""
    await connection.execute(
        update(TickRun).where(TickRun.id == run_id).values(finished_at=_FINISHED, error=error)
    )


async def latest(connection: AsyncConnection, names: Collection[str]) -> Sequence[Row[Any]]:
    """The newest run of each of these names, in their order; without those that never ran."""
    return (await connection.execute(_LATEST, {"names": list(names)})).all()


async def has_worked_since(connection: AsyncConnection, name: str, since: datetime) -> bool:
    """Whether a run of this tick since then found something to do, and did it."""
    found = select(TickRun.id).where(
        TickRun.name == name,
        TickRun.started_at >= since,
        TickRun.finished_at.is_not(None),
        TickRun.error.is_(None),
        TickRun.matched > 0,
    )
    return bool(await connection.scalar(select(found.exists())))

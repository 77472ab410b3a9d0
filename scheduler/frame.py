"""One run of a tick: one at a time of each name, all or nothing, and a row that tells what it came to."""

import traceback
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from db.errors import is_passing
from db.queries import ticks
from db.queries.ticks import StillRunningError
from scheduler.ticks import Tick
from usecases.counts import Counts

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a run came to; with an ``error`` nothing of it is left, and the next one does it."""

    name: str
    counts: Counts
    error: str | None = None


async def run_tick(engine: AsyncEngine, tick: Tick) -> TickReport:
    """Run a tick in a transaction of its own, after any other run of the same name.

    The row of the run is begun in a transaction before, so that a run that was killed is seen, and finished
    together with the work. Whatever goes wrong is told, not raised.
    """
    run_id = None
    try:
        async with engine.begin() as connection:
            run_id = await ticks.begin(connection, tick.name)
        return TickReport(tick.name, await _worked(engine, tick, run_id))
    except Exception as error:
        words = error_words(error)
        if isinstance(error, StillRunningError):
            _log.warning("a tick came to nothing: another run of it goes on", tick=tick.name)
        elif is_passing(error):
            _log.warning("a tick came to nothing: the database is away", tick=tick.name, error=words)
        else:
            _log.exception("a tick came to nothing", tick=tick.name)
        if run_id is not None:
            await _note(engine, run_id, words)
        return TickReport(tick.name, Counts(), words)


async def _worked(engine: AsyncEngine, tick: Tick, run_id: int) -> Counts:
    async with engine.begin() as connection:
        # A run by hand and the leader's: the second waits, and then finds done what the first one did.
        await ticks.lock(connection, tick.name)
        counts = await tick.work(connection)
        await ticks.finish(
            connection, run_id, matched=counts.matched, enqueued=counts.enqueued, skipped=counts.skipped
        )
    return counts


async def _note(engine: AsyncEngine, run_id: int, words: str) -> None:
    try:
        async with engine.begin() as connection:
            await ticks.fail(connection, run_id, words)
    except (OSError, DBAPIError):
        # The row stays begun and not finished, which tells as much.
        _log.warning("the database does not take what became of a tick", error=words)


def error_words(error: Exception) -> str:
    """What kind of error it was and where in our code: no message, which may hold what people wrote."""
    if isinstance(error, StillRunningError):
        return str(error)
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
    told = (type(cause).__name__, getattr(cause, "sqlstate", None), getattr(cause, "constraint_name", None))
    return " ".join(str(each) for each in (*told, _where(error)) if each)


def _where(error: Exception) -> str:
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename and not frame.filename.startswith("<")
    ]
    if not frames:
        return ""
    newest = frames[-1]
    return f"({Path(newest.filename).name}:{newest.lineno}, {newest.name})"

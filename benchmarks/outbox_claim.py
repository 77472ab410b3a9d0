"""How long a claim takes with 1,000 to 1,000,000 messages waiting, and by what the database finds the rows.

Each claim is rolled back, so that all find the same. ``behind … of one chat``: thousands that are due before
all others are for a chat that may not be written to now. They are put off bit by bit, once; so it is all the
claims until something can be sent.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from statistics import median
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from benchmarks.crowded_telegram import FIRST_PERSON
from benchmarks.outbox_stage import fill
from benchmarks.stage import migrated, postgres
from db.queries.sending import _PLAN_BY_INDEX as PLAN_BY_INDEX
from db.queries.sending import CLAIM, claim

_SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
_PEOPLE: Final = 50_000
_CLAIMS: Final = 60
_MOST: Final = 25
_CROWDED: Final = 3
_IN_FRONT: Final = 5_000
_CLAIM: Final[dict[str, Any]] = {
    "name": "bench",
    "lease": timedelta(seconds=30),
    "most": _MOST,
    "gap": timedelta(seconds=1),
    "window": 256,
}


def main() -> None:
    """Measure and print the table."""
    with postgres() as server:
        rows = asyncio.run(_measured(server))
    table = Table(
        title=f"A claim of {_MOST} messages, ms; median of {_CLAIMS}",
        caption="Read by: the indexes in the plan; a Seq Scan would be named.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("waiting", justify="right")
    for column in ("median", "95 %", f"behind {_IN_FRONT:,} of one chat", "read by"):
        table.add_column(column, justify="left" if column == "read by" else "right")
    for waiting, usual, crowded, nodes in rows:
        late = sorted(usual)[int(len(usual) * 0.95)]
        figures = [f"{found * 1000:.1f}" for found in (median(usual), late, median(crowded))]
        table.add_row(f"{waiting:,}", *figures, "\n".join(nodes))
    Console().print(table)


async def _measured(server: URL) -> list[tuple[int, list[float], list[float], list[str]]]:
    engine = await migrated(server, "claim")
    found = []
    waiting = 0
    for size in _SIZES:
        await fill(engine, size - waiting, people=_PEOPLE)
        waiting = size
        usual = await _timed(engine, _CLAIMS)
        nodes = await _nodes(engine)
        found.append((size, usual, await _crowded(engine), nodes))
    await engine.dispose()
    return found


async def _crowded(engine: AsyncEngine) -> list[float]:
    """With so many more in front, all for one chat that rests."""
    await fill(engine, _IN_FRONT, people=1, since="epoch")
    found = await _timed(engine, _CROWDED, [FIRST_PERSON])
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM outbox WHERE due_at = 'epoch'"))
    return found


async def _timed(engine: AsyncEngine, times: int, resting: Sequence[int] = ()) -> list[float]:
    seconds = []
    for _ in range(times + 1):
        async with _rolled_back(engine) as connection:
            start = time.perf_counter()
            while not (await claim(connection, **_CLAIM, resting=resting)).rows:
                assert resting
            seconds.append(time.perf_counter() - start)
    # The first one also reads the table into memory.
    return seconds[1:]


async def _nodes(engine: AsyncEngine) -> list[str]:
    """The indexes by which the plan reads the outbox, or how else it does."""
    async with _rolled_back(engine) as connection:
        await connection.execute(PLAN_BY_INDEX)
        explain = text(f"EXPLAIN (FORMAT JSON) {CLAIM.text}")
        [plan] = (await connection.execute(explain, _CLAIM | {"resting": []})).scalar_one()
    return sorted({str(node.get("Index Name", node["Node Type"])) for node in _all(plan["Plan"])})


def _all(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes that read the outbox."""
    if node.get("Relation Name") == "outbox" and "Scan" in node["Node Type"]:
        yield node
    for below in node.get("Plans", ()):
        yield from _all(below)


@asynccontextmanager
async def _rolled_back(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        yield connection
        await connection.rollback()


if __name__ == "__main__":
    main()

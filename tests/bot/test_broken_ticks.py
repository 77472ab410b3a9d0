"""A tick raises in its middle, wherever that is: nothing of it is left, and the next one does all of it."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import structlog.testing
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.models import Base
from db.queries import clock
from scheduler.frame import run_tick
from scheduler.ticks import Tick
from tests.bot.due import MONDAY_AT_TEN, WRITING, due_on_monday
from tests.bot.world import World
from usecases.counts import Counts

_ALL_BUT_RUNS = text(
    " UNION ALL ".join(
        f"SELECT '{table.name}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table.name} t"  # noqa: S608 - our own names
        for table in Base.metadata.sorted_tables
        if table.name != "tick_runs"
    )
)
_RUNS = text("SELECT error FROM tick_runs WHERE name = :name ORDER BY id")


class BrokenError(Exception):
    """Pulled out."""


def breaking(tick: Tick, place: int) -> Tick:
    """The same tick, whose transaction breaks at its statement number ``place``."""

    async def work(connection: AsyncConnection) -> Counts:
        places = count(1)

        def pull(*_: Any) -> None:
            if next(places) == place:
                raise BrokenError

        event.listen(connection.sync_connection, "before_cursor_execute", pull)
        return await tick.work(connection)

    return replace(tick, work=work)


async def stored(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    """All there is, but the runs of ticks."""
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(_ALL_BUT_RUNS)]


async def errors(engine: AsyncEngine, name: str) -> list[str | None]:
    """What became of the runs of a tick."""
    async with engine.connect() as connection:
        return list(await connection.scalars(_RUNS, {"name": name}))


@pytest.mark.parametrize("name", WRITING)
async def test_wherever_a_tick_breaks_nothing_of_it_is_left_and_the_next_one_does_it(
    world: World, engine: AsyncEngine, name: str
) -> None:
    await due_on_monday(world)
    async with engine.begin() as connection:
        await clock.stand_at(connection, MONDAY_AT_TEN)
    if name == "newcomers":
        await world.tick("announcements")
    tick = next(tick for tick in world.app.ticks if tick.name == name)
    before = await stored(engine)
    for place in count(1):
        with structlog.testing.capture_logs():
            report = await run_tick(engine, breaking(tick, place))
        if report.error is None:
            break
        assert report.error.startswith("BrokenError")
        assert await stored(engine) == before, f"at its statement {place}"
    broken, last = (await errors(engine, name))[:-1], (await errors(engine, name))[-1]
    assert len(broken) > 2, "it was broken before, between and after what it writes"
    assert None not in broken
    assert last is None
    assert report.counts.enqueued == 1
    assert await world.deliver() == (2 if name == "newcomers" else 1)
    assert (await world.tick(name)).enqueued == 0

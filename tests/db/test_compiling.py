"""The snapshot follows the catalogue: a burst of changes is one compile, and nothing is missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest
import structlog.testing
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.compiling import compile_first, follow, keep_up
from db.models import MENTORS_CHANGED, MentorProfile
from db.notifications import listen
from recommender.snapshot import Snapshot
from recommender.taxonomy import load_default
from tests.catalogues import fill, varied
from usecases.catalogue import Catalogue


class Counted(Catalogue):
    """Counts its compiles."""

    compiled = 0
    broken: Exception | None = None

    async def refresh(self) -> Snapshot:
        if self.broken:
            raise self.broken
        found = await super().refresh()
        self.compiled += 1
        return found


class Pause:
    """A sleep that ends when a test says so."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[float] = asyncio.Queue()
        self.over: asyncio.Queue[None] = asyncio.Queue()

    async def __call__(self, seconds: float) -> None:
        self.asked.put_nowait(seconds)
        await self.over.get()

    async def begun(self) -> float:
        """Until it is slept."""
        async with asyncio.timeout(60):
            return await self.asked.get()

    def end(self) -> None:
        self.over.put_nowait(None)


@asynccontextmanager
async def followed(engine: AsyncEngine) -> AsyncIterator[tuple[Counted, Pause]]:
    await fill(engine, varied(4))
    catalogue, pause = Counted(engine, load_default()), Pause()
    async with aclosing(listen(engine.url, MENTORS_CHANGED)) as changes:
        await compile_first(catalogue, changes)
        following = asyncio.create_task(follow(catalogue, changes, sleep=pause))
        try:
            yield catalogue, pause
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def change(engine: AsyncEngine, price: int) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(MentorProfile).values(price=price))


async def heard(engine: AsyncEngine) -> None:
    """Until all that has been said so far has reached every listener: notifications come in order."""
    async with aclosing(listen(engine.url, "probe")) as probe:
        async with asyncio.timeout(60):
            await anext(probe)
            async with engine.begin() as connection:
                await connection.execute(text("NOTIFY probe"))
            await anext(probe)


async def test_a_burst_of_changes_is_one_compile_after_five_seconds(engine: AsyncEngine) -> None:
    async with followed(engine) as (catalogue, pause):
        assert catalogue.compiled == 1
        await change(engine, 1)
        assert await pause.begun() == 5.0
        assert catalogue.compiled == 2
        for price in range(2, 22):
            await change(engine, price)
        await heard(engine)
        assert catalogue.compiled == 2
        pause.end()
        await pause.begun()
        assert catalogue.compiled == 3
        prices = catalogue.snapshot.version
        pause.end()
        await change(engine, 21)
        await pause.begun()
        assert (catalogue.compiled, catalogue.snapshot.version) == (4, prices)


async def test_one_import_of_many_is_one_compile(engine: AsyncEngine) -> None:
    async with followed(engine) as (catalogue, pause):
        await fill(engine, [row | {"external_id": f"new {row['external_id']}"} for row in varied(40)])
        await pause.begun()
        assert (catalogue.compiled, len(catalogue.snapshot)) == (2, 44)


@pytest.mark.parametrize(
    ("error", "level", "has_traceback"),
    [(ConnectionResetError(), "warning", False), (ValueError("a fault of ours"), "error", True)],
)
async def test_a_compile_that_fails_is_made_up_for_at_the_next_change(
    engine: AsyncEngine, error: Exception, level: str, has_traceback: bool
) -> None:
    async with followed(engine) as (catalogue, pause):
        catalogue.broken = error
        with structlog.testing.capture_logs() as logs:
            await change(engine, 1)
            await pause.begun()
        assert [(each["log_level"], "exc_info" in each) for each in logs] == [(level, has_traceback)]
        assert catalogue.compiled == 1
        catalogue.broken = None
        pause.end()
        await change(engine, 2)
        await pause.begun()
        assert catalogue.compiled == 2


async def test_without_a_change_it_is_compiled_every_six_hours(engine: AsyncEngine) -> None:
    catalogue, pause = Counted(engine, load_default()), Pause()
    keeping = asyncio.create_task(keep_up(catalogue, sleep=pause))
    assert await pause.begun() == 6 * 3600
    assert catalogue.compiled == 0
    pause.end()
    await pause.begun()
    assert catalogue.compiled == 1
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)

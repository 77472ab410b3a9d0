"""Who leads: one at a time, and another one as soon as the first is gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from db.lock import is_held, leader_lock
from scheduler.leader import Leader, Leads


class Replica:
    """A process that would lead, and what it knows of it."""

    def __init__(self, url: URL, *, error: Exception | None = None, again: float = 0.05) -> None:
        self.leader = Leader(url, beat=0.02, again=again)
        self.stop = asyncio.Event()
        self.began = asyncio.Event()
        self.ended = asyncio.Event()
        #: What its work waits for before it ends.
        self.may_end = asyncio.Event()
        self.may_end.set()
        self._error = error

    async def run(self) -> None:
        await self.leader.run(self.stop, self._work)

    async def _work(self, stop: asyncio.Event, leads: Leads) -> None:
        assert await leads()
        self.began.set()
        if self._error:
            raise self._error
        await stop.wait()
        await self.may_end.wait()
        self.ended.set()


@asynccontextmanager
async def running(*replicas: Replica) -> AsyncIterator[None]:
    """All of them at once, stopped in the end."""
    tasks = [asyncio.create_task(replica.run()) for replica in replicas]
    try:
        yield
    finally:
        for replica in replicas:
            replica.stop.set()
        await asyncio.gather(*tasks)


async def cut(engine: AsyncEngine) -> None:
    """End every connection to this database but the one that asks."""
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


async def set_soon(event: asyncio.Event) -> bool:
    """Whether an event comes within a few rounds of standing by."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), 0.2)
    return event.is_set()


async def led(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return await is_held(connection)


async def test_one_leads_the_other_stands_by_and_takes_over(database: URL, engine: AsyncEngine) -> None:
    first, second = Replica(database), Replica(database)
    assert not await led(engine)
    async with running(first):
        await first.began.wait()
        assert await led(engine)
        async with running(second):
            assert not await set_soon(second.began)
            assert not await second.leader.leads()
            first.stop.set()
            await second.began.wait()
            assert first.ended.is_set()
            assert not await first.leader.leads()
    assert not await led(engine)


async def test_who_stands_by_hears_when_the_leader_goes(database: URL) -> None:
    first, second = Replica(database), Replica(database, again=3600)
    async with running(first):
        await first.began.wait()
        async with running(second):
            assert not await set_soon(second.began)
            first.stop.set()
            await second.began.wait()


async def test_nobody_begins_before_the_one_before_has_ended(database: URL) -> None:
    first, second = Replica(database), Replica(database)
    first.may_end.clear()
    async with running(first):
        await first.began.wait()
        async with running(second):
            first.stop.set()
            assert not await set_soon(second.began)
            first.may_end.set()
            await second.began.wait()


async def test_a_lost_connection_is_a_lost_lock(database: URL, engine: AsyncEngine) -> None:
    replica = Replica(database)
    async with running(replica):
        await replica.began.wait()
        assert await replica.leader.leads()
        replica.may_end.clear()
        replica.began.clear()
        await cut(engine)
        assert not await replica.leader.leads()
        replica.may_end.set()
        await replica.ended.wait()
        await replica.began.wait()
        assert await replica.leader.leads()


async def test_the_server_frees_the_lock_of_a_leader_that_hangs(database: URL, engine: AsyncEngine) -> None:
    replica = Replica(database)
    async with leader_lock(database, idle=0.3, patience=1) as hanging:
        assert await hanging.take()
        async with running(replica):
            await replica.began.wait()
            assert not await hanging.held()


async def test_what_breaks_under_leadership_comes_out_and_frees_the_lock(
    database: URL, engine: AsyncEngine
) -> None:
    replica = Replica(database, error=RuntimeError("a fault of ours"))
    with pytest.raises(RuntimeError, match="a fault of ours"):
        await replica.run()
    assert not await led(engine)


async def test_a_database_that_is_away_for_a_moment_is_waited_for(database: URL) -> None:
    replica = Replica(database, error=ConnectionError("away"))
    async with running(replica):
        await replica.began.wait()
        replica.began.clear()
        await replica.began.wait()

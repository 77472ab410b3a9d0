"""LISTEN for as long as somebody iterates."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import MENTORS_CHANGED
from db.notifications import listen
from db.queries import clock
from tests.catalogues import fill, varied


async def cut_listeners(engine: AsyncEngine) -> None:
    """End every connection to this database but the one that asks."""
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


async def test_a_change_of_mentors_is_heard_once_for_a_burst(database: URL, engine: AsyncEngine) -> None:
    async with aclosing(listen(database, MENTORS_CHANGED)) as changes:
        await anext(changes)
        await fill(engine, varied(3))
        await anext(changes)
        waiting = asyncio.ensure_future(anext(changes))
        _, still = await asyncio.wait([waiting], timeout=0.05)
        assert still
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_another_time_is_a_change_of_mentors_too(database: URL, engine: AsyncEngine) -> None:
    async with aclosing(listen(database, MENTORS_CHANGED)) as changes:
        await anext(changes)
        async with engine.begin() as connection:
            await clock.set_ahead(connection, timedelta(days=90))
        await anext(changes)


async def test_a_lost_connection_is_made_again_and_speaks_up(database: URL, engine: AsyncEngine) -> None:
    async with aclosing(listen(database, MENTORS_CHANGED, pause=0)) as changes:
        await anext(changes)
        await cut_listeners(engine)
        await anext(changes)
        await fill(engine, varied(1))
        await anext(changes)

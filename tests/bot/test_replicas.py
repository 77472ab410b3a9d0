"""Several processes over one database: one of them polls, and what one is told all obey."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.run import serve
from bot.settings import Settings
from db.engine import create_engine
from db.lock import is_held
from sandbox.client import SimClient
from sandbox.server import LocalTelegram
from tests.catalogues import fill, varied

TOKEN = "42:test"


@dataclass
class Replica:
    """One process's bot, but for the process."""

    url: URL
    telegram: str
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        settings = Settings(bot_token=SecretStr(TOKEN), telegram_api_base=self.telegram)
        engine = create_engine(self.url)
        await serve(settings, engine, on_ready=self.ready.set, stop=self.stop)
        await engine.dispose()


@asynccontextmanager
async def running(replica: Replica) -> AsyncIterator[None]:
    task = asyncio.create_task(replica.run())
    try:
        ready = asyncio.ensure_future(replica.ready.wait())
        await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
        assert replica.ready.is_set()
        yield
    finally:
        replica.stop.set()
        await task


@pytest.fixture
async def telegram(engine: AsyncEngine) -> AsyncIterator[LocalTelegram]:
    await fill(engine, varied(24))
    async with LocalTelegram(TOKEN) as local:
        yield local


async def test_one_polls_the_other_stands_by_and_takes_over(
    database: URL, engine: AsyncEngine, telegram: LocalTelegram
) -> None:
    first, second = Replica(database, telegram.url), Replica(database, telegram.url)
    telegram.person(1003)
    async with SimClient(telegram.url) as client, running(first):
        await answered(client, 1001)
        async with running(second):
            await answered(client, 1002)
            polls = await client.calls(method="getUpdates")
            assert [poll for poll in polls if poll["status"] == 409] == [], "two polled at once"
            first.stop.set()
            await answered(client, 1003)
            async with engine.connect() as connection:
                assert await is_held(connection)
    assert len(telegram.updates) == 0


async def answered(client: SimClient, person: int) -> None:
    sent = await client.send_text(person, "/start")
    await client.wait_for_message(person, after=sent.event, timeout=20)

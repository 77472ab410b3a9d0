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
from tests.bot.test_replies import rows
from tests.catalogues import fill, varied
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import People
from usecases.replies import Replies

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


async def test_the_leader_delivers_and_then_the_one_who_takes_over(
    database: URL, engine: AsyncEngine, telegram: LocalTelegram
) -> None:
    first, second = Replica(database, telegram.url), Replica(database, telegram.url)
    async with SimClient(telegram.url) as client, running(first):
        await answered(client, 1001)
        await letter(engine, "first")
        await client.wait_for_message(1001, lambda message: message.text == "first", timeout=20)
        async with running(second):
            await letter(engine, "second")
            await client.wait_for_message(1001, lambda message: message.text == "second", timeout=20)
            first.stop.set()
            await letter(engine, "third")
            await client.wait_for_message(1001, lambda message: message.text == "third", timeout=20)
        texts = [message.text for message in await client.transcript(1001)]
        assert texts[-3:] == ["first", "second", "third"]
        assert len(texts) == 5, "and nothing twice"


async def test_what_telegram_tells_one_replica_to_wait_holds_for_the_other(
    database: URL, engine: AsyncEngine, telegram: LocalTelegram
) -> None:
    elsewhere = Replies(engine, People(engine, lambda: 0.0))
    async with SimClient(telegram.url) as client, running(Replica(database, telegram.url)):
        # It may not listen yet when this is told for the first time.
        while not await rows(engine):
            await elsewhere.told_to_wait(0.5)
            await answered(client, 1001)
        [kept, *_] = await rows(engine)
        assert (kept.chat_id, kept.priority, kept.dedupe_key.split(":")[0]) == (1001, 0, "reply")


async def letter(engine: AsyncEngine, words: str) -> None:
    wording = Wording(text=words)
    async with engine.begin() as connection:
        await post(
            connection,
            [Letter(chat_id=1001, dedupe_key=words, priority=Priority.REMINDER, wording=wording)],
        )


async def answered(client: SimClient, person: int) -> None:
    sent = await client.send_text(person, "/start")
    await client.wait_for_message(person, after=sent.event, timeout=20)

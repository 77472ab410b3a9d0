"""PostgreSQL crashes under the sender: it goes on by itself, and nothing is lost or doubled."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from migrations.upgrade import ensure_database, upgrade
from sandbox.server import LocalTelegram
from tests.e2e.faults import FULL
from tests.e2e.faults.crashing_server import CrashingServer, crashing_server
from tests.e2e.faults.ledger import Ledger
from tests.e2e.faults.replicas import Replicas, replicas

CRASHES = 3
LETTERS, POSTS, RATE = (1500, 150, 25) if FULL else (72, 12, 30)


@pytest.fixture
async def server() -> AsyncIterator[CrashingServer]:
    with crashing_server() as running:
        yield running


@pytest.fixture
async def engine(server: CrashingServer) -> AsyncIterator[AsyncEngine]:
    """No pool: a crash leaves no broken connection with the test itself."""
    engine = create_async_engine(await ensure_database(server.url, "crashing"), poolclass=NullPool)
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def bots(telegram: LocalTelegram, engine: AsyncEngine) -> AsyncIterator[Replicas]:
    async with replicas(telegram, engine, SEND_RATE=str(RATE)) as started:
        yield started


async def test_three_crashes_of_the_database_lose_and_double_nothing(
    server: CrashingServer, ledger: Ledger, bots: Replicas
) -> None:
    await ledger.burst(LETTERS, posts=POSTS)
    replica = bots.start()
    for crash in range(1, CRASHES + 1):
        await ledger.at_least(LETTERS * crash // (CRASHES + 1))
        await server.crash()
    await ledger.settled()

    account = ledger.account()
    assert account.missing == ()
    assert account.doubles == {}
    assert account.disordered == ()
    assert await ledger.states() == {"sent": LETTERS}
    await replica.stop()

"""The bot with 24 mentors, and a student before it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.wiring import create_app, create_bot
from db.queries import clock
from recommender.taxonomy import load_default
from sandbox.client import SimClient
from sandbox.server import LocalTelegram
from scheduler.pace import Pace
from tests.bot.world import Student, World
from tests.catalogues import fill, varied

TOKEN = "42:test"
#: Those of the local Telegram.
USERNAME, CHANNEL = "shortlist_demo_bot", -1003000000001
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
async def world(engine: AsyncEngine) -> AsyncIterator[World]:
    await fill(engine, varied(24))
    async with engine.begin() as connection:
        await clock.stand_at(connection, NOON)
    async with LocalTelegram(TOKEN) as telegram, SimClient(telegram.url) as client:
        bot = create_bot(TOKEN, telegram.url)
        app = create_app(
            bot,
            engine,
            load_default(),
            seed=1,
            monotonic=lambda: 0.0,
            username=USERNAME,
            channel_id=CHANNEL,
            pace=Pace(None),
        )
        await app.catalogue.refresh()
        async with bot.session:
            yield World(app, client, telegram.url, TOKEN)


@pytest.fixture
def student(world: World) -> Student:
    return world.student()

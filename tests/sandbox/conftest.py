"""A fresh local Telegram for each test, with the real aiogram client before it and a clock in hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientSession

from sandbox.client import SimClient
from sandbox.server import LocalTelegram

TOKEN = "42:TEST"


class Clock:
    """Unix time that stands still until moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def move(self, *, hours: float = 0, seconds: float = 0) -> None:
        self.now += hours * 3600 + seconds


class QuickSession(AiohttpSession):
    """aiogram's own waits a quarter of a second when it closes, for TLS that is not there."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def bot_at(url: str, token: str = TOKEN) -> Bot:
    """The real client."""
    return Bot(token, session=QuickSession(api=TelegramAPIServer.from_base(url)))


@dataclass
class Stage:
    """What a row of the tables plays with."""

    telegram: LocalTelegram
    bot: Bot
    sim: SimClient
    clock: Clock
    http: ClientSession
    ticks: Clock

    async def raw(
        self, method: str, *, token: str = TOKEN, verb: str = "POST", **body: Any
    ) -> dict[str, Any]:
        """A call as no client library would make it (`body` as aiohttp takes it); the body of the answer."""
        url = f"{self.telegram.url}/bot{token}/{method}"
        async with self.http.request(verb, url, **body) as response:
            answer: dict[str, Any] = await response.json()
        assert answer["ok"] or response.status == answer["error_code"]
        return answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ticks() -> Clock:
    """The seconds in which floods are counted."""
    return Clock()


@pytest.fixture
async def telegram(clock: Clock, ticks: Clock) -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(TOKEN, clock=clock, monotonic=ticks, webhook_pauses=(0.0,)) as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    bot = bot_at(telegram.url)
    yield bot
    await bot.session.close()


@pytest.fixture
async def sim(telegram: LocalTelegram) -> AsyncIterator[SimClient]:
    async with SimClient(telegram.url) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def stage(
    telegram: LocalTelegram, bot: Bot, sim: SimClient, clock: Clock, http: ClientSession, ticks: Clock
) -> Stage:
    return Stage(telegram, bot, sim, clock, http, ticks)

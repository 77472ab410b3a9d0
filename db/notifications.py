"""LISTEN on a connection of its own, for as long as somebody iterates."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import asyncpg
import structlog
from sqlalchemy.engine import URL

from db.engine import connect_options
from db.errors import LOST

_log = structlog.get_logger()

_RECONNECT_SECONDS = 2.0
#: A connection that a router on the way forgot looks alive until it is used.
_QUIET_SECONDS = 60.0


async def listen(url: URL, channel: str, *, pause: float = _RECONNECT_SECONDS) -> AsyncGenerator[None, None]:
    """Yield once when connected, and then after each burst of notifications.

    A lost connection is made again after ``pause`` seconds, and yields, since what was said meanwhile was
    not heard.
    """
    async with aclosing(hear(url, channel, pause=pause)) as bursts:
        async for _ in bursts:
            yield


async def hear(
    url: URL, channel: str, *, pause: float = _RECONNECT_SECONDS
) -> AsyncGenerator[list[str], None]:
    """As :func:`listen`, with the words of each burst; none when connected."""
    options = connect_options(url)
    while True:
        try:
            connection = await asyncpg.connect(**options)
            try:
                async for words in _heard(connection, channel):
                    yield words
            finally:
                connection.terminate()
        except LOST as error:
            _log.warning("not listening to the database", channel=channel, error=type(error).__name__)
        await asyncio.sleep(pause)


async def _heard(connection: asyncpg.Connection, channel: str) -> AsyncGenerator[list[str], None]:
    """Until the connection is lost."""
    woken = asyncio.Event()
    said: list[str] = []

    def keep(_connection: object, _pid: int, _channel: str, words: object) -> None:
        said.append(str(words))
        woken.set()

    connection.add_termination_listener(lambda *_: woken.set())
    await connection.add_listener(channel, keep)
    yield []
    while not connection.is_closed():
        try:
            async with asyncio.timeout(_QUIET_SECONDS):
                await woken.wait()
        except TimeoutError:
            await connection.execute("SELECT 1", timeout=_QUIET_SECONDS)
            continue
        woken.clear()
        burst = list(said)
        said.clear()
        if not connection.is_closed():
            yield burst

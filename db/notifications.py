"""LISTEN on a connection of its own, for as long as somebody iterates."""

import asyncio
from collections.abc import AsyncGenerator

import asyncpg
import structlog
from sqlalchemy.engine import URL

from db.engine import connect_options

_log = structlog.get_logger()

_RECONNECT_SECONDS = 2.0
#: A connection that a router on the way forgot looks alive until it is used.
_QUIET_SECONDS = 60.0


async def listen(url: URL, channel: str, *, pause: float = _RECONNECT_SECONDS) -> AsyncGenerator[None, None]:
    """Yield once when connected, and then after each burst of notifications.

    A lost connection is made again after ``pause`` seconds, and yields, since what was said meanwhile was
    not heard.
    """
    options = connect_options(url)
    while True:
        try:
            connection = await asyncpg.connect(**options)
            try:
                async for _ in _heard(connection, channel):
                    yield
            finally:
                connection.terminate()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("not listening to the database", channel=channel, error=type(error).__name__)
        await asyncio.sleep(pause)


async def _heard(connection: asyncpg.Connection, channel: str) -> AsyncGenerator[None, None]:
    """Until the connection is lost."""
    woken = asyncio.Event()
    connection.add_termination_listener(lambda *_: woken.set())
    await connection.add_listener(channel, lambda *_: woken.set())
    yield
    while not connection.is_closed():
        try:
            async with asyncio.timeout(_QUIET_SECONDS):
                await woken.wait()
        except TimeoutError:
            await connection.execute("SELECT 1", timeout=_QUIET_SECONDS)
            continue
        woken.clear()
        if not connection.is_closed():
            yield

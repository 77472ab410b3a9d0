"""LISTEN on a connection of its own, for as long as somebody iterates."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
from sqlalchemy.engine import URL

_RECONNECT_SECONDS = 2.0


async def listen(url: URL, channel: str) -> AsyncIterator[None]:
    """Yield once when connected, and then after each burst of notifications.

    A lost connection is made again, and yields, since what was said meanwhile was not heard.
    """
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        woken = asyncio.Event()
        try:
            connection = await asyncpg.connect(dsn)
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(_RECONNECT_SECONDS)
            continue
        try:
            connection.add_termination_listener(lambda *_: woken.set())  # noqa: B023 - this round's own event
            await connection.add_listener(channel, lambda *_: woken.set())  # noqa: B023 - the same
            woken.set()
            while not connection.is_closed():
                await woken.wait()
                woken.clear()
                yield
        finally:
            connection.terminate()

"""The leader's lock: held by one process at most, and only for as long as its connection lives."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import connect_options
from db.errors import LOST

#: "Short" in ASCII: among the advisory locks of one database there is no other of this number.
_NUMBER = 0x53686F7274
_FREED = "leader_gone"
_CONNECTING = 10.0

_TAKE = "SELECT pg_try_advisory_lock($1)"
# Whoever stands by hears of it at once, and need not find out.
_RELEASE = f"SELECT pg_advisory_unlock($1), pg_notify('{_FREED}', '')"
# A bigint's halves, as pg_locks shows them.
_IS_HELD = text("""
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32) | objid::bigint = :number
)
""")


class LeaderLock:
    """The lock as one process sees it. Every question goes to the connection that would hold it."""

    def __init__(self, connection: asyncpg.Connection, patience: float) -> None:
        self._connection = connection
        self._patience = patience
        self._taken = False
        # asyncpg answers one question at a time, and refuses a second one.
        self._one_at_a_time = asyncio.Lock()
        #: Set when another process has let the lock go.
        self.freed = asyncio.Event()

    async def take(self) -> bool:
        """Whether the lock is ours now.

        Raises:
            ConnectionError: it cannot be asked for.
        """
        async with self._one_at_a_time:
            self.freed.clear()
            with _in_one_word():
                self._taken = await self._connection.fetchval(_TAKE, _NUMBER, timeout=self._patience)
        return self._taken

    async def held(self) -> bool:
        """Whether the lock is still ours: a lost connection is a lost lock."""
        if not self._taken:
            return False
        try:
            async with self._one_at_a_time:
                await self._connection.execute("SELECT 1", timeout=self._patience)
        except LOST:
            self._taken = False
            self._connection.terminate()
        return self._taken

    async def release(self) -> None:
        """Let it go, and say so."""
        taken, self._taken = self._taken, False
        with suppress(*LOST):
            if taken:
                async with self._one_at_a_time:
                    await self._connection.fetchrow(_RELEASE, _NUMBER, timeout=self._patience)

    async def listen(self) -> None:
        """Hear when another process lets the lock go."""
        await self._connection.add_listener(_FREED, lambda *_: self.freed.set())


@asynccontextmanager
async def leader_lock(url: URL, *, idle: float, patience: float) -> AsyncGenerator[LeaderLock, None]:
    """The lock on a connection of its own.

    The server closes it, and so frees the lock, after ``idle`` seconds without a question: a process that
    hangs or is stopped does not keep others waiting. An answer that takes over ``patience`` seconds is none.

    Raises:
        ConnectionError: there is none.
    """
    with _in_one_word():
        connection = await asyncpg.connect(**connect_options(url), timeout=_CONNECTING)
    try:
        lock = LeaderLock(connection, patience)
        with _in_one_word():
            await connection.execute(f"SET idle_session_timeout = {round(idle * 1000)}")
            await lock.listen()
        yield lock
    finally:
        connection.terminate()


async def is_held(connection: AsyncConnection) -> bool:
    """Whether any process leads."""
    return bool(await connection.scalar(_IS_HELD, {"number": _NUMBER}))


@contextmanager
def _in_one_word() -> Iterator[None]:
    try:
        yield
    except LOST as error:
        raise ConnectionError(f"no connection to lead by: {type(error).__name__}") from error

"""What benchmarks of delivery need: a full outbox, and a Telegram with a crowd."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, Self

import aiohttp
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.crowded_telegram import FIRST_PERSON
from benchmarks.stage import program

_LOOK_SECONDS: Final = 0.2
#: Who sends nothing for so long has ended.
_PATIENCE: Final = 60.0
_FILL: Final = text("""
INSERT INTO outbox (chat_id, kind, payload, dedupe_key, priority, due_at, next_at)
SELECT :first + number % :people, 'text', jsonb_build_object('text', 'Message ' || number),
       gen_random_uuid(), number % 5, since, since
FROM (SELECT coalesce(CAST(CAST(:since AS text) AS timestamptz), clock_now()) AS since) AS due,
     generate_series(0, :rows - 1) AS number
""")


async def fill(engine: AsyncEngine, rows: int, *, people: int, since: str | None = None) -> None:
    """So many messages that are due, to so many people in turns, of each priority a fifth.

    ``since``: they have been due for so long, as PostgreSQL writes times.
    """
    async with engine.begin() as connection:
        given = {"first": FIRST_PERSON, "people": people, "rows": rows, "since": since}
        await connection.execute(_FILL, given)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE outbox"))


async def delivered(engine: AsyncEngine) -> None:
    """Returns when nothing waits and nothing is on its way; TimeoutError if it gets no less for long."""
    left = await _left(engine)
    while left:
        async with asyncio.timeout(_PATIENCE):
            left = await _fewer(engine, left)


async def _fewer(engine: AsyncEngine, before: int) -> int:
    while (left := await _left(engine)) >= before:  # noqa: ASYNC110 - another process delivers
        await asyncio.sleep(_LOOK_SECONDS)
    return left


async def _left(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        result = await connection.execute(
            text("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')")
        )
        return int(result.scalar_one())


@contextmanager
def crowded_telegram(people: int, *, milliseconds: float = 0, limits: bool = False) -> Iterator[str]:
    """One with so many people; yields its address."""
    words = (str(people), str(milliseconds), *(["limits"] if limits else []))
    with program("benchmarks.crowded_telegram", *words) as running:
        assert running.process.stdout is not None
        yield running.process.stdout.readline().strip()


class Counter:
    """Counts at Telegram what came since it was made: by Telegram's own clock."""

    def __init__(self, url: str, session: aiohttp.ClientSession, since: int) -> None:
        self._url = url
        self._session = session
        self._since = since

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str) -> AsyncIterator[Self]:
        """From now on."""
        async with aiohttp.ClientSession() as session:
            counter = cls(url, session, 0)
            counter._since = (await counter._get("/sim/calls?since=2000000000"))["last"]
            yield counter

    async def come(self, messages: int) -> None:
        """Returns when so many messages have come; TimeoutError if they do not."""
        async with asyncio.timeout(_PATIENCE):
            while len(await self._messages(messages)) < messages:  # noqa: ASYNC110 - another process sends
                await asyncio.sleep(_LOOK_SECONDS)

    async def rate(self, messages: int) -> float:
        """Messages a second from the first to the last; each must have come, and once."""
        calls = await self._messages()
        taken = [call["received_at"] for call in calls if call["taken"]]
        assert len(taken) == len({call["params"]["text"] for call in calls}) == messages, len(taken)
        return float((messages - 1) / (max(taken) - min(taken)))

    async def refused(self) -> int:
        """How often it said 429."""
        return int((await self._get("/sim/limits"))["refused"])

    async def _messages(self, limit: int = 0) -> list[dict[str, Any]]:
        path = f"/sim/calls?since={self._since}&method=sendMessage&limit={limit}"
        calls: list[dict[str, Any]] = (await self._get(path))["calls"]
        return calls

    async def _get(self, path: str) -> dict[str, Any]:
        async with self._session.get(self._url + path) as response:
            answer: dict[str, Any] = await response.json()
            return answer

"""What benchmarks of delivery need: an outbox, and a Telegram with a crowd."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from benchmarks.crowded_telegram import FIRST_PERSON
from benchmarks.stage import program
from db.engine import create_engine
from migrations.upgrade import ensure_database, upgrade

_FILL: Final = text("""
INSERT INTO outbox (chat_id, kind, payload, dedupe_key, priority)
SELECT :first + number % :people, 'text', jsonb_build_object('text', 'Message ' || number),
       'message:' || number, number % 5
FROM generate_series(0, :rows - 1) AS number
""")


async def outbox(server: URL, name: str) -> AsyncEngine:
    """A migrated database in which nothing waits."""
    bare = create_async_engine(await ensure_database(server, name), poolclass=NullPool)
    await upgrade(bare)
    await bare.dispose()
    return create_engine(server.set(database=name))


async def fill(engine: AsyncEngine, rows: int, *, people: int) -> None:
    """So many messages that are due, to so many people in turns, of each priority a fifth."""
    async with engine.begin() as connection:
        await connection.execute(_FILL, {"first": FIRST_PERSON, "people": people, "rows": rows})
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE outbox"))


async def left(engine: AsyncEngine) -> int:
    """How many are not delivered yet."""
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

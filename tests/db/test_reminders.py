"""Reminders: each handled once, in order, and none stops the others."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.models import Reminder
from db.queries import clock, reminders
from usecases.counts import Counts
from usecases.reminders import Handler, Reminders

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _at_noon(engine: AsyncEngine) -> None:
    await stand_at(engine, NOON)


async def stand_at(engine: AsyncEngine, at: datetime) -> None:
    async with engine.begin() as connection:
        await clock.stand_at(connection, at)


async def put(engine: AsyncEngine, subject: int, due_at: datetime, kind: str = "call") -> None:
    async with engine.begin() as connection:
        await reminders.put(connection, kind, subject, due_at)


async def rows(engine: AsyncEngine) -> Sequence[Row[Any]]:
    async with engine.connect() as connection:
        return (await connection.execute(select(*Reminder.__table__.c).order_by(Reminder.id))).all()


async def run(engine: AsyncEngine, **handlers: Handler) -> Counts:
    async with engine.begin() as connection:
        return await Reminders(handlers).tick(connection)


class Calls:
    """Subjects in the order in which they were called about; fails for some."""

    def __init__(self, *fails: int) -> None:
        self.about: list[int] = []
        self.fails = fails

    async def __call__(self, connection: AsyncConnection, subject: int) -> str:
        self.about.append(subject)
        await connection.execute(
            text("INSERT INTO people (id, first_name) VALUES (:id, '')"), {"id": subject}
        )
        if subject in self.fails:
            # The transaction itself is broken by this, unless there is a savepoint.
            await connection.execute(text("SELECT 1 / 0"))
        return "called"


async def called(engine: AsyncEngine) -> list[int]:
    async with engine.connect() as connection:
        return list(await connection.scalars(text("SELECT id FROM people ORDER BY id")))


async def test_what_is_due_is_handled_once_the_longest_due_first(engine: AsyncEngine) -> None:
    calls = Calls()
    for subject, due_at in ((1, NOON), (2, NOON - HOUR), (3, NOON + HOUR)):
        await put(engine, subject, due_at)
    assert await run(engine, call=calls) == Counts(matched=2, enqueued=2)
    assert await run(engine, call=calls) == Counts()
    assert calls.about == [2, 1]
    assert [(row.done_at, row.outcome) for row in await rows(engine)] == [
        (NOON, "called"),
        (NOON, "called"),
        (None, None),
    ]


async def test_after_a_pause_of_any_length_each_is_handled_once(engine: AsyncEngine) -> None:
    calls = Calls()
    await put(engine, 1, NOON + HOUR)
    await stand_at(engine, NOON + timedelta(days=400))
    await run(engine, call=calls)
    await run(engine, call=calls)
    assert calls.about == [1]


async def test_put_again_it_gets_the_new_time(engine: AsyncEngine) -> None:
    calls = Calls()
    await put(engine, 1, NOON)
    await put(engine, 1, NOON + HOUR)
    assert await run(engine, call=calls) == Counts()
    await stand_at(engine, NOON + HOUR)
    assert await run(engine, call=calls) == Counts(matched=1, enqueued=1)
    assert len(await rows(engine)) == 1


async def test_dropped_it_does_not_come(engine: AsyncEngine) -> None:
    calls = Calls()
    await put(engine, 1, NOON)
    async with engine.begin() as connection:
        await reminders.drop(connection, "call", 1)
    assert await run(engine, call=calls) == Counts()
    await put(engine, 1, NOON)
    assert await run(engine, call=calls) == Counts(matched=1, enqueued=1)


async def test_kinds_and_subjects_are_told_apart(engine: AsyncEngine) -> None:
    call, write = Calls(), Calls()
    await put(engine, 1, NOON, "call")
    await put(engine, 2, NOON, "write")
    await run(engine, call=call, write=write)
    assert (call.about, write.about) == ([1], [2])


async def test_one_that_fails_leaves_nothing_and_does_not_stop_the_others(engine: AsyncEngine) -> None:
    calls = Calls(1)
    for subject in (1, 2):
        await put(engine, subject, NOON - HOUR)
    assert await run(engine, call=calls) == Counts(matched=2, enqueued=1, skipped=1)
    assert await called(engine) == [2]


async def test_one_that_failed_is_tried_again_later(engine: AsyncEngine) -> None:
    await put(engine, 1, NOON)
    await run(engine, call=Calls(1))
    calls = Calls()
    assert await run(engine, call=calls) == Counts()
    await stand_at(engine, NOON + HOUR)
    assert await run(engine, call=calls) == Counts(matched=1, enqueued=1)


async def test_a_kind_that_nobody_handles_waits(engine: AsyncEngine) -> None:
    await put(engine, 1, NOON)
    assert await run(engine) == Counts(matched=1, skipped=1)
    assert [row.done_at for row in await rows(engine)] == [None]


async def test_a_handler_may_put_it_again(engine: AsyncEngine) -> None:
    async def again(connection: AsyncConnection, subject: int) -> str:
        await reminders.put(connection, "call", subject, NOON + HOUR)
        return "again"

    await put(engine, 1, NOON)
    await run(engine, call=again)
    (row,) = await rows(engine)
    assert (row.due_at, row.done_at) == (NOON + HOUR, None)

"""Old rows go, in portions, and nothing that somebody may still look at."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import clock
from tests.catalogues import fill, mentor
from usecases.counts import Counts
from usecases.housekeeping import Housekeeping

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
async def _at_noon(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await clock.stand_at(connection, NOON)


async def run(engine: AsyncEngine, portion: int = 100) -> Counts:
    async with engine.begin() as connection:
        return await Housekeeping(portion).tick(connection)


async def message(
    engine: AsyncEngine, key: str, state: str, age: timedelta, target: str | None = None
) -> None:
    statement = text("""
        INSERT INTO outbox (chat_id, kind, payload, dedupe_key, priority, once, state, created_at, target_id,
                            sent_at, leased_until)
        VALUES (1, CAST(:kind AS outbox_kind), '{}', :key, 2, true, CAST(:state AS outbox_state), :at,
                (SELECT id FROM outbox WHERE dedupe_key = :target),
                CASE WHEN :state = 'sent' THEN CAST(:at AS timestamptz) END,
                CASE WHEN :state = 'sending' THEN CAST(:at AS timestamptz) END)
    """)
    values = {"kind": "edit" if target else "text", "key": key, "state": state, "target": target}
    async with engine.begin() as connection:
        await connection.execute(statement, {**values, "at": NOON - age})


async def left(engine: AsyncEngine, column: str, table: str) -> list[str]:
    async with engine.connect() as connection:
        found = await connection.scalars(text(f"SELECT {column} FROM {table} ORDER BY {column}"))  # noqa: S608 - ours
        return list(found)


@pytest.mark.parametrize("state", ["sent", "cancelled", "expired"])
async def test_messages_that_are_over_go_after_thirty_days(engine: AsyncEngine, state: str) -> None:
    await message(engine, "old", state, 30 * DAY + timedelta(seconds=1))
    await message(engine, "young", state, 30 * DAY - timedelta(seconds=1))
    assert await run(engine) == Counts(matched=1)
    assert await left(engine, "dedupe_key", "outbox") == ["young"]


@pytest.mark.parametrize("state", ["waiting", "sending", "parked", "unsure"])
async def test_messages_that_are_not_over_stay(engine: AsyncEngine, state: str) -> None:
    await message(engine, "old", state, 400 * DAY)
    assert await run(engine) == Counts()


async def test_the_post_of_an_announcement_stays_so_that_it_can_be_edited(engine: AsyncEngine) -> None:
    await fill(engine, [mentor(1)])
    await message(engine, "post", "sent", 400 * DAY)
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO announcements (mentor_id, form, announced_at, outbox_id)"
                " SELECT mentors.id, 'post', now(), outbox.id FROM mentors, outbox"
            )
        )
    assert await run(engine) == Counts()
    assert await left(engine, "dedupe_key", "outbox") == ["post"]


async def test_a_message_whose_change_waits_stays_until_that_is_over(engine: AsyncEngine) -> None:
    await message(engine, "post", "sent", 400 * DAY)
    await message(engine, "change", "waiting", 399 * DAY, target="post")
    assert await run(engine) == Counts()
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE outbox SET state = 'cancelled' WHERE dedupe_key = 'change'"))
    await run(engine)
    assert await left(engine, "dedupe_key", "outbox") == []


async def test_runs_of_ticks_go_after_ninety_days_and_idle_ones_after_seven(engine: AsyncEngine) -> None:
    statement = text(
        "INSERT INTO tick_runs (name, started_at, matched, error) VALUES (:name, :at, :n, :error)"
    )
    kept = [("busy", 89, 1, None), ("failed", 89, 0, "ValueError"), ("idle", 6, 0, None)]
    old = [("old busy", 91, 1, None), ("old failed", 91, 0, "ValueError"), ("old idle", 8, 0, None)]
    async with engine.begin() as connection:
        await connection.execute(
            statement,
            [
                {"name": name, "at": NOON - days * DAY, "n": count, "error": error}
                for name, days, count, error in kept + old
            ],
        )
    assert await run(engine) == Counts(matched=3)
    assert await left(engine, "name", "tick_runs") == ["busy", "failed", "idle"]


async def test_updates_that_were_set_aside_go_after_thirty_days(engine: AsyncEngine) -> None:
    statement = text("INSERT INTO failed_updates (body, error, failed_at) VALUES (:body, '', :at)")
    async with engine.begin() as connection:
        await connection.execute(
            statement,
            [{"body": "old", "at": NOON - 31 * DAY}, {"body": "young", "at": NOON - 29 * DAY}],
        )
    assert await run(engine) == Counts(matched=1)
    assert await left(engine, "body", "failed_updates") == ["young"]


async def test_reminders_that_were_done_go_after_ninety_days(engine: AsyncEngine) -> None:
    statement = text(
        "INSERT INTO reminders (kind, subject_id, due_at, done_at, outcome)"
        " VALUES (:kind, 1, CAST('epoch' AS timestamptz), :at, CASE WHEN :done THEN '' END)"
    )
    rows = [("old", NOON - 91 * DAY), ("open", None), ("young", NOON - 89 * DAY)]
    async with engine.begin() as connection:
        await connection.execute(
            statement, [{"kind": kind, "at": at, "done": at is not None} for kind, at in rows]
        )
    assert await run(engine) == Counts(matched=1)
    assert await left(engine, "kind", "reminders") == ["open", "young"]


async def test_a_run_takes_a_portion_and_the_next_goes_on(engine: AsyncEngine) -> None:
    for number in range(5):
        await message(engine, f"m{number}", "sent", (40 - number) * DAY)
    assert [(await run(engine, portion=2)).matched for _ in range(4)] == [2, 2, 1, 0]

"""What ``check`` says of the work in the database, and what to do about it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.check_work import work
from bot.finding import Finding
from db.lock import leader_lock
from db.queries import clock
from scheduler.frame import run_tick
from scheduler.ticks import Tick, Work
from tests.catalogues import fill, mentor
from usecases.counts import Counts

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def stand_at(engine: AsyncEngine, at: datetime) -> None:
    async with engine.begin() as connection:
        await clock.stand_at(connection, at)


@pytest.fixture(autouse=True)
async def _at_noon(engine: AsyncEngine) -> None:
    await stand_at(engine, NOON)


async def findings(engine: AsyncEngine) -> dict[str, Finding]:
    async with engine.connect() as connection:
        return {finding.what: finding for finding in await work(connection)}


async def works(connection: AsyncConnection) -> Counts:
    return Counts(matched=3, enqueued=2, skipped=1)


async def fails(connection: AsyncConnection) -> Counts:
    raise KeyError("Анна")


async def ran(engine: AsyncEngine, name: str, work: Work = works) -> None:
    await run_tick(engine, Tick(name, IntervalTrigger(hours=1), work, "does something"))


@asynccontextmanager
async def led(engine: AsyncEngine) -> AsyncIterator[None]:
    """Another process leads."""
    async with leader_lock(engine.url, idle=60, patience=60) as lock:
        assert await lock.take()
        yield


async def test_a_new_database_lacks_mentors_and_nothing_else(engine: AsyncEngine) -> None:
    found = await findings(engine)
    assert [finding for finding in found.values() if finding.remedy] == [
        Finding("mentors", "none", "python -m bot import-mentors FILE")
    ]
    await fill(engine, [mentor(1), mentor(2, status="paused")])
    assert (await findings(engine))["mentors"] == Finding("mentors", "1 active, 1 paused")


async def test_the_last_run_of_each_tick_is_told(engine: AsyncEngine) -> None:
    await ran(engine, "digest", fails)
    await ran(engine, "digest")
    await stand_at(engine, NOON + timedelta(minutes=3))
    found = await findings(engine)
    assert found["tick digest"] == Finding("tick digest", "3 min ago, matched 3, enqueued 2, skipped 1")
    assert "tick activity" not in found


async def test_a_tick_that_failed_is_told_with_its_error_and_what_to_do(engine: AsyncEngine) -> None:
    await ran(engine, "digest", fails)
    finding = (await findings(engine))["tick digest"]
    assert finding.state.startswith("failed 0 s ago: KeyError (test_check_work.py:")
    assert "Анна" not in finding.state
    assert "python -m bot tick digest" in finding.remedy


async def test_a_tick_that_does_not_come_although_there_is_a_leader_is_told(engine: AsyncEngine) -> None:
    await ran(engine, "digest")
    await stand_at(engine, NOON + timedelta(hours=5))
    assert not (await findings(engine))["tick digest"].remedy
    async with led(engine):
        assert "restart the bot" in (await findings(engine))["tick digest"].remedy
        await stand_at(engine, NOON + timedelta(minutes=6))
        assert not (await findings(engine))["tick digest"].remedy


async def test_a_run_that_was_killed_is_told_as_not_finished(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO tick_runs (name) VALUES ('activity')"))
    assert (await findings(engine))["tick activity"].state == "0 s ago, not finished"


async def test_who_leads_is_told_and_that_nobody_does_where_somebody_did(engine: AsyncEngine) -> None:
    assert (await findings(engine))["leader"] == Finding("leader", "nobody sends, ticks and polls")
    await ran(engine, "digest")
    assert (await findings(engine))["leader"].remedy == "python -m bot run"
    async with led(engine):
        assert (await findings(engine))["leader"] == Finding("leader", "a process sends, ticks and polls")


async def message(engine: AsyncEngine, state: str, due_at: datetime) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO outbox (chat_id, kind, payload, dedupe_key, priority, once, state, due_at,"
                " next_at) VALUES (1, 'text', '{}', :key, 2, true, CAST(:state AS outbox_state), :at, :at)"
            ),
            {"key": f"{state} {due_at}", "state": state, "at": due_at},
        )


async def test_what_waits_is_told_and_what_waits_for_long_with_what_to_do(engine: AsyncEngine) -> None:
    assert (await findings(engine))["outbox"] == Finding("outbox", "0 waiting")
    await message(engine, "waiting", NOON - timedelta(minutes=14))
    await message(engine, "waiting", NOON + timedelta(hours=1))
    outbox = (await findings(engine))["outbox"]
    assert outbox == Finding("outbox", "2 waiting, the oldest is due for 14 min")
    await message(engine, "waiting", NOON - timedelta(hours=3))
    outbox = (await findings(engine))["outbox"]
    assert outbox.state == "3 waiting, the oldest is due for 3 h"
    assert "python -m bot outbox" in outbox.remedy


@pytest.mark.parametrize("state", ["parked", "unsure"])
async def test_what_is_to_be_decided_is_counted_and_the_way_told(engine: AsyncEngine, state: str) -> None:
    assert (await findings(engine))[f"outbox, {state}"] == Finding(f"outbox, {state}", "0")
    await message(engine, state, NOON)
    assert (await findings(engine))[f"outbox, {state}"] == Finding(
        f"outbox, {state}", "1", "decide: python -m bot outbox"
    )


async def test_updates_that_were_set_aside_are_counted(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO failed_updates (body, error) VALUES ('', '')"))
    assert "failed_updates" in (await findings(engine))["updates set aside"].remedy

"""The whole way of an update: the bot, the local Telegram and a real database."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from db.models import FailedUpdate
from sandbox.client import SimClient
from sandbox.server import LocalTelegram
from tests.bot.stored import answers, person, questionnaires
from tests.bot.world import Student, World
from tests.catalogues import fill, varied

ROOT = Path(__file__).parents[2]


async def failed(engine: AsyncEngine) -> list[tuple[int | None, str]]:
    """What was set aside: ids and errors."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(FailedUpdate.update_id, FailedUpdate.error))
        return [(row.update_id, row.error) for row in rows]


async def take_all(world: World) -> None:
    """Handle what waits as the poller does: a batch at once."""
    batch = await world.updates()
    await asyncio.gather(*(world.app.intake.take(update) for update in batch))
    await world.confirm(batch)


async def test_a_poison_update_in_the_middle_of_a_batch_does_not_stop_the_rest(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    other = world.student(1002)
    await world.client.send_text(student.id, "/start")
    poison = await world.client.put_update({"message": {"message_id": "poison", "text": "\x00"}})
    await world.client.send_text(other.id, "/start")
    await take_all(world)
    assert "Какое направление?" in await student.text()
    assert "Какое направление?" in await other.text()
    [(number, error)] = await failed(engine)
    assert number == poison
    assert error.startswith("cannot be parsed")


async def test_a_poison_update_that_comes_again_is_kept_once(world: World, engine: AsyncEngine) -> None:
    poison = await world.client.put_update({"message": 5})
    await take_all(world)
    await world.client.repeat_update(poison)
    await take_all(world)
    assert [number for number, _ in await failed(engine)] == [poison]


async def test_a_forged_number_too_large_for_the_database_is_answered_and_set_aside(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    toast = await student.forge(f"q:{10**25}:direction:set:directions:backend:1")
    assert toast
    assert len(await failed(engine)) <= 1
    assert await student.tap("Бэкенд") == ""


async def test_the_same_update_twice_changes_nothing(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    tapped = await world.client.tap(student.id, "Бэкенд")
    await world.work()
    screen = await student.screen()
    assert tapped.update_id is not None
    await world.client.repeat_update(tapped.update_id)
    await world.work()
    await world.client.repeat_update(tapped.update_id, new_id=True)
    await world.work()
    assert (await student.screen()).text == screen.text
    assert await answers(engine) == {"directions": ["backend"]}
    assert await failed(engine) == []


async def test_a_reply_to_somebody_who_blocked_the_bot_marks_them(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    await world.client.send_text(student.id, "бэкенд")
    written = await world.updates()
    await world.client.block(student.id)
    await world.app.intake.take(written[0])
    assert (await person(engine)).blocked_at is not None
    assert await answers(engine) == {"directions": ["backend"]}
    assert await failed(engine) == []


async def test_whoever_writes_again_is_no_longer_marked(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    await world.client.block(student.id)
    await world.work()
    assert (await person(engine)).blocked_at is not None
    await world.client.unblock(student.id)
    await student.write("/start")
    assert (await person(engine)).blocked_at is None


async def test_an_update_survives_its_connections_being_cut(
    world: World, student: Student, engine: AsyncEngine, server: URL
) -> None:
    await student.write("/start")
    admin = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    async with admin.connect() as connection:
        await connection.execute(cut, {"name": engine.url.database})
    await student.tap("Бэкенд")
    await admin.dispose()
    assert await answers(engine) == {"directions": ["backend"]}
    assert await failed(engine) == []


async def test_an_update_waits_for_a_database_that_takes_nobody_in(
    world: World, student: Student, engine: AsyncEngine, server: URL
) -> None:
    await student.write("/start")
    admin = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    name = engine.url.database
    async with admin.connect() as connection:
        await connection.execute(text(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0'))
        await connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        await engine.dispose()
        await world.client.tap(student.id, "Бэкенд")
        working = asyncio.create_task(world.work())
        done, _ = await asyncio.wait([working], timeout=0.1)
        assert not done
        await connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
        await connection.execute(text(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1'))
    await working
    await admin.dispose()
    assert await answers(engine) == {"directions": ["backend"]}
    assert await failed(engine) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_finishes_what_is_in_hand_and_confirms_it(
    engine: AsyncEngine, number: signal.Signals
) -> None:
    await fill(engine, varied(24))
    students = range(6001, 6031)
    async with LocalTelegram("42:test") as telegram, SimClient(telegram.url) as client:
        for student in students:
            telegram.person(student)
            await client.send_text(student, "/start")
        process = await asyncio.to_thread(_bot, telegram.url, engine.url)
        try:
            await client.wait_for(
                lambda event: event.message is not None and event.message.by_bot, timeout=60
            )
        finally:
            process.send_signal(number)
            code = await asyncio.to_thread(process.wait)
        assert code == 0
        assert len(telegram.updates) == 0
        for student in students:
            assert len(await client.transcript(student)) == 2
            assert len(await questionnaires(engine, student)) == 1


def _bot(telegram: str, database: URL) -> "subprocess.Popen[bytes]":
    given: dict[str, Any] = {
        "BOT_TOKEN": "42:test",
        "TELEGRAM_API_BASE": telegram,
        "DATABASE_URL": database.render_as_string(hide_password=False),
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env={**os.environ, **given})

"""``python -m bot tick``: what the clock would do, done by hand, and a table of what it came to."""

import asyncio
from collections.abc import AsyncIterator
from io import StringIO

import pytest
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.settings import Settings, SettingsError
from bot.tick_command import list_ticks, named, run_ticks
from db.models import OutboxMessage, TickRun
from sandbox.server import LocalTelegram
from scheduler.table import NAMES, TABLE
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.test_newcomers import comes
from tests.bot.world import Student, World

TOKEN = "42:test"


@pytest.fixture
async def settings() -> AsyncIterator[Settings]:
    async with LocalTelegram(TOKEN) as telegram:
        yield Settings(bot_token=SecretStr(TOKEN), telegram_api_base=telegram.url)


async def run(settings: Settings, engine: AsyncEngine, name: str) -> tuple[int, list[list[str]]]:
    """The exit code, and the rows of the table."""
    out = StringIO()
    code = await run_ticks(settings, engine, named(name), Console(file=out, width=200))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.getvalue().splitlines()]
    return code, [row for row in rows if row]


async def count(engine: AsyncEngine, table: type[OutboxMessage] | type[TickRun]) -> int:
    async with engine.connect() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def test_all_ticks_run_in_the_order_of_the_table(settings: Settings, engine: AsyncEngine) -> None:
    code, rows = await run(settings, engine, "all")
    assert code == 0
    assert [row[0] for row in rows] == list(NAMES)
    assert {tuple(row[1:]) for row in rows} == {("0", "0", "0", "")}
    assert await count(engine, TickRun) == len(NAMES)


async def test_one_tick_tells_what_it_came_to(
    settings: Settings, world: World, student: Student, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE)
    await student.tap("🔔 Присылать новых менторов")
    await comes(world, 100)
    assert await run(settings, engine, "newcomers") == (0, [["newcomers", "1", "1", "0", ""]])
    assert await run(settings, engine, "newcomers") == (0, [["newcomers", "0", "0", "0", ""]])


async def test_by_hand_and_by_the_leader_at_once_the_work_is_done_once(
    settings: Settings, world: World, student: Student, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE)
    await student.tap("🔔 Присылать новых менторов")
    await comes(world, 100)
    both = await asyncio.gather(run(settings, engine, "newcomers"), world.tick("newcomers"))
    assert [int(both[0][1][0][2]), both[1].enqueued].count(1) == 1
    assert await count(engine, OutboxMessage) == 1


async def test_one_that_fails_is_told_and_does_not_stop_the_others(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE reminders"))
    code, rows = await run(settings, engine, "all")
    assert code == 1
    errors = {row[0]: row[4] for row in rows}
    assert errors["reminders"].startswith("UndefinedTableError 42P01 (reminders.py:")
    assert [row[0] for row in rows if not row[4]] == [
        name for name in NAMES if name not in {"reminders", "housekeeping"}
    ]


def test_without_a_name_every_tick_is_listed_with_what_it_does() -> None:
    out = StringIO()
    assert list_ticks(Console(file=out, width=120)) == 2
    listed = dict(line.split(maxsplit=1) for line in out.getvalue().splitlines()[1:])
    assert list(listed) == [*NAMES, "all"]
    assert {name: listed[name].strip() for name in NAMES} == {line.name: line.does for line in TABLE}


def test_a_name_that_is_none_lists_those_there_are() -> None:
    with pytest.raises(SettingsError) as caught:
        named("announcement")
    assert all(name in str(caught.value) for name in (*NAMES, "all", "'announcement'"))


async def test_without_telegram_it_says_what_is_wrong(engine: AsyncEngine) -> None:
    settings = Settings(bot_token=SecretStr(TOKEN), telegram_api_base="http://127.0.0.1:1")
    with pytest.raises(
        SettingsError, match=r"^http://127\.0\.0\.1:1 does not answer: .*; check TELEGRAM_API_BASE"
    ):
        await run(settings, engine, "all")

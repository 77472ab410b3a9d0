"""What is kept can be seen, and is gone when its owner says so."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import Person, Search
from db.queries import updates
from tests.bot.world import Student, World
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import People, PersonId
from usecases.privacy import Privacy

MOSCOW = ZoneInfo("Europe/Moscow")

_TABLES = (
    "people",
    "questionnaires",
    "searches",
    "events",
    "saved_mentors",
    "dismissals",
    "subscriptions",
    "outbox",
    "failed_updates",
)


async def _rows(engine: AsyncEngine) -> dict[str, int]:
    async with engine.connect() as connection:
        return {
            table: await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - our names
            for table in _TABLES
        }


async def _with_a_history(student: Student) -> None:
    await student.write("/start")
    while "Показать менторов →" not in await student.buttons():
        await student.tap((await student.buttons())[-1])
    await student.tap("Показать менторов →")
    await student.tap("☆")


async def test_what_is_kept_is_counted(student: Student) -> None:
    await _with_a_history(student)
    said = (await student.write("/privacy")).text
    assert "Анкет: 1, подборов: 1" in said
    assert "Сохранённых менторов: 1" in said


async def test_what_could_not_be_handled_is_counted_too(student: Student, engine: AsyncEngine) -> None:
    await _with_a_history(student)
    async with engine.begin() as connection:
        await updates.set_aside(connection, 7, student.id, "{}", "broken")
        await updates.set_aside(connection, 8, 1002, "{}", "broken")
    assert "Сообщений, которые не удалось обработать: 1" in (await student.write("/privacy")).text


async def test_all_of_it_is_handed_over_as_a_file(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await _with_a_history(student)
    await _with_a_history(world.student(1002))
    async with engine.begin() as connection:
        await post(connection, [_letter(student.id)])
        await updates.set_aside(connection, 7, student.id, "{}", "broken")
    await student.write("/privacy")
    await student.tap("Получить файлом")
    tables = await _handed_over(world, student)
    assert [row["id"] for row in tables["people"]] == [student.id]
    assert tables["outbox"][0]["payload"]["text"] == "Привет"
    assert all(tables[table] for table in ("questionnaires", "searches", "saved_mentors", "failed_updates"))
    assert {row["person_id"] for row in tables["events"]} == {student.id}


async def _handed_over(world: World, student: Student) -> dict[str, Any]:
    message = await student.screen()
    assert message.document is not None
    async with (
        aiohttp.ClientSession(world.telegram_url) as session,
        session.get(message.document.url) as answer,
    ):
        tables: dict[str, Any] = await answer.json(content_type=None)
    return tables


def _letter(chat_id: int) -> Letter:
    wording = Wording(text="Привет")
    return Letter(chat_id=chat_id, dedupe_key=f"test:{chat_id}", priority=Priority.POST, wording=wording)


async def test_the_day_of_consent_is_the_one_on_the_platforms_calendar(
    student: Student, engine: AsyncEngine
) -> None:
    await _with_a_history(student)
    evening = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    async with engine.begin() as connection:
        await connection.execute(update(Person).values(consented_at=evening))
    assert "Вы согласились на это 02.03.2026." in (await student.write("/privacy")).text


async def test_the_first_screen_and_privacy_say_the_same_of_who_sees_it(student: Student) -> None:
    for command in ("/start", "/privacy"):
        assert (
            "ответы увидит только ментор, которому вы отправите заявку" in (await student.write(command)).text
        )


async def test_who_does_not_forget_after_all_goes_back_to_where_they_were(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    await student.tap("Бэкенд")
    before = await _rows(engine)
    await student.write("/forget")
    await student.tap("← Оставить как есть")
    assert "Чего хотите добиться?" in await student.text()
    assert await _rows(engine) == before


async def test_forgetting_leaves_nothing_of_this_person_and_all_of_others(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await _with_a_history(world.student(1002))
    others = await _rows(engine)
    await _with_a_history(student)
    async with engine.begin() as connection:
        await updates.set_aside(connection, 7, student.id, "{}", "broken")
        await post(connection, [_letter(student.id)])
    await student.write("/forget")
    await student.tap("Да, удалить всё")
    assert await _rows(engine) == others
    assert "1 из" in (await student.write("/start")).text


async def test_what_is_being_written_to_somebody_who_is_forgotten_is_gone_too(
    student: Student, engine: AsyncEngine
) -> None:
    await _with_a_history(student)
    privacy = Privacy(engine, People(engine, lambda: 0.0), MOSCOW)
    async with engine.begin() as connection:
        # As the weekly digest does: a search of theirs, then the letter.
        values = {"person_id": student.id, "kind": "digest", "request": {}, "relaxed": []}
        await connection.execute(insert(Search).values(**values, model_version="", catalogue_version=""))
        forgetting = asyncio.create_task(privacy.forget(PersonId(student.id)))
        await _waits_for_a_lock(engine)
        await post(connection, [_letter(student.id)])
    await forgetting
    assert set((await _rows(engine)).values()) == {0}


async def _waits_for_a_lock(engine: AsyncEngine) -> None:
    waiting = text("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock')")
    async with engine.connect() as connection, asyncio.timeout(10):
        while not await connection.scalar(waiting):
            await connection.rollback()
            await asyncio.sleep(0.01)


async def test_forgetting_asks_first_and_is_safe_to_do_twice(student: Student, engine: AsyncEngine) -> None:
    await _with_a_history(student)
    before = await _rows(engine)
    await student.write("/privacy")
    await student.tap("Забыть всё")
    assert await _rows(engine) == before
    asked = await student.screen()
    await student.tap("Да, удалить всё")
    await student.tap("Да, удалить всё", asked.message_id, asked.edits)
    assert (await _rows(engine))["questionnaires"] == 0
    assert "всё забыл" in await student.text()


async def test_blocking_the_bot_after_being_forgotten_brings_nothing_back(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await _with_a_history(student)
    await student.write("/forget")
    await student.tap("Да, удалить всё")
    await world.client.block(student.id)
    await world.work()
    assert set((await _rows(engine)).values()) == {0}

"""/notifications, and the buttons under lists: what a student agrees to get without asking."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import Subscription
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.world import Student, World

_NEW = "🔔 Присылать новых менторов"


async def stored(engine: AsyncEngine, person_id: int = 1001) -> tuple[bool, bool, int, int] | None:
    """What is kept: newcomers, digest, weekday, hour."""
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                select(*Subscription.__table__.c).where(Subscription.person_id == person_id)
            )
        ).one_or_none()
    return (row.newcomers, row.digest, row.weekday, row.hour) if row else None


@pytest.fixture
async def reader(student: Student) -> Student:
    """A student with a shortlist."""
    await play(student, QUESTIONNAIRE)
    return student


async def test_nothing_comes_by_itself_unless_a_student_says_so(reader: Student, engine: AsyncEngine) -> None:
    said = await reader.write("/notifications")
    assert "Новые менторы: не присылаю" in said.text
    assert "Подборка недели: не присылаю" in said.text
    assert said.buttons == (_NEW, "🗓 Присылать подборку недели")
    assert await stored(engine) is None


async def test_newcomers_are_switched_on_and_off(reader: Student, engine: AsyncEngine) -> None:
    await reader.write("/notifications")
    assert await reader.tap(_NEW) == "Сохранил."
    assert await stored(engine) == (True, False, 1, 10)
    assert "напишу, когда появится" in await reader.text()
    await reader.tap("🔕 Не присылать новых")
    assert await stored(engine) == (False, False, 1, 10)


async def test_the_digest_comes_on_the_day_and_at_the_hour_chosen(
    reader: Student, engine: AsyncEngine
) -> None:
    await reader.write("/notifications")
    await reader.tap("🗓 Присылать подборку недели")
    assert "Понедельник, 10:00 (МСК)" in await reader.text()
    await reader.tap("День")
    assert "✓ Понедельник" in await reader.buttons()
    await reader.tap("Пятница")
    await reader.tap("Час")
    assert "✓ 10:00" in await reader.buttons()
    await reader.tap("19:00")
    assert "Пятница, 19:00 (МСК)" in await reader.text()
    assert await stored(engine) == (False, True, 5, 19)


async def test_a_choice_may_be_left_as_it_is(reader: Student, engine: AsyncEngine) -> None:
    await reader.write("/notifications")
    await reader.tap("🗓 Присылать подборку недели")
    await reader.tap("Час")
    await reader.tap("← Назад")
    assert "Понедельник, 10:00" in await reader.text()
    assert await stored(engine) == (False, True, 1, 10)


async def test_a_tap_on_an_old_drawing_sets_what_it_says(reader: Student, engine: AsyncEngine) -> None:
    await reader.write("/notifications")
    await reader.tap(_NEW)
    await reader.tap(_NEW, rendering=0)
    assert await stored(engine) == (True, False, 1, 10)


async def test_who_has_not_agreed_to_anything_is_asked_the_first_question(
    student: Student, engine: AsyncEngine
) -> None:
    said = await student.write("/notifications")
    assert said.text.startswith("🔔 Присылать смогу, когда узнаю, кто вам подходит.")
    assert "Отвечая на вопросы, вы с этим соглашаетесь" in said.text
    for data in ("notify:newcomers:1", "when:hour", "notified", "sub:newcomers:1:1"):
        assert await student.forge(data) == "Эта кнопка больше не работает. Начните с /start"
    assert await stored(engine) is None


async def test_who_has_answers_but_no_shortlist_yet_is_told_what_is_missing(student: Student) -> None:
    await play(student, QUESTIONNAIRE[:2])
    said = await student.write("/notifications")
    assert "сначала ответьте на вопросы: /start" in said.text


@pytest.mark.parametrize(
    "data", ["notify:hour:3", "notify:hour:24", "notify:weekday:0", "notify:digest:2", "notify:about:1"]
)
async def test_what_no_button_says_is_refused(reader: Student, engine: AsyncEngine, data: str) -> None:
    await reader.write("/notifications")
    assert await reader.forge(data) == "Эта кнопка больше не работает. Начните с /start"
    assert await stored(engine) is None


async def test_under_the_first_shortlist_newcomers_are_offered_once(
    reader: Student, engine: AsyncEngine
) -> None:
    assert (await reader.buttons())[-1] == _NEW
    assert await reader.tap(_NEW) == "Буду присылать. Настроить — /notifications"
    assert await stored(engine) == (True, False, 1, 10)
    assert _NEW not in await reader.buttons()


async def test_under_three_more_nothing_is_offered(reader: Student) -> None:
    await reader.tap("Ещё три →")
    assert _NEW not in await reader.buttons()


async def test_two_students_do_not_share_what_they_chose(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    other = world.student(1002)
    await play(other, QUESTIONNAIRE)
    await reader.tap(_NEW)
    assert await stored(engine, 1002) is None
    assert (await other.buttons())[-1] == _NEW

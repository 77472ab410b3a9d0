"""A shortlist from which nobody was written to: what was missing is asked once, and minded."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import MentorProfile, MissingAnswer
from tests.bot.acts import QUESTIONNAIRE, Write, play
from tests.bot.mentors import letters
from tests.bot.requests import pass_time
from tests.bot.stored import searches
from tests.bot.world import Student

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED = "Чего не хватило?"


async def asked(student: Student) -> Student:
    """A student who has had a shortlist three days ago, and wrote to nobody."""
    await play(student, QUESTIONNAIRE)
    await pass_time(student.world, 3 * DAY)
    return student


async def answers(engine: AsyncEngine) -> list[Row[Any]]:
    async with engine.connect() as connection:
        return list(await connection.execute(select(*MissingAnswer.__table__.c).order_by(MissingAnswer.id)))


async def questions(engine: AsyncEngine) -> int:
    return len([each for each in await letters(engine) if each.dedupe_key.startswith("missing:")])


async def test_who_wrote_to_nobody_is_asked_after_three_days_and_once(
    student: Student, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE)
    await pass_time(student.world, 3 * DAY - HOUR)
    assert ASKED not in await student.text()
    await pass_time(student.world, HOUR)
    assert ASKED in await student.text()
    assert await student.buttons() == ("Дорого", "Не моя тема", "Никто не отвечает", "Просто смотрю")
    await play(student, (*QUESTIONNAIRE[:1],))
    await pass_time(student.world, 30 * DAY)
    assert await questions(engine) == 1


async def test_another_shortlist_puts_the_question_off(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE)
    await student.world.forward(2 * DAY)
    await student.tap("Изменить ответы")
    await student.tap("Уровень")
    await student.tap("Senior")
    await student.tap("Показать менторов")
    await pass_time(student.world, 2 * DAY)
    assert await questions(engine) == 0
    await pass_time(student.world, DAY)
    assert await questions(engine) == 1


async def test_who_has_written_is_not_asked(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE)
    await student.tap("✍️")
    await pass_time(student.world, 4 * DAY)
    assert await questions(engine) == 0


async def test_who_has_blocked_the_bot_is_not_asked(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE)
    await student.world.client.block(student.id)
    await student.world.work()
    await pass_time(student.world, 4 * DAY)
    assert await questions(engine) == 0


async def test_too_dear_leads_to_cheaper_mentors(student: Student, engine: AsyncEngine) -> None:
    await asked(student)
    await student.tap("Дорого")
    assert "буду искать дешевле, до" in await student.text()
    (answer,) = await answers(engine)
    # The budget was 4500: seven tenths of it, or of what was shown, in steps of 500.
    assert answer.budget is not None
    assert answer.budget <= 3000
    noted = await student.screen()
    await student.tap("Показать троих")
    shown = [await student.text()]
    await student.tap("Показать троих", message_id=noted.message_id)
    shown.append(await student.text())
    assert shown[0] == shown[1]
    newest = (await searches(engine))[-1]
    assert newest.request["wishes"] == ["cheaper"]
    assert newest.request["budget"] == float(answer.budget)


@pytest.mark.parametrize(
    ("label", "said", "wish"),
    [
        ("Не моя тема", "буду строже к теме", "closer"),
        ("Никто не отвечает", "тех, кто отвечает быстро", "responsive"),
    ],
)
async def test_the_answer_is_minded_in_the_next_shortlist(
    student: Student, engine: AsyncEngine, label: str, said: str, wish: str
) -> None:
    await asked(student)
    await student.tap(label)
    assert said in await student.text()
    await student.write("/new")
    await play(student, QUESTIONNAIRE[1:])
    assert (await searches(engine))[-1].request["wishes"] == [wish]


async def test_nobody_seen_is_shown_again_while_others_are_left(
    student: Student, engine: AsyncEngine
) -> None:
    await asked(student)
    before = {line for line in (await student.text()).splitlines() if line}
    await student.tap("Не моя тема")
    await student.tap("Показать троих")
    names = [line for line in (await student.text()).splitlines() if line[:2] in {"1.", "2.", "3."}]
    assert len(names) == 3
    assert not before & set(names)


async def test_who_is_just_looking_is_left_alone(student: Student, engine: AsyncEngine) -> None:
    await asked(student)
    await student.tap("Просто смотрю")
    assert "Смотрите сколько хочется" in await student.text()
    await student.tap("🔔 Настроить уведомления")
    assert "Что присылать без вашей просьбы" in await student.text()
    await student.write("/new")
    await play(student, QUESTIONNAIRE[1:])
    assert (await searches(engine))[-1].request.get("wishes", []) == []


async def test_the_newest_answer_counts(student: Student, engine: AsyncEngine) -> None:
    await asked(student)
    told = await student.screen()
    await student.tap("Дорого")
    await student.tap("Никто не отвечает", message_id=told.message_id, rendering=0)
    assert [(each.answer, each.budget) for each in await answers(engine)] == [("nobody_answers", None)]


async def test_where_nothing_has_a_price_there_is_no_budget(student: Student, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(MentorProfile).values(price=None))
    await student.world.app.catalogue.refresh()
    await play(student, QUESTIONNAIRE[:1])
    for label in ("Бэкенд", "Собеседования", "Дальше →", "Junior", "Python", "Дальше →"):
        await student.tap(label)
    while any("Пропустить" in each or "Не важно" in each for each in await student.buttons()):
        await student.tap(
            next(each for each in await student.buttons() if "Пропустить" in each or "Не важно" in each)
        )
    if "Показать менторов" in await student.buttons():
        await student.tap("Показать менторов")
    await pass_time(student.world, 3 * DAY)
    await student.tap("Дорого")
    assert "буду искать тех, кто дешевле" in await student.text()
    assert [each.budget for each in await answers(engine)] == [None]


async def test_a_question_is_asked_again_after_a_season(student: Student, engine: AsyncEngine) -> None:
    await asked(student)
    await student.world.forward(91 * DAY)
    await student.write("/new")
    await play(student, QUESTIONNAIRE[1:])
    await pass_time(student.world, 3 * DAY)
    assert await questions(engine) == 2


async def test_who_wrote_and_took_it_back_has_written_to_somebody(
    student: Student, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE)
    await student.world.forward(DAY)
    await student.tap("✍️")
    await student.tap("← Назад")
    await student.world.forward(DAY)
    await student.tap("Ещё три →")
    await pass_time(student.world, 3 * DAY)
    assert await questions(engine) == 0


async def test_who_names_another_budget_since_is_taken_at_their_word(
    student: Student, engine: AsyncEngine
) -> None:
    await asked(student)
    await student.tap("Дорого")
    await student.write("/new")
    acts = [Write("7000") if act == Write("4500") else act for act in QUESTIONNAIRE[1:]]
    await play(student, acts)
    newest = (await searches(engine))[-1]
    assert (newest.request["budget"], newest.request["wishes"]) == (7000.0, ["cheaper"])

"""The questionnaire's table: tapped twice, late or all at once, no question is skipped or mixed up."""

import asyncio
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.wiring import create_app
from recommender.taxonomy import load_default
from tests.bot.acts import ANSWERED, QUESTIONNAIRE, Tap, do, play, send
from tests.bot.stored import answers, person, questionnaires, searches
from tests.bot.world import Student, World

STALE = "Эта кнопка уже не действует. Вот где мы сейчас."


async def another_process(world: World) -> World:
    """A new app over the same database and chats: nothing it knows is from before."""
    app = create_app(
        world.app.bot,
        world.app.engine,
        load_default(),
        seed=1,
        monotonic=lambda: 0.0,
    )
    await app.catalogue.refresh()
    return world.restarted(app)


async def test_a_double_tap_on_any_button_does_not_skip_a_question(
    student: Student, engine: AsyncEngine
) -> None:
    for act in QUESTIONNAIRE:
        if isinstance(act, Tap):
            # Twice before the bot has answered once.
            await send(student, act)
            await send(student, act)
            await student.world.work()
        else:
            await do(student, act)
    assert await answers(engine) == ANSWERED
    assert len(await searches(engine)) == 1


async def test_a_double_tap_is_answered_without_a_word(student: Student) -> None:
    await student.write("/start")
    for label in ("Бэкенд", "Собеседования", "Дальше →", "← Назад", "Дальше →", "Middle", "Пропустить →"):
        edits = (await student.screen()).edits
        assert await student.tap(label) == ""
        shown = await student.text()
        assert await student.tap(label, rendering=edits) == "", label
        assert await student.text() == shown


async def test_a_stale_tap_is_answered_and_the_current_question_drawn_again(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    old = await student.screen()
    await student.tap("Бэкенд")
    await student.tap("Пропустить →")
    await student.write("/start")
    assert await student.tap("Фронтенд", message_id=old.message_id, rendering=0) == STALE
    redrawn = next(
        each
        for each in await student.world.client.transcript(student.id)
        if each.message_id == old.message_id
    )
    assert "Ваш уровень сейчас?" in redrawn.text
    assert await answers(engine) == {"directions": ["backend"], "goals": []}


async def test_a_tap_on_a_cancelled_questionnaire_writes_into_none(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    old = await student.screen()
    await student.write("/new")
    assert await student.tap("Фронтенд", message_id=old.message_id) == STALE
    assert [dict(each.answers) for each in await questionnaires(engine)] == [{}, {}]


async def test_a_tap_from_before_a_typed_answer_does_not_undo_it_and_the_next_one_counts(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    for label in ("Бэкенд", "Пропустить →", "Middle", "Пропустить →"):
        await student.tap(label)
    old = (await student.screen()).message_id
    await student.write("4500")
    assert await student.tap("Бесплатно", message_id=old) == STALE
    assert (await answers(engine))["budget"] == ["4500"]
    assert await student.tap("Бесплатно", message_id=old) == ""
    assert (await answers(engine))["budget"] == ["0"]


async def test_two_devices_tapping_in_turn_answer_one_questionnaire(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    message = (await student.screen()).message_id
    # Both see the goals as they were first drawn, and never what the other one tapped.
    await student.tap("Бэкенд")
    for label in ("Собеседования", "Резюме и портфолио", "Собеседования"):
        assert await student.tap(label, message_id=message, rendering=1) == ""
    assert (await answers(engine))["goals"] == ["interviews", "cv"]
    await student.tap("Дальше →")
    assert await student.tap("Другое", message_id=message, rendering=1) == STALE
    assert await student.tap("Пропустить →", message_id=message, rendering=1) == STALE
    assert (await answers(engine))["goals"] == ["interviews", "cv"]


async def test_a_restart_between_any_two_steps_goes_on_where_it_was(
    world: World, engine: AsyncEngine
) -> None:
    for act in QUESTIONNAIRE:
        await do((await another_process(world)).student(), act)
    assert await answers(engine) == ANSWERED
    assert len(await searches(engine)) == 1


async def test_going_back_and_forth_keeps_every_answer(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE[:-1])
    asked = [await student.text()]
    for _ in range(5):
        await student.tap("← Назад")
        asked.append(await student.text())
    assert [text.split(" ", 1)[0] for text in asked] == ["6", "5", "4", "3", "2", "1"]
    assert "← Назад" not in await student.buttons()
    for label in ("✓ Бэкенд", "Дальше →", "✓ Middle", "Дальше →", "Дальше →"):
        await student.tap(label)
    await do(student, QUESTIONNAIRE[-1])
    assert await answers(engine) == ANSWERED


async def test_progress_says_which_question_of_how_many(student: Student) -> None:
    assert "1 из 6" in (await student.write("/start")).text
    await student.tap("Бэкенд")
    assert "2 из 6" in await student.text()


async def test_six_taps_are_enough(student: Student) -> None:
    await student.write("/start")
    for label in ("Бэкенд", "Пропустить →", "Middle", "Пропустить →", "Не важно →", "Показать менторов →"):
        await student.tap(label)
    assert "Вам подходят 3 ментора" in await student.text()


def concurrent_taps(message: int, update_ids: Iterator[int], person: int, questionnaire: int) -> list[object]:
    """Thirty taps of one person at one moment: options of every question, on, and back, and skip."""
    options = ["set:directions:backend", "set:goals:cv", "set:goals:interviews", "set:level:junior"]
    moves = ["next::", "next::", "back::", "skip::"]
    taps = [
        (step, data)
        for step in ("direction", "goals", "level", "skills", "budget", "about")
        for data in (moves if step in {"goals", "level"} else moves[:1])
    ]
    taps += [
        (data.split(":")[1].removesuffix("s") + ("s" if "goals" in data else ""), data) for data in options
    ]
    Random(person).shuffle(taps)
    return [
        {
            "update_id": next(update_ids),
            "callback_query": {
                "id": str(next(update_ids)),
                "from": {"id": person, "is_bot": False, "first_name": "Аня", "language_code": "ru"},
                "chat_instance": "1",
                "message": {
                    "message_id": message,
                    "date": 1,
                    "chat": {"id": person, "type": "private"},
                    "text": "?",
                },
                "data": f"q:{questionnaire}:{step}:{data}:1:0",
            },
        }
        for step, data in (taps * 3)[:30]
    ]


@pytest.mark.parametrize("people", [(1001,), (1001, 1002, 2001)])
async def test_thirty_taps_at_once_leave_answers_only_where_they_belong(
    world: World, engine: AsyncEngine, people: tuple[int, ...]
) -> None:
    update_ids = iter(range(10**6, 10**7))
    taps = []
    for each in people:
        message = await world.student(each).write("/start")
        running = (await questionnaires(engine, each))[-1].id
        taps += concurrent_taps(message.message_id, update_ids, each, running)
    # Two processes, so that the database alone keeps them apart.
    second = (await another_process(world)).app.intake
    await asyncio.gather(
        *((world.app.intake, second)[number % 2].take(tap) for number, tap in enumerate(taps))
    )
    allowed = {
        "directions": ["backend"],
        "goals": ["cv", "interviews"],
        "level": ["junior"],
        "skills": [],
        "free_skills": [],
        "budget": [],
        "formats": [],
        "about": [],
    }
    for each in people:
        rows = await questionnaires(engine, each)
        assert len(rows) == 1
        stored = rows[0].answers
        assert all(set(values) <= set(allowed[name]) for name, values in stored.items())
        steps = ["direction", "goals", "level", "skills", "budget", "about"]
        names = ["directions", "goals", "level", "skills", "budget", "about"]
        before = names[: steps.index(rows[0].step)]
        assert set(before) <= set(stored), "a question was skipped"
        assert len(await searches(engine, each)) == (rows[0].status == "done")


async def test_thirty_students_at_once_each_get_their_own_answers(world: World, engine: AsyncEngine) -> None:
    ids = range(5001, 5031)
    for each in ids:
        await world.client.add_person(each)
        await world.client.send_text(each, "/start")
    await handle_at_once(world)
    for labels in (("Бэкенд", "Фронтенд"), ("Собеседования", "Другое"), ("Дальше →",), ("Middle", "Junior")):
        for each in ids:
            await world.client.tap(each, labels[each % len(labels)])
        await handle_at_once(world)
    for each in ids:
        expected = (
            {"directions": ["frontend"], "goals": ["other"], "level": ["junior"]}
            if each % 2
            else {"directions": ["backend"], "goals": ["interviews"], "level": ["middle"]}
        )
        assert await answers(engine, each) == expected


async def handle_at_once(world: World) -> None:
    updates = await world.updates()
    await asyncio.gather(*map(world.app.intake.take, updates))
    await world.confirm(updates)


async def test_nothing_is_stored_before_consent_and_the_first_answer_brings_it(
    student: Student, engine: AsyncEngine
) -> None:
    hello = (await student.write("/start")).text
    assert "Я храню ваши ответы" in hello
    assert (await person(engine)).consented_at is None
    assert await answers(engine) == {}
    await student.tap("Бэкенд")
    given = await person(engine)
    assert given.consent_version == 1
    assert given.consented_at is not None
    assert await answers(engine) == {"directions": ["backend"]}


async def test_going_on_by_skipping_is_consent_too(student: Student, engine: AsyncEngine) -> None:
    await student.write("/start")
    await student.tap("Пока не знаю →")
    assert (await person(engine)).consent_version == 1


async def test_what_a_stranger_types_before_reading_is_not_kept(
    student: Student, engine: AsyncEngine
) -> None:
    assert "Я храню ваши ответы" in (await student.write("хочу в бэкенд")).text
    assert await answers(engine) == {}
    assert (await person(engine)).consent_version is None


async def test_consent_is_not_asked_again_and_keeps_its_time(student: Student, engine: AsyncEngine) -> None:
    await student.write("/start")
    await student.tap("Бэкенд")
    first = (await person(engine)).consented_at
    assert "Я храню" not in (await student.write("/new")).text
    await student.tap("Бэкенд")
    assert (await person(engine)).consented_at == first


async def test_an_answer_is_changed_and_the_others_stay(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE)
    await student.tap("Изменить ответы")
    assert "Бюджет и формат: до 4\u00a0500 ₽, Регулярно" in await student.text()
    await student.tap("Уровень")
    assert (await student.text()).startswith("Меняем ответ · Ваш уровень сейчас?")
    await student.tap("Senior")
    assert "Уровень: Senior" in await student.text()
    await student.tap("Показать менторов")
    assert await answers(engine) == ANSWERED | {"level": ["senior"]}
    assert [each.status for each in await questionnaires(engine)] == ["done", "done"]
    assert len(await searches(engine)) == 2


async def test_a_budget_of_ones_own_has_a_button_that_takes_it_off(
    student: Student, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE[:8])
    await student.write("4500")
    edits = (await student.screen()).edits
    assert await student.tap("✓ до 4\u00a0500 ₽") == ""
    assert await student.tap("✓ до 4\u00a0500 ₽", rendering=edits) == ""
    assert (await answers(engine))["budget"] == []


async def test_a_fourth_goal_is_refused_with_the_limit(student: Student, engine: AsyncEngine) -> None:
    await student.write("/start")
    for label in ("Бэкенд", "Собеседования", "Другое", "Первая работа"):
        await student.tap(label)
    assert "не больше 3" in await student.tap("Резюме и портфолио")
    assert (await answers(engine))["goals"] == ["interviews", "other", "first_job"]

"""Bad input: each gets a sentence, nothing is written where it does not belong, nothing leaks."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import updates as set_aside
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.stored import answers, events, questionnaires, state
from tests.bot.world import Student, World

AT_DIRECTION, AT_GOALS, AT_SKILLS, AT_BUDGET, AT_ABOUT = 1, 2, 6, 8, 12


async def failed(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return await set_aside.count(connection)


REFUSED = {
    AT_DIRECTION: [
        ("астрология", "Не знаю направления «астрология»."),
        ("<b>жирно</b> & <i>", "Не знаю направления «<b>жирно</b> & <i>»."),
        ("я" * 4096, "помещается 100 знаков"),
    ],
    AT_GOALS: [
        ("не знаю", "Здесь нужно нажать на кнопку."),
        ("собес, резюме, оффер, проект", "Получается больше 3 целей."),
    ],
    AT_SKILLS: [
        ("щ" * 60, "до 50 знаков"),
        (", ".join(f"Зета{number}" for number in range(11)), "Получается больше 10 навыков"),
    ],
    AT_BUDGET: [
        ("много", "Не понял сумму «много». Напишите одно число в рублях"),
        ("50 евро", "Я считаю только в рублях."),
        ("сколько попросят, " * 9, "Напишите одно число в рублях"),
        ("-5", "Не понял сумму"),
        ("1e9", "Не понял сумму"),
    ],
    AT_ABOUT: [("ы" * 1001, "помещается 1"), ("\u200b\u2060", "Здесь нужен текст")],
}


@pytest.mark.parametrize("steps", REFUSED)
async def test_what_is_no_answer_gets_a_sentence_and_the_question_again(
    student: Student, engine: AsyncEngine, steps: int
) -> None:
    await play(student, QUESTIONNAIRE[:steps])
    question, before = (await student.text()).split("\n")[-2:], await answers(engine)
    for text, sentence in REFUSED[steps]:
        screen = await student.write(text)
        assert sentence in screen.text
        assert screen.text.split("\n")[-2:] == question
    assert await answers(engine) == before
    assert await failed(engine) == 0


async def test_a_sticker_or_a_picture_where_text_is_due_gets_a_sentence(
    student: Student, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE[:AT_ABOUT])
    client = student.world.client
    for sending in (client.send_sticker(student.id), client.send_photo(student.id, "подпись")):
        shown = (await student.screen()).message_id
        await sending
        await student.world.work()
        assert "стикеры и картинки я читать не умею" in await student.text()
        assert (await student.screen()).message_id > shown
    assert "about" not in await answers(engine)


async def test_an_unknown_skill_is_kept_and_the_nearest_are_first_among_the_buttons(
    student: Student, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE[:AT_SKILLS])
    screen = await student.write("докир")
    assert "Не знаю «докир», но записал" in screen.text
    assert screen.buttons[0] == "Docker"
    assert "✓ докир" in screen.buttons
    await student.tap("Docker")
    await student.tap("✓ докир")
    stored = await answers(engine)
    assert (stored["skills"], stored["free_skills"]) == (["docker"], [])


async def test_what_was_understood_of_typed_words_is_said_on_the_next_screen(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    assert "Записал: Бэкенд" in (await student.write("хочу в бэкенд")).text
    screen = await student.write("собес, резюме")
    assert "Записал: Собеседования, Резюме и портфолио" in screen.text
    assert "✓ Собеседования" in screen.buttons
    await student.tap("Дальше →")
    screen = await student.write("джун")
    assert screen.text.startswith("Записал: Junior")
    assert "С чем нужна помощь?" in screen.text
    stored = await answers(engine)
    assert (stored["goals"], stored["level"]) == (["interviews", "cv"], ["junior"])


async def test_a_sum_of_ones_own_stands_in_its_place_among_the_sums(student: Student) -> None:
    await play(student, QUESTIONNAIRE[:AT_BUDGET])
    sums = [label for label in (await student.write("4 500")).buttons if "₽" in label]
    assert sums[:3] == ["до 3\u00a0000 ₽", "✓ до 4\u00a0500 ₽", "до 5\u00a0000 ₽"]


SHOWN = ["<b>жирно</b> & <script>", "👩\u200d💻🔥", "справа налево", "%s { $words } ' OR 1=1 --"]


async def test_any_text_is_shown_as_it_was_written(student: Student) -> None:
    for text in SHOWN:
        await student.write("/new")
        await play(student, QUESTIONNAIRE[1:AT_SKILLS])
        assert text in (await student.write(f"\u202e{text}")).text
        await student.tap("Дальше →")
        await student.tap("Не важно →")
        await student.write(text)
        await student.tap("ℹ️ 1")
        await student.tap("✍️ Написать")
        assert text in await student.text()


async def test_own_words_of_full_length_are_taken(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE[:AT_ABOUT])
    await student.write("<&>Ж" * 250)
    assert (await answers(engine))["about"] == ["<&>Ж" * 250]
    assert "Вот кто ближе всего" in await student.text()
    await student.tap("Изменить ответы")
    assert "<&>Ж" in await student.text()


FORGED = [
    "x",
    "q",
    "q:1",
    "q:x:goals:next:::1:0",
    "q:{q}:goals:set::no_such_goal:1:0",
    "q:{q}:goals:set:level:junior:1:0",
    "q:{q}:goals:set:free_skills:~0000000000:1:0",
    "q:{q}:goals:set:no_such_field:cv:0:0",
    "q:{q}:goals:explode:::1:0",
    "q:{q}:no_such_step:next:::1:0",
    "q:{q}:review:edit::no_such_step:1:0",
    "q:{q}:level:set::head:1:0",
    "q:{q}:skills:set::python:1:0",
    "q:{q}:review:show:::1:0",
    "q:-1:goals:next:::1:0",
    f"q:{2**63}:goals:next:::1:0",
    f"q:{10**40}:goals:next:::1:0",
    "q:{q}:goals:set::\x00:1:0",
    "m:open:1:1:0",
    "m:open:0:1:0",
    f"m:open:{2**70}:1:0",
    "m:steal:1:1:0",
    "no:1:1:other",
    "no:1:1:because",
    "more:1",
    "more:0",
    "list:1",
    "lang:de",
    "lang:",
    "begin:-1",
    "begin:999",
]


async def test_forged_data_is_answered_and_writes_nothing(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE[:AT_GOALS])
    before, running = await state(engine), (await questionnaires(engine))[-1].id
    for data in FORGED:
        # Each is answered, or this waits in vain.
        await student.forge(data.replace("{q}", str(running)))
        assert await state(engine) == before, data
        assert "Чего хотите добиться?" in await student.text(), data
    assert await failed(engine) == 0


async def test_another_persons_buttons_show_and_change_nothing_of_theirs(
    world: World, engine: AsyncEngine
) -> None:
    owner, thief = world.student(1001), world.student(1002)
    await play(owner, QUESTIONNAIRE)
    await owner.tap("☆")
    await play(thief, QUESTIONNAIRE[:2])
    theirs, mine = await state(engine, 1001), await state(engine, 1002)
    search = (await events(engine, "search"))[0].search_id
    shown = (await events(engine, "impression"))[0].mentor_id
    done = (await questionnaires(engine))[0].id
    for data in (
        f"q:{done}:review:edit::about:1:{done}",
        f"q:{done}:review:show:::1:0",
        f"q:{done}:about:back:::1:0",
        f"m:open:{search}:{shown}:0",
        f"m:open:0:{shown}:0",
        f"m:write:{search}:{shown}:0",
        f"m:unsave:{search}:{shown}:0",
        f"no:{search}:{shown}:other",
        f"more:{search}",
        f"list:{search}",
    ):
        assert await thief.forge(data) != "", data
        assert "Чего хотите добиться?" in await thief.text()
    assert await state(engine, 1001) == theirs
    assert await state(engine, 1002) == mine


def _message(person: dict[str, Any], chat: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": 1, "from": person, "chat": chat, "text": "бэкенд", **given}


PERSON = {"id": 1001, "is_bot": False, "first_name": "Аня", "language_code": "ru"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "Аня"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Группа"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
SERVICE = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


NOT_FOR_THE_BOT = [
    {"message": _message(PERSON, GROUP)},
    {"message": _message(PERSON, GROUP, text="/start")},
    {"message": _message(ANONYMOUS, GROUP)},
    {"message": _message(SERVICE, PRIVATE | {"id": 777000})},
    {"edited_message": _message(PERSON, PRIVATE, edit_date=2)},
    {"channel_post": _message(PERSON, GROUP | {"type": "channel"})},
]


async def test_what_is_not_for_the_bot_is_left_alone(student: Student, engine: AsyncEngine) -> None:
    await student.write("/start")
    before = await state(engine)
    calls = len(await student.world.client.calls())
    for number, update in enumerate(NOT_FOR_THE_BOT):
        await student.world.app.intake.take({"update_id": 10**6 + number, **update})
        assert await state(engine) == before, update
    said = (await student.world.client.calls())[calls:]
    assert [call for call in said if call["method"] not in {"getUpdates", "getMe"}] == []
    assert await failed(engine) == 0


@pytest.mark.parametrize("nobody", [ANONYMOUS | {"is_bot": False}, SERVICE])
async def test_a_tap_of_nobody_changes_nothing(
    student: Student, engine: AsyncEngine, nobody: dict[str, Any]
) -> None:
    await play(student, QUESTIONNAIRE[:2])
    before, running = await state(engine), (await questionnaires(engine))[-1].id
    tap = {
        "id": "1",
        "from": nobody,
        "chat_instance": "1",
        "data": f"q:{running}:goals:next:::1:0",
        "message": _message(PERSON, PRIVATE),
    }
    await student.world.app.intake.take({"update_id": 10**6, "callback_query": tap})
    assert await state(engine) == before

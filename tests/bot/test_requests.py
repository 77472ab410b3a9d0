"""Requests in the chat: written, sent, answered, taken back; what is refused; what each side reads."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import ContactRequest, MentorProfile, Person
from db.queries import clock
from tests.bot.mentors import VERA, add_vera, change, claimed, letters, profile
from tests.bot.requests import (
    ANYA,
    BORIS,
    WORDS,
    accepted,
    only_request,
    opened,
    pass_time,
    requests,
    written,
)
from tests.bot.stored import events, person
from tests.bot.world import Student, World
from tests.catalogues import fill, mentor
from usecases.request_writing import MOST_OPEN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DRAFT = "Здравствуйте, Вера Новикова! Сможете помочь? Что для этого нужно от меня?"


# --- written -----------------------------------------------------------------------------------------------


async def test_a_request_is_drafted_sent_and_read_by_the_mentor(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    assert DRAFT in await anya.text()
    # Nothing is sent, and nobody has written to anybody yet.
    assert await requests(engine) == []
    assert await events(engine, "contact") == []
    assert await anya.tap("📨 Отправить") == "Отправил! Напишу, как только ментор ответит."
    assert "Ждём ответа ментора" in await anya.text()
    row = await only_request(engine)
    assert (row.person_id, row.state, row.words, row.outside) == (ANYA, "sent", DRAFT, False)
    assert [event.mentor_id for event in await events(engine, "contact")] == [row.mentor_id]
    await world.deliver()
    assert (await vera.text()).startswith(f"📨 Новая заявка: Аня\n\n{DRAFT}")
    assert await vera.buttons() == ("✅ Принять", "❓ Спросить", "⏳ Отвечу позже", "✕ Отказать")


async def test_the_mentor_reads_the_answers_in_short(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    anya = world.student(ANYA)
    await anya.write("/start")
    for act in ("Бэкенд", "Собеседования", "Дальше →", "Junior", "Python", "Дальше →"):
        await anya.tap(act)
    await written(anya)
    await world.deliver()
    assert "Коротко: Бэкенд · Junior · собеседования · Python\n" in await vera.text()


async def test_neither_has_the_others_contact_before_the_mentor_accepts(world: World) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA))
    await world.deliver()
    for told in (await anya.text(), await vera.text()):
        assert "@" not in told
        assert "t.me" not in told
    assert await vera.tap("✅ Принять") == "Приняли! Контакты теперь есть у вас обоих."
    assert "Контакт: @anya_student" in await vera.text()
    await world.deliver()
    assert (await anya.text()).startswith("🎉 Вера Новикова берёт вас!")
    assert "Контакт: @Vera_Mentor" in await anya.text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Коротко!!", "Слишком коротко: напишите хотя бы 10 знаков."),
        ("я" * 1001, "Слишком длинно: здесь помещается 1\u00a0000 знаков."),
    ],
)
async def test_words_that_are_no_message_are_refused_with_the_reason(
    world: World, engine: AsyncEngine, words: str, said: str
) -> None:
    await claimed(world)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("✏️ Изменить текст")
    assert said in (await anya.write(words)).text.replace("1 000", "1\u00a0000")
    # It is still waited for: the next text is the message.
    await anya.write(WORDS)
    await anya.tap("📨 Отправить")
    assert (await only_request(engine)).words == WORDS


@pytest.mark.parametrize("length", [10, 1000])
async def test_words_of_the_shortest_and_the_longest_length_are_sent(
    world: World, engine: AsyncEngine, length: int
) -> None:
    vera = await claimed(world)
    await written(world.student(ANYA), "я" * length)
    await world.deliver()
    assert len((await only_request(engine)).words) == length
    assert "я" * length in await vera.text()


async def test_own_words_wait_until_they_are_sent(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("✏️ Изменить текст")
    await anya.write(WORDS)
    # Something else comes between.
    await anya.write("/saved")
    await opened(anya)
    await anya.tap("✍️ Написать")
    assert WORDS in await anya.text()
    await anya.tap("📨 Отправить")
    assert (await only_request(engine)).words == WORDS


async def test_a_tap_elsewhere_takes_the_question_for_words_back(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("✏️ Изменить текст")
    await anya.tap("← Назад")
    await anya.write("Это уже не письмо ментору")
    await opened(anya)
    await anya.tap("✍️ Написать")
    assert DRAFT in await anya.text()


async def test_a_message_that_comes_again_changes_nothing_twice(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("✏️ Изменить текст")
    await world.client.send_text(ANYA, WORDS)
    updates = await world.updates()
    for update_ in (*updates, *updates):
        await world.app.intake.take(update_)
    await world.confirm(updates)
    assert WORDS in await anya.text()
    await anya.tap("📨 Отправить")
    assert (await only_request(engine)).words == WORDS


async def test_the_same_tap_twice_sends_one_request(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    for _ in range(2):
        await world.client.tap(ANYA, "📨 Отправить")
    await world.work()
    assert (await only_request(engine)).state == "sent"
    await world.deliver()
    told = [each for each in await world.client.transcript(VERA) if "Новая заявка" in each.text]
    assert len(told) == 1


# --- refused -----------------------------------------------------------------------------------------------


async def test_a_second_request_to_the_same_mentor_shows_the_first(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = await written(world.student(ANYA))
    await opened(anya)
    await anya.tap("✍️ Написать")
    assert "Ждём ответа ментора" in await anya.text()
    assert len(await requests(engine)) == 1


async def test_nobody_writes_to_themselves(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await opened(vera)
    await vera.tap("✍️ Написать")
    assert "Это ваша собственная анкета" in await vera.text()
    assert await requests(engine) == []


@pytest.mark.parametrize("status", ["paused", "stale", "left", "removed", "expelled"])
async def test_nobody_writes_to_a_mentor_who_has_been_hidden_since(
    world: World, engine: AsyncEngine, status: str
) -> None:
    await claimed(world)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await change(engine, status=status)
    await anya.tap("📨 Отправить")
    assert "Вера Новикова сейчас не берёт новых учеников" in await anya.text()
    assert await requests(engine) == []


async def test_a_student_has_at_most_five_requests_that_wait(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = await opened(world.student(ANYA))
    await others_waiting(engine, ANYA, MOST_OPEN)
    await anya.tap("✍️ Написать")
    assert f"Одновременно могут ждать ответа {MOST_OPEN} заявок" in await anya.text()
    async with engine.begin() as connection:
        first = (await requests(engine))[0].id
        over = {"state": "withdrawn", "ended_at": await clock.now(connection)}
        await connection.execute(update(ContactRequest).where(ContactRequest.id == first).values(**over))
    await opened(anya)
    await anya.tap("✍️ Написать")
    await anya.tap("📨 Отправить")
    assert "Ждём ответа ментора" in await anya.text()


async def others_waiting(engine: AsyncEngine, person_id: int, count: int) -> None:
    """Requests of this student to other mentors, all of them waiting."""
    async with engine.begin() as connection:
        for number in range(1, count + 1):
            other = update(MentorProfile).where(MentorProfile.external_id == f"m{number}")
            mentor_id = (
                await connection.execute(other.values(capacity=3).returning(MentorProfile.id))
            ).scalar_one()
            values = {"person_id": person_id, "mentor_id": mentor_id, "words": WORDS, "answers": {}}
            await connection.execute(insert(ContactRequest).values(**values))


async def test_a_request_that_waits_holds_a_place(world: World, engine: AsyncEngine) -> None:
    await claimed(world, capacity=1)
    await written(world.student(ANYA))
    boris = await opened(world.student(BORIS))
    await boris.tap("✍️ Написать")
    assert "сейчас заняты все места" in await boris.text()
    anya = world.student(ANYA)
    await anya.tap("↩️ Отозвать")
    await opened(boris)
    await boris.tap("✍️ Написать")
    await boris.tap("📨 Отправить")
    assert [row.state for row in await requests(engine)] == ["withdrawn", "sent"]


async def test_who_has_no_place_left_is_in_no_new_shortlist(world: World, engine: AsyncEngine) -> None:
    await claimed(world, capacity=1)
    await world.app.catalogue.refresh()
    assert world.app.catalogue.snapshot.eligible == 25
    await written(world.student(ANYA))
    await world.app.catalogue.refresh()
    assert world.app.catalogue.snapshot.eligible == 24


async def test_a_mentor_who_states_no_places_has_at_most_seven_waiting(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    vera_id = (await profile(engine)).id
    async with engine.begin() as connection:
        for number in range(7):
            await connection.execute(insert(Person).values(id=7000 + number, first_name="Ученик"))
            values = {"person_id": 7000 + number, "mentor_id": vera_id, "words": WORDS, "answers": {}}
            await connection.execute(insert(ContactRequest).values(**values))
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    assert "сейчас заняты все места" in await anya.text()


async def test_who_was_refused_writes_again_after_a_month(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA))
    await world.deliver()
    await vera.tap("✕ Отказать")
    await vera.tap("Нет времени")
    await opened(anya)
    await anya.tap("✍️ Написать")
    assert "Написать снова можно через месяц" in await anya.text()
    await world.forward(31 * DAY)
    await opened(anya)
    await anya.tap("✍️ Написать")
    assert "📨 Отправить" in await anya.buttons()


async def test_a_request_of_a_mentor_never_shown_is_no_ones_button(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = world.student(ANYA)
    await anya.write("/start")
    vera_id = (await profile(engine)).id
    assert "больше не работает" in await anya.forge(f"w:send:0:{vera_id}")
    assert await requests(engine) == []


# --- outside the bot ---------------------------------------------------------------------------------------


async def test_a_mentor_who_is_not_in_the_bot_is_written_to_by_a_link(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("Показать ссылку")
    screen = await anya.screen()
    buttons = [button for row in screen.keyboard for button in row]
    assert [button.copy_text for button in buttons if button.copy_text] == [DRAFT]
    assert [button.url for button in buttons if button.url] == ["https://t.me/Vera_Mentor"]
    row = await only_request(engine)
    assert (row.state, row.outside) == ("outside", True)
    await opened(anya)
    await anya.tap("✍️ Написать")
    assert len(await requests(engine)) == 1


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("✅ Ответил", "reached"),
        ("✕ Молчит", "unreached"),
        ("Не было времени написать", "withdrawn"),
    ],
)
async def test_after_three_days_the_student_is_asked_whether_there_was_an_answer(
    world: World, engine: AsyncEngine, label: str, state: str
) -> None:
    await add_vera(engine)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("Показать ссылку")
    assert await pass_time(world, 3 * DAY - HOUR) == 0
    assert await pass_time(world, HOUR) == 1
    assert "Ответил ли ментор?" in await anya.text()
    await anya.tap(label)
    assert (await only_request(engine)).state == state
    assert await pass_time(world, 60 * DAY) == 0


async def test_a_mentor_who_has_blocked_the_bot_is_written_to_by_the_link(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    await world.client.block(VERA)
    await world.work()
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("Показать ссылку")
    assert (await only_request(engine)).state == "outside"


# --- answered ----------------------------------------------------------------------------------------------


async def test_accepting_takes_a_place_that_no_import_brings_back(world: World, engine: AsyncEngine) -> None:
    await claimed(world, capacity=2)
    await accepted(world)
    row = await profile(engine)
    assert (row.capacity, row.own) == (1, ["capacity"])
    assert (await only_request(engine)).holds_place


async def test_a_question_and_its_reply_are_passed_on(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA))
    await world.deliver()
    await vera.tap("❓ Спросить")
    await vera.write("Какой у вас <опыт>?")
    await world.deliver()
    assert (await anya.text()).startswith("❓ Вера Новикова спрашивает")
    assert "Какой у вас <опыт>?" in await anya.text()
    await anya.tap("💬 Ответить")
    await anya.write("Год")
    await world.deliver()
    assert (await vera.text()).startswith("💬 Ответ на ваш вопрос: Аня")
    row = await only_request(engine)
    assert (row.state, row.question, row.reply) == ("replied", "Какой у вас <опыт>?", "Год")
    # One message each way.
    assert "❓ Спросить" not in await vera.buttons()
    assert "отвечает" not in await vera.forge(f"r:ask:{row.id}")
    assert (await only_request(engine)).state == "replied"


@pytest.mark.parametrize(
    ("label", "reason", "said"),
    [
        ("Нет времени", "no_time", "нет времени"),
        ("Не моя тема", "not_my_topic", "не та тема"),
        ("Не тот уровень", "wrong_level", "другой уровень учеников"),
        ("Я на перерыве", "on_a_break", "перерыв в менторстве"),
        ("Другое", "other", "причину ментор не назвал"),
    ],
)
async def test_a_refusal_comes_with_its_reason_and_three_others(
    world: World, engine: AsyncEngine, label: str, reason: str, said: str
) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA))
    await world.deliver()
    await vera.tap("✕ Отказать")
    await vera.tap(label)
    row = await only_request(engine)
    assert (row.state, row.decline_reason) == ("declined", reason)
    await world.deliver()
    assert f"не сможет взять вас: {said}" in await anya.text()
    await anya.tap("Показать троих других")
    assert "Вера Новикова" not in await anya.text()
    assert sum(line[:2] in {"1.", "2.", "3."} for line in (await anya.text()).splitlines()) == 3


async def test_who_refuses_for_a_break_is_offered_a_pause(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await written(world.student(ANYA))
    await world.deliver()
    await vera.tap("✕ Отказать")
    await vera.tap("Я на перерыве")
    await vera.tap("1 месяц")
    assert (await profile(engine)).status == "paused"


async def test_others_are_sought_once_for_a_request(world: World) -> None:
    await claimed(world)
    anya = await written(world.student(ANYA))
    asked = await anya.screen()
    seen = []
    for _ in range(2):
        await anya.tap("Показать троих других", message_id=asked.message_id)
        seen.append(await anya.text())
    assert seen[0] == seen[1]


async def test_until_friday_means_until_friday(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA))
    await world.deliver()
    await vera.tap("⏳ Отвечу позже")
    # The clock stands at Monday.
    assert await vera.tap("Пятница, 06.03") == "Хорошо, предупредил ученика."
    await world.deliver()
    assert "Вера Новикова просит подождать до 06.03" in await anya.text()
    # Nobody is reminded, told or given up before.
    assert await pass_time(world, 3 * DAY) == 0
    await pass_time(world, 19 * HOUR)
    assert (await vera.text()).startswith("⏰ Заявка ждёт вашего ответа")
    await pass_time(world, 9 * HOUR)
    assert "пока не отвечает" in await anya.text()
    await pass_time(world, DAY)
    assert (await only_request(engine)).state == "expired"


async def test_a_request_is_put_off_by_a_week_at_most_and_never_into_the_past(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await written(world.student(ANYA))
    await world.deliver()
    row = await only_request(engine)
    assert "больше не работает" in await vera.forge(f"rp:{row.id}:2026-03-10")
    assert "Этот день уже прошёл" in await vera.forge(f"rp:{row.id}:2026-03-02")
    assert (await only_request(engine)).state == "sent"
    await vera.forge(f"rp:{row.id}:2026-03-09")
    assert (await only_request(engine)).state == "postponed"


async def test_a_withdrawn_request_is_redrawn_before_the_mentor(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA))
    await world.deliver()
    before = await vera.screen()
    assert await anya.tap("↩️ Отозвать") == "Отозвал."
    await world.deliver()
    after = await vera.screen()
    assert after.message_id == before.message_id
    assert "Ученик отозвал заявку" in after.text
    assert after.buttons == ()
    # And a tap on what it showed before wins nothing.
    toast = await vera.tap("✅ Принять", message_id=before.message_id, rendering=0)
    assert "Пока вы думали" in toast
    assert (await only_request(engine)).state == "withdrawn"


async def test_a_request_is_not_a_strangers_to_answer(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    await written(world.student(ANYA))
    row = await only_request(engine)
    boris = world.student(BORIS)
    await boris.write("/help")
    for data in (
        f"r:accept:{row.id}",
        f"r:look:{row.id}",
        f"r:withdraw:{row.id}",
        f"rn:{row.id}:other",
        f"rt:{row.id}:yes",
        f"v:{row.id}:stars:5",
        "r:accept:999",
    ):
        assert "больше не работает" in await boris.forge(data), data
    # Neither is it the mentor's to take back, nor the student's to accept.
    assert "больше не работает" in await world.student(ANYA).forge(f"r:accept:{row.id}")
    assert "больше не работает" in await world.student(VERA).forge(f"r:withdraw:{row.id}")
    assert (await only_request(engine)).state == "sent"


# --- what people see ---------------------------------------------------------------------------------------


async def test_my_shows_a_student_their_requests_and_bookmarks(world: World) -> None:
    await claimed(world)
    anya = await opened(world.student(ANYA))
    await anya.tap("☆ Сохранить")
    await written(anya)
    await anya.write("/my")
    assert "Сейчас\n1. Вера Новикова — ждём ответа" in await anya.text()
    assert "☆ Сохранённые: 1" in await anya.buttons()
    await anya.tap("Вера Новикова")
    await anya.tap("↩️ Отозвать")
    await anya.tap("📨 Мои заявки")
    assert "Раньше\n1. Вера Новикова — отозвана" in await anya.text()


async def test_my_shows_a_mentor_who_waits_and_what_came_of_the_profile(world: World) -> None:
    vera = await claimed(world)
    await written(world.student(ANYA))
    await vera.write("/my")
    assert "Написали вам: 1, вы приняли: 0." in await vera.text()
    await vera.tap("📨 Ждут ответа: 1")
    assert "• Аня — до 07.03" in await vera.text()
    await vera.tap("Аня")
    await vera.tap("✅ Принять")
    await vera.write("/my")
    assert "вы приняли: 1." in await vera.text()
    assert not [each for each in await vera.buttons() if "Ждут ответа" in each]


async def test_a_mentor_who_writes_to_others_finds_their_own_requests_too(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await fill(engine, [mentor(200, external_id="other", name="Олег")])
    other = (await profile(engine, "other")).id
    await vera.write(f"/start m{other}_c")
    await vera.tap("✍️ Написать")
    await vera.tap("Показать ссылку")
    await vera.write("/my")
    await vera.tap("📨 Мои заявки как ученика")
    assert "Олег — писали сами" in await vera.text()


async def test_a_student_without_a_username_is_told_so_and_the_mentor_gets_a_link(world: World) -> None:
    vera = await claimed(world)
    await world.client.add_person(5001, "Макс")
    max_ = await opened(world.student(5001))
    await max_.tap("✍️ Написать")
    assert "нет имени пользователя" in await max_.text()
    await max_.tap("📨 Отправить")
    await world.deliver()
    await vera.tap("✅ Принять")
    assert "Если ссылка не откроется, он напишет вам сам" in await vera.text()


async def test_letters_to_a_student_who_blocked_the_bot_are_not_written(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await written(world.student(ANYA))
    await world.deliver()
    await world.client.block(ANYA)
    await world.work()
    await vera.tap("✅ Принять")
    row = await only_request(engine)
    assert row.state == "accepted"
    assert not [each for each in await letters(engine) if f"request:{row.id}:accepted" in each.dedupe_key]


async def test_what_was_missing_is_a_students_own_matter(world: World, student: Student) -> None:
    await student.write("/start")
    for data in ("ms:1:too_dear", "mn:1", "va:1", "bar:talk:1", "vc:publish:1:0"):
        assert "больше не работает" in await student.forge(data), data


# --- what must never be ------------------------------------------------------------------------------------


async def test_the_username_behind_a_profile_is_no_public_link(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    await change(engine, telegram=None)
    await world.client.block(VERA)
    await world.work()
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("Показать ссылку")
    screen = await anya.screen()
    assert "vera" not in screen.text.lower().replace("вера", "")
    assert not [button.url for row in screen.keyboard for button in row if button.url]


async def test_nothing_is_kept_of_who_has_not_agreed_before_they_say_so(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    assert await requests(engine) == []
    assert "Нажимая, вы с этим соглашаетесь" in await anya.text()
    await anya.tap("Показать ссылку")
    assert len(await requests(engine)) == 1
    assert (await person(engine)).consented_at is not None


async def test_a_mentor_who_comes_into_the_bot_is_written_to_there_from_then_on(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("Показать ссылку")
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("Да, моя")
    await opened(anya)
    await anya.tap("✍️ Написать")
    await anya.tap("📨 Отправить")
    assert [row.state for row in await requests(engine)] == ["withdrawn", "sent"]


async def test_a_link_is_not_handed_out_once_the_mentor_takes_nobody(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("Показать ссылку")
    await change(engine, status="paused")
    await anya.forge(f"m:write:0:{(await profile(engine)).id}:0")
    assert "сейчас не берёт новых учеников" in await anya.text()


async def test_put_off_twice_to_the_same_day_the_student_is_told_twice(world: World) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA))
    await world.deliver()
    for _ in range(2):
        await vera.tap("⏳ Отвечу позже")
        await vera.tap("Пятница, 06.03")
        await world.deliver()
        assert "просит подождать до 06.03" in await anya.text()
        if "❓ Спросить" in await vera.buttons():
            await vera.tap("❓ Спросить")
            await vera.write("Какой у вас опыт?")
            await world.deliver()
            await anya.tap("💬 Ответить")
            await anya.write("Год")
            await world.deliver()


async def test_to_ask_for_time_is_an_answer(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await written(world.student(ANYA))
    await world.deliver()
    await world.forward(2 * HOUR)
    await vera.tap("⏳ Отвечу позже")
    await vera.tap("Пятница, 06.03")
    await world.tick("ratings")
    row = await profile(engine)
    assert (row.requests_answered, row.answer_hours, row.prompt_share) == (1, 2.0, 1.0)


async def test_who_taps_twice_reads_twice_that_it_is_done(world: World) -> None:
    vera = await claimed(world)
    await written(world.student(ANYA))
    await world.deliver()
    letter = await vera.screen()
    for _ in range(2):
        said = await vera.tap("✅ Принять", message_id=letter.message_id, rendering=0)
        assert said == "Приняли! Контакты теперь есть у вас обоих."


async def test_words_for_a_request_that_is_gone_are_answered_once_and_then_mean_what_they_did(
    world: World,
) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA))
    await world.deliver()
    await vera.tap("❓ Спросить")
    await anya.write("/forget")
    await anya.tap("Да, удалить всё")
    assert "уже закрыто или удалено" in (await vera.write("Какой у вас опыт?")).text
    assert "уже закрыто" not in (await vera.write("/my")).text


async def test_the_place_of_a_student_who_was_forgotten_is_free_again(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world, capacity=1)
    anya = await accepted(world)
    assert (await profile(engine)).capacity == 0
    await anya.write("/forget")
    await anya.tap("Да, удалить всё")
    assert (await profile(engine)).capacity == 1


async def test_a_forgotten_students_words_are_left_nowhere(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA), WORDS)
    await world.deliver()
    await anya.write("/forget")
    await anya.tap("Да, удалить всё")
    await world.deliver()
    assert await vera.text() == "Этой заявки больше нет: ученик удалил свои данные."
    assert not [each for each in await letters(engine) if WORDS in str(each.payload)]


async def test_a_request_that_was_not_delivered_yet_is_not_delivered_after_its_student_is_forgotten(
    world: World,
) -> None:
    vera = await claimed(world)
    anya = await written(world.student(ANYA), WORDS)
    await anya.write("/forget")
    await anya.tap("Да, удалить всё")
    await world.deliver()
    assert not [each for each in await world.client.transcript(vera.id) if WORDS in each.text]


async def test_a_mentor_sees_whom_they_have_taken(world: World) -> None:
    vera = await claimed(world)
    await accepted(world)
    await vera.write("/my")
    await vera.tap("📨 Мои ученики")
    assert "Вы приняли\n• Аня" in await vera.text()
    await vera.tap("Аня")
    assert "Контакт: @anya_student" in await vera.text()


async def test_a_mentor_whose_places_are_all_held_is_told_why_nobody_new_comes(world: World) -> None:
    vera = await claimed(world, capacity=1)
    await written(world.student(ANYA))
    assert "Все места заняты заявками" in (await vera.write("/my")).text


async def test_a_mentor_who_takes_a_student_who_blocked_the_bot_is_told_so(world: World) -> None:
    vera = await claimed(world)
    await written(world.student(ANYA))
    await world.deliver()
    await world.client.block(ANYA)
    await world.work()
    await vera.tap("✅ Принять")
    assert "Ученик заблокировал бота" in await vera.text()

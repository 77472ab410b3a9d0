"""The clock of requests: every step a minute before its hour and at it, at night, after a long absence."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import CheckIn, Person
from db.queries import clock
from sandbox.client import Message
from tests.bot.conftest import NOON
from tests.bot.mentors import VERA, add_vera, change, claimed, letters, profile
from tests.bot.requests import (
    ANYA,
    BORIS,
    accepted,
    only_request,
    opened,
    pass_time,
    requests,
    talked,
    written,
)
from tests.bot.world import Student, World

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=7)
MOSCOW = ZoneInfo("Europe/Moscow")

# What begins, or stands in, the letters of the clock's.
WAITS = "⏰ Заявка ждёт вашего ответа"
LATE = "пока не отвечает"
EXPIRED = "так и не ответил, и заявка закрылась"
CLOSED = "больше не берёт учеников, и заявка закрылась"
ASKED_AGAIN = "ждёт вашего ответа на вопрос"
DID_YOU_TALK = "Удалось поговорить с ментором"
DO_YOU_GO_ON = "Занимаетесь дальше?"
DID_THEY_ANSWER = "Ответил ли ментор?"
UNANSWERED = "За последний месяц без"
ANSWERING = ("✅ Принять", "❓ Спросить", "⏳ Отвечу позже", "✕ Отказать")
OTHERS = "Показать троих других"


# --- played ------------------------------------------------------------------------------------------------


async def told(world: World, person: int, words: str) -> list[Message]:
    """The bot's messages in a person's chat that say this, oldest first."""
    return [each for each in await world.client.transcript(person) if each.by_bot and words in each.text]


async def count(world: World, person: int, words: str) -> int:
    """How many there are."""
    return len(await told(world, person, words))


async def at(world: World, day: int, hour: int, minute: int = 0) -> None:
    """Stand at a time of March in Moscow, and have done what is due."""
    async with world.app.engine.begin() as connection:
        await clock.stand_at(connection, datetime(2026, 3, day, hour, minute, tzinfo=MOSCOW))
    await pass_time(world, timedelta())


async def sent(world: World, person: int = ANYA) -> Student:
    """A student whose request Vera has read."""
    student = await written(world.student(person))
    await world.deliver()
    return student


async def strangers(world: World, number: int) -> list[Student]:
    """So many people who have never written to the bot."""
    people = range(6001, 6001 + number)
    for person in people:
        await world.client.add_person(person, f"Ученик {person}")
    return [world.student(person) for person in people]


async def asked(world: World, person: int = ANYA) -> Student:
    """A student who was asked something."""
    student = await sent(world, person)
    vera = world.student(VERA)
    await vera.tap("❓ Спросить")
    await vera.write("Какой у вас опыт?")
    await world.deliver()
    return student


async def replied(world: World, person: int = ANYA) -> Student:
    """And who has replied."""
    student = await asked(world, person)
    await student.tap("💬 Ответить")
    await student.write("Год")
    await world.deliver()
    return student


async def postponed(world: World, person: int = ANYA) -> Student:
    """A student whom Vera asked to wait until Friday."""
    student = await sent(world, person)
    await world.student(VERA).tap("⏳ Отвечу позже")
    await world.student(VERA).tap("Пятница, 06.03")
    await world.deliver()
    return student


async def five_days(world: World) -> None:
    """The clock makes all its steps with what was sent, and each in time."""
    for passed in (DAY, DAY, 3 * DAY):
        await pass_time(world, passed)


async def state(engine: AsyncEngine) -> str:
    """Of the only request."""
    return str((await only_request(engine)).state)


async def states(engine: AsyncEngine) -> list[str]:
    """Of all requests, oldest first."""
    return [row.state for row in await requests(engine)]


async def news(engine: AsyncEngine, request_id: int) -> list[str]:
    """What was written about a request, in this order; nothing that changes a message."""
    keys = [row.dedupe_key.split(":") for row in await letters(engine)]
    return [key[2] for key in keys if key[:2] == ["request", str(request_id)]]


# --- the mentor does not answer ----------------------------------------------------------------------------


async def test_the_mentor_is_reminded_after_a_day_by_a_letter_with_the_same_buttons(world: World) -> None:
    vera = await claimed(world)
    await sent(world)
    assert await pass_time(world, DAY - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert (await vera.text()).startswith(f"{WAITS}: Аня")
    assert await vera.buttons() == ANSWERING
    # Once.
    assert await pass_time(world, timedelta()) == 0


async def test_the_reminder_takes_the_answer_as_the_first_letter_would(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await sent(world)
    await pass_time(world, DAY)
    (reminder,) = await told(world, VERA, WAITS)
    await vera.tap("✅ Принять", message_id=reminder.message_id)
    assert await state(engine) == "accepted"


async def test_the_student_is_told_after_two_days_and_offered_three_others(world: World) -> None:
    await claimed(world)
    anya = await sent(world)
    await pass_time(world, DAY)
    assert await pass_time(world, DAY - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert LATE in await anya.text()
    await anya.tap(OTHERS)
    assert "Вера Новикова" not in await anya.text()
    assert sum(line[:2] in {"1.", "2.", "3."} for line in (await anya.text()).splitlines()) == 3


async def test_a_request_is_still_answered_after_the_student_was_offered_others(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    anya = await sent(world)
    await pass_time(world, DAY)
    await pass_time(world, DAY)
    assert await state(engine) == "sent"
    await vera.tap("✅ Принять")
    await world.deliver()
    assert (await anya.text()).startswith("🎉 Вера Новикова берёт вас!")
    assert await state(engine) == "accepted"


async def test_a_request_expires_after_five_days_to_the_minute(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = await sent(world)
    await pass_time(world, DAY)
    await pass_time(world, DAY)
    assert await pass_time(world, 3 * DAY - MINUTE) == 0
    assert await state(engine) == "sent"
    await pass_time(world, MINUTE)
    row = await only_request(engine)
    assert (row.state, row.ended_at) == ("expired", NOON + 5 * DAY)
    assert EXPIRED in await anya.text()
    assert await anya.buttons() == (OTHERS,)
    assert await pass_time(world, 60 * DAY) == 0


async def test_an_expired_request_is_redrawn_without_buttons_and_a_late_tap_shows_it(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await sent(world)
    first = await vera.screen()
    await pass_time(world, DAY)
    reminder = await vera.screen()
    await pass_time(world, DAY)
    await pass_time(world, 3 * DAY)
    redrawn = await vera.screen()
    assert redrawn.message_id == reminder.message_id
    assert "Ответа не было, заявка закрылась" in redrawn.text
    assert redrawn.buttons == ()
    # The letter before the reminder still shows its buttons, and so does a phone that was offline.
    for message in (first, reminder):
        toast = await vera.tap("✅ Принять", message_id=message.message_id, rendering=0)
        assert "Пока вы думали" in toast
    assert await count(world, VERA, "Ответа не было, заявка закрылась") == 2
    assert await state(engine) == "expired"


# --- somebody is asked, or asks for time -------------------------------------------------------------------


async def test_a_student_who_was_asked_is_reminded_after_a_day(world: World) -> None:
    await claimed(world)
    anya = await asked(world)
    assert await pass_time(world, DAY - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert ASKED_AGAIN in await anya.text()
    await anya.tap("💬 Ответить")
    await anya.write("Год")
    await world.deliver()
    assert (await world.student(VERA).text()).startswith("💬 Ответ на ваш вопрос: Аня")


async def test_a_question_without_a_reply_lapses_after_five_days_before_the_mentors_eyes(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await asked(world)
    await pass_time(world, DAY)
    await pass_time(world, 4 * DAY - MINUTE)
    assert await state(engine) == "asked"
    await pass_time(world, MINUTE)
    row = await only_request(engine)
    assert (row.state, row.ended_at) == ("lapsed", NOON + 5 * DAY)
    (redrawn,) = await told(world, VERA, "Ученик не ответил на вопрос")
    assert redrawn.buttons == ()
    assert "Пока вы думали" in await vera.forge(f"r:accept:{row.id}")
    assert await state(engine) == "lapsed"


async def test_questions_without_a_reply_are_no_silence_of_the_mentors(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    for student in await strangers(world, 4):
        await asked(world, student.id)
    await pass_time(world, DAY)
    await pass_time(world, 4 * DAY)
    assert await states(engine) == ["lapsed"] * 4
    assert await count(world, VERA, UNANSWERED) == 0
    assert (await profile(engine)).status == "active"


async def test_after_a_reply_the_clock_begins_anew(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    anya = await sent(world)
    await pass_time(world, 23 * HOUR)
    await vera.tap("❓ Спросить")
    await vera.write("Какой у вас опыт?")
    await pass_time(world, 23 * HOUR)
    await anya.tap("💬 Ответить")
    await anya.write("Год")
    await world.deliver()
    assert await pass_time(world, DAY - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert (await vera.text()).startswith(f"{WAITS}: Аня")
    # The question was the only one.
    assert await vera.buttons() == ("✅ Принять", "⏳ Отвечу позже", "✕ Отказать")
    assert await pass_time(world, DAY - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert LATE in await anya.text()
    await pass_time(world, 3 * DAY - MINUTE)
    assert await state(engine) == "replied"
    await pass_time(world, MINUTE)
    assert await state(engine) == "expired"
    assert await count(world, ANYA, ASKED_AGAIN) == 0


@pytest.mark.parametrize(
    ("day", "hour", "before", "since"),
    [
        # Friday morning, Friday evening an hour before the night, a day later.
        (6, 10, (0, 0, "postponed"), (1, 0, "postponed")),
        (6, 19, (1, 0, "postponed"), (1, 1, "postponed")),
        (7, 19, (1, 1, "postponed"), (0, 1, "expired")),
    ],
)
async def test_a_request_put_off_until_friday_has_its_steps_on_friday(
    world: World,
    engine: AsyncEngine,
    day: int,
    hour: int,
    before: tuple[int, int, str],
    since: tuple[int, int, str],
) -> None:
    await claimed(world)
    await postponed(world)

    async def seen() -> tuple[int, int, str]:
        return await count(world, VERA, WAITS), await count(world, ANYA, LATE), await state(engine)

    for earlier_day, earlier_hour in ((6, 10), (6, 19), (7, 19)):
        if (earlier_day, earlier_hour) < (day, hour):
            await at(world, earlier_day, earlier_hour)
    await at(world, day, hour - 1, 59)
    assert await seen() == before
    await at(world, day, hour)
    # The reminder is redrawn when all is over.
    assert await seen() == since


async def test_who_was_put_off_by_a_day_is_not_told_that_two_have_passed(world: World) -> None:
    vera = await claimed(world)
    anya = await sent(world)
    await vera.tap("⏳ Отвечу позже")
    await vera.tap("Вторник, 03.03")
    await at(world, 3, 10)
    await at(world, 3, 19)
    assert LATE in await anya.text()
    assert "двое суток" not in await anya.text()


# --- silence counts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words", "status"),
    [
        (1, [], "active"),
        (2, ["осталось заявок: 2"], "active"),
        (3, ["осталось заявок: 2"], "active"),
        (4, ["осталось заявок: 2", "осталось заявок: 4, поэтому я поставил вас на паузу"], "paused"),
    ],
)
async def test_the_second_silence_within_a_month_brings_a_word_and_the_fourth_a_pause(
    world: World, engine: AsyncEngine, number: int, words: list[str], status: str
) -> None:
    await claimed(world)
    for student in await strangers(world, number):
        await sent(world, student.id)
    await five_days(world)
    assert await states(engine) == ["expired"] * number
    said = await told(world, VERA, UNANSWERED)
    assert [word in each.text for word, each in zip(words, said, strict=True)] == [True] * len(words)
    assert [each.buttons for each in said] == [("⏸ Пауза…",), ("▶️ Вернуться в подбор",)][: len(words)]
    assert (await profile(engine)).status == status


async def test_one_tap_brings_back_who_was_paused_for_silence(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    for student in await strangers(world, 4):
        await sent(world, student.id)
    await five_days(world)
    assert await vera.tap("▶️ Вернуться в подбор") == "С возвращением! Анкета снова открыта."
    row = await profile(engine)
    assert (row.status, row.paused_until) == ("active", None)
    await sent(world)
    assert (await requests(engine))[-1].state == "sent"


async def test_the_pause_for_silence_closes_what_else_waits_and_tells_its_students(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    silent = await strangers(world, 5)
    for student in silent:
        await sent(world, student.id)
    await pass_time(world, DAY)
    anya = await sent(world)
    await pass_time(world, DAY)
    await pass_time(world, 3 * DAY)
    # The fifth came to its end in the same minute, and is not held against her twice.
    assert await states(engine) == [*["expired"] * 4, "closed", "closed"]
    for closed in (silent[4].id, ANYA):
        assert await count(world, closed, CLOSED) == 1
        assert await count(world, closed, EXPIRED) == 0
    await anya.tap(OTHERS)
    # Each stands twice in her chat, as it came and as she was reminded of it.
    assert await count(world, VERA, "Заявка закрыта: вы сейчас не берёте учеников") == 4
    assert await pass_time(world, 10 * DAY) == 0


async def test_silence_is_counted_anew_from_the_pause(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    students = await strangers(world, 6)
    for student in students[:4]:
        await sent(world, student.id)
    await five_days(world)
    await vera.tap("▶️ Вернуться в подбор")
    # The explanation has become her profile; the word of before stands.
    for student, words in zip(students[4:], (1, 2), strict=True):
        await sent(world, student.id)
        await five_days(world)
        assert await count(world, student.id, EXPIRED) == 1
        assert await count(world, VERA, "осталось заявок: 2") == words
    assert (await profile(engine)).status == "active"


@pytest.mark.parametrize(("apart", "words"), [(30 * DAY - MINUTE, 1), (30 * DAY, 0)])
async def test_silence_of_thirty_days_ago_does_not_count(world: World, apart: timedelta, words: int) -> None:
    await claimed(world)
    await sent(world, ANYA)
    await five_days(world)
    await world.forward(apart - 5 * DAY)
    await sent(world, BORIS)
    await five_days(world)
    assert await count(world, BORIS, EXPIRED) == 1
    assert await count(world, VERA, UNANSWERED) == words


# --- the mentor goes ---------------------------------------------------------------------------------------


async def pauses(world: World) -> None:
    """For a month."""
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("⏸ Пауза…")
    await vera.tap("1 месяц")


async def leaves(world: World) -> None:
    """For good."""
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("Больше не менторю")
    await vera.tap("Да, больше не менторю")


async def goes_stale(world: World) -> None:
    """By three questions without an answer."""
    long_ago = NOON - 60 * DAY
    asked_last = {"asked_at": long_ago, "last_step_at": long_ago, "reminders": 2}
    async with world.app.engine.begin() as connection:
        await connection.execute(update(Person).where(Person.id == VERA).values(last_seen_at=long_ago))
    mentor_id = (await profile(world.app.engine)).id
    async with world.app.engine.begin() as connection:
        await connection.execute(insert(CheckIn).values(mentor_id=mentor_id, **asked_last))
    await world.tick("activity")
    assert (await profile(world.app.engine)).status == "stale"


async def is_removed(world: World) -> None:
    """By an import, which knows nothing of requests."""
    await change(world.app.engine, status="removed")
    await world.tick("requests")


async def is_forgotten(world: World) -> None:
    """By her own word."""
    vera = world.student(VERA)
    await vera.write("/forget")
    await vera.tap("Да, удалить всё")
    assert (await profile(world.app.engine)).person_id is None


WAYS = [pauses, leaves, goes_stale, is_removed, is_forgotten]


@pytest.mark.parametrize("goes", WAYS)
async def test_with_a_mentor_who_goes_all_that_waits_is_closed_and_each_student_told_once(
    world: World, engine: AsyncEngine, goes: Callable[[World], Awaitable[None]]
) -> None:
    await claimed(world)
    first, second, third = await strangers(world, 3)
    await accepted(world, first.id)
    await asked(world, BORIS)
    await replied(world, second.id)
    await postponed(world, third.id)
    anya = await sent(world)
    assert await states(engine) == ["accepted", "asked", "replied", "postponed", "sent"]
    await goes(world)
    await world.deliver()
    assert await states(engine) == ["accepted", *["closed"] * 4]
    for _ in range(3):
        await pass_time(world, DAY)
    for student in (BORIS, second.id, third.id, ANYA):
        (closed,) = await told(world, student, CLOSED)
        assert closed.buttons == (OTHERS,)
        for other in (LATE, EXPIRED, ASKED_AGAIN):
            assert await count(world, student, other) == 0
    assert await count(world, first.id, CLOSED) == 0
    assert await count(world, first.id, DID_YOU_TALK) == 1
    await anya.tap(OTHERS)
    assert sum(line[:2] in {"1.", "2.", "3."} for line in (await anya.text()).splitlines()) == 3
    assert "Вера Новикова" not in await anya.text()


async def test_what_is_closed_is_redrawn_without_buttons(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    await sent(world)
    await pauses(world)
    await world.deliver()
    (redrawn,) = await told(world, VERA, "Заявка закрыта: вы сейчас не берёте учеников")
    assert redrawn.buttons == ()
    toast = await world.student(VERA).tap("✅ Принять", message_id=redrawn.message_id, rendering=0)
    assert "Пока вы думали" in toast
    assert await state(engine) == "closed"


async def test_the_tick_leaves_alone_what_waits_for_mentors_who_are_there(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    await sent(world)
    assert (await world.tick("requests")).matched == 0
    assert await state(engine) == "sent"


async def test_a_mentor_who_blocked_the_bot_is_taken_for_gone_after_a_day(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    anya = await sent(world)
    await world.client.block(VERA)
    await world.work()
    await pass_time(world, DAY - MINUTE)
    assert await state(engine) == "sent"
    assert await count(world, ANYA, CLOSED) == 0
    await pass_time(world, MINUTE)
    assert await state(engine) == "closed"
    assert CLOSED in await anya.text()
    assert await anya.buttons() == (OTHERS,)
    assert await pass_time(world, 10 * DAY) == 0


async def test_a_mentor_who_came_back_within_the_day_is_reminded(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    await sent(world)
    await world.client.block(VERA)
    await world.work()
    await world.client.unblock(VERA)
    await world.work()
    await pass_time(world, DAY)
    assert await count(world, VERA, WAITS) == 1
    assert await state(engine) == "sent"


# --- did you talk? -----------------------------------------------------------------------------------------


async def test_three_days_after_a_yes_the_student_is_asked_whether_they_talked(world: World) -> None:
    await claimed(world)
    anya = await accepted(world)
    assert await pass_time(world, 3 * DAY - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert DID_YOU_TALK in await anya.text()
    assert await anya.buttons() == ("✅ Да", "⏳ Ещё нет", "✕ Нет")


async def test_not_yet_is_asked_again_a_week_later_at_most_three_times(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    anya = await accepted(world)
    await pass_time(world, 3 * DAY)
    for _ in range(3):
        # What was tapped shows the request from now on.
        await anya.tap("⏳ Ещё нет")
        await pass_time(world, WEEK - MINUTE)
        assert await count(world, ANYA, DID_YOU_TALK) == 0
        await pass_time(world, MINUTE)
        assert await count(world, ANYA, DID_YOU_TALK) == 1
    assert await state(engine) == "accepted"
    await anya.tap("⏳ Ещё нет")
    assert await state(engine) == "lapsed"
    assert await pass_time(world, 60 * DAY) == 0


async def test_not_yet_is_counted_from_the_tap(world: World) -> None:
    await claimed(world)
    anya = await accepted(world)
    await pass_time(world, 3 * DAY)
    await pass_time(world, 2 * DAY)
    await anya.tap("⏳ Ещё нет")
    assert await pass_time(world, WEEK - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert DID_YOU_TALK in await anya.text()


async def test_who_never_says_is_asked_four_times_in_all(world: World, engine: AsyncEngine) -> None:
    await claimed(world, capacity=2)
    await accepted(world)
    await pass_time(world, 3 * DAY)
    for times in (1, 2, 3):
        assert await count(world, ANYA, DID_YOU_TALK) == times
        assert await pass_time(world, WEEK - MINUTE) == 0
        assert await pass_time(world, MINUTE) == 1
    assert await count(world, ANYA, DID_YOU_TALK) == 4
    await pass_time(world, WEEK - MINUTE)
    assert await state(engine) == "accepted"
    assert await pass_time(world, MINUTE) == 0
    assert await state(engine) == "lapsed"
    assert await pass_time(world, 60 * DAY) == 0


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Ментор не пришёл", "absent"),
        ("Не договорились", "no_agreement"),
        ("Планы изменились", "changed_mind"),
        ("Другое", "other"),
    ],
)
async def test_who_never_talked_says_why_and_the_mentor_has_the_place_back(
    world: World, engine: AsyncEngine, label: str, reason: str
) -> None:
    await claimed(world, capacity=2)
    anya = await accepted(world)
    await pass_time(world, 3 * DAY)
    await anya.tap("✕ Нет")
    assert (await state(engine), (await profile(engine)).capacity) == ("accepted", 1)
    await anya.tap(label)
    row = await only_request(engine)
    assert (row.state, row.miss_reason, row.holds_place) == ("missed", reason, False)
    assert (await profile(engine)).capacity == 2
    # A second tap on the same list of reasons brings no second place.
    await anya.forge(f"rm:{row.id}:{reason}")
    assert (await profile(engine)).capacity == 2
    assert await pass_time(world, 60 * DAY) == 0


async def places_set_anew(world: World, label: str) -> None:
    """Vera counts her free places."""
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("✏️ Обновить данные")
    await vera.tap("Места")
    await vera.tap(label)


async def test_a_place_that_the_mentor_has_counted_herself_since_does_not_come_back(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world, capacity=2)
    anya = await accepted(world)
    await places_set_anew(world, "5")
    await pass_time(world, 3 * DAY)
    await anya.tap("✕ Нет")
    await anya.tap("Другое")
    assert (await state(engine), (await profile(engine)).capacity) == ("missed", 5)


async def test_where_no_places_are_stated_none_come_back(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    anya = await accepted(world)
    await pass_time(world, 3 * DAY)
    await anya.tap("✕ Нет")
    await anya.tap("Другое")
    assert (await state(engine), (await profile(engine)).capacity) == ("missed", None)


# --- do you go on? -----------------------------------------------------------------------------------------


async def test_thirty_days_after_the_talk_the_student_is_asked_whether_they_go_on(world: World) -> None:
    await claimed(world)
    anya = await talked(world)
    assert await pass_time(world, 30 * DAY - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert DO_YOU_GO_ON in await anya.text()
    assert await anya.buttons() == ("✅ Да, продолжаем", "Нет, закончили")


@pytest.mark.parametrize(
    ("label", "ended", "places"),
    [("✅ Да, продолжаем", "going_on", 1), ("Нет, закончили", "finished", 2)],
)
async def test_who_goes_on_keeps_the_place_and_who_does_not_gives_it_back(
    world: World, engine: AsyncEngine, label: str, ended: str, places: int
) -> None:
    await claimed(world, capacity=2)
    anya = await talked(world)
    await pass_time(world, 30 * DAY)
    await anya.tap(label)
    assert (await state(engine), (await profile(engine)).capacity) == (ended, places)
    assert await pass_time(world, 60 * DAY) == 0


async def test_who_ends_it_gives_no_place_back_that_was_counted_since(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world, capacity=2)
    anya = await talked(world)
    await places_set_anew(world, "3")
    await pass_time(world, 30 * DAY)
    await anya.tap("Нет, закончили")
    assert (await state(engine), (await profile(engine)).capacity) == ("finished", 3)


async def test_who_does_not_say_whether_they_go_on_is_asked_no_more_after_fourteen_days(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world, capacity=2)
    await talked(world)
    await pass_time(world, 30 * DAY)
    assert await pass_time(world, 14 * DAY - MINUTE) == 0
    assert await state(engine) == "talked"
    assert await pass_time(world, MINUTE) == 0
    assert (await state(engine), (await profile(engine)).capacity) == ("lapsed", 2)
    assert await pass_time(world, 60 * DAY) == 0


# --- outside the bot ---------------------------------------------------------------------------------------


async def test_a_request_outside_the_bot_is_asked_about_after_three_days_and_lapses_after_ten(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("Показать ссылку")
    assert await pass_time(world, 3 * DAY - MINUTE) == 0
    assert await pass_time(world, MINUTE) == 1
    assert DID_THEY_ANSWER in await anya.text()
    assert await pass_time(world, WEEK - MINUTE) == 0
    assert await state(engine) == "outside"
    assert await pass_time(world, MINUTE) == 0
    row = await only_request(engine)
    assert (row.state, row.ended_at) == ("lapsed", NOON + 10 * DAY)


# --- at night ----------------------------------------------------------------------------------------------


async def test_what_people_say_at_night_goes_out_at_night(world: World) -> None:
    vera = await claimed(world)
    await at(world, 2, 23, 30)
    anya = await sent(world)
    assert (await vera.text()).startswith("📨 Новая заявка: Аня")
    await vera.tap("✅ Принять")
    await world.deliver()
    assert (await anya.text()).startswith("🎉 Вера Новикова берёт вас!")


@pytest.mark.parametrize(
    ("hour", "minute", "same_day"),
    [(9, 59, False), (10, 0, True), (19, 59, True), (20, 0, False), (23, 30, False)],
)
async def test_the_clocks_letters_go_out_between_ten_and_twenty(
    world: World, engine: AsyncEngine, hour: int, minute: int, same_day: bool
) -> None:
    await claimed(world)
    await at(world, 3, hour, minute)
    await sent(world)
    await at(world, 4, hour, minute)
    assert (await only_request(engine)).steps == 1
    assert await count(world, VERA, WAITS) == same_day
    morning = (4, 9) if hour < 10 else (5, 9)
    await at(world, *morning, 59)
    assert await count(world, VERA, WAITS) == same_day
    await at(world, morning[0], 10)
    assert await count(world, VERA, WAITS) == 1


async def test_a_request_expires_at_night_and_its_letter_waits_for_the_morning(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await at(world, 2, 23, 30)
    await sent(world)
    for day in (3, 4):
        await at(world, day, 23, 30)
    await at(world, 5, 10)
    await at(world, 7, 23, 29)
    assert await state(engine) == "sent"
    await at(world, 7, 23, 30)
    assert await state(engine) == "expired"
    # To redraw wakes nobody up; the letter would.
    assert "Ответа не было, заявка закрылась" in await vera.text()
    await at(world, 8, 9, 59)
    assert await count(world, ANYA, EXPIRED) == 0
    await at(world, 8, 10)
    assert await count(world, ANYA, EXPIRED) == 1


async def test_the_word_and_the_pause_for_silence_wait_for_the_morning_too(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    await at(world, 2, 23, 30)
    for student in await strangers(world, 5):
        await sent(world, student.id)
    for day in (3, 4, 7):
        await at(world, day, 23, 30)
    assert (await profile(engine)).status == "paused"
    assert await states(engine) == [*["expired"] * 4, "closed"]
    assert await count(world, VERA, UNANSWERED) == 0
    assert await count(world, 6005, CLOSED) == 0
    await at(world, 8, 10)
    assert await count(world, VERA, UNANSWERED) == 2
    assert await count(world, 6005, CLOSED) == 1


async def test_a_reminder_of_the_night_is_not_sent_to_who_has_answered_by_the_morning(world: World) -> None:
    vera = await claimed(world)
    await at(world, 2, 23, 30)
    await sent(world)
    await at(world, 3, 23, 30)
    await at(world, 4, 9)
    await vera.tap("✅ Принять")
    await at(world, 4, 10)
    assert await count(world, VERA, WAITS) == 0


async def test_who_was_taken_in_the_morning_is_not_told_that_the_mentor_is_silent(world: World) -> None:
    vera = await claimed(world)
    await at(world, 2, 23, 30)
    await sent(world)
    for day in (3, 4):
        await at(world, day, 23, 30)
    await at(world, 5, 9)
    await vera.tap("✅ Принять")
    await at(world, 5, 10)
    assert await count(world, ANYA, "🎉 Вера Новикова берёт вас!") == 1
    assert await count(world, ANYA, LATE) == 0


async def test_who_replied_in_the_morning_is_not_reminded_of_the_question(world: World) -> None:
    await claimed(world)
    await at(world, 2, 23, 30)
    anya = await asked(world)
    await at(world, 3, 23, 30)
    await at(world, 4, 9)
    await anya.tap("💬 Ответить")
    await anya.write("Год")
    await at(world, 4, 10)
    assert await count(world, ANYA, ASKED_AGAIN) == 0


async def test_who_said_in_the_morning_that_they_talked_is_not_asked(world: World) -> None:
    await claimed(world)
    await at(world, 2, 23, 30)
    anya = await accepted(world)
    await at(world, 5, 23, 30)
    await at(world, 6, 9)
    await anya.tap("✅ Мы поговорили")
    await at(world, 6, 10)
    assert await count(world, ANYA, DID_YOU_TALK) == 0


# --- a bot that was away -----------------------------------------------------------------------------------


async def test_a_bot_that_was_away_for_ten_days_reminds_before_anything_expires(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    await sent(world)
    await pass_time(world, 10 * DAY)
    assert await news(engine, (await only_request(engine)).id) == ["new", "waits"]
    await pass_time(world, DAY - MINUTE)
    assert await count(world, ANYA, LATE) == 0
    await pass_time(world, MINUTE)
    assert await count(world, ANYA, LATE) == 1
    await pass_time(world, 3 * DAY - MINUTE)
    assert await state(engine) == "sent"
    await pass_time(world, MINUTE)
    assert (await only_request(engine)).ended_at == NOON + 14 * DAY


async def test_the_end_that_the_mentor_reads_after_an_absence_is_when_it_ends(world: World) -> None:
    vera = await claimed(world)
    await sent(world)
    assert "до 07.03" in await vera.text()
    await pass_time(world, 10 * DAY)
    # Reminded on the 12th: a day until the student is told, and three more.
    assert "до 16.03" in await vera.text()


@pytest.mark.parametrize(("late", "next_at"), [(HOUR, 2 * DAY), (HOUR + MINUTE, 2 * DAY + HOUR + MINUTE)])
async def test_a_step_that_is_more_than_an_hour_late_puts_the_next_one_off(
    world: World, late: timedelta, next_at: timedelta
) -> None:
    await claimed(world)
    await sent(world)
    await pass_time(world, DAY + late)
    assert await count(world, VERA, WAITS) == 1
    await pass_time(world, next_at - DAY - late - MINUTE)
    assert await count(world, ANYA, LATE) == 0
    await pass_time(world, MINUTE)
    assert await count(world, ANYA, LATE) == 1


async def test_a_bot_that_was_away_for_months_asks_whether_they_talked_as_often_as_ever(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    await accepted(world)
    for times in (1, 2, 3, 4):
        await pass_time(world, 60 * DAY)
        assert (await count(world, ANYA, DID_YOU_TALK), await state(engine)) == (times, "accepted")
    await pass_time(world, 60 * DAY)
    assert (await count(world, ANYA, DID_YOU_TALK), await state(engine)) == (4, "lapsed")


async def test_a_leap_over_many_that_are_due_makes_one_step_of_each_and_in_order(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    for student in await strangers(world, 3):
        await sent(world, student.id)
        await world.forward(HOUR)
    ids = [row.id for row in await requests(engine)]
    expected = ["new", "waits", "late", "expired"]
    for steps in (1, 2, 3):
        # Twice at the same moment is once.
        await pass_time(world, 10 * DAY)
        await pass_time(world, timedelta())
        assert [await news(engine, each) for each in ids] == [expected[: steps + 1]] * 3
    assert await states(engine) == ["expired"] * 3


async def test_a_leap_tells_of_requests_in_the_order_of_their_hours(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    for student in await strangers(world, 3):
        await sent(world, student.id)
        await world.forward(HOUR)
    await pass_time(world, 10 * DAY)
    keys = [row.dedupe_key.split(":") for row in await letters(engine)]
    reminded = [int(key[1]) for key in keys if key[0] == "request" and key[2] == "waits"]
    assert reminded == [row.id for row in await requests(engine)]

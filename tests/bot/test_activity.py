""" "Are you still mentoring?": asked, reminded, hidden and back, never at night and never many at once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.texts import translators
from bot.views.activity import ActivityLetters
from db.models import CheckIn, ClaimLink, MentorProfile, Person
from db.queries import clock
from recommender.model import MentorId
from recommender.taxonomy import load_default
from tests.bot.conftest import NOON, USERNAME
from tests.bot.mentors import (
    DAY,
    VERA,
    change,
    check_ins,
    claimed,
    letters,
    nobody_waits,
    pass_days,
    profile,
)
from tests.bot.stored import person
from tests.bot.world import World
from tests.catalogues import fill, mentor
from usecases.activity import MOST_LISTED, Activity, Unclaimed, daily_quota
from usecases.counts import Counts
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import People, PersonId, Stranger

MOSCOW = ZoneInfo("Europe/Moscow")
MODERATORS = -1002000000001
LONG_AGO = NOON - timedelta(days=400)
YES = "✅ Да, набираю"
BACK = "▶️ Вернуться в подбор"


# --- one mentor, day by day ------------------------------------------------------------------------------


async def test_a_silent_mentor_is_asked_reminded_twice_and_hidden_in_three_weeks(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    assert await pass_days(world, 50) == [30, 37, 44]
    assert "последний раз спрошу: вы ещё менторите?" in await vera.text()
    assert (await profile(engine)).status == "active"
    assert await pass_days(world, 30) == [1]
    assert "Я скрыл вашу анкету" in await vera.text()
    assert (await profile(engine)).status == "stale"
    assert [(each.reminders, each.answer) for each in await check_ins(engine)] == [(2, "none")]
    snapshot = await world.app.catalogue.refresh()
    assert MentorId((await profile(engine)).id) not in snapshot


async def test_one_tap_returns_a_hidden_mentor_in_full_even_months_later(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await pass_days(world, 51)
    before = await profile(engine)
    assert before.status == "stale"
    await world.forward(timedelta(days=200))
    assert await vera.tap(BACK) == "С возвращением! Анкета снова открыта."
    after = await profile(engine)
    now = NOON + timedelta(days=251)
    assert (after.status, after.confirmed_at) == ("active", now)
    same = {"status", "confirmed_at", "updated_at"}
    assert [v for k, v in after._mapping.items() if k not in same] == [
        v for k, v in before._mapping.items() if k not in same
    ]
    assert "🟢 Вы в подборе" in await vera.text()
    # She has 30 days again.
    assert await pass_days(world, 29) == []


async def test_a_button_of_the_first_question_brings_back_as_well(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await pass_days(world, 30)
    asked = await vera.screen()
    await pass_days(world, 21)
    assert (await profile(engine)).status == "stale"
    await vera.tap(YES, message_id=asked.message_id)
    assert (await profile(engine)).status == "active"


async def test_who_answers_is_not_reminded(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await pass_days(world, 30)
    assert await vera.tap(YES) == "Спасибо, что на связи!"
    assert await pass_days(world, 29) == []
    assert await pass_days(world, 1) == [1]
    first, second = await check_ins(engine)
    assert (first.answer, second.answer) == ("active", None)


async def test_the_question_can_be_answered_from_the_panel(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await pass_days(world, 30)
    assert "жду ответа" in (await vera.write("/my")).text
    await vera.tap(YES)
    assert "жду ответа" not in await vera.text()
    assert [each.answer for each in await check_ins(engine)] == ["active"]


async def test_a_mentor_with_reviews_is_asked_after_ninety_days(world: World, engine: AsyncEngine) -> None:
    await claimed(world, reviews_count=3, rating_sum=14)
    assert await pass_days(world, 91) == [90]


async def test_a_pause_of_the_bot_of_sixty_days_makes_one_step(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    await pass_days(world, 30)
    await world.forward(timedelta(days=60))
    assert await world.tick("activity") == Counts(1, 1, 0)
    assert await world.tick("activity") == Counts()
    assert await pass_days(world, 6) == [1]
    assert [each.reminders for each in await check_ins(engine)] == [1]
    assert len(await letters(engine)) == 2


async def test_who_uses_the_bot_is_not_silent(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    vera = Stranger(PersonId(VERA), "Вера", "vera_mentor", "ru")
    await world.forward(timedelta(days=29))
    await People(engine, lambda: 0.0).recognise(vera)
    assert await pass_days(world, 29) == []
    assert await pass_days(world, 5) == [1]
    # Asked, she has been here without an answer: the reminder waits for a week from then.
    await People(engine, lambda: 0.0).recognise(vera)
    assert await pass_days(world, 6) == []
    assert await pass_days(world, 1) == [1]


async def test_when_a_person_was_seen_is_kept_to_the_minute(world: World, engine: AsyncEngine) -> None:
    now = [0.0]
    people = People(engine, lambda: now[0])
    anya = Stranger(PersonId(1), "Аня", None, None)
    await people.recognise(anya)
    await world.forward(DAY)
    await people.recognise(anya)
    assert (await person(engine, 1)).last_seen_at == NOON
    now[0] = 61.0
    await people.recognise(anya)
    assert (await person(engine, 1)).last_seen_at == NOON + DAY


async def test_who_blocked_the_bot_is_hidden_without_a_letter(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    await world.client.block(VERA)
    await world.work()
    assert await pass_days(world, 51) == []
    assert (await profile(engine)).status == "stale"
    assert await letters(engine) == []
    await world.client.unblock(VERA)
    vera = world.student(VERA)
    assert BACK in (await vera.write("/my")).buttons


async def test_nobody_is_written_to_at_night(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    for hour, expected in ((9, 0), (20, 0), (23, 0), (3, 0), (10, 1)):
        async with engine.begin() as connection:
            day = datetime(2026, 5, 1, hour, 59 if hour != 10 else 0, tzinfo=MOSCOW)
            await clock.stand_at(connection, day if hour > 3 else day + DAY)
        assert (await world.tick("activity")).enqueued == expected


async def test_a_letter_that_could_not_be_sent_for_a_week_is_not_sent(
    world: World, engine: AsyncEngine
) -> None:
    await claimed(world)
    await pass_days(world, 30, deliver=False)
    [letter] = await letters(engine)
    assert letter.expires_at == letter.due_at + timedelta(days=7)
    await world.forward(timedelta(days=8))
    assert await world.deliver() == 0


@pytest.mark.parametrize("gone", ["removed", "forgotten"])
async def test_a_question_to_somebody_gone_is_closed_and_hides_nobody(
    world: World, engine: AsyncEngine, gone: str
) -> None:
    await claimed(world)
    await pass_days(world, 30)
    await change(engine, **({"status": "removed"} if gone == "removed" else {"person_id": None}))
    assert await pass_days(world, 25) == []
    assert [each.answer for each in await check_ins(engine)] == ["none"]
    assert (await profile(engine)).status == ("removed" if gone == "removed" else "active")


async def test_letters_are_in_the_mentors_language(world: World, engine: AsyncEngine) -> None:
    await claimed(world)
    async with engine.begin() as connection:
        await connection.execute(update(Person).where(Person.id == VERA).values(language="en"))
    await pass_days(world, 51)
    assert [each.payload["text"].split("\n")[0] for each in await letters(engine)] == [
        "Вера, do you still mentor?",
        "Вера, a reminder: do you still mentor?",
        "Вера, I ask for the last time: do you still mentor?",
        "I have hidden your profile: for three weeks there was no answer whether you still mentor.",
    ]


# --- ten thousand of them --------------------------------------------------------------------------------


@dataclass
class Words:
    """Says next to nothing, and keeps what it was asked to say."""

    listed: list[tuple[Sequence[Unclaimed], int]] = field(default_factory=list)

    def check_in(self, language: str, mentor_id: int, name: str, reminders: int) -> Wording:
        return Wording(text=f"{language}: {name}, {mentor_id}, {reminders}")

    def hidden(self, language: str, mentor_id: int) -> Wording:
        return Wording(text=f"{language}: {mentor_id} is hidden")

    def claims(self, unclaimed: Sequence[Unclaimed], waiting: int) -> Wording:
        self.listed.append((unclaimed, waiting))
        return Wording(text="claims")


class Market:
    """Mentors by the thousand, and the tick without a Telegram."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.words = Words()
        numbers = count(1)
        self.activity = Activity(
            MOSCOW, self.words, MODERATORS, lambda: f"token{next(numbers)}", nobody_waits
        )

    async def fill(self, many: int, *, reviewed: int = 0) -> None:
        """Claimed mentors nobody has heard of for long: the later, the longer. The last have reviews."""
        async with self.engine.begin() as connection:
            people = [
                {"id": each, "first_name": f"P{each}", "last_seen_at": LONG_AGO}
                for each in range(1, many + 1)
            ]
            await connection.execute(insert(Person), people)
            profiles = [
                mentor(
                    each,
                    person_id=each,
                    created_at=LONG_AGO,
                    confirmed_at=NOON - timedelta(days=100, minutes=each),
                    reviews_count=1 if each > many - reviewed else 0,
                    rating_sum=5 if each > many - reviewed else 0,
                )
                for each in range(1, many + 1)
            ]
            await connection.execute(insert(MentorProfile), profiles)
            # As autovacuum does with a table of this size.
            await connection.execute(text("ANALYZE mentors, people"))

    async def tick(self, at: datetime) -> Counts:
        async with self.engine.begin() as connection:
            await clock.stand_at(connection, at)
        async with self.engine.begin() as connection:
            return await self.activity.tick(connection)

    async def asked(self) -> int:
        async with self.engine.connect() as connection:
            return await connection.scalar(select(func.count()).select_from(CheckIn)) or 0


@pytest.fixture
def market(engine: AsyncEngine) -> Market:
    return Market(engine)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of that day of March in Moscow."""
    return datetime(2026, 3, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("unreviewed", "reviewed", "quota"),
    [(0, 0, 0), (1, 0, 1), (0, 1, 1), (30, 90, 2), (31, 90, 3), (10_000, 0, 334), (5_000, 5_000, 223)],
)
def test_a_days_quota_is_everybody_once_in_their_time(unreviewed: int, reviewed: int, quota: int) -> None:
    assert daily_quota(unreviewed, reviewed) == quota


async def test_ten_thousand_silent_mentors_are_asked_a_days_share_a_day(market: Market) -> None:
    await market.fill(10_000)
    by_hour = [(await market.tick(at(2, hour))).enqueued for hour in range(24)]
    assert by_hour[:10] == [0] * 10
    assert by_hour[20:] == [0] * 4
    assert sum(by_hour) == daily_quota(10_000, 0) == 334
    assert max(by_hour) <= 34
    assert (await market.tick(at(3, 19))).enqueued == 334
    assert await market.tick(at(3, 19, 59)) == Counts(10_000 - 668, 0, 10_000 - 668)


async def test_a_first_tick_late_in_the_day_or_after_a_pause_asks_no_more(market: Market) -> None:
    await market.fill(3_000)
    assert (await market.tick(at(2, 19))).enqueued == 100
    # The bot is away for two weeks: those asked are reminded, as many others are asked, and no more.
    assert (await market.tick(at(16, 19))).enqueued == 200
    assert await market.asked() == 200


async def test_those_without_reviews_come_first_and_then_the_longest_silent(
    market: Market, engine: AsyncEngine
) -> None:
    await market.fill(60, reviewed=58)
    await market.tick(at(2, 19))
    await market.tick(at(3, 19))
    async with engine.connect() as connection:
        order = (
            await connection.scalars(select(MentorProfile.external_id).join(CheckIn).order_by(CheckIn.id))
        ).all()
    assert order == ["m2", "m1"]
    await market.tick(at(4, 19))
    async with engine.connect() as connection:
        last = await connection.scalar(
            select(MentorProfile.external_id).join(CheckIn).order_by(CheckIn.id.desc()).limit(1)
        )
    assert last == "m60"


async def test_no_more_are_hidden_or_reminded_on_a_day_than_are_asked(market: Market) -> None:
    await market.fill(300)
    for day in range(2, 8):
        await market.tick(at(day, 19))
    assert await market.asked() == 60
    # All sixty are due for their reminder at once.
    await market.tick(at(20, 19))
    assert await _by_reminders(market.engine) == {0: 60, 1: 10}


async def _by_reminders(engine: AsyncEngine) -> Counter[int]:
    async with engine.connect() as connection:
        return Counter((await connection.scalars(select(CheckIn.reminders))).all())


async def test_a_mentor_who_is_just_answering_is_left_for_the_next_tick(
    market: Market, engine: AsyncEngine
) -> None:
    await market.fill(1)
    async with engine.begin() as answering:
        await answering.execute(select(MentorProfile.id).with_for_update())
        async with asyncio.timeout(30):
            assert (await market.tick(at(2, 12))).enqueued == 0
    assert (await market.tick(at(2, 12))).enqueued == 1


# --- without a chat --------------------------------------------------------------------------------------


async def test_moderators_get_ten_unclaimed_mentors_a_day_each_once_in_thirty_days(
    market: Market, engine: AsyncEngine
) -> None:
    await fill(engine, [mentor(each, created_at=LONG_AGO) for each in range(1, 26)])
    for day in range(2, 6):
        for hour in (9, 10, 15, 21):
            await market.tick(at(day, hour))
    assert [(len(listed), waiting) for listed, waiting in market.words.listed] == [
        (MOST_LISTED, 15),
        (MOST_LISTED, 5),
        (5, 0),
    ]
    links = [each.token for listed, _ in market.words.listed for each in listed]
    assert len(set(links)) == 25
    rows = await letters(engine)
    assert [(each.chat_id, each.dedupe_key, each.priority) for each in rows] == [
        (MODERATORS, f"claims:2026-03-0{day}", 4) for day in (2, 3, 4)
    ]
    # Thirty days later the first ten have their turn again, with the same links: nobody has used them.
    await market.tick(at(2, 12) + timedelta(days=31))
    again, _ = market.words.listed[3]
    assert {each.token for each in again} == set(links[:10])


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", ["Вера Новикова", "Ж" * 300, "Анна-Мария " * 40])
def test_each_listed_mentor_has_a_message_to_copy_whose_link_is_whole(language: str, name: str) -> None:
    # The list is in the platform's language; the longest username there is.
    texts = dict.fromkeys(["ru"], translators(load_default())[language])
    listed = [Unclaimed(name, None, each * 22) for each in "ab"]
    wording = ActivityLetters(texts, "b" * 32).claims(listed, 0)
    rows = (wording.keyboard or {})["inline_keyboard"]
    assert [len(row) for row in rows] == [1, 1]
    for one, [button] in zip(listed, rows, strict=True):
        message = button["copy_text"]["text"]
        assert len(message) <= 256
        assert message.endswith(f" https://t.me/{'b' * 32}?start=claim_{one.token}")
        assert name[:8] in message
        assert button["text"].startswith(f"📋 {name[:8]}")


async def test_moderators_see_the_buttons_under_the_list(world: World, engine: AsyncEngine) -> None:
    listed = [Unclaimed("Вера Новикова", "vera_mentor", "a" * 22)]
    wording = ActivityLetters(world.app.translators, USERNAME).claims(listed, 3)
    letter = Letter(chat_id=MODERATORS, dedupe_key="claims:today", priority=Priority.DIGEST, wording=wording)
    async with engine.begin() as connection:
        await post(connection, [letter])
    assert await world.deliver() == 1
    message = await world.client.newest(MODERATORS)
    copied = message.button("📋 Вера Новикова").copy_text or ""
    assert copied.startswith("Здравствуйте, Вера Новикова! Студенты находят вас в каталоге")
    assert copied.split()[-1] in message.text


async def test_who_was_never_listed_comes_before_who_was(market: Market, engine: AsyncEngine) -> None:
    await fill(engine, [mentor(each, created_at=LONG_AGO) for each in range(1, 16)])
    await market.tick(at(2, 12))
    await market.tick(at(2, 12) + timedelta(days=31))
    (first, _), (second, _) = market.words.listed
    assert [each.name for each in second] == [f"Ментор {each}" for each in (*range(11, 16), *range(1, 6))]
    assert len(first) == MOST_LISTED


async def test_a_used_link_is_listed_anew_as_another_one(market: Market, engine: AsyncEngine) -> None:
    await fill(engine, [mentor(1, created_at=LONG_AGO)])
    await market.tick(at(2, 12))
    async with engine.begin() as connection:
        await connection.execute(update(ClaimLink).values(used_at=NOON))
    await market.tick(at(2, 12) + timedelta(days=31))
    (first, _), (second, _) = market.words.listed
    assert first[0].token != second[0].token
    async with engine.connect() as connection:
        assert await connection.scalar(select(ClaimLink.used_at)) is None


@pytest.mark.parametrize(
    ("given", "is_listed"),
    [
        ({}, True),
        ({"created_at": NOON - 29 * DAY}, False),
        ({"confirmed_at": NOON - 29 * DAY}, False),
        ({"reviews_count": 1, "rating_sum": 5, "created_at": NOON - 89 * DAY}, False),
        ({"reviews_count": 1, "rating_sum": 5, "created_at": NOON - 90 * DAY}, True),
        ({"status": "paused"}, False),
        ({"status": "left"}, False),
        ({"telegram": None}, True),
    ],
)
async def test_who_is_listed(
    market: Market, engine: AsyncEngine, given: dict[str, Any], is_listed: bool
) -> None:
    await fill(engine, [mentor(1, **({"created_at": LONG_AGO} | given))])
    await market.tick(NOON)
    assert bool(market.words.listed) == is_listed
    async with engine.connect() as connection:
        assert await connection.scalar(select(MentorProfile.status)) == given.get("status", "active")


async def test_without_a_moderators_chat_nobody_is_listed(market: Market, engine: AsyncEngine) -> None:
    await fill(engine, [mentor(1, created_at=LONG_AGO)])
    market.activity = Activity(MOSCOW, market.words, None, lambda: "token", nobody_waits)
    assert await market.tick(NOON.astimezone(UTC)) == Counts()
    assert await letters(engine) == []

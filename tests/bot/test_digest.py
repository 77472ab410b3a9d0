"""The weekly digest: three new fitting mentors, on the weekday and at the hour chosen, or nothing."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import MentorProfile, OutboxMessage, Person, Search, Subscription
from db.queries import clock
from scheduler.frame import run_tick
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.stored import events, searches
from tests.bot.world import Student, World
from tests.catalogues import fill, mentor
from usecases.counts import Counts

#: Monday at ten in Moscow, as in the table.
MONDAY = datetime(2026, 3, 9, 7, tzinfo=UTC)
DAY, HOUR, WEEK = timedelta(days=1), timedelta(hours=1), timedelta(days=7)


@pytest.fixture
async def reader(student: Student) -> Student:
    """A student with a shortlist who wants the digest."""
    await _asks(student)
    await student.write("/notifications")
    await student.tap("🗓 Присылать подборку недели")
    return student


async def _asks(student: Student) -> None:
    """Gets a shortlist; then twelve mentors come who fit in everything."""
    await play(student, QUESTIONNAIRE)
    await fill(
        student.world.app.engine,
        [mentor(100 + number, free_skills=["Зета"], price=1000) for number in range(12)],
    )
    await student.world.app.catalogue.refresh()


async def at(world: World, moment: datetime) -> None:
    async with world.app.engine.begin() as connection:
        await clock.stand_at(connection, moment)


async def letters(engine: AsyncEngine) -> Sequence[Row[Any]]:
    """What waits to be sent, oldest first."""
    async with engine.connect() as connection:
        statement = select(*OutboxMessage.__table__.c).order_by(OutboxMessage.id)
        return (await connection.execute(statement)).all()


def labels(letter: Row[Any]) -> list[str]:
    return [each["text"] for row in letter.payload["reply_markup"]["inline_keyboard"] for each in row]


async def test_three_new_mentors_come_at_the_hour_chosen(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    before = {each.mentor_id for each in await events(engine, "impression")}
    await at(world, MONDAY - timedelta(seconds=1))
    assert await world.tick("digest") == Counts()
    await at(world, MONDAY)
    assert await world.tick("digest") == Counts(matched=1, enqueued=1)
    (letter,) = await letters(engine)
    assert (letter.chat_id, letter.dedupe_key, letter.priority) == (reader.id, "digest:1001:2026-03-09", 4)
    assert (letter.due_at, letter.expires_at) == (MONDAY, MONDAY + 6 * HOUR)
    assert letter.payload["text"].startswith("🗓 <b>Подборка недели: менторы, которых вы ещё не видели</b>")
    assert letter.payload["text"].count("✅") == 3
    assert labels(letter)[-1] == "🔕 Больше не присылать"
    search = (await searches(engine))[-1]
    shown = [each for each in await events(engine, "impression") if each.search_id == search.id]
    assert (search.kind, search.relaxed, len(shown)) == ("digest", [], 3)
    assert not before & {each.mentor_id for each in shown}


async def test_a_request_of_an_older_version_costs_nobody_else_their_digest(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    other = 1002
    same = select(literal(other), Search.request, Search.model_version, Search.catalogue_version)
    consent = {"consent_version": 1, "consented_at": MONDAY}
    async with engine.begin() as connection:
        await connection.execute(insert(Person).values(id=other, first_name="", **consent))
        await connection.execute(
            insert(Search).from_select(
                ["person_id", "request", "model_version", "catalogue_version"],
                same.where(Search.person_id == reader.id).limit(1),
            )
        )
        await connection.execute(
            insert(Subscription).values(person_id=other, digest=True, updated_at=MONDAY - DAY)
        )
        strange = update(Search).where(Search.person_id == reader.id)
        await connection.execute(strange.values(request={"goals": ["what we called so once"]}))
    await at(world, MONDAY)
    assert await world.tick("digest") == Counts(matched=2, enqueued=1, skipped=1)
    assert [each.chat_id for each in await letters(engine)] == [other]
    assert await world.tick("digest") == Counts()


async def test_once_a_week_however_often_it_ticks(world: World, reader: Student, engine: AsyncEngine) -> None:
    for passed in (0 * DAY, HOUR, DAY, 6 * DAY + 23 * HOUR):
        await at(world, MONDAY + passed)
        await world.tick("digest")
    assert len(await letters(engine)) == 1
    await at(world, MONDAY + WEEK)
    await world.tick("digest")
    assert [each.dedupe_key for each in await letters(engine)] == [
        "digest:1001:2026-03-09",
        "digest:1001:2026-03-16",
    ]


async def test_nobody_is_shown_twice_and_when_nobody_is_new_nothing_comes(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    weeks = []
    for week in range(6):
        await at(world, MONDAY + week * WEEK)
        weeks.append(await world.tick("digest"))
    shown = [each.mentor_id for each in await events(engine, "impression")]
    assert len(shown) == len(set(shown))
    assert weeks[0] == Counts(matched=1, enqueued=1)
    assert weeks[-1] == Counts(matched=1, skipped=1)
    assert await world.tick("digest") == Counts()


async def test_what_is_six_hours_late_is_left_out(world: World, reader: Student, engine: AsyncEngine) -> None:
    await at(world, MONDAY + 6 * HOUR)
    assert await world.tick("digest") == Counts()
    await at(world, MONDAY + WEEK + 5 * HOUR)
    assert await world.tick("digest") == Counts(matched=1, enqueued=1)


async def test_a_morning_digest_does_not_arrive_at_night(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await at(world, MONDAY)
    await world.tick("digest")
    await at(world, MONDAY + 6 * HOUR)
    assert await world.deliver() == 0
    assert [each.state for each in await letters(engine)] == ["expired"]


async def test_an_evening_digest_does_not_arrive_at_night_either(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await reader.tap("Час")
    await reader.tap("21:00")
    evening, eleven = MONDAY + 11 * HOUR, MONDAY + 13 * HOUR
    await at(world, evening)
    await world.tick("digest")
    assert [each.expires_at for each in await letters(engine)] == [eleven]
    await at(world, eleven + WEEK)
    assert await world.tick("digest") == Counts()


async def test_after_a_pause_of_months_there_is_one(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await at(world, MONDAY + 20 * WEEK + HOUR)
    for _ in range(3):
        await world.tick("digest")
    assert len(await letters(engine)) == 1


async def test_who_subscribes_after_this_weeks_hour_waits_for_the_next(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await _asks(student)
    await at(world, MONDAY + HOUR)
    await student.write("/notifications")
    await student.tap("🗓 Присылать подборку недели")
    assert await world.tick("digest") == Counts()
    await at(world, MONDAY + WEEK)
    assert await world.tick("digest") == Counts(matched=1, enqueued=1)


async def test_switching_newcomers_does_not_cost_the_weeks_digest(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await at(world, MONDAY + timedelta(seconds=10))
    await reader.tap("🔔 Присылать новых менторов")
    assert await world.tick("digest") == Counts(matched=1, enqueued=1)


@pytest.mark.parametrize("why", ["blocked", "not agreed", "switched off", "no shortlist"])
async def test_who_is_not_to_be_written_to_gets_nothing(
    world: World, reader: Student, engine: AsyncEngine, why: str
) -> None:
    async with engine.begin() as connection:
        match why:
            case "blocked":
                await connection.execute(update(Person).values(blocked_at=MONDAY))
            case "not agreed":
                await connection.execute(update(Person).values(consent_version=None, consented_at=None))
            case "switched off":
                await connection.execute(update(Subscription).values(digest=False))
            case _:
                await connection.execute(text("DELETE FROM events"))
                await connection.execute(text("DELETE FROM searches"))
    await at(world, MONDAY)
    assert await world.tick("digest") == Counts()
    assert await letters(engine) == []


async def test_who_breaks_a_limit_is_not_in_it(world: World, reader: Student, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(MentorProfile).values(price=90_000))
    await world.app.catalogue.refresh()
    await at(world, MONDAY)
    assert await world.tick("digest") == Counts(matched=1, skipped=1)
    assert await letters(engine) == []


async def test_the_message_works_like_a_shortlist(world: World, reader: Student, engine: AsyncEngine) -> None:
    await at(world, MONDAY)
    await world.tick("digest")
    assert await world.deliver() == 1
    sent = await reader.text()
    await reader.tap("ℹ️ 2")
    assert "Почему подходит" in await reader.text()
    await reader.tap("← К списку")
    assert await reader.text() == sent
    await reader.tap("✍️")
    assert [each.search_id for each in await events(engine, "contact")] == [(await searches(engine))[-1].id]


async def test_one_tap_ends_it_and_one_takes_that_back(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await at(world, MONDAY)
    await world.tick("digest")
    assert await world.deliver() == 1
    sent = await reader.text()
    said = await reader.tap("🔕 Больше не присылать")
    assert said == "Больше не пришлю подборку недели. Передумаете — кнопка под сообщением."
    assert await reader.text() == sent
    await at(world, MONDAY + WEEK)
    assert await world.tick("digest") == Counts()
    await reader.tap("🔔 Присылать снова")
    await at(world, MONDAY + 2 * WEEK)
    assert await world.tick("digest") == Counts(matched=1, enqueued=1)


async def test_it_speaks_the_students_language(world: World, reader: Student, engine: AsyncEngine) -> None:
    await reader.write("/language")
    await reader.tap("English")
    await at(world, MONDAY)
    await world.tick("digest")
    (letter,) = await letters(engine)
    assert letter.payload["text"].startswith("🗓 <b>Weekly picks: mentors you have not seen yet</b>")


async def test_many_are_done_in_portions_and_each_gets_one(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await _copied(engine, 600)
    await at(world, MONDAY)
    done = [await world.tick("digest") for _ in range(3)]
    assert [each.matched for each in done] == [500, 101, 0]
    chats = [each.chat_id for each in await letters(engine)]
    assert len(chats) == len(set(chats)) == 601


async def _copied(engine: AsyncEngine, count: int) -> None:
    """As many more students who want the same."""
    asked = (await searches(engine))[0]
    ids = range(5000, 5000 + count)
    async with engine.begin() as connection:
        await connection.execute(
            insert(Person),
            [
                {"id": each, "first_name": "", "consent_version": 1, "consented_at": MONDAY - 2 * DAY}
                for each in ids
            ],
        )
        await connection.execute(
            insert(Subscription),
            [{"person_id": each, "digest": True, "updated_at": MONDAY - DAY} for each in ids],
        )
        await connection.execute(
            insert(Search),
            [
                {
                    "person_id": each,
                    "kind": "shortlist",
                    "request": asked.request,
                    "model_version": "",
                    "catalogue_version": "",
                }
                for each in ids
            ],
        )


async def test_a_run_that_breaks_leaves_nothing_and_the_next_one_does_it(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await at(world, MONDAY)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE outbox RENAME TO away"))
    digest = next(tick for tick in world.app.ticks if tick.name == "digest")
    assert (await run_tick(engine, digest)).error is not None
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO outbox"))
        assert await connection.scalar(select(Subscription.last_digest_on)) is None
    assert [each.kind for each in await searches(engine)] == ["shortlist"]
    assert await world.tick("digest") == Counts(matched=1, enqueued=1)


async def test_a_letter_is_plain_json(world: World, reader: Student, engine: AsyncEngine) -> None:
    await at(world, MONDAY)
    await world.tick("digest")
    (letter,) = await letters(engine)
    assert json.loads(json.dumps(letter.payload)) == letter.payload
    async with engine.connect() as connection:
        assert await connection.scalar(select(Subscription.last_digest_on)) == date(2026, 3, 9)

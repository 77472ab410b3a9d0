"""A newcomer is told of personally: to whom they fit well, who agreed to it, once a day, with the reason."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import Announcement, Dismissal, MentorProfile, OutboxMessage, Person, Subscription
from db.queries import clock, subscriptions
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.stored import events, searches
from tests.bot.world import Student, World
from tests.catalogues import fill, mentor
from usecases.counts import Counts

#: Monday, three in the afternoon in Moscow.
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
async def reader(student: Student) -> Student:
    """A student with a shortlist who wants newcomers."""
    await play(student, QUESTIONNAIRE)
    await student.tap("🔔 Присылать новых менторов")
    return student


async def comes(world: World, number: int, announced_at: datetime | None = NOON, **given: Any) -> int:
    """A mentor is added and announced; fits the questionnaire in everything, unless said otherwise."""
    fits = {"free_skills": ["Зета"], "price": 1000, "goals": ["interviews", "cv"], "formats": ["regular"]}
    await fill(world.app.engine, [mentor(number, **(fits | given))])
    async with world.app.engine.begin() as connection:
        found = await connection.scalar(
            select(MentorProfile.id).where(MentorProfile.external_id == f"m{number}")
        )
        assert found is not None
        form = "post" if announced_at else None
        await connection.execute(
            insert(Announcement).values(mentor_id=found, form=form, announced_at=announced_at)
        )
    await world.app.catalogue.refresh()
    return found


async def at(world: World, moment: datetime) -> None:
    async with world.app.engine.begin() as connection:
        await clock.stand_at(connection, moment)


async def letters(engine: AsyncEngine) -> Sequence[Row[Any]]:
    async with engine.connect() as connection:
        statement = select(*OutboxMessage.__table__.c).order_by(OutboxMessage.id)
        return (await connection.execute(statement)).all()


async def told(engine: AsyncEngine) -> list[datetime | None]:
    """When students were told of each newcomer."""
    async with engine.connect() as connection:
        statement = select(Announcement.told_students_at).order_by(Announcement.mentor_id)
        return list(await connection.scalars(statement))


async def test_a_newcomer_who_fits_well_is_told_of_with_the_reason(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    newcomer = await comes(world, 100)
    assert await world.tick("newcomers") == Counts(matched=1, enqueued=1)
    (letter,) = await letters(engine)
    assert (letter.chat_id, letter.dedupe_key, letter.priority) == (reader.id, "newcomer:1001:2026-03-02", 4)
    assert letter.expires_at == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert letter.payload["text"].startswith("🆕 <b>Появился ментор, который вам подходит</b>")
    assert "Ментор 100" in letter.payload["text"]
    assert "✅" in letter.payload["text"]
    search = (await searches(engine))[-1]
    (shown,) = [each for each in await events(engine, "impression") if each.search_id == search.id]
    assert (search.kind, shown.mentor_id, shown.position) == ("newcomer", newcomer, 1)
    assert await told(engine) == [NOON]


async def test_a_newcomer_is_told_of_once(world: World, reader: Student, engine: AsyncEngine) -> None:
    await comes(world, 100)
    for passed in (0 * DAY, HOUR, DAY, 30 * DAY):
        await at(world, NOON + passed)
        await world.tick("newcomers")
    assert len(await letters(engine)) == 1


async def test_at_most_one_message_a_day_and_of_several_newcomers_the_best(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await comes(world, 100, level="middle")
    best = await comes(world, 101, reviews_count=20, rating_sum=100)
    await comes(world, 102, level="middle")
    assert await world.tick("newcomers") == Counts(matched=3, enqueued=1)
    (search,) = [each for each in await searches(engine) if each.kind == "newcomer"]
    (shown,) = [each for each in await events(engine, "impression") if each.search_id == search.id]
    assert shown.mentor_id == best
    await comes(world, 103, reviews_count=90, rating_sum=450)
    assert await world.tick("newcomers") == Counts(matched=1)
    await at(world, NOON + DAY)
    assert await world.tick("newcomers") == Counts()
    await comes(world, 104, NOON + DAY, reviews_count=200, rating_sum=1000)
    assert await world.tick("newcomers") == Counts(matched=1, enqueued=1)


@pytest.mark.parametrize(
    "given",
    [
        {"directions": ["frontend"]},
        {"price": 90_000},
        {"formats": ["one_off"]},
        {"languages": ["en"]},
        {"level": "novice"},
    ],
    ids=str,
)
async def test_who_breaks_a_limit_is_not_told_of(
    world: World, reader: Student, engine: AsyncEngine, given: dict[str, Any]
) -> None:
    await comes(world, 100, **given)
    assert await world.tick("newcomers") == Counts(matched=1)
    assert await letters(engine) == []
    assert await told(engine) == [NOON]


async def test_where_three_others_fit_better_a_newcomer_is_not_told_of(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    known = {"free_skills": ["Зета"], "price": 1000, "goals": ["interviews", "cv"], "formats": ["regular"]}
    await fill(
        engine,
        [mentor(200 + each, reviews_count=50, rating_sum=250, **known) for each in range(3)],
    )
    await comes(world, 100)
    assert await world.tick("newcomers") == Counts(matched=1)
    await at(world, NOON + DAY)
    async with engine.begin() as connection:
        better = await connection.scalars(select(MentorProfile.id).where(MentorProfile.reviews_count == 50))
        first = better.first()
        await connection.execute(
            insert(Dismissal).values(person_id=reader.id, mentor_id=first, reason="other")
        )
    await comes(world, 101, NOON + DAY)
    assert await world.tick("newcomers") == Counts(matched=1, enqueued=1)


@pytest.mark.parametrize("how", ["shown", "dismissed"])
async def test_who_was_seen_already_is_not_told_of(
    world: World, reader: Student, engine: AsyncEngine, how: str
) -> None:
    newcomer = await comes(world, 100)
    async with engine.begin() as connection:
        if how == "shown":
            await connection.execute(
                text(
                    "INSERT INTO events (kind, person_id, mentor_id, search_id, position, score, parts,"
                    " propensity, model_version) SELECT 'impression', :person, :mentor, max(id), 9, 1, '{}',"
                    " 1, '' FROM searches"
                ),
                {"person": reader.id, "mentor": newcomer},
            )
        else:
            await connection.execute(
                insert(Dismissal).values(person_id=reader.id, mentor_id=newcomer, reason="other")
            )
    assert await world.tick("newcomers") == Counts(matched=1)
    assert await letters(engine) == []


@pytest.mark.parametrize("why", ["blocked", "not agreed", "switched off"])
async def test_who_is_not_to_be_written_to_gets_nothing(
    world: World, reader: Student, engine: AsyncEngine, why: str
) -> None:
    await comes(world, 100)
    async with engine.begin() as connection:
        match why:
            case "blocked":
                await connection.execute(update(Person).values(blocked_at=NOON))
            case "not agreed":
                await connection.execute(update(Person).values(consent_version=None, consented_at=None))
            case _:
                await connection.execute(update(Subscription).values(newcomers=False, digest=True))
    assert await world.tick("newcomers") == Counts(matched=1)
    assert await letters(engine) == []


async def test_at_night_a_newcomer_waits_for_the_morning(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await comes(world, 100)
    for moment in (NOON + 5 * HOUR, NOON + 12 * HOUR, NOON + 19 * HOUR - timedelta(seconds=1)):
        await at(world, moment)
        assert await world.tick("newcomers") == Counts(matched=1, skipped=1)
    await at(world, NOON + 19 * HOUR)
    assert await world.tick("newcomers") == Counts(matched=1, enqueued=1)


async def test_whom_the_channel_had_a_week_ago_is_no_newcomer_any_more(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await comes(world, 100)
    await at(world, NOON + 7 * DAY + HOUR)
    assert await world.tick("newcomers") == Counts(matched=1, skipped=1)
    assert await world.tick("newcomers") == Counts()
    assert await letters(engine) == []


async def test_who_is_not_announced_yet_is_nobodys_news(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await comes(world, 100, announced_at=None)
    assert await world.tick("newcomers") == Counts()
    assert await told(engine) == [None]


async def test_who_does_not_take_students_any_more_is_not_told_of(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    newcomer = await comes(world, 100)
    async with engine.begin() as connection:
        await connection.execute(
            update(MentorProfile).where(MentorProfile.id == newcomer).values(status="left")
        )
    assert await world.tick("newcomers") == Counts(matched=1, skipped=1)
    assert await letters(engine) == []


async def test_who_is_not_in_the_snapshot_yet_waits_for_the_next_one(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    before = world.app.catalogue.snapshot
    await comes(world, 100)
    world.app.catalogue.snapshot, now = before, world.app.catalogue.snapshot
    assert await world.tick("newcomers") == Counts(matched=1, skipped=1)
    world.app.catalogue.snapshot = now
    assert await world.tick("newcomers") == Counts(matched=1, enqueued=1)


async def test_a_newcomer_may_fit_any_number_of_people(engine: AsyncEngine) -> None:
    """More than PostgreSQL takes parameters."""
    people = range(1, 33_001)
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO people (id, first_name) SELECT n, '' FROM generate_series(1, 33000) AS n")
        )
        await connection.execute(
            text("INSERT INTO subscriptions (person_id, newcomers) SELECT id, true FROM people")
        )
        await subscriptions.got_newcomer(connection, people, NOON.date())
        told = await connection.scalar(
            text("SELECT count(*) FROM subscriptions WHERE last_newcomer_on IS NOT NULL")
        )
    assert told == len(people)


async def test_the_card_of_one_mentor_has_no_number_and_buttons_with_words(
    world: World, reader: Student
) -> None:
    await comes(world, 100)
    await world.tick("newcomers")
    await world.deliver()
    sent = await reader.screen()
    assert sent.text.startswith(
        "🆕 Появился ментор, который вам подходит\n\nМентор 100\nBackend-разработчик\n"
    )
    assert "ℹ️" not in sent.text
    look, write, save, dismiss = "ℹ️ Подробнее", "✍️ Написать", "☆ Сохранить", "✕ Не подходит"
    assert sent.buttons == (look, write, save, dismiss, "🔕 Больше не присылать")
    await reader.tap(save)
    assert await reader.buttons() == (look, write, "★ Сохранено", dismiss, "🔕 Больше не присылать")
    await reader.tap(write)
    assert "Первое сообщение" in await reader.text()
    await reader.tap("← Назад")
    await reader.tap(look)
    assert "Почему подходит" in await reader.text()
    await reader.tap("← К списку")
    await reader.tap(dismiss)
    await reader.tap("Дорого")
    assert "\n\nМентор 100 — больше не покажу" in await reader.text()
    assert await reader.buttons() == ("Вернуть: Ментор 100", "🔕 Больше не присылать")
    await reader.tap("Вернуть: Ментор 100")
    assert await reader.buttons() == (look, write, "★ Сохранено", dismiss, "🔕 Больше не присылать")


async def test_one_tap_ends_it_and_one_takes_that_back(
    world: World, reader: Student, engine: AsyncEngine
) -> None:
    await comes(world, 100)
    await world.tick("newcomers")
    assert await world.deliver() == 1
    sent = await reader.text()
    assert (await reader.buttons())[-1] == "🔕 Больше не присылать"
    said = await reader.tap("🔕 Больше не присылать")
    assert said == "Больше не пришлю новых менторов. Передумаете — кнопка под сообщением."
    assert (await reader.text(), (await reader.buttons())[-1]) == (sent, "🔔 Присылать снова")
    await at(world, NOON + DAY)
    await comes(world, 101, NOON + DAY, reviews_count=20, rating_sum=100)
    assert await world.tick("newcomers") == Counts(matched=1)
    await reader.tap("🔔 Присылать снова")
    assert (await reader.buttons())[-1] == "🔕 Больше не присылать"

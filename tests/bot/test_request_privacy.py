"""Requests and reviews are their writers' own: counted, handed over, forgotten, and never in a log."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import LibraryFormatter, renderers
from bot.wiring import create_app
from db.models import Base, FailedUpdate, MissingAnswer, Person, Reminder, RequestDraft
from recommender.taxonomy import load_default
from sandbox.world import MODERATORS
from scheduler.pace import Pace
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.conftest import USERNAME
from tests.bot.dealings import DAY, HOUR, MOSCOW, reviewed
from tests.bot.mentors import VERA, claimed, letters, profile
from tests.bot.requests import (
    ANYA,
    BORIS,
    accepted,
    only_request,
    opened,
    pass_time,
    requests,
    reviews,
    talked,
    written,
)
from tests.bot.stored import searches
from tests.bot.world import Student, World
from tests.catalogues import fill, mentor
from usecases.people import People, PersonId
from usecases.privacy import Privacy

MODERATOR = 3001
#: Each is found wherever it is kept.
WORDS = "Здравствуйте! Сокровенное письмо о моей карьере."
DRAFT = "Сокровенный набросок, который никто ещё не видел."
REPLY = "Сокровенный ответ на вопрос"
OPINION = "Сокровенный отзыв: было скучно, долго и не по делу."
QUESTION = "Потаённый вопрос ментора?"
ANSWER = "Потаённый ответ ментора на отзыв"
OWN = ("requests", "request_drafts", "reviews", "missing_answers")


@pytest.fixture
async def world(world: World, engine: AsyncEngine) -> World:
    """The same, with a moderators' group and Vera in the catalogue."""
    app = create_app(
        world.app.bot,
        engine,
        load_default(),
        seed=1,
        monotonic=lambda: 0.0,
        username=USERNAME,
        pace=Pace(None),
        moderators_chat_id=MODERATORS,
    )
    await app.catalogue.refresh()
    moderated = world.restarted(app)
    await claimed(moderated, capacity=3)
    return moderated


# --- what was done -----------------------------------------------------------------------------------------


async def asked(world: World) -> Student:
    """Anya has written, and Vera has asked her something."""
    anya = await written(world.student(ANYA), WORDS)
    await world.deliver()
    vera = world.student(VERA)
    await vera.tap("❓ Спросить")
    await vera.write(QUESTION)
    return anya


async def drafted(student: Student) -> None:
    """Words of one's own, to a second mentor, who is Boris; they are not sent."""
    await student.world.student(BORIS).write("/help")
    engine = student.world.app.engine
    await fill(engine, [mentor(200, external_id="oleg", name="Олег", person_id=BORIS)])
    await student.write(f"/start m{(await profile(engine, 'oleg')).id}_c")
    await student.tap("✍️ Написать")
    await student.tap("✏️ Изменить текст")
    await student.write(DRAFT)


async def rated(world: World, stars: int = 2) -> Student:
    """Anya has talked with Vera, and says how it was."""
    anya = await written(world.student(ANYA), WORDS)
    await world.deliver()
    await world.student(VERA).tap("✅ Принять")
    await world.deliver()
    await pass_time(world, 3 * DAY)
    await anya.tap("✅ Да")
    await anya.tap("★" * stars + "☆" * (5 - stars))
    await anya.tap("👌 Как и ожидалось")
    await anya.tap("дал план")
    await anya.tap("Дальше →")
    await anya.tap("9")
    await anya.write(OPINION)
    return anya


async def moderate(world: World, label: str) -> None:
    """A moderator taps under what they were told last."""
    await world.deliver()
    await world.client.tap(MODERATORS, label, person=MODERATOR)
    await world.work()


async def answered(world: World) -> Student:
    """Vera has answered a review, and everybody may read both."""
    anya = await rated(world)
    await moderate(world, "✅ Опубликовать")
    vera = world.student(VERA)
    await pass_time(world, HOUR)
    await vera.tap("↪️ Ответить")
    await vera.write(ANSWER)
    await moderate(world, "✅ Опубликовать")
    return anya


async def missing_something(engine: AsyncEngine, person_id: int = ANYA) -> None:
    """A student was asked what was missing in the newest search."""
    search_id = (await searches(engine, person_id))[-1].id
    async with engine.begin() as connection:
        await connection.execute(insert(MissingAnswer).values(person_id=person_id, search_id=search_id))


async def forget(student: Student) -> None:
    await student.write("/forget")
    await student.tap("Да, удалить всё")


async def export(engine: AsyncEngine, person_id: int) -> dict[str, Any]:
    privacy = Privacy(engine, People(engine, lambda: 0.0), MOSCOW)
    return dict((await privacy.export(PersonId(person_id))).tables)


async def kept_in(engine: AsyncEngine, words: str) -> set[str]:
    """The tables in which something stands."""
    found = set()
    async with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            held = select(func.count()).where(text(f"to_jsonb({table.name})::text LIKE '%' || :words || '%'"))
            if await connection.scalar(held.select_from(table), {"words": words}):
                found.add(table.name)
    return found


async def read_by(world: World, chat: int) -> str:
    """All that a chat shows now, and has shown."""
    return "\n".join(message.text for message in await world.client.transcript(chat))


# --- counted and handed over -------------------------------------------------------------------------------


async def test_requests_and_reviews_are_counted(world: World) -> None:
    anya = await rated(world)
    assert "Заявок менторам: 1, отзывов: 1" in (await anya.write("/privacy")).text
    # They are the student's, not the mentor's.
    assert "Заявок менторам: 0, отзывов: 0" in (await world.student(VERA).write("/privacy")).text


async def test_a_student_gets_their_requests_drafts_reviews_and_what_they_missed(
    world: World, engine: AsyncEngine
) -> None:
    anya = await rated(world)
    await drafted(anya)
    await missing_something(engine)
    await written(world.student(BORIS))
    tables = await export(engine, ANYA)
    assert [row["words"] for row in tables["requests"]] == [WORDS]
    assert [row["words"] for row in tables["request_drafts"]] == [DRAFT]
    assert [(row["words"], row["progress"], row["nps"]) for row in tables["reviews"]] == [(OPINION, 3, 9)]
    assert len(tables["missing_answers"]) == 1
    assert {row["person_id"] for name in OWN for row in tables[name]} == {ANYA}
    assert (tables["questions"], tables["review_replies"]) == ([], [])


async def test_a_mentor_gets_what_they_wrote_and_nothing_that_students_did(
    world: World, engine: AsyncEngine
) -> None:
    await answered(world)
    row = await only_request(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE requests SET question = :words"), {"words": QUESTION})
    tables = await export(engine, VERA)
    assert tables["questions"] == [{"id": row.id, "words": QUESTION}]
    assert tables["review_replies"] == [{"id": (await reviews(engine))[0].id, "words": ANSWER}]
    assert [tables[name] for name in OWN] == [[], [], [], []]
    assert (await profile(engine)).private_mean is not None
    assert "private_mean" not in tables["mentors"][0]
    # The messages of their own chat are theirs: these say what they have read there, and nothing private.
    messages = json.dumps(tables.pop("outbox"), ensure_ascii=False)
    assert WORDS in messages
    said = json.dumps(tables, ensure_ascii=False)
    for theirs in (WORDS, OPINION, "Аня", '"progress"', '"nps"', '"stars"'):
        assert theirs not in said
    for private in ("Как и ожидалось", "Продвинуло"):
        assert private not in messages


# --- a student is forgotten --------------------------------------------------------------------------------


async def test_what_waits_is_over_and_redrawn_before_the_mentor(world: World, engine: AsyncEngine) -> None:
    anya = await written(world.student(ANYA), WORDS)
    await world.deliver()
    vera = world.student(VERA)
    before = await vera.screen()
    assert WORDS in before.text
    await forget(anya)
    assert await requests(engine) == []
    edits = [each for each in await letters(engine) if each.kind == "edit"]
    assert [(each.chat_id, each.state) for each in edits] == [(VERA, "waiting")]
    await world.deliver()
    after = await vera.screen()
    assert (after.message_id, after.buttons) == (before.message_id, ())
    assert after.text == "Этой заявки больше нет: ученик удалил свои данные."
    # A tap on what it showed before finds nothing.
    toast = await vera.tap("✅ Принять", message_id=before.message_id, rendering=0)
    assert "больше не работает" in toast


@pytest.mark.parametrize("words", [WORDS, DRAFT, REPLY, OPINION])
async def test_nothing_that_a_forgotten_student_wrote_is_kept(
    world: World, engine: AsyncEngine, words: str
) -> None:
    """What was delivered is redrawn; only what the bot drew when the mentor tapped stands where it stood."""
    anya = await asked(world)
    await world.deliver()
    await anya.tap("💬 Ответить")
    await anya.write(REPLY)
    await world.deliver()
    await world.student(VERA).tap("✅ Принять")
    await world.deliver()
    await pass_time(world, 3 * DAY)
    await anya.tap("✅ Да")
    await anya.tap("★★☆☆☆")
    await anya.tap("👌 Как и ожидалось")
    await anya.tap("Дальше →")
    await anya.tap("9")
    await anya.write(OPINION)
    await moderate(world, "✅ Опубликовать")
    await pass_time(world, HOUR)
    await drafted(anya)
    await missing_something(engine)
    assert await kept_in(engine, words)
    await forget(anya)
    assert await kept_in(engine, words) == set()
    assert await kept_in(engine, f'"person_id": {ANYA}') == set()
    await world.deliver()
    assert await kept_in(engine, words) == set()
    assert words not in await read_by(world, MODERATORS)


async def test_words_that_were_not_delivered_yet_never_are(world: World, engine: AsyncEngine) -> None:
    anya = await written(world.student(ANYA), WORDS)
    await forget(anya)
    await world.deliver()
    assert WORDS not in await read_by(world, VERA)


async def test_words_that_moderators_were_not_shown_yet_never_are(world: World, engine: AsyncEngine) -> None:
    anya = await rated(world)
    await forget(anya)
    await world.deliver()
    assert OPINION not in await read_by(world, MODERATORS)


async def test_words_that_the_mentor_was_not_shown_yet_never_are(world: World, engine: AsyncEngine) -> None:
    anya = await rated(world)
    await moderate(world, "✅ Опубликовать")
    await world.forward(HOUR)
    await world.tick("reminders")
    await forget(anya)
    await world.deliver()
    assert OPINION not in await read_by(world, VERA)


async def test_a_mentors_update_that_failed_keeps_nothing_of_a_forgotten_student(
    world: World, engine: AsyncEngine
) -> None:
    """PostgreSQL's error has the row it did not take, and the row is a student's request."""
    anya = await written(world.student(ANYA), WORDS)
    await world.deliver()
    await break_(engine, "requests")
    await world.student(VERA).tap("✅ Принять")
    await mend(engine, "requests")
    await forget(anya)
    assert "failed_updates" not in await kept_in(engine, WORDS[:20])


@pytest.mark.parametrize("delivered", [True, False])
async def test_what_moderators_hold_against_a_mentor_quotes_no_forgotten_student(
    world: World, engine: AsyncEngine, *, delivered: bool
) -> None:
    anya = await rated(world, 1)
    others = range(7000, 7010)
    async with engine.begin() as connection:
        await connection.execute(insert(Person), [{"id": each, "first_name": "Ученик"} for each in others])
    await reviewed(engine, (await profile(engine)).id, others, stars=1)
    await world.tick("standings")
    if delivered:
        await world.deliver()
    (case,) = [each for each in await letters(engine) if each.dedupe_key.startswith("bar:")]
    assert (case.state, OPINION in case.payload["text"]) == ("sent" if delivered else "waiting", True)
    await forget(anya)
    await world.deliver()
    assert await kept_in(engine, OPINION) == set()
    assert OPINION not in await read_by(world, MODERATORS)


async def test_the_rating_is_computed_anew_without_a_forgotten_students_stars(
    world: World, engine: AsyncEngine
) -> None:
    anya = await rated(world, 1)
    low = await profile(engine)
    assert (low.rating_count, low.private_mean) == (1, 3)
    await forget(anya)
    after = await profile(engine)
    assert (after.rating_count, after.private_mean) == (0, None)
    assert after.rating_mean == pytest.approx(4.8)
    assert await reviews(engine) == []


async def test_nobody_is_asked_what_was_missing_after_they_were_forgotten(
    world: World, engine: AsyncEngine
) -> None:
    anya = world.student(ANYA)
    await play(anya, QUESTIONNAIRE)
    statement = select(Reminder.subject_id).where(Reminder.kind == "missing")
    async with engine.connect() as connection:
        assert (await connection.scalars(statement)).all() == [ANYA]
    await forget(anya)
    async with engine.connect() as connection:
        assert (await connection.scalars(statement)).all() == []
    assert await pass_time(world, 4 * DAY) == 0


async def test_what_the_clock_had_before_it_with_a_forgotten_student_comes_to_nothing(
    world: World, engine: AsyncEngine
) -> None:
    anya = await rated(world)
    await world.deliver()
    await forget(anya)
    # What was told of them is redrawn, and no more is told.
    await world.deliver()
    assert await pass_time(world, 60 * DAY) == 0
    async with engine.connect() as connection:
        open_ones = select(Reminder.kind).where(Reminder.done_at.is_(None))
        assert (await connection.scalars(open_ones)).all() == []


async def test_a_student_who_is_forgotten_before_they_talked_leaves_their_place(
    world: World, engine: AsyncEngine
) -> None:
    anya = await accepted(world)
    assert (await profile(engine)).capacity == 2
    await forget(anya)
    assert (await profile(engine)).capacity == 3


# --- a mentor is forgotten ---------------------------------------------------------------------------------


async def test_students_who_wait_for_a_forgotten_mentor_are_told(world: World, engine: AsyncEngine) -> None:
    anya = await written(world.student(ANYA), WORDS)
    await world.deliver()
    await forget(world.student(VERA))
    assert (await only_request(engine)).state == "closed"
    await world.deliver()
    assert "больше не берёт учеников, и заявка закрылась" in await anya.text()
    row = await profile(engine)
    assert (row.person_id, row.status, row.name) == (None, "active", "Вера Новикова")


async def test_nothing_that_a_forgotten_mentor_wrote_is_kept_but_messages_that_were_delivered(
    world: World, engine: AsyncEngine
) -> None:
    await answered(world)
    boris = await written(world.student(BORIS), WORDS)
    await world.deliver()
    vera = world.student(VERA)
    await vera.tap("❓ Спросить")
    await vera.write(QUESTION)
    await world.deliver()
    assert await kept_in(engine, QUESTION) == {"outbox", "requests"}
    assert "reviews" in await kept_in(engine, ANSWER)
    await forget(vera)
    for words in (QUESTION, ANSWER):
        assert await kept_in(engine, words) <= {"outbox"}
        held = [each for each in await letters(engine) if words in str(each.payload)]
        assert {(each.chat_id, each.state) for each in held} <= {(BORIS, "sent"), (MODERATORS, "sent")}
    (review,) = await reviews(engine)
    # What students said is theirs, and stays.
    assert (review.words, review.reply, review.reply_state) == (OPINION, None, "none")
    await world.deliver()
    assert "заявка закрылась" in await boris.text()
    assert str(VERA) not in str(await profile(engine))


async def test_a_question_that_was_not_delivered_yet_never_is(world: World, engine: AsyncEngine) -> None:
    await asked(world)
    await forget(world.student(VERA))
    await world.deliver()
    assert QUESTION not in await read_by(world, ANYA)


async def test_what_a_forgotten_mentor_drafted_as_a_student_is_gone(
    world: World, engine: AsyncEngine
) -> None:
    vera = world.student(VERA)
    await drafted(vera)
    await forget(vera)
    async with engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(RequestDraft)) == 0
    assert await kept_in(engine, DRAFT) == set()


# --- logs --------------------------------------------------------------------------------------------------


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that the program would log, to the least."""
    before, lines = structlog.get_config(), io.StringIO()
    structlog.configure(
        processors=[structlog.processors.add_log_level, *renderers(terminal=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(lines),
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(LibraryFormatter("%(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)
    structlog.configure(**before)


async def test_no_line_has_what_students_and_mentors_wrote(world: World, logged: io.StringIO) -> None:
    await answered(world)
    await drafted(world.student(ANYA))
    for words in (WORDS, DRAFT, OPINION, ANSWER):
        assert words not in logged.getvalue()
        assert words[:20] not in logged.getvalue()


async def test_no_line_has_a_message_that_could_not_be_kept(
    world: World, engine: AsyncEngine, logged: io.StringIO
) -> None:
    """PostgreSQL says which row it did not take, with all that is in it."""
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("✏️ Изменить текст")
    await break_(engine, "request_drafts")
    await anya.write(DRAFT)
    await fails_without(engine, logged, DRAFT)


async def test_no_line_has_a_request_that_could_not_be_sent(
    world: World, engine: AsyncEngine, logged: io.StringIO
) -> None:
    anya = await opened(world.student(ANYA))
    await anya.tap("✍️ Написать")
    await anya.tap("✏️ Изменить текст")
    await anya.write(WORDS)
    await break_(engine, "requests")
    await anya.tap("📨 Отправить")
    await fails_without(engine, logged, WORDS)


async def test_no_line_has_a_review_that_could_not_be_kept(
    world: World, engine: AsyncEngine, logged: io.StringIO
) -> None:
    anya = await talked(world)
    await anya.tap("★★☆☆☆")
    await anya.forge(f"vp:{(await only_request(engine)).id}:words")
    await break_(engine, "reviews")
    await anya.write(OPINION)
    await fails_without(engine, logged, OPINION)


async def break_(engine: AsyncEngine, table: str) -> None:
    """From now on the table takes no row."""
    async with engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT broken CHECK (false) NOT VALID"))


async def mend(engine: AsyncEngine, table: str) -> None:
    """It takes rows again."""
    async with engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT broken"))


async def fails_without(engine: AsyncEngine, logged: io.StringIO, words: str) -> None:
    """The update was set aside, and the log says so without what was in it."""
    async with engine.connect() as connection:
        (failed,) = (await connection.execute(select(*FailedUpdate.__table__.c))).all()
    assert failed.person_id == ANYA
    assert "update failed" in logged.getvalue()
    assert "violates check constraint" in logged.getvalue()
    for part in (words, words[:20], words.split()[1]):
        assert part not in logged.getvalue()

"""Requests and reviews at one instant: taps over several connections at once, and what is true afterwards.

Every race runs in rounds with fresh people. In most of them somebody holds the mentor's row until all who
race wait for it, in an order that turns round; in the others everything is let go at once.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.request_wiring import AboutRequests
from bot.texts import translators
from bot.views.activity import ActivityLetters
from db.models import (
    BarCase,
    ContactRequest,
    MentorProfile,
    OutboxMessage,
    Person,
    Reminder,
    Review,
)
from db.queries import clock, profiles, reminders
from recommender.model import Card, MentorId, Request, Shortlist
from recommender.taxonomy import load_default
from sandbox.world import MODERATORS
from tests.bot.conftest import NOON
from tests.bot.test_profile import MOSCOW
from tests.catalogues import fill, mentor, varied
from tests.e2e.faults import FULL
from usecases.catalogue import Catalogue
from usecases.counts import Counts
from usecases.people import Known, People, PersonId, Sent
from usecases.privacy import Privacy
from usecases.profile_data import ProfileData
from usecases.profiles import Profiles
from usecases.reminders import Reminders
from usecases.request_states import LIVE, State, next_step
from usecases.request_writing import MOST_OPEN, Refusal, RefusedScreen
from usecases.requests import REMINDER, RequestNotice, RequestScreen
from usecases.reviews import ReviewVerdict
from usecases.shortlists import MISSING_REMINDER, Shortlists
from usecases.typed import Asked, Topic

DAY = timedelta(days=1)
#: A race is run more than once: who comes first is up to the machine. ``FAULTS=full`` runs more of them.
ROUNDS = 20 if FULL else 6
#: What a letter to a student says of the state a request has come to, by the same word.
_TELLING = ("accepted", "declined", "expired", "closed")
_WAITING = text("""
SELECT count(DISTINCT lock.pid) FROM pg_locks AS lock JOIN pg_stat_activity AS activity USING (pid)
WHERE NOT lock.granted AND activity.datname = current_database()
""")

_CROWD = (
    "INSERT INTO people (id, first_name) SELECT id, 'Ученик' FROM generate_series(20001, 21000) AS id",
    """
    INSERT INTO requests (person_id, mentor_id, words, answers)
    SELECT people.id, mentors.id, 'Здравствуйте!', '{}' FROM people, mentors
    WHERE people.id > 20000 AND mentors.person_id IS NULL
    """,
    "ANALYZE requests",
)

Act = Coroutine[Any, Any, Any]


@dataclass(frozen=True)
class Mentor:
    """Somebody with a profile and a chat."""

    id: MentorId
    person: PersonId
    capacity: int | None


@dataclass(frozen=True)
class Stage:
    """The use cases over one pool of connections, and new people for each round."""

    engine: AsyncEngine
    about: AboutRequests
    profiles: Profiles
    data: ProfileData
    privacy: Privacy
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def student(self) -> Known:
        """A person who has never written."""
        person = PersonId(10_000 + next(self.numbers))
        async with self.engine.begin() as connection:
            await connection.execute(insert(Person).values(id=person, first_name="Ученик"))
        return Known(person, "Ученик", "ru")

    async def students(self, number: int) -> list[Known]:
        """So many."""
        return [await self.student() for _ in range(number)]

    async def mentor(self, capacity: int | None = None) -> Mentor:
        """An active mentor with so many free places."""
        number = 1000 + next(self.numbers)
        person = (await self.student()).id
        await fill(self.engine, [mentor(number, person_id=person, capacity=capacity)])
        async with self.engine.connect() as connection:
            found = select(MentorProfile.id).where(MentorProfile.person_id == person)
            return Mentor(MentorId((await connection.execute(found)).scalar_one()), person, capacity)

    async def show(self, student: Known, to: Mentor) -> None:
        """Without this the student may not write."""
        shown = Shortlist(cards=(Card(to.id, 1, 0.0),), model_version="link")
        async with self.engine.begin() as connection:
            await self.about.writing.shortlists.log(connection, student.id, "link", Request(), shown, {})

    async def send(self, student: Known, to: Mentor) -> Any:
        """What the button does."""
        return await self.about.writing.send(student, 0, to.id)

    async def sent(self, student: Known, to: Mentor) -> int:
        """A request; its id."""
        await self.show(student, to)
        screen = await self.send(student, to)
        assert isinstance(screen, RequestScreen)
        return screen.card.id

    async def talked(self, student: Known, to: Mentor) -> int:
        """A request that led to a talk; its id."""
        request_id = await self.sent(student, to)
        await self.about.answers.accept(to.person, request_id)
        await self.about.reviews.talked(student.id, request_id)
        return request_id

    async def clock(self) -> None:
        """The tick that handles what is due."""
        async with self.engine.begin() as connection:
            done = await Reminders(self.about.reminders()).tick(connection)
        assert done.skipped == 0

    # --- at once -----------------------------------------------------------------------------------------

    async def at_once(self, number: int, mentor_id: int, acts: Sequence[Act]) -> list[Any]:
        """Do all of it at once; what came of each, in the order given. ``number`` is the round's."""
        order = list(range(len(acts)))[:: -1 if number % 2 else 1]
        if number % 3 == 2:
            done = await asyncio.gather(*(acts[each] for each in order))
        else:
            done = await self.in_turn(mentor_id, [acts[each] for each in order])
        return [done[order.index(each)] for each in range(len(acts))]

    async def in_turn(self, mentor_id: int, acts: Sequence[Act]) -> list[Any]:
        """Hold the mentor until each of them waits, begun one after the other, and let them go."""
        async with self.held(mentor_id):
            tasks = []
            for act in acts:
                tasks.append(asyncio.create_task(act))
                await self.until_waiting(len(tasks))
        # All are over before the first of them that failed is heard of.
        await asyncio.wait(tasks)
        return [task.result() for task in tasks]

    @asynccontextmanager
    async def held(self, mentor_id: int) -> AsyncIterator[AsyncConnection]:
        """A mentor whom nobody else can lock; what is done with the connection is theirs to see after."""
        async with self.engine.begin() as connection:
            await profiles.get(connection, mentor_id)
            yield connection

    async def until_waiting(self, number: int) -> None:
        """Until so many transactions wait for another one's row."""
        async with asyncio.timeout(30), self.engine.connect() as connection:
            while (await connection.scalar(_WAITING) or 0) < number:
                # What is seen of others' queries stands still within a transaction.
                await connection.rollback()

    # --- read back ---------------------------------------------------------------------------------------

    async def rows(self, statement: Any) -> list[Row[Any]]:
        """Through a connection of its own."""
        async with self.engine.connect() as connection:
            return list((await connection.execute(statement)).all())

    async def request(self, request_id: int) -> Row[Any]:
        """As stored."""
        statement = select(*ContactRequest.__table__.c).where(ContactRequest.id == request_id)
        return (await self.rows(statement))[0]

    async def requests_to(self, to: Mentor) -> list[Row[Any]]:
        """All of a mentor's."""
        statement = select(*ContactRequest.__table__.c).where(ContactRequest.mentor_id == to.id)
        return await self.rows(statement.order_by(ContactRequest.id))

    async def profile(self, of: Mentor) -> Row[Any]:
        """As stored."""
        return (await self.rows(select(*MentorProfile.__table__.c).where(MentorProfile.id == of.id)))[0]

    async def reviews_of(self, of: Mentor) -> list[Row[Any]]:
        """All that are stored."""
        statement = select(*Review.__table__.c).where(Review.mentor_id == of.id).order_by(Review.id)
        return await self.rows(statement)

    async def letters(self, *starts: str) -> list[str]:
        """Keys of the outbox that begin so, oldest first."""
        keys = await self.rows(select(OutboxMessage.dedupe_key).order_by(OutboxMessage.id))
        return [row.dedupe_key for row in keys if row.dedupe_key.startswith(starts)]

    async def news(self, request_id: int) -> list[str]:
        """What was written about a request."""
        return [key.split(":")[2] for key in await self.letters(f"request:{request_id}:")]

    async def check(self, to: Mentor) -> list[str]:
        """What must be true of every mentor at any time; the states of their requests."""
        rows = await self.requests_to(to)
        for row in rows:
            await self._check_letters(row)
            await self._check_reminder(row)
        await self._check_places(to, rows)
        return [row.state for row in rows]

    async def _check_letters(self, row: Row[Any]) -> None:
        said = await self.news(row.id)
        telling = [each for each in said if each in _TELLING]
        state = row.state if row.accepted_at is None else "accepted"
        assert telling == [state] * (state in _TELLING), (row.state, said)
        assert said.count("new") == 1
        assert said.count("replied") == (row.reply is not None)

    async def _check_reminder(self, row: Row[Any]) -> None:
        statement = select(Reminder.due_at).where(
            Reminder.kind == REMINDER, Reminder.subject_id == row.id, Reminder.done_at.is_(None)
        )
        coming = next_step(State(row.state), row.turn_at, row.steps)
        assert [each.due_at for each in await self.rows(statement)] == ([coming[1]] if coming else [])

    async def _check_places(self, to: Mentor, rows: Sequence[Row[Any]]) -> None:
        if to.capacity is not None:
            now = await self.profile(to)
            assert now.capacity + sum(row.holds_place for row in rows) == to.capacity
            assert now.capacity >= 0


@pytest.fixture
async def stage(engine: AsyncEngine) -> Stage:
    await fill(engine, varied(4))
    async with engine.begin() as connection:
        await clock.stand_at(connection, NOON)
    taxonomy = load_default()
    catalogue = Catalogue(engine, taxonomy)
    await catalogue.refresh()
    texts = translators(taxonomy)
    people = People(engine, lambda: 0.0)
    about = AboutRequests.over(Shortlists(engine, catalogue, 1), people, texts, MOSCOW, MODERATORS)
    own = Profiles(engine, MOSCOW, ActivityLetters(texts, "a_bot"), about.desk.close_all)
    await warmed(engine)
    return Stage(
        engine,
        about,
        own,
        ProfileData(engine, people, own, taxonomy),
        Privacy(engine, people, MOSCOW, about.partings()),
    )


async def warmed(engine: AsyncEngine) -> None:
    """Whoever races has a connection already: to make one takes longer than most races."""
    connections = [await engine.connect() for _ in range(10)]
    for connection in connections:
        await connection.close()


def refusals(screens: Sequence[Any]) -> list[Refusal]:
    """Why those were refused that were."""
    return [screen.why for screen in screens if isinstance(screen, RefusedScreen)]


def notices(screens: Sequence[RequestScreen]) -> list[RequestNotice | None]:
    """What each tap was told, sorted."""
    return sorted((screen.notice for screen in screens), key=str)


# --- sent at once ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", [1, 2])
async def test_the_last_places_are_taken_once_by_many_students_at_once(stage: Stage, capacity: int) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(capacity)
        students = await stage.students(4)
        for student in students:
            await stage.show(student, vera)
        screens = await stage.at_once(number, vera.id, [stage.send(each, vera) for each in students])
        assert refusals(screens) == [Refusal.FULL] * (4 - capacity)
        assert await stage.check(vera) == ["sent"] * capacity


async def test_a_mentor_who_states_no_places_never_has_more_than_seven_waiting(stage: Stage) -> None:
    for number in range(ROUNDS // 2):
        vera = await stage.mentor()
        for student in await stage.students(6):
            await stage.sent(student, vera)
        students = await stage.students(4)
        for student in students:
            await stage.show(student, vera)
        screens = await stage.at_once(number, vera.id, [stage.send(each, vera) for each in students])
        assert refusals(screens) == [Refusal.FULL] * 3
        assert await stage.check(vera) == ["sent"] * 7


@pytest.mark.parametrize("waiting", [0, MOST_OPEN - 1, MOST_OPEN])
async def test_no_student_has_a_sixth_request_from_however_many_phones(stage: Stage, waiting: int) -> None:
    for _ in range(ROUNDS):
        student = await stage.student()
        mentors = [await stage.mentor() for _ in range(waiting + 7)]
        for vera in mentors[:waiting]:
            await stage.sent(student, vera)
        for vera in mentors[waiting:]:
            await stage.show(student, vera)
        screens = await asyncio.gather(*(stage.send(student, vera) for vera in mentors[waiting:]))
        assert refusals(screens) == [Refusal.TOO_MANY] * (7 + waiting - MOST_OPEN)
        found = [state for vera in mentors for state in await stage.check(vera)]
        assert found == ["sent"] * MOST_OPEN


async def test_the_same_request_from_several_phones_is_one(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(3), await stage.student()
        await stage.show(student, vera)
        screens = await stage.at_once(number, vera.id, [stage.send(student, vera) for _ in range(4)])
        assert len({screen.card.id for screen in screens}) == 1
        assert notices(screens) == [None] * 3 + [RequestNotice.SENT]
        assert await stage.check(vera) == ["sent"]


async def test_who_is_not_in_the_bot_is_handed_over_once(stage: Stage) -> None:
    for _ in range(ROUNDS):
        vera, student = await stage.mentor(), await stage.student()
        await stage.show(student, vera)
        await stage.privacy.forget(vera.person)
        acts = [stage.about.writing.open(student, 0, vera.id), stage.send(student, vera)]
        acts += [stage.about.writing.open(student, 0, vera.id)]
        await asyncio.gather(*acts)
        assert [row.state for row in await stage.requests_to(vera)] == ["outside"]


async def test_what_is_sent_as_its_mentor_pauses_is_closed_or_refused(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(3), await stage.student()
        await stage.show(student, vera)
        pause = stage.profiles.pause_for(vera.person, vera.id, 1)
        screen, _ = await stage.at_once(number, vera.id, [stage.send(student, vera), pause])
        states = await stage.check(vera)
        assert states == ([] if isinstance(screen, RefusedScreen) else ["closed"])
        assert refusals([screen]) == [Refusal.HIDDEN] * (not states)


# --- answered at once --------------------------------------------------------------------------------------


async def test_two_taps_on_accept_take_one_place_and_write_one_letter(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.sent(student, vera)
        taps = [stage.about.answers.accept(vera.person, request_id) for _ in range(3)]
        screens = await stage.at_once(number, vera.id, taps)
        # Whoever taps twice has what they want.
        assert notices(screens) == [RequestNotice.ACCEPTED] * 3
        assert await stage.check(vera) == ["accepted"]
        assert (await stage.profile(vera)).capacity == 1


async def test_of_two_who_are_accepted_at_once_each_takes_a_place(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(2)
        ids = [await stage.sent(student, vera) for student in await stage.students(2)]
        await stage.at_once(number, vera.id, [stage.about.answers.accept(vera.person, each) for each in ids])
        assert await stage.check(vera) == ["accepted"] * 2
        assert (await stage.profile(vera)).capacity == 0


async def test_accepted_and_withdrawn_at_once_it_is_one_of_the_two(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.sent(student, vera)
        accept = stage.about.answers.accept(vera.person, request_id)
        withdraw = stage.about.writing.withdraw(student.id, request_id)
        screens = await stage.at_once(number, vera.id, [accept, withdraw])
        (state,) = await stage.check(vera)
        assert state in {"accepted", "withdrawn"}
        # Both are shown the same, and one of them that it came too late.
        assert [screen.card.state for screen in screens] == [state, state]
        late = screens[state == "accepted"]
        assert late.notice is RequestNotice.MOVED_ON
        assert (await stage.profile(vera)).capacity == (1 if state == "accepted" else 2)
        # The message in the mentor's chat says so, too.
        assert len(await stage.letters(f"request-edit:{request_id}:")) == 1


async def test_accepted_as_it_expires_it_is_one_of_the_two(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.sent(student, vera)
        await last_step_is_due(stage, request_id)
        accept = stage.about.answers.accept(vera.person, request_id)
        screen, _ = await stage.at_once(number, vera.id, [accept, stage.clock()])
        (state,) = await stage.check(vera)
        assert state in {"accepted", "expired"}
        assert (screen.notice, screen.card.state) == (
            (RequestNotice.ACCEPTED, state) if state == "accepted" else (RequestNotice.MOVED_ON, state)
        )


async def last_step_is_due(stage: Stage, request_id: int) -> None:
    """The request was sent five days ago, and has had its reminders."""
    values = {"sent_at": NOON - 5 * DAY, "turn_at": NOON - 3 * DAY, "steps": 2}
    async with stage.engine.begin() as connection:
        await connection.execute(
            update(ContactRequest).where(ContactRequest.id == request_id).values(**values)
        )
        await reminders.put(connection, REMINDER, request_id, NOON)


async def test_of_two_clocks_one_makes_the_step(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        await last_step_is_due(stage, await stage.sent(student, vera))
        await stage.at_once(number, vera.id, [stage.clock(), stage.clock()])
        assert await stage.check(vera) == ["expired"]


async def test_accepted_as_the_mentor_pauses_it_is_accepted_or_closed(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(3)
        ids = [await stage.sent(student, vera) for student in await stage.students(2)]
        accept = stage.about.answers.accept(vera.person, ids[0])
        pause = stage.profiles.pause_for(vera.person, vera.id, 1)
        screen, _ = await stage.at_once(number, vera.id, [accept, pause])
        first, second = await stage.check(vera)
        assert first in {"accepted", "closed"}
        assert second == "closed"
        assert screen.card.state == first


async def test_declined_and_accepted_at_once_it_is_one_of_the_two(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(1), await stage.student()
        request_id = await stage.sent(student, vera)
        decline = stage.about.answers.decline(vera.person, request_id, "no_time")
        accept = stage.about.answers.accept(vera.person, request_id)
        screens = await stage.at_once(number, vera.id, [decline, accept])
        (state,) = await stage.check(vera)
        assert state in {"accepted", "declined"}
        assert [screen.card.state for screen in screens] == [state, state]
        row = await stage.request(request_id)
        assert (row.decline_reason is None, row.accepted_at is None) == (
            state == "accepted",
            state == "declined",
        )


async def test_everything_at_once_leaves_a_request_in_one_state(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.sent(student, vera)
        await last_step_is_due(stage, request_id)
        acts: list[Act] = [
            stage.about.answers.accept(vera.person, request_id),
            stage.about.answers.decline(vera.person, request_id, "other"),
            stage.about.answers.postpone(vera.person, request_id, (NOON + DAY).date()),
            stage.about.writing.withdraw(student.id, request_id),
            stage.profiles.leave(vera.person, vera.id),
            stage.clock(),
        ]
        await stage.at_once(number, vera.id, acts[number:] + acts[:number])
        (state,) = await stage.check(vera)
        assert state in {"accepted", "declined", "withdrawn", "closed", "expired"}


async def test_a_place_comes_back_once_however_often_it_is_said(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.sent(student, vera)
        await stage.about.answers.accept(vera.person, request_id)
        taps = [stage.about.reviews.missed(student.id, request_id, "absent") for _ in range(3)]
        await stage.at_once(number, vera.id, taps)
        assert await stage.check(vera) == ["missed"]
        assert (await stage.profile(vera)).capacity == 2


async def test_talked_and_missed_at_once_it_is_one_of_the_two(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.sent(student, vera)
        await stage.about.answers.accept(vera.person, request_id)
        talked = stage.about.reviews.talked(student.id, request_id)
        missed = stage.about.reviews.missed(student.id, request_id, "other")
        await stage.at_once(number, vera.id, [talked, missed])
        (row,) = await stage.requests_to(vera)
        assert (row.state, row.holds_place) in {("talked", True), ("missed", False)}
        assert (await stage.profile(vera)).capacity == 2 - row.holds_place


async def test_places_set_as_one_is_taken_are_what_was_set_or_one_less(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.sent(student, vera)
        accept = stage.about.answers.accept(vera.person, request_id)
        set_anew = stage.data.set_places(vera.person, vera.id, 4)
        await stage.at_once(number, vera.id, [accept, set_anew])
        row, now = await stage.request(request_id), await stage.profile(vera)
        assert (now.capacity, row.holds_place) in {(4, False), (3, True)}


# --- asked and replied at once -----------------------------------------------------------------------------


async def asked(stage: Stage, vera: Mentor, student: Known) -> int:
    """A request about which the mentor has asked, and to which a reply is waited for; its id."""
    request_id = await stage.sent(student, vera)
    await stage.about.answers.ask_for_question(vera.person, request_id)
    question = Asked(Topic.QUESTION, (request_id,))
    await stage.about.answers.type_question(vera.person, question, Sent(1, NOON), "Какой у вас опыт?")
    await stage.about.writing.ask_for_reply(student.id, request_id)
    return request_id


@pytest.mark.parametrize("messages", [(2, 2, 2), (2, 3, 4)])
async def test_of_several_replies_at_once_one_is_passed_on(stage: Stage, messages: tuple[int, ...]) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await asked(stage, vera, student)
        typed = [
            stage.about.writing.type_reply(
                student.id, Asked(Topic.REPLY, (request_id,)), Sent(each, NOON), f"Ответ {each}"
            )
            for each in messages
        ]
        screens = await stage.at_once(number, vera.id, typed)
        # The same message again is what was passed on; another one came too late.
        passed_on = len(messages) if len(set(messages)) == 1 else 1
        assert [screen.notice for screen in screens].count(RequestNotice.REPLIED) == passed_on
        assert await stage.check(vera) == ["replied"]
        row = await stage.request(request_id)
        said = screens[[screen.notice for screen in screens].index(RequestNotice.REPLIED)]
        assert row.reply == said.card.reply


async def test_a_question_that_comes_twice_is_asked_once(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.sent(student, vera)
        await stage.about.answers.ask_for_question(vera.person, request_id)
        typed = [
            stage.about.answers.type_question(
                vera.person, Asked(Topic.QUESTION, (request_id,)), Sent(each, NOON), f"Вопрос {each}?"
            )
            for each in (2, 2, 3)
        ]
        await stage.at_once(number, vera.id, typed)
        assert await stage.check(vera) == ["asked"]
        assert (await stage.news(request_id)).count("asked") == 1


async def test_replied_as_it_lapses_it_is_one_of_the_two(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await asked(stage, vera, student)
        async with stage.engine.begin() as connection:
            values = {"turn_at": NOON - 4 * DAY, "steps": 1}
            await connection.execute(
                update(ContactRequest).where(ContactRequest.id == request_id).values(**values)
            )
            await reminders.put(connection, REMINDER, request_id, NOON)
        reply = stage.about.writing.type_reply(
            student.id, Asked(Topic.REPLY, (request_id,)), Sent(2, NOON), "Год"
        )
        screen, _ = await stage.at_once(number, vera.id, [reply, stage.clock()])
        (state,) = await stage.check(vera)
        assert state in {"replied", "lapsed"}
        assert screen.card.state == state


# --- reviews -----------------------------------------------------------------------------------------------


async def assert_rating_agrees(stage: Stage, of: Mentor) -> None:
    """The stored rating is what the stored reviews make."""
    before = await stage.profile(of)
    async with stage.engine.begin() as connection:
        await stage.about.ratings.recount(connection, of.id)
    after = await stage.profile(of)
    counted = [each for each in await stage.reviews_of(of) if each.state == "counted"]
    assert before.rating_count == len(counted) == after.rating_count
    for column in ("rating_mean", "rating_lower", "rating_upper"):
        assert getattr(before, column) == pytest.approx(getattr(after, column))


@pytest.mark.parametrize("stars", [(5, 5, 5), (1, 5), (2, 3, 4, 5)])
async def test_stars_at_once_are_one_review_and_the_rating_is_of_it(
    stage: Stage, stars: tuple[int, ...]
) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(2), await stage.student()
        request_id = await stage.talked(student, vera)
        taps = [stage.about.reviews.rate(student.id, request_id, "stars", each) for each in stars]
        await stage.at_once(number, vera.id, taps)
        (row,) = await stage.reviews_of(vera)
        assert row.stars in stars
        await assert_rating_agrees(stage, vera)


async def test_stars_of_several_students_at_once_all_count(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, students = await stage.mentor(3), await stage.students(2)
        ids = [await stage.talked(student, vera) for student in students]
        taps = [
            stage.about.reviews.rate(student.id, each, "stars", 5)
            for student, each in zip(students, ids, strict=True)
        ]
        await stage.at_once(number, vera.id, taps)
        assert len(await stage.reviews_of(vera)) == 2
        await assert_rating_agrees(stage, vera)


async def test_the_third_of_a_burst_holds_all_even_where_they_come_at_once(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, students = await stage.mentor(4), await stage.students(4)
        ids = [await stage.talked(student, vera) for student in students]
        taps = [
            stage.about.reviews.rate(student.id, each, "stars", 5)
            for student, each in zip(students, ids, strict=True)
        ]
        await stage.at_once(number, vera.id, taps)
        assert [row.state for row in await stage.reviews_of(vera)] == ["held"] * 4
        await assert_rating_agrees(stage, vera)


async def test_stars_given_as_another_reviewer_is_forgotten_count(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, (gone, stays) = await stage.mentor(3), await stage.students(2)
        await stage.about.reviews.rate(gone.id, await stage.talked(gone, vera), "stars", 1)
        request_id = await stage.talked(stays, vera)
        rate = stage.about.reviews.rate(stays.id, request_id, "stars", 5)
        await stage.at_once(number, vera.id, [rate, stage.privacy.forget(gone.id)])
        assert [row.stars for row in await stage.reviews_of(vera)] == [5]
        await assert_rating_agrees(stage, vera)


async def test_stars_given_as_all_ratings_are_computed_count(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera, student = await stage.mentor(3), await stage.student()
        rate = stage.about.reviews.rate(student.id, await stage.talked(student, vera), "stars", 5)
        await stage.at_once(number, vera.id, [rate, all_ratings(stage)])
        await assert_rating_agrees(stage, vera)


async def all_ratings(stage: Stage) -> None:
    """The tick that computes them."""
    async with stage.engine.begin() as connection:
        await stage.about.ratings.tick(connection)


async def with_words(stage: Stage, vera: Mentor) -> int:
    """A review with words that wait for moderators; its id."""
    student = await stage.student()
    request_id = await stage.talked(student, vera)
    await stage.about.reviews.rate(student.id, request_id, "stars", 4)
    await stage.about.reviews.ask_for_words(student.id, request_id)
    words = Asked(Topic.REVIEW, (request_id,))
    await stage.about.reviews.type_words(student.id, words, Sent(5, NOON), f"Отзыв {request_id}")
    return int((await stage.reviews_of(vera))[-1].id)


async def test_of_moderators_who_decide_at_once_one_has_decided(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(2)
        review_id = await with_words(stage, vera)
        (row,) = await stage.reviews_of(vera)
        decide = stage.about.reviews
        acts = [
            decide.publish(review_id, row.revision, "Первый"),
            decide.reject(review_id, row.revision, "insult", "Второй"),
            decide.publish(review_id, row.revision, "Третий"),
        ]
        found = await stage.at_once(number, vera.id, acts)
        verdicts = [verdict for verdict, _ in found]
        assert sorted(verdicts) == [ReviewVerdict.BEFORE] * 2 + [ReviewVerdict.DECIDED]
        (row,) = await stage.reviews_of(vera)
        winner = ("Первый", "Второй", "Третий")[verdicts.index(ReviewVerdict.DECIDED)]
        assert row.decided_by == winner
        assert row.words_state == ("rejected" if winner == "Второй" else "published")
        refused = await stage.letters(f"review-verdict:{review_id}:")
        assert len(refused) == (row.words_state == "rejected")
        assert {case.decided_by for _, case in found if case} == {winner}


async def test_words_changed_as_they_are_published_are_read_again(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(2)
        review_id = await with_words(stage, vera)
        (row,) = await stage.reviews_of(vera)
        change = stage.about.reviews.type_words(
            PersonId(row.person_id), Asked(Topic.REVIEW, (row.request_id,)), Sent(6, NOON), "Другие слова"
        )
        publish = stage.about.reviews.publish(review_id, row.revision, "Первый")
        await stage.at_once(number, vera.id, [change, publish])
        (row,) = await stage.reviews_of(vera)
        assert (row.words, row.words_state) == ("Другие слова", "waiting")


@pytest.mark.parametrize("messages", [(7, 7), (7, 8, 9)])
async def test_of_several_answers_of_the_mentor_at_once_one_is_kept(
    stage: Stage, messages: tuple[int, ...]
) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(2)
        review_id = await with_words(stage, vera)
        await stage.about.reviews.publish(review_id, 1, "Первый")
        await stage.about.reviews.ask_for_answer(vera.person, review_id)
        typed = [
            stage.about.reviews.type_answer(
                vera.person, Asked(Topic.REVIEW_REPLY, (review_id,)), Sent(each, NOON), f"Спасибо {each}"
            )
            for each in messages
        ]
        await stage.at_once(number, vera.id, typed)
        (row,) = await stage.reviews_of(vera)
        assert row.reply in {f"Спасибо {each}" for each in messages}
        assert (row.reply_state, row.revision) == ("waiting", 3)
        # The words were shown to moderators once, and so is the answer.
        assert len(await stage.letters(f"review-case:{review_id}:")) == 2


# --- moderators and the mentor -----------------------------------------------------------------------------


@pytest.mark.parametrize(("decision", "status"), [("pause", "paused"), ("remove", "expelled")])
async def test_accepted_as_moderators_take_the_mentor_out_it_is_accepted_or_closed(
    stage: Stage, decision: Any, status: str
) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(3)
        ids = [await stage.sent(student, vera) for student in await stage.students(2)]
        case_id = await below_the_bar(stage, vera)
        accept = stage.about.answers.accept(vera.person, ids[0])
        decide = stage.about.bar.decide(case_id, decision, "Первый")
        screen, (done, _) = await stage.at_once(number, vera.id, [accept, decide])
        first, second = await stage.check(vera)
        assert done
        assert first in {"accepted", "closed"}
        assert second == "closed"
        assert screen.card.state == first
        assert (await stage.profile(vera)).status == status


async def below_the_bar(stage: Stage, vera: Mentor) -> int:
    """A case for the moderators; its id."""
    evidence = {"reviews": 8, "mean": 2.5, "upper": 3.1, "no_shows": 0, "reviews_quoted": []}
    case = insert(BarCase).values(mentor_id=vera.id, reasons=["low_rating"], evidence=evidence)
    async with stage.engine.begin() as connection:
        return int((await connection.execute(case.returning(BarCase.id))).scalar_one())


async def test_of_moderators_who_decide_about_a_mentor_at_once_one_has_decided(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(3)
        case_id = await below_the_bar(stage, vera)
        acts = [
            stage.about.bar.decide(case_id, "pause", "Первый"),
            stage.about.bar.decide(case_id, "remove", "Второй"),
        ]
        done = await stage.at_once(number, vera.id, acts)
        assert sorted(each for each, _ in done) == [False, True]
        (row,) = await stage.rows(select(BarCase.decision).where(BarCase.id == case_id))
        assert (row.decision, (await stage.profile(vera)).status) in {
            ("pause", "paused"),
            ("remove", "expelled"),
        }
        assert len(await stage.letters(f"bar-verdict:{vera.id}:")) == 1


async def test_a_return_as_moderators_pause_the_mentor_does_not_undo_it(stage: Stage) -> None:
    for number in range(ROUNDS):
        vera = await stage.mentor(3)
        case_id = await below_the_bar(stage, vera)
        returns = stage.profiles.take_students(vera.person, vera.id)
        await stage.at_once(number, vera.id, [stage.about.bar.decide(case_id, "pause", "Первый"), returns])
        assert (await stage.profile(vera)).status == "paused"


# --- nobody waits in a circle, and nobody acts on what was true before --------------------------------------


async def test_what_waits_for_a_mentor_who_is_brought_back_as_the_tick_comes_is_not_closed(
    stage: Stage,
) -> None:
    vera, student = await stage.mentor(2), await stage.student()
    await stage.sent(student, vera)
    async with stage.engine.begin() as connection:
        await profiles.set_status(connection, vera.id, "removed")
    async with stage.held(vera.id) as connection:
        await profiles.set_status(connection, vera.id, "active")
        tick = asyncio.create_task(closed_by_the_tick(stage))
        await stage.until_waiting(1)
    assert (await tick).matched == 0
    assert await stage.check(vera) == ["sent"]


async def closed_by_the_tick(stage: Stage) -> Counts:
    """What the tick for mentors whom an import has removed comes to."""
    async with stage.engine.begin() as connection:
        return await stage.about.clock.tick(connection)


async def test_two_students_who_are_forgotten_at_once_do_not_wait_for_each_other(stage: Stage) -> None:
    vera, oleg = await stage.mentor(3), await stage.mentor(3)
    first, second = await stage.students(2)
    for student, written_to in ((first, (vera, oleg)), (second, (oleg, vera))):
        for each in written_to:
            await stage.sent(student, each)
    await crowded(stage)
    await stage.in_turn(vera.id, [stage.privacy.forget(each.id) for each in (first, second)])
    assert [await stage.requests_to(each) for each in (vera, oleg)] == [[], []]


async def crowded(stage: Stage) -> None:
    """So many others have written to others that the database looks up a student's requests as it will."""
    async with stage.engine.begin() as connection:
        for statement in _CROWD:
            await connection.execute(text(statement))


async def test_a_reply_and_the_same_students_next_request_do_not_wait_for_each_other(stage: Stage) -> None:
    vera, student = await stage.mentor(3), await stage.student()
    request_id = await asked(stage, vera, student)
    reply = stage.about.writing.type_reply(
        student.id, Asked(Topic.REPLY, (request_id,)), Sent(2, NOON), "Год"
    )
    await stage.in_turn(vera.id, [reply, stage.send(student, vera)])
    assert await stage.check(vera) == ["replied"]


async def test_first_stars_and_the_same_students_next_request_do_not_wait_for_each_other(
    stage: Stage,
) -> None:
    vera, student = await stage.mentor(3), await stage.student()
    request_id = await stage.talked(student, vera)
    rate = stage.about.reviews.rate(student.id, request_id, "stars", 5)
    await stage.in_turn(vera.id, [rate, stage.send(student, vera)])
    assert len(await stage.reviews_of(vera)) == 1


async def test_a_question_and_the_mentors_farewell_do_not_wait_for_each_other(stage: Stage) -> None:
    vera, student = await stage.mentor(3), await stage.student()
    request_id = await stage.sent(student, vera)
    await stage.about.answers.ask_for_question(vera.person, request_id)
    question = stage.about.answers.type_question(
        vera.person, Asked(Topic.QUESTION, (request_id,)), Sent(2, NOON), "Какой у вас опыт?"
    )
    await stage.in_turn(vera.id, [question, stage.privacy.forget(vera.person)])
    assert (await stage.request(request_id)).state == "closed"


async def test_the_clock_and_a_student_who_writes_do_not_wait_for_each_other(stage: Stage) -> None:
    """The tick reminds the mentor of one request, and then asks the writer of another what was missing."""
    vera, waits, writes = await stage.mentor(3), await stage.student(), await stage.student()
    request_id = await stage.sent(waits, vera)
    await stage.show(writes, vera)
    async with stage.engine.begin() as connection:
        await stage.about.writing.shortlists.others_than(connection, writes.id, None, Request())
        await clock.stand_at(connection, NOON + DAY)
        await reminders.put(connection, REMINDER, request_id, NOON + DAY)
        await reminders.put(connection, MISSING_REMINDER, writes.id, NOON + DAY)
    await stage.in_turn(vera.id, [stage.clock(), stage.send(writes, vera)])
    assert [row.state for row in await stage.requests_to(vera)] == ["sent", "sent"]
    assert all(State(row.state) in LIVE for row in await stage.requests_to(vera))

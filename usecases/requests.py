"""Requests to mentors: what both sides see of one, how it moves, and who is told.

A request moves by :meth:`Desk.move` alone: one guarded statement, with the clock's next step set in the same
transaction. Locks are taken in one order, people before mentors before requests, so that a yes, a withdrawal
and a pause at the same instant wait for each other and never in a circle.

Dedupe keys: ``request:{request}:{news}:{turn}:{steps}``, ``request-edit:{request}:{state}:{turn}``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import clock, mentors, people, profiles, reminders, requests
from recommender.model import Request
from usecases.activity import FIRST_HOUR, LAST_HOUR
from usecases.catalogue import MentorCard, as_card
from usecases.errors import NotYoursError
from usecases.hours import first_between, local_day
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import PersonId, spoken
from usecases.request_states import OPEN, Event, State, answer_until, next_step, transition
from usecases.shortlists import Shortlists

#: The kind of the reminder that is the clock's next step; its subject is the request.
REMINDER = "request"
SHORTEST, LONGEST = 10, 1000
#: What a button can copy, for who is not in the bot.
LONGEST_COPIED = 256
LONGEST_QUESTION = 500
_LETTERS_LAST = timedelta(days=7)


class News(StrEnum):
    """What a letter about a request tells."""

    # The mentor is told:
    NEW = "new"
    WAITS = "waits"
    REPLIED = "replied"
    # The student is told:
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ASKED = "asked"
    ASKED_AGAIN = "asked-again"
    POSTPONED = "postponed"
    LATE = "late"
    EXPIRED = "expired"
    CLOSED = "closed"
    # The student is asked:
    OUTSIDE = "outside"
    TALKED = "talked"
    GOES_ON = "goes-on"


class RequestNotice(StrEnum):
    """A word about what was just done."""

    SENT = "sent"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ASKED = "asked"
    REPLIED = "replied"
    POSTPONED = "postponed"
    #: It was no more what the button was drawn for.
    MOVED_ON = "moved-on"
    PAST_DAY = "past-day"


@dataclass(frozen=True, slots=True)
class Student:
    """Whose request it is."""

    id: PersonId
    name: str
    username: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard:
    """A request as it is now.

    ``until`` is the platform's local time at which it is over without an answer, None where none is waited
    for; ``postponed_to`` the day a mentor asked for. ``mentor_id`` of Telegram is in ``mentor_person``.
    """

    id: int
    state: State
    outside: bool
    words: str
    answers: Request
    student: Student
    mentor: MentorCard
    mentor_person: PersonId | None
    mentor_username: str | None
    search_id: int
    question: str
    reply: str
    decline_reason: str | None
    sent_on: date
    until: datetime | None
    postponed_to: date | None
    today: date

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class RequestScreen:
    """A request before the student, or ``for_mentor`` before the mentor."""

    card: RequestCard
    for_mentor: bool
    notice: RequestNotice | None = None

    def saying(self, notice: RequestNotice) -> "RequestScreen":
        """The same with a word about what was done."""
        return replace(self, notice=notice)


class RequestWords(Protocol):
    """What is said and asked about requests."""

    def draft(self, language: str, mentor_name: str, request: Request, longest: int) -> str:
        """A first message out of a student's answers, of at most so many characters."""

    def to_mentor(self, language: str, card: RequestCard, news: News | None) -> Wording:
        """A letter to the mentor, with the buttons of the request as it is; None: nothing is new."""

    def to_student(self, language: str, card: RequestCard, news: News) -> Wording:
        """A letter to the student."""

    def unanswered(self, language: str, mentor_id: int, count: int, *, paused: bool) -> Wording:
        """To a mentor who lets requests expire: a word, or that they are paused for it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A request whose mentor's row is locked until the transaction ends."""

    row: Any
    mentor: Any


@dataclass(frozen=True, slots=True)
class Desk:
    """Over which every request goes. Days and hours are those of ``zone``."""

    zone: ZoneInfo
    words: RequestWords

    # --- held --------------------------------------------------------------------------------------------

    async def hold(self, connection: AsyncConnection, request_id: int) -> Held:
        """A request, and its mentor locked.

        Raises:
            NotYoursError: it is gone, with the student or the mentor who was forgotten.
        """
        seen = await requests.get(connection, request_id)
        mentor = seen and await profiles.get(connection, seen.mentor_id)
        row = mentor and await requests.get(connection, request_id)
        if row is None or mentor is None:
            raise NotYoursError(f"request {request_id}")
        return Held(row, mentor)

    async def of_student(self, connection: AsyncConnection, person_id: PersonId, request_id: int) -> Held:
        """A request of this student.

        Raises:
            NotYoursError: it is another's, or gone.
        """
        held = await self.hold(connection, request_id)
        if held.row.person_id != person_id:
            raise NotYoursError(f"request {request_id} is not one of person {person_id}")
        return held

    async def of_mentor(self, connection: AsyncConnection, person_id: PersonId, request_id: int) -> Held:
        """A request to this mentor, sent through the bot.

        Raises:
            NotYoursError: it is another's, or gone.
        """
        held = await self.hold(connection, request_id)
        if held.mentor.person_id != person_id or held.row.outside:
            raise NotYoursError(f"request {request_id} is not to person {person_id}")
        return held

    # --- moved -------------------------------------------------------------------------------------------

    async def move(self, connection: AsyncConnection, held: Held, event: Event, **values: Any) -> Any:
        """Bring a request where an event leads; its new row, None where it does not lead there from here."""
        line = transition(event)
        row = await requests.move(connection, held.row.id, line.sources, line.target, values)
        if row is None:
            return None
        await self.schedule(connection, row)
        if held.row.state in OPEN and row.state not in OPEN:
            await self.places_moved(connection, held.mentor)
        return row

    async def schedule(self, connection: AsyncConnection, row: Any) -> None:
        """Set the clock to its next step with a request."""
        coming = next_step(State(row.state), row.turn_at, row.steps)
        if coming is None:
            await reminders.drop(connection, REMINDER, row.id)
        else:
            await reminders.put(connection, REMINDER, row.id, coming[1])

    async def places_moved(self, connection: AsyncConnection, mentor: Any) -> None:
        """The catalogue is to know where the last place has been taken, or is free again."""
        places = mentors.UNSTATED_PLACES if mentor.capacity is None else mentor.capacity
        if places - await requests.count_waiting(connection, mentor.id) <= 1:
            await requests.tell_of_places(connection)

    async def close_all(self, connection: AsyncConnection, mentor_ids: Sequence[int]) -> int:
        """Close what waits for mentors who take nobody any more, and tell the students; how many it were.

        The caller holds these mentors' rows.
        """
        closed = 0
        for mentor_id in mentor_ids:
            mentor = await profiles.get(connection, mentor_id)
            for row in await requests.of_mentor(connection, mentor_id, OPEN):
                moved = await self.move(connection, Held(row, mentor), Event.CLOSE)
                if moved is not None:
                    await self.tell_student(connection, moved, News.CLOSED, at_night=False)
                    await self.redraw(connection, moved)
                    closed += 1
        return closed

    # --- told --------------------------------------------------------------------------------------------

    async def tell_student(
        self, connection: AsyncConnection, row: Any, news: News, *, at_night: bool = True
    ) -> bool:
        """Write to the student, unless they have blocked the bot; whether that was done."""
        reader = await requests.student(connection, row.person_id)
        if reader.blocked_at is not None:
            return False
        card = await self.card(connection, row)
        wording = self.words.to_student(_language(reader), card, news)
        letter = await self._letter(connection, row, news, row.person_id, wording, at_night=at_night)
        return bool(await post(connection, [letter]))

    async def tell_mentor(
        self, connection: AsyncConnection, row: Any, news: News, *, at_night: bool = True
    ) -> bool:
        """Write to the mentor, unless they are not in the bot or have blocked it; whether that was done."""
        card = await self.card(connection, row)
        if card.mentor_person is None:
            return False
        reader = await profiles.reader(connection, card.mentor_person)
        if reader.blocked_at is not None:
            return False
        wording = self.words.to_mentor(_language(reader), card, news)
        letter = await self._letter(connection, row, news, card.mentor_person, wording, at_night=at_night)
        for letter_id in (await post(connection, [letter])).values():
            await requests.note_letter(connection, row.id, letter_id)
        return True

    async def redraw(self, connection: AsyncConnection, row: Any) -> None:
        """Let the message in the mentor's chat say what has become of the request."""
        card = await self.card(connection, row)
        if row.letter_id is None or card.mentor_person is None:
            return
        reader = await profiles.reader(connection, card.mentor_person)
        letter = Letter(
            chat_id=card.mentor_person,
            dedupe_key=f"request-edit:{row.id}:{row.state}:{row.turn_at.timestamp():.0f}",
            priority=Priority.REQUEST,
            wording=self.words.to_mentor(_language(reader), card, None),
            kind="edit",
            target=row.letter_id,
        )
        await post(connection, [letter])

    async def _letter(
        self,
        connection: AsyncConnection,
        row: Any,
        news: News,
        chat_id: int,
        wording: Wording,
        *,
        at_night: bool,
    ) -> Letter:
        at = await clock.now(connection)
        due = at if at_night else first_between(at, self.zone, FIRST_HOUR, LAST_HOUR)
        return Letter(
            chat_id=chat_id,
            dedupe_key=f"request:{row.id}:{news}:{row.turn_at.timestamp():.0f}:{row.steps}",
            priority=Priority.REQUEST if at_night else Priority.REMINDER,
            wording=wording,
            due_at=due,
            expires_at=due + _LETTERS_LAST,
        )

    # --- seen --------------------------------------------------------------------------------------------

    async def card(self, connection: AsyncConnection, row: Any) -> RequestCard:
        """A request's row as people see it."""
        mentor = (await mentors.by_ids(connection, [row.mentor_id]))[row.mentor_id]
        student = await requests.student(connection, row.person_id)
        state = State(row.state)
        until = answer_until(state, row.turn_at, row.steps)
        owner = mentor.person_id
        return RequestCard(
            id=row.id,
            state=state,
            outside=row.outside,
            words=row.words,
            answers=Shortlists.answers_of(row),
            student=Student(PersonId(student.id), student.first_name, student.username),
            mentor=as_card(mentor),
            mentor_person=owner and PersonId(owner),
            mentor_username=owner and await people.username(connection, owner),
            search_id=row.search_id or 0,
            question=row.question or "",
            reply=row.reply or "",
            decline_reason=row.decline_reason,
            sent_on=local_day(row.sent_at, self.zone),
            until=until and until.astimezone(self.zone),
            postponed_to=local_day(row.turn_at, self.zone) if state is State.POSTPONED else None,
            today=local_day(await clock.now(connection), self.zone),
        )

    async def screen(
        self, connection: AsyncConnection, row: Any, *, for_mentor: bool, notice: RequestNotice | None = None
    ) -> RequestScreen:
        """The same as a screen."""
        return RequestScreen(await self.card(connection, row), for_mentor, notice)


def _language(reader: Any) -> str:
    return reader.language or spoken(reader.telegram_language)

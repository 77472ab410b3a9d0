"""Requests to mentors: what both sides see of one, how it moves, and who is told.

A request moves by :meth:`Desk.move` alone: one guarded statement, with the clock's next step set in the same
transaction. Locks are taken in one order, people before mentors before requests, so that a yes, a withdrawal
and a pause at the same instant wait for each other and never in a circle.

Dedupe keys: ``request:{request}:{news}:{moves}:{steps}``, ``request-edit:{request}:{letter}:{moves}``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import clock, mentors, outbox, people, profiles, reminders, requests
from recommender.model import Request
from usecases.activity import FIRST_HOUR, LAST_HOUR
from usecases.catalogue import MentorCard, as_card
from usecases.errors import NotYoursError
from usecases.hours import first_between, local_day
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import PersonId
from usecases.readers import Reader, reader_of
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


_DONE = {
    Event.ACCEPT: RequestNotice.ACCEPTED,
    Event.ASK: RequestNotice.ASKED,
    Event.DECLINE: RequestNotice.DECLINED,
    Event.POSTPONE: RequestNotice.POSTPONED,
    Event.REPLY: RequestNotice.REPLIED,
    Event.WITHDRAW: RequestNotice.WITHDRAWN,
}


def told_of(event: Event, before: Any, moved: Any) -> RequestNotice:
    """The word about a tap: what it did, also when it comes again; or that something else came first."""
    if moved is None and before.state != transition(event).target:
        return RequestNotice.MOVED_ON
    return _DONE.get(event, RequestNotice.DONE)


@dataclass(frozen=True, slots=True)
class Student:
    """Whose request it is. ``away``: they have blocked the bot, and read nothing of what it says."""

    id: PersonId
    name: str
    username: str | None
    away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard:
    """A request as it is now.

    ``accepted``: the mentor has said yes, whatever came after. ``mentor_person`` is who the mentor is in the
    bot, None for nobody. ``until`` is the platform's local time at which it is over without an answer, None
    where none is waited for; ``postponed_to`` the day a mentor asked for.
    """

    id: int
    state: State
    outside: bool
    accepted: bool
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

    def forgotten(self, language: str) -> Wording:
        """In place of a request whose student has been forgotten: nothing of it is left."""

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

    async def part(self, connection: AsyncConnection, person_id: PersonId) -> None:
        """A person is about to be forgotten: hold every mentor whom that touches, in one order."""
        await profiles.hold(connection, await requests.mentors_of(connection, person_id))

    async def of_student(self, connection: AsyncConnection, person_id: PersonId, request_id: int) -> Held:
        """A request of this student.

        Raises:
            NotYoursError: it is another's, or gone.
        """
        await people.lock(connection, person_id)
        held = await self.hold(connection, request_id)
        if held.row.person_id != person_id:
            raise NotYoursError(f"request {request_id} is not one of person {person_id}")
        return held

    async def of_mentor(self, connection: AsyncConnection, person_id: PersonId, request_id: int) -> Held:
        """A request to this mentor, sent through the bot.

        Raises:
            NotYoursError: it is another's, or gone.
        """
        await people.lock(connection, person_id)
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
        await self.take_back(connection, held)
        await self.schedule(connection, row)
        if held.row.state in OPEN and row.state not in OPEN:
            await self.places_moved(connection, held.mentor)
        return row

    async def take_back(self, connection: AsyncConnection, held: Held) -> None:
        """What was to be said of a request in the morning is not true any more."""
        chats = [held.row.person_id, *filter(None, [held.mentor.person_id])]
        await outbox.take_back(connection, chats, f"request:{held.row.id}:")

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
        reader = await reader_of(connection, row.person_id)
        if reader is None:
            return False
        card = await self.card(connection, row)
        wording = self.words.to_student(reader.language, card, news)
        letter = await self._letter(connection, row, news, reader.id, wording, at_night=at_night)
        return bool(await post(connection, [letter]))

    async def tell_mentor(
        self, connection: AsyncConnection, row: Any, news: News, *, at_night: bool = True
    ) -> bool:
        """Write to the mentor, unless they are not in the bot or have blocked it; whether that was done."""
        card = await self.card(connection, row)
        reader = await reader_of(connection, card.mentor_person)
        if reader is None:
            return False
        wording = self.words.to_mentor(reader.language, card, news)
        letter = await self._letter(connection, row, news, reader.id, wording, at_night=at_night)
        await post(connection, [letter])
        return True

    async def redraw(self, connection: AsyncConnection, row: Any) -> None:
        """Let every message about it in the mentor's chat say what has become of the request."""
        card = await self.card(connection, row)
        reader = await reader_of(connection, card.mentor_person)
        if reader is not None:
            wording = self.words.to_mentor(reader.language, card, None)
            await self._draw(connection, row, reader, wording, str(row.moves))

    async def erase(self, connection: AsyncConnection, row: Any) -> None:
        """A student is about to be forgotten: nothing of a request is left, wherever it was told of."""
        card = await self.card(connection, row)
        reader = await reader_of(connection, card.mentor_person)
        await outbox.wipe(connection, [f"request:{row.id}:", f"request-edit:{row.id}:"])
        if reader is not None:
            await self._draw(connection, row, reader, self.words.forgotten(reader.language), "erased")

    async def _draw(
        self, connection: AsyncConnection, row: Any, reader: Reader, wording: Wording, change: str
    ) -> None:
        told = await outbox.told(connection, reader.id, f"request:{row.id}:")
        edits = [
            Letter(
                chat_id=reader.id,
                dedupe_key=f"request-edit:{row.id}:{letter}:{change}",
                priority=Priority.REQUEST,
                wording=wording,
                kind="edit",
                target=letter,
            )
            for letter in told
        ]
        await post(connection, edits)

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
            dedupe_key=f"request:{row.id}:{news}:{row.moves}:{row.steps}",
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
            accepted=row.accepted_at is not None,
            words=row.words,
            answers=Shortlists.answers_of(row),
            student=Student(
                PersonId(student.id), student.first_name, student.username, student.blocked_at is not None
            ),
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

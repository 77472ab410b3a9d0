"""The mentor's side of a request: taken, asked about, put off, refused; and the list of those that wait."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, profiles, requests
from usecases import typed
from usecases.activity import FIRST_HOUR
from usecases.errors import NotYoursError
from usecases.hours import at_hour, local_day
from usecases.people import PersonId, Sent
from usecases.profiles import own_profile
from usecases.request_states import LONGEST_POSTPONED, OPEN, Event, transition
from usecases.request_writing import refusal_of
from usecases.requests import LONGEST_QUESTION, Desk, Held, News, RequestNotice, RequestScreen
from usecases.screens import Notice
from usecases.typed import Asked, Topic, Typed
from usecases.written import visible

DeclineReason = Literal["no_time", "not_my_topic", "wrong_level", "on_a_break", "other"]
#: Why a mentor does not take a student; "on a break" offers a pause with it.
DECLINE_REASONS: tuple[DeclineReason, ...] = (
    "no_time",
    "not_my_topic",
    "wrong_level",
    "on_a_break",
    "other",
)


@dataclass(frozen=True, slots=True)
class QuestionScreen:
    """A question to the student is waited for."""

    request: RequestScreen
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class WaitingScreen:
    """The requests that wait for a mentor, the longest first."""

    mentor_id: int
    requests: tuple[RequestScreen, ...]


@dataclass(frozen=True, slots=True)
class RequestAnswers:
    """Everything a mentor does with requests. A tap that comes too late shows what there is now."""

    engine: AsyncEngine
    desk: Desk
    typed: Typed

    async def waiting(self, person_id: PersonId, mentor_id: int) -> WaitingScreen:
        """All that wait for an answer.

        Raises:
            NotYoursError: it is not this person's; so everywhere below.
        """
        async with self.engine.begin() as connection:
            await own_profile(connection, person_id, mentor_id)
            rows = await requests.of_mentor(connection, mentor_id, OPEN)
            screens = [await self.desk.screen(connection, row, for_mentor=True) for row in rows]
        return WaitingScreen(mentor_id, tuple(screens))

    async def look(self, person_id: PersonId, request_id: int) -> RequestScreen:
        """A request as it is."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, request_id)
            return await self.desk.screen(connection, held.row, for_mentor=True)

    async def accept(self, person_id: PersonId, request_id: int) -> RequestScreen:
        """Take the student: each sees the other's contact, and one of the places is taken."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, request_id)
            now = func.clock_now()
            moved = await self._answer(connection, held, Event.ACCEPT, accepted_at=now)
            if moved is not None:
                await requests.take_place(connection, request_id, held.mentor.id)
                await self.desk.tell_student(connection, moved, News.ACCEPTED)
            return await self._after(connection, held, moved, RequestNotice.ACCEPTED)

    async def decline(self, person_id: PersonId, request_id: int, reason: DeclineReason) -> RequestScreen:
        """Refuse, and say why."""
        if reason not in DECLINE_REASONS:
            raise NotYoursError(f"no reason {reason!r}")
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, request_id)
            moved = await self._answer(connection, held, Event.DECLINE, decline_reason=reason)
            if moved is not None:
                await self.desk.tell_student(connection, moved, News.DECLINED)
            return await self._after(connection, held, moved, RequestNotice.DECLINED)

    async def postpone(self, person_id: PersonId, request_id: int, day: date) -> RequestScreen:
        """ "Give me until that day": from tomorrow to a week from now."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, request_id)
            today = local_day(await clock.now(connection), self.desk.zone)
            if day > today + LONGEST_POSTPONED:
                raise NotYoursError(f"no request is put off until {day}")
            if day <= today:
                return await self._after(connection, held, held.row, RequestNotice.PAST_DAY)
            turn_at = at_hour(day, FIRST_HOUR, self.desk.zone)
            moved = await self.desk.move(connection, held, Event.POSTPONE, turn_at=turn_at)
            if moved is not None:
                await self.desk.tell_student(connection, moved, News.POSTPONED)
            return await self._after(connection, held, moved, RequestNotice.POSTPONED)

    async def ask_for_question(self, person_id: PersonId, request_id: int) -> QuestionScreen | RequestScreen:
        """The next text of this mentor is a question to the student."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, request_id)
            screen = await self.desk.screen(connection, held.row, for_mentor=True)
            if screen.card.state not in transition(Event.ASK).sources:
                return screen.saying(RequestNotice.MOVED_ON)
            await typed.ask(connection, person_id, Topic.QUESTION, request_id)
        self.typed.done(person_id)
        return QuestionScreen(screen)

    async def type_question(
        self, person_id: PersonId, asked: Asked, sent: Sent, text: str | None
    ) -> QuestionScreen | RequestScreen:
        """Take a typed question, and pass it on."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, asked.ids[0])
            notice = refusal_of(text, 1, LONGEST_QUESTION)
            if notice is not None:
                return QuestionScreen(await self.desk.screen(connection, held.row, for_mentor=True), notice)
            moved = None
            if await typed.take(connection, person_id, asked, sent):
                moved = await self._answer(connection, held, Event.ASK, question=visible(text or ""))
            if moved is not None:
                await self.desk.tell_student(connection, moved, News.ASKED)
            screen = await self._after(connection, held, moved, RequestNotice.ASKED)
        self.typed.done(person_id)
        return screen

    async def forget(self, connection: AsyncConnection, person_id: PersonId) -> None:
        """A mentor is about to be forgotten: who waits for them is told, and their words go."""
        own = await profiles.own(connection, person_id)
        if own is not None:
            await self.desk.close_all(connection, [own.id])
            await requests.clear_words_of_mentor(connection, [own.id])

    async def _answer(self, connection: AsyncConnection, held: Held, event: Event, **values: Any) -> Any:
        """A sign of the mentor: the first one is dated."""
        return await self.desk.move(
            connection, held, event, answered_at=_first(held.row.answered_at), **values
        )

    async def _after(
        self, connection: AsyncConnection, held: Held, moved: Any, done: RequestNotice
    ) -> RequestScreen:
        notice = RequestNotice.MOVED_ON if moved is None else done
        return await self.desk.screen(connection, moved or held.row, for_mentor=True, notice=notice)


def _first(answered_at: datetime | None) -> Any:
    return func.clock_now() if answered_at is None else answered_at

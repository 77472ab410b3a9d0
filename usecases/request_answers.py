"""The mentor's side of a request: taken, asked about, put off, refused; and the list of those that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, outbox, profiles, requests
from usecases import typed
from usecases.activity import FIRST_HOUR
from usecases.errors import NotYoursError
from usecases.hours import at_hour, local_day
from usecases.people import PersonId, Sent
from usecases.profiles import own_profile
from usecases.request_states import LONGEST_POSTPONED, OPEN, TAKEN, Event, State, transition
from usecases.request_writing import refusal_of
from usecases.requests import LONGEST_QUESTION, Desk, Held, News, RequestNotice, RequestScreen, told_of
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


#: How many of each one message lists.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class QuestionScreen:
    """A question to the student is waited for."""

    request: RequestScreen
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class WaitingScreen:
    """The requests that wait for a mentor, the longest first; and the students ``taken``."""

    mentor_id: int
    requests: tuple[RequestScreen, ...]
    taken: tuple[RequestScreen, ...] = ()


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
            waiting = await self._screens(connection, mentor_id, OPEN)
            return WaitingScreen(mentor_id, waiting, await self._screens(connection, mentor_id, TAKEN))

    async def _screens(
        self, connection: AsyncConnection, mentor_id: int, states: Sequence[State]
    ) -> tuple[RequestScreen, ...]:
        rows = (await requests.of_mentor(connection, mentor_id, states))[:_LISTED]
        return tuple([await self.desk.screen(connection, row, for_mentor=True) for row in rows])

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
                if held.mentor.capacity:
                    await requests.take_place(connection, request_id, held.mentor.id)
                await self.desk.tell_student(connection, moved, News.ACCEPTED)
            return await self._after(connection, held, moved, Event.ACCEPT)

    async def decline(self, person_id: PersonId, request_id: int, reason: DeclineReason) -> RequestScreen:
        """Refuse, and say why."""
        if reason not in DECLINE_REASONS:
            raise NotYoursError(f"no reason {reason!r}")
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, request_id)
            moved = await self._answer(connection, held, Event.DECLINE, decline_reason=reason)
            if moved is not None:
                await self.desk.tell_student(connection, moved, News.DECLINED)
            return await self._after(connection, held, moved, Event.DECLINE)

    async def postpone(self, person_id: PersonId, request_id: int, day: date) -> RequestScreen:
        """ "Give me until that day": from tomorrow to a week from now."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, request_id)
            today = local_day(await clock.now(connection), self.desk.zone)
            if day > today + LONGEST_POSTPONED:
                raise NotYoursError(f"no request is put off until {day}")
            if day <= today:
                screen = await self.desk.screen(connection, held.row, for_mentor=True)
                return screen.saying(RequestNotice.PAST_DAY)
            turn_at = at_hour(day, FIRST_HOUR, self.desk.zone)
            moved = await self._answer(connection, held, Event.POSTPONE, turn_at=turn_at)
            if moved is not None:
                await self.desk.tell_student(connection, moved, News.POSTPONED)
            return await self._after(connection, held, moved, Event.POSTPONE)

    async def ask_for_question(self, person_id: PersonId, request_id: int) -> QuestionScreen | RequestScreen:
        """The next text of this mentor is a question to the student."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_mentor(connection, person_id, request_id)
            screen = await self.desk.screen(connection, held.row, for_mentor=True)
            if screen.card.state not in transition(Event.ASK).sources or screen.card.question:
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
            if await typed.take(connection, person_id, asked, sent) and not held.row.question:
                moved = await self._answer(connection, held, Event.ASK, question=visible(text or ""))
            if moved is not None:
                await self.desk.tell_student(connection, moved, News.ASKED)
            screen = await self._after(connection, held, moved, Event.ASK)
            if screen.card.question != visible(text or ""):
                screen = screen.saying(RequestNotice.MOVED_ON)
        self.typed.done(person_id)
        return screen

    async def forget(self, connection: AsyncConnection, person_id: PersonId) -> None:
        """A mentor is about to be forgotten: who waits for them is told, and their words go."""
        own = await profiles.own(connection, person_id)
        if own is not None:
            await self.desk.close_all(connection, [own.id])
            asked = await requests.clear_words_of_mentor(connection, own.id)
            told = (News.ASKED, News.ASKED_AGAIN)
            await outbox.wipe(connection, [f"request:{each}:{news}:" for each in asked for news in told])

    async def _answer(self, connection: AsyncConnection, held: Held, event: Event, **values: Any) -> Any:
        """A sign of the mentor: the first one is dated."""
        row = await self.desk.move(
            connection, held, event, answered_at=_first(held.row.answered_at), **values
        )
        if row is not None:
            # It may have been answered from a list, and stands in their chat with other buttons.
            await self.desk.redraw(connection, row)
        return row

    async def _after(
        self, connection: AsyncConnection, held: Held, moved: Any, event: Event
    ) -> RequestScreen:
        notice = told_of(event, held.row, moved)
        return await self.desk.screen(connection, moved or held.row, for_mentor=True, notice=notice)


def _first(answered_at: datetime | None) -> Any:
    return func.clock_now() if answered_at is None else answered_at

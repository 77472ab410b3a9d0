"""The clock's part in requests: reminders, offers of others, ends; and what closes with a mentor who goes.

One reminder a request says when its next step is due (:data:`usecases.request_states.TIMETABLE`). Letters of
the clock's go out between 10:00 and 20:00; what a step changes, it changes at its hour.

Dedupe key of a word to a mentor who lets requests expire: ``unanswered:{request}``.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import clock, profiles, reminders, requests
from usecases.activity import FIRST_HOUR, LAST_HOUR
from usecases.counts import Counts
from usecases.errors import NotYoursError
from usecases.hours import first_between
from usecases.letters import Letter, Priority, post
from usecases.profiles import PAUSE_ENDS
from usecases.readers import reader_of
from usecases.request_states import Event, State, Step, next_step, stepped_at
from usecases.requests import Desk, Held, News

#: Requests left to expire are counted for so long: the second brings a word, the fourth a pause.
STRIKES_FOR = timedelta(days=30)
WORD_AT, PAUSE_AT = 2, 4
#: How many mentors a run closes the requests of; the next run goes on.
_PORTION = 200

_LETTERS: dict[Step, News] = {
    Step.TELL_LATE: News.LATE,
    Step.REMIND_STUDENT: News.ASKED_AGAIN,
    Step.ASK_OUTSIDE: News.OUTSIDE,
    Step.ASK_TALKED: News.TALKED,
    Step.ASK_GOES_ON: News.GOES_ON,
}


@dataclass(frozen=True, slots=True)
class RequestClock:
    """The handler of the requests' reminders, and the tick for mentors who have gone."""

    desk: Desk

    async def step(self, connection: AsyncConnection, request_id: int) -> str:
        """Make the next step of one request, if it is due. For :class:`usecases.reminders.Reminders`."""
        try:
            held = await self.desk.hold(connection, request_id)
        except NotYoursError:
            return "gone"
        at = await clock.now(connection)
        coming = next_step(State(held.row.state), held.row.turn_at, held.row.steps)
        if coming is None or coming[1] > at:
            await self.desk.schedule(connection, held.row)
            return "not due"
        step, due_at = coming
        turn_at = stepped_at(due_at, at)
        # First, so that what is said of the request tells the time that is left from now on.
        if not await requests.step(connection, request_id, held.row.state, held.row.steps, turn_at):
            return "moved"
        held = replace(held, row=await requests.get(connection, request_id))
        await self.desk.schedule(connection, held.row)
        await self._make(connection, held, step)
        return str(step)

    async def tick(self, connection: AsyncConnection) -> Counts:
        """Close what waits for mentors whom an import has removed, or whose people are gone."""
        closed = 0
        for mentor_id in await requests.moot(connection, _PORTION):
            mentor = await profiles.get(connection, mentor_id)
            # Somebody may have brought them back since.
            if mentor is not None and (mentor.status != "active" or mentor.person_id is None):
                closed += await self.desk.close_all(connection, [mentor_id])
        return Counts(matched=closed, enqueued=closed)

    async def _make(self, connection: AsyncConnection, held: Held, step: Step) -> None:
        match step:
            case Step.REMIND_MENTOR:
                await self._remind_mentor(connection, held)
            case Step.EXPIRE:
                await self._expire(connection, held)
            case Step.LAPSE:
                await self._lapse(connection, held)
            case Step.TELL_LATE | Step.REMIND_STUDENT | Step.ASK_OUTSIDE | Step.ASK_TALKED | Step.ASK_GOES_ON:
                await self.desk.tell_student(connection, held.row, _LETTERS[step], at_night=False)
            case _:
                assert_never(step)

    async def _remind_mentor(self, connection: AsyncConnection, held: Held) -> None:
        """A mentor who cannot be reminded will not answer: the student need not wait for five days."""
        if not await self.desk.tell_mentor(connection, held.row, News.WAITS, at_night=False):
            await self._close(connection, held)

    async def _close(self, connection: AsyncConnection, held: Held) -> None:
        moved = await self.desk.move(connection, held, Event.CLOSE)
        if moved is not None:
            await self.desk.tell_student(connection, moved, News.CLOSED, at_night=False)

    async def _lapse(self, connection: AsyncConnection, held: Held) -> None:
        moved = await self.desk.move(connection, held, Event.LAPSE)
        if moved is None:
            return
        # Who never says what became of it keeps nobody else from the place.
        await requests.give_place_back(connection, held.row.id, held.mentor.id)
        if held.row.state == State.ASKED:
            # The mentor still has it before them.
            await self.desk.redraw(connection, moved)

    async def _expire(self, connection: AsyncConnection, held: Held) -> None:
        moved = await self.desk.move(connection, held, Event.EXPIRE)
        if moved is None:
            return
        await self.desk.tell_student(connection, moved, News.EXPIRED, at_night=False)
        await self.desk.redraw(connection, moved)
        at = await clock.now(connection)
        since = max(filter(None, (at - STRIKES_FOR, held.mentor.struck_at)))
        count = await requests.count_expired(connection, held.mentor.id, since)
        if count >= PAUSE_AT:
            await self._pause(connection, held, count)
        elif count == WORD_AT:
            await self._say_unanswered(connection, held, count, paused=False)

    async def _pause(self, connection: AsyncConnection, held: Held, count: int) -> None:
        """Out of shortlists, with the reason and one tap to return; who else waits for them is told."""
        if held.mentor.status != "active":
            return
        await requests.strike(connection, held.mentor.id)
        await profiles.answer_check_in(connection, held.mentor.id, "paused")
        await reminders.drop(connection, PAUSE_ENDS, held.mentor.id)
        await self.desk.close_all(connection, [held.mentor.id])
        await self._say_unanswered(connection, held, count, paused=True)

    async def _say_unanswered(
        self, connection: AsyncConnection, held: Held, count: int, *, paused: bool
    ) -> None:
        reader = await reader_of(connection, held.mentor.person_id)
        if reader is None:
            return
        due = first_between(await clock.now(connection), self.desk.zone, FIRST_HOUR, LAST_HOUR)
        letter = Letter(
            chat_id=reader.id,
            dedupe_key=f"unanswered:{held.row.id}",
            priority=Priority.REMINDER,
            wording=self.desk.words.unanswered(reader.language, held.mentor.id, count, paused=paused),
            due_at=due,
            expires_at=due + timedelta(days=7),
        )
        await post(connection, [letter])

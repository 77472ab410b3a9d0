"""The student's side of a request: written, sent, taken back, and what they say became of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, mentors, people, profiles, requests, searches
from recommender.model import MentorId, Request
from usecases import typed
from usecases.catalogue import MentorCard, as_card
from usecases.people import CONSENT_VERSION, Known, PersonId, Sent
from usecases.readers import reader_of
from usecases.request_states import Event, State
from usecases.requests import (
    LONGEST,
    LONGEST_COPIED,
    SHORTEST,
    Desk,
    Held,
    News,
    RequestNotice,
    RequestScreen,
    told_of,
)
from usecases.screens import Notice, NoticeKind
from usecases.shortlists import Shortlists, ShortlistScreen, event_of
from usecases.typed import Asked, Topic, Typed
from usecases.written import visible

#: So many requests of a student wait for an answer at a time.
MOST_OPEN = 5
#: Who was refused, or has taken a request back, does not write to the same mentor before so long.
AGAIN_AFTER = timedelta(days=30)
_REFUSED = (State.DECLINED, State.WITHDRAWN)

#: What a student says of a mentor who is not in the bot.
OutsideAnswer = Literal["reached", "silent", "not_written"]
_OUTSIDE: dict[OutsideAnswer, Event] = {
    "reached": Event.REACH,
    "silent": Event.FAIL,
    "not_written": Event.WITHDRAW,
}


class Refusal(StrEnum):
    """Why a request cannot be sent."""

    TOO_MANY = "too-many"
    OWN = "own"
    HIDDEN = "hidden"
    FULL = "full"
    #: They were refused, or took one back, not long ago.
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class DraftScreen:
    """A request before it is sent. ``has_username``: the mentor will be able to write to the student.

    ``outside``: the mentor is not in the bot, and sending it shows their public link.
    """

    search_id: int
    mentor: MentorCard
    words: str
    answers: Request
    has_username: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class WordsScreen:
    """Words of one's own are waited for; ``notice`` says what is wrong with the last ones."""

    search_id: int
    mentor: MentorCard
    words: str
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class RefusedScreen:
    """It cannot be sent, and why."""

    search_id: int
    mentor: MentorCard
    why: Refusal


@dataclass(frozen=True, slots=True)
class ReplyScreen:
    """A reply to the mentor's question is waited for."""

    request: RequestScreen
    notice: Notice | None = None


WritingScreen = DraftScreen | WordsScreen | RefusedScreen | RequestScreen


@dataclass(frozen=True, slots=True)
class _Opened:
    """A mentor whom this student may write to, unless there is a ``refusal``."""

    search_id: int
    mentor: Any
    answers: Request
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class RequestWriting:
    """Everything a student does with requests."""

    engine: AsyncEngine
    desk: Desk
    shortlists: Shortlists
    typed: Typed

    # --- written and sent --------------------------------------------------------------------------------

    async def open(self, person: Known, search_id: int, mentor_id: MentorId) -> WritingScreen:
        """ "Write": the draft, or what there is already; for who is not in the bot, the way to them.

        Raises:
            NotYoursError: the mentor was never shown to this person; so everywhere below.
        """
        async with self.engine.begin() as connection:
            opened = await self._opened(connection, person, search_id, mentor_id)
            if isinstance(opened, RequestScreen):
                return opened
            if opened.refusal is not None:
                return _refused(opened)
            # Nothing is kept of who has not agreed to that: a tap of theirs will say so.
            agreed = await people.consent_version(connection, person.id) >= CONSENT_VERSION
            if agreed and not await _is_in_bot(connection, opened.mentor):
                return await self._hand_over(connection, person, opened)
            return await self._draft(connection, person, opened)

    async def ask_for_words(self, person: Known, search_id: int, mentor_id: MentorId) -> WritingScreen:
        """The next text of this student is the message."""
        async with self.engine.begin() as connection:
            opened = await self._opened(connection, person, search_id, mentor_id)
            if isinstance(opened, RequestScreen):
                return opened
            await typed.ask(connection, person.id, Topic.DRAFT, search_id, mentor_id)
            words = await self._words(connection, person, opened)
        self.typed.done(person.id)
        return WordsScreen(search_id, as_card(opened.mentor), words)

    async def type_words(self, person: Known, asked: Asked, sent: Sent, text: str | None) -> WritingScreen:
        """Take a typed message in place of the draft."""
        search_id, mentor_id = asked.ids
        async with self.engine.begin() as connection:
            opened = await self._opened(connection, person, search_id, MentorId(mentor_id))
            notice = refusal_of(text, SHORTEST, LONGEST)
            if notice is not None and isinstance(opened, _Opened):
                words = await self._words(connection, person, opened)
                return WordsScreen(search_id, as_card(opened.mentor), words, notice)
            new = await typed.take(connection, person.id, asked, sent)
            screen: WritingScreen
            if isinstance(opened, RequestScreen):
                screen = opened
            else:
                if new:
                    await people.consent(connection, person.id, CONSENT_VERSION)
                    await requests.keep_draft(connection, person.id, mentor_id, visible(text or ""))
                screen = _refused(opened) if opened.refusal else await self._draft(connection, person, opened)
        self.typed.done(person.id)
        return screen

    async def send(self, person: Known, search_id: int, mentor_id: MentorId) -> WritingScreen:
        """Send it; the same tap again finds what was sent.

        The rows of the student and of the mentor are locked: of two who take a last place at the same
        instant one is refused, and so is one's own sixth request from another phone.
        """
        async with self.engine.begin() as connection:
            opened = await self._opened(connection, person, search_id, mentor_id, hold=True)
            if isinstance(opened, RequestScreen):
                return opened
            if opened.refusal is not None:
                return _refused(opened)
            await people.consent(connection, person.id, CONSENT_VERSION)
            if not await _is_in_bot(connection, opened.mentor):
                return await self._hand_over(connection, person, opened)
            row = await self._store(connection, person, opened, State.SENT)
            await self.desk.places_moved(connection, opened.mentor)
            await self.desk.tell_mentor(connection, row, News.NEW)
            return await self.desk.screen(connection, row, for_mentor=False, notice=RequestNotice.SENT)

    # --- what becomes of it ------------------------------------------------------------------------------

    async def look(self, person_id: PersonId, request_id: int) -> RequestScreen:
        """A request as it is."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            return await self.desk.screen(connection, held.row, for_mentor=False)

    async def withdraw(self, person_id: PersonId, request_id: int) -> RequestScreen:
        """Take it back; who was quicker wins."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            moved = await self.desk.move(connection, held, Event.WITHDRAW)
            if moved is not None:
                await self.desk.redraw(connection, moved)
            return await self._after(connection, held.row, moved, Event.WITHDRAW)

    async def ask_for_reply(self, person_id: PersonId, request_id: int) -> ReplyScreen | RequestScreen:
        """The next text of this student answers the mentor's question."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            screen = await self.desk.screen(connection, held.row, for_mentor=False)
            if screen.card.state is not State.ASKED:
                return screen.saying(RequestNotice.MOVED_ON)
            await typed.ask(connection, person_id, Topic.REPLY, request_id)
        self.typed.done(person_id)
        return ReplyScreen(screen)

    async def type_reply(
        self, person_id: PersonId, asked: Asked, sent: Sent, text: str | None
    ) -> ReplyScreen | RequestScreen:
        """Take a typed reply, and pass it on."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, asked.ids[0])
            notice = refusal_of(text, 1, LONGEST)
            if notice is not None:
                return ReplyScreen(await self.desk.screen(connection, held.row, for_mentor=False), notice)
            moved = None
            if await typed.take(connection, person_id, asked, sent):
                moved = await self.desk.move(connection, held, Event.REPLY, reply=visible(text or ""))
            if moved is not None:
                await self.desk.tell_mentor(connection, moved, News.REPLIED)
            screen = await self._after(connection, held.row, moved, Event.REPLY)
            if screen.card.reply != visible(text or ""):
                screen = screen.saying(RequestNotice.MOVED_ON)
        self.typed.done(person_id)
        return screen

    async def say_outside(self, person_id: PersonId, request_id: int, answer: OutsideAnswer) -> RequestScreen:
        """What became of it where the mentor is not in the bot."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            moved = await self.desk.move(connection, held, _OUTSIDE[answer])
            return await self._after(connection, held.row, moved, _OUTSIDE[answer])

    async def others(self, person_id: PersonId, request_id: int) -> ShortlistScreen:
        """Three others for a student whose mentor does not answer; the same tap again shows the same."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            return await self.shortlists.instead(connection, person_id, held.row)

    async def forget(self, connection: AsyncConnection, person_id: PersonId) -> None:
        """Take back what waits, free the places that were taken, and let nothing of it be told any more."""
        for request_id in await requests.open_ids(connection, person_id=person_id):
            await self.desk.move(connection, await self.desk.hold(connection, request_id), Event.WITHDRAW)
        for row in await requests.holding(connection, person_id):
            await requests.give_place_back(connection, row.id, row.mentor_id)
        for request_id in await requests.ids_of(connection, person_id):
            held = await self.desk.hold(connection, request_id)
            if not held.row.outside:
                await self.desk.erase(connection, held.row)

    async def _after(self, connection: AsyncConnection, row: Any, moved: Any, event: Event) -> RequestScreen:
        """What is seen after a tap: what it did, or that it came too late."""
        notice = told_of(event, row, moved)
        return await self.desk.screen(connection, moved or row, for_mentor=False, notice=notice)

    # --- the parts ---------------------------------------------------------------------------------------

    async def _opened(
        self,
        connection: AsyncConnection,
        person: Known,
        search_id: int,
        mentor_id: MentorId,
        *,
        hold: bool = False,
    ) -> _Opened | RequestScreen:
        """Who is written to, and whether that may be; or the request there is already."""
        await people.lock(connection, person.id)
        shown = await self.shortlists.mentor(connection, person.id, search_id, mentor_id)
        if hold:
            await profiles.get(connection, mentor_id)
        mentor = (await mentors.by_ids(connection, [mentor_id]))[mentor_id]
        opened = _Opened(search_id, mentor, shown.request, None)
        row = await requests.live(connection, person.id, mentor_id)
        if row is not None and row.state == State.OUTSIDE:
            row = await self._still_outside(connection, person, opened, row)
        if row is not None:
            return await self.desk.screen(connection, row, for_mentor=False)
        return replace(opened, refusal=await _refusal(connection, person.id, mentor))

    async def _still_outside(
        self, connection: AsyncConnection, person: Known, opened: _Opened, row: Any
    ) -> Any:
        """A first message that nobody but the student has read says what they want now.

        None where it is no use any more: the mentor has come into the bot, or takes nobody.
        """
        in_bot = await _is_in_bot(connection, opened.mentor)
        if in_bot or opened.mentor.status != "active":
            await self.desk.move(connection, Held(row, opened.mentor), Event.WITHDRAW)
            return None
        values = {
            "words": await self._words(connection, person, opened, LONGEST_COPIED),
            "answers": self.shortlists.as_stored(opened.answers),
            "search_id": opened.search_id or None,
        }
        return await requests.rewrite(connection, row.id, values)

    async def _words(
        self, connection: AsyncConnection, person: Known, opened: _Opened, longest: int = LONGEST
    ) -> str:
        own = await requests.draft(connection, person.id, opened.mentor.id)
        return own or self.desk.words.draft(person.language, opened.mentor.name, opened.answers, longest)

    async def _draft(self, connection: AsyncConnection, person: Known, opened: _Opened) -> DraftScreen:
        return DraftScreen(
            search_id=opened.search_id,
            mentor=as_card(opened.mentor),
            words=await self._words(connection, person, opened),
            answers=opened.answers,
            has_username=await people.username(connection, person.id) is not None,
            outside=not await _is_in_bot(connection, opened.mentor),
        )

    async def _store(self, connection: AsyncConnection, person: Known, opened: _Opened, state: State) -> Any:
        """A new request, dated now, with the clock set to its first step."""
        mentor_id, outside = opened.mentor.id, state is State.OUTSIDE
        longest = LONGEST_COPIED if outside else LONGEST
        row = await requests.add(
            connection,
            {
                "person_id": person.id,
                "mentor_id": mentor_id,
                "search_id": opened.search_id or None,
                "outside": outside,
                "words": await self._words(connection, person, opened, longest),
                "answers": self.shortlists.as_stored(opened.answers),
                "state": state,
            },
        )
        await requests.drop_draft(connection, person.id, mentor_id)
        await searches.log_once(connection, event_of("contact", person.id, opened.search_id, mentor_id))
        await self.desk.schedule(connection, row)
        return row

    async def _hand_over(self, connection: AsyncConnection, person: Known, opened: _Opened) -> WritingScreen:
        """The mentor is not in the bot: the public link, and a question in three days."""
        row = await self._store(connection, person, opened, State.OUTSIDE)
        return await self.desk.screen(connection, row, for_mentor=False)


def refusal_of(text: str | None, shortest: int, longest: int) -> Notice | None:
    """What is wrong with a typed text; None: nothing."""
    words = visible(text or "")
    if not words:
        return Notice(NoticeKind.TEXT_PLEASE)
    if len(words) < shortest:
        return Notice(NoticeKind.TOO_SHORT, limit=shortest)
    return Notice(NoticeKind.TOO_LONG, limit=longest) if len(words) > longest else None


async def _refusal(connection: AsyncConnection, person_id: PersonId, mentor: Any) -> Refusal | None:
    """Why this student cannot write to this mentor now; None: they can."""
    if mentor.person_id == person_id:
        return Refusal.OWN
    if mentor.status != "active":
        return Refusal.HIDDEN
    if not await _is_in_bot(connection, mentor):
        return Refusal.FULL if mentor.capacity == 0 else None
    since = await clock.now(connection) - AGAIN_AFTER
    if await requests.ended_since(connection, person_id, mentor.id, _REFUSED, since):
        return Refusal.RECENT
    places = mentors.UNSTATED_PLACES if mentor.capacity is None else mentor.capacity
    if await requests.count_waiting(connection, mentor.id) >= places:
        return Refusal.FULL
    return Refusal.TOO_MANY if await requests.count_open(connection, person_id) >= MOST_OPEN else None


async def _is_in_bot(connection: AsyncConnection, mentor: Any) -> bool:
    """Whether the mentor can be written to here."""
    return await reader_of(connection, mentor.person_id) is not None


def _refused(opened: _Opened) -> RefusedScreen:
    assert opened.refusal is not None  # noqa: S101 - asked before
    return RefusedScreen(opened.search_id, as_card(opened.mentor), opened.refusal)

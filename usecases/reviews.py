"""Reviews: written by students who talked with a mentor, read by moderators, answered once by the mentor.

Stars count from the first tap, unless :mod:`usecases.suspicion` holds them; words are read by moderators
before anybody else reads them. A review may be changed for :data:`EDITABLE`. The mentor is told of it an hour
after the last change, and of words when moderators have read them.

Dedupe keys: ``review:{review}:{revision}``, ``review-case:{review}:{revision}``,
``review-verdict:{review}:{revision}``, ``review-edit:{review}:{letter}``.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol, assert_never
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, mentors, outbox, profiles, reminders, requests, reviews
from recommender.model import MentorId
from usecases import typed
from usecases.activity import FIRST_HOUR, LAST_HOUR
from usecases.catalogue import MentorCard, as_card
from usecases.counts import Counts
from usecases.errors import NotYoursError
from usecases.hours import first_between, local_day
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import PersonId, Sent
from usecases.ratings import Ratings
from usecases.readers import reader_of
from usecases.request_states import TIMETABLE, Event, State
from usecases.request_writing import refusal_of
from usecases.requests import Desk, Held, RequestNotice, RequestScreen
from usecases.screens import Notice
from usecases.shortlists import Shortlists
from usecases.suspicion import said, suspect
from usecases.typed import Asked, Topic, Typed
from usecases.written import visible

Trait = Literal["explains", "plan", "reviewed", "interviews", "honest", "unprepared", "late"]
TRAITS: tuple[Trait, ...] = (
    "explains",
    "plan",
    "reviewed",
    "interviews",
    "honest",
    "unprepared",
    "late",
)
MissReason = Literal["absent", "no_agreement", "changed_mind", "other"]
MISS_REASONS: tuple[MissReason, ...] = ("absent", "no_agreement", "changed_mind", "other")
RejectReason = Literal["insult", "personal_data", "advertising", "off_topic", "invented", "other"]
REJECT_REASONS: tuple[RejectReason, ...] = (
    "insult",
    "personal_data",
    "advertising",
    "off_topic",
    "invented",
    "other",
)
#: The screens of a review, in their order; ``done`` shows all of it.
Page = Literal["stars", "progress", "traits", "nps", "words", "done"]
PAGES: tuple[Page, ...] = ("stars", "progress", "traits", "nps", "words", "done")
Figure = Literal["stars", "progress", "nps"]
_RANGES: dict[Figure, range] = {"stars": range(1, 6), "progress": range(1, 6), "nps": range(11)}

EDITABLE = timedelta(days=14)
LONGEST_WORDS = 2000
LONGEST_REPLY = 1000
#: How many reviews one message shows.
READ_AT_ONCE = 4
#: The reminder that tells the mentor of a review; its subject is the review.
TELL = "review"
_TOLD_AFTER = timedelta(hours=1)
_LETTERS_LAST = timedelta(days=7)
#: New words have to be read, and what was answered to the old ones does not stand under them.
_UNREAD = {
    "words_state": "waiting",
    "reject_reason": None,
    "reply": None,
    "reply_state": "none",
    "reply_reject_reason": None,
    "replied_at": None,
}
#: How many that wait a run shows at most; the next run goes on.
_SHOWN_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewScreen:
    """One page of a student's review. ``until``: the last day on which it may be changed.

    ``changed`` False: what was tapped came too late, and changed nothing.
    """

    request_id: int
    mentor: MentorCard
    page: Page
    stars: int | None = None
    progress: int | None = None
    traits: tuple[str, ...] = ()
    nps: int | None = None
    words: str = ""
    words_state: str = "none"
    held: bool = False
    void: bool = False
    until: date | None = None
    editable: bool = True
    changed: bool = True
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class MissScreen:
    """Why did you not talk?"""

    request: RequestScreen


TalkScreen = ReviewScreen | MissScreen | RequestScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReview:
    """What everybody may read. ``words`` and ``reply`` are "" where there are none, or none published."""

    id: int
    stars: int
    traits: tuple[str, ...]
    words: str
    reply: str
    on: date


@dataclass(frozen=True, slots=True)
class ReviewsScreen:
    """A page of what is said of a mentor; ``more`` there is another one."""

    search_id: int
    mentor: MentorCard
    traits: tuple[tuple[str, int], ...]
    reviews: tuple[PublicReview, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class AnswerScreen:
    """A mentor and a review: ``typing``: the answer is waited for."""

    review: PublicReview
    reply_state: str
    typing: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCase:
    """A review before the moderators. ``known_days``: since when the bot had known its author."""

    id: int
    request: int
    revision: int
    mentor: str
    student: str
    stars: int
    traits: tuple[str, ...]
    words: str
    words_state: str
    state: str
    held_for: str | None
    known_days: int
    reply: str
    reply_state: str
    reject_reason: str | None
    reply_reject_reason: str | None
    decided_by: str | None

    @property
    def is_open(self) -> bool:
        """Whether there is something to decide."""
        return self.state == "held" or "waiting" in {self.words_state, self.reply_state}

    @property
    def subject(self) -> Literal["words", "reply"]:
        """What is decided next: the review first, with its words; the mentor's answer comes alone."""
        return "words" if self.state == "held" or self.words_state == "waiting" else "reply"


class ReviewWords(Protocol):
    """What is said of reviews."""

    def to_mentor(self, language: str, review: PublicReview) -> Wording:
        """The public part, with a button to answer."""

    def case(self, case: ReviewCase) -> Wording:
        """To moderators."""

    def superseded(self, case: ReviewCase) -> Wording:
        """To moderators, in place of a review that has changed since: the newest message counts."""

    def gone(self) -> Wording:
        """To moderators, in place of a review whose author has been forgotten."""

    def refused(self, language: str, mentor: str, case: ReviewCase, *, reply: bool) -> Wording:
        """To whoever wrote it: it is not published, and why."""


class ReviewVerdict(StrEnum):
    """What became of a moderator's tap."""

    DECIDED = "decided"
    BEFORE = "before"
    #: It says something else now, and waits for them again.
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Reviews:
    """Everything about reviews. ``moderators_chat_id`` None: nobody reads words, and none are published."""

    engine: AsyncEngine
    desk: Desk
    ratings: Ratings
    shortlists: Shortlists
    typed: Typed
    words: ReviewWords
    zone: ZoneInfo
    moderators_chat_id: int | None

    # --- did you talk? -----------------------------------------------------------------------------------

    async def talked(self, person_id: PersonId, request_id: int) -> TalkScreen:
        """ "Yes": the review may be written.

        Raises:
            NotYoursError: it is another's, or gone; so everywhere below.
        """
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            at = await clock.now(connection)
            moved = await self.desk.move(connection, held, Event.TALK, talked_at=at)
            if moved is None and held.row.talked_at is None:
                return await self._moved_on(connection, held)
            return await self._screen(connection, request_id, held.mentor)

    async def not_yet(self, person_id: PersonId, request_id: int) -> RequestScreen:
        """ "Not yet": asked again in a week, but for the last time, when it is not asked any more."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            row = held.row
            if row.state != State.ACCEPTED:
                return await self._moved_on(connection, held)
            if row.steps >= len(TIMETABLE[State.ACCEPTED]) - 1:
                row = await self.desk.move(connection, held, Event.LAPSE) or row
                await requests.give_place_back(connection, request_id, held.mentor.id)
            elif await requests.wait(connection, row.id, row.state, await clock.now(connection)):
                row = await requests.get(connection, row.id)
                await self.desk.schedule(connection, row)
            return await self.desk.screen(connection, row, for_mentor=False, notice=RequestNotice.DONE)

    async def ask_why_not(self, person_id: PersonId, request_id: int) -> TalkScreen:
        """ "No": why?"""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            if held.row.state != State.ACCEPTED:
                return await self._moved_on(connection, held)
            return MissScreen(await self.desk.screen(connection, held.row, for_mentor=False))

    async def missed(self, person_id: PersonId, request_id: int, reason: MissReason) -> RequestScreen:
        """They never talked: the mentor has the place back."""
        if reason not in MISS_REASONS:
            raise NotYoursError(f"no reason {reason!r}")
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            moved = await self.desk.move(connection, held, Event.MISS, miss_reason=reason)
            if moved is None:
                return await self._moved_on(connection, held)
            await requests.give_place_back(connection, request_id, held.mentor.id)
            return await self.desk.screen(connection, moved, for_mentor=False, notice=RequestNotice.DONE)

    async def goes_on(self, person_id: PersonId, request_id: int, *, on: bool) -> RequestScreen:
        """After a month: whether they go on; who stops leaves a place."""
        async with self.engine.begin() as connection:
            held = await self.desk.of_student(connection, person_id, request_id)
            moved = await self.desk.move(connection, held, Event.GO_ON if on else Event.STOP)
            if moved is None:
                return await self._moved_on(connection, held)
            if not on:
                await requests.give_place_back(connection, request_id, held.mentor.id)
            return await self.desk.screen(connection, moved, for_mentor=False, notice=RequestNotice.DONE)

    async def _moved_on(self, connection: AsyncConnection, held: Held) -> RequestScreen:
        return await self.desk.screen(connection, held.row, for_mentor=False, notice=RequestNotice.MOVED_ON)

    # --- written -----------------------------------------------------------------------------------------

    async def look(self, person_id: PersonId, request_id: int, page: Page | None = None) -> ReviewScreen:
        """A page of the review, or the first that is not answered yet."""
        async with self.engine.begin() as connection:
            held = await self._reviewable(connection, person_id, request_id)
            return await self._screen(connection, request_id, held.mentor, page)

    async def rate(self, person_id: PersonId, request_id: int, figure: Figure, value: int) -> ReviewScreen:
        """Stars, progress or likelihood to recommend; the stars begin the review."""
        if value not in _RANGES[figure]:
            raise NotYoursError(f"{figure} is never {value}")
        async with self.engine.begin() as connection:
            held = await self._reviewable(connection, person_id, request_id)
            was = await self._whole(connection, request_id)
            if figure == "stars" and await reviews.add(connection, held.row, value):
                changed = True
                await self._changed(connection, held, {"stars"})
            else:
                changed = await self._change(connection, held, {figure: value})
            page = _after(figure) if was is None else "done"
            if page == "words" and changed:
                await typed.ask(connection, person_id, Topic.REVIEW, request_id)
            screen = await self._screen(connection, request_id, held.mentor, page, changed=changed)
        self.typed.done(person_id)
        return screen

    async def _whole(self, connection: AsyncConnection, request_id: int) -> Any:
        """A review that is being changed, and not written for the first time; None: there is none."""
        review = await reviews.of_request(connection, request_id)
        return review if review is not None and _first_open(review) == "done" else None

    async def set_trait(
        self, person_id: PersonId, request_id: int, trait: Trait, *, on: bool
    ) -> ReviewScreen:
        """One of the traits, on or off."""
        if trait not in TRAITS:
            raise NotYoursError(f"no trait {trait!r}")
        async with self.engine.begin() as connection:
            held = await self._reviewable(connection, person_id, request_id)
            review = await reviews.of_request(connection, request_id)
            named = {*(review.traits if review else ()), trait} - (set() if on else {trait})
            traits = [each for each in TRAITS if each in named]
            changed = await self._change(connection, held, {"traits": traits})
            return await self._screen(connection, request_id, held.mentor, "traits", changed=changed)

    async def ask_for_words(self, person_id: PersonId, request_id: int) -> ReviewScreen:
        """The next text of this student is what they say."""
        async with self.engine.begin() as connection:
            held = await self._reviewable(connection, person_id, request_id)
            screen = await self._screen(connection, request_id, held.mentor, "words")
            if screen.page == "words":
                await typed.ask(connection, person_id, Topic.REVIEW, request_id)
        self.typed.done(person_id)
        return screen

    async def type_words(
        self, person_id: PersonId, asked: Asked, sent: Sent, text: str | None
    ) -> ReviewScreen:
        """Take what was typed to the moderators."""
        request_id = asked.ids[0]
        async with self.engine.begin() as connection:
            held = await self._reviewable(connection, person_id, request_id)
            notice = refusal_of(text, 1, LONGEST_WORDS)
            if notice is not None:
                return await self._screen(connection, request_id, held.mentor, "words", notice=notice)
            changed = True
            if await typed.take(connection, person_id, asked, sent):
                words = visible(text or "")
                changed = await self._change(
                    connection, held, {"words": words, "said": said(words), **_UNREAD}
                )
            screen = await self._screen(connection, request_id, held.mentor, "done", changed=changed)
        self.typed.done(person_id)
        return screen

    async def _reviewable(self, connection: AsyncConnection, person_id: PersonId, request_id: int) -> Held:
        held = await self.desk.of_student(connection, person_id, request_id)
        if held.row.talked_at is None:
            raise NotYoursError(f"request {request_id} led to no talk")
        return held

    async def _change(self, connection: AsyncConnection, held: Held, values: dict[str, Any]) -> bool:
        since = await clock.now(connection) - EDITABLE
        changed = await reviews.change(connection, held.row.id, values, since=since)
        if changed:
            await self._changed(connection, held, values.keys())
        return changed

    async def _changed(self, connection: AsyncConnection, held: Held, what: Collection[str]) -> None:
        """What follows: suspicion of stars and words, the rating, and who is to be told."""
        at = await clock.now(connection)
        review = await reviews.of_request(connection, held.row.id)
        assert review is not None  # noqa: S101 - it was changed a moment ago
        to_show: set[int] = set()
        if "words" in what:
            await reviews.to_be_read(connection, review.id)
            to_show.add(review.id)
        if {"stars", "words"} & set(what):
            to_show |= set(await suspect(connection, review.id, held.mentor.id, review.said, at))
        if {"stars", "progress", "words"} & set(what):
            await self.ratings.recount(connection, held.mentor.id)
        await self._show_moderators(connection, to_show)
        await reminders.put(connection, TELL, review.id, at + _TOLD_AFTER)

    # --- read and answered by the mentor -----------------------------------------------------------------

    async def tell_mentor(self, connection: AsyncConnection, review_id: int) -> str:
        """Show the mentor what everybody may read. For :class:`usecases.reminders.Reminders`."""
        mentor_id = await reviews.mentor_of(connection, review_id)
        mentor = mentor_id and await profiles.get(connection, mentor_id)
        review = await reviews.get(connection, review_id) if mentor else None
        if not mentor or review is None or mentor.person_id is None:
            return "nobody"
        # Moderators come first; their word puts this on again.
        if review.state != "counted" or review.words_state == "waiting":
            return "waits"
        reader = await reader_of(connection, mentor.person_id)
        if reader is None:
            return "blocked"
        due = first_between(await clock.now(connection), self.zone, FIRST_HOUR, LAST_HOUR)
        letter = Letter(
            chat_id=reader.id,
            dedupe_key=f"review:{review_id}:{review.revision}",
            priority=Priority.REMINDER,
            wording=self.words.to_mentor(reader.language, self._public(review)),
            due_at=due,
            expires_at=due + _LETTERS_LAST,
        )
        # What it said before and nobody has read is not said.
        await outbox.take_back(connection, [reader.id], f"review:{review_id}:")
        return "told" if await post(connection, [letter]) else "told before"

    async def ask_for_answer(self, person_id: PersonId, review_id: int) -> AnswerScreen:
        """The next text of this mentor answers a review."""
        async with self.engine.begin() as connection:
            review = await self._of_mentor(connection, person_id, review_id)
            open_to_answer = review.reply_state in {"none", "rejected"}
            if open_to_answer:
                await typed.ask(connection, person_id, Topic.REVIEW_REPLY, review_id)
        self.typed.done(person_id)
        return AnswerScreen(self._public(review), review.reply_state, typing=open_to_answer)

    async def type_answer(
        self, person_id: PersonId, asked: Asked, sent: Sent, text: str | None
    ) -> AnswerScreen:
        """Take a typed answer to the moderators; once."""
        review_id = asked.ids[0]
        async with self.engine.begin() as connection:
            review = await self._of_mentor(connection, person_id, review_id)
            notice = refusal_of(text, 1, LONGEST_REPLY)
            if notice is not None:
                return AnswerScreen(self._public(review), review.reply_state, typing=True, notice=notice)
            new = await typed.take(connection, person_id, asked, sent)
            if new and await reviews.reply(connection, review_id, visible(text or "")):
                await self._show_moderators(connection, {review_id})
            review = await self._of_mentor(connection, person_id, review_id)
        self.typed.done(person_id)
        return AnswerScreen(self._public(review), review.reply_state)

    async def _of_mentor(self, connection: AsyncConnection, person_id: PersonId, review_id: int) -> Any:
        own = await profiles.own(connection, person_id)
        review = own and await reviews.get(connection, review_id)
        if not own or review is None or review.mentor_id != own.id:
            raise NotYoursError(f"review {review_id} is not of person {person_id}")
        return review

    # --- read by everybody -------------------------------------------------------------------------------

    async def of_mentor(
        self, person_id: PersonId, search_id: int, mentor_id: MentorId, page: int
    ) -> ReviewsScreen:
        """What is said of a mentor whom this person was shown."""
        async with self.engine.begin() as connection:
            shown = await self.shortlists.mentor(connection, person_id, search_id, mentor_id)
            return await self._read(connection, search_id, shown.place.mentor, page)

    async def of_own(self, person_id: PersonId, mentor_id: int, page: int) -> ReviewsScreen:
        """What is said of oneself: the same that everybody reads."""
        async with self.engine.begin() as connection:
            own = await profiles.own(connection, person_id)
            if own is None or own.id != mentor_id:
                raise NotYoursError(f"profile {mentor_id}")
            row = (await mentors.by_ids(connection, [mentor_id]))[mentor_id]
            return await self._read(connection, 0, as_card(row), page)

    async def _read(
        self, connection: AsyncConnection, search_id: int, mentor: MentorCard, page: int
    ) -> ReviewsScreen:
        rows = await reviews.published(
            connection, mentor.id, limit=READ_AT_ONCE + 1, offset=page * READ_AT_ONCE
        )
        return ReviewsScreen(
            search_id=search_id,
            mentor=mentor,
            traits=tuple((await reviews.traits(connection, mentor.id)).items()),
            reviews=tuple(self._public(row) for row in rows[:READ_AT_ONCE]),
            page=page,
            more=len(rows) > READ_AT_ONCE,
        )

    # --- read by moderators ------------------------------------------------------------------------------

    async def publish(
        self, review_id: int, revision: int, by: str
    ) -> tuple[ReviewVerdict, ReviewCase | None]:
        """Let everybody read what waits; what was held counts."""
        return await self._decide(review_id, revision, by, None)

    async def reject(
        self, review_id: int, revision: int, reason: RejectReason, by: str
    ) -> tuple[ReviewVerdict, ReviewCase | None]:
        """Let nobody read what waits, and say why; what was held never counts."""
        return await self._decide(review_id, revision, by, reason)

    async def tick(self, connection: AsyncConnection) -> Counts:
        """Show moderators what they have not been shown: a group may be there only since."""
        ids = await reviews.waiting(connection, _SHOWN_AT_ONCE)
        shown = await self._show_moderators(connection, set(ids))
        return Counts(matched=len(ids), enqueued=shown)

    async def case(self, review_id: int) -> ReviewCase | None:
        """A review as moderators see it now; None: its author has been forgotten."""
        async with self.engine.connect() as connection:
            row = await reviews.about(connection, review_id)
            return None if row is None else _case(row)

    async def _decide(
        self, review_id: int, revision: int, by: str, reason: RejectReason | None
    ) -> tuple[ReviewVerdict, ReviewCase | None]:
        async with self.engine.begin() as connection:
            mentor_id = await reviews.mentor_of(connection, review_id)
            if mentor_id is None:
                return ReviewVerdict.BEFORE, None
            await profiles.get(connection, mentor_id)
            before = _case(await reviews.about(connection, review_id))
            decided = await reviews.decide(connection, review_id, revision, _decision(before, by, reason))
            if decided:
                await self._decided(connection, review_id, before, reason)
            case = _case(await reviews.about(connection, review_id))
            if decided:
                return ReviewVerdict.DECIDED, case
            return (ReviewVerdict.CHANGED if case.is_open else ReviewVerdict.BEFORE), case

    async def _decided(
        self, connection: AsyncConnection, review_id: int, before: ReviewCase, reason: str | None
    ) -> None:
        """What follows: the rating, who is told, and what else waits of the same review."""
        row = await reviews.about(connection, review_id)
        assert row is not None  # noqa: S101 - it was decided a moment ago
        await self.ratings.recount(connection, row.mentor_id)
        if reason is not None:
            await self._tell_refused(connection, row, before)
        if before.subject == "words":
            await reminders.put(connection, TELL, review_id, await clock.now(connection))
        if _case(row).is_open:
            await self._show_moderators(connection, {review_id})

    async def _tell_refused(self, connection: AsyncConnection, row: Any, before: ReviewCase) -> None:
        """To the mentor, whose answer it is, or to the student."""
        is_reply = before.subject == "reply"
        mentor = await profiles.get(connection, row.mentor_id)
        to = (mentor and mentor.person_id) if is_reply else row.person_id
        reader = await reader_of(connection, to)
        if reader is None:
            return
        wording = self.words.refused(reader.language, row.mentor_name, _case(row), reply=is_reply)
        key = f"review-verdict:{before.id}:{before.revision}"
        await post(
            connection,
            [Letter(chat_id=reader.id, dedupe_key=key, priority=Priority.REMINDER, wording=wording)],
        )

    async def _show_moderators(self, connection: AsyncConnection, ids: set[int]) -> int:
        """Each once as it is now; how many of them are news."""
        if self.moderators_chat_id is None:
            return 0
        shown = 0
        for review_id in sorted(ids):
            row = await reviews.about(connection, review_id)
            if row is None:
                continue
            case = _case(row)
            before = await outbox.told(connection, self.moderators_chat_id, f"review-case:{case.id}:")
            letter = Letter(
                chat_id=self.moderators_chat_id,
                dedupe_key=f"review-case:{case.id}:{case.revision}",
                priority=Priority.REMINDER,
                wording=self.words.case(case),
            )
            if await post(connection, [letter]):
                await self._supersede(connection, case, self.moderators_chat_id, before)
                shown += 1
        return shown

    async def forget(self, connection: AsyncConnection, person_id: PersonId) -> Callable[[], Awaitable[None]]:
        """A person is about to be forgotten: a mentor's answers go, and a student's stars stop counting.

        Returns what computes the ratings anew once they are gone.
        """
        own = await profiles.own(connection, person_id)
        if own is not None:
            await reviews.clear_replies(connection, own.id)
        written = await reviews.of_person(connection, person_id)
        for row in written:
            await self._erase(connection, row.id)

        async def recount() -> None:
            # By mentor, and each is held since before.
            for mentor_id in dict.fromkeys(row.mentor_id for row in written):
                await self.ratings.recount(connection, mentor_id)

        return recount

    async def _erase(self, connection: AsyncConnection, review_id: int) -> None:
        """Nothing of a review is left, wherever it was told of."""
        told = await outbox.told_all(connection, f"review-case:{review_id}:")
        kinds = ("review", "review-case", "review-verdict", "review-edit")
        await outbox.wipe(connection, [f"{kind}:{review_id}:" for kind in kinds])
        edits = [
            Letter(
                chat_id=letter.chat_id,
                dedupe_key=f"review-edit:{review_id}:{letter.id}",
                priority=Priority.DIGEST,
                wording=self.words.gone(),
                kind="edit",
                target=letter.id,
            )
            for letter in told
        ]
        await post(connection, edits)

    async def _supersede(
        self, connection: AsyncConnection, case: ReviewCase, chat_id: int, before: Sequence[int]
    ) -> None:
        """Of a review that has changed, the moderators have one message with buttons: the newest."""
        edits = [
            Letter(
                chat_id=chat_id,
                dedupe_key=f"review-edit:{case.id}:{letter}:{case.revision}",
                priority=Priority.REMINDER,
                wording=self.words.superseded(case),
                kind="edit",
                target=letter,
            )
            for letter in before
        ]
        await post(connection, edits)

    # --- the parts ---------------------------------------------------------------------------------------

    async def _screen(
        self,
        connection: AsyncConnection,
        request_id: int,
        mentor: Any,
        page: Page | None = None,
        *,
        changed: bool = True,
        notice: Notice | None = None,
    ) -> ReviewScreen:
        card = as_card((await mentors.by_ids(connection, [mentor.id]))[mentor.id])
        review = await reviews.of_request(connection, request_id)
        if review is None:
            return ReviewScreen(request_id=request_id, mentor=card, page="stars", changed=changed)
        until = review.created_at + EDITABLE
        editable = review.state != "void" and until > await clock.now(connection)
        return ReviewScreen(
            request_id=request_id,
            mentor=card,
            page=(page or _first_open(review)) if editable else "done",
            stars=review.stars,
            progress=review.progress,
            traits=tuple(review.traits),
            nps=review.nps,
            words=review.words or "",
            words_state=review.words_state,
            held=review.state == "held",
            void=review.state == "void",
            until=local_day(until, self.zone),
            editable=editable,
            changed=changed,
            notice=notice,
        )

    def _public(self, review: Any) -> PublicReview:
        return PublicReview(
            id=review.id,
            stars=review.stars,
            traits=tuple(review.traits),
            words=review.words or "" if review.words_state == "published" else "",
            reply=review.reply or "" if review.reply_state == "published" else "",
            on=local_day(review.created_at, self.zone),
        )


def _first_open(review: Any) -> Page:
    """Where a review goes on that was left in the middle; words and traits are nobody's duty."""
    if review.progress is None:
        return "progress"
    return "done" if review.nps is not None else "traits"


def _after(figure: Figure) -> Page:
    match figure:
        case "stars":
            return "progress"
        case "progress":
            return "traits"
        case "nps":
            return "words"
        case _:
            assert_never(figure)


def _decision(case: ReviewCase, by: str, reason: str | None) -> dict[str, Any]:
    """What a word of the moderators makes of what they decide."""
    verdict = "published" if reason is None else "rejected"
    if case.subject == "reply":
        return {"reply_state": verdict, "reply_reject_reason": reason, "decided_by": by}
    values: dict[str, Any] = {"decided_by": by, "reject_reason": reason}
    if case.words_state == "waiting":
        values["words_state"] = verdict
    if case.state == "held":
        values["state"] = "counted" if reason is None else "void"
    return values


def _case(row: Any) -> ReviewCase:
    return ReviewCase(
        id=row.id,
        request=row.request_id,
        revision=row.revision,
        mentor=row.mentor_name,
        student=row.student_name,
        stars=row.stars,
        traits=tuple(row.traits),
        words=row.words or "",
        words_state=row.words_state,
        state=row.state,
        held_for=row.held_for,
        known_days=(row.created_at - row.known_since).days,
        reply=row.reply or "",
        reply_state=row.reply_state,
        reject_reason=row.reject_reason,
        reply_reject_reason=row.reply_reject_reason,
        decided_by=row.decided_by,
    )

"""A mentor's own profile: /my, what they answer and change, and the pause that ends by itself.

Whatever is tapped says the state it wishes, not a change of it, and is carried out whenever it comes: the
button of a message of three months ago still brings a hidden mentor back. Every change of the status or of
the data answers an open check-in.

Dedupe key: ``pause-ended:{mentor}:{end}``.
"""

from calendar import monthrange
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, mentors, profiles, reminders, requests
from recommender.zones import hours_from_utc
from usecases.activity import FIRST_HOUR, LAST_HOUR
from usecases.catalogue import MentorCard, as_card
from usecases.errors import NotYoursError
from usecases.hours import at_hour, first_between, local_day
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import PersonId, spoken
from usecases.request_states import TAKEN

Status = Literal["active", "paused", "stale", "removed", "left", "expelled"]
#: Closes what waits for these mentors, in the caller's transaction.
Close = Callable[[AsyncConnection, Sequence[int]], Awaitable[int]]

#: How long a pause may be, in months; or until a day from tomorrow to a year from now.
PAUSES = (1, 3, 6)
LONGEST_PAUSE = timedelta(days=365)
_FIGURES_OF = timedelta(days=30)
#: The kind of the reminder that ends a pause; its subject is the mentor.
PAUSE_ENDS = "pause_ends"
_LETTERS_LAST = timedelta(days=7)


class ProfileNotice(StrEnum):
    """A word about what was just done."""

    CONFIRMED = "confirmed"
    RETURNED = "returned"
    PAUSED = "paused"
    LEFT = "left"
    CHANGED = "changed"
    CLAIMED = "claimed"
    REMOVED = "removed"
    EXPELLED = "expelled"
    #: Moderators keep the profile paused, and the mentor cannot end that.
    HELD = "held"
    PAST_DAY = "past-day"
    #: A button of a question that is not asked any more: nothing has changed.
    NOT_ASKED = "not-asked"
    #: Changed, but out of shortlists; back, but without a free place.
    CHANGED_UNSEEN = "changed-unseen"
    RETURNED_UNSEEN = "returned-unseen"


_UNSEEN = {
    ProfileNotice.CHANGED: ProfileNotice.CHANGED_UNSEEN,
    ProfileNotice.RETURNED: ProfileNotice.RETURNED_UNSEEN,
}


#: Statuses that only others can take back, and the word for a tap that tries.
KEPT_OUT = {"removed": ProfileNotice.REMOVED, "expelled": ProfileNotice.EXPELLED}


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a profile in the last 30 days."""

    shown: int = 0
    opened: int = 0
    saved: int = 0
    written_to: int = 0
    accepted: int = 0


class Advice(StrEnum):
    """The first place for improvement, told with the figure that shows it."""

    #: Hardly shown to anybody.
    FEW_SKILLS = "few-skills"
    NO_GOALS = "no-goals"
    #: Seen and not written to.
    NO_PRICE = "no-price"
    NO_ABOUT = "no-about"
    #: Written to, and slow.
    SLOW = "slow"


#: A figure says nothing before so many were shown, and the profile opened so often.
_SHOWN_ENOUGH, _OPENED_ENOUGH = 20, 5
#: Of those who open a profile, one in so many writes, at least.
_WRITES_AT_LEAST = 10
_FEW_SKILLS = 5
_SHORT_ABOUT = 100
_PROMPT_ENOUGH = 0.7


def advice(row: Any, figures: Figures) -> Advice | None:
    """What a mentor had better change, by what became of those who saw them; None: nothing stands out.

    ``row`` is one of the table ``mentors``.
    """
    if row.prompt_share is not None and row.prompt_share < _PROMPT_ENOUGH:
        return Advice.SLOW
    seen = figures.shown >= _SHOWN_ENOUGH or figures.opened >= _OPENED_ENOUGH
    if seen and figures.written_to * _WRITES_AT_LEAST < max(figures.opened, 1):
        if row.price is None:
            return Advice.NO_PRICE
        return Advice.NO_ABOUT if len(row.about) < _SHORT_ABOUT else None
    if not seen and len(row.skills) + len(row.free_skills) < _FEW_SKILLS:
        return Advice.FEW_SKILLS
    return Advice.NO_GOALS if not seen and not row.goals else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelScreen:
    """A mentor's own profile: as students see it, with its state.

    ``paused_until`` None: no end. ``is_asked``: whether they still mentor is an open question. ``today`` is
    the platform's day. ``utc_offset`` is NaN where it is unknown. ``unknown``: of the skills that were just
    typed, those that the taxonomy does not have.
    """

    mentor: MentorCard
    status: Status
    paused_until: date | None
    levels: tuple[str, ...]
    figures: Figures
    advice: Advice | None
    waiting: int
    held: bool
    taken: int
    writes_too: bool
    is_asked: bool
    today: date
    utc_offset: float
    notice: ProfileNotice | None = None
    unknown: tuple[str, ...] = ()

    @property
    def is_seen(self) -> bool:
        """Whether students are shown this mentor."""
        return self.mentor.active

    def saying(self, notice: ProfileNotice) -> "PanelScreen":
        """The same with a word about what was done, which does not say that students see what they do not."""
        return replace(self, notice=notice if self.is_seen else _UNSEEN.get(notice, notice))


class ProfileWords(Protocol):
    """What is said unasked."""

    def pause_ended(self, language: str, mentor_id: int, *, full: bool) -> Wording:
        """They are in shortlists again, if they are not ``full``, and can prolong the pause."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """What a mentor sees of their own profile, and whether students see it. Days are those of ``zone``."""

    engine: AsyncEngine
    zone: ZoneInfo
    words: ProfileWords
    close: Close

    # --- what is seen ------------------------------------------------------------------------------------

    async def mine(self, person_id: PersonId) -> PanelScreen | None:
        """The person's profile, None if they have none."""
        async with self.engine.begin() as connection:
            row = await profiles.own(connection, person_id)
            return None if row is None else await self.panel(connection, row)

    async def look(self, person_id: PersonId, mentor_id: int) -> PanelScreen:
        """The profile a button is about, with nothing done.

        Raises:
            NotYoursError: it is not this person's; so everywhere below.
        """
        async with self.engine.begin() as connection:
            return await self.panel(connection, await own_profile(connection, person_id, mentor_id))

    # --- the status --------------------------------------------------------------------------------------

    async def take_students(self, person_id: PersonId, mentor_id: int) -> PanelScreen:
        """ "Yes, I take students": confirmed, or back in full from wherever they were."""
        async with self.engine.begin() as connection:
            row = await own_profile(connection, person_id, mentor_id)
            done = ProfileNotice.CONFIRMED if row.status == "active" else ProfileNotice.RETURNED
            return await self._set_status(connection, row, "active", done)

    async def leave(self, person_id: PersonId, mentor_id: int) -> PanelScreen:
        """No mentor any more, until they tap again: no import brings them back."""
        async with self.engine.begin() as connection:
            row = await own_profile(connection, person_id, mentor_id)
            return await self._set_status(connection, row, "left", ProfileNotice.LEFT)

    async def pause_for(self, person_id: PersonId, mentor_id: int, months: int) -> PanelScreen:
        """A pause of one of :data:`PAUSES` from today on."""
        if months not in PAUSES:
            raise NotYoursError(f"no pause of {months} months")
        async with self.engine.begin() as connection:
            row = await own_profile(connection, person_id, mentor_id)
            today = local_day(await clock.now(connection), self.zone)
            return await self._pause(connection, row, _months_later(today, months))

    async def pause_until(self, person_id: PersonId, mentor_id: int, day: date) -> PanelScreen:
        """A pause until a day; a day of an old calendar that has passed changes nothing."""
        async with self.engine.begin() as connection:
            row = await own_profile(connection, person_id, mentor_id)
            today = local_day(await clock.now(connection), self.zone)
            if day > today + LONGEST_PAUSE:
                raise NotYoursError(f"no pause until {day}")
            if day <= today:
                return (await self.panel(connection, row)).saying(ProfileNotice.PAST_DAY)
            return await self._pause(connection, row, day)

    async def end_pause(self, connection: AsyncConnection, mentor_id: int) -> str:
        """A pause whose time is up: back in shortlists. For :class:`usecases.reminders.Reminders`."""
        row = await profiles.get(connection, mentor_id)
        at = await clock.now(connection)
        if row is None or row.status != "paused" or row.paused_until is None or row.paused_until > at:
            return "not paused"
        # They said themselves that they would be back now: that they are is not asked the next day.
        await profiles.set_status(connection, mentor_id, "active")
        if row.person_id is None:
            return "back"
        return "told" if await self._tell_of_the_end(connection, row, at) else "back"

    async def _pause(self, connection: AsyncConnection, row: Any, day: date) -> PanelScreen:
        # Nobody shortens what moderators have decided.
        until = max(filter(None, (at_hour(day, FIRST_HOUR, self.zone), row.held_until)))
        return await self._set_status(connection, row, "paused", ProfileNotice.PAUSED, until)

    async def _set_status(
        self,
        connection: AsyncConnection,
        row: Any,
        status: Literal["active", "paused", "left"],
        notice: ProfileNotice,
        until: datetime | None = None,
    ) -> PanelScreen:
        refused = KEPT_OUT.get(row.status) or await _held(connection, row, status)
        if refused is not None:
            return (await self.panel(connection, row)).saying(refused)
        await profiles.set_status(connection, row.id, status, paused_until=until)
        if status != "active":
            await self.close(connection, [row.id])
        await profiles.answer_check_in(connection, row.id, status)
        if until is None:
            await reminders.drop(connection, PAUSE_ENDS, row.id)
        else:
            await reminders.put(connection, PAUSE_ENDS, row.id, until)
        return (await self.panel(connection, await profiles.own(connection, row.person_id))).saying(notice)

    async def _tell_of_the_end(self, connection: AsyncConnection, row: Any, at: datetime) -> bool:
        reader = await profiles.reader(connection, row.person_id)
        if reader.blocked_at is not None:
            return False
        due = first_between(at, self.zone, FIRST_HOUR, LAST_HOUR)
        language = reader.language or spoken(reader.telegram_language)
        letter = Letter(
            chat_id=row.person_id,
            dedupe_key=f"pause-ended:{row.id}:{row.paused_until:%Y%m%d}",
            priority=Priority.REMINDER,
            wording=self.words.pause_ended(language, row.id, full=row.capacity == 0),
            due_at=due,
            expires_at=due + _LETTERS_LAST,
        )
        return bool(await post(connection, [letter]))

    # --- for the other rooms of the profile --------------------------------------------------------------

    async def panel(self, connection: AsyncConnection, row: Any) -> PanelScreen:
        """A profile's row as its owner sees it."""
        at = await clock.now(connection)
        figures = await _figures(connection, row.id, at - _FIGURES_OF)
        waiting = await requests.count_waiting(connection, row.id)
        places = mentors.UNSTATED_PLACES if row.capacity is None else row.capacity
        return PanelScreen(
            mentor=as_card(row),
            status=row.status,
            paused_until=row.paused_until and local_day(row.paused_until, self.zone),
            levels=tuple(row.helps_levels),
            figures=figures,
            advice=advice(row, figures) if row.status == "active" else None,
            waiting=waiting,
            held=bool(waiting) and waiting >= places,
            taken=len(await requests.of_mentor(connection, row.id, TAKEN)),
            writes_too=bool(await requests.of_student(connection, row.person_id, 1)),
            is_asked=await profiles.is_asked(connection, row.id),
            today=local_day(at, self.zone),
            utc_offset=hours_from_utc(row.timezone, at),
        )


async def _figures(connection: AsyncConnection, mentor_id: int, since: datetime) -> Figures:
    events = await profiles.figures(connection, mentor_id, since)
    return Figures(
        shown=events.get("impression", 0),
        opened=events.get("open", 0),
        saved=events.get("save", 0),
        written_to=events.get("contact", 0),
        accepted=await requests.count_accepted(connection, mentor_id, since),
    )


async def _held(connection: AsyncConnection, row: Any, status: str) -> ProfileNotice | None:
    """Why a mentor cannot return by themself."""
    held = status == "active" and row.held_until and row.held_until > await clock.now(connection)
    return ProfileNotice.HELD if held else None


async def own_profile(connection: AsyncConnection, person_id: PersonId, mentor_id: int) -> Any:
    """The row of a profile, locked.

    Raises:
        NotYoursError: it is another person's, or nobody's.
    """
    row = await profiles.own(connection, person_id)
    if row is None or row.id != mentor_id:
        raise NotYoursError(f"profile {mentor_id}")
    return row


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))

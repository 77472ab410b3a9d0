"""Every night: who is elite and who is not any more, and whom moderators should look at.

The criteria are :mod:`recommender.standing`'s, and people read them in /rules and docs/criteria.md. The elite
have a list of their own, and no advantage in any other. A mentor below the bar is put to the moderators with
the evidence; they decide, and can take it back.

Dedupe keys: ``elite:{mentor}:{date}``, ``bar:{case}:`` and, where a quotation went, ``bar:{case}:{time}`` or
``bar-edit:{case}:{letter}:{time}``; ``bar-verdict:{mentor}:{case}:{decision}:{time}``.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, assert_never
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, outbox, people, profiles, ratings, reminders, reviews, searches, ticks
from recommender.model import Card, MentorId, Request, Shortlist
from recommender.standing import BAR_NO_SHOW_DAYS, BarReason, Record, below_bar, is_elite
from usecases.activity import FIRST_HOUR, LAST_HOUR
from usecases.catalogue import MentorCard, as_card
from usecases.counts import Counts
from usecases.errors import NotYoursError
from usecases.hours import at_hour, first_between, local_day
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import Known, PersonId, Sent
from usecases.profiles import PAUSE_ENDS, Close
from usecases.ratings import Ratings
from usecases.readers import reader_of
from usecases.shortlists import Shortlists

TICK = "standings"
#: The hour of the night from which on it is done, once.
_HOUR = 4
#: A mentor whom moderators have talked to is not put to them again before so long.
_QUIET_FOR = timedelta(days=30)
#: How long moderators keep a mentor paused.
HELD_FOR = timedelta(days=30)
#: How many elite mentors one message lists.
LISTED = 10
#: Words of reviews that moderators see with a case.
_QUOTED = 3
#: Of those with so many stars or fewer.
_BAD_STARS = 3
#: Whom moderators can still decide about: a pause of one's own is no way out.
_REACHABLE = ("active", "paused", "stale", "left")
_LETTERS_LAST = timedelta(days=7)

Decision = Literal["talk", "pause", "remove"]
DECISIONS: tuple[Decision, ...] = ("talk", "pause", "remove")


@dataclass(frozen=True, slots=True, kw_only=True)
class BarCase:
    """A mentor below the bar before the moderators. ``words`` are of the newest bad reviews."""

    id: int
    name: str
    title: str
    telegram: str | None
    person_id: int | None
    reasons: tuple[str, ...]
    reviews: int
    mean: float
    upper: float
    no_shows: int
    words: tuple[str, ...]
    decision: Decision | None
    decided_by: str | None
    former_status: str | None = None


class StandingWords(Protocol):
    """What is said of standings."""

    def elite(self, language: str, mentor_id: int, *, gained: bool) -> Wording:
        """To a mentor who is elite now, or not any more."""

    def case(self, case: BarCase) -> Wording:
        """To moderators, with three buttons."""

    def decided(self, language: str, mentor_id: int, decision: Literal["pause", "remove", "undo"]) -> Wording:
        """To the mentor: what moderators decided, and why."""


@dataclass(frozen=True, slots=True)
class Standings:
    """The nightly tick. ``moderators_chat_id`` None: cases are kept, and nobody is told."""

    zone: ZoneInfo
    ratings: Ratings
    words: StandingWords
    moderators_chat_id: int | None

    async def tick(self, connection: AsyncConnection) -> Counts:
        """Once a night, or as soon after as there is somebody to do it."""
        at = await clock.now(connection)
        night = at_hour(local_day(at, self.zone), _HOUR, self.zone)
        night = night if night <= at else night - timedelta(days=1)
        if await ticks.has_worked_since(connection, TICK, night):
            return Counts()
        looked_at = (await self.ratings.tick(connection)).matched
        records = await _records(connection, at)
        told = 0
        for row, record in records:
            told += await self._set_tier(connection, row, record, at)
            await _look_at(connection, row, record, at)
        return Counts(matched=looked_at, enqueued=told + await self._show_cases(connection, at))

    async def _set_tier(self, connection: AsyncConnection, row: Any, record: Record, at: datetime) -> int:
        # Who has paused is in no list: they keep the tier, and gain it when they are back.
        may_be = row.status == "active" or row.tier == "elite"
        gained = may_be and is_elite(record) and not below_bar(record)
        if gained == (row.tier == "elite"):
            return 0
        await ratings.set_tier(connection, row.id, "elite" if gained else "common")
        reader = await reader_of(connection, row.person_id)
        if reader is None:
            return 0
        due = first_between(at, self.zone, FIRST_HOUR, LAST_HOUR)
        letter = Letter(
            chat_id=reader.id,
            dedupe_key=f"elite:{row.id}:{local_day(at, self.zone).isoformat()}",
            priority=Priority.REMINDER,
            wording=self.words.elite(reader.language, row.id, gained=gained),
            due_at=due,
            expires_at=due + _LETTERS_LAST,
        )
        return len(await post(connection, [letter]))

    async def _show_cases(self, connection: AsyncConnection, at: datetime) -> int:
        """Each open case once: a moderators' group may be there only since."""
        if self.moderators_chat_id is None:
            return 0
        shown = [
            await self._shown(connection, self.moderators_chat_id, case_id, at)
            for case_id in await ratings.open_cases(connection)
        ]
        return len(await post(connection, shown))

    async def _shown(
        self, connection: AsyncConnection, chat_id: int, case_id: int, at: datetime, again: str = ""
    ) -> Letter:
        return Letter(
            chat_id=chat_id,
            dedupe_key=f"bar:{case_id}:{again}",
            priority=Priority.REMINDER,
            wording=self.words.case(await seen_case(connection, case_id)),
            due_at=first_between(at, self.zone, FIRST_HOUR, LAST_HOUR),
        )

    async def forget(self, connection: AsyncConnection, person_id: PersonId) -> Callable[[], Awaitable[None]]:
        """A student is about to be forgotten: what they said of a mentor is held against nobody any more.

        Returns what shows those cases anew, once their words are gone.
        """
        written = [each.id for each in await reviews.of_person(connection, person_id)]
        quoting = await ratings.cases_quoting(connection, written)

        async def show_anew() -> None:
            at = await clock.now(connection)
            for case_id in quoting:
                await self._requote(connection, case_id, at)

        return show_anew

    async def _requote(self, connection: AsyncConnection, case_id: int, at: datetime) -> None:
        """What moderators have read is redrawn; what they have not is written anew."""
        told = await outbox.told_all(connection, f"bar:{case_id}:")
        await outbox.wipe(connection, [f"bar:{case_id}:", f"bar-edit:{case_id}:"])
        again = f"{at.timestamp():.3f}"
        if not told:
            if self.moderators_chat_id is not None:
                await post(
                    connection, [await self._shown(connection, self.moderators_chat_id, case_id, at, again)]
                )
            return
        wording = self.words.case(await seen_case(connection, case_id))
        edits = [
            Letter(
                chat_id=letter.chat_id,
                dedupe_key=f"bar-edit:{case_id}:{letter.id}:{again}",
                priority=Priority.DIGEST,
                wording=wording,
                kind="edit",
                target=letter.id,
            )
            for letter in told
        ]
        await post(connection, edits)


async def _look_at(connection: AsyncConnection, row: Any, record: Record, at: datetime) -> None:
    """Open a case for who is below the bar, unless moderators have one, or had one lately."""
    reasons = below_bar(record) if row.status == "active" else ()
    if reasons:
        evidence = await _evidence(connection, row, record, reasons)
        await ratings.open_case(connection, row.id, reasons, evidence, quiet_since=at - _QUIET_FOR)


async def _records(connection: AsyncConnection, at: datetime) -> list[tuple[Any, Record]]:
    """Everybody of whom something is known that decides, with it; and who is elite."""
    counts = Counter(each.mentor_id for each in await ratings.evidence(connection))
    no_shows = await reviews.no_shows(connection, at - timedelta(days=BAR_NO_SHOW_DAYS))
    return [
        (
            row,
            Record(
                reviews=counts[row.id],
                lower=row.rating_lower,
                upper=row.rating_upper,
                private_mean=row.private_mean,
                prompt_share=row.prompt_share,
                no_shows=no_shows.get(row.id, 0),
            ),
        )
        for row in await ratings.standing(connection)
        if counts[row.id] or no_shows.get(row.id) or row.tier != "common"
    ]


async def _evidence(
    connection: AsyncConnection, row: Any, record: Record, reasons: Sequence[BarReason]
) -> Mapping[str, Any]:
    """What moderators see, kept with the case: they decide about that, whatever comes later."""
    low = BarReason.LOW_RATING in reasons
    quoted = await reviews.newest_bad(connection, row.id, _BAD_STARS, _QUOTED) if low else ()
    return {
        "reviews": record.reviews,
        "mean": row.rating_mean,
        "upper": record.upper,
        "no_shows": record.no_shows,
        # By their ids: whoever is forgotten is not quoted any more.
        "reviews_quoted": list(quoted),
    }


async def seen_case(connection: AsyncConnection, case_id: int) -> BarCase:
    """A case as moderators see it now.

    Raises:
        NotYoursError: there is no such case.
    """
    row = await ratings.case(connection, case_id)
    if row is None:
        raise NotYoursError(f"case {case_id}")
    return BarCase(
        id=row.id,
        name=row.name,
        title=row.title,
        telegram=row.telegram,
        person_id=row.person_id,
        reasons=tuple(row.reasons),
        reviews=row.evidence["reviews"],
        mean=row.evidence["mean"],
        upper=row.evidence["upper"],
        no_shows=row.evidence["no_shows"],
        words=tuple(await reviews.words_of(connection, row.evidence["reviews_quoted"])),
        decision=row.decision,
        decided_by=row.decided_by,
        former_status=row.former_status,
    )


@dataclass(frozen=True, slots=True)
class BarCases:
    """What moderators decide about mentors below the bar."""

    engine: AsyncEngine
    words: StandingWords
    close: Close

    async def decide(self, case_id: int, decision: Decision, by: str) -> tuple[bool, BarCase]:
        """Do it, unless somebody was quicker; whether it was done, and the case as it is now.

        Raises:
            NotYoursError: there is no such case.
        """
        async with self.engine.begin() as connection:
            case, row = await self._held(connection, case_id)
            if case.decision is not None or (decision != "talk" and row.status not in _REACHABLE):
                return False, case
            await self._do(connection, row, decision)
            await ratings.decide_case(connection, case_id, decision, by, row.status)
            return True, await seen_case(connection, case_id)

    async def undo(self, case_id: int) -> tuple[bool, BarCase]:
        """Take a decision back: the mentor is in the list again, and the case is open."""
        async with self.engine.begin() as connection:
            case, row = await self._held(connection, case_id)
            if case.decision is None or await ratings.has_open_case(connection, row.id):
                return False, case
            await self._undo(connection, case, row)
            await ratings.decide_case(connection, case_id, None, None)
            return True, await seen_case(connection, case_id)

    async def _held(self, connection: AsyncConnection, case_id: int) -> tuple[BarCase, Any]:
        """A case and its mentor's row: the mentor is locked before the case, as everywhere."""
        seen = await ratings.case_mentor(connection, case_id)
        row = seen and await profiles.get(connection, seen)
        if not row:
            raise NotYoursError(f"case {case_id}")
        return await seen_case(connection, case_id), row

    async def _do(self, connection: AsyncConnection, row: Any, decision: Decision) -> None:
        match decision:
            case "talk":
                return
            case "pause":
                until = await clock.now(connection) + HELD_FOR
                await ratings.hold_mentor(connection, row.id, until)
                await reminders.put(connection, PAUSE_ENDS, row.id, until)
            case "remove":
                await profiles.set_status(connection, row.id, "expelled")
                await reminders.drop(connection, PAUSE_ENDS, row.id)
            case _:
                assert_never(decision)
        await profiles.answer_check_in(connection, row.id, "paused" if decision == "pause" else "left")
        await self.close(connection, [row.id])
        await self._tell(connection, row, 0, decision)

    async def _undo(self, connection: AsyncConnection, case: BarCase, row: Any) -> None:
        """Bring the mentor back where they were, unless they have gone somewhere else since."""
        if _is_kept_out(case, row):
            await ratings.release_mentor(connection, row.id, case.former_status or "active")
            await reminders.drop(connection, PAUSE_ENDS, row.id)
            await self._tell(connection, row, case.id, "undo")
        elif case.decision == "pause":
            await ratings.let_go(connection, row.id)

    async def _tell(
        self,
        connection: AsyncConnection,
        row: Any,
        case_id: int,
        decision: Literal["pause", "remove", "undo"],
    ) -> None:
        reader = await reader_of(connection, row.person_id)
        if reader is None:
            return
        at = await clock.now(connection)
        letter = Letter(
            chat_id=reader.id,
            dedupe_key=f"bar-verdict:{row.id}:{case_id}:{decision}:{at.timestamp():.3f}",
            priority=Priority.REMINDER,
            wording=self.words.decided(reader.language, row.id, decision),
        )
        await post(connection, [letter])


def _is_kept_out(case: BarCase, row: Any) -> bool:
    """Whether the mentor is still where the decision put them."""
    if case.decision == "remove":
        return bool(row.status == "expelled")
    held = row.held_until is not None and row.paused_until == row.held_until
    return case.decision == "pause" and row.status == "paused" and held


@dataclass(frozen=True, slots=True)
class EliteScreen:
    """The elite, the best rated first; each may be opened from ``search_id``."""

    search_id: int
    mentors: tuple[MentorCard, ...]


@dataclass(frozen=True, slots=True)
class Elite:
    """/elite."""

    shortlists: Shortlists

    async def listed(self, person: Known, sent: Sent) -> EliteScreen:
        """The list, logged like every other; the same message again shows the same one."""
        async with self.shortlists.engine.begin() as connection:
            rows = await ratings.elite(connection, LISTED)
            if not rows:
                return EliteScreen(0, ())
            new = await people.is_new_message(connection, person.id, sent.message_id, sent.at)
            row = None if new else await searches.latest(connection, person.id, "elite")
            if row is None:
                row = await self._log(connection, person, rows)
            return EliteScreen(row.id, tuple(as_card(each) for each in rows))

    async def _log(self, connection: AsyncConnection, person: Known, rows: Sequence[Any]) -> Any:
        last = await searches.latest(connection, person.id, "shortlist")
        request = self.shortlists.request_of(last) if last else Request(languages=(person.language,))
        cards = tuple(
            Card(MentorId(row.id), place, row.rating_lower or 0.0) for place, row in enumerate(rows, start=1)
        )
        shown = Shortlist(cards=cards, model_version="elite")
        return await self.shortlists.log(connection, PersonId(person.id), "elite", request, shown, {})

"""Every night: who is elite and who is not any more, and whom moderators should look at.

The criteria are :mod:`recommender.standing`'s, and people read them in /rules and docs/criteria.md. The elite
have a list of their own, and no advantage in any other. A mentor below the bar is put to the moderators with
the evidence; they decide, and can take it back.

Dedupe keys: ``elite:{mentor}:{date}``, ``bar:{case}``, ``bar-verdict:{case}:{decision}:{milliseconds}``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, assert_never
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, people, profiles, ratings, reminders, reviews, searches, ticks
from recommender.model import Card, MentorId, Request, Shortlist
from recommender.standing import BAR_NO_SHOW_DAYS, BarReason, Record, below_bar, is_elite
from usecases.activity import FIRST_HOUR, LAST_HOUR
from usecases.catalogue import MentorCard, as_card
from usecases.counts import Counts
from usecases.errors import NotYoursError
from usecases.hours import at_hour, first_between, local_day
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import Known, PersonId, Sent, spoken
from usecases.profiles import PAUSE_ENDS, Close
from usecases.ratings import Ratings
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
        await self.ratings.tick(connection)
        records = await _records(connection, at)
        told = 0
        for row, record in records:
            told += await self._set_tier(connection, row, record, at)
            await _look_at(connection, row, record, at)
        return Counts(matched=len(records), enqueued=told + await self._show_cases(connection, at))

    async def _set_tier(self, connection: AsyncConnection, row: Any, record: Record, at: datetime) -> int:
        gained = is_elite(record) and not below_bar(record)
        if not await ratings.set_tier(connection, row.id, "elite" if gained else "common"):
            return 0
        reader = row.person_id and await profiles.reader(connection, row.person_id)
        if not reader or reader.blocked_at is not None:
            return 0
        due = first_between(at, self.zone, FIRST_HOUR, LAST_HOUR)
        letter = Letter(
            chat_id=row.person_id,
            dedupe_key=f"elite:{row.id}:{local_day(at, self.zone).isoformat()}",
            priority=Priority.REMINDER,
            wording=self.words.elite(_language(reader), row.id, gained=gained),
            due_at=due,
            expires_at=due + _LETTERS_LAST,
        )
        return len(await post(connection, [letter]))

    async def _show_cases(self, connection: AsyncConnection, at: datetime) -> int:
        """Each open case once: a moderators' group may be there only since."""
        if self.moderators_chat_id is None:
            return 0
        due = first_between(at, self.zone, FIRST_HOUR, LAST_HOUR)
        letters = [
            Letter(
                chat_id=self.moderators_chat_id,
                dedupe_key=f"bar:{case_id}",
                priority=Priority.REMINDER,
                wording=self.words.case(await seen_case(connection, case_id)),
                due_at=due,
            )
            for case_id in await ratings.open_cases(connection)
        ]
        return len(await post(connection, letters))


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
    newest = await reviews.newest(connection, row.id, 20) if BarReason.LOW_RATING in reasons else ()
    words = [each.words for each in newest if each.words and each.stars <= 3]
    return {
        "reviews": record.reviews,
        "mean": row.rating_mean,
        "upper": record.upper,
        "no_shows": record.no_shows,
        "words": words[:_QUOTED],
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
        words=tuple(row.evidence["words"]),
        decision=row.decision,
        decided_by=row.decided_by,
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
            if case.decision is not None or (decision != "talk" and row.status != "active"):
                return False, case
            await self._do(connection, row, decision)
            await ratings.decide_case(connection, case_id, decision, by)
            return True, await seen_case(connection, case_id)

    async def undo(self, case_id: int) -> tuple[bool, BarCase]:
        """Take a decision back: the mentor is in the list again, and the case is open."""
        async with self.engine.begin() as connection:
            case, row = await self._held(connection, case_id)
            if case.decision is None or await ratings.has_open_case(connection, row.id):
                return False, case
            if _is_kept_out(case, row):
                await ratings.release_mentor(connection, row.id)
                await reminders.drop(connection, PAUSE_ENDS, row.id)
                await self._tell(connection, row, case.id, "undo")
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

    async def _tell(
        self,
        connection: AsyncConnection,
        row: Any,
        case_id: int,
        decision: Literal["pause", "remove", "undo"],
    ) -> None:
        reader = row.person_id and await profiles.reader(connection, row.person_id)
        if not reader or reader.blocked_at is not None:
            return
        at = await clock.now(connection)
        letter = Letter(
            chat_id=row.person_id,
            dedupe_key=f"bar-verdict:{row.id}:{case_id}:{decision}:{at.timestamp():.3f}",
            priority=Priority.REMINDER,
            wording=self.words.decided(_language(reader), row.id, decision),
        )
        await post(connection, [letter])


def _is_kept_out(case: BarCase, row: Any) -> bool:
    """Whether the mentor is still where the decision put them."""
    if case.decision == "remove":
        return bool(row.status == "expelled")
    return case.decision == "pause" and row.status == "paused" and row.held_until is not None


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


def _language(reader: Any) -> str:
    return reader.language or spoken(reader.telegram_language)

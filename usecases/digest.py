"""The weekly digest: three fitting mentors whom a student has never been shown, at the hour they chose.

Letters: ``digest:{person}:{date}``, one for each chosen hour. One that is six hours late, or would come at
night, is left out: the next one comes in a week. Who fits, :mod:`recommender.fitting` says; where nobody
does, nothing is sent.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import clock, subscriptions
from db.queries.subscriptions import Slot
from recommender.fitting import fitting
from recommender.model import MentorId
from recommender.snapshot import Snapshot
from usecases.catalogue import Catalogue
from usecases.counts import Counts
from usecases.hours import at_hour, latest_slot, local_day
from usecases.people import CONSENT_VERSION
from usecases.shortlists import PAGE
from usecases.subscriptions import HOURS, WEEKDAYS
from usecases.unasked import Student, Unasked, UnaskedLists, students

#: A morning digest must not arrive in the evening, and none at night.
_LATEST = timedelta(hours=6)
_NIGHT = 23
#: But where clocks are put forward at 22:00, that hour begins with the night: it is not left out.
_LEAST = timedelta(hours=1)
#: How many a run takes at most, so that its transaction stays short; the next run goes on.
_PORTION = 500


@dataclass(frozen=True, slots=True)
class Digest:
    """Finds who is due and sends them theirs. Hours are those of ``zone``."""

    catalogue: Catalogue
    lists: UnaskedLists
    zone: ZoneInfo

    async def tick(self, connection: AsyncConnection) -> Counts:
        """The next portion of those who are due; ``skipped`` are those for whom there is nobody new."""
        at = await clock.now(connection)
        counts = Counts()
        for slot in self._open_slots(at):
            if counts.matched < _PORTION:
                counts += await self._send(connection, slot, _PORTION - counts.matched)
        return counts

    def _open_slots(self, at: datetime) -> Iterator[Slot]:
        """The hours whose digest may still go out."""
        for weekday in WEEKDAYS:
            for hour in HOURS:
                begun = latest_slot(at, self.zone, weekday, hour)
                if at < self._ends(begun):
                    yield Slot(weekday, hour, begun, local_day(begun, self.zone))

    def _ends(self, begun: datetime) -> datetime:
        """Until when the digest of an hour may arrive."""
        night = at_hour(local_day(begun, self.zone), _NIGHT, self.zone)
        return max(begun + _LEAST, min(begun + _LATEST, night))

    async def _send(self, connection: AsyncConnection, slot: Slot, most: int) -> Counts:
        rows = await subscriptions.due_for_digest(connection, slot, consent=CONSENT_VERSION, limit=most)
        snapshot = self.catalogue.snapshot
        # Off the event loop: people are waiting for their answers meanwhile.
        lists = await asyncio.to_thread(_fitting, snapshot, students(rows), slot.day)
        await subscriptions.got_digest(connection, [row.person_id for row in rows], slot.day)
        sent = await self.lists.send(
            connection, "digest", lists, catalogue_version=snapshot.version, expires_at=self._ends(slot.at)
        )
        return Counts(matched=len(rows), enqueued=sent, skipped=len(rows) - sent)


def _fitting(snapshot: Snapshot, readers: Iterable[Student], day: date) -> list[Unasked]:
    """A list for each student whom somebody new fits."""
    lists = []
    for student in readers:
        known = [MentorId(each) for each in student.shown | student.dismissed]
        found = fitting(snapshot, student.request, k=PAGE, excluded=known)
        if found.cards:
            key = f"digest:{student.person_id}:{day.isoformat()}"
            lists.append(Unasked(student.person_id, student.language, student.request, found, key))
    return lists

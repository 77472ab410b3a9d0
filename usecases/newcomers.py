"""A newcomer of the channel is told personally to the students they fit well and who agreed to that.

To fit well is to break no limit of the student's newest shortlist and to know a skill they picked, if they
picked any, with at most two mentors who fit better.
Letters: ``newcomer:{person}:{date}``, so at most one a day; of several newcomers the one that fits best. The
others are not told of later: they are in the channel, and in the next shortlist.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import clock, subscriptions
from recommender.fitting import best_of
from recommender.model import MentorId
from recommender.snapshot import Snapshot
from usecases.catalogue import Catalogue
from usecases.counts import Counts
from usecases.hours import at_hour, is_between, local_day
from usecases.people import CONSENT_VERSION
from usecases.shortlists import PAGE
from usecases.unasked import Student, Unasked, UnaskedLists, students

#: Between these hours of the day, as posts in the channel.
_FIRST_HOUR, _LAST_HOUR = 10, 20
#: Whom the channel had longer ago than this is no newcomer any more.
_NEWS_FOR = timedelta(days=7)
#: How many students are looked at together.
_PORTION = 500


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Tells students of newcomers. Hours are those of ``zone``."""

    catalogue: Catalogue
    lists: UnaskedLists
    zone: ZoneInfo

    async def tick(self, connection: AsyncConnection) -> Counts:
        """``matched`` newcomers, ``enqueued`` messages; the ``skipped`` newcomers wait, or are none now."""
        at = await clock.now(connection)
        untold = await subscriptions.untold_newcomers(connection)
        snapshot = self.catalogue.snapshot
        late = [row.mentor_id for row in untold if not row.is_open or at - row.announced_at > _NEWS_FOR]
        # Who is open and not in the snapshot yet will be in the next one, in a few seconds.
        fresh = [
            MentorId(row.mentor_id)
            for row in untold
            if row.mentor_id not in late and snapshot.row_of(row.mentor_id) is not None
        ]
        if not is_between(at, self.zone, _FIRST_HOUR, _LAST_HOUR):
            fresh = []
        sent = await self._tell(connection, at, snapshot, fresh) if fresh else 0
        await subscriptions.told_of_newcomers(connection, [*late, *fresh])
        return Counts(matched=len(untold), enqueued=sent, skipped=len(untold) - len(fresh))

    async def _tell(
        self, connection: AsyncConnection, at: datetime, snapshot: Snapshot, newcomers: Collection[MentorId]
    ) -> int:
        day = local_day(at, self.zone)
        lists: list[Unasked] = []
        async for readers in _readers(connection, newcomers, day):
            # Off the event loop: people are waiting for their answers meanwhile.
            lists += await asyncio.to_thread(_fitting, snapshot, newcomers, readers, day)
        # All that is written, at the end: who taps meanwhile does not wait for the ranking.
        await subscriptions.got_newcomer(connection, [each.person_id for each in lists], day)
        return await self.lists.send(
            connection,
            "newcomer",
            lists,
            catalogue_version=snapshot.version,
            expires_at=at_hour(day, _LAST_HOUR, self.zone),
        )


async def _readers(
    connection: AsyncConnection, newcomers: Collection[MentorId], day: date
) -> AsyncIterator[list[Student]]:
    """Everybody who may be told today, in portions."""
    after = 0
    while True:
        rows = await subscriptions.due_for_newcomer(
            connection, newcomers, day, consent=CONSENT_VERSION, after=after, limit=_PORTION
        )
        if not rows:
            return
        after = rows[-1].person_id
        yield students(rows)


def _fitting(
    snapshot: Snapshot, newcomers: Collection[MentorId], readers: Iterable[Student], day: date
) -> list[Unasked]:
    """One newcomer for each student whom one fits well."""
    lists = []
    for student in readers:
        new = [each for each in newcomers if each not in student.shown]
        dismissed = [MentorId(each) for each in student.dismissed]
        found = best_of(snapshot, student.request, new, among=PAGE, excluded=dismissed)
        if found.cards:
            key = f"newcomer:{student.person_id}:{day.isoformat()}"
            lists.append(Unasked(student.person_id, student.language, student.request, found, key))
    return lists

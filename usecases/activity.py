""" "Are you still mentoring?": who is asked, reminded, hidden; and who has no chat to be asked in.

Between 10:00 and 20:00, and of each step no more a day than a day's share of all mentors, spread over these
hours: a first run on 10,000 imported mentors, or one after a long pause, asks no more than any other day.
Each step is at least a week after the one before really was.

Dedupe keys: ``check-in:{check_in}:{0|1|2}``, ``stale:{check_in}``, ``claims:{date}``.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import activity, clock
from db.queries.activity import Patience
from usecases.counts import Counts
from usecases.hours import at_hour, is_between, local_day
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import spoken

#: Who has no review yet is asked sooner: nothing else tells that they are there.
PATIENCE = Patience(unreviewed=timedelta(days=30), reviewed=timedelta(days=90))
BETWEEN_STEPS = timedelta(days=7)
#: The hours in which mentors and moderators are written to.
FIRST_HOUR, LAST_HOUR = 10, 20
#: A reminder is of no use any more when the next one is due.
_LETTERS_LAST = timedelta(days=7)
_MOST_REMINDERS = 2

#: How many unclaimed profiles moderators get a day, and how long one is not listed again.
MOST_LISTED = 10
_LISTED_AGAIN_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """An active mentor without a chat with the bot, and the secret of the link to send them."""

    name: str
    telegram: str | None
    token: str


class ActivityWords(Protocol):
    """What is said."""

    def check_in(self, language: str, mentor_id: int, name: str, reminders: int) -> Wording:
        """ "Are you still mentoring?", for the first time or again."""

    def hidden(self, language: str, mentor_id: int) -> Wording:
        """Students do not see them any more, and one tap brings them back."""

    def claims(self, unclaimed: Sequence[Unclaimed], waiting: int) -> Wording:
        """To moderators: links to send, and how many more wait for their turn."""


@dataclass(frozen=True, slots=True)
class Activity:
    """The tick. ``moderators_chat_id`` None: nobody is told of the unclaimed. ``new_token`` draws secrets;
    ``close`` closes what waits for mentors who are hidden.
    """

    zone: ZoneInfo
    words: ActivityWords
    moderators_chat_id: int | None
    new_token: Callable[[], str]
    close: Callable[[AsyncConnection, Sequence[int]], Awaitable[int]]

    async def tick(self, connection: AsyncConnection) -> Counts:
        """Everything that is due at this hour."""
        at = await clock.now(connection)
        await activity.close_moot(connection)
        if not is_between(at, self.zone, FIRST_HOUR, LAST_HOUR):
            return Counts()
        midnight = at_hour(local_day(at, self.zone), 0, self.zone)
        standing = await activity.standing(connection, at, PATIENCE)
        so_far = self._share(daily_quota(standing.unreviewed, standing.reviewed), at)
        asked, *reminded, given_up = await activity.steps_since(connection, midnight)
        counts = await self._give_up(connection, at, so_far - given_up)
        for reminders in reversed(range(_MOST_REMINDERS)):
            counts += await self._remind(connection, at, reminders, so_far - reminded[reminders])
        counts += await self._ask(connection, at, standing.due, so_far - asked)
        return counts + await self._list_unclaimed(connection, at, midnight)

    def _share(self, quota: int, at: datetime) -> int:
        """How many of a day's quota may have had their turn by this hour."""
        hours = at.astimezone(self.zone).hour - FIRST_HOUR + 1
        return ceil(quota * hours / (LAST_HOUR - FIRST_HOUR))

    async def _ask(self, connection: AsyncConnection, at: datetime, due: int, room: int) -> Counts:
        ids = await activity.ask(connection, at, PATIENCE, room) if due and room > 0 else ()
        sent = await self._write(connection, ids, self._check_in, at)
        return Counts(due, sent, due - len(ids))

    async def _remind(self, connection: AsyncConnection, at: datetime, reminders: int, room: int) -> Counts:
        before = at - BETWEEN_STEPS
        due = await activity.count_unanswered(connection, reminders, before)
        ids = await activity.remind(connection, at, reminders, before, room) if due and room > 0 else ()
        sent = await self._write(connection, ids, self._check_in, at)
        return Counts(due, sent, due - len(ids))

    async def _give_up(self, connection: AsyncConnection, at: datetime, room: int) -> Counts:
        before = at - BETWEEN_STEPS
        due = await activity.count_unanswered(connection, _MOST_REMINDERS, before)
        ids = (
            await activity.give_up(connection, at, _MOST_REMINDERS, before, room) if due and room > 0 else ()
        )
        await self.close(connection, await activity.mentors_of(connection, ids))
        sent = await self._write(connection, ids, self._hidden, at)
        return Counts(due, sent, due - len(ids))

    async def _write(
        self,
        connection: AsyncConnection,
        check_ins: Sequence[int],
        letter: Callable[[Any, datetime], Letter],
        at: datetime,
    ) -> int:
        """Write to those of them who can be written to; the others go through the same steps unasked."""
        if not check_ins:
            return 0
        rows = await activity.addressees(connection, check_ins)
        return len(await post(connection, (letter(row, at) for row in rows)))

    def _check_in(self, row: Any, at: datetime) -> Letter:
        language = row.language or spoken(row.telegram_language)
        wording = self.words.check_in(language, row.mentor_id, row.name, row.reminders)
        return _letter(row.person_id, f"check-in:{row.id}:{row.reminders}", wording, at)

    def _hidden(self, row: Any, at: datetime) -> Letter:
        wording = self.words.hidden(row.language or spoken(row.telegram_language), row.mentor_id)
        return _letter(row.person_id, f"stale:{row.id}", wording, at)

    async def _list_unclaimed(self, connection: AsyncConnection, at: datetime, midnight: datetime) -> Counts:
        if self.moderators_chat_id is None or await activity.were_listed_since(connection, midnight):
            return Counts()
        rows = await activity.unclaimed(connection, at, PATIENCE, at - _LISTED_AGAIN_AFTER, MOST_LISTED)
        if not rows:
            return Counts()
        tokens = await activity.list_links(connection, at, {row.id: self.new_token() for row in rows})
        listed = [Unclaimed(row.name, row.telegram, tokens[row.id]) for row in rows]
        waiting = rows[0].due - len(rows)
        letter = Letter(
            chat_id=self.moderators_chat_id,
            dedupe_key=f"claims:{local_day(at, self.zone).isoformat()}",
            priority=Priority.DIGEST,
            wording=self.words.claims(listed, waiting),
            expires_at=at + _LETTERS_LAST,
        )
        return Counts(rows[0].due, len(await post(connection, [letter])), waiting)


def daily_quota(unreviewed: int, reviewed: int) -> int:
    """How many mentors have their turn a day, if each has it once in the time they may be silent."""
    return ceil(unreviewed / PATIENCE.unreviewed.days + reviewed / PATIENCE.reviewed.days)


def _letter(chat_id: int, dedupe_key: str, wording: Wording, at: datetime) -> Letter:
    return Letter(
        chat_id=chat_id,
        dedupe_key=dedupe_key,
        priority=Priority.REMINDER,
        wording=wording,
        expires_at=at + _LETTERS_LAST,
    )

"""Newcomers in the channel: one post each, never a flood, never at night, and edited when they pause.

A post that expired is made anew; one that moderators put away is not.

Messages are named ``announce:{mentor}:{posts}``, ``announce-digest:{date}`` and
``announce-edit:{mentor}:{edits}``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import announcements, clock
from usecases.catalogue import MentorCard, as_card
from usecases.counts import Counts
from usecases.hours import at_hour, is_between, local_day
from usecases.letters import Letter, Priority, Wording, post

_FIRST_HOUR, _LAST_HOUR = 10, 20
_POSTS_A_DAY = 6
_APART = timedelta(minutes=30)
#: When a queue that the rest of the day cannot take becomes a digest; earlier, more posts may still come.
_DIGEST_HOUR = 18
#: As many as one digest could ever list: Telegram reads a hundred links and bold words of a message.
MOST_LISTED = 70
#: Edits of one tick: 20 a minute go through to a channel, and the next tick goes on.
_EDITS = 100


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody the channel has not heard of."""

    card: MentorCard
    photo_url: str | None


class AnnouncementWords(Protocol):
    """What the channel reads."""

    def post(self, newcomer: Newcomer) -> Wording:
        """A post about one mentor, with a picture."""

    def edited(self, mentor: MentorCard) -> Wording:
        """What the caption of such a post says now: the mentor takes students, or does not."""

    def digest(self, mentors: Sequence[MentorCard]) -> tuple[Wording, int]:
        """A post that lists the first of these mentors, and how many of them have room in it."""


@dataclass(frozen=True, slots=True)
class Announcements:
    """The tick of the channel. ``zone`` is the platform's; ``channel_id`` None: there is no channel."""

    zone: ZoneInfo
    channel_id: int | None
    words: AnnouncementWords

    async def tick(self, connection: AsyncConnection) -> Counts:
        """Post what is due, and edit the posts of those who have closed or opened since."""
        if self.channel_id is None:
            count = await announcements.count_waiting(connection)
            return Counts(matched=count, skipped=count)
        await announcements.take_back(connection)
        await announcements.let_go(connection)
        return await self._edit(connection) + await self._announce(connection, self.channel_id)

    async def _announce(self, connection: AsyncConnection, channel_id: int) -> Counts:
        queue = await announcements.waiting(connection, _POSTS_A_DAY + MOST_LISTED)
        if not queue:
            return Counts()
        at = await clock.now(connection)
        told = (
            await self._take_turn(connection, channel_id, at, queue) if await self._may(connection, at) else 0
        )
        count = queue[0].in_all
        return Counts(matched=count, enqueued=min(told, 1), skipped=count - told)

    async def _may(self, connection: AsyncConnection, at: datetime) -> bool:
        """Whether the channel may get something now."""
        if not is_between(at, self.zone, _FIRST_HOUR, _LAST_HOUR):
            return False
        recent = await announcements.recent(connection, at - timedelta(days=1))
        # While Telegram is away posts must not pile up, to come all at once.
        return not recent.on_its_way and (recent.at is None or at - recent.at >= _APART)

    async def _take_turn(
        self, connection: AsyncConnection, channel_id: int, at: datetime, queue: Sequence[Any]
    ) -> int:
        """Write the next post or the digest; how many mentors are in it."""
        today = local_day(at, self.zone)
        evening = at_hour(today, _LAST_HOUR, self.zone)
        done = await announcements.posts_since(connection, at_hour(today, 0, self.zone))
        posts, slots = max(_POSTS_A_DAY - done, 0), -((at - evening) // _APART)
        digest = f"announce-digest:{today.isoformat()}"
        # The last turn of a day is a post all the same: who is first has waited for it.
        is_time = not posts or (slots > 1 and at >= at_hour(today, _DIGEST_HOUR, self.zone))
        if (
            is_time
            and len(queue) > min(posts, slots)
            and not await announcements.is_written(connection, digest)
        ):
            # Those first in the queue still get posts of their own, after the digest.
            listed = queue[min(posts, slots - 1) :]
            wording, count = self.words.digest([as_card(row) for row in listed])
            return await self._write(
                connection, channel_id, digest, wording, evening, "digest", listed[:count]
            )
        if not posts:
            return 0
        first = queue[0]
        # Drawing the card takes a processor for a moment.
        wording = await asyncio.to_thread(self.words.post, Newcomer(as_card(first), first.photo_url))
        key = f"announce:{first.id}:{first.posts}"
        return await self._write(connection, channel_id, key, wording, evening, "post", [first])

    async def _write(
        self,
        connection: AsyncConnection,
        channel_id: int,
        key: str,
        wording: Wording,
        evening: datetime,
        form: str,
        mentors: Sequence[Any],
    ) -> int:
        letter = Letter(
            chat_id=channel_id,
            dedupe_key=key,
            priority=Priority.POST,
            wording=wording,
            expires_at=evening,
            once=True,
        )
        written = await post(connection, [letter])
        if key not in written:
            return 0
        await announcements.announced(connection, [row.id for row in mentors], form, written[key])
        return len(mentors)

    async def _edit(self, connection: AsyncConnection) -> Counts:
        """At any hour: an edit makes no sound."""
        rows = await announcements.outdated(connection, _EDITS)
        for row in rows:
            card = as_card(row)
            letter = Letter(
                chat_id=row.chat_id,
                dedupe_key=f"announce-edit:{row.id}:{row.edits}",
                # A new post need not wait for them.
                priority=Priority.DIGEST,
                wording=self.words.edited(card),
                kind="edit",
                target=row.outbox_id,
            )
            await post(connection, [letter])
            await announcements.edited(connection, row.id, shows_open=card.active)
        return Counts(matched=len(rows), enqueued=len(rows))


@dataclass(frozen=True, slots=True)
class Reactions:
    """What readers think of a post."""

    engine: AsyncEngine

    async def count(self, chat_id: int, message_id: int, counts: Mapping[str, int], at: datetime) -> bool:
        """Keep the counts of a post of ours; those of an older or another message are left alone."""
        async with self.engine.begin() as connection:
            return await announcements.react(connection, chat_id, message_id, counts, at)

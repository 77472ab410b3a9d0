"""The channel's clock: whose turn it is, how often, and what becomes of posts that come to nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import Announcement, MentorProfile, OutboxMessage
from db.queries import clock, outbox
from tests.catalogues import fill, mentor
from usecases.announcements import MOST_LISTED, Announcements, Newcomer, Reactions
from usecases.catalogue import MentorCard
from usecases.counts import Counts
from usecases.letters import Priority, Wording

MOSCOW = ZoneInfo("Europe/Moscow")
CHANNEL = -1003000000001


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    """A local time of March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=MOSCOW).astimezone(UTC)


class Plain:
    """Names alone; a digest has room for so many."""

    def __init__(self, room: int = MOST_LISTED) -> None:
        self.room = room

    def post(self, newcomer: Newcomer) -> Wording:
        return Wording(text=newcomer.card.name, photo=newcomer.photo_url or b"drawn")

    def edited(self, mentor: MentorCard) -> Wording:
        return Wording(text=mentor.name if mentor.active else f"closed: {mentor.name}")

    def digest(self, mentors: Sequence[MentorCard]) -> tuple[Wording, int]:
        listed = mentors[: self.room]
        return Wording(text=", ".join(each.name for each in listed)), len(listed)


@dataclass
class Channel:
    """The tick, moved through time, and what it wrote."""

    engine: AsyncEngine
    words: Plain = field(default_factory=Plain)
    channel_id: int | None = CHANNEL
    zone: ZoneInfo = MOSCOW

    async def queue(self, count: int, first: int = 1, **given: Any) -> None:
        """Newcomers in the order of their numbers."""
        await fill(self.engine, [mentor(number, **given) for number in range(first, first + count)])
        async with self.engine.begin() as connection:
            new = select(MentorProfile.id).where(
                MentorProfile.external_id.in_([f"m{number}" for number in range(first, first + count)])
            )
            await connection.execute(insert(Announcement).from_select(["mentor_id"], new))

    async def stand(self, moment: datetime) -> None:
        async with self.engine.begin() as connection:
            await clock.stand_at(connection, moment)

    async def tick(self, moment: datetime) -> Counts:
        await self.stand(moment)
        async with self.engine.begin() as connection:
            return await Announcements(self.zone, self.channel_id, self.words).tick(connection)

    async def through(
        self, start: datetime, end: datetime, *, every: int = 30, delivered: bool = True
    ) -> list[str]:
        """A tick every so many minutes; what was written, with its local time."""
        seen = len(await self.written())
        told = []
        moment = start
        while moment <= end:
            await self.tick(moment)
            for row in (await self.written())[seen:]:
                told.append(f"{moment.astimezone(self.zone):%d %H:%M} {row.payload['text']}")
                seen += 1
            if delivered:
                await self.deliver()
            moment += timedelta(minutes=every)
        return told

    async def deliver(self, state: str = "sent") -> None:
        """What waits becomes of this state, as the sender would make it."""
        sent = {"sent_at": OutboxMessage.next_at, "sent_message_id": OutboxMessage.id + 100}
        async with self.engine.begin() as connection:
            await connection.execute(
                update(OutboxMessage)
                .where(OutboxMessage.state == "waiting")
                .values(state=state, **(sent if state == "sent" else {}))
            )

    async def written(self) -> list[Row[Any]]:
        async with self.engine.connect() as connection:
            rows = await connection.execute(select(*OutboxMessage.__table__.c).order_by(OutboxMessage.id))
            return list(rows.all())

    async def row(self, number: int = 1) -> Row[Any]:
        """A newcomer's place in the queue."""
        statement = select(*Announcement.__table__.c).join(
            MentorProfile, MentorProfile.id == Announcement.mentor_id
        )
        async with self.engine.connect() as connection:
            found = await connection.execute(statement.where(MentorProfile.external_id == f"m{number}"))
            return found.one()

    async def set(self, number: int, **values: Any) -> None:
        """Change a mentor."""
        async with self.engine.begin() as connection:
            await connection.execute(
                update(MentorProfile).where(MentorProfile.external_id == f"m{number}").values(**values)
            )


@pytest.fixture
async def channel(engine: AsyncEngine) -> Channel:
    made = Channel(engine)
    await made.stand(at(8))
    return made


async def test_a_newcomer_is_posted_at_ten_once_and_never_late(channel: Channel) -> None:
    await channel.queue(1)
    assert await channel.through(at(8), at(21)) == ["02 10:00 Ментор 1"]
    (row,) = await channel.written()
    assert (row.chat_id, row.dedupe_key, row.priority, row.once) == (
        CHANNEL,
        f"announce:{(await channel.row()).mentor_id}:0",
        Priority.POST,
        True,
    )
    assert (row.kind, row.photo, row.expires_at) == ("photo", b"drawn", at(20))
    assert await channel.through(at(0, day=3), at(21, day=3)) == []


async def test_six_are_posted_half_an_hour_apart(channel: Channel) -> None:
    await channel.queue(6)
    assert await channel.through(at(9, 50), at(13, 10), every=5) == [
        "02 10:00 Ментор 1",
        "02 10:30 Ментор 2",
        "02 11:00 Ментор 3",
        "02 11:30 Ментор 4",
        "02 12:00 Ментор 5",
        "02 12:30 Ментор 6",
    ]


async def test_whom_the_day_cannot_take_are_listed_in_one_digest(channel: Channel) -> None:
    await channel.queue(9)
    assert (await channel.through(at(8), at(21)))[-1] == "02 13:00 Ментор 7, Ментор 8, Ментор 9"
    (*_, digest) = await channel.written()
    assert (digest.dedupe_key, digest.kind, digest.once, digest.expires_at) == (
        "announce-digest:2026-03-02",
        "text",
        True,
        at(20),
    )
    assert [(await channel.row(number)).form for number in (6, 7, 9)] == ["post", "digest", "digest"]
    assert (await channel.row(7)).outbox_id == (await channel.row(9)).outbox_id == digest.id


async def test_what_has_no_room_in_a_digest_comes_first_the_next_day(channel: Channel) -> None:
    channel.words.room = 2
    await channel.queue(10)
    told = await channel.through(at(8), at(21))
    assert told[-1] == "02 13:00 Ментор 7, Ментор 8"
    assert await channel.through(at(8, day=3), at(21, day=3)) == ["03 10:00 Ментор 9", "03 10:30 Ментор 10"]


async def test_who_comes_after_the_digest_of_the_day_waits_for_the_next(channel: Channel) -> None:
    await channel.queue(7)
    await channel.through(at(8), at(14))
    await channel.queue(2, first=8)
    assert await channel.through(at(14), at(21)) == []
    assert await channel.through(at(8, day=3), at(21, day=3)) == ["03 10:00 Ментор 8", "03 10:30 Ментор 9"]


async def test_a_full_queue_in_the_evening_makes_a_digest_of_those_at_its_end(channel: Channel) -> None:
    await channel.stand(at(17, 58))
    await channel.queue(6)
    assert await channel.through(at(17, 58), at(20, 58)) == [
        "02 17:58 Ментор 1",
        "02 18:28 Ментор 5, Ментор 6",
        "02 18:58 Ментор 2",
        "02 19:28 Ментор 3",
        "02 19:58 Ментор 4",
    ]


async def test_the_last_turn_of_a_day_is_a_post(channel: Channel) -> None:
    await channel.stand(at(19, 40))
    await channel.queue(9)
    assert await channel.through(at(19, 40), at(21)) == ["02 19:40 Ментор 1"]
    assert (await channel.through(at(10, day=3), at(21, day=3)))[-1] == "03 13:00 Ментор 8, Ментор 9"


async def test_what_the_evening_can_take_is_no_digest(channel: Channel) -> None:
    await channel.queue(4)
    assert await channel.through(at(18), at(21)) == [
        "02 18:00 Ментор 1",
        "02 18:30 Ментор 2",
        "02 19:00 Ментор 3",
        "02 19:30 Ментор 4",
    ]


async def test_first_come_first_served_whatever_their_ids(channel: Channel) -> None:
    await channel.queue(3)
    async with channel.engine.begin() as connection:
        earlier = Announcement.queued_at - timedelta(hours=1)
        third = (await channel.row(3)).mentor_id
        await connection.execute(
            update(Announcement).where(Announcement.mentor_id == third).values(queued_at=earlier)
        )
    told = await channel.through(at(10), at(11))
    assert [line.split()[-1] for line in told] == ["3", "1", "2"]


async def test_a_tick_that_comes_twice_or_all_the_time_does_nothing_twice(channel: Channel) -> None:
    await channel.queue(3)
    assert await channel.tick(at(10)) == Counts(matched=3, enqueued=1, skipped=2)
    for minute in range(30):
        assert (await channel.tick(at(10, minute))).enqueued == 0
        await channel.deliver()
    assert (await channel.tick(at(10, 30))).enqueued == 1


async def test_a_month_without_the_bot_is_no_flood(channel: Channel) -> None:
    await channel.queue(8)
    await channel.tick(at(10))
    await channel.deliver("expired")
    told = await channel.through(at(15, day=30), at(21, day=30))
    assert told == [
        *(f"30 {15 + number // 2}:{number % 2 * 30:02} Ментор {number + 1}" for number in range(6)),
        "30 18:00 Ментор 7, Ментор 8",
    ]


async def test_posts_do_not_pile_up_while_telegram_is_away(channel: Channel) -> None:
    await channel.queue(4)
    assert await channel.through(at(10), at(15), delivered=False, every=60) == ["02 10:00 Ментор 1"]
    # Delivered at three, by the clock: the next is to keep its distance from that.
    async with channel.engine.begin() as connection:
        await connection.execute(update(OutboxMessage).values(state="sent", sent_at=at(15)))
    assert await channel.through(at(15, 5), at(16), every=5) == ["02 15:30 Ментор 2", "02 16:00 Ментор 3"]


@pytest.mark.parametrize("state", ["parked", "unsure"])
async def test_a_post_that_moderators_decide_on_holds_up_nobody_and_is_not_made_twice(
    channel: Channel, state: str
) -> None:
    await channel.queue(2)
    await channel.tick(at(10))
    await channel.deliver(state)
    assert await channel.through(at(10, 10), at(12), every=10) == ["02 10:30 Ментор 2"]


async def test_whose_post_expired_is_first_again(channel: Channel) -> None:
    await channel.queue(2)
    await channel.tick(at(19, 30))
    await channel.deliver("expired")
    assert await channel.through(at(9, day=3), at(21, day=3)) == ["03 10:00 Ментор 1", "03 10:30 Ментор 2"]
    row = await channel.row(1)
    keys = [each.dedupe_key for each in await channel.written()]
    assert keys[:2] == [f"announce:{row.mentor_id}:0", f"announce:{row.mentor_id}:1"]


@pytest.mark.parametrize("state", ["parked", "unsure"])
async def test_a_post_that_moderators_put_away_is_never_made_again(channel: Channel, state: str) -> None:
    await channel.queue(2)
    await channel.tick(at(10))
    [post] = await channel.written()
    async with channel.engine.begin() as connection:
        await connection.execute(update(OutboxMessage).values(state=state, started_at=at(10)))
        assert await outbox.drop(connection, post.id)
    assert await channel.through(at(10, 30), at(21)) == ["02 10:30 Ментор 2"]
    assert await channel.through(at(9, day=3), at(21, day=3)) == []


@pytest.mark.parametrize(
    ("state", "next_day"),
    [("expired", ["03 10:00 Ментор 7", "03 10:30 Ментор 8"]), ("cancelled", [])],
)
async def test_whose_digest_expired_wait_for_the_next_day_and_whose_was_put_away_do_not(
    channel: Channel, state: str, next_day: list[str]
) -> None:
    await channel.queue(8)
    await channel.through(at(10), at(12, 55))
    assert (await channel.tick(at(13))).enqueued == 1
    await channel.deliver(state)
    assert await channel.through(at(13, 30), at(21)) == []
    assert await channel.through(at(10, day=3), at(21, day=3)) == next_day


async def test_who_takes_nobody_waits_and_who_has_gone_leaves_the_queue(channel: Channel) -> None:
    await channel.queue(6)
    closed: list[dict[str, Any]] = [{"status": each} for each in ("paused", "stale", "left", "removed")]
    for number, values in enumerate([*closed[:2], {"capacity": 0}, *closed[2:]], start=1):
        await channel.set(number, **values)
    assert await channel.through(at(10), at(21)) == ["02 10:00 Ментор 6"]
    for number in range(1, 6):
        await channel.set(number, status="active", capacity=None)
    assert await channel.through(at(10, day=3), at(21, day=3)) == [
        "03 10:00 Ментор 1",
        "03 10:30 Ментор 2",
        "03 11:00 Ментор 3",
    ]


async def test_without_a_channel_nothing_is_written(channel: Channel) -> None:
    channel.channel_id = None
    await channel.queue(2)
    assert await channel.tick(at(12)) == Counts(matched=2, enqueued=0, skipped=2)
    assert await channel.written() == []
    assert (await channel.row()).form is None


async def test_a_picture_of_their_own_is_posted_by_its_address(channel: Channel) -> None:
    await channel.queue(1, photo_url="https://example.org/a.jpg")
    await channel.tick(at(10))
    (row,) = await channel.written()
    assert (row.kind, row.photo, row.payload["photo"]) == ("photo", None, "https://example.org/a.jpg")


async def test_a_post_follows_the_mentor_out_and_in_again(channel: Channel) -> None:
    await channel.queue(1)
    await channel.tick(at(10))
    await channel.deliver()
    mentor_id = (await channel.row()).mentor_id
    (post,) = await channel.written()
    changes: tuple[tuple[dict[str, Any], str], ...] = (
        ({"status": "paused"}, "closed: Ментор 1"),
        ({"status": "active"}, "Ментор 1"),
        ({"capacity": 0}, "closed: Ментор 1"),
        ({"capacity": 2}, "Ментор 1"),
        ({"status": "left"}, "closed: Ментор 1"),
    )
    for number, (values, says) in enumerate(changes):
        await channel.set(1, **values)
        assert await channel.tick(at(23, number)) == Counts(matched=1, enqueued=1)
        assert await channel.tick(at(23, number)) == Counts()
        (*_, edit) = await channel.written()
        assert (edit.kind, edit.target_id, edit.chat_id) == ("edit", post.id, CHANNEL)
        assert (edit.dedupe_key, edit.payload["text"]) == (f"announce-edit:{mentor_id}:{number}", says)
        await channel.deliver()


async def test_only_posts_of_their_own_that_are_in_the_channel_are_edited(channel: Channel) -> None:
    await channel.queue(8)
    await channel.through(at(10), at(13))
    await channel.set(8, status="paused")
    assert await channel.tick(at(14)) == Counts()
    await channel.queue(1, first=9)
    await channel.tick(at(10, day=3))
    await channel.set(9, status="paused")
    assert await channel.tick(at(10, 1, day=3)) == Counts()
    await channel.deliver()
    assert await channel.tick(at(10, 2, day=3)) == Counts(matched=1, enqueued=1)


async def test_those_who_leave_all_at_once_are_edited_by_portions(channel: Channel) -> None:
    await channel.queue(150)
    async with channel.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO outbox (chat_id, kind, payload, dedupe_key, priority, once, state, sent_at,"
                " sent_message_id)"
                " SELECT :channel, 'photo', '{}', 'announce:' || id, 3, true, 'sent',"
                " clock_now(), id FROM mentors"
            ),
            {"channel": CHANNEL},
        )
        await connection.execute(
            text(
                "UPDATE announcements SET form = 'post', announced_at = clock_now(), outbox_id = outbox.id"
                " FROM outbox WHERE outbox.sent_message_id = mentor_id"
            )
        )
        await connection.execute(update(MentorProfile).values(status="removed"))
    counts = [await channel.tick(at(12, minute)) for minute in range(3)]
    assert [each.enqueued for each in counts] == [100, 50, 0]


@pytest.fixture
async def posted(channel: Channel) -> Channel:
    """One newcomer whose post is in the channel."""
    await channel.queue(1)
    await channel.tick(at(10))
    await channel.deliver()
    return channel


async def message_id(channel: Channel) -> int:
    number: int = (await channel.written())[0].sent_message_id
    return number


async def test_reactions_are_kept_as_they_were_counted_last(posted: Channel) -> None:
    reactions, message = Reactions(posted.engine), await message_id(posted)
    first, second = at(11), at(12)
    assert await reactions.count(CHANNEL, message, {"👍": 2}, first)
    assert await reactions.count(CHANNEL, message, {"👍": 1, "🔥": 3}, second)
    assert await reactions.count(CHANNEL, message, {"👍": 1, "🔥": 3}, second)
    # One that was held up on its way.
    assert not await reactions.count(CHANNEL, message, {"👍": 2}, first)
    assert (await posted.row()).reactions == {"👍": 1, "🔥": 3}
    assert await reactions.count(CHANNEL, message, {}, at(13))
    assert (await posted.row()).reactions == {}


async def test_reactions_of_other_chats_and_messages_are_left_alone(posted: Channel) -> None:
    reactions, message = Reactions(posted.engine), await message_id(posted)
    assert not await reactions.count(CHANNEL - 1, message, {"👍": 1}, at(11))
    assert not await reactions.count(CHANNEL, message + 1, {"👍": 1}, at(11))
    assert (await posted.row()).reactions == {}


async def test_two_ticks_at_the_same_instant_make_one_post(channel: Channel) -> None:
    await channel.queue(3)
    await channel.stand(at(10))
    counts = await asyncio.gather(*(channel.tick(at(10)) for _ in range(4)))
    assert sum(each.enqueued for each in counts) == 1
    assert len(await channel.written()) == 1

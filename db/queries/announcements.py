"""Newcomers' turns in the channel: who waits, what was posted, what a post must say now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Announcement, MentorProfile, OutboxMessage
from db.queries.mentors import TAKES_STUDENTS

_MENTOR = MentorProfile.__table__.c


@dataclass(frozen=True, slots=True)
class Recent:
    """The newest that the channel got, None for nothing; ``on_its_way``: something has not got there yet."""

    at: datetime | None
    on_its_way: bool


async def take_back(connection: AsyncConnection) -> None:
    """Queue those again whose post came too late to be sent, at their old place.

    A post that moderators put away is not made anew: nobody else cancels one.
    """
    await connection.execute(
        update(Announcement)
        .where(
            Announcement.outbox_id == OutboxMessage.id,
            Announcement.form.is_not(None),
            OutboxMessage.state == "expired",
        )
        .values(form=None, announced_at=None, outbox_id=None, posts=Announcement.posts + 1, shows_open=True)
    )


async def let_go(connection: AsyncConnection) -> None:
    """Take those out of the queue who are not in the catalogue any more."""
    await connection.execute(
        delete(Announcement).where(
            Announcement.mentor_id == MentorProfile.id,
            Announcement.form.is_(None),
            MentorProfile.status.in_(("removed", "left", "expelled")),
        )
    )


async def count_waiting(connection: AsyncConnection) -> int:
    """How many have not had their turn, open or not."""
    return await connection.scalar(select(func.count()).where(Announcement.form.is_(None))) or 0


async def waiting(connection: AsyncConnection, limit: int) -> Sequence[Row[Any]]:
    """The first mentors in the queue who take students, with ``posts``, and ``in_all`` of them."""
    statement: Select[Any] = (
        select(*_MENTOR, Announcement.posts, func.count().over().label("in_all"))
        .join(Announcement, Announcement.mentor_id == MentorProfile.id)
        .where(Announcement.form.is_(None), TAKES_STUDENTS)
        .order_by(Announcement.queued_at, Announcement.mentor_id)
        .limit(limit)
    )
    found: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return found


async def posts_since(connection: AsyncConnection, since: datetime) -> int:
    """How many mentors have got a post of their own since then."""
    return (
        await connection.scalar(
            select(func.count()).where(Announcement.form == "post", Announcement.announced_at >= since)
        )
        or 0
    )


async def recent(connection: AsyncConnection, since: datetime) -> Recent:
    """What the channel got since then, by the time of sending where that was later."""
    result = await connection.execute(
        select(
            func.max(func.greatest(Announcement.announced_at, OutboxMessage.sent_at)),
            func.bool_or(OutboxMessage.state.in_(("waiting", "sending"))),
        )
        .outerjoin(OutboxMessage, OutboxMessage.id == Announcement.outbox_id)
        .where(Announcement.announced_at >= since)
    )
    at, on_its_way = result.one()
    return Recent(at, bool(on_its_way))


async def is_written(connection: AsyncConnection, dedupe_key: str) -> bool:
    """Whether there is a message for this already, whatever became of it."""
    return (
        await connection.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == dedupe_key))
        is not None
    )


async def announced(
    connection: AsyncConnection, mentor_ids: Collection[int], form: str, outbox_id: int
) -> None:
    """These have had their turn."""
    await connection.execute(
        update(Announcement)
        .where(Announcement.mentor_id.in_(mentor_ids))
        .values(form=form, announced_at=func.clock_now(), outbox_id=outbox_id)
    )


async def outdated(connection: AsyncConnection, limit: int) -> Sequence[Row[Any]]:
    """Mentors whose post is in the channel and does not say whether they take students, the oldest change
    first; with ``edits``, and the post's ``chat_id`` and ``outbox_id``.
    """
    statement: Select[Any] = (
        select(*_MENTOR, Announcement.edits, OutboxMessage.chat_id, OutboxMessage.id.label("outbox_id"))
        .join(Announcement, Announcement.mentor_id == MentorProfile.id)
        .join(OutboxMessage, OutboxMessage.id == Announcement.outbox_id)
        .where(
            Announcement.form == "post",
            OutboxMessage.state == "sent",
            OutboxMessage.sent_message_id.is_not(None),
            Announcement.shows_open != TAKES_STUDENTS,
        )
        .order_by(MentorProfile.updated_at, MentorProfile.id)
        .limit(limit)
    )
    found: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return found


async def edited(connection: AsyncConnection, mentor_id: int, *, shows_open: bool) -> None:
    """The post is being changed to say so."""
    await connection.execute(
        update(Announcement)
        .where(Announcement.mentor_id == mentor_id)
        .values(edits=Announcement.edits + 1, shows_open=shows_open)
    )


async def react(
    connection: AsyncConnection, chat_id: int, message_id: int, counts: Mapping[str, int], at: datetime
) -> bool:
    """Store the reactions under a post as they were counted then; whether it is one of ours, and newer."""
    # In so many letters what the partial index is about: only with them is it used.
    posts = select(OutboxMessage.id).where(
        OutboxMessage.once,
        OutboxMessage.sent_message_id.is_not(None),
        OutboxMessage.chat_id == chat_id,
        OutboxMessage.sent_message_id == message_id,
    )
    result = await connection.execute(
        update(Announcement)
        .where(
            Announcement.outbox_id.in_(posts),
            Announcement.reactions_at.is_(None) | (Announcement.reactions_at <= at),
        )
        .values(reactions=dict(counts), reactions_at=at)
    )
    return result.rowcount > 0

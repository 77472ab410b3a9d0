"""What the delivery could not decide, and what moderators made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, null, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import NOW, Announcement, MentorProfile, OutboxMessage, Person

_ROW = OutboxMessage.__table__.c
_PERSON = select(Person.first_name).where(Person.id == _ROW.chat_id).scalar_subquery()
# An edit is about whom the post is about that it edits.
_MENTOR = (
    select(MentorProfile.name)
    .join(Announcement, Announcement.mentor_id == MentorProfile.id)
    .where(Announcement.outbox_id == func.coalesce(_ROW.target_id, _ROW.id), Announcement.form == "post")
    .limit(1)
    .scalar_subquery()
)
_CASE = (
    _ROW.id,
    _ROW.chat_id,
    _ROW.kind,
    _ROW.payload["text"].astext.label("text"),
    _ROW.priority,
    _ROW.once,
    _ROW.state,
    func.coalesce(_ROW.last_error, "").label("reason"),
    _PERSON.label("person"),
    _MENTOR.label("mentor"),
)
_DECISION = (_ROW.decision, _ROW.decided_by, _ROW.told_at)
# In the index's own words, so that it is used.
_UNDECIDED = text("state IN ('unsure', 'parked')")
_COUNT = text("""
SELECT count(*) FILTER (WHERE told_at IS NULL),
       count(*) FILTER (WHERE told_in IS NOT NULL AND told_at IS NOT NULL AND state = 'parked')
FROM outbox WHERE state IN ('unsure', 'parked')
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row of the outbox as moderators see it. ``told``: when they were told, in milliseconds, or 0.

    ``person``: the first name of who was to get it; ``mentor``: whom a post is about.
    """

    id: int
    chat_id: int
    kind: str
    text: str | None
    priority: int
    once: bool
    state: str
    reason: str
    person: str | None
    mentor: str | None
    decision: str | None
    decided_by: str | None
    told: int


async def counts(connection: AsyncConnection) -> tuple[int, int]:
    """How many rows moderators do not know of, and how many parked ones lie before them."""
    untold, lying = (await connection.execute(_COUNT)).one()
    return untold, lying


async def pass_over(connection: AsyncConnection, chats: Sequence[int]) -> None:
    """Never tell moderators of what was to go to these chats: to tell them would end in the same way."""
    await connection.execute(
        update(OutboxMessage)
        .where(_UNDECIDED, _ROW.told_at.is_(None), _ROW.chat_id.in_(chats))
        .values(told_at=NOW, told_in=None)
    )


async def untold(connection: AsyncConnection, state: str, most: int) -> tuple[Case, ...]:
    """What is parked, or unsure, and is to be told of now; oldest first."""
    # What was decided the last time decides nothing now.
    anew = (*_CASE, null().label("decision"), null().label("decided_by"), func.clock_now().label("told_at"))
    statement = (
        select(*anew)
        .where(_UNDECIDED, _ROW.state == state, _ROW.told_at.is_(None))
        .order_by(_ROW.id)
        .limit(most)
        .with_for_update()
    )
    return _cases(await connection.execute(statement))


async def mark_told(connection: AsyncConnection, ids: Sequence[int], message: int) -> None:
    """Moderators are told of these by that letter."""
    await connection.execute(
        update(OutboxMessage)
        .where(_ROW.id.in_(ids))
        .values(told_at=NOW, told_in=message, decision=None, decided_by=None)
    )


async def locked(connection: AsyncConnection, row_id: int) -> Case | None:
    """A row, held until the transaction ends."""
    statement = select(*_CASE, *_DECISION).where(_ROW.id == row_id).with_for_update()
    return next(iter(_cases(await connection.execute(statement))), None)


async def note(connection: AsyncConnection, row_id: int, decision: str, by: str) -> None:
    """Remember what was decided, and by whom."""
    await connection.execute(
        update(OutboxMessage).where(_ROW.id == row_id).values(decision=decision, decided_by=by)
    )


async def together(connection: AsyncConnection, row_id: int) -> tuple[Case, ...]:
    """All that moderators were told of by the same letter, decided or not."""
    letter = select(_ROW.told_in).where(_ROW.id == row_id).scalar_subquery()
    statement = select(*_CASE, *_DECISION).where(_ROW.told_in == letter).order_by(_ROW.id)
    return _cases(await connection.execute(statement))


def _cases(rows: Iterable[Any]) -> tuple[Case, ...]:
    return tuple(_case(**row._mapping) for row in rows)


def _case(*, told_at: datetime | None, **columns: Any) -> Case:
    return Case(**columns, told=0 if told_at is None else int(told_at.timestamp() * 1000))

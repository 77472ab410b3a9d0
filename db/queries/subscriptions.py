"""What students agreed to get without asking, and who is due for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Row,
    Select,
    any_,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Announcement, Dismissal, Event, MentorProfile, Person, Search, Subscription
from db.queries.mentors import TAKES_STUDENTS

_ROW = Subscription.__table__.c


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour of a weekday, when it began, and the local day of that."""

    weekday: int
    hour: int
    at: datetime
    day: date


async def get(connection: AsyncConnection, person_id: int) -> Row[Any] | None:
    """What a person agreed to, None if they never said."""
    result = await connection.execute(select(*_ROW).where(Subscription.person_id == person_id))
    return result.one_or_none()


async def put(connection: AsyncConnection, person_id: int, name: str, value: bool | int) -> None:
    """Store one of ``newcomers``, ``digest``, ``weekday`` and ``hour``.

    ``updated_at`` says since when the digest stands as it does: a digest's hour before that is not made up
    for. The same value again, and newcomers, leave it alone.
    """
    given = {"person_id": person_id, name: value}
    statement = insert(Subscription).values(**given, updated_at=func.clock_now())
    changes: dict[str, Any] = {name: value}
    if name != "newcomers":
        changes["updated_at"] = func.clock_now()
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"], set_=changes, where=getattr(Subscription, name) != value
        )
    )


async def due_for_digest(
    connection: AsyncConnection, slot: Slot, *, consent: int, limit: int
) -> Sequence[Any]:
    """Students whose chosen hour this is and who got no digest for it yet, by id.

    A row has ``person_id, language, telegram_language``, the newest shortlist's ``request``, and the mentors
    ``dismissed`` and ``shown``.
    """
    statement = _students(_shown(), consent).where(
        Subscription.digest,
        Subscription.weekday == slot.weekday,
        Subscription.hour == slot.hour,
        Subscription.updated_at <= slot.at,
        or_(Subscription.last_digest_on.is_(None), Subscription.last_digest_on < slot.day),
    )
    result: Sequence[Any] = (await connection.execute(statement.limit(limit))).all()
    return result


async def due_for_newcomer(
    connection: AsyncConnection,
    newcomers: Collection[int],
    day: date,
    *,
    consent: int,
    after: int,
    limit: int,
) -> Sequence[Any]:
    """Students with an id above ``after`` who want newcomers and got none on this day, by id.

    A row is one of :func:`due_for_digest`, but ``shown`` has only those of the ``newcomers``.
    """
    statement = _students(_shown(Event.mentor_id.in_(newcomers)), consent).where(
        Subscription.newcomers,
        Subscription.person_id > after,
        or_(Subscription.last_newcomer_on.is_(None), Subscription.last_newcomer_on < day),
    )
    result: Sequence[Any] = (await connection.execute(statement.limit(limit))).all()
    return result


async def untold_newcomers(connection: AsyncConnection) -> Sequence[Any]:
    """Mentors who were announced and whose students were not told: ``mentor_id, announced_at, is_open``."""
    result = await connection.execute(
        select(Announcement.mentor_id, Announcement.announced_at, TAKES_STUDENTS.label("is_open"))
        .join(MentorProfile, MentorProfile.id == Announcement.mentor_id)
        .where(Announcement.announced_at.is_not(None), Announcement.told_students_at.is_(None))
        .order_by(Announcement.announced_at, Announcement.mentor_id)
    )
    return result.all()


async def told_of_newcomers(connection: AsyncConnection, mentor_ids: Collection[int]) -> None:
    """Students were told of these mentors, or will not be."""
    await connection.execute(
        update(Announcement)
        .where(Announcement.mentor_id.in_(mentor_ids))
        .values(told_students_at=func.clock_now())
    )


async def got_digest(connection: AsyncConnection, person_ids: Collection[int], day: date) -> None:
    """These had the digest of that day, or there was nothing for them."""
    await connection.execute(update(Subscription).where(_is_one_of(person_ids)).values(last_digest_on=day))


async def got_newcomer(connection: AsyncConnection, person_ids: Collection[int], day: date) -> None:
    """These were told of a newcomer on that day."""
    await connection.execute(update(Subscription).where(_is_one_of(person_ids)).values(last_newcomer_on=day))


def _is_one_of(person_ids: Collection[int]) -> ColumnElement[bool]:
    """As one parameter: PostgreSQL takes 32,767, and a newcomer may fit more people than that."""
    return Subscription.person_id == any_(literal(list(person_ids), ARRAY(BigInteger)))


def _students(shown: ColumnElement[Any], consent: int) -> Select[Any]:
    """Who can be written to, what they last asked for, and whom they are not to be shown; by id."""
    asked = (
        select(Search.request)
        .where(Search.person_id == Subscription.person_id, Search.kind == "shortlist")
        .order_by(Search.id.desc())
        .limit(1)
        .lateral("asked")
    )
    dismissed = select(Dismissal.mentor_id).where(Dismissal.person_id == Subscription.person_id)
    return (
        select(
            Subscription.person_id,
            Person.language,
            Person.telegram_language,
            asked.c.request,
            func.array(dismissed.scalar_subquery(), type_=ARRAY(BigInteger)).label("dismissed"),
            shown.label("shown"),
        )
        .join(Person, Person.id == Subscription.person_id)
        .join(asked, true())
        .where(Person.blocked_at.is_(None), Person.consent_version >= consent)
        .order_by(Subscription.person_id)
    )


def _shown(*which: ColumnElement[bool]) -> ColumnElement[Any]:
    """The mentors a student has ever been shown, of some."""
    seen = select(Event.mentor_id.distinct()).where(
        Event.person_id == Subscription.person_id, Event.kind == "impression", *which
    )
    return func.array(seen.scalar_subquery(), type_=ARRAY(BigInteger))

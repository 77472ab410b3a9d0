"""Mentors of the catalogue, and what a student keeps of them."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

from sqlalchemy import Row, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import OPEN_REQUESTS, ContactRequest, Dismissal, MentorProfile, SavedMentor

#: Whether students are shown a mentor.
TAKES_STUDENTS = (MentorProfile.status == "active") & MentorProfile.capacity.is_distinct_from(0)

#: As many students wait for a mentor who does not say how many they take: as many as one leads at once.
UNSTATED_PLACES = 7

_ROW = MentorProfile.__table__.c


async def active(connection: AsyncConnection) -> AsyncIterator[Any]:
    """Every active mentor by id, with ``confirmed_days`` and ``free_places``, fetched in portions.

    A request that waits for an answer holds a place; None: the mentor does not say, and few enough wait.
    """
    silent = func.extract("epoch", func.clock_now() - MentorProfile.confirmed_at) / 86_400
    waiting = (
        select(ContactRequest.mentor_id, func.count().label("count"))
        .where(ContactRequest.state.in_(OPEN_REQUESTS))
        .group_by(ContactRequest.mentor_id)
        .subquery()
    )
    free = case(
        (waiting.c.count.is_(None), MentorProfile.capacity),
        (MentorProfile.capacity.is_not(None), func.greatest(MentorProfile.capacity - waiting.c.count, 0)),
        (waiting.c.count >= UNSTATED_PLACES, 0),
    )
    statement = (
        select(*_ROW, silent.label("confirmed_days"), free.label("free_places"))
        .outerjoin(waiting, waiting.c.mentor_id == MentorProfile.id)
        .where(MentorProfile.status == "active")
        .order_by(MentorProfile.id)
    )
    async with connection.stream(statement) as result:
        async for row in result:
            yield row


async def by_ids(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Row[Any]]:
    """Mentors by id, whatever their status; unknown ids are left out."""
    if not ids:
        return {}
    result = await connection.execute(select(*_ROW).where(MentorProfile.id.in_(ids)))
    return {row.id: row for row in result}


async def is_mentor(connection: AsyncConnection, person_id: int) -> bool:
    """Whether a profile of the catalogue is this person's."""
    statement = select(MentorProfile.id).where(MentorProfile.person_id == person_id)
    return await connection.scalar(statement) is not None


async def save(connection: AsyncConnection, person_id: int, mentor_id: int) -> bool:
    """Bookmark; whether that was news."""
    result = await connection.execute(
        insert(SavedMentor).values(person_id=person_id, mentor_id=mentor_id).on_conflict_do_nothing()
    )
    return result.rowcount == 1


async def unsave(connection: AsyncConnection, person_id: int, mentor_id: int) -> bool:
    """Drop a bookmark; whether there was one."""
    result = await connection.execute(
        delete(SavedMentor).where(SavedMentor.person_id == person_id, SavedMentor.mentor_id == mentor_id)
    )
    return result.rowcount == 1


async def saved(connection: AsyncConnection, person_id: int) -> Sequence[int]:
    """Bookmarked mentors, the newest first."""
    result = await connection.scalars(
        select(SavedMentor.mentor_id)
        .where(SavedMentor.person_id == person_id)
        .order_by(SavedMentor.saved_at.desc(), SavedMentor.mentor_id)
    )
    return result.all()


async def dismiss(connection: AsyncConnection, person_id: int, mentor_id: int, reason: str) -> bool:
    """Never show again; whether that was news."""
    result = await connection.execute(
        insert(Dismissal)
        .values(person_id=person_id, mentor_id=mentor_id, reason=reason)
        .on_conflict_do_nothing()
    )
    return result.rowcount == 1


async def restore(connection: AsyncConnection, person_id: int, mentor_id: int) -> bool:
    """Take a dismissal back; whether there was one."""
    result = await connection.execute(
        delete(Dismissal).where(Dismissal.person_id == person_id, Dismissal.mentor_id == mentor_id)
    )
    return result.rowcount == 1


async def dismissed(connection: AsyncConnection, person_id: int) -> Sequence[int]:
    """Mentors this person does not want to see."""
    result = await connection.scalars(select(Dismissal.mentor_id).where(Dismissal.person_id == person_id))
    return result.all()


async def count_by_status(connection: AsyncConnection) -> dict[str, int]:
    """How many mentors there are of each status."""
    result = await connection.execute(
        select(MentorProfile.status, func.count()).group_by(MentorProfile.status)
    )
    return {row.status: row[1] for row in result}

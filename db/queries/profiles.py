"""Mentors' own profiles: whose they are, and what their owners change."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import CheckIn, ClaimLink, Event, MentorProfile, Person

_ROW = MentorProfile.__table__.c
_WITH_LINK: tuple[Any, ...] = (*_ROW, ClaimLink.used_at)
_READER: tuple[Any, ...] = (Person.language, Person.telegram_language, Person.blocked_at)


async def own(connection: AsyncConnection, person_id: int) -> Row[Any] | None:
    """The profile a person has claimed; locked."""
    result = await connection.execute(
        select(*_ROW).where(MentorProfile.person_id == person_id).with_for_update(key_share=True)
    )
    return result.one_or_none()


async def get(connection: AsyncConnection, mentor_id: int) -> Row[Any] | None:
    """A profile by its id; locked."""
    statement = select(*_ROW).where(MentorProfile.id == mentor_id)
    return (await connection.execute(statement.with_for_update(key_share=True))).one_or_none()


async def hold(connection: AsyncConnection, mentor_ids: Collection[int]) -> None:
    """Lock several profiles, in the order in which everybody does."""
    statement = select(MentorProfile.id).where(MentorProfile.id.in_(mentor_ids)).order_by(MentorProfile.id)
    await connection.execute(statement.with_for_update(key_share=True))


async def under_handle(connection: AsyncConnection, username: str) -> Row[Any] | None:
    """The profile with this @username that nobody has claimed; of several, the one that students see."""
    result = await connection.execute(
        select(*_ROW)
        .where(
            func.lower(MentorProfile.telegram) == username.lower(),
            MentorProfile.person_id.is_(None),
            MentorProfile.status.not_in(("removed", "expelled")),
        )
        .order_by(MentorProfile.status != "active", MentorProfile.id)
        .limit(1)
    )
    return result.one_or_none()


async def claim(connection: AsyncConnection, mentor_id: int, person_id: int) -> bool:
    """Make a profile this person's, who has none; whether nobody was before them."""
    result = await connection.execute(
        update(MentorProfile)
        .where(MentorProfile.id == mentor_id, MentorProfile.person_id.is_(None))
        .values(person_id=person_id, updated_at=func.clock_now())
    )
    return result.rowcount == 1


async def of_link(connection: AsyncConnection, token: str) -> Row[Any] | None:
    """The profile a claim link is for, with the link's ``used_at``; None: there is no such link."""
    result = await connection.execute(
        select(*_WITH_LINK)
        .join_from(ClaimLink, MentorProfile, MentorProfile.id == ClaimLink.mentor_id)
        .where(ClaimLink.token == token)
    )
    return result.one_or_none()


async def use_link(connection: AsyncConnection, mentor_id: int) -> None:
    """The profile is somebody's: the link for it, if there is one, works no more."""
    await connection.execute(
        update(ClaimLink)
        .where(ClaimLink.mentor_id == mentor_id, ClaimLink.used_at.is_(None))
        .values(used_at=func.clock_now())
    )


async def set_status(
    connection: AsyncConnection, mentor_id: int, status: str, *, paused_until: datetime | None = None
) -> None:
    """Set whether students see a mentor; who is active has confirmed it by that, and nobody holds them."""
    confirmed = {"confirmed_at": func.clock_now(), "held_until": None} if status == "active" else {}
    await connection.execute(
        update(MentorProfile)
        .where(MentorProfile.id == mentor_id)
        .values(status=status, paused_until=paused_until, updated_at=func.clock_now(), **confirmed)
    )


async def change(connection: AsyncConnection, mentor_id: int, values: Mapping[str, Any]) -> None:
    """Store what a mentor changed, which confirms the rest."""
    await connection.execute(
        update(MentorProfile)
        .where(MentorProfile.id == mentor_id)
        .values(**values, confirmed_at=func.clock_now(), updated_at=func.clock_now())
    )


async def answer_check_in(connection: AsyncConnection, mentor_id: int, answer: str) -> None:
    """Close the open question whether the mentor still mentors, if there is one."""
    await connection.execute(
        update(CheckIn)
        .where(CheckIn.mentor_id == mentor_id, CheckIn.answer.is_(None))
        .values(answer=answer, answered_at=func.clock_now())
    )


async def is_asked(connection: AsyncConnection, mentor_id: int) -> bool:
    """Whether that question is open."""
    open_one = select(CheckIn.id).where(CheckIn.mentor_id == mentor_id, CheckIn.answer.is_(None))
    return bool(await connection.scalar(select(open_one.exists())))


async def figures(connection: AsyncConnection, mentor_id: int, since: datetime) -> dict[str, int]:
    """How often which event befell a mentor since then."""
    result = await connection.execute(
        select(Event.kind, func.count())
        .where(
            Event.mentor_id == mentor_id,
            Event.kind.in_(("impression", "open", "save", "contact")),
            Event.at >= since,
        )
        .group_by(Event.kind)
    )
    return {row.kind: row[1] for row in result}


async def reader(connection: AsyncConnection, person_id: int) -> Row[Any]:
    """What decides in which language a person reads a letter, and whether they get it."""
    result = await connection.execute(select(*_READER).where(Person.id == person_id))
    return result.one()

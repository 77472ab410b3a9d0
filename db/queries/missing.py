"""What students missed in a shortlist from which they wrote to nobody."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import MissingAnswer

_ROW = MissingAnswer.__table__.c


async def was_asked_since(connection: AsyncConnection, person_id: int, since: datetime) -> bool:
    """Whether a student has been asked since then."""
    asked = select(MissingAnswer.id).where(
        MissingAnswer.person_id == person_id, MissingAnswer.asked_at >= since
    )
    return bool(await connection.scalar(select(asked.exists())))


async def ask(connection: AsyncConnection, person_id: int, search_id: int) -> int:
    """Note that a student is asked; the id of the question."""
    statement = insert(MissingAnswer).values(person_id=person_id, search_id=search_id)
    return (await connection.execute(statement.returning(MissingAnswer.id))).scalar_one()


async def get(connection: AsyncConnection, asked_id: int, person_id: int) -> Row[Any] | None:
    """A question to this student, locked."""
    result = await connection.execute(
        select(*_ROW)
        .where(MissingAnswer.id == asked_id, MissingAnswer.person_id == person_id)
        .with_for_update()
    )
    return result.one_or_none()


async def answer(connection: AsyncConnection, asked_id: int, given: str, budget: Decimal | None) -> None:
    """Keep the answer; the newest counts."""
    await connection.execute(
        update(MissingAnswer)
        .where(MissingAnswer.id == asked_id)
        .values(answer=given, budget=budget, answered_at=func.clock_now(), next_search_id=None)
    )


async def note_next(connection: AsyncConnection, asked_id: int, search_id: int) -> None:
    """This shortlist minds the answer."""
    await connection.execute(
        update(MissingAnswer).where(MissingAnswer.id == asked_id).values(next_search_id=search_id)
    )


async def latest(connection: AsyncConnection, person_id: int, since: datetime) -> Row[Any] | None:
    """The newest answer a student has given since then."""
    result = await connection.execute(
        select(*_ROW)
        .where(MissingAnswer.person_id == person_id, MissingAnswer.answered_at >= since)
        .order_by(MissingAnswer.id.desc())
        .limit(1)
    )
    return result.one_or_none()

"""What to come back to at a time: at most one open row for each kind and subject."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Reminder


async def put(connection: AsyncConnection, kind: str, subject_id: int, due_at: datetime) -> None:
    """Come back to it at this time, whatever was said before."""
    await connection.execute(
        insert(Reminder)
        .values(kind=kind, subject_id=subject_id, due_at=due_at)
        .on_conflict_do_update(
            index_elements=["kind", "subject_id"],
            index_where=text("done_at IS NULL"),
            set_={"due_at": due_at},
        )
    )


async def drop(connection: AsyncConnection, kind: str, subject_id: int) -> None:
    """Do not come back to it, if that was meant."""
    await connection.execute(
        update(Reminder)
        .where(Reminder.kind == kind, Reminder.subject_id == subject_id, Reminder.done_at.is_(None))
        .values(done_at=func.clock_now(), outcome="dropped")
    )


async def due(connection: AsyncConnection, at: datetime, limit: int) -> Sequence[Row[Any]]:
    """The first of those that are open and due, the longest due first; not locked."""
    result = await connection.execute(
        select(*Reminder.__table__.c)
        .where(Reminder.done_at.is_(None), Reminder.due_at <= at)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(limit)
    )
    return result.all()


async def finish(connection: AsyncConnection, reminder_id: int, due_at: datetime, outcome: str) -> None:
    """Done, unless it was set anew meanwhile: then it stays open for its new time."""
    await connection.execute(
        update(Reminder)
        .where(Reminder.id == reminder_id, Reminder.due_at == due_at, Reminder.done_at.is_(None))
        .values(done_at=func.clock_now(), outcome=outcome)
    )


async def put_off(connection: AsyncConnection, reminder_id: int, due_at: datetime) -> None:
    """Try it again later."""
    await connection.execute(
        update(Reminder).where(Reminder.id == reminder_id, Reminder.done_at.is_(None)).values(due_at=due_at)
    )

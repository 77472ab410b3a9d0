"""Rows that have had their day."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.models import Announcement, Base, FailedUpdate, OutboxMessage, Reminder, TickRun

_OVER = ("sent", "cancelled", "expired")


async def drop_messages(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Messages that are over, but posts of announcements and what has a change of it waiting."""
    change = aliased(OutboxMessage)
    old = and_(
        OutboxMessage.state.in_(_OVER),
        OutboxMessage.created_at < before,
        ~exists().where(Announcement.outbox_id == OutboxMessage.id),
        ~exists().where(change.target_id == OutboxMessage.id, change.state.not_in(_OVER)),
    )
    return await _drop(connection, OutboxMessage, OutboxMessage.id, old, limit)


async def drop_ticks(
    connection: AsyncConnection, before: datetime, *, idle_before: datetime, limit: int
) -> int:
    """Runs of ticks; those that found nothing to do go sooner."""
    idle = and_(TickRun.matched == 0, TickRun.error.is_(None), TickRun.started_at < idle_before)
    return await _drop(connection, TickRun, TickRun.id, or_(TickRun.started_at < before, idle), limit)


async def drop_failed_updates(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Updates that were set aside."""
    return await _drop(connection, FailedUpdate, FailedUpdate.id, FailedUpdate.failed_at < before, limit)


async def drop_reminders(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Reminders that were done."""
    return await _drop(connection, Reminder, Reminder.id, Reminder.done_at < before, limit)


async def _drop(
    connection: AsyncConnection,
    table: type[Base],
    key: InstrumentedAttribute[int],
    old: ColumnElement[bool],
    limit: int,
) -> int:
    portion = select(key).where(old).order_by(key).limit(limit)
    return (await connection.execute(delete(table).where(key.in_(portion.scalar_subquery())))).rowcount

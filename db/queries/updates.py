"""Updates that were set aside."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import FailedUpdate


async def set_aside(
    connection: AsyncConnection, update_id: int | None, person_id: int | None, body: str, error: str
) -> None:
    """Keep an update that could not be handled; one that fails again is kept once."""
    await connection.execute(
        insert(FailedUpdate)
        # PostgreSQL has no NUL in text, and the body of a broken update may have anything in it.
        .values(
            update_id=update_id,
            person_id=person_id,
            body=body.replace("\x00", "\ufffd"),
            error=error.replace("\x00", "\ufffd"),
        )
        .on_conflict_do_nothing()
    )


async def count(connection: AsyncConnection) -> int:
    """How many updates have been set aside."""
    return await connection.scalar(select(func.count()).select_from(FailedUpdate)) or 0

"""Who reads a letter, and in which language."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import people
from usecases.people import spoken


@dataclass(frozen=True, slots=True)
class Reader:
    """A person to write to."""

    id: int
    language: str


async def reader_of(connection: AsyncConnection, person_id: int | None) -> Reader | None:
    """The person; None where there is nobody, or nobody who can be reached: they have blocked the bot."""
    row = None if person_id is None else await people.reader(connection, person_id)
    if row is None or row.blocked_at is not None:
        return None
    return Reader(row.id, row.language or spoken(row.telegram_language))

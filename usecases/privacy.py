"""What the bot keeps about a person: shown, and forgotten when they say so."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import privacy
from usecases.people import People, PersonId


@dataclass(frozen=True, slots=True)
class KeptScreen:
    """Everything that is kept, counted. ``failed`` are updates that were set aside."""

    first_name: str
    username: str | None
    consented_at: datetime | None
    questionnaires: int
    searches: int
    events: int
    saved: int
    dismissed: int
    failed: int


@dataclass(frozen=True, slots=True)
class Privacy:
    """/privacy and /forget. Times are told in ``zone``."""

    engine: AsyncEngine
    people: People
    zone: ZoneInfo

    async def kept(self, person_id: PersonId) -> KeptScreen:
        """What there is."""
        async with self.engine.connect() as connection:
            row = await privacy.kept(connection, person_id)
        agreed = row.consented_at
        told = {"consented_at": agreed and agreed.astimezone(self.zone)}
        return KeptScreen(**{**row._mapping, **told})

    async def forget(self, person_id: PersonId) -> None:
        """All of it gone; who writes again is new."""
        async with self.engine.begin() as connection:
            await privacy.forget(connection, person_id)
        self.people.forget(person_id)

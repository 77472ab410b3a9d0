"""What the bot keeps about a person: shown, handed over, and forgotten when they say so."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, people, privacy
from usecases.hours import local_day
from usecases.people import People, PersonId

#: Puts in order what others have to do with a person who is about to be forgotten; returns what is to be done
#: once they are.
Parting = Callable[[AsyncConnection, PersonId], Awaitable[Callable[[], Awaitable[None]] | None]]


@dataclass(frozen=True, slots=True)
class KeptScreen:
    """Everything that is kept, counted. ``failed`` are updates that were set aside, ``messages`` those that
    the bot sent, or will send, by itself.
    """

    first_name: str
    username: str | None
    consented_at: datetime | None
    questionnaires: int
    searches: int
    events: int
    saved: int
    dismissed: int
    subscriptions: int
    requests: int
    reviews: int
    failed: int
    messages: int


@dataclass(frozen=True, slots=True)
class Export:
    """Every row about a person, by the name of its table."""

    on: date
    tables: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Privacy:
    """/privacy, /export and /forget. Times are told in ``zone``."""

    engine: AsyncEngine
    people: People
    zone: ZoneInfo
    #: What must be put in order before somebody is forgotten, in the same transaction; and after.
    before: Sequence[Parting] = ()

    async def kept(self, person_id: PersonId) -> KeptScreen:
        """What there is."""
        async with self.engine.connect() as connection:
            row = await privacy.kept(connection, person_id)
        agreed = row.consented_at
        told = {"consented_at": agreed and agreed.astimezone(self.zone)}
        return KeptScreen(**{**row._mapping, **told})

    async def export(self, person_id: PersonId) -> Export:
        """All of it, to take along."""
        async with self.engine.connect() as connection:
            on = local_day(await clock.now(connection), self.zone)
            return Export(on, await privacy.everything(connection, person_id))

    async def forget(self, person_id: PersonId) -> None:
        """All of it gone; who writes again is new."""
        async with self.engine.begin() as connection:
            # Whoever writes to, or as, this person just now is waited for.
            await people.lock_whole(connection, person_id)
            after = [await part(connection, person_id) for part in self.before]
            await privacy.forget(connection, person_id)
            for finish in filter(None, after):
                await finish()
        self.people.forget(person_id)

"""Students who want the weekly digest, by the thousand, and its tick without a Telegram."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import OutboxMessage, Person, Search, Subscription
from db.queries import clock
from recommender.model import DirectionKey, Request
from recommender.taxonomy import load_default
from tests.catalogues import fill, mentor
from usecases.catalogue import Catalogue
from usecases.counts import Counts
from usecases.digest import Digest
from usecases.letters import Wording
from usecases.people import CONSENT_VERSION
from usecases.shortlists import Shortlists, ShortlistScreen
from usecases.unasked import UnaskedLists

_MENTORS = 12


class Names:
    """Next to nothing but the mentors' names."""

    def wording(self, screen: ShortlistScreen, language: str) -> Wording:
        return Wording(text=f"{language}: " + ", ".join(place.mentor.name for place in screen.places))


class Readers:
    """They all want the same of twelve mentors they have not seen, in the hours of a zone."""

    def __init__(self, engine: AsyncEngine, zone: ZoneInfo) -> None:
        self.engine = engine
        self._catalogue = Catalogue(engine, load_default())
        self._digest = Digest(self._catalogue, UnaskedLists(Names()), zone)

    async def subscribe(self, count: int, *, weekday: int, hour: int, since: datetime) -> None:
        """So many, who chose this hour then; and the mentors for them."""
        await fill(self.engine, [mentor(number) for number in range(_MENTORS)])
        ids = range(1, count + 1)
        agreed = {"first_name": "", "consent_version": CONSENT_VERSION, "consented_at": since}
        chosen = {"digest": True, "weekday": weekday, "hour": hour, "updated_at": since}
        asked = {
            "request": Shortlists.as_stored(Request(directions=(DirectionKey("backend"),))),
            "model_version": "",
            "catalogue_version": "",
        }
        async with self.engine.begin() as connection:
            await connection.execute(insert(Person), [{"id": each} | agreed for each in ids])
            await connection.execute(insert(Subscription), [{"person_id": each} | chosen for each in ids])
            await connection.execute(insert(Search), [{"person_id": each} | asked for each in ids])
        await self._catalogue.refresh()

    async def tick(self, moment: datetime) -> Counts:
        """At that moment."""
        async with self.engine.begin() as connection:
            await clock.stand_at(connection, moment)
        async with self.engine.begin() as connection:
            return await self._digest.tick(connection)

    async def letters(self) -> Sequence[Any]:
        """What was written, oldest first: ``chat_id, dedupe_key, due_at, expires_at``."""
        columns = OutboxMessage.__table__.c
        statement = select(columns.chat_id, columns.dedupe_key, columns.due_at, columns.expires_at)
        async with self.engine.connect() as connection:
            return (await connection.execute(statement.order_by(columns.id))).all()

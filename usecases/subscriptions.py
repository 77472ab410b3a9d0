"""/notifications: what a student agrees to get without asking, and when."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, people, searches, subscriptions
from recommender.zones import hours_from_utc
from usecases.errors import NotYoursError
from usecases.people import CONSENT_VERSION, PersonId

#: What can be switched on and off.
Subject = Literal["newcomers", "digest"]
#: What can be set.
Setting = Literal["newcomers", "digest", "weekday", "hour"]

WEEKDAYS = tuple(range(1, 8))
#: Nobody wants mentors at night.
HOURS = tuple(range(8, 23))

_VALUES: dict[Setting, tuple[int, ...]] = {
    "newcomers": (0, 1),
    "digest": (0, 1),
    "weekday": WEEKDAYS,
    "hour": HOURS,
}


@dataclass(frozen=True, slots=True)
class SubscriptionScreen:
    """What a student gets. ``weekday`` 1 is Monday, ``hour`` is of a zone so many hours from UTC.

    ``has_shortlist``: there are answers by which somebody can fit.
    """

    newcomers: bool
    digest: bool
    weekday: int
    hour: int
    utc_offset: float
    has_shortlist: bool


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What comes by itself. Local times are those of ``zone``."""

    engine: AsyncEngine
    zone: ZoneInfo

    async def current(self, person_id: PersonId) -> SubscriptionScreen | None:
        """What is set; None for somebody who has not agreed yet to what is kept."""
        async with self.engine.begin() as connection:
            return await self._screen(connection, person_id) if await _agreed(connection, person_id) else None

    async def still(self, person_id: PersonId) -> SubscriptionScreen:
        """What is set, for a button that was drawn when it could be.

        Raises:
            NotYoursError: they have been forgotten since.
        """
        screen = await self.current(person_id)
        if screen is None:
            raise NotYoursError(f"person {person_id} has not agreed to anything")
        return screen

    async def set(self, person_id: PersonId, name: Setting, value: int) -> SubscriptionScreen:
        """Set one thing; the same again changes nothing.

        Raises:
            NotYoursError: no such value, or they have not agreed to anything: no button of ours says that.
        """
        if value not in _VALUES[name]:
            raise NotYoursError(f"{name} is never {value}")
        async with self.engine.begin() as connection:
            if not await _agreed(connection, person_id):
                raise NotYoursError(f"person {person_id} has not agreed to anything")
            switch = name in {"newcomers", "digest"}
            await subscriptions.put(connection, person_id, name, bool(value) if switch else value)
            return await self._screen(connection, person_id)

    async def _screen(self, connection: AsyncConnection, person_id: PersonId) -> SubscriptionScreen:
        row = await subscriptions.get(connection, person_id)
        return SubscriptionScreen(
            newcomers=row is not None and row.newcomers,
            digest=row is not None and row.digest,
            weekday=row.weekday if row else 1,
            hour=row.hour if row else 10,
            utc_offset=hours_from_utc(self.zone.key, await clock.now(connection)),
            has_shortlist=await searches.latest(connection, person_id, "shortlist") is not None,
        )


async def _agreed(connection: AsyncConnection, person_id: PersonId) -> bool:
    return await people.consent_version(connection, person_id) >= CONSENT_VERSION

"""What nobody will look at again goes: the tables that grow by themselves stay small."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import clock, housekeeping
from usecases.counts import Counts

_MESSAGES_KEPT = timedelta(days=30)
#: What broke must be found within a month; it holds what people wrote.
_FAILED_UPDATES_KEPT = timedelta(days=30)
_TICKS_KEPT = timedelta(days=90)
#: Most runs find nothing to do, ten thousand of them a day.
_IDLE_TICKS_KEPT = timedelta(days=7)
_REMINDERS_KEPT = timedelta(days=90)
#: How many rows of a table go at a time, so that the transaction stays short; the next run goes on.
_PORTION = 20_000


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Drops old rows."""

    portion: int = _PORTION

    async def tick(self, connection: AsyncConnection) -> Counts:
        """``matched`` are the rows that went."""
        at = await clock.now(connection)
        dropped = [
            await housekeeping.drop_messages(connection, at - _MESSAGES_KEPT, self.portion),
            await housekeeping.drop_failed_updates(connection, at - _FAILED_UPDATES_KEPT, self.portion),
            await housekeeping.drop_reminders(connection, at - _REMINDERS_KEPT, self.portion),
            await housekeeping.drop_ticks(
                connection, at - _TICKS_KEPT, idle_before=at - _IDLE_TICKS_KEPT, limit=self.portion
            ),
        ]
        return Counts(matched=sum(dropped))

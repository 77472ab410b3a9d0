"""Coming back to what was put off: one row each, handled once when its time has come.

A use case that wants to come back to something writes a row with :func:`db.queries.reminders.put`, in the
transaction that makes it so: a kind, the id of what it is about, and a time. Put again, the row gets the new
time; :func:`db.queries.reminders.drop` takes it back. What is then done is a function for each kind, given to
:class:`Reminders` where everything is put together (bot/wiring.py)::

    Reminders({"pause_ends": profiles.end_pause, "no_answer": requests.remind})

Such a function gets the tick's connection and the id. It locks the row it is about first, and looks whether
there still is something to do: taps go on meanwhile. It returns what it did in a word, which is kept. It may
put the same reminder again ("ask again in a week").
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import clock, reminders
from usecases.counts import Counts

_log = structlog.get_logger()

#: What is done about one subject; returns what came of it, in a word.
Handler = Callable[[AsyncConnection, int], Awaitable[str]]

#: How many a run takes at most, so that its transaction stays short; the next run goes on.
_PORTION = 100
#: When one that failed is tried again. Those behind it come first then.
_AGAIN_IN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reminders:
    """What to do about each kind of reminder."""

    handlers: Mapping[str, Handler]

    async def tick(self, connection: AsyncConnection) -> Counts:
        """Handle what is due, the longest due first; ``enqueued`` were handled, ``skipped`` failed.

        One that fails leaves nothing behind and does not stop the others.
        """
        at = await clock.now(connection)
        counts = Counts()
        # Not locked: a tap locks what a reminder is about first and the reminder next, and so do we.
        for row in await reminders.due(connection, at, _PORTION):
            if await self._handled(connection, row):
                counts += Counts(matched=1, enqueued=1)
            else:
                await reminders.put_off(connection, row.id, at + _AGAIN_IN)
                counts += Counts(matched=1, skipped=1)
        return counts

    async def _handled(self, connection: AsyncConnection, row: Any) -> bool:
        try:
            async with connection.begin_nested():
                # A kind nobody handles is one of a newer version: it waits for it.
                outcome = await self.handlers[row.kind](connection, row.subject_id)
                await reminders.finish(connection, row.id, row.due_at, outcome)
        except Exception:
            # Whatever it is: the others are not to wait for it.
            _log.exception("a reminder is not handled", kind=row.kind, reminder=row.id)
            return False
        return True

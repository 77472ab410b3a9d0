"""What the sender has claimed, and what became of it: told to the database until it knows."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import create_engine
from db.errors import is_passing
from db.queries import sending
from db.queries.sending import Claimed, Portion

_log = structlog.get_logger()

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
# A plan that was made while next to nothing waited would read the whole table when much does.
_PLANNER = {"plan_cache_mode": "force_custom_plan", "enable_seqscan": "off"}

_Result = TypeVar("_Result")
Sleep = Callable[[float], Awaitable[None]]


class Ledger:
    """The outbox under the name of one sender. ``lease`` is how many seconds a claim is good for."""

    def __init__(
        self, url: URL, name: str, lease: float, *, connections: int, sleep: Sleep = asyncio.sleep
    ) -> None:
        # Of its own, so that no message waits behind people's updates.
        self._engine = create_engine(url, pool_size=connections, settings=_PLANNER)
        # One statement is a transaction by itself: to begin and to commit would be two more questions.
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._name = name
        self._lease = timedelta(seconds=lease)
        self._sleep = sleep

    async def close(self) -> None:
        """Close the connections; the next question opens others."""
        await self._engine.dispose()

    async def claim(self, most: int, resting: Sequence[int], gap: float) -> Portion:
        """What is due, in order."""
        async with self._engine.begin() as connection:
            return await sending.claim(
                connection,
                self._name,
                self._lease,
                most=most,
                resting=resting,
                gap=timedelta(seconds=gap),
            )

    async def tidy(self, in_hand: Collection[int]) -> None:
        """Take back what others left unfinished, and put away what is too late.

        ``in_hand`` are the rows that are being sent here: what became of them is stored, if late.
        """
        async with self._single.connect() as connection:
            if taken_back := await sending.recover(connection, in_hand):
                _log.warning("messages of a sender that has gone are taken back", messages=taken_back)
            while expired := await sending.expire(connection):
                _log.info("messages came too late", messages=expired)

    async def next_due(self) -> float | None:
        """Seconds until something is due; None: nothing waits."""
        async with self._single.connect() as connection:
            return await sending.next_due(connection)

    async def begin(self, row: Claimed, seconds: float) -> bool:
        """The call is about to be made and may take a while; False: the row is not ours any more.

        Asked again until there is an answer: a post that was begun and not sent would be taken for unsure.
        """
        lease = max(self._lease, timedelta(seconds=seconds))

        async def begin() -> bool:
            async with self._single.connect() as connection:
                return await sending.begin(connection, row.id, self._name, lease)

        return await self.until_stored(begin)

    async def sent(self, row: Claimed, message_id: int | None, kind: str) -> None:
        """It has gone out."""
        await self._told(lambda c: sending.sent(c, row.id, self._name, message_id, kind or row.kind))

    async def back(self, row: Claimed, reason: str, pause: float = 0.0, *, counted: bool = True) -> None:
        """It waits again."""
        later = timedelta(seconds=pause)
        await self._told(
            lambda c: sending.back(c, row.id, self._name, reason=reason, pause=later, counted=counted)
        )

    async def end(self, row: Claimed, state: str, reason: str) -> None:
        """It is parked, cancelled or unsure."""
        await self._told(lambda c: sending.end(c, row.id, self._name, state, reason))

    async def release(self, rows: Sequence[Claimed]) -> None:
        """Give back what was not begun; where the database is away, the lease does it."""
        ids = [row.id for row in rows]
        try:
            async with self._single.connect() as connection:
                await sending.release(connection, ids, self._name)
        except Exception as error:
            if not is_passing(error):
                raise
            _log.warning("the database is away: messages wait for their lease to end", messages=len(ids))

    async def until_stored(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """Do it again for as long as the database is away: what is not stored is sent again."""
        pause = _FIRST_PAUSE
        while True:
            try:
                return await work()
            except Exception as error:
                if not is_passing(error):
                    raise
                _log.warning("the database is away: asking again", error=type(error).__name__)
            await self._sleep(pause)
            pause = min(_LONGEST_PAUSE, 2 * pause)

    async def _told(self, work: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        async def tell() -> None:
            async with self._single.connect() as connection:
                await work(connection)

        await self.until_stored(tell)

"""One leader among the replicas: whoever holds the lock sends, ticks and polls; the others stand by."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.engine import URL

from db.errors import is_passing
from db.lock import LeaderLock, leader_lock

_log = structlog.get_logger()

Leads = Callable[[], Awaitable[bool]]
"""Whether this process leads, asked of the connection that holds the lock."""
Work = Callable[[asyncio.Event, Leads], Awaitable[None]]
"""What the leader does until the event is set."""

# A leader that was stopped is freed after _IDLE, and found by whoever stands by within _AGAIN: a handover in
# under 10 s. One that gets no answer knows it before the server frees its lock: _BEAT + _PATIENCE < _IDLE.
_IDLE = 6.0
_BEAT = 2.0
_PATIENCE = 3.0
_AGAIN = 1.0
#: How long what was begun may take to end when the lock is lost: as long as a claim of the outbox is good.
_GRACE = 30.0


class Leader:
    """Leads when nobody else does. ``idle``, ``beat`` and ``again`` are seconds."""

    def __init__(self, url: URL, *, idle: float = _IDLE, beat: float = _BEAT, again: float = _AGAIN) -> None:
        self._url = url
        self._idle = idle
        self._beat = beat
        self._again = again
        self._lock: LeaderLock | None = None

    async def leads(self) -> bool:
        """Whether this process leads; before whatever no two may do."""
        return self._lock is not None and await self._lock.held()

    async def run(self, stop: asyncio.Event, work: Work) -> None:
        """Stand by, lead while the lock is held, and stand by again, until ``stop`` is set.

        What ``work`` raises comes out here, unless it is that the database is away.
        """
        while not stop.is_set():
            try:
                await self._once(stop, work)
            except Exception as error:
                if not is_passing(error):
                    raise
                _log.warning("the database is away: not leading", error=type(error).__name__)
            await _any(self._again, stop)

    async def _once(self, stop: asyncio.Event, work: Work) -> None:
        async with leader_lock(self._url, idle=self._idle, patience=min(_PATIENCE, self._idle)) as lock:
            if not await self._taken(lock, stop):
                return
            _log.info("leading")
            self._lock = lock
            try:
                await self._lead(lock, stop, work)
            finally:
                self._lock = None
                # At once, and not when the connection is found dead: another one takes over now.
                await lock.release()

    async def _taken(self, lock: LeaderLock, stop: asyncio.Event) -> bool:
        """Wait for the lock; False: a stop came first."""
        waits = False
        while not stop.is_set():
            if await lock.take():
                return True
            if not waits:
                _log.info("standing by: another process sends, ticks and polls")
            waits = True
            await _any(self._again, stop, lock.freed)
        return False

    async def _lead(self, lock: LeaderLock, stop: asyncio.Event, work: Work) -> None:
        ending = asyncio.Event()
        working = asyncio.ensure_future(work(ending, self.leads))
        keeping = asyncio.ensure_future(self._keep(lock))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((working, keeping, stopping), return_when=asyncio.FIRST_COMPLETED)
            ending.set()
            lost = keeping.done()
            if lost:
                _log.warning("the lock is lost: not leading any more")
            # The lock is kept meanwhile, so that nobody begins before this one has ended.
            await asyncio.wait((working,), timeout=_GRACE if lost else None)
        finally:
            for task in (working, keeping, stopping):
                task.cancel()
            await asyncio.gather(working, keeping, stopping, return_exceptions=True)
        if not working.cancelled():
            working.result()

    async def _keep(self, lock: LeaderLock) -> None:
        """Until the lock is lost."""
        while await lock.held():  # noqa: ASYNC110 - only asking shows that a connection is lost
            await asyncio.sleep(self._beat)


async def _any(seconds: float, *events: asyncio.Event) -> None:
    """Until one of these is set, or so long."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

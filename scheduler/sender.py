"""Delivery: what waits in the outbox goes out, each message acknowledged at once.

One sender works at a time, in the leader. If two do for a moment, a row is still only one's: it is claimed
under a lease by the database's clock, and a call is only begun while the lease has far to go by our own.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import aclosing
from random import Random
from typing import Any, assert_never
from uuid import uuid4

import structlog
from aiogram import Bot
from sqlalchemy.ext.asyncio import AsyncEngine

from db.errors import is_passing
from db.models import CLOCK_SET, OUTBOX_FILLED
from db.notifications import listen
from db.queries.sending import Claimed
from scheduler.courier import (
    PATIENCE,
    PATIENCE_WITH_FILES,
    Away,
    Courier,
    Moved,
    NotLetIn,
    Outcome,
    Pointless,
    Refused,
    Sent,
    ToldToWait,
    Unreachable,
    carries_file,
)
from scheduler.leader import Leads
from scheduler.ledger import Ledger, Sleep
from scheduler.pace import Breaker, Gate, Pace
from usecases.replies import Replies

_log = structlog.get_logger()

#: Seconds: what a claim is good for.
LEASE = 30.0
_AT_ONCE = 8
#: Nobody speaks up when a row's time comes, or a notification is lost.
_LOOK_SECONDS = 5.0
#: For what cannot be sent for reasons that end by themselves, but not at a known time.
_SOON = 0.25
_BETWEEN_TIDYINGS = 1.0
_AFTER_AN_ERROR = 1.0
#: As long as a call may take: whatever is under way ends well within this.
_GRACE = PATIENCE + 2.0
_ATTEMPTS = 12
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 300.0
#: A row is only given up while others get through.
_LATELY = 900.0


async def _always() -> bool:
    return True


class Sender:
    """Delivers what is due, in order, at a pace that Telegram takes."""

    def __init__(
        self,
        engine: AsyncEngine,
        bot: Bot,
        replies: Replies,
        *,
        gate: Gate,
        pace: Pace,
        random: Random,
        lease: float = LEASE,
        sleep: Sleep = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        name: str | None = None,
    ) -> None:
        self._url = engine.url
        self._replies = replies
        self._gate = gate
        self._pace = pace
        self._random = random
        self._lease = lease
        self._sleep = sleep
        self._monotonic = monotonic
        self._courier = Courier(bot)
        self._ledger = Ledger(engine.url, name or uuid4().hex, lease, connections=_AT_ONCE + 1, sleep=sleep)
        self._breaker = Breaker(random)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        #: Which row each of them sends.
        self._in_flight: dict[asyncio.Task[None], int] = {}
        self._woken = asyncio.Event()
        self._tidied_at = self._succeeded_at = float("-inf")
        self._let_in = True
        #: How many messages have gone out.
        self.delivered = 0

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    async def run(self, stop: asyncio.Event, leads: Leads = _always) -> None:
        """Deliver until ``stop`` is set, then finish what is under way and give back the rest.

        ``leads`` is asked before each claim: nothing is taken while it says no.
        """
        hearing = [asyncio.create_task(self._hear(channel)) for channel in (OUTBOX_FILLED, CLOCK_SET)]
        try:
            while not stop.is_set():
                await self._take_a_turn(stop, leads)
        finally:
            for task in hearing:
                task.cancel()
            await asyncio.gather(*hearing, return_exceptions=True)
            if self._in_flight:
                # What takes longer goes on behind this, as long as the process lives.
                await asyncio.wait(self._in_flight, timeout=_GRACE)
            await self._ledger.close()

    async def drain(self) -> int:
        """Deliver all that is due now; how many messages went out."""
        before = self.delivered
        try:
            await self._drain()
        finally:
            await self._ledger.close()
        return self.delivered - before

    async def _drain(self) -> None:
        never = asyncio.Event()
        while not self._breaker.open:
            await self._gate.opened()
            await self._ledger.tidy(self._in_flight.values())
            sent = await self._send_some(never)
            if self._in_flight:
                await asyncio.wait(self._in_flight)
            if not sent:
                rest = await self._rest_of_chats()
                if rest is None:
                    break
                await self._sleep(rest)

    async def _rest_of_chats(self) -> float | None:
        """Seconds until a chat may be written to for which something is due."""
        self._pace.resting()
        due = await self._ledger.next_due()
        return self._pace.next_free() if due is not None and due <= 0 else None

    async def _take_a_turn(self, stop: asyncio.Event, leads: Leads) -> None:
        try:
            if self._gate.left():
                await self._wait(self._gate.left(), stop, impatient=False)
            elif self._breaker.open:
                await self._ask_for_telegram(stop)
            elif not await leads():
                await self._wait(_AFTER_AN_ERROR, stop, impatient=False)
            else:
                await self._deliver(stop)
        except Exception as error:
            if is_passing(error):
                _log.warning("the database is away: not sending", error=type(error).__name__)
            else:
                _log.exception("sending goes on after an error")
            await self._wait(_AFTER_AN_ERROR, stop, impatient=False)

    async def _deliver(self, stop: asyncio.Event) -> None:
        self._woken.clear()
        if self._monotonic() - self._tidied_at >= _BETWEEN_TIDYINGS:
            await self._ledger.tidy(self._in_flight.values())
            self._tidied_at = self._monotonic()
        if not await self._send_some(stop):
            await self._wait(await self._until_due(), stop)

    async def _until_due(self) -> float:
        due = await self._ledger.next_due()
        if due is None:
            return _LOOK_SECONDS
        if due > 0:
            return min(due, _LOOK_SECONDS)
        # Something is due, but its chat rests, or has something under way that wakes this when it is done.
        return max(0.001, min(self._pace.next_free() or _SOON, _SOON))

    async def _send_some(self, stop: asyncio.Event) -> bool:
        """Send one portion; whether to ask for another at once."""
        # Begun before the claim, our lease ends before the database's.
        began = self._monotonic()
        portion = await self._ledger.claim(self._pace.portion, self._pace.resting(), self._pace.gap)
        rows = deque(portion.rows)
        try:
            while rows:
                await self._slots.acquire()
                await self._pace.turn()
                if stop.is_set() or not self._may_begin(began):
                    self._slots.release()
                    break
                self._start(rows.popleft(), began)
        finally:
            if rows:
                await self._ledger.release(rows)
        return bool(portion.rows) or portion.crowded

    def _may_begin(self, began: float) -> bool:
        """Whether a call would still end within the lease, and may be made at all."""
        fresh = self._monotonic() - began < self._lease / 2
        return fresh and not self._gate.left() and not self._breaker.open

    def _start(self, row: Claimed, began: float) -> None:
        task = asyncio.create_task(self._send(row, began))
        self._in_flight[task] = row.id
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._in_flight[task]
        self._slots.release()
        self.wake()

    async def _send(self, row: Claimed, began: float) -> None:
        try:
            patience = min(PATIENCE, int(self._lease / 2))
            if row.once or carries_file(row):
                patience = PATIENCE_WITH_FILES if carries_file(row) else patience
                began = self._monotonic()
                if not await self._ledger.begin(row, 2 * patience):
                    return
            if not self._may_begin(began):
                await self._ledger.release([row])
                return
            outcome = await self._courier.deliver(row, patience)
            self._pace.answered(row.chat_id)
            await self._store(row, outcome)
        except Exception:
            # Its lease ends, and it is taken back.
            _log.exception("what became of a message is not known", message=row.id)

    async def _store(self, row: Claimed, outcome: Outcome) -> None:
        if not isinstance(outcome, Away | NotLetIn):
            self._breaker.succeeded()
            self._let_in = True
        match outcome:
            case Sent(message_id, kind):
                self.delivered += 1
                self._succeeded_at = self._monotonic()
                await self._ledger.sent(row, message_id, kind)
            case ToldToWait(seconds):
                await self._stop_all(row, seconds)
            case Away(reason, taken):
                await self._again(row, reason, taken=taken)
            case NotLetIn(reason):
                self._locked_out(reason)
                await self._ledger.back(row, reason, counted=False)
            case Unreachable(reason):
                await self._ledger.end(row, "cancelled", reason)
                await self._ledger.until_stored(lambda: self._replies.unreachable(row.chat_id, reason))
            case Moved(chat_id):
                await self._ledger.until_stored(lambda: self._replies.moved(row.chat_id, chat_id))
                await self._ledger.back(row, f"the group is {chat_id} now", counted=False)
            case Refused(reason):
                _log.warning("a message is parked", message=row.id, reason=reason)
                await self._ledger.end(row, "parked", reason)
            case Pointless(reason):
                await self._ledger.end(row, "cancelled", reason)
            case _:
                assert_never(outcome)

    async def _stop_all(self, row: Claimed, seconds: float) -> None:
        self._gate.close(seconds)
        _log.warning("too many messages", pause=seconds)
        await self._ledger.back(row, f"told to wait {seconds:g} s", counted=False)
        await self._ledger.until_stored(lambda: self._replies.told_to_wait(seconds))

    async def _again(self, row: Claimed, reason: str, *, taken: bool) -> None:
        """Telegram failed: a post that may be there is for people to decide about, all else is sent again."""
        away = self._breaker.open
        self._breaker.failed()
        _log.warning("a message is not taken", message=row.id, reason=reason)
        if taken and row.once:
            await self._ledger.end(row, "unsure", reason)
        elif row.attempts >= _ATTEMPTS and self._others_get_through():
            await self._ledger.end(row, "parked", reason)
        else:
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(row.attempts - 1, 10))
            counted = taken or not away
            await self._ledger.back(row, reason, pause * self._random.uniform(0.5, 1.5), counted=counted)

    def _others_get_through(self) -> bool:
        return not self._breaker.open and self._monotonic() - self._succeeded_at < _LATELY

    def _locked_out(self, reason: str) -> None:
        self._breaker.trip()
        if self._let_in:
            _log.error("Telegram does not know this BOT_TOKEN: nothing is sent", reason=reason)
        self._let_in = False

    async def _ask_for_telegram(self, stop: asyncio.Event) -> None:
        await self._wait(self._breaker.pause(), stop, impatient=False)
        if stop.is_set():
            return
        outcome = await self._courier.there()
        match outcome:
            case NotLetIn(reason):
                self._breaker.asked_in_vain()
                self._locked_out(reason)
            case Away():
                self._breaker.asked_in_vain()
            case ToldToWait(seconds):
                self._gate.close(seconds)
            case _:
                _log.info("Telegram answers again")
                self._breaker.succeeded()
                self._let_in = True

    async def _wait(self, seconds: float, stop: asyncio.Event, *, impatient: bool = True) -> None:
        """So long, or until a stop, or (impatient) until something may be due."""
        events = [stop, self._woken] if impatient else [stop]
        waiting: list[asyncio.Future[Any]] = [asyncio.ensure_future(event.wait()) for event in events]
        waiting.append(asyncio.ensure_future(self._sleep(seconds)))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _hear(self, channel: str) -> None:
        async with aclosing(listen(self._url, channel)) as heard:
            async for _ in heard:
                self.wake()

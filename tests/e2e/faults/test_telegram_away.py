"""Telegram is gone for ten minutes: it is asked now and then, then all of it arrives, no faster than ever.

The minutes of the sender and of the database pass together, as fast as they are slept.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bot.wiring import create_bot
from db.queries import clock
from sandbox.calls import Call
from sandbox.server import LocalTelegram
from scheduler.pace import Gate, Pace
from scheduler.sender import Sender
from tests.bot.conftest import NOON
from tests.e2e.faults.ledger import Ledger
from tests.e2e.faults.replicas import TOKEN
from tests.e2e.faults.waiting import until
from usecases.people import People
from usecases.replies import Replies

LETTERS, POSTS = 60, 6
TEN_MINUTES = 600.0
IN_FLIGHT = 8
#: Once in five to ten seconds, and a few times more at first.
ASKED_AT_MOST = 130


@dataclass
class Minutes:
    """No time passes but what is slept; Telegram is back when its time is over."""

    ledger: Ledger
    now: float = 0.0
    back_at: float = float("inf")

    async def sleep(self, seconds: float) -> None:
        # Who sleeps may be woken, but the clock is not left half set.
        await asyncio.shield(asyncio.ensure_future(self._pass(seconds)))

    async def _pass(self, seconds: float) -> None:
        self.now += seconds
        async with self.ledger.engine.begin() as connection:
            await clock.stand_at(connection, NOON + timedelta(seconds=self.now))
        if self.now >= self.back_at:
            self.ledger.telegram.troubles.down = False

    def gone(self, seconds: float) -> None:
        """From now on, for so long."""
        self.back_at = self.now + seconds
        self.ledger.telegram.troubles.down = True

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[None]:
        """One at work, at its usual pace."""
        engine = self.ledger.engine
        bot = create_bot(TOKEN, self.ledger.telegram.url)
        ours = Sender(
            engine,
            bot,
            Replies(engine, People(engine, lambda: 0.0)),
            gate=Gate(lambda: self.now, self.sleep),
            pace=Pace(monotonic=lambda: self.now),
            random=Random(1),
            sleep=self.sleep,
            monotonic=lambda: self.now,
        )
        stop = asyncio.Event()
        async with bot.session:
            running = asyncio.create_task(ours.run(stop))
            try:
                yield
            finally:
                stop.set()
                await running


async def test_after_ten_minutes_without_telegram_all_of_it_arrives_once_and_no_faster(
    telegram: LocalTelegram, ledger: Ledger
) -> None:
    minutes = Minutes(ledger)
    # As Telegram itself: one message too many in a second stops the bot.
    telegram.troubles.limits.on = True
    await minutes.sleep(0)
    await ledger.burst(LETTERS, posts=POSTS)

    async def back() -> bool:
        return not telegram.troubles.down

    async with minutes.sender():
        await ledger.at_least(LETTERS // 5)
        minutes.gone(TEN_MINUTES)
        already = len(ledger.arrived())
        await until(back, "ten minutes pass")
        assert len(ledger.arrived()) - already <= IN_FLIGHT, "what was on its way, and no more"
        await ledger.settled()

    lost = [call for _, call in telegram.calls.after(0) if call.fault == "down"]
    assert 0 < len(sends(lost)) <= IN_FLIGHT, "who gets no answer sends no more"
    assert len(lost) - len(sends(lost)) <= ASKED_AT_MOST
    assert telegram.troubles.stop.refused == 0, "no flood when it is back"
    account, unsure = ledger.account(), await ledger.named("unsure")
    assert set(account.missing) == unsure <= {letter.dedupe_key for letter in ledger.due if letter.once}
    assert account.doubles == {}
    assert account.disordered == ()
    assert (await ledger.states()).keys() <= {"sent", "unsure"}, "nothing is given up"


def sends(calls: list[Call]) -> list[Call]:
    return [call for call in calls if call.method == "sendMessage"]

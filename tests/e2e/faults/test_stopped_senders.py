"""The sender's process ends, well or badly, or stands still: nothing is lost, and next to nothing doubled."""

import asyncio
from dataclasses import dataclass
from random import Random

import pytest
from sqlalchemy import text

from sandbox.server import LocalTelegram
from tests.e2e.faults import FULL, Figures
from tests.e2e.faults.handover import HANDOVER, handed_over
from tests.e2e.faults.ledger import Ledger
from tests.e2e.faults.replicas import Replica, Replicas


@dataclass(frozen=True)
class Size:
    """How much is sent at which pace, and how often the sender is stopped meanwhile."""

    letters: int
    posts: int
    stops: int
    rate: int

    def moments(self, random: Random) -> list[int]:
        """So many letters have arrived when it is stopped."""
        return sorted(random.sample(range(5, self.letters * 9 // 10), self.stops))


SIZE = Size(1500, 150, 20, 25) if FULL else Size(72, 12, 3, 30)


async def stopped_again_and_again(ledger: Ledger, bots: Replicas, stop: str) -> None:
    """Send the ledger's burst, with a new sender for each that was stopped."""
    random = Random(20260221)
    await ledger.burst(SIZE.letters, posts=SIZE.posts)
    rate = str(SIZE.rate)
    for count in SIZE.moments(random):
        replica = bots.start(SEND_RATE=rate)
        await ledger.at_least(count)
        # The moment is what chance says: somewhere between two messages.
        await asyncio.sleep(random.uniform(0, 1 / SIZE.rate))
        await getattr(replica, stop)()
        if stop == "stop":
            assert "sending" not in await ledger.states(), "what was claimed is given back"
    replica = bots.start(SEND_RATE=rate)
    await ledger.settled()
    await replica.stop()


async def test_kill_9_at_random_moments(ledger: Ledger, bots: Replicas, figures: Figures) -> None:
    await stopped_again_and_again(ledger, bots, "kill")

    account, unsure = ledger.account(), await ledger.named("unsure")
    posts = {letter.dedupe_key for letter in ledger.due if letter.once}
    figures("doubles after kills", account.doubled)
    figures("posts unsure", len(unsure))
    assert set(account.missing) <= unsure, "a direct message arrives at least once"
    assert not posts & account.doubles.keys(), "a post arrives at most once"
    assert unsure <= posts
    assert len(unsure) <= SIZE.stops
    assert account.doubled <= SIZE.stops
    assert account.disordered == ()
    assert (await ledger.states()).keys() <= {"sent", "unsure"}


async def test_killed_before_the_answer_a_post_is_unsure_and_a_direct_message_comes_again(
    telegram: LocalTelegram, ledger: Ledger, bots: Replicas
) -> None:
    replica = await bots.leader()
    # What is taken from now on is not answered as long as this sender lives.
    telegram.troubles.latency = 60.0
    await ledger.write(ledger.chats(1, "channel"), 1, once=True)
    await ledger.write(ledger.people(1), 1)
    post, direct = (letter.dedupe_key for letter in ledger.due)
    await ledger.at_least(2)
    await replica.kill()
    telegram.troubles.latency = 0.0

    replica = bots.start()
    await ledger.settled()

    account = ledger.account()
    assert account.missing == ()
    assert account.doubles == {direct: 1}
    assert await ledger.named("unsure") == {post}
    await replica.stop()


async def test_sigterm_loses_and_doubles_nothing(ledger: Ledger, bots: Replicas) -> None:
    await stopped_again_and_again(ledger, bots, "stop")

    account = ledger.account()
    assert account.missing == ()
    assert account.doubles == {}
    assert account.disordered == ()
    assert await ledger.states() == {"sent": SIZE.letters}


async def test_a_leader_that_stands_still_is_followed_soon_and_doubles_at_most_one(
    ledger: Ledger, bots: Replicas, figures: Figures
) -> None:
    await ledger.burst(SIZE.letters)
    rate = str(SIZE.rate)
    first = await bots.leader(SEND_RATE=rate)
    second = bots.start(SEND_RATE=rate)
    await ledger.at_least(SIZE.letters // 5)

    first.freeze()
    already = len(ledger.arrived())
    handover = await handed_over(ledger.engine)
    await ledger.at_least(already + SIZE.letters // 4)
    first.thaw()
    await ledger.settled()

    figures("handover from a leader that stands still, s", round(handover.total_seconds(), 2))
    assert handover < HANDOVER
    account = ledger.account()
    figures("doubles after a stand-still", account.doubled)
    assert account.missing == ()
    assert account.doubled <= 1
    assert account.disordered == ()
    await stopped(second, first)


async def stopped(*replicas: Replica) -> None:
    for replica in replicas:
        await replica.stop()


@pytest.mark.parametrize("count", [2, 4])
async def test_of_many_replicas_one_sends(ledger: Ledger, bots: Replicas, count: int) -> None:
    rate = str(SIZE.rate)
    # Two poll, and one of them stands by; four have a webhook, all take updates and one of them sends.
    webhook = count > 2
    running = [bots.start(webhook=webhook, SEND_RATE=rate) for _ in range(count)]
    await bots.led()
    await ledger.burst(SIZE.letters, posts=SIZE.posts)
    await ledger.settled()

    account = ledger.account()
    assert account.missing == ()
    assert account.doubles == {}
    assert account.disordered == ()
    assert await ledger.states() == {"sent": SIZE.letters}
    async with ledger.engine.connect() as connection:
        senders = await connection.execute(text("SELECT count(DISTINCT claimed_by) FROM outbox"))
        assert senders.scalar_one() == 1, "only one sends"
    await stopped(*running)

"""The sender at work: woken, stopped, told to wait, without Telegram, without the database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import structlog.testing
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.wiring import create_bot
from db.engine import create_engine
from db.queries import clock, sending
from sandbox.client import Message
from sandbox.world import CHANNEL
from scheduler.pace import Pace
from scheduler.sender import Sender
from tests.bot.conftest import NOON, TOKEN
from tests.bot.telegrams import Answer, Telegram, ok, refused, telegram
from tests.bot.test_session import SENT
from tests.bot.test_session import Waiting as Pauses
from tests.bot.world import World
from tests.db.test_notifications import cut_listeners
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import People
from usecases.replies import Replies


def letter(key: str, chat: int, **more: Any) -> Letter:
    return Letter(chat_id=chat, dedupe_key=key, priority=Priority.REMINDER, wording=Wording(text=key), **more)


async def write(engine: AsyncEngine, *letters: Letter) -> dict[str, int]:
    async with engine.begin() as connection:
        return await post(connection, letters)


async def rows(engine: AsyncEngine) -> dict[str, Any]:
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT * FROM outbox"))
        return {row.dedupe_key: row for row in found}


async def states(engine: AsyncEngine) -> set[str]:
    return {row.state for row in (await rows(engine)).values()}


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 - another task delivers
            await asyncio.sleep(0.01)


async def people(world: World, count: int) -> list[int]:
    """So many who have pressed Start."""
    for person in range(5001, 5001 + count):
        await world.client.add_person(person)
        await world.client.send_text(person, "/start")
    await world.confirm(await world.updates())
    return list(range(5001, 5001 + count))


@asynccontextmanager
async def at_work(world: World, **more: Any) -> AsyncIterator[asyncio.Event]:
    """The world's sender, running; yields what stops it."""
    stop = asyncio.Event()
    running = asyncio.create_task(world.app.sender.run(stop, **more))
    try:
        yield stop
    finally:
        stop.set()
        await running


def about(words: str) -> Callable[[Message], bool]:
    return lambda message: message.text == words


async def test_who_does_not_lead_sends_nothing(world: World) -> None:
    [person] = await people(world, 1)
    asked = asyncio.Event()

    async def leads() -> bool:
        asked.set()
        return False

    async with at_work(world, leads=leads):
        await write(world.app.engine, letter("hello", person))
        await asked.wait()
    assert await states(world.app.engine) == {"waiting"}


async def test_a_stop_ends_what_is_under_way_and_gives_back_the_rest(world: World) -> None:
    chats = await people(world, 20)
    await world.client.add_fault("delay", seconds=0.5, times=None)
    await write(world.app.engine, *(letter(str(chat), chat) for chat in chats))

    async def begun() -> bool:
        return "sending" in await states(world.app.engine)

    async with at_work(world):
        await until(begun)
        await asyncio.sleep(0.1)
    after = (await rows(world.app.engine)).values()
    taken = {call["params"]["text"] for call in await world.client.calls(method="sendMessage")}
    assert {row.dedupe_key for row in after if row.state == "sent"} == taken
    assert len(taken) < 20
    assert {(row.state, row.attempts) for row in after if row.dedupe_key not in taken} == {("waiting", 0)}
    await world.client.clear_faults()
    assert await world.deliver() == 20 - len(taken)


async def test_what_was_sent_while_the_database_was_away_is_not_sent_again(
    world: World, database: URL
) -> None:
    mine = create_engine(database)
    chats = await people(world, 3)
    await world.client.add_fault("delay", seconds=0.5, times=3)
    await write(world.app.engine, *(letter(str(chat), chat) for chat in chats))

    async def called() -> bool:
        return len(await world.client.calls(method="sendMessage")) == 3

    async def all_sent() -> bool:
        return await states(mine) == {"sent"}

    async with at_work(world):
        await until(called)
        await cut_listeners(mine)
        await until(all_sent)
        await write(mine, letter("after", chats[0]))
        await world.client.wait_for_message(chats[0], about("after"), timeout=10)
    assert len(await world.client.calls(method="sendMessage")) == 4
    await mine.dispose()


async def test_what_was_sent_and_could_not_be_stored_in_time_is_not_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away past a lease, and is then asked for what is free before it hears what was sent."""
    engine = world.app.engine
    [person] = await people(world, 1)
    store, take_back = sending.sent, sending.recover
    over = asyncio.Event()
    taken_back = asyncio.Event()

    async def stored(*given: Any) -> None:
        if not over.is_set():
            async with engine.begin() as connection:
                await connection.execute(
                    text(
                        "UPDATE outbox SET leased_until = now() - interval '1 second' WHERE state = 'sending'"
                    )
                )
            over.set()
            await taken_back.wait()
            raise ConnectionResetError
        await store(*given)

    async def recovered(*given: Any) -> int:
        count = await take_back(*given)
        if over.is_set():
            taken_back.set()
        return count

    async def all_sent() -> bool:
        return await states(engine) == {"sent"}

    monkeypatch.setattr(sending, "sent", stored)
    monkeypatch.setattr(sending, "recover", recovered)
    async with at_work(world):
        await write(engine, letter("once", person))
        await until(all_sent)
    assert len(await world.client.calls(method="sendMessage", chat_id=person)) == 1


async def test_a_post_whose_beginning_could_not_be_stored_begins_a_moment_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst of it: it was stored, and the database was away before it could say so."""
    store = sending.begin
    lost = iter([True])

    async def begun(*given: Any) -> bool:
        done = await store(*given)
        if next(lost, False):
            raise ConnectionResetError
        return done

    monkeypatch.setattr(sending, "begin", begun)
    await write(world.app.engine, letter("post", CHANNEL, once=True))
    assert await world.deliver() == 1
    assert await states(world.app.engine) == {"sent"}
    assert len(await world.client.calls(method="sendMessage", chat_id=CHANNEL)) == 1


async def test_without_telegram_no_message_uses_up_its_attempts(world: World) -> None:
    chats = await people(world, 40)
    await world.client.clear_calls()
    await world.client.down(down=True)
    await write(world.app.engine, *(letter(str(chat), chat) for chat in chats))
    for hour in range(3):
        async with world.app.engine.begin() as connection:
            await clock.stand_at(connection, NOON + timedelta(hours=hour))
        assert await world.deliver() == 0
    tried = len(await world.client.calls())
    assert 3 <= tried <= 12, "it is noticed that nobody gets through"
    assert await states(world.app.engine) == {"waiting"}
    assert sum(row.attempts for row in (await rows(world.app.engine)).values()) <= tried

    async def all_sent() -> bool:
        return await states(world.app.engine) == {"sent"}

    await world.client.down(down=False)
    async with at_work(world):
        await until(all_sent)
    taken = [
        call["params"]["text"] for call in await world.client.calls(method="sendMessage") if call["taken"]
    ]
    assert sorted(taken) == sorted(map(str, chats))


async def test_a_wrong_token_is_said_once_and_costs_nothing(world: World) -> None:
    chats = await people(world, 3)
    await world.client.add_fault("unauthorized", times=None)
    await write(world.app.engine, *(letter(str(chat), chat) for chat in chats))
    with structlog.testing.capture_logs() as logs:
        assert await world.deliver() == 0
    assert [entry["log_level"] for entry in logs if "BOT_TOKEN" in entry["event"]] == ["error"]
    assert {(row.state, row.attempts) for row in (await rows(world.app.engine)).values()} == {("waiting", 0)}


async def test_what_a_dead_sender_had_in_hand_is_delivered_by_the_next(world: World) -> None:
    [person] = await people(world, 1)
    ids = await write(world.app.engine, letter("direct", person), letter("post", CHANNEL, once=True))
    async with world.app.engine.begin() as connection:
        await sending.claim(connection, "dead", timedelta(seconds=30), most=2)
        await sending.begin(connection, ids["post"], "dead", timedelta(seconds=30))
    assert await world.deliver() == 0, "its lease lasts"
    async with world.app.engine.begin() as connection:
        await connection.execute(text("UPDATE outbox SET leased_until = now() - interval '1 second'"))
    assert await world.deliver() == 1
    assert (await rows(world.app.engine))["post"].state == "unsure"


class Waiting(Pauses):
    """Says when it pauses, and ends a pause when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.paused = asyncio.Event()
        self.go_on = asyncio.Event()
        self.forever = False

    async def sleep(self, seconds: float) -> None:
        self.paused.set()
        if self.forever:
            await asyncio.Event().wait()
        if seconds > 30:
            await self.go_on.wait()
        await super().sleep(seconds)


@asynccontextmanager
async def sender(
    engine: AsyncEngine, *given: Answer, waiting: Waiting, pace: Pace | None = None
) -> AsyncIterator[tuple[Sender, Telegram]]:
    """One in whose time no second passes but what is slept, before a Telegram that answers as it is told."""
    async with telegram(*given, after=lambda: ok(SENT)) as fake:
        bot = create_bot(TOKEN, fake.url)
        async with bot.session:
            yield (
                Sender(
                    engine,
                    bot,
                    Replies(engine, People(engine, lambda: 0.0)),
                    gate=waiting.gate,
                    pace=pace or Pace(None),
                    random=Random(1),
                    sleep=waiting.sleep,
                    monotonic=lambda: waiting.now,
                ),
                fake,
            )


async def test_a_wait_is_kept_exactly_and_by_all(engine: AsyncEngine) -> None:
    waiting = Waiting()
    asked = refused(429, "Too Many Requests: retry after 31", retry_after=31)
    async with sender(engine, asked, waiting=waiting) as (ours, fake):
        await write(engine, *(letter(str(chat), chat) for chat in range(1, 30)))
        draining = asyncio.create_task(ours.drain())
        async with asyncio.timeout(20):
            await waiting.paused.wait()
        assert len(fake.calls) <= 9, "those that were under way, and none after"
        waiting.go_on.set()
        assert await draining == 29
    assert waiting.pauses == [31.0]
    assert {row.attempts for row in (await rows(engine)).values()} == {1}


async def listening(engine: AsyncEngine) -> bool:
    """Whether the sender hears of both that may make something due."""
    async with engine.connect() as connection:
        asked = "SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database()"
        found = await connection.execute(text(f"{asked} AND query LIKE 'LISTEN%'"))
        return bool(found.scalar_one())


@pytest.mark.parametrize("what", ["a letter", "the clock"])
async def test_it_is_woken_by_what_makes_something_due(engine: AsyncEngine, what: str) -> None:
    """In its own time not a second passes, so it never looks by itself."""
    waiting = Waiting()
    waiting.forever = True
    tomorrow = NOON + timedelta(days=1)
    async with engine.begin() as connection:
        await clock.stand_at(connection, NOON)
    await write(engine, letter("tomorrow", 1, due_at=tomorrow))
    async with sender(engine, waiting=waiting) as (ours, fake):
        stop = asyncio.Event()
        running = asyncio.create_task(ours.run(stop))
        await until(lambda: listening(engine))
        # It has looked once more since it listens, and found nothing.
        waiting.paused.clear()
        ours.wake()
        async with asyncio.timeout(20):
            await waiting.paused.wait()
        if what == "a letter":
            await write(engine, letter("today", 1))
        else:
            async with engine.begin() as connection:
                await clock.stand_at(connection, tomorrow)

        async def sent() -> bool:
            return bool(fake.calls)

        await until(sent)
        stop.set()
        await running


async def test_a_chat_gets_one_message_a_second_and_a_group_twenty_a_minute(engine: AsyncEngine) -> None:
    waiting = Waiting()
    pace = Pace(10_000, lambda: waiting.now)
    async with sender(engine, waiting=waiting, pace=pace) as (ours, fake):
        await write(engine, *(letter(f"{chat} {number}", chat) for number in range(4) for chat in (7, -7)))
        assert await ours.drain() == 8
    assert waiting.now == 9.0, "three pauses of three seconds in the group"
    assert [call["text"] for call in fake.calls if call["chat_id"] == 7] == ["7 0", "7 1", "7 2", "7 3"]


class Suspended(Pace):
    """Stands still for twenty seconds before the first message, while ``meanwhile`` happens."""

    def __init__(self, waiting: Waiting, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(None)
        self._waiting = waiting
        self._meanwhile: Callable[[], Awaitable[None]] | None = meanwhile

    async def turn(self) -> None:
        if self._meanwhile:
            self._waiting.now += 20
            await self._meanwhile()
            self._meanwhile = None


async def test_a_sender_that_stood_still_past_its_lease_sends_nothing_of_it(engine: AsyncEngine) -> None:
    async def another_sends_it() -> None:
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE outbox SET leased_until = now() - interval '1 second'"))
            await sending.recover(connection)
            portion = await sending.claim(connection, "other", timedelta(seconds=30), most=10)
            for row in portion.rows:
                await sending.sent(connection, row.id, "other", 1, row.kind)

    waiting = Waiting()
    pace = Suspended(waiting, another_sends_it)
    async with sender(engine, waiting=waiting, pace=pace) as (ours, fake):
        await write(engine, *(letter(str(chat), chat) for chat in range(1, 6)))
        assert await ours.drain() == 0
    assert fake.calls == []
    assert await states(engine) == {"sent"}

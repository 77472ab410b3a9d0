"""What handlers say where Telegram does not take it: kept, in order, and no reason for a handler to fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.session import KeepReplies, TryAgain, follow_rules
from bot.wiring import create_app, create_bot
from db.models import MovedChat, OutboxMessage
from db.notifications import hear
from db.queries.chats import TELEGRAM_CLOSED
from recommender.taxonomy import load_default
from scheduler.pace import Gate
from tests.bot.stored import answers, person
from tests.bot.telegrams import Answer, Telegram, ok, refused, telegram
from tests.bot.test_session import SENT, Waiting
from tests.bot.test_updates import failed
from tests.bot.world import Student, World
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import People
from usecases.replies import Replies

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="on", callback_data="x")]])
ROW_KEYBOARD = {"inline_keyboard": [[{"text": "on", "callback_data": "x"}]]}


@dataclass
class Stage:
    """A bot that follows the rules, before a Telegram that answers as it is told."""

    bot: Bot
    fake: Telegram
    waiting: Waiting
    replies: Replies


@asynccontextmanager
async def stage(engine: AsyncEngine, *given: Answer) -> AsyncIterator[Stage]:
    waiting = Waiting()
    replies = Replies(engine, People(engine, lambda: 0.0))
    async with telegram(*given, after=lambda: ok(SENT)) as fake:
        bot = create_bot("42:test", fake.url)
        follow_rules(bot, waiting.gate, replies)
        async with bot.session:
            yield Stage(bot, fake, waiting, replies)


async def rows(engine: AsyncEngine) -> list[Row[Any]]:
    """The outbox, oldest first."""
    async with engine.connect() as connection:
        statement = select(*OutboxMessage.__table__.c).order_by(OutboxMessage.id)
        return list((await connection.execute(statement)).all())


async def texts(engine: AsyncEngine, state: str = "waiting") -> list[str]:
    return [row.payload["text"] for row in await rows(engine) if row.state == state]


async def delivered(engine: AsyncEngine) -> None:
    """As the sender leaves what it has sent."""
    async with engine.begin() as connection:
        await connection.execute(
            update(OutboxMessage)
            .where(OutboxMessage.state == "waiting")
            .values(state="sent", sent_at=OutboxMessage.due_at)
        )


def told(seconds: int) -> Answer:
    return refused(429, "Too Many Requests", retry_after=seconds)


async def test_a_reply_that_is_told_to_wait_becomes_a_row(engine: AsyncEngine) -> None:
    async with stage(engine, told(7)) as at:
        sent = await at.bot.send_message(1, "<b>hi</b>", reply_markup=KEYBOARD)
        assert at.waiting.gate.left() == 7
    assert (sent.message_id, sent.chat.id) == (0, 1)
    assert at.waiting.pauses == []
    [row] = await rows(engine)
    assert (row.chat_id, row.kind, row.priority, row.state, row.once) == (1, "text", 0, "waiting", False)
    assert row.payload == {"text": "<b>hi</b>", "reply_markup": ROW_KEYBOARD}


async def test_while_the_bot_has_to_wait_nothing_is_even_tried(engine: AsyncEngine) -> None:
    async with stage(engine, told(7)) as at:
        await at.bot.send_message(1, "first")
        await at.bot.send_message(2, "second")
        assert await at.bot.answer_callback_query("1", "toast") is True
        assert await at.bot.edit_message_text("third", chat_id=3, message_id=5) is True
    assert at.fake.methods == ["sendMessage"]
    assert await texts(engine) == ["first", "second", "third"]


async def test_a_taps_answer_is_not_worth_waiting_for(engine: AsyncEngine) -> None:
    async with stage(engine, told(7)) as at:
        assert await at.bot.answer_callback_query("1", "toast") is True
        assert at.waiting.gate.left() == 7
    assert await rows(engine) == []


async def test_a_screen_is_held_for_a_short_wait(engine: AsyncEngine) -> None:
    async with stage(engine, told(2)) as at:
        await at.bot.edit_message_text("screen", chat_id=1, message_id=5)
    assert (at.fake.methods, at.waiting.pauses) == (["editMessageText"] * 2, [2])
    assert await rows(engine) == []


async def test_a_screen_comes_as_a_new_message_after_a_long_wait_and_only_the_newest(
    engine: AsyncEngine,
) -> None:
    async with stage(engine, told(30)) as at:
        for words in ("first", "second", "third"):
            await at.bot.edit_message_text(words, chat_id=1, message_id=5, reply_markup=KEYBOARD)
        await at.bot.edit_message_text("another", chat_id=1, message_id=6)
        await at.bot.edit_message_text("of another", chat_id=2, message_id=5)
    assert await texts(engine) == ["third", "another", "of another"]
    assert await texts(engine, "cancelled") == ["first", "second"]


async def test_no_reply_overtakes_one_that_waits(engine: AsyncEngine) -> None:
    async with stage(engine, told(7)) as at:
        await at.bot.send_message(1, "first")
        at.waiting.now = 8
        await at.bot.send_message(1, "second")
        await at.bot.send_message(2, "at once")
        await delivered(engine)
        await at.bot.send_message(1, "third")
    assert [call["text"] for call in at.fake.calls] == ["first", "at once", "third"]
    assert await texts(engine, "sent") == ["first", "second"]


async def test_another_process_does_not_overtake_it_either(engine: AsyncEngine) -> None:
    async with stage(engine) as here, stage(engine, told(7)) as there:
        await here.bot.send_message(1, "before")
        async with aclosing(hear(engine.url, TELEGRAM_CLOSED)) as bursts:
            here.replies.heard(await anext(bursts))
            await there.bot.send_message(1, "first")
            seconds = 0.0
            while not seconds:
                burst = await anext(bursts)
                assert there.replies.heard(burst) == 0, "its own words"
                seconds = here.replies.heard(burst)
        assert seconds == 7
        await here.bot.send_message(1, "second")
    assert await texts(engine) == ["first", "second"]


async def test_where_nothing_waits_the_database_is_asked_once(engine: AsyncEngine) -> None:
    async with stage(engine) as at:
        await at.bot.send_message(1, "first")
        at.replies._engine = None  # type: ignore[assignment]  # whoever asks again fails
        await at.bot.send_message(1, "second")


@pytest.mark.parametrize(
    "words",
    [
        (403, "Forbidden: bot was blocked by the user"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: user is deactivated"),
        (400, "Bad Request: PEER_ID_INVALID"),
    ],
    ids=lambda words: str(words[1]),
)
async def test_nothing_more_waits_for_somebody_who_cannot_be_written_to(
    student: Student, engine: AsyncEngine, words: tuple[int, str]
) -> None:
    await student.write("/start")
    async with engine.begin() as connection:
        for chat in (student.id, 77):
            wording = Wording(text="later")
            letter = Letter(
                chat_id=chat, dedupe_key=f"reminder:{chat}", priority=Priority.REMINDER, wording=wording
            )
            await post(connection, [letter])
    async with stage(engine, refused(*words)) as at:
        await at.bot.edit_message_text("screen", chat_id=student.id, message_id=5)
    assert (await person(engine)).blocked_at is not None
    assert [(row.chat_id, row.state) for row in await rows(engine)] == [(1001, "cancelled"), (77, "waiting")]
    assert words[1].partition(": ")[2] in (await rows(engine))[0].last_error


async def test_a_group_that_has_moved_is_followed(engine: AsyncEngine) -> None:
    moved = refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100)
    async with stage(engine, moved) as at:
        await at.bot.send_message(-1, "hi")
    assert [call["chat_id"] for call in at.fake.calls] == [-1, -100]
    async with engine.connect() as connection:
        assert (await connection.execute(select(MovedChat.old_id, MovedChat.new_id))).all() == [(-1, -100)]


async def test_a_reply_that_telegram_is_away_for_is_kept(engine: AsyncEngine) -> None:
    waiting = Waiting()
    replies = Replies(engine, People(engine, lambda: 0.0))
    async with telegram(after=lambda: None) as fake:
        bot = create_bot("42:test", fake.url)
        rules = bot.session.middleware
        rules.unregister(rules[0])
        rules.register(KeepReplies(waiting.gate, replies))
        rules.register(TryAgain(waiting.gate, waiting.sleep))
        async with bot.session:
            await bot.send_message(1, "hi")
            await bot.edit_message_text("screen", chat_id=1, message_id=5)
            assert await bot.answer_callback_query("1") is True
    assert await texts(engine) == ["hi", "screen"]
    assert fake.methods == ["sendMessage"] * 6 + ["answerCallbackQuery"] * 6


async def test_what_is_wrong_with_a_message_comes_out(engine: AsyncEngine) -> None:
    async with stage(engine, refused(400, "Bad Request: can't parse entities")) as at:
        with pytest.raises(TelegramBadRequest):
            await at.bot.send_message(1, "<b")
    assert await rows(engine) == []


async def test_a_students_tap_in_a_flood_is_stored_and_its_screen_waits(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    now = [0.0]
    app = create_app(
        world.app.bot,
        engine,
        load_default(),
        seed=1,
        monotonic=lambda: 0.0,
        gate=Gate(lambda: now[0], asyncio.sleep),
    )
    await app.catalogue.refresh()
    student = world.restarted(app).student()
    await student.write("/start")
    await world.client.add_fault("flood", retry_after=5)
    await world.client.tap(student.id, "Бэкенд")
    await student.world.work()
    assert app.gate.left() == 5
    assert await answers(engine) == {"directions": ["backend"]}
    assert await failed(engine) == []
    [screen] = await texts(engine)
    assert "Чего хотите добиться?" in screen


async def test_whoever_cannot_be_found_and_writes_again_is_no_longer_marked(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    await world.client.add_fault("not_found", method="sendMessage")
    await world.client.send_text(student.id, "/help")
    await world.work()
    assert (await person(engine)).blocked_at is not None
    assert await failed(engine) == []
    await student.write("/help")
    assert (await person(engine)).blocked_at is None

"""What becomes of messages in the outbox, whatever Telegram says."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.queries import clock
from sandbox.client import Message
from tests.bot.conftest import NOON
from tests.bot.world import Student, World
from usecases.letters import Letter, Priority, Wording, post

CHANNEL = -1001000000001
KEYBOARD = {"inline_keyboard": [[{"text": "Открыть", "callback_data": "x"}]]}
#: As small as a picture can be.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060606000"
    "000005000 1a5f645400000000049454e44ae426082".replace(" ", "")
)


@pytest.fixture
async def person(world: World) -> Student:
    student = world.student()
    await student.write("/start")
    await world.client.clear_calls()
    return student


def letter(key: str, chat: int = 1001, words: str = "", photo: Any = None, **more: Any) -> Letter:
    wording = Wording(text=words or key, keyboard=KEYBOARD, photo=photo)
    return Letter(chat_id=chat, dedupe_key=key, priority=Priority.REMINDER, wording=wording, **more)


async def write(world: World, *letters: Letter) -> dict[str, int]:
    async with world.app.engine.begin() as connection:
        return await post(connection, letters)


async def row(world: World, key: str) -> Any:
    async with world.app.engine.connect() as connection:
        found = await connection.execute(text("SELECT * FROM outbox WHERE dedupe_key = :key"), {"key": key})
        return found.one()


async def later(world: World, minutes: float) -> None:
    async with world.app.engine.begin() as connection:
        await clock.stand_at(connection, NOON + timedelta(minutes=minutes))


async def texts(world: World, chat: int = 1001) -> list[str]:
    return [message.text for message in await world.client.transcript(chat) if message.by_bot]


async def newest(world: World, chat: int = 1001) -> Message:
    return await world.client.newest(chat)


async def test_a_message_goes_out_once_with_its_keyboard(world: World, person: Student) -> None:
    await write(world, letter("hello", words="<b>hello</b>"))
    assert await world.deliver() == 1
    assert await world.deliver() == 0
    message = await newest(world)
    assert (message.text, message.buttons, message.entities[0]["type"]) == ("hello", ("Открыть",), "bold")
    kept = await row(world, "hello")
    assert (kept.state, kept.sent_message_id, kept.attempts) == ("sent", message.message_id, 1)
    assert kept.sent_at == NOON


async def test_a_picture_goes_out_with_its_caption_and_is_not_kept(world: World, person: Student) -> None:
    await write(world, letter("picture", photo=PICTURE))
    await world.deliver()
    message = await newest(world)
    assert (message.text, message.buttons) == ("picture", ("Открыть",))
    assert message.photo_url
    kept = await row(world, "picture")
    assert (kept.state, kept.photo) == ("sent", None)

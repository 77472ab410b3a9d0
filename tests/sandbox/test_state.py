"""State on disk: what a restart must not lose, and files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.client import SimClient
from sandbox.errors import SandboxError
from sandbox.photos import plain_picture
from sandbox.server import LocalTelegram
from sandbox.world import MODERATORS

from .conftest import TOKEN, bot_at

ANYA = 1001
KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="yes")]])


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "telegram.json"


def content(path: Path) -> str:
    return path.read_text("utf-8")


async def leave_something(state: Path) -> None:
    """A chat with an edited message and a photo, an update nobody confirmed."""
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        bot = bot_at(telegram.url)
        await sim.send_text(ANYA, "/start")
        sent = await bot.send_message(ANYA, "first", reply_markup=KEYBOARD)
        await bot.edit_message_text("second", chat_id=ANYA, message_id=sent.message_id, reply_markup=KEYBOARD)
        await bot.send_photo(ANYA, BufferedInputFile(plain_picture(7, 7), "a.png"))
        await bot.set_my_commands([BotCommand(command="help", description="Help")])
        await bot.session.close()


async def test_chats_and_waiting_updates_survive_a_restart(state: Path) -> None:
    await leave_something(state)
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        bot = bot_at(telegram.url)
        assert [message.text for message in await sim.transcript(ANYA)] == ["/start", "second", ""]
        (waiting,) = await bot.get_updates()
        await sim.tap(ANYA, "Да", 2, rendering=0)
        assert (await bot.get_updates())[1].update_id == waiting.update_id + 1
        assert (await bot.send_message(ANYA, "third")).message_id == 4
        assert (await sim.state())["bot"]["commands"][0]["command"] == "help"
        await bot.session.close()


async def test_photos_survive_a_restart(state: Path) -> None:
    await leave_something(state)
    async with LocalTelegram(TOKEN, state=state) as telegram:
        assert [photo.data for photo in telegram.world.photos.values()] == [plain_picture(7, 7)]


async def test_events_go_on_counting_after_a_restart(state: Path) -> None:
    await leave_something(state)
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        before = telegram.events.last
        await sim.send_text(ANYA, "next")
        assert telegram.events.last == before + 1 > 2


async def test_a_group_stays_under_its_new_id_after_a_restart(state: Path) -> None:
    async with LocalTelegram(TOKEN, state=state) as telegram:
        new_id = telegram.persons.upgrade(MODERATORS)["chat_id"]
    async with LocalTelegram(TOKEN, state=state) as telegram:
        assert telegram.world.chat(MODERATORS).upgraded_to == new_id


async def test_a_webhook_survives_a_restart(state: Path) -> None:
    async with LocalTelegram(TOKEN, state=state) as telegram:
        bot = bot_at(telegram.url)
        await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s")
        await bot.session.close()
    async with LocalTelegram(TOKEN, state=state) as telegram:
        target = telegram.webhook.target
    assert target
    assert (target.url, target.secret) == ("http://127.0.0.1:9/hook", "s")


async def test_the_file_is_whole_and_nothing_else_is_left(state: Path) -> None:
    await leave_something(state)
    assert json.loads(content(state))["world"]["last_message_id"] == 3
    assert sorted(path.name for path in state.parent.iterdir()) == ["telegram.json", "telegram.json.files"]


async def test_without_a_change_nothing_is_written(state: Path) -> None:
    async with LocalTelegram(TOKEN, state=state):
        pass
    with pytest.raises(FileNotFoundError):
        content(state)


@pytest.fixture(params=["{", "[]", '{"world": {}}', "\x00"])
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "broken.json"
    path.write_text(request.param)
    return path


async def test_a_file_that_is_no_state_is_refused_and_kept(broken: Path) -> None:
    before = content(broken)
    with pytest.raises(SandboxError, match="remove it"):
        await LocalTelegram(TOKEN, state=broken).start()
    assert content(broken) == before


async def test_a_folder_is_no_state(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="remove it"):
        await LocalTelegram(TOKEN, state=tmp_path).start()

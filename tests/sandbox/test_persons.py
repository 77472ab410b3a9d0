"""The person's side: what they do in their client, and what the bot gets of it."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import (
    CallbackQuery,
    CopyTextButton,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)

from sandbox.client import SimClient, SimClientError, SimTimeoutError
from sandbox.world import CHANNEL, MODERATORS

from .conftest import Stage

ANYA, BORIS, MODERATOR = 1001, 1002, 3001


def keyboard(*labels: str, data: str = "") -> InlineKeyboardMarkup:
    """One button a row; its data is its label unless said otherwise."""
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=data or label)] for label in labels]
    )


async def new_updates(bot: Bot) -> list[Update]:
    """What the bot has not seen yet; confirms it."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def started(stage: Stage, person: int = ANYA) -> None:
    await stage.sim.send_text(person, "/start")
    await new_updates(stage.bot)


async def only_message(stage: Stage) -> Message:
    (update,) = await new_updates(stage.bot)
    message = update.message or update.channel_post
    assert message
    return message


async def only_tap(stage: Stage) -> CallbackQuery:
    (update,) = await new_updates(stage.bot)
    assert update.callback_query
    return update.callback_query


async def test_a_text_comes_with_its_author_and_its_command_marked(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, " /start abc ")
    message = await only_message(stage)
    assert message.text == "/start abc"
    assert message.from_user
    assert (message.from_user.id, message.from_user.language_code, message.chat.type) == (
        ANYA,
        "ru",
        "private",
    )
    assert [(e.type, e.offset, e.length) for e in message.entities or ()] == [("bot_command", 0, 6)]


async def test_a_photo_and_a_sticker_come_as_such(stage: Stage) -> None:
    await stage.sim.send_photo(ANYA, "me")
    message = await only_message(stage)
    assert message.photo
    assert message.caption == "me"
    await stage.sim.send_sticker(ANYA, "👍")
    message = await only_message(stage)
    assert message.sticker
    assert message.sticker.emoji == "👍"


async def test_the_bytes_of_a_photo_can_be_fetched(stage: Stage) -> None:
    sent = await stage.sim.send_photo(ANYA)
    async with stage.http.get(f"{stage.telegram.url}{sent.message.photo_url}") as response:
        assert (response.content_type, (await response.read())[:4]) == ("image/png", b"\x89PNG")


LINKS = [
    ("start=mentor_42-a", "/start mentor_42-a"),
    ("start=" + "x" * 64, "/start " + "x" * 64),
    ("start=" + "x" * 65, "/start"),
    ("start=a.b", "/start"),
    ("start=%D0%B6", "/start"),
    ("start=", "/start"),
    ("", "/start"),
]


@pytest.mark.parametrize(("link", "text"), LINKS)
async def test_a_deep_link_sends_start_with_its_parameter_if_telegram_takes_it(
    stage: Stage, link: str, text: str
) -> None:
    await stage.sim.follow_link(ANYA, link)
    assert (await only_message(stage)).text == text


async def test_a_person_can_type_any_start_parameter(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "/start что угодно " + "x" * 100)
    assert (await only_message(stage)).text == "/start что угодно " + "x" * 100


async def test_a_tap_brings_the_buttons_data_and_its_message(stage: Stage) -> None:
    await started(stage)
    sent = await stage.bot.send_message(
        ANYA, "<b>x</b>", parse_mode="HTML", reply_markup=keyboard("Да", data="yes")
    )
    await stage.sim.tap(ANYA, "Да")
    tap = await only_tap(stage)
    assert isinstance(tap.message, Message)
    assert (tap.data, tap.from_user.id, tap.message.html_text) == ("yes", ANYA, "<b>x</b>")
    assert tap.message.message_id == sent.message_id


async def test_a_tap_is_answered_to_the_person(stage: Stage) -> None:
    await started(stage)
    await stage.bot.send_message(ANYA, "x", reply_markup=keyboard("Да"))
    tapped = await stage.sim.tap(ANYA, "Да")
    await stage.bot.answer_callback_query(tapped.callback_query_id, text="ok", show_alert=True)
    answer = await stage.sim.wait_for_answer(tapped.callback_query_id)
    assert (answer.text, answer.show_alert) == ("ok", True)


async def test_a_label_is_looked_for_on_the_newest_message_that_has_it(stage: Stage) -> None:
    await started(stage)
    await stage.bot.send_message(ANYA, "old", reply_markup=keyboard("Да", data="old"))
    await stage.bot.send_message(ANYA, "new", reply_markup=keyboard("Да", data="new"))
    await stage.bot.send_message(ANYA, "none")
    await stage.sim.tap(ANYA, "Да")
    assert (await only_tap(stage)).data == "new"


async def test_a_label_can_be_looked_for_on_one_message(stage: Stage) -> None:
    await started(stage)
    old = await stage.bot.send_message(ANYA, "old", reply_markup=keyboard("Да", data="old"))
    await stage.bot.send_message(ANYA, "new", reply_markup=keyboard("Да", data="new"))
    await stage.sim.tap(ANYA, "Да", old.message_id)
    assert (await only_tap(stage)).data == "old"


async def test_a_stale_button_can_be_pressed_as_it_was_shown(stage: Stage) -> None:
    await started(stage)
    sent = await stage.bot.send_message(ANYA, "first", reply_markup=keyboard("Да", data="first"))
    await sent.edit_text("second", reply_markup=keyboard("Да", data="second")).as_(stage.bot)
    await stage.sim.tap(ANYA, "Да", sent.message_id, rendering=0)
    tap = await only_tap(stage)
    assert isinstance(tap.message, Message)
    assert (tap.data, tap.message.text) == ("first", "first")


async def test_only_what_is_shown_can_be_pressed(stage: Stage) -> None:
    await started(stage)
    sent = await stage.bot.send_message(ANYA, "x", reply_markup=keyboard("Да"))
    await sent.edit_text("y", reply_markup=keyboard("Нет", "Не знаю")).as_(stage.bot)
    with pytest.raises(SimClientError, match="no button 'Да' in chat 1001; there are: Нет, Не знаю"):
        await stage.sim.tap(ANYA, "Да")
    with pytest.raises(SimClientError, match="has no rendering 2: it was edited 1 times"):
        await stage.sim.tap(ANYA, "Да", sent.message_id, rendering=2)


async def test_a_deleted_message_cannot_be_pressed(stage: Stage) -> None:
    await started(stage)
    sent = await stage.bot.send_message(ANYA, "x", reply_markup=keyboard("Да"))
    await sent.delete().as_(stage.bot)
    with pytest.raises(SimClientError, match="no button"):
        await stage.sim.tap(ANYA, "Да")
    with pytest.raises(SimClientError, match="there is no message"):
        await stage.sim.tap_data(ANYA, sent.message_id, "Да")


async def test_a_part_of_a_label_is_enough_when_asked_for(stage: Stage) -> None:
    await started(stage)
    await stage.bot.send_message(ANYA, "x", reply_markup=keyboard("✅ Python", "Go"))
    await stage.sim.tap(ANYA, "Python", match="contains")
    assert (await only_tap(stage)).data == "✅ Python"
    await stage.sim.tap(ANYA, "✅", match="prefix")
    assert (await only_tap(stage)).data == "✅ Python"


async def test_a_button_can_be_pressed_by_its_place(stage: Stage) -> None:
    await started(stage)
    sent = await stage.bot.send_message(ANYA, "x", reply_markup=keyboard("a", "b"))
    await stage.sim.tap_at(ANYA, sent.message_id, 1, 0)
    assert (await only_tap(stage)).data == "b"


async def test_data_that_no_button_carries_can_be_forged(stage: Stage) -> None:
    await started(stage)
    sent = await stage.bot.send_message(ANYA, "x")
    await stage.sim.tap_data(ANYA, sent.message_id, "admin:drop")
    assert (await only_tap(stage)).data == "admin:drop"


async def test_a_link_button_sends_nothing(stage: Stage) -> None:
    await started(stage)
    buttons = [
        InlineKeyboardButton(text="open", url="https://t.me/a"),
        InlineKeyboardButton(text="copy", copy_text=CopyTextButton(text="draft")),
    ]
    await stage.bot.send_message(ANYA, "x", reply_markup=InlineKeyboardMarkup(inline_keyboard=[buttons]))
    newest = await stage.sim.newest(ANYA)
    assert (newest.button("open").url, newest.button("copy").copy_text) == ("https://t.me/a", "draft")
    with pytest.raises(
        SimClientError, match="button 'copy' sends nothing to the bot, it is a copy_text button"
    ):
        await stage.sim.tap(ANYA, "copy")


async def test_a_message_older_than_48_hours_comes_inaccessible(stage: Stage) -> None:
    await started(stage)
    sent = await stage.bot.send_message(ANYA, "x", reply_markup=keyboard("Да"))
    stage.clock.move(hours=48.1)
    await stage.sim.tap(ANYA, "Да")
    tap = await only_tap(stage)
    assert isinstance(tap.message, InaccessibleMessage)
    assert (tap.message.message_id, tap.message.date, tap.data) == (sent.message_id, 0, "Да")


async def test_a_channel_post_is_tapped_by_whoever_reads_it(stage: Stage) -> None:
    await stage.bot.send_message(CHANNEL, "new mentor", reply_markup=keyboard("Подробнее"))
    await stage.sim.tap(CHANNEL, "Подробнее", person=BORIS)
    tap = await only_tap(stage)
    assert isinstance(tap.message, Message)
    assert (tap.from_user.id, tap.message.chat.id, tap.message.from_user) == (BORIS, CHANNEL, None)


async def test_the_channels_owner_posts_and_others_cannot(stage: Stage) -> None:
    await stage.sim.send_text(CHANNEL, "hello", person=MODERATOR)
    post = await only_message(stage)
    assert (post.text, post.from_user) == ("hello", None)
    with pytest.raises(SimClientError, match="only its owner"):
        await stage.sim.send_text(CHANNEL, "hello", person=ANYA)


async def test_a_member_of_the_group_is_heard_and_a_stranger_cannot_write(stage: Stage) -> None:
    await stage.sim.send_text(MODERATORS, "hello", person=MODERATOR)
    message = await only_message(stage)
    assert (message.chat.type, message.text) == ("supergroup", "hello")
    with pytest.raises(SimClientError, match="not a member"):
        await stage.sim.send_text(MODERATORS, "hello", person=ANYA)
    with pytest.raises(SimClientError, match="is private"):
        await stage.sim.send_text(ANYA, "hello", person=BORIS)


async def test_blocking_and_unblocking_come_as_my_chat_member(stage: Stage) -> None:
    await started(stage)
    await stage.sim.block(ANYA)
    await stage.sim.block(ANYA)
    await stage.sim.unblock(ANYA)
    updates = [update.my_chat_member for update in await new_updates(stage.bot)]
    assert [update.new_chat_member.status for update in updates if update] == ["kicked", "member"]


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_taking_the_bot_out_of_the_channel_and_back_in_comes_as_my_chat_member(
    stage: Stage, status: str
) -> None:
    for new in (status, "administrator"):
        url = f"{stage.telegram.url}/sim/chats/{CHANNEL}/bot"
        async with stage.http.post(url, json={"status": new}) as response:
            assert response.status == 200
    updates = [update.my_chat_member for update in await new_updates(stage.bot)]
    assert [update.new_chat_member.status for update in updates if update] == [status, "administrator"]


async def test_a_bot_that_was_taken_out_hears_nothing(stage: Stage) -> None:
    stage.telegram.persons.set_bot_status(MODERATORS, "left")
    await new_updates(stage.bot)
    sent = await stage.sim.send_text(MODERATORS, "hello", person=MODERATOR)
    assert (sent.update_id, await new_updates(stage.bot)) == (None, [])


async def test_one_who_blocked_cannot_write_but_comes_back_by_a_link(stage: Stage) -> None:
    await started(stage)
    await stage.sim.block(ANYA)
    with pytest.raises(SimClientError, match="has blocked the bot: unblock first"):
        await stage.sim.send_text(ANYA, "hello")
    await stage.sim.follow_link(ANYA, "start=back")
    kinds = [update.event_type for update in await new_updates(stage.bot)]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]


async def test_a_language_is_that_of_the_next_update(stage: Stage) -> None:
    await stage.sim.set_language(ANYA, "en")
    await stage.sim.send_text(ANYA, "/start")
    message = await only_message(stage)
    assert message.from_user
    assert message.from_user.language_code == "en"


async def test_new_people_can_come(stage: Stage) -> None:
    await stage.sim.add_person(5001, "Глеб", language_code="en")
    await stage.sim.send_text(5001, "/start")
    assert (await only_message(stage)).chat.first_name == "Глеб"
    with pytest.raises(SimClientError, match="there is a person 5001 already"):
        await stage.sim.add_person(5001)
    assert stage.telegram.person(5001).first_name == "Глеб"
    assert stage.telegram.person(5002).first_name == "Person 5002"


async def test_the_transcript_has_what_stands(stage: Stage) -> None:
    await started(stage)
    sent = await stage.bot.send_message(ANYA, "first", reply_markup=keyboard("Да"))
    gone = await stage.bot.send_message(ANYA, "gone")
    await sent.edit_text("second").as_(stage.bot)
    await gone.delete().as_(stage.bot)
    shown = [
        (message.text, message.by_bot, message.edits, message.buttons)
        for message in await stage.sim.transcript(ANYA)
    ]
    assert shown == [("/start", False, 0, ()), ("second", True, 1, ())]


async def test_message_ids_are_one_sequence_over_all_chats(stage: Stage) -> None:
    await started(stage, ANYA)
    await started(stage, BORIS)
    first = await stage.bot.send_message(ANYA, "x")
    second = await stage.bot.send_message(BORIS, "x")
    assert second.message_id == first.message_id + 1


async def test_commands_and_calls_are_shown(stage: Stage) -> None:
    await stage.raw("setMyCommands", json={"commands": [{"command": "help", "description": "Help"}]})
    await stage.raw("sendMessage", json={"chat_id": 7, "text": "x"})
    state = await stage.sim.state()
    assert state["bot"]["commands"] == [{"command": "help", "description": "Help"}]
    call = (await stage.sim.calls())[-1]
    assert (call["method"], call["chat_id"], call["taken"], call["status"]) == ("sendMessage", 7, False, 400)
    assert await stage.sim.calls(since=call["id"]) == []


async def test_what_does_not_come_is_told_with_what_there_is(stage: Stage) -> None:
    await started(stage)
    await stage.bot.send_message(ANYA, "something else", reply_markup=keyboard("Да"))
    with pytest.raises(SimTimeoutError, match=r"no such message .*'something else' with buttons \['Да'\]"):
        await stage.sim.wait_for_message(ANYA, lambda message: message.text == "hello", timeout=0)
    with pytest.raises(SimTimeoutError, match="was not answered"):
        await stage.sim.wait_for_answer("1", timeout=0)


async def test_a_message_is_waited_for_from_the_last_act_on(stage: Stage) -> None:
    await started(stage)
    await stage.bot.send_message(ANYA, "old")
    await stage.sim.send_text(ANYA, "next")
    await stage.bot.send_message(ANYA, "new")
    assert (await stage.sim.wait_for_message(ANYA)).text == "new"
    assert (await stage.sim.wait_for_message(ANYA, after=0)).text == "old"


async def test_waiting_ends_when_the_server_stops(stage: Stage) -> None:
    async with SimClient(stage.telegram.url) as watcher:
        await stage.telegram.stop()
        with pytest.raises(SimClientError, match="has stopped"):
            await watcher.wait_for_message(ANYA)


BROKEN: list[tuple[str, str, Any, str]] = [
    ("no JSON", "/sim/chats/1001/send", b"{", "the body is not JSON"),
    ("no object", "/sim/chats/1001/send", [], "the body must be a JSON object"),
    ("nobody", "/sim/chats/1001/send", {"text": "x"}, 'the body needs "from"'),
    ("no text", "/sim/chats/1001/send", {"from": 1001}, 'the body needs "text", a string'),
    ("an empty text", "/sim/chats/1001/send", {"from": 1001, "text": " "}, "an empty text cannot be sent"),
    ("a long text", "/sim/chats/1001/send", {"from": 1001, "text": "x" * 4097}, "message is too long"),
    (
        "a person who is not",
        "/sim/chats/1001/send",
        {"from": 7, "text": "x"},
        "there is no person 7; there are",
    ),
    ("a chat that is not", "/sim/chats/7/send", {"from": 1001, "text": "x"}, "there is no chat 7"),
    ("a chat without a number", "/sim/chats/x/send", {}, "the chat's id must be a whole number"),
    ("a tap on nothing", "/sim/chats/1001/tap", {"from": 1001, "message_id": 7, "data": "x"}, "no message 7"),
    ("an odd match", "/sim/chats/1001/tap", {"from": 1001, "label": "x", "match": "y"}, "must be one of"),
    ("an odd act", "/sim/people/1001/dance", {}, "a person cannot dance"),
    (
        "a link elsewhere",
        "/sim/people/1001/follow",
        {"url": "https://t.me/other"},
        "does not lead to the bot",
    ),
    ("half a link", "/sim/people/1001/follow", {"url": "https://[t.me"}, "does not lead to the bot"),
    ("an update that never was", "/sim/update", {"repeat": 7}, "is not among the last"),
    ("a private chat to leave", "/sim/chats/1001/bot", {"status": "left"}, "block it instead"),
    ("a person to upgrade", "/sim/chats/1001/upgrade", {}, "is no group"),
]


@pytest.mark.parametrize(
    ("path", "body", "sentence"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
async def test_a_broken_request_gets_a_sentence(stage: Stage, path: str, body: Any, sentence: str) -> None:
    sent = {"data": body} if isinstance(body, bytes) else {"json": body}
    async with stage.http.post(stage.telegram.url + path, **sent) as response:
        answer = await response.json()
    assert 400 <= response.status < 500
    assert sentence in answer["error"]


@pytest.mark.parametrize(("origin", "status"), [("{own}", 200), ("http://example.org", 403), ("null", 403)])
async def test_only_the_servers_own_page_may_play_people(stage: Stage, origin: str, status: int) -> None:
    url = f"{stage.telegram.url}/sim/chats/{ANYA}/send"
    headers = {"Origin": origin.format(own=stage.telegram.url)}
    async with stage.http.post(url, json={"from": ANYA, "text": "x"}, headers=headers) as response:
        assert response.status == status


async def test_events_can_be_taken_up_where_they_broke_off(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "a")
    await stage.sim.send_text(ANYA, "b")
    headers = {"Last-Event-ID": "1"}
    async with stage.http.get(f"{stage.telegram.url}/sim/events", headers=headers) as stream:
        lines = [await stream.content.readline() for _ in range(3)]
    assert lines[2] == b"id: 2\n"


async def test_messages_can_be_asked_for_since_an_event(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "a")
    await stage.sim.send_text(ANYA, "b")
    async with stage.http.get(f"{stage.telegram.url}/sim/chats/{ANYA}/messages?after_event=1") as response:
        answer = await response.json()
    assert ([message["text"] for message in answer["messages"]], answer["event"]) == (["b"], 2)

"""Telegram's rules, one row each, asked by the real aiogram client over HTTP.

A row says what the bot does and what Telegram answers: a code and its text, or nothing if it goes through.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
)

from sandbox.photos import plain_picture
from sandbox.world import CHANNEL, MODERATORS

from .conftest import Stage, bot_at

ANYA, BORIS, NOBODY = 1001, 1002, 999
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
BROKEN = "Bad Request: can't parse entities: "
CODES: dict[type[TelegramAPIError], int] = {
    TelegramBadRequest: 400,
    TelegramUnauthorizedError: 401,
    TelegramForbiddenError: 403,
    TelegramNotFound: 404,
    TelegramConflictError: 409,
    TelegramRetryAfter: 429,
    TelegramMigrateToChat: 400,
}

Act = Callable[[Stage], Awaitable[Any]]


@dataclass(frozen=True)
class Row:
    """What is done, and how Telegram answers; no text: it goes through."""

    name: str
    act: Act
    text: str = ""
    code: int = 400


def say(text: str, html: bool = False, **more: Any) -> Act:
    """sendMessage to somebody who pressed Start."""
    mode = "HTML" if html else None
    return lambda stage: stage.bot.send_message(ANYA, text, parse_mode=mode, **more)


def button(**fields: Any) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=fields.pop("text", "x"), **fields)


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=list(rows))


def show(*rows: list[InlineKeyboardButton]) -> Act:
    """sendMessage with that keyboard."""
    return say("x", reply_markup=keyboard(*rows))


def one_button(**fields: Any) -> Act:
    return show([button(**fields)])


def grid(count: int, across: int = 5) -> Act:
    """So many buttons."""
    cells = [button(callback_data=str(number)) for number in range(count)]
    return show(*[cells[at : at + across] for at in range(0, count, across)])


async def tapped(stage: Stage) -> str:
    """Somebody taps; the id of the query."""
    await stage.bot.send_message(ANYA, "x", reply_markup=keyboard([button(text="Go", callback_data="go")]))
    tap = await stage.sim.tap(ANYA, "Go")
    return tap.callback_query_id


def answering(text: str | None = None, hours: float = 0) -> Act:
    """A tap and its answer, so many hours later."""

    async def act(stage: Stage) -> None:
        tap_id = await tapped(stage)
        stage.clock.move(hours=hours)
        await stage.bot.answer_callback_query(tap_id, text=text)

    return act


def editing(first: dict[str, Any], second: dict[str, Any]) -> Act:
    """A message sent, then its text edited."""

    async def act(stage: Stage) -> None:
        sent = await stage.bot.send_message(ANYA, **first)
        await stage.bot.edit_message_text(chat_id=ANYA, message_id=sent.message_id, **second)

    return act


async def edit_markup_to_the_same(stage: Stage) -> None:
    markup = keyboard([button(callback_data="a")])
    sent = await stage.bot.send_message(ANYA, "x", reply_markup=markup)
    await stage.bot.edit_message_reply_markup(chat_id=ANYA, message_id=sent.message_id, reply_markup=markup)


async def edit_what_a_person_wrote(stage: Stage) -> None:
    sent = await stage.sim.send_text(ANYA, "mine")
    await stage.bot.edit_message_text("yours", chat_id=ANYA, message_id=sent.message.message_id)


async def edit_a_deleted_message(stage: Stage) -> None:
    sent = await stage.bot.send_message(ANYA, "x")
    await stage.bot.delete_message(ANYA, sent.message_id)
    await stage.bot.edit_message_text("y", chat_id=ANYA, message_id=sent.message_id)


async def edit_text_of_a_photo(stage: Stage) -> None:
    sent = await stage.bot.send_photo(ANYA, BufferedInputFile(plain_picture(), "a.png"))
    await stage.bot.edit_message_text("x", chat_id=ANYA, message_id=sent.message_id)


def deleting_after(hours: float) -> Act:
    async def act(stage: Stage) -> None:
        sent = await stage.bot.send_message(ANYA, "x")
        stage.clock.move(hours=hours)
        await stage.bot.delete_message(ANYA, sent.message_id)

    return act


def photo(data: bytes, caption: str | None = None) -> Act:
    return lambda stage: stage.bot.send_photo(ANYA, BufferedInputFile(data, "a.png"), caption=caption)


async def photo_by_file_id(stage: Stage) -> None:
    sent = await stage.bot.send_photo(ANYA, BufferedInputFile(plain_picture(), "a.png"))
    assert sent.photo
    await stage.bot.send_photo(ANYA, sent.photo[-1].file_id)


async def to_one_who_blocked(stage: Stage) -> None:
    await stage.sim.block(ANYA)
    await stage.bot.send_message(ANYA, "x")


async def to_one_who_came_back(stage: Stage) -> None:
    await stage.sim.block(ANYA)
    await stage.sim.unblock(ANYA)
    await stage.bot.send_message(ANYA, "x")


async def to_a_deleted_account(stage: Stage) -> None:
    stage.telegram.persons.deactivate(ANYA)
    await stage.bot.send_message(ANYA, "x")


async def to_one_met_in_the_channel_only(stage: Stage) -> None:
    await stage.bot.send_message(CHANNEL, "x", reply_markup=keyboard([button(text="Go", callback_data="go")]))
    await stage.sim.tap(CHANNEL, "Go", person=BORIS)
    await stage.bot.send_message(BORIS, "x")


def to_the_channel_as(status: Any) -> Act:
    async def act(stage: Stage) -> None:
        stage.telegram.persons.set_bot_status(CHANNEL, status)
        await stage.bot.send_message(CHANNEL, "x")

    return act


async def to_an_upgraded_group(stage: Stage) -> None:
    stage.telegram.persons.upgrade(MODERATORS)
    await stage.bot.send_message(MODERATORS, "x")


def webhook(url: str = "http://127.0.0.1:9/hook", **more: Any) -> Act:
    return lambda stage: stage.bot.set_webhook(url, **more)


async def webhook_twice_at_once(stage: Stage) -> None:
    await stage.bot.set_webhook("http://127.0.0.1:9/hook")
    await stage.bot.set_webhook("http://127.0.0.1:9/hook")


async def webhook_twice_with_a_second_between(stage: Stage) -> None:
    await stage.bot.set_webhook("http://127.0.0.1:9/hook")
    stage.clock.move(seconds=1)
    await stage.bot.set_webhook("http://127.0.0.1:9/hook")


async def poll_while_a_webhook_is_set(stage: Stage) -> None:
    await stage.bot.set_webhook("http://127.0.0.1:9/hook")
    await stage.bot.get_updates()


async def with_another_token(stage: Stage) -> None:
    stranger = bot_at(stage.telegram.url, "43:OTHER")
    try:
        await stranger.get_me()
    finally:
        await stranger.session.close()


class UnknownMethod(TelegramMethod[bool]):
    __returning__ = bool
    __api_method__ = "sendTelepathy"


def copying(message_id: int | None = None, **more: Any) -> Act:
    async def act(stage: Stage) -> None:
        sent = await stage.bot.send_message(ANYA, "x")
        await stage.bot.copy_message(CHANNEL, ANYA, message_id or sent.message_id, **more)

    return act


TEXT = [
    Row("4096 characters", say("x" * 4096)),
    Row("4097 characters", say("x" * 4097), "Bad Request: message is too long"),
    Row("4096 emoji: code points count, not UTF-16", say("😀" * 4096)),
    Row("4096 characters after entities are parsed", say("<b>" + "x" * 4096 + "</b>", html=True)),
    Row(
        "4097 characters after entities are parsed",
        say("&lt;" * 4097, html=True),
        "Bad Request: message is too long",
    ),
    Row("spaces at the ends do not count", say("  \n" + "x" * 4096 + "\n  ")),
    Row("nothing at all", say(""), "Bad Request: message text is empty"),
    Row("spaces only", say(" \n\t "), "Bad Request: message text is empty"),
    Row("tags with nothing inside", say("<b></b>", html=True), "Bad Request: message text is empty"),
    Row("32,768 bytes, of which few are shown", say("<b></b>" * 4681 + "x", html=True)),
    Row("32,769 bytes", say("<b></b>" * 4681 + "xx", html=True), "Bad Request: text is too long"),
    Row("16,385 Cyrillic letters", say("ж" * 16_385), "Bad Request: text is too long"),
    Row("caption of 1024", photo(plain_picture(), "ж" * 1024)),
    Row("caption of 1025", photo(plain_picture(), "ж" * 1025), "Bad Request: message caption is too long"),
    Row(
        "MarkdownV2 is not spoken here",
        lambda stage: stage.bot.send_message(ANYA, "x", parse_mode="MarkdownV2"),
        "Bad Request: this local Telegram reads parse_mode HTML only, not MarkdownV2",
    ),
    Row("entities given by hand", say("hello", entities=[MessageEntity(type="bold", offset=0, length=5)])),
    Row(
        "entities beyond the text",
        say("hello", entities=[MessageEntity(type="bold", offset=4, length=5)]),
        "Bad Request: entity beginning or length is outside of the text",
    ),
]

HTML = [
    Row("an unknown tag", say("ж<x>y</x>", html=True), BROKEN + 'Unsupported start tag "x" at byte offset 2'),
    Row("a comparison", say("1 < 2", html=True), BROKEN + 'Unsupported start tag "" at byte offset 2'),
    Row(
        "a start tag that does not end", say("<b", html=True), BROKEN + "Unclosed start tag at byte offset 0"
    ),
    Row(
        "an attribute that does not end",
        say("<a href='x", html=True),
        BROKEN + "Unclosed start tag at byte offset 0",
    ),
    Row("an end with no start", say("xyz</b>", html=True), BROKEN + "Unexpected end tag at byte offset 3"),
    Row(
        "an end tag that does not end",
        say("<b>x</b", html=True),
        BROKEN + "Unclosed end tag at byte offset 4",
    ),
    Row(
        "crossed tags",
        say("<b><i>x</b></i>", html=True),
        BROKEN + 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    Row(
        "another end tag",
        say("<b>😀</i>", html=True),
        BROKEN + 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"',
    ),
    Row("no end tag", say("<b>x", html=True), BROKEN + 'Can\'t find end tag corresponding to start tag "b"'),
    Row(
        "no end tag inside another",
        say("<b>x<i>y", html=True),
        BROKEN + 'Can\'t find end tag corresponding to start tag "i"',
    ),
    Row(
        "a span without the class",
        say("<span>x</span>", html=True),
        BROKEN + 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
    Row(
        "an attribute with no name",
        say('<a ="x">y</a>', html=True),
        BROKEN + 'Empty attribute name in the tag "a" at byte offset 0',
    ),
    Row(
        "a bare attribute with odd characters",
        say("<a href=a/b>y</a>", html=True),
        BROKEN + "Unexpected end of name token at byte offset 8",
    ),
    Row(
        "an emoji without a number",
        say('<tg-emoji emoji-id="x">👍</tg-emoji>', html=True),
        BROKEN + "Invalid custom emoji identifier specified",
    ),
    Row(
        "a caption is parsed, too",
        lambda s: s.bot.send_photo(
            ANYA, BufferedInputFile(plain_picture(), "a"), caption="<b>", parse_mode="HTML"
        ),
        BROKEN + 'Can\'t find end tag corresponding to start tag "b"',
    ),
    Row(
        "an edit is parsed, too",
        editing({"text": "x"}, {"text": "</b>", "parse_mode": "HTML"}),
        BROKEN + "Unexpected end tag at byte offset 0",
    ),
]

KEYBOARDS = [
    Row("callback data of 64 bytes", one_button(callback_data="x" * 64)),
    Row("callback data of 65 bytes", one_button(callback_data="x" * 65), "Bad Request: BUTTON_DATA_INVALID"),
    Row(
        "callback data of 33 Cyrillic letters",
        one_button(callback_data="ж" * 33),
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    Row("callback data of nothing", one_button(callback_data=""), "Bad Request: BUTTON_DATA_INVALID"),
    Row("100 buttons", grid(100)),
    Row("101 buttons", grid(101), "Bad Request: reply markup is too long"),
    Row("8 in a row", grid(8, across=8)),
    Row("9 in a row", grid(9, across=9), "Bad Request: reply markup is too long"),
    Row(
        "more than 10 kB",
        show(*[[button(text="x" * 200, callback_data="y" * 64)] for _ in range(50)]),
        "Bad Request: reply markup is too long",
    ),
    Row("nothing but text", one_button(), "Bad Request: Text buttons are unallowed in the inline keyboard"),
    Row("256 characters to copy", one_button(copy_text=CopyTextButton(text="ж" * 256))),
    Row(
        "257 characters to copy",
        one_button(copy_text=CopyTextButton(text="x" * 257)),
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
    ),
    Row(
        "nothing to copy",
        one_button(copy_text=CopyTextButton(text="")),
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
    ),
    Row("a link", one_button(url="https://t.me/somebody")),
    Row(
        "a link that is none",
        one_button(url="nowhere"),
        "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
    ),
    Row("a style", one_button(callback_data="x", style="success")),
    Row(
        "a style nobody knows",
        one_button(callback_data="x", style="pink"),
        "Bad Request: can't parse inline keyboard button: Invalid button style specified",
    ),
    Row(
        "a button without text",
        one_button(text="", callback_data="x"),
        "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
    ),
]

MESSAGES = [
    Row("edited to another text", editing({"text": "x"}, {"text": "y"})),
    Row("edited to the same text", editing({"text": "x"}, {"text": "x"}), NOT_MODIFIED),
    Row("the same but for spaces at the end", editing({"text": "x"}, {"text": "x \n"}), NOT_MODIFIED),
    Row("the same text, now bold", editing({"text": "x"}, {"text": "<b>x</b>", "parse_mode": "HTML"})),
    Row(
        "the same text, without its keyboard",
        editing({"text": "x", "reply_markup": keyboard([button(callback_data="a")])}, {"text": "x"}),
    ),
    Row("the same keyboard", edit_markup_to_the_same, NOT_MODIFIED),
    Row(
        "edit what is not there",
        lambda stage: stage.bot.edit_message_text("x", chat_id=ANYA, message_id=77),
        "Bad Request: message to edit not found",
    ),
    Row("edit what was deleted", edit_a_deleted_message, "Bad Request: message to edit not found"),
    Row("edit a person's message", edit_what_a_person_wrote, "Bad Request: message can't be edited"),
    Row(
        "edit the text of a photo",
        edit_text_of_a_photo,
        "Bad Request: there is no text in the message to edit",
    ),
    Row("edit to nothing", editing({"text": "x"}, {"text": " "}), "Bad Request: message text is empty"),
    Row("edit to 4097", editing({"text": "x"}, {"text": "x" * 4097}), "Bad Request: message is too long"),
    Row("delete after 48 hours less a bit", deleting_after(47.9)),
    Row("delete after 48 hours", deleting_after(48.1), "Bad Request: message can't be deleted"),
    Row(
        "delete what is not there",
        lambda stage: stage.bot.delete_message(ANYA, 77),
        "Bad Request: message to delete not found",
    ),
    Row(
        "reply to what is not there",
        say("x", reply_parameters=ReplyParameters(message_id=77)),
        "Bad Request: message to be replied not found",
    ),
    Row(
        "reply anyway",
        say("x", reply_parameters=ReplyParameters(message_id=77, allow_sending_without_reply=True)),
    ),
    Row("copy into the channel", copying()),
    Row("copy what is not there", copying(77), "Bad Request: message to copy not found"),
    Row("a photo", photo(plain_picture())),
    Row("a photo sent before", photo_by_file_id),
    Row("a photo that is none", photo(b"hello"), "Bad Request: IMAGE_PROCESS_FAILED"),
    Row("a photo of no bytes", photo(b""), "Bad Request: file must be non-empty"),
    Row("a photo of 51 MB", photo(b"\x89" * (51 * 1024 * 1024)), "Bad Request: file is too big"),
    Row(
        "a photo by an unknown id",
        lambda stage: stage.bot.send_photo(ANYA, "AgACwhatever"),
        "Bad Request: wrong remote file identifier specified",
    ),
    Row("typing", lambda stage: stage.bot.send_chat_action(ANYA, "typing")),
    Row(
        "an action nobody knows",
        lambda stage: stage.bot.send_chat_action(ANYA, "dancing"),
        "Bad Request: wrong parameter action in request",
    ),
]

ANSWERS = [
    Row("an answer of 200 characters", answering("ж" * 200)),
    Row("an answer of 201 characters", answering("ж" * 201), "Bad Request: MESSAGE_TOO_LONG"),
    Row("an answer after minutes", answering(hours=0.2)),
    Row("an answer after hours", answering(hours=1), TOO_OLD),
    Row("an answer to nobody", lambda stage: stage.bot.answer_callback_query("123"), TOO_OLD),
]

CHATS = [
    Row(
        "a chat nobody has", lambda stage: stage.bot.send_message(NOBODY, "x"), "Bad Request: chat not found"
    ),
    Row(
        "somebody the bot never met", lambda s: s.bot.send_message(BORIS, "x"), "Bad Request: chat not found"
    ),
    Row("an empty chat id", lambda stage: stage.bot.send_message("", "x"), "Bad Request: chat_id is empty"),
    Row("a channel by name", lambda stage: stage.bot.send_message("@Shortlist_Channel", "x")),
    Row("a channel nobody has", lambda s: s.bot.send_message("@nobody", "x"), "Bad Request: chat not found"),
    Row(
        "a person by name", lambda s: s.bot.send_message("@anya_student", "x"), "Bad Request: chat not found"
    ),
    Row(
        "met in the channel, never pressed Start",
        to_one_met_in_the_channel_only,
        "Forbidden: bot can't initiate conversation with a user",
        403,
    ),
    Row("blocked", to_one_who_blocked, "Forbidden: bot was blocked by the user", 403),
    Row("blocked and unblocked", to_one_who_came_back),
    Row("a deleted account", to_a_deleted_account, "Forbidden: user is deactivated", 403),
    Row("a member of the channel", to_the_channel_as("administrator")),
    Row("left", to_the_channel_as("left"), "Forbidden: bot is not a member of the channel chat", 403),
    Row("kicked", to_the_channel_as("kicked"), "Forbidden: bot was kicked from the channel chat", 403),
    Row(
        "an upgraded group",
        to_an_upgraded_group,
        "Bad Request: group chat was upgraded to a supergroup chat",
    ),
    Row("a chat asked about", lambda stage: stage.bot.get_chat(ANYA)),
    Row("an unknown chat asked about", lambda s: s.bot.get_chat(NOBODY), "Bad Request: chat not found"),
    Row("a member asked about", lambda stage: stage.bot.get_chat_member(CHANNEL, BORIS)),
    Row(
        "a stranger asked about",
        lambda s: s.bot.get_chat_member(CHANNEL, NOBODY),
        "Bad Request: user not found",
    ),
]

SERVICE = [
    Row("a webhook", webhook()),
    Row("a webhook with a secret of 256", webhook(secret_token="aZ_-" * 64)),
    Row("a secret of 257", webhook(secret_token="x" * 257), "Bad Request: secret token is too long"),
    Row(
        "a secret with a space",
        webhook(secret_token="a b"),
        "Bad Request: secret token contains unallowed characters",
    ),
    Row(
        "a webhook elsewhere without TLS",
        webhook("http://example.org/"),
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    Row(
        "a webhook that is no address",
        webhook("hello"),
        "Bad Request: bad webhook: invalid webhook URL specified",
    ),
    Row(
        "a webhook with half an address",
        webhook("https://[::1"),
        "Bad Request: bad webhook: invalid webhook URL specified",
    ),
    Row("two webhooks in one second", webhook_twice_at_once, "Too Many Requests: retry after 1", 429),
    Row("two webhooks in two seconds", webhook_twice_with_a_second_between),
    Row(
        "polling under a webhook",
        poll_while_a_webhook_is_set,
        WEBHOOK_ACTIVE,
        409,
    ),
    Row("a wrong token", with_another_token, "Unauthorized", 401),
    Row("an unknown method", lambda stage: stage.bot(UnknownMethod()), "Not Found: method not found", 404),
    Row(
        "a command with capitals",
        lambda stage: stage.bot.set_my_commands([BotCommand(command="Start", description="x")]),
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    Row(
        "a command without words",
        lambda stage: stage.bot.set_my_commands([BotCommand(command="start", description="")]),
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
]

TABLE = [*TEXT, *HTML, *KEYBOARDS, *MESSAGES, *ANSWERS, *CHATS, *SERVICE]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
async def test_telegrams_rule(stage: Stage, row: Row) -> None:
    await stage.sim.send_text(ANYA, "/start")
    if not row.text:
        await row.act(stage)
        return
    with pytest.raises(TelegramAPIError) as refused:
        await row.act(stage)
    assert (CODES[type(refused.value)], described(refused.value)) == (row.code, row.text)


def described(error: TelegramAPIError) -> str:
    """Telegram's own words; aiogram puts its own in their place for two errors with parameters."""
    match error:
        case TelegramRetryAfter(retry_after=seconds):
            return f"Too Many Requests: retry after {seconds}"
        case TelegramMigrateToChat(migrate_to_chat_id=chat_id) if chat_id < 0:
            return "Bad Request: group chat was upgraded to a supergroup chat"
        case _:
            return error.message

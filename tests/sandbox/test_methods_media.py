"""Photos, documents and albums; captions and media edited; files fetched; pins; commands; inline answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    Message,
)

from sandbox.client import SimClient
from sandbox.photos import plain_picture
from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL

from .conftest import TOKEN, Stage, bot_at
from .test_rules import NOT_MODIFIED, TOO_OLD, Act, Row, described

ANYA = 1001
KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="yes")]])


def picture(width: int = 4) -> BufferedInputFile:
    return BufferedInputFile(plain_picture(width, 3), "a.png")


def report(text: str = "id;name", name: str = "отчёт.csv") -> BufferedInputFile:
    return BufferedInputFile(text.encode(), name)


@pytest.fixture(autouse=True)
async def _started(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "/start")


async def test_a_document_keeps_its_name_and_its_bytes(stage: Stage) -> None:
    sent = await stage.bot.send_document(ANYA, report(), caption="<b>all</b>", parse_mode="HTML")
    assert sent.document
    assert (sent.document.file_name, sent.document.file_size, sent.html_text) == (
        "отчёт.csv",
        7,
        "<b>all</b>",
    )
    shown = (await stage.sim.newest(ANYA)).document
    assert shown
    assert (shown.file_name, shown.size, shown.file_id) == ("отчёт.csv", 7, sent.document.file_id)
    async with stage.http.get(stage.telegram.url + shown.url) as response:
        assert await response.read() == b"id;name"
        assert response.content_disposition
        assert response.content_disposition.filename == "отчёт.csv"


async def test_a_path_in_a_documents_name_is_left_out(stage: Stage) -> None:
    sent = await stage.bot.send_document(ANYA, report(name="..\\..\\etc/passwd"))
    assert sent.document
    assert sent.document.file_name == "passwd"


async def test_a_file_is_downloaded_by_the_path_that_get_file_tells(stage: Stage) -> None:
    document = (await stage.bot.send_document(ANYA, report())).document
    photo = (await stage.bot.send_photo(ANYA, picture())).photo
    assert document
    assert photo
    for file_id, data in ((document.file_id, b"id;name"), (photo[-1].file_id, plain_picture(4, 3))):
        downloaded = await stage.bot.download(file_id)
        assert downloaded
        assert downloaded.read() == data


async def test_a_file_that_is_not_there_cannot_be_downloaded(stage: Stage) -> None:
    document = (await stage.bot.send_document(ANYA, report())).document
    assert document
    path = (await stage.bot.get_file(document.file_id)).file_path
    for token, asked, status in ((TOKEN, "documents/x.csv", 404), ("43:OTHER", path, 401)):
        async with stage.http.get(f"{stage.telegram.url}/file/bot{token}/{asked}") as response:
            assert response.status == status


async def test_an_album_is_messages_of_one_group(stage: Stage) -> None:
    media = [InputMediaPhoto(media=picture(width), caption="x" * width) for width in (1, 2, 3)]
    sent = await stage.bot.send_media_group(ANYA, [*media])
    assert [message.caption for message in sent] == ["x", "xx", "xxx"]
    assert len({message.media_group_id for message in sent}) == 1
    again = await stage.bot.send_media_group(ANYA, [*media[:2]])
    shown = [message for message in await stage.sim.transcript(ANYA) if message.by_bot]
    groups = [message.media_group_id for message in shown]
    assert groups == [sent[0].media_group_id] * 3 + [again[0].media_group_id] * 2
    assert groups[0] != groups[-1]
    assert (await stage.sim.calls())[-1]["message_id"] == again[0].message_id


async def test_an_album_of_one_is_no_album(stage: Stage) -> None:
    (sent,) = await stage.bot.send_media_group(ANYA, [InputMediaPhoto(media=picture())])
    assert sent.media_group_id is None


async def test_a_caption_is_edited_and_a_keyboard_alone_is_no_edit_for_people(stage: Stage) -> None:
    sent = await stage.bot.send_photo(ANYA, picture(), caption="old", reply_markup=KEYBOARD)
    await stage.bot.edit_message_reply_markup(chat_id=ANYA, message_id=sent.message_id)
    assert (await stage.sim.newest(ANYA)).edited is False
    edited = await stage.bot.edit_message_caption(chat_id=ANYA, message_id=sent.message_id, caption="new")
    assert isinstance(edited, Message)
    assert (edited.caption, edited.photo) == ("new", sent.photo)
    shown = await stage.sim.newest(ANYA)
    assert (shown.text, shown.edited, shown.edits) == ("new", True, 2)
    await stage.bot.edit_message_caption(chat_id=ANYA, message_id=sent.message_id)
    assert (await stage.sim.newest(ANYA)).text == ""


async def test_a_photo_is_exchanged_for_another_or_a_document(stage: Stage) -> None:
    sent = await stage.bot.send_photo(ANYA, picture(4), caption="old")
    where: dict[str, Any] = {"chat_id": ANYA, "message_id": sent.message_id}
    edited = await stage.bot.edit_message_media(InputMediaPhoto(media=picture(9)), **where)
    assert isinstance(edited, Message)
    assert edited.photo
    assert (edited.photo[-1].width, edited.caption) == (9, None)
    edited = await stage.bot.edit_message_media(
        InputMediaDocument(media=report(), caption="x"), **where, reply_markup=KEYBOARD
    )
    assert isinstance(edited, Message)
    assert (edited.photo, edited.caption, bool(edited.reply_markup)) == (None, "x", True)
    again = await stage.bot.send_photo(ANYA, sent.photo[-1].file_id if sent.photo else "")
    assert again.photo == sent.photo


async def test_a_copy_of_a_document_has_its_own_caption(stage: Stage) -> None:
    sent = await stage.bot.send_document(ANYA, report(), caption="old")
    await stage.bot.copy_message(CHANNEL, ANYA, sent.message_id, caption="new")
    await stage.bot.copy_message(CHANNEL, ANYA, sent.message_id)
    shown = await stage.sim.transcript(CHANNEL)
    assert [(message.text, bool(message.document)) for message in shown] == [("new", True), ("old", True)]


async def pinned(stage: Stage) -> int | None:
    chats = (await stage.sim.state())["chats"]
    found: int | None = next(chat["pinned"] for chat in chats if chat["id"] == CHANNEL)
    return found


async def test_the_newest_pin_stands_on_top_until_it_is_taken_away(stage: Stage) -> None:
    first, second, third = [(await stage.bot.send_message(CHANNEL, "x")).message_id for _ in range(3)]
    tops = [await pinned(stage)]
    for message_id in (first, second, third):
        await stage.bot.pin_chat_message(CHANNEL, message_id)
        tops.append(await pinned(stage))
    described_chat = await stage.bot.get_chat(CHANNEL)
    assert isinstance(described_chat.pinned_message, Message)
    assert described_chat.pinned_message.message_id == third
    await stage.bot.delete_message(CHANNEL, third)
    tops.append(await pinned(stage))
    await stage.bot.unpin_chat_message(CHANNEL, message_id=first)
    tops.append(await pinned(stage))
    await stage.bot.unpin_chat_message(CHANNEL)
    tops.append(await pinned(stage))
    assert tops == [None, first, second, third, second, second, None]


def names(commands: list[BotCommand]) -> list[str]:
    return [command.command for command in commands]


async def test_commands_are_kept_for_each_scope_and_language(stage: Stage) -> None:
    everybody, some = [BotCommand(command="a", description="A")], [BotCommand(command="b", description="B")]
    scope = BotCommandScopeAllPrivateChats()
    await stage.bot.set_my_commands(everybody)
    await stage.bot.set_my_commands(some, scope=scope, language_code="en")
    assert names(await stage.bot.get_my_commands()) == ["a"]
    assert names(await stage.bot.get_my_commands(scope=scope, language_code="en")) == ["b"]
    assert await stage.bot.get_my_commands(scope=scope) == []
    bot = (await stage.sim.state())["bot"]
    assert bot["commands"] == [{"command": "a", "description": "A"}]
    assert bot["scoped_commands"] == [
        {
            "scope": {"type": "all_private_chats"},
            "language_code": "en",
            "commands": [{"command": "b", "description": "B"}],
        }
    ]
    await stage.bot.delete_my_commands(scope=scope, language_code="en")
    assert (await stage.sim.state())["bot"]["scoped_commands"] == []


def article(number: int = 1) -> InlineQueryResultArticle:
    content = InputTextMessageContent(message_text="x")
    return InlineQueryResultArticle(id=str(number), title="x", input_message_content=content)


async def test_an_inline_query_that_came_can_be_answered(stage: Stage) -> None:
    asked = {"id": "77", "from": {"id": ANYA}, "query": "python", "offset": ""}
    await stage.sim.put_update({"inline_query": asked})
    await stage.bot.answer_inline_query("77", [article()])
    event = await stage.sim.wait_for(lambda event: event.type == "inline_answer")
    assert [result["title"] for result in event.fields["results"]] == ["x"]


async def test_documents_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "telegram.json"
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        bot = bot_at(telegram.url)
        await sim.send_text(ANYA, "/start")
        document = (await bot.send_document(ANYA, report())).document
        await bot.send_photo(ANYA, picture())
        await bot.pin_chat_message(ANYA, 2)
        await bot.session.close()
    assert document
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        bot = bot_at(telegram.url)
        downloaded = await bot.download(document.file_id)
        assert downloaded
        assert downloaded.read() == b"id;name"
        assert len(telegram.world.photos) == 1
        assert telegram.world.chat(ANYA).newest_pin == 2
        await bot.session.close()


async def test_commands_of_an_older_state_are_those_of_everybody(tmp_path: Path) -> None:
    state = tmp_path / "telegram.json"
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        await sim.send_text(ANYA, "/start")
    old = json.loads(state.read_text("utf-8"))
    del old["world"]["documents"]
    old["world"]["commands"] = [{"command": "a", "description": "A"}]
    state.write_text(json.dumps(old), "utf-8")
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        assert (await sim.state())["bot"]["commands"] == [{"command": "a", "description": "A"}]


async def edit_caption_of_a_text(stage: Stage) -> None:
    sent = await stage.bot.send_message(ANYA, "x")
    await stage.bot.edit_message_caption(chat_id=ANYA, message_id=sent.message_id, caption="y")


def captioned(caption: str) -> Act:
    async def act(stage: Stage) -> None:
        sent = await stage.bot.send_photo(ANYA, picture(), caption="x")
        await stage.bot.edit_message_caption(chat_id=ANYA, message_id=sent.message_id, caption=caption)

    return act


async def the_same_media(stage: Stage) -> None:
    sent = await stage.bot.send_photo(ANYA, picture())
    await stage.bot.edit_message_media(
        InputMediaPhoto(media=picture()), chat_id=ANYA, message_id=sent.message_id
    )


async def text_into_a_photo(stage: Stage) -> None:
    sent = await stage.bot.send_message(ANYA, "x")
    await stage.bot.edit_message_media(
        InputMediaPhoto(media=picture()), chat_id=ANYA, message_id=sent.message_id
    )


async def photo_as_a_document(stage: Stage) -> None:
    sent = await stage.bot.send_photo(ANYA, picture())
    assert sent.photo
    await stage.bot.send_document(ANYA, sent.photo[-1].file_id)


async def document_by_file_id(stage: Stage) -> None:
    sent = await stage.bot.send_document(ANYA, report())
    assert sent.document
    await stage.bot.send_document(ANYA, sent.document.file_id)


async def big_file(stage: Stage) -> None:
    sent = await stage.bot.send_document(ANYA, BufferedInputFile(b"x" * (20 * 1024 * 1024 + 1), "a.bin"))
    assert sent.document
    await stage.bot.get_file(sent.document.file_id)


async def unpin_twice(stage: Stage) -> None:
    sent = await stage.bot.send_message(ANYA, "x")
    await stage.bot.pin_chat_message(ANYA, sent.message_id)
    await stage.bot.unpin_chat_message(ANYA)
    await stage.bot.unpin_chat_message(ANYA)


def album(*media: Any) -> Act:
    return lambda stage: stage.bot.send_media_group(ANYA, list(media))


TABLE = [
    Row("a document", lambda stage: stage.bot.send_document(ANYA, report())),
    Row("a document sent before", document_by_file_id),
    Row(
        "a document of no bytes",
        lambda stage: stage.bot.send_document(ANYA, report("")),
        "Bad Request: file must be non-empty",
    ),
    Row(
        "a document by an unknown id",
        lambda stage: stage.bot.send_document(ANYA, "BQACwhatever"),
        "Bad Request: wrong remote file identifier specified",
    ),
    Row(
        "a document by its address",
        lambda stage: stage.bot.send_document(ANYA, "https://example.org/a.csv"),
        "Bad Request: wrong HTTP URL specified",
    ),
    Row(
        "a photo as a document",
        photo_as_a_document,
        "Bad Request: can't use file of type Photo as Document",
    ),
    Row("an album of nothing", album(), "Bad Request: there are no messages to send"),
    Row("an album of ten", album(*[InputMediaPhoto(media=picture())] * 10)),
    Row(
        "an album of eleven",
        album(*[InputMediaPhoto(media=picture())] * 11),
        "Bad Request: too many messages to send as an album",
    ),
    Row(
        "an album of a photo and a document",
        album(InputMediaPhoto(media=picture()), InputMediaDocument(media=report())),
        "Bad Request: document can't be mixed with other media types",
    ),
    Row(
        "an album of what is not there",
        album(InputMediaPhoto(media="attach://nothing"), InputMediaPhoto(media=picture())),
        "Bad Request: can't parse InputMedia: media not found",
    ),
    Row("a caption edited", captioned("y")),
    Row("a caption edited to the same", captioned("x"), NOT_MODIFIED),
    Row("a caption edited to 1025", captioned("y" * 1025), "Bad Request: message caption is too long"),
    Row(
        "the caption of a text",
        edit_caption_of_a_text,
        "Bad Request: there is no caption in the message to edit",
    ),
    Row("the same picture", the_same_media, NOT_MODIFIED),
    Row("a picture in place of a text", text_into_a_photo),
    Row(
        "an unknown file",
        lambda stage: stage.bot.get_file("BQACwhatever"),
        "Bad Request: invalid file_id",
    ),
    Row("a file of more than 20 MB", big_file, "Bad Request: file is too big"),
    Row(
        "pin what is not there",
        lambda stage: stage.bot.pin_chat_message(ANYA, 77),
        "Bad Request: message to pin not found",
    ),
    Row("unpin twice", unpin_twice, "Bad Request: message to unpin not found"),
    Row(
        "an inline query nobody asked",
        lambda stage: stage.bot.answer_inline_query("1", [article()]),
        TOO_OLD,
    ),
    Row(
        "51 results",
        lambda stage: stage.bot.answer_inline_query("1", [article(number) for number in range(51)]),
        "Bad Request: RESULTS_TOO_MUCH",
    ),
    Row(
        "commands in a language of five letters",
        lambda stage: stage.bot.set_my_commands([], language_code="en-GB"),
        "Bad Request: invalid language code specified",
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
async def test_telegrams_rule(stage: Stage, row: Row) -> None:
    if not row.text:
        await row.act(stage)
        return
    with pytest.raises(TelegramAPIError) as refused:
        await row.act(stage)
    assert (type(refused.value), described(refused.value)) == (TelegramBadRequest, row.text)


RAW = [
    ("sendMediaGroup", {}, 'parameter "media" is required'),
    ("sendMediaGroup", {"media": "{}"}, "expected an Array of InputMedia"),
    ("sendMediaGroup", {"media": ["x"]}, "can't parse InputMedia: expected an Object"),
    (
        "sendMediaGroup",
        {"media": [{"type": "poem", "media": "x"}]},
        'can\'t parse InputMedia: type "poem" is unsupported',
    ),
    ("sendDocument", {}, "there is no document in the request"),
    ("getFile", {}, "file_id not specified"),
    ("setMyCommands", {"scope": {"type": "moon"}}, "can't parse BotCommandScope: Unsupported type specified"),
]


@pytest.mark.parametrize(("method", "body", "text"), RAW)
async def test_what_aiogram_would_not_send(
    stage: Stage, method: str, body: dict[str, Any], text: str
) -> None:
    answer = await stage.raw(method, json={"chat_id": ANYA, **body})
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {text}"}

"""Whatever a bot sends, it gets Telegram's kind of answer, and the world stays readable."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.params import Params
from sandbox.server import LocalTelegram

from .conftest import TOKEN, Clock

ANYA, CHANNEL = 1001, -1_003_000_000_001
METHODS = [
    "getMe",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "copyMessage",
    "editMessageText",
    "editMessageReplyMarkup",
    "deleteMessage",
    "answerCallbackQuery",
    "setMyCommands",
    "sendChatAction",
    "getChat",
    "getChatMember",
    "sendDocument",
    "sendMediaGroup",
    "editMessageCaption",
    "editMessageMedia",
    "getFile",
    "pinChatMessage",
    "unpinChatMessage",
    "setMessageReaction",
    "answerInlineQuery",
    "getMyCommands",
    "deleteMyCommands",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
BUTTONS = st.fixed_dictionaries(
    {}, optional={"text": JSON, "callback_data": JSON, "url": JSON, "copy_text": JSON, "style": JSON}
)
MARKUP = st.fixed_dictionaries(
    {}, optional={"inline_keyboard": JSON | st.lists(st.lists(BUTTONS, max_size=2))}
)
MEDIA = st.fixed_dictionaries(
    {}, optional={"type": st.sampled_from(["photo", "document"]) | JSON, "media": JSON, "caption": JSON}
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "chat_id": st.sampled_from([ANYA, CHANNEL, "@shortlist_channel"]) | JSON,
    "from_chat_id": st.just(ANYA) | JSON,
    "message_id": st.integers(0, 4) | JSON,
    "user_id": st.just(ANYA) | JSON,
    "text": st.text() | JSON,
    "caption": st.text() | JSON,
    "parse_mode": st.sampled_from(["HTML", "html", ""]) | JSON,
    "entities": st.lists(st.fixed_dictionaries({}, optional={"type": JSON, "offset": JSON, "length": JSON}))
    | JSON,
    "reply_markup": MARKUP | MARKUP.map(json.dumps) | JSON,
    "reply_parameters": st.fixed_dictionaries({"message_id": JSON}) | JSON,
    "photo": JSON,
    "document": JSON,
    "media": MEDIA | st.lists(MEDIA, max_size=3) | JSON,
    "reaction": st.lists(st.fixed_dictionaries({}, optional={"type": st.just("emoji") | JSON, "emoji": JSON}))
    | JSON,
    "file_id": JSON,
    "scope": st.fixed_dictionaries({}, optional={"type": st.sampled_from(["chat", "default"]) | JSON}) | JSON,
    "language_code": st.just("ru") | JSON,
    "results": st.lists(JSON, max_size=2) | JSON,
    "commands": st.lists(st.fixed_dictionaries({}, optional={"command": JSON, "description": JSON})) | JSON,
    "action": JSON,
    "callback_query_id": JSON,
}


@given(st.sampled_from(METHODS), st.fixed_dictionaries({}, optional=VALUES))
def test_any_call_gets_an_answer_that_is_json(method: str, values: dict[str, Any]) -> None:
    telegram = LocalTelegram(TOKEN, clock=Clock())
    telegram.persons.send(ANYA, ANYA, telegram.persons.text("/start"))
    telegram.world.add_message(telegram.world.chat(ANYA), None, {"text": "hello"}, 1_800_000_000)
    answer = asyncio.run(telegram.api.call(method, Params(values)))
    assert json.loads(json.dumps(answer)) == answer or answer["ok"]
    assert answer["ok"] or answer["error_code"] in (400, 403)
    shown = telegram.world.chat(ANYA).messages.values()
    assert all(telegram.world.as_people_see(message)["chat_id"] == ANYA for message in shown)

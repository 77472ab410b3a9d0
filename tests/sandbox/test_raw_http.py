"""What aiogram cannot say: every way to pass parameters, broken tokens, broken bodies, the answers' shape."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import FormData
from hypothesis import given
from hypothesis import strategies as st

from sandbox.params import Upload, parse_any
from sandbox.photos import plain_picture

from .conftest import TOKEN, Stage

ANYA = 1001
JSON = {"Content-Type": "application/json"}
KEYBOARD = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}


def multipart(**fields: Any) -> FormData:
    form = FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    return form


WAYS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("GET with a query", "GET", f"?chat_id={ANYA}&text=%D0%96%20x", {}),
    ("POST with a query", "POST", f"?chat_id={ANYA}&text=%D0%96+x", {}),
    ("a form", "POST", "", {"data": {"chat_id": str(ANYA), "text": "Ж x"}}),
    ("multipart", "POST", "", {"data": multipart(chat_id=str(ANYA), text="Ж x")}),
    ("JSON", "POST", "", {"json": {"chat_id": ANYA, "text": "Ж x"}}),
    ("JSON with a number as a string", "POST", "", {"json": {"chat_id": str(ANYA), "text": "Ж x"}}),
    ("half and half", "POST", f"?chat_id={ANYA}", {"json": {"text": "Ж x"}}),
    ("the body wins", "POST", f"?chat_id={ANYA}&text=no", {"json": {"text": "Ж x"}}),
]


@pytest.mark.parametrize(("verb", "query", "body"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
async def test_a_method_takes_its_parameters_any_way(
    stage: Stage, verb: str, query: str, body: dict[str, Any]
) -> None:
    await stage.sim.send_text(ANYA, "/start")
    answer = await stage.raw("sendMessage" + query, verb=verb, **body)
    assert answer["result"]["text"] == "Ж x"


@pytest.mark.parametrize("markup", [KEYBOARD, json.dumps(KEYBOARD)], ids=["an object", "a string of JSON"])
async def test_a_nested_object_is_an_object_or_a_string_of_json(stage: Stage, markup: Any) -> None:
    await stage.sim.send_text(ANYA, "/start")
    answer = await stage.raw("sendMessage", json={"chat_id": ANYA, "text": "x", "reply_markup": markup})
    assert answer["result"]["reply_markup"] == KEYBOARD


async def test_a_photo_may_be_a_part_of_its_own_name(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "/start")
    form = multipart(chat_id=str(ANYA), caption="<i>x</i>", parse_mode="HTML")
    form.add_field("photo", plain_picture(5, 4), filename="a.png")
    size = (await stage.raw("sendPhoto", data=form))["result"]["photo"][0]
    assert (size["width"], size["height"]) == (5, 4)


REFUSED: list[tuple[str, str, str, dict[str, Any], int, str]] = [
    ("a wrong token", "getMe", "43:OTHER", {}, 401, "Unauthorized"),
    ("a token without a number", "getMe", "nonsense", {}, 404, "Not Found"),
    ("a token of nothing", "getMe", "", {}, 404, "Not Found"),
    ("an unknown method", "sendTelepathy", TOKEN, {}, 404, "Not Found: method not found"),
    ("broken JSON", "sendMessage", TOKEN, {"data": b"{", "json": None}, 400, "Bad Request: chat_id is empty"),
    (
        "JSON that is no object",
        "sendMessage",
        TOKEN,
        {"json": []},
        400,
        "Bad Request: expected an Object in the request body",
    ),
    (
        "a keyboard that is no JSON",
        "sendMessage",
        TOKEN,
        {"json": {"chat_id": ANYA, "text": "x", "reply_markup": "{"}},
        400,
        "Bad Request: can't parse reply markup JSON object",
    ),
    (
        "a keyboard that is no object",
        "sendMessage",
        TOKEN,
        {"json": {"chat_id": ANYA, "text": "x", "reply_markup": [1]}},
        400,
        "Bad Request: object expected as reply markup",
    ),
    (
        "a message without an id",
        "editMessageText",
        TOKEN,
        {"json": {"chat_id": ANYA, "text": "x"}},
        400,
        "Bad Request: message identifier is not specified",
    ),
    (
        "a photo by its address",
        "sendPhoto",
        TOKEN,
        {"json": {"chat_id": ANYA, "photo": "https://example.org/a.png"}},
        400,
        "Bad Request: wrong HTTP URL specified",
    ),
    (
        "no photo",
        "sendPhoto",
        TOKEN,
        {"json": {"chat_id": ANYA}},
        400,
        "Bad Request: there is no photo in the request",
    ),
    (
        "kinds of updates that are no list",
        "getUpdates",
        TOKEN,
        {"json": {"allowed_updates": "{}"}},
        400,
        "Bad Request: can't parse allowed updates JSON object: expected an Array",
    ),
    (
        "an entity without a place",
        "sendMessage",
        TOKEN,
        {"json": {"chat_id": ANYA, "text": "x", "entities": [{"type": "bold"}]}},
        400,
        "Bad Request: can't parse MessageEntity: Can't find field",
    ),
    (
        "half of a surrogate pair",
        "sendMessage",
        TOKEN,
        {"data": b'{"chat_id": 1001, "text": "\\ud83d"}', "headers": JSON},
        400,
        "Bad Request: can't parse JSON in the request body",
    ),
    (
        "101 commands",
        "setMyCommands",
        TOKEN,
        {"json": {"commands": [{"command": "a", "description": "x"}] * 101}},
        400,
        "Bad Request: BOT_COMMANDS_TOO_MUCH",
    ),
]


@pytest.mark.parametrize(
    ("method", "token", "body", "code", "text"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
async def test_what_is_broken_is_refused_in_telegrams_words(
    stage: Stage, method: str, token: str, body: dict[str, Any], code: int, text: str
) -> None:
    await stage.sim.send_text(ANYA, "/start")
    answer = await stage.raw(method, token=token, **body)
    assert answer == {"ok": False, "error_code": code, "description": text}


async def test_method_names_are_read_in_any_case(stage: Stage) -> None:
    assert (await stage.raw("GETME"))["result"]["id"] == 42


async def test_429_tells_its_seconds_in_the_body_and_in_a_header(stage: Stage) -> None:
    url = f"{stage.telegram.url}/bot{TOKEN}/setWebhook?url=http://127.0.0.1:9/hook"
    async with stage.http.get(url):
        pass
    async with stage.http.get(url) as response:
        body = await response.json()
    assert (response.status, response.headers["Retry-After"]) == (429, "1")
    assert body["parameters"] == {"retry_after": 1}


async def test_an_upgraded_group_tells_its_new_id(stage: Stage) -> None:
    group = -1_002_000_000_001
    new_id = stage.telegram.persons.upgrade(group)["chat_id"]
    answer = await stage.raw("sendMessage", json={"chat_id": group, "text": "x"})
    assert answer["parameters"] == {"migrate_to_chat_id": new_id}
    assert (await stage.raw("sendMessage", json={"chat_id": new_id, "text": "x"}))["ok"]


async def test_an_address_nobody_serves_is_404(stage: Stage) -> None:
    async with stage.http.get(f"{stage.telegram.url}/hello") as response:
        assert (response.status, (await response.json())["description"]) == (404, "Not Found")


async def test_setting_and_deleting_a_webhook_is_described(stage: Stage) -> None:
    was_set = await stage.raw("setWebhook", json={"url": "http://127.0.0.1:9/hook"})
    assert was_set == {"ok": True, "result": True, "description": "Webhook was set"}
    assert (await stage.raw("deleteWebhook"))["description"] == "Webhook was deleted"


async def test_a_reply_keyboard_is_taken_and_not_kept(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "/start")
    body = {"chat_id": ANYA, "text": "x", "reply_markup": {"remove_keyboard": True}}
    assert "reply_markup" not in (await stage.raw("sendMessage", json=body))["result"]


@given(
    st.dictionaries(st.sampled_from(["text", "caption", "подпись"]), st.text(st.characters(codec="utf-8"))),
    st.binary() | st.just(b"\r\n--\r\n\r\n--x--\r\n"),
    st.sampled_from(["a.png", "отчёт за май.csv", 'say "hi".txt']),
)
def test_fields_and_files_come_out_of_a_form_as_they_went_in(
    fields: dict[str, str], data: bytes, filename: str
) -> None:
    form = FormData(quote_fields=False, default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field("file", data, filename=filename)
    body = form()
    values, files = parse_any(body.headers["Content-Type"], asyncio.run(body.as_bytes()))
    assert (values, files) == (fields, {"file": Upload(data, filename)})


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=other"])
def test_a_form_without_its_boundary_has_no_fields(content_type: str) -> None:
    assert parse_any(content_type, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--') == (
        {},
        {},
    )

"""Faults on demand: what the bot meets, and what became of its message all the same."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectionError, ClientError, ClientTimeout

from sandbox.client import SimClient, SimClientError
from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL, MODERATORS

from .conftest import TOKEN, Stage, bot_at

ANYA, BORIS = 1001, 1002


@pytest.fixture(autouse=True)
async def _started(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "/start")
    await stage.sim.send_text(BORIS, "/start")


async def arrived(stage: Stage, chat: int = ANYA) -> list[str]:
    """What the bot wrote there."""
    return [message.text for message in await stage.sim.transcript(chat) if message.by_bot]


async def last_call(stage: Stage) -> dict[str, Any]:
    return (await stage.sim.calls())[-1]


ANSWERED: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("blocked", {}, TelegramForbiddenError, "Forbidden: bot was blocked by the user"),
    ("not_found", {}, TelegramBadRequest, "Bad Request: chat not found"),
    ("bad_request", {"description": "TOPIC_CLOSED"}, TelegramBadRequest, "Bad Request: TOPIC_CLOSED"),
    ("bad_request", {"description": "Bad Request: x"}, TelegramBadRequest, "Bad Request: x"),
    ("conflict", {}, TelegramConflictError, "Conflict: terminated by other getUpdates request"),
    ("error", {}, TelegramServerError, "Internal Server Error"),
    ("error", {"code": 502}, TelegramServerError, "Bad Gateway"),
    ("unauthorized", {}, TelegramUnauthorizedError, "Unauthorized"),
]


@pytest.mark.parametrize(("kind", "details", "error", "text"), ANSWERED)
async def test_a_fault_is_answered_once_and_the_next_call_passes(
    stage: Stage, kind: str, details: dict[str, Any], error: type[Exception], text: str
) -> None:
    await stage.sim.add_fault(kind, **details)
    with pytest.raises(error, match=text):
        await stage.bot.send_message(ANYA, "lost")
    call = await last_call(stage)
    assert (call["fault"], call["taken"]) == (kind, False)
    await stage.bot.send_message(ANYA, "kept")
    assert await arrived(stage) == ["kept"]
    assert await stage.sim.faults() == []


async def test_a_flood_stops_the_whole_bot_until_its_seconds_are_over(stage: Stage) -> None:
    await stage.sim.add_fault("flood", retry_after=3, chat_id=ANYA)
    waits = []
    for chat, after in ((ANYA, 0.0), (BORIS, 0.0), (CHANNEL, 1.5), (ANYA, 1.4)):
        stage.ticks.move(seconds=after)
        with pytest.raises(TelegramRetryAfter) as refused:
            await stage.bot.send_message(chat, "too early")
        waits.append(refused.value.retry_after)
    assert waits == [3, 3, 2, 1]
    assert len(await stage.bot.get_updates()) == 2
    stage.ticks.move(seconds=0.1)
    await stage.bot.send_message(ANYA, "at last")
    assert [call["fault"] for call in await stage.sim.calls(method="sendMessage")] == ["flood"] * 4 + [None]


async def test_without_faults_a_stopped_bot_may_go_on(stage: Stage) -> None:
    await stage.sim.add_fault("flood", retry_after=1000)
    with pytest.raises(TelegramRetryAfter):
        await stage.bot.send_message(ANYA, "x")
    await stage.sim.clear_faults()
    await stage.bot.send_message(ANYA, "x")


async def test_a_migrated_group_is_found_under_its_new_id(stage: Stage) -> None:
    await stage.sim.add_fault("migrate", to=-1_009_000_000_777)
    await stage.bot.send_message(ANYA, "a person does not migrate")
    with pytest.raises(TelegramMigrateToChat) as moved:
        await stage.bot.send_message(MODERATORS, "x")
    assert moved.value.migrate_to_chat_id == -1_009_000_000_777
    await stage.bot.send_message(-1_009_000_000_777, "here")
    assert await arrived(stage, -1_009_000_000_777) == ["here"]
    with pytest.raises(TelegramMigrateToChat):
        await stage.bot.send_message(MODERATORS, "still not here")


async def test_a_proxys_page_is_no_json(stage: Stage) -> None:
    await stage.sim.add_fault("html", code=502)
    url = f"{stage.telegram.url}/bot{TOKEN}/sendMessage"
    async with stage.http.post(url, json={"chat_id": ANYA, "text": "x"}) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "<h1>502 Bad Gateway</h1>" in await response.text()
    assert await arrived(stage) == []


async def post(stage: Stage, text: str, seconds: float | None = None) -> bytes:
    """sendMessage without a client library; the body as it came."""
    url = f"{stage.telegram.url}/bot{TOKEN}/sendMessage"
    body = {"chat_id": ANYA, "text": text}
    async with stage.http.post(url, json=body, timeout=ClientTimeout(sock_read=seconds)) as response:
        return await response.read()


@pytest.mark.parametrize(("kind", "texts"), [("reset_before", []), ("reset_after", ["x"])])
async def test_a_reset_leaves_the_bot_without_an_answer(stage: Stage, kind: str, texts: list[str]) -> None:
    await stage.sim.add_fault(kind)
    with pytest.raises(ClientConnectionError):
        await post(stage, "x")
    assert await arrived(stage) == texts
    call = await last_call(stage)
    assert (call["fault"], call["taken"], call["status"]) == (kind, bool(texts), None)
    assert await post(stage, "next")


@pytest.mark.parametrize(("kind", "texts"), [("stall_before", []), ("stall", ["x"])])
async def test_a_stalled_call_hangs_until_the_bot_has_enough(
    stage: Stage, kind: str, texts: list[str]
) -> None:
    await stage.sim.add_fault(kind)
    with pytest.raises(TimeoutError):
        await post(stage, "x", seconds=0.2)
    assert await arrived(stage) == texts
    assert (await last_call(stage))["taken"] == bool(texts)


async def test_a_stall_of_some_seconds_brings_the_rest_of_the_body(stage: Stage) -> None:
    await stage.sim.add_fault("stall", seconds=0.01)
    assert b'"text":"x"' in await post(stage, "x")


@pytest.mark.parametrize("kind", ["stall_before", "stall"])
async def test_what_hangs_is_let_go_before_the_server_stops(stage: Stage, kind: str) -> None:
    await stage.sim.add_fault(kind)
    hanging = asyncio.create_task(post(stage, "x", seconds=5))
    await stage.telegram.calls.wait_after(stage.telegram.calls.last, 5)
    stage.telegram.api.close()
    with pytest.raises(ClientError) as broken:
        await hanging
    assert not isinstance(broken.value, TimeoutError)


async def test_which_calls_a_fault_hits_can_be_named(stage: Stage) -> None:
    await stage.sim.add_fault("blocked", method="sendmessage", chat_id="@shortlist_channel", times=2, skip=1)
    await stage.bot.send_message(ANYA, "another chat")
    await stage.bot.send_chat_action(CHANNEL, "typing")
    await stage.bot.send_message(CHANNEL, "skipped")
    for _ in range(2):
        with pytest.raises(TelegramForbiddenError):
            await stage.bot.send_message(CHANNEL, "hit")
    await stage.bot.send_message("@shortlist_channel", "over")
    assert await arrived(stage, CHANNEL) == ["skipped", "over"]


async def test_get_updates_fails_only_where_it_is_named(stage: Stage) -> None:
    anything = await stage.sim.add_fault("error")
    assert len(await stage.bot.get_updates()) == 2
    await stage.sim.remove_fault(anything)
    await stage.sim.add_fault("conflict", method="getUpdates")
    with pytest.raises(TelegramConflictError):
        await stage.bot.get_updates()
    assert len(await stage.bot.get_updates()) == 2


async def test_a_fault_without_an_end_lasts_until_it_is_deleted(stage: Stage) -> None:
    number = await stage.sim.add_fault("error", times=None)
    for _ in range(3):
        with pytest.raises(TelegramServerError):
            await stage.bot.get_me()
    assert await stage.sim.faults() == [
        {
            "id": number,
            "kind": "error",
            "method": None,
            "chat_id": None,
            "times": None,
            "skip": 0,
            "code": 500,
        }
    ]
    await stage.sim.remove_fault(number)
    await stage.bot.get_me()
    with pytest.raises(SimClientError, match=f"there is no fault {number}"):
        await stage.sim.remove_fault(number)


async def test_the_first_of_two_faults_comes_first(stage: Stage) -> None:
    await stage.sim.add_fault("error")
    await stage.sim.add_fault("not_found")
    with pytest.raises(TelegramServerError):
        await stage.bot.send_message(ANYA, "x")
    with pytest.raises(TelegramBadRequest):
        await stage.bot.send_message(ANYA, "x")


ODD: list[tuple[str, dict[str, Any], str]] = [
    ("boredom", {}, '"kind" must be one of flood, blocked'),
    ("flood", {}, '"retry_after" of a fault cannot be None'),
    ("flood", {"retry_after": "3"}, "\"retry_after\" of a fault cannot be '3'"),
    ("blocked", {"retry_after": 3}, "a fault blocked has no retry_after"),
    ("blocked", {"times": 0}, '"times" of a fault cannot be 0'),
    ("blocked", {"skip": -1}, '"skip" of a fault cannot be -1'),
    ("error", {"code": 200}, '"code" of a fault cannot be 200'),
    ("migrate", {"to": 5}, '"to" of a fault cannot be 5'),
]


@pytest.mark.parametrize(("kind", "fields", "sentence"), ODD)
async def test_a_fault_that_cannot_be_gets_a_sentence(
    stage: Stage, kind: str, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SimClientError, match=sentence):
        await stage.sim.add_fault(kind, **fields)
    assert await stage.sim.faults() == []


async def test_while_it_is_down_nothing_is_taken(stage: Stage) -> None:
    await stage.sim.down(down=True)
    with pytest.raises(ClientConnectionError):
        await post(stage, "x")
    call = await last_call(stage)
    assert (call["fault"], call["taken"]) == ("down", False)
    await stage.sim.down(down=False)
    await post(stage, "y")
    assert await arrived(stage) == ["y"]


async def test_going_down_breaks_the_long_poll_that_waits(stage: Stage) -> None:
    await stage.bot.get_updates(offset=-1)
    offset = (await stage.bot.get_updates())[0].update_id + 1
    poll = asyncio.create_task(stage.raw("getUpdates", json={"offset": offset, "timeout": 50}))
    await stage.telegram.updates.polled.wait()
    await stage.sim.down(down=True)
    with pytest.raises(ClientConnectionError):
        await poll


async def test_latency_and_delay_are_waited_out() -> None:
    waited: list[tuple[float, int]] = []

    async def sleep(seconds: float) -> None:
        waited.append((seconds, telegram.world.last_message_id))

    async with LocalTelegram(TOKEN, sleep=sleep) as telegram, SimClient(telegram.url) as sim:
        bot = bot_at(telegram.url)
        await sim.send_text(ANYA, "/start")
        await sim.latency(5)
        await sim.add_fault("delay", seconds=2)
        await bot.send_message(ANYA, "late")
        await bot.session.close()
    assert waited == [(2.0, 1), (0.005, 2)]


async def test_the_log_of_calls_tells_what_became_of_each(stage: Stage) -> None:
    stage.clock.move(seconds=0.5)
    sent = await stage.bot.send_message(ANYA, "x" * 3000)
    stage.telegram.persons.block(BORIS)
    with pytest.raises(TelegramForbiddenError):
        await stage.bot.send_message(BORIS, "y")
    first, second = await stage.sim.calls(method="sendmessage")
    assert (first["params"]["text"], first["message_id"]) == ("x" * 2000 + "…", sent.message_id)
    assert (first["received_at"], first["answered_at"], first["status"]) == (
        stage.clock.now,
        stage.clock.now,
        200,
    )
    assert (second["status"], second["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert await stage.sim.calls(chat_id=BORIS) == [second] == await stage.sim.calls(since=first["id"])
    await stage.sim.clear_calls()
    assert await stage.sim.calls() == []
    await stage.bot.get_me()
    assert (await last_call(stage))["id"] == second["id"] + 1


async def test_a_poll_that_waits_stands_in_the_log_without_an_answer(stage: Stage) -> None:
    offset = (await stage.bot.get_updates())[-1].update_id + 1
    poll = asyncio.create_task(stage.bot.get_updates(offset=offset, timeout=50))
    await stage.telegram.updates.polled.wait()
    assert (await last_call(stage))["answered_at"] is None
    await stage.sim.send_text(ANYA, "x")
    await poll
    assert (await last_call(stage))["status"] == 200

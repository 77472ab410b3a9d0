"""Delivery by webhook, to a receiver of our own and to aiogram's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.methods import SendMessage
from aiogram.types import Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from sandbox.client import SimClient
from sandbox.server import LocalTelegram

from .conftest import TOKEN, Clock, Stage, bot_at

ANYA, BORIS = 1001, 1002
Answerer = Callable[[web.Request, dict[str, Any]], Awaitable[web.Response]]


class Receiver:
    """A bot's end of the webhook: keeps what comes, answers what it is told to."""

    def __init__(self) -> None:
        self.url = ""
        self.received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.answers: list[web.Response | Awaitable[web.Response]] = []  # then 200 with nothing

    async def handle(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await self.received.put(await request.json())
        answer = self.answers.pop(0) if self.answers else web.Response()
        return answer if isinstance(answer, web.Response) else await answer

    async def texts(self, count: int) -> list[str]:
        return [(await self.received.get())["message"]["text"] for _ in range(count)]


@asynccontextmanager
async def listening(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """An HTTP server on the loopback; its address."""
    application = web.Application()
    application.router.add_post("/hook", handler)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with listening(receiver.handle) as receiver.url:
        yield receiver


async def pending(stage: Stage) -> int:
    return (await stage.bot.get_webhook_info()).pending_update_count


async def until_delivered(stage: Stage) -> None:
    """Waits for the deliveries under way."""
    await stage.telegram.webhook.idle()


async def test_an_update_is_posted_as_json_with_the_secret(stage: Stage, receiver: Receiver) -> None:
    await stage.bot.set_webhook(receiver.url, secret_token="s3cret_-")
    sent = await stage.sim.send_text(ANYA, "hello")
    update = Update.model_validate(await receiver.received.get())
    assert (update.update_id, receiver.secrets) == (sent.update_id, ["s3cret_-"])
    await until_delivered(stage)
    assert await pending(stage) == 0


async def test_without_a_secret_there_is_no_header(stage: Stage, receiver: Receiver) -> None:
    await stage.bot.set_webhook(receiver.url)
    await stage.sim.send_text(ANYA, "hello")
    await receiver.received.get()
    assert receiver.secrets == [None]


async def test_what_waited_before_the_webhook_is_delivered(stage: Stage, receiver: Receiver) -> None:
    await stage.sim.send_text(ANYA, "a")
    await stage.sim.send_text(ANYA, "b")
    await stage.bot.set_webhook(receiver.url)
    assert await receiver.texts(2) == ["a", "b"]


async def test_drop_pending_updates_forgets_what_waited(stage: Stage, receiver: Receiver) -> None:
    await stage.sim.send_text(ANYA, "a")
    await stage.bot.set_webhook(receiver.url, drop_pending_updates=True)
    await stage.sim.send_text(ANYA, "b")
    assert await receiver.texts(1) == ["b"]


@pytest.mark.parametrize("status", [302, 404, 500, 502])
async def test_a_refused_update_comes_again_before_the_next_of_its_chat(
    stage: Stage, receiver: Receiver, status: int
) -> None:
    receiver.answers = [web.Response(status=status), web.Response(status=status)]
    await stage.bot.set_webhook(receiver.url)
    await stage.sim.send_text(ANYA, "a")
    await stage.sim.send_text(ANYA, "b")
    assert await receiver.texts(4) == ["a", "a", "a", "b"]


async def test_one_chats_trouble_does_not_hold_up_another(stage: Stage, receiver: Receiver) -> None:
    never: asyncio.Future[web.Response] = asyncio.get_running_loop().create_future()
    receiver.answers = [never]
    await stage.bot.set_webhook(receiver.url)
    await stage.sim.send_text(ANYA, "stuck")
    assert await receiver.texts(1) == ["stuck"]
    await stage.sim.send_text(BORIS, "runs")
    assert await receiver.texts(1) == ["runs"]
    never.set_result(web.Response())


async def test_webhook_info_tells_what_waits_and_what_went_wrong(stage: Stage, receiver: Receiver) -> None:
    never: asyncio.Future[web.Response] = asyncio.get_running_loop().create_future()
    receiver.answers = [web.Response(status=500), never]
    await stage.bot.set_webhook(receiver.url, max_connections=7, allowed_updates=["message"])
    await stage.sim.send_text(ANYA, "a")
    await stage.sim.send_text(ANYA, "b")
    await receiver.texts(2)
    info = await stage.bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == (receiver.url, 2, 7)
    assert (info.last_error_message, info.allowed_updates) == (
        "Wrong response from the webhook: 500 Internal Server Error",
        ["message"],
    )
    assert info.last_error_date is not None
    assert info.last_error_date.timestamp() == stage.clock.now
    never.set_result(web.Response())


async def test_pauses_grow_and_the_last_one_stays(clock: Clock) -> None:
    waited: list[float] = []
    fourth = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 4:
            fourth.set()
            await asyncio.get_running_loop().create_future()

    telegram = LocalTelegram(TOKEN, clock=clock, webhook_pauses=(1, 2, 4), sleep=sleep)
    async with telegram, SimClient(telegram.url) as sim:
        bot = bot_at(telegram.url)
        await bot.set_webhook("http://127.0.0.1:9/hook")
        await sim.send_text(ANYA, "hello")
        await fourth.wait()
        info = await bot.get_webhook_info()
        await bot.session.close()
    assert waited == [1, 2, 4, 4]
    assert (info.last_error_message, info.pending_update_count) == ("Connection refused", 1)


async def test_delete_webhook_leaves_what_waits_to_get_updates(stage: Stage) -> None:
    await stage.bot.set_webhook("http://127.0.0.1:9/hook")
    await stage.sim.send_text(ANYA, "hello")
    await stage.bot.delete_webhook()
    assert (await stage.bot.get_webhook_info()).url == ""
    updates = await stage.bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["hello"]


BODIES = [
    (
        "JSON",
        {
            "content_type": "application/json",
            "text": json.dumps({"method": "sendMessage", "chat_id": ANYA, "text": "x"}),
        },
    ),
    (
        "a form",
        {
            "content_type": "application/x-www-form-urlencoded",
            "text": f"method=sendMessage&chat_id={ANYA}&text=x",
        },
    ),
]


@pytest.mark.parametrize("answer", [body for _, body in BODIES], ids=[name for name, _ in BODIES])
async def test_the_answers_body_may_be_a_method_call(
    stage: Stage, receiver: Receiver, answer: dict[str, Any]
) -> None:
    receiver.answers = [web.Response(**answer)]
    await stage.bot.set_webhook(receiver.url)
    await stage.sim.send_text(ANYA, "hello")
    assert (await stage.sim.wait_for_message(ANYA)).text == "x"


@pytest.mark.parametrize("body", ["not JSON", "[]", '{"method": "sendTelepathy"}', '{"method": 7}'])
async def test_an_answer_that_is_no_call_is_delivered_all_the_same(
    stage: Stage, receiver: Receiver, body: str
) -> None:
    receiver.answers = [web.Response(text=body, content_type="application/json")]
    await stage.bot.set_webhook(receiver.url)
    await stage.sim.send_text(ANYA, "a")
    await stage.sim.send_text(ANYA, "b")
    assert await receiver.texts(2) == ["a", "b"]


async def test_aiograms_own_receiver_answers_with_a_call_in_multipart(stage: Stage) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message, bot: Bot) -> SendMessage:
        return SendMessage(chat_id=message.chat.id, text=f"<b>{message.text}</b>", parse_mode="HTML")

    handler = SimpleRequestHandler(dispatcher, stage.bot, handle_in_background=False, secret_token="s")
    async with listening(handler.handle) as url:
        await stage.bot.set_webhook(url, secret_token="s")
        await stage.sim.send_text(ANYA, "hello")
        answer = await stage.sim.wait_for_message(ANYA)
    assert (answer.text, answer.entities) == ("hello", ({"type": "bold", "offset": 0, "length": 5},))


async def test_shuffled_updates_of_a_chat_are_posted_out_of_order(stage: Stage, receiver: Receiver) -> None:
    await stage.sim.shuffle_updates(on=True)
    for letter in "abcdef":
        await stage.sim.send_text(ANYA, letter)
    await stage.bot.set_webhook(receiver.url)
    mixed = await receiver.texts(6)
    assert (mixed != list("abcdef"), sorted(mixed)) == (True, list("abcdef"))
    await until_delivered(stage)
    assert await pending(stage) == 0


async def test_a_confirmed_update_is_posted_once_more_under_a_new_id(
    stage: Stage, receiver: Receiver
) -> None:
    await stage.bot.set_webhook(receiver.url)
    await stage.sim.send_text(ANYA, "a")
    await receiver.received.get()
    await until_delivered(stage)
    (new_id,) = await stage.sim.duplicate_updates()
    again = await receiver.received.get()
    assert (again["update_id"], again["message"]["text"]) == (new_id, "a")


async def test_while_telegram_is_down_nothing_is_posted(stage: Stage, receiver: Receiver) -> None:
    await stage.bot.set_webhook(receiver.url)
    await stage.sim.down(down=True)
    await stage.sim.send_text(ANYA, "a")
    for _ in range(20):
        await stage.sim.state()
    assert (len(stage.telegram.updates), receiver.received.empty()) == (1, True)
    await stage.sim.down(down=False)
    assert await receiver.texts(1) == ["a"]

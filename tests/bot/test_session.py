"""How calls go out, and what becomes of those that Telegram does not take."""

import asyncio
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe, SendMediaGroup, SendMessage, SendPhoto, TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
)
from aiohttp import web

from bot.session import NoAnswerError, TryAgain, patience, why_unknown
from bot.wiring import create_bot
from scheduler.pace import Gate
from tests.bot.telegrams import Answer, Telegram, html, not_utf8, ok, refused, saying, telegram

SENT = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "hello"}
#: One that is written as JSON, and one that aiogram sends in its own way.
CALLS = [SendMessage(chat_id=1, text="hi"), GetMe()]


class Waiting:
    """A bot's gate and its sleep: no time passes but what is slept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []
        self.gate = Gate(lambda: self.now, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def patient(bot: Bot, waiting: Waiting) -> Bot:
    """The same bot, but it waits like this."""
    bot.session.middleware.unregister(bot.session.middleware[0])
    bot.session.middleware(TryAgain(waiting.gate, waiting.sleep))
    return bot


@asynccontextmanager
async def calling(*answers: Answer) -> AsyncIterator[tuple[Bot, Telegram, list[float]]]:
    """A bot before a Telegram that gives these answers, and then takes everything."""
    waiting = Waiting()
    async with telegram(*answers, after=lambda: ok(SENT)) as fake:
        bot = patient(create_bot("42:test", fake.url), waiting)
        async with bot.session:
            yield bot, fake, waiting.pauses


async def test_a_call_says_what_was_given_and_nothing_else() -> None:
    button = InlineKeyboardButton(text="on", callback_data="x")
    async with calling() as (bot, fake, _):
        sent = await bot.send_message(
            1, "<b>hi</b>", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
        )
    assert sent.message_id == 1
    assert fake.calls == [
        {
            "chat_id": 1,
            "text": "<b>hi</b>",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "disable_web_page_preview": True,
            "reply_markup": {"inline_keyboard": [[{"text": "on", "callback_data": "x"}]]},
        }
    ]


async def test_what_json_cannot_say_goes_as_a_form() -> None:
    async with calling() as (bot, fake, _):
        await bot.send_message(1, "hi", link_preview_options=LinkPreviewOptions(url="https://example.org"))
        await bot.send_photo(1, BufferedInputFile(b"picture", "a.png"))
    assert fake.methods == ["sendMessage", "sendPhoto"]
    assert fake.calls == [{}, {}]


async def test_what_an_edit_returns_is_not_read() -> None:
    async with calling(ok({"a message": "of a kind that is not known yet"})) as (bot, _, _):
        assert await bot.edit_message_text("hi", chat_id=1, message_id=1) is True


async def test_a_wait_that_telegram_asks_for_is_kept_exactly_and_as_often_as_asked() -> None:
    waits = [refused(429, "Too Many Requests", retry_after=seconds) for seconds in (1, 30, 3, 3, 3, 3, 3)]
    async with calling(*waits) as (bot, fake, pauses):
        await bot.send_message(1, "hi")
    assert pauses == [1, 30, 3, 3, 3, 3, 3]
    assert len(fake.calls) == 8


async def test_a_wait_holds_every_call() -> None:
    held, waits = asyncio.Event(), asyncio.Event()
    waiting = Waiting()

    async def sleep(seconds: float) -> None:
        waits.set()
        await held.wait()
        waiting.now = seconds

    waiting.gate = Gate(lambda: waiting.now, sleep)
    async with telegram(refused(429, "…", retry_after=9), after=lambda: ok(SENT)) as fake:
        bot = patient(create_bot("42:test", fake.url), waiting)
        async with bot.session:
            first = asyncio.create_task(bot.send_message(1, "first"))
            await waits.wait()
            second = asyncio.create_task(bot.send_message(2, "second"))
            await asyncio.sleep(0)
            assert len(fake.calls) == 1
            held.set()
            await asyncio.gather(first, second)
    assert len(fake.calls) == 3


@pytest.mark.parametrize(
    "broken", [html(502), not_utf8(502), None, refused(500, "…")], ids=["html", "not UTF-8", "reset", "500"]
)
async def test_a_call_that_broke_is_made_again(broken: Answer) -> None:
    async with calling(broken) as (bot, fake, pauses):
        await bot.send_message(1, "hi")
    assert (len(fake.calls), pauses) == (2, [0.2])


async def test_a_server_that_stays_away_is_given_up_in_the_end() -> None:
    async with calling(*(html(502) for _ in range(6))) as (bot, _, pauses):
        with pytest.raises(TelegramServerError):
            await bot.send_message(1, "hi")
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(400, "Bad Request: can't parse entities"), TelegramBadRequest),
        (refused(403, "Forbidden: bot was blocked by the user"), TelegramForbiddenError),
    ],
)
async def test_a_refusal_is_not_tried_again(answer: Answer, error: type[Any]) -> None:
    async with calling(answer) as (bot, fake, pauses):
        with pytest.raises(error):
            await bot.send_message(1, "hi")
    assert (len(fake.calls), pauses) == (1, [])


@pytest.mark.parametrize("call", CALLS, ids=["JSON", "form"])
async def test_what_goes_wrong_on_the_way_never_tells_the_token(call: TelegramMethod[Any]) -> None:
    async with saying(b"SSH-2.0-nothing\r\n\r\n") as url:
        bot = create_bot("42:test", url)
        async with bot.session:
            with pytest.raises(TelegramNetworkError, match="ClientResponseError") as caught:
                await bot.session.make_request(bot, call)
    said = "".join(traceback.format_exception(caught.value))
    assert "42:test" not in said + repr(caught.value)


@pytest.mark.parametrize("call", CALLS, ids=["JSON", "form"])
async def test_a_refused_connection_is_told_by_its_kind(call: TelegramMethod[Any]) -> None:
    bot = create_bot("42:test", "http://127.0.0.1:1")
    async with bot.session:
        with pytest.raises(TelegramNetworkError, match=r"ClientConnectorError \(ECONNREFUSED\)"):
            await bot.session.make_request(bot, call)


@pytest.mark.parametrize("call", CALLS, ids=["JSON", "form"])
async def test_a_page_that_is_no_utf8_is_an_error_of_the_server(call: TelegramMethod[Any]) -> None:
    async with calling(not_utf8(502)) as (bot, _, _):
        with pytest.raises(TelegramServerError):
            await bot.session.make_request(bot, call)


@pytest.mark.parametrize("page", [{"error": "not found"}, {"ok": False}, {"ok": "yes"}, [], "no"])
async def test_json_that_is_not_telegrams_is_an_error_of_the_server(page: object) -> None:
    for status in (200, 404, 500):
        async with calling(web.json_response(page, status=status)) as (bot, _, _):
            with pytest.raises(TelegramServerError, match=f"{status}, and not in Telegram's words"):
                await bot.session.make_request(bot, GetMe())


async def test_a_result_of_an_unknown_kind_is_not_quoted() -> None:
    async with calling(ok({"text": "hush"})) as (bot, fake, _):
        with pytest.raises(TelegramAPIError, match="a result of a kind that is not known") as caught:
            await bot.send_message(1, "hi")
    assert len(fake.calls) == 1
    assert "hush" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("call", CALLS, ids=["JSON", "form"])
async def test_a_call_that_hangs_is_tried_three_times(call: TelegramMethod[Any]) -> None:
    attempts = 0

    async def hang(*_: object) -> Any:
        nonlocal attempts
        attempts += 1
        raise NoAnswerError(method=call, message="no answer in time")

    waiting = Waiting()
    with pytest.raises(NoAnswerError):
        await TryAgain(waiting.gate, waiting.sleep)(hang, create_bot("42:test", "http://127.0.0.1"), call)
    assert attempts == 3


@pytest.mark.parametrize("call", CALLS, ids=["JSON", "form"])
async def test_what_hangs_is_known_from_what_broke(call: TelegramMethod[Any]) -> None:
    async with saying(b"") as url:
        bot = create_bot("42:test", url)
        async with bot.session:
            with pytest.raises(NoAnswerError, match="no answer in time"):
                await bot.session.make_request(bot, call, timeout=0.01)  # type: ignore[arg-type]


PICTURE = BufferedInputFile(b"picture", "a.png")
ALBUM = SendMediaGroup(chat_id=1, media=[InputMediaPhoto(media=PICTURE)])


@pytest.mark.parametrize(
    ("call", "seconds"),
    [
        *((call, 10) for call in CALLS),
        (SendPhoto(chat_id=1, photo="known"), 10),
        (SendPhoto(chat_id=1, photo=PICTURE), 60),
        (ALBUM, 60),
    ],
    ids=["JSON", "form", "known photo", "photo", "album"],
)
def test_only_a_file_may_take_longer(call: TelegramMethod[Any], seconds: int) -> None:
    assert patience(call) == seconds


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [
        (TelegramNetworkError, "check TELEGRAM_API_BASE and the network"),
        (NoAnswerError, "check TELEGRAM_API_BASE and the network"),
        (TelegramServerError, "try again in a minute"),
        (TelegramUnauthorizedError, "check BOT_TOKEN"),
    ],
)
def test_only_a_refused_token_is_the_tokens_fault(kind: type[Any], remedy: str) -> None:
    wrong, what_to_do = why_unknown("http://there", kind(method=GetMe(), message="why"))
    assert (wrong.split(" ")[0], wrong.split(": ")[1], what_to_do) == ("http://there", "why", remedy)

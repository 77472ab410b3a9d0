"""How calls go to Telegram: in one place, by one set of rules."""

import asyncio
import errno
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import structlog
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, EditMessageText, Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile, Message
from aiohttp import ClientError, ClientTimeout
from aiohttp.hdrs import CONTENT_TYPE
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json

_log = structlog.get_logger()

_ATTEMPTS = 6
_FIRST_PAUSE = 0.2
#: Telegram answers within a second; a file may take its time to get there.
_PATIENCE = 10
_PATIENCE_WITH_FILES = 60
_JSON = {CONTENT_TYPE: "application/json"}
#: Texts and keyboards, no files and no dates: what nearly every call is.
_PLAIN = (AnswerCallbackQuery, EditMessageText, SendMessage)
_DONE = Response[Any](ok=True, result=True)
#: pydantic forgets a generic model nobody holds, and takes 15 ms to make it anew for the next answer.
_HELD = Response[Message]


class NoAnswerError(TelegramNetworkError):
    """The call hung, and was given up."""


class Session(AiohttpSession):
    """aiogram's session, but plain calls go as JSON, written in one pass: a third of the work of a form.

    An answer that is not Telegram's (a proxy's page) is an error of the server, tried again like others.
    No error has the address of a call in it: the token is a part of that.
    """

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - as aiogram's own
    ) -> TelegramType:
        try:
            return await self._answered(bot, method, timeout)
        except TelegramNetworkError as error:
            # Raised by aiogram, in the words of aiohttp.
            problem = _without_address(method, error.__cause__)
        except (ClientError, TimeoutError, UnicodeDecodeError) as error:
            problem = _without_address(method, error)
        except ClientDecodeError:
            # Its words are the whole answer, in which there is what somebody wrote.
            problem = TelegramAPIError(method=method, message="a result of a kind that is not known")
        # Out here the error has no context either: a traceback would print its words.
        raise problem

    async def _answered(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None,  # noqa: ASYNC109 - as aiogram's own
    ) -> TelegramType:
        call: TelegramMethod[Any] = method
        body = _body(bot, call) if isinstance(call, _PLAIN) else None
        if body is None:
            return await super().make_request(bot, method, patience(call) if timeout is None else timeout)
        client = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        longest = ClientTimeout(total=_PATIENCE if timeout is None else timeout)
        async with client.post(url, data=body, headers=_JSON, timeout=longest) as answer:
            content = await answer.text()
        return cast(TelegramType, self.check_response(bot, call, answer.status, content).result)

    async def close(self) -> None:
        """aiogram's, but without its quarter of a second for TLS to wind up where there is none."""
        if self.api.base.startswith("https:"):
            await super().close()
        elif self._session is not None:
            await self._session.close()

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        answer = _answer(content)
        if answer is None:
            raise TelegramServerError(method=method, message=f"{status_code}, and not in Telegram's words")
        if answer["ok"] and (answer.get("result") is True or isinstance(method, EditMessageText)):
            # To read the message as it now stands, which nobody wants, would cost as much as the call.
            return cast(Response[TelegramType], _DONE)
        return super().check_response(bot, method, status_code, content)


class TryAgain(BaseRequestMiddleware):
    """Sends a call again where Telegram asks to wait, or is away for a moment.

    Whoever is told to wait (429) makes every call wait, exactly as long: Telegram stops the bot, not a chat.
    A call that hung counts twice: three of them take half a minute, and somebody's updates wait behind it.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._waits = 0
        self._open = asyncio.Event()
        self._open.set()

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        failures = 0
        while True:
            await self._open.wait()
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                _log.warning("too many calls", method=type(method).__name__, pause=error.retry_after)
                await self._stop_all(error.retry_after)
            except (TelegramNetworkError, TelegramServerError) as error:
                failures += 2 if isinstance(error, NoAnswerError) else 1
                _log.warning("call not taken", method=type(method).__name__, error=str(error))
                if failures >= _ATTEMPTS:
                    raise
                await self._sleep(_FIRST_PAUSE * 2 ** (failures - 1))

    async def _stop_all(self, seconds: float) -> None:
        self._waits += 1
        self._open.clear()
        try:
            await self._sleep(seconds)
        finally:
            self._waits -= 1
            if not self._waits:
                self._open.set()


def patience(method: TelegramMethod[Any]) -> int:
    """How many seconds a call may take."""
    return _PATIENCE_WITH_FILES if _has_file(method) else _PATIENCE


def _without_address(method: TelegramMethod[Any], cause: BaseException | None) -> TelegramAPIError:
    """What went wrong by its kind alone: aiohttp's own words may quote the address."""
    if isinstance(cause, TimeoutError):
        return NoAnswerError(method=method, message="no answer in time")
    if isinstance(cause, UnicodeDecodeError):
        return TelegramServerError(method=method, message="the answer is no text")
    number = f" ({errno.errorcode.get(cause.errno or 0, cause.errno)})" if isinstance(cause, OSError) else ""
    return TelegramNetworkError(method=method, message=f"{type(cause).__name__}{number}")


def _has_file(value: object) -> bool:
    """Whether there is a file somewhere in a call; a model is walked through as pairs of name and value."""
    if isinstance(value, BaseModel | list | tuple):
        return any(_has_file(part) for part in value)
    return isinstance(value, InputFile)


def _answer(content: str) -> dict[str, Any] | None:
    """None: it is not Telegram that says this."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return None
    known = isinstance(answer, dict) and (
        answer.get("ok") is True or (answer.get("ok") is False and isinstance(answer.get("description"), str))
    )
    return answer if known else None


def _body(bot: Bot, method: TelegramMethod[Any]) -> bytes | None:
    """The call's fields as JSON without those that are None: Telegram would read a null as the word "null".

    None if there is something in them that only aiogram's form knows how to say.
    """
    fields = (
        (name, bot.default[value.name] if isinstance(value, Default) else value) for name, value in method
    )
    try:
        return to_json({name: value for name, value in fields if value is not None}, exclude_none=True)
    except PydanticSerializationError:
        return None

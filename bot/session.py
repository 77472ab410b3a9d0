"""How calls go to Telegram: in one place, by one set of rules."""

import asyncio
import errno
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

import structlog
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, EditMessageText, Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, InlineKeyboardMarkup, InputFile, Message
from aiohttp import ClientError, ClientTimeout
from aiohttp.hdrs import CONTENT_TYPE
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json

from bot.views.view import as_json
from db.errors import is_passing
from scheduler.pace import Gate
from usecases.letters import Wording
from usecases.replies import Replies

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


_REPLIES = (EditMessageText, SendMessage)
#: Shorter than this, in seconds, a screen is held rather than sent anew below.
_WORTH_WAITING = 2.0
#: What Telegram says with 400 of a chat that is not there; 403 says as much by itself.
_GONE = ("chat not found", "user not found", "user is deactivated", "peer_id_invalid")

Send = Callable[[Bot, TelegramMethod[Any]], Awaitable[Any]]


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
    ``told_to_wait`` passes it on to other processes; calls of the kinds ``hasty`` do not wait, but fail.
    A call that hung counts twice: three of them take half a minute, and somebody's updates wait behind it.
    """

    def __init__(
        self,
        gate: Gate,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        told_to_wait: Callable[[float], Awaitable[None]] | None = None,
        hasty: tuple[type[TelegramMethod[Any]], ...] = (),
    ) -> None:
        self._gate = gate
        self._sleep = sleep
        self._told_to_wait = told_to_wait
        self._hasty = hasty

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        failures = 0
        while True:
            if not isinstance(method, self._hasty):
                await self._gate.opened()
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                await self._wait(method, error.retry_after)
                if isinstance(method, self._hasty):
                    raise
            except (TelegramNetworkError, TelegramServerError) as error:
                failures += 2 if isinstance(error, NoAnswerError) else 1
                _log.warning("call not taken", method=type(method).__name__, error=str(error))
                if failures >= _ATTEMPTS:
                    raise
                await self._sleep(_FIRST_PAUSE * 2 ** (failures - 1))

    async def _wait(self, method: TelegramMethod[Any], seconds: float) -> None:
        _log.warning("too many calls", method=type(method).__name__, pause=seconds)
        self._gate.close(seconds)
        if self._told_to_wait is None:
            return
        try:
            await self._told_to_wait(seconds)
        except Exception as error:
            if not is_passing(error):
                raise
            _log.warning("the database is away: other processes find out themselves")


class KeepReplies(BaseRequestMiddleware):
    """What a handler says reaches the person, and no handler need care how.

    Where the bot has to wait, or Telegram is away for longer, a message becomes a row of the outbox. A screen
    that was to be drawn over a message is held if the wait is short, and is a new message otherwise. A tap's
    answer is dropped: when it could be given, nobody looks at the button any more.
    """

    def __init__(self, gate: Gate, replies: Replies) -> None:
        self._gate = gate
        self._replies = replies

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        call: TelegramMethod[Any] = method
        if isinstance(call, AnswerCallbackQuery):
            return cast(Response[TelegramType], await self._answer(make_request, bot, call))
        if isinstance(call, _REPLIES) and isinstance(call.chat_id, int):
            return cast(Response[TelegramType], await self._reply(make_request, bot, call, call.chat_id))
        return await make_request(bot, method)

    async def _answer(self, send: Send, bot: Bot, call: AnswerCallbackQuery) -> Any:
        if self._gate.left():
            return True
        try:
            return await send(bot, call)
        except (TelegramRetryAfter, TelegramNetworkError, TelegramServerError):
            return True

    async def _reply(self, send: Send, bot: Bot, call: SendMessage | EditMessageText, chat_id: int) -> Any:
        """Raises only what is wrong with the message itself."""
        if await self._is_early(call, chat_id):
            return await self._keep(bot, call, chat_id)
        try:
            return await send(bot, call)
        except TelegramMigrateToChat as error:
            await self._replies.moved(chat_id, error.migrate_to_chat_id)
            there = call.model_copy(update={"chat_id": error.migrate_to_chat_id})
            return await self._reply(send, bot, there, error.migrate_to_chat_id)
        except TelegramRetryAfter:
            if self._is_held(call):
                return await self._reply(send, bot, call, chat_id)
            return await self._keep(bot, call, chat_id)
        except (TelegramNetworkError, TelegramServerError):
            return await self._keep(bot, call, chat_id)
        except (TelegramForbiddenError, TelegramBadRequest) as error:
            if not is_gone(error):
                raise
            await self._give_up(chat_id, error.message)
            return _stand_in(bot, call, chat_id)

    async def _is_early(self, call: SendMessage | EditMessageText, chat_id: int) -> bool:
        """Whether it has to wait for its turn in the outbox."""
        if self._is_held(call):
            await self._gate.opened()
        return self._gate.left() > 0 or await self._replies.wait_for(chat_id)

    def _is_held(self, call: SendMessage | EditMessageText) -> bool:
        return isinstance(call, EditMessageText) and self._gate.left() <= _WORTH_WAITING

    async def _keep(self, bot: Bot, call: SendMessage | EditMessageText, chat_id: int) -> Any:
        instead_of = call.message_id if isinstance(call, EditMessageText) else None
        await self._replies.keep(chat_id, _wording(call), instead_of=instead_of or 0, wait=self._gate.left())
        _log.info("a reply waits in the outbox", chat=chat_id)
        return _stand_in(bot, call, chat_id)

    async def _give_up(self, chat_id: int, reason: str) -> None:
        if chat_id > 0:
            await self._replies.unreachable(chat_id, reason)
            _log.info("a person cannot be written to", person=chat_id, reason=reason)
        else:
            _log.warning("a group cannot be written to", chat=chat_id, reason=reason)


def follow_rules(bot: Bot, gate: Gate, replies: Replies) -> None:
    """From now on the bot's calls wait at this gate, and its replies are kept where they cannot be sent."""
    rules = bot.session.middleware
    for rule in list(rules):
        rules.unregister(rule)
    rules.register(KeepReplies(gate, replies))
    rules.register(TryAgain(gate, told_to_wait=replies.told_to_wait, hasty=_PLAIN))


def is_gone(error: TelegramAPIError) -> bool:
    """Whether nothing can be delivered to this chat, whatever it is."""
    if isinstance(error, TelegramForbiddenError):
        return True
    return isinstance(error, TelegramBadRequest) and any(words in error.message.lower() for words in _GONE)


def why_unknown(address: str, error: TelegramAPIError) -> tuple[str, str]:
    """What is wrong where Telegram does not say who the bot is, and what to do about it."""
    if isinstance(error, TelegramNetworkError):
        return f"{address} does not answer: {error.message}", "check TELEGRAM_API_BASE and the network"
    if isinstance(error, TelegramServerError):
        return f"{address} is out of order: {error.message}", "try again in a minute"
    return f"{address} says: {error.message}", "check BOT_TOKEN"


def patience(method: TelegramMethod[Any]) -> int:
    """How many seconds a call may take."""
    return _PATIENCE_WITH_FILES if _has_file(method) else _PATIENCE


def _wording(call: SendMessage | EditMessageText) -> Wording:
    """What views give is a text and a keyboard; the rest of a call is the same for all."""
    keyboard = call.reply_markup if isinstance(call.reply_markup, InlineKeyboardMarkup) else None
    return Wording(text=call.text or "", keyboard=as_json(keyboard))


def _stand_in(bot: Bot, call: SendMessage | EditMessageText, chat_id: int) -> Any:
    """What a handler gets in place of a message that is not there yet."""
    if isinstance(call, EditMessageText):
        return True
    chat = Chat(id=chat_id, type="private" if chat_id > 0 else "group")
    return Message(message_id=0, date=datetime.fromtimestamp(0, UTC), chat=chat).as_(bot)


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

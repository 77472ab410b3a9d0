"""How replies go out: in one place, by one set of rules."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

_log = structlog.get_logger()

#: A pause longer than this would keep everybody behind this reply waiting.
_LONGEST_WAIT = 5.0
_ATTEMPTS = 3
_FIRST_PAUSE = 0.2


class TryAgain(BaseRequestMiddleware):
    """Sends a reply again where Telegram asks to wait a little, or is away for a moment."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        for attempt in range(1, _ATTEMPTS):
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                if error.retry_after > _LONGEST_WAIT:
                    raise
                await self._sleep(error.retry_after)
            except (TelegramNetworkError, TelegramServerError) as error:
                _log.warning("reply not taken", method=type(method).__name__, error=str(error))
                await self._sleep(_FIRST_PAUSE * attempt)
        return await make_request(bot, method)

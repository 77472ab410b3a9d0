"""What happens to each update, however it came: parsed alone, in order per person, bounded, never lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import Update
from pydantic import ValidationError

from db.errors import is_passing

_log = structlog.get_logger()

Handle = Callable[[Update], Awaitable[None]]
SetAside = Callable[[int | None, str, str], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]

#: How often a reply that Telegram did not take is tried by handling the update anew.
_REPLY_ATTEMPTS = 4
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0


class Intake:
    """Handles raw updates: at most ``in_flight`` at a time, one at a time per person.

    Whoever calls :meth:`take` may confirm the update once it returns: it was handled, or set aside. While
    the database is away it does not return, since nothing could be kept.
    """

    def __init__(
        self,
        bot: Bot,
        handle: Handle,
        set_aside: SetAside,
        apologise: Handle,
        *,
        in_flight: int,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._handle = handle
        self._set_aside = set_aside
        self._apologise = apologise
        self._places = asyncio.Semaphore(in_flight)
        self._turns = Turns()
        self._sleep = sleep

    async def take(self, raw: Any) -> None:
        """Handle one update, or set it aside with what is wrong with it."""
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as error:
            _log.warning("update cannot be parsed", problems=error.error_count())
            problem = f"cannot be parsed: {error}"
            await self._keep_trying(lambda: self._put_aside(raw, problem))
            return
        async with self._turns.of(person_of(raw)), self._places:
            await self._keep_trying(lambda: self._once(update, raw))

    async def _once(self, update: Update, raw: Any) -> None:
        """Handle one update; an error that will not pass sets it aside."""
        for attempt in range(1, _REPLY_ATTEMPTS + 1):
            try:
                await self._handle(update)
            except TelegramForbiddenError:
                _log.info("reply refused: the person blocked the bot", update_id=update.update_id)
            except (TelegramNetworkError, TelegramServerError, TelegramRetryAfter) as error:
                if attempt == _REPLY_ATTEMPTS:
                    await self._put_aside(raw, f"the reply was not taken: {error}")
                    return
                await self._sleep(_pause(attempt, error))
                continue
            except Exception as error:
                if is_passing(error):
                    raise
                _log.exception("update failed", update_id=update.update_id)
                await self._put_aside(raw, f"{type(error).__name__}: {error}")
                await self._apologise(update)
            return

    async def _keep_trying(self, work: Callable[[], Awaitable[None]]) -> None:
        attempt = 0
        while True:
            try:
                await work()
            except Exception as error:
                if not is_passing(error):
                    raise
                attempt += 1
                _log.warning("the database is away", attempt=attempt, error=str(error))
                await self._sleep(_pause(attempt, error))
            else:
                return

    async def _put_aside(self, raw: Any, error: str) -> None:
        number = raw.get("update_id") if isinstance(raw, dict) else None
        kept = number if isinstance(number, int) and not isinstance(number, bool) else None
        await self._set_aside(kept, json.dumps(raw, ensure_ascii=False), error)


class Turns:
    """One at a time per key, in the order of asking; keys nobody waits for are forgotten."""

    def __init__(self) -> None:
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}

    @asynccontextmanager
    async def of(self, key: int) -> AsyncIterator[None]:
        """Wait for one's turn."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]


def person_of(raw: Any) -> int:
    """Who an update is from, 0 where it does not say: read from the raw form, before anything is trusted."""
    for name, part in raw.items() if isinstance(raw, dict) else ():
        sender = part.get("from") if isinstance(part, dict) and name != "update_id" else None
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            return int(sender["id"])
    return 0


def _pause(attempt: int, error: Exception) -> float:
    if isinstance(error, TelegramRetryAfter):
        return float(error.retry_after)
    return float(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1)))

"""What happens to each update, however it came: parsed alone, in order per person, bounded, never lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError, TelegramNetworkError, TelegramServerError
from aiogram.types import Update
from pydantic import ValidationError

from db.errors import is_passing

_log = structlog.get_logger()

Handle = Callable[[Update], Awaitable[None]]
SetAside = Callable[[int | None, int | None, str, str], Awaitable[None]]
Blocked = Callable[[int], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
#: PostgreSQL's largest bigint.
_LARGEST_NUMBER = 2**63 - 1


class Intake:
    """Handles raw updates: at most ``in_flight`` at a time, one at a time per person.

    Whoever calls :meth:`take` may confirm the update once it returns: it was handled, or set aside. While
    the database is away it does not return, since nothing could be kept; it may be cancelled.
    """

    def __init__(
        self,
        bot: Bot,
        handle: Handle,
        set_aside: SetAside,
        apologise: Handle,
        blocked: Blocked,
        *,
        in_flight: int,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._handle = handle
        self._set_aside = set_aside
        self._apologise = apologise
        self._blocked = blocked
        self._places = asyncio.Semaphore(in_flight)
        self._turns = Turns()
        self._sleep = sleep

    async def take(self, raw: Any) -> None:
        """Handle one update, or set it aside with what is wrong with it. Raises nothing."""
        try:
            update = Update.model_validate(_without_keyboard(raw), context={"bot": self._bot})
        except (ValidationError, RecursionError) as error:
            _log.warning("update cannot be parsed", update_id=number_of(raw))
            problem = f"cannot be parsed: {error}"
            async with self._places:
                await self._until_done(raw, lambda: self._put_aside(raw, problem))
            return
        async with self._turns.of(person_of(raw)), self._places:
            await self._until_done(raw, lambda: self._once(update, raw))

    async def _once(self, update: Update, raw: Any) -> None:
        """Handle one update; an error that will not pass sets it aside."""
        try:
            await self._handle(update)
        except TelegramForbiddenError as error:
            _log.info("reply refused", update_id=update.update_id, reason=error.message)
            await self._blocked(person_of(raw))
        except (TelegramNetworkError, TelegramServerError) as error:
            # What the person did is stored; only what they should have read is not there.
            await self._put_aside(raw, f"the reply was not taken: {error}")
        except Exception as error:
            if is_passing(error):
                raise
            _log.exception("update failed", update_id=update.update_id)
            await self._put_aside(raw, f"{type(error).__name__}: {error}")
            await self._apologise(update)

    async def _until_done(self, raw: Any, work: Callable[[], Awaitable[None]]) -> None:
        attempt = 0
        while True:
            try:
                return await work()
            except Exception as error:
                if not is_passing(error):
                    # Setting aside failed, too. To try for ever would hold up everybody behind it.
                    _log.exception("update lost", update_id=number_of(raw))
                    return None
                attempt += 1
                _log.warning("the database is away", attempt=attempt, error=str(error))
                await self._sleep(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(attempt - 1, 10)))

    async def _put_aside(self, raw: Any, error: str) -> None:
        person = person_of(raw)
        known = person if 0 < person <= _LARGEST_NUMBER else None
        await self._set_aside(number_of(raw), known, _storable(_as_json(_own(raw))), _storable(error))


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
    for part in raw.values() if isinstance(raw, dict) else ():
        sender = part.get("from") if isinstance(part, dict) else None
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            return int(sender["id"])
    return 0


def number_of(raw: Any) -> int | None:
    """The update's id, None where there is none that could be one."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    fits = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _LARGEST_NUMBER
    return number if fits else None


def _without_keyboard(raw: Any) -> Any:
    """A tapped message comes with all its buttons: nobody reads them, and they are most of the parsing."""
    tap = raw.get("callback_query") if isinstance(raw, dict) else None
    message = tap.get("message") if isinstance(tap, dict) else None
    if not (isinstance(tap, dict) and isinstance(message, dict)):
        return raw
    bare = {name: value for name, value in message.items() if name != "reply_markup"}
    return {**raw, "callback_query": {**tap, "message": bare}}


def _own(raw: Any) -> Any:
    """The update without what others have written: of a message that it is about, where that stands."""
    if not isinstance(raw, dict):
        return raw
    tap, message = raw.get("callback_query"), raw.get("message")
    bare = dict(raw)
    if isinstance(tap, dict) and "message" in tap:
        bare["callback_query"] = {**tap, "message": _place_of(tap["message"])}
    if isinstance(message, dict) and "reply_to_message" in message:
        said = {name: value for name, value in message.items() if name != "quote"}
        bare["message"] = {**said, "reply_to_message": _place_of(message["reply_to_message"])}
    return bare


def _place_of(message: Any) -> Any:
    if not isinstance(message, dict):
        return None
    return {name: message[name] for name in ("message_id", "date", "chat") if name in message}


def _as_json(raw: Any) -> str:
    try:
        return json.dumps(raw, ensure_ascii=False)
    except RecursionError:
        return "nested too deeply to be written down"


def _storable(text: str) -> str:
    """Half an emoji is fine in JSON, but no character to PostgreSQL."""
    return text.encode("utf-8", "backslashreplace").decode()

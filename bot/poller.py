"""Long polling that confirms an update only once it has been handled."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any, TypeVar

import aiohttp
import structlog

_log = structlog.get_logger()

#: The kinds of updates this bot has handlers for.
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")

_Result = TypeVar("_Result")

_BATCH = 100
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


class UnauthorizedError(Exception):
    """Telegram does not know the token."""


class _TryAgainError(Exception):
    """This call brought nothing; ``pause`` in seconds if Telegram named one."""

    def __init__(self, what: str, pause: float | None = None) -> None:
        super().__init__(what)
        self.pause = pause


class Poller:
    """Fetches a batch, handles it, and only then asks for the next, which confirms the one before.

    ``url`` is that of getUpdates, token and all. ``take`` must return only when an update is done with.
    """

    def __init__(
        self,
        url: str,
        take: Callable[[Any], Awaitable[None]],
        *,
        random: Random,
        timeout: int = 30,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self._take = take
        self._random = random
        self._timeout = timeout
        self._sleep = sleep
        self._offset: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until ``stop`` is set; then finish what is in hand, confirm it and return.

        Raises:
            UnauthorizedError: Telegram does not know the token.
        """
        timeout = aiohttp.ClientTimeout(total=self._timeout + 15, sock_connect=10)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            failures = 0
            while not stop.is_set():
                fetching = asyncio.ensure_future(self._fetch(session, self._timeout, _BATCH))
                try:
                    updates = await _unless(stop, fetching)
                except _TryAgainError as error:
                    failures += 1
                    pause = error.pause if error.pause is not None else self._back_off(failures)
                    _log.warning("getUpdates failed", error=str(error), pause=round(pause, 1))
                    await _unless(stop, asyncio.ensure_future(self._sleep(pause)))
                    continue
                failures = 0
                await self._handle(updates or ())
            await self._confirm(session)

    async def _handle(self, updates: Sequence[Any]) -> None:
        """All of a batch at once: the intake bounds them, and keeps each person's in order."""
        await asyncio.gather(*(self._take(update) for update in updates))
        numbers = [update["update_id"] for update in updates]
        if numbers:
            self._offset = max(numbers) + 1

    async def _confirm(self, session: aiohttp.ClientSession) -> None:
        """Tell Telegram what was handled last; where it cannot be told, the updates come again."""
        if self._offset is None:
            return
        try:
            await self._fetch(session, 0, 1)
        except _TryAgainError as error:
            _log.warning("the last updates are not confirmed and will come again", error=str(error))

    async def _fetch(self, session: aiohttp.ClientSession, seconds: int, limit: int) -> Sequence[Any]:
        call: dict[str, Any] = {"timeout": seconds, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            call["offset"] = self._offset
        try:
            async with session.post(self._url, json=call) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # A proxy's page in HTML is no JSON: a ValueError.
            raise _TryAgainError(f"{type(error).__name__}") from error
        if not isinstance(answer, dict):
            raise _TryAgainError("the answer is no object")
        if answer.get("ok"):
            updates: Sequence[Any] = answer["result"]
            return updates
        raise _refusal(answer)

    def _back_off(self, failures: int) -> float:
        """Doubling, with jitter, so that replicas do not come back in step."""
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (failures - 1))
        return float(longest * (0.5 + self._random.random() / 2))


def _refusal(answer: dict[str, Any]) -> Exception:
    description = str(answer.get("description"))
    if answer.get("error_code") in {401, 404}:
        return UnauthorizedError(f"Telegram does not know this BOT_TOKEN: {description}")
    pause = (answer.get("parameters") or {}).get("retry_after")
    return _TryAgainError(description, float(pause) if pause is not None else None)


async def _unless(stop: asyncio.Event, work: "asyncio.Future[_Result]") -> _Result | None:
    """The result of ``work``, or None (and ``work`` cancelled) if ``stop`` comes first."""
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
    if work.done():
        return work.result()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    return None

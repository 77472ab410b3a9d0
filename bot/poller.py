"""Long polling that confirms an update only once it has been handled."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import takewhile
from random import Random
from typing import Any, TypeVar

import aiohttp
import structlog

from bot.intake import number_of
from bot.settings import SettingsError

_log = structlog.get_logger()

#: The kinds of updates this bot has handlers for.
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member", "message_reaction_count")

_Result = TypeVar("_Result")

_BATCH = 100
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
#: How long updates in hand may take to end after a stop; what does not end by then comes again.
_GRACE = 10.0
_LAST_WORD = aiohttp.ClientTimeout(total=5)


class UnauthorizedError(SettingsError):
    """Telegram does not know the token."""


class _TryAgainError(Exception):
    """This call brought nothing; ``pause`` in seconds if Telegram named one."""

    def __init__(self, what: str, pause: float | None = None) -> None:
        super().__init__(what)
        self.pause = pause


class _WebhookError(_TryAgainError):
    """Telegram gives nothing by polling while a webhook is set."""


class Poller:
    """Fetches a batch, handles it, and only then asks for the next, which confirms the one before.

    ``url`` is that of getUpdates, token and all. ``take`` must return only when an update is done with.
    ``drop_webhook`` is called when there turns out to be one, and raises nothing.
    """

    def __init__(
        self,
        url: str,
        take: Callable[[Any], Awaitable[None]],
        drop_webhook: Callable[[], Awaitable[None]],
        *,
        random: Random,
        timeout: int = 30,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self._take = take
        self._drop_webhook = drop_webhook
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
                try:
                    updates = await unless(stop.wait(), self._fetch(session, self._timeout, _BATCH))
                    if updates:
                        await self._handle(updates, stop)
                    failures = 0
                except _TryAgainError as error:
                    failures += 1
                    await unless(stop.wait(), self._recover(error, failures))
            await self._confirm(session)

    async def _recover(self, error: _TryAgainError, failures: int) -> None:
        pause = error.pause if error.pause is not None else self._back_off(failures)
        _log.warning("getUpdates failed", error=str(error), pause=round(pause, 1))
        if isinstance(error, _WebhookError):
            await self._drop_webhook()
        await self._sleep(pause)

    async def _handle(self, updates: Sequence[Any], stop: asyncio.Event) -> None:
        """All of a batch at once: the intake bounds them, and keeps each person's in order."""
        taking = [asyncio.ensure_future(self._take(update)) for update in updates]
        await unless(self._out_of_time(stop), asyncio.gather(*taking))
        numbered = [(number_of(raw) or 0, task) for raw, task in zip(updates, taking, strict=True)]
        numbered.sort(key=lambda pair: pair[0])
        # Confirming one confirms all before it: only up to the first that was not handled.
        handled = takewhile(lambda pair: not pair[1].cancelled(), numbered)
        last = max((number for number, _ in handled), default=0)
        if last:
            # The greatest of this batch, not of all time: after a quiet week Telegram starts anywhere.
            self._offset = last + 1
        elif not stop.is_set():
            raise _TryAgainError("no update has an id")

    async def _out_of_time(self, stop: asyncio.Event) -> None:
        await stop.wait()
        await self._sleep(_GRACE)

    async def _confirm(self, session: aiohttp.ClientSession) -> None:
        """Tell Telegram what was handled last; where it cannot be told, the updates come again."""
        if self._offset is None:
            return
        try:
            await self._fetch(session, 0, 1, _LAST_WORD)
        except _TryAgainError as error:
            _log.warning("the last updates are not confirmed and will come again", error=str(error))

    async def _fetch(
        self,
        session: aiohttp.ClientSession,
        seconds: int,
        limit: int,
        timeout: aiohttp.ClientTimeout | None = None,  # noqa: ASYNC109 - of the call, as aiohttp names it
    ) -> Sequence[Any]:
        call: dict[str, Any] = {"timeout": seconds, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            call["offset"] = self._offset
        try:
            async with session.post(self._url, json=call, timeout=timeout or session.timeout) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError) as error:
            # A proxy's page in HTML is no JSON: a ValueError.
            raise _TryAgainError(f"{type(error).__name__}") from error
        return _updates(answer)

    def _back_off(self, failures: int) -> float:
        """Doubling, with jitter, so that replicas do not come back in step."""
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(failures - 1, 10))
        return float(longest * (0.5 + self._random.random() / 2))


def _updates(answer: Any) -> Sequence[Any]:
    if not isinstance(answer, dict):
        raise _TryAgainError("the answer is no object")
    updates = answer.get("result")
    if not answer.get("ok"):
        raise _refusal(answer)
    if not isinstance(updates, list):
        raise _TryAgainError("the answer has no list of updates")
    return updates


def _refusal(answer: dict[str, Any]) -> Exception:
    description = str(answer.get("description"))
    if answer.get("error_code") in {401, 404}:
        return UnauthorizedError(f"Telegram does not know this BOT_TOKEN: {description}")
    if answer.get("error_code") == 409 and "webhook is active" in description:
        return _WebhookError(description)
    parameters = answer.get("parameters")
    pause = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return _TryAgainError(description, float(pause) if isinstance(pause, int | float) else None)


async def unless(event: Awaitable[Any], work: Awaitable[_Result]) -> _Result | None:
    """The result of ``work``, or None (and ``work`` cancelled) if ``event`` comes first."""
    coming, working = asyncio.ensure_future(event), asyncio.ensure_future(work)
    try:
        await asyncio.wait((working, coming), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        coming.cancel()
        working.cancel()
        await asyncio.gather(coming, working, return_exceptions=True)

"""Delivery by webhook: in order per chat, again after a failure with growing pauses."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from .errors import ApiError, bad_request, phrase, too_many_requests
from .params import Params, parse_any
from .updates import Pending, UpdateQueue
from .world import Content

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
RETRY_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
MAX_SECRET = 256
MAX_CONNECTIONS = 100
ANSWER_SECONDS = 60
COMPANY_SECONDS = 0.05  # so long an update waits for another one to be shuffled with
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}

Call = Callable[[str, Params], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where updates go."""

    url: str
    secret: str
    max_connections: int


class Webhook:
    """At most one target; while there is one, getUpdates is refused.

    `call` runs a Bot API method that came as the body of the webhook's answer. `pauses` are the seconds
    before each further try, the last one for all that follow; `sleep` waits them out.
    """

    def __init__(
        self,
        updates: UpdateQueue,
        call: Call,
        clock: Callable[[], float],
        pauses: Sequence[float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._updates = updates
        self._call = call
        self._clock = clock
        self._pauses = pauses
        self._sleep = sleep
        self.target: Target | None = None
        self._last_set = float("-inf")
        self._error: tuple[int, str] | None = None
        self._lanes: dict[int, deque[Pending]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None
        self._free = asyncio.Semaphore(1)
        self._open = asyncio.Event()
        self._open.set()

    def hold(self, held: bool) -> None:
        """While held nothing is delivered; it all waits."""
        if held:
            self._open.clear()
        else:
            self._open.set()

    def set(self, url: str, *, secret: str, max_connections: int) -> None:
        """setWebhook; an empty url removes it."""
        if not url:
            return self.remove()
        _check_secret(secret)
        _check_url(url)
        self._check_pace()
        self.start(Target(url, secret, min(max(max_connections, 1), MAX_CONNECTIONS)))
        return None

    def _check_pace(self) -> None:
        now = self._clock()
        if now - self._last_set < 1:
            raise too_many_requests(1)
        self._last_set = now

    def start(self, target: Target) -> None:
        """Delivers what waits and what comes to the target."""
        self.stop()
        self.target = target
        self._error = None
        self._free = asyncio.Semaphore(target.max_connections)
        self._updates.end_poll_for_webhook()
        self._updates.on_new = self._deliver
        for pending in self._updates.waiting():
            self._deliver(pending)

    def remove(self) -> None:
        """deleteWebhook; what was not delivered waits for getUpdates."""
        self.stop()
        self.target = None
        self._error = None

    def stop(self) -> None:
        """Ends all deliveries."""
        self._updates.on_new = None
        self._lanes.clear()
        for task in self._tasks:
            task.cancel()

    def forget_waiting(self) -> None:
        """The queue is being dropped: deliver nothing of it."""
        for lane in self._lanes.values():
            lane.clear()

    async def idle(self) -> None:
        """Waits until nothing is being delivered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Ends all deliveries and connections."""
        self.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def info(self) -> Content:
        """WebhookInfo without the counts."""
        target = self.target
        info: Content = {"url": target.url if target else "", "has_custom_certificate": False}
        if target:
            info["max_connections"] = target.max_connections
        if self._error:
            info["last_error_date"], info["last_error_message"] = self._error
        return info

    def _deliver(self, pending: Pending) -> None:
        lane = self._lanes.get(pending.lane)
        if lane is not None:
            lane.append(pending)
            return
        self._lanes[pending.lane] = lane = deque([pending])
        task = asyncio.create_task(self._empty(pending.lane, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, number: int, lane: deque[Pending]) -> None:
        failures = 0
        while lane:
            await self._open.wait()
            if self._updates.shuffle and len(lane) == 1:
                await self._sleep(COMPANY_SECONDS)
            async with self._free:
                if not lane:
                    break
                pending = self._updates.pick(lane)
                delivered = await self._try(pending)
            if delivered:
                self._confirmed(lane, pending)
                failures = 0
            else:
                await self._sleep(self._pauses[min(failures, len(self._pauses) - 1)])
                failures += 1
        if self._lanes.get(number) is lane:
            del self._lanes[number]

    def _confirmed(self, lane: deque[Pending], pending: Pending) -> None:
        if pending in lane:
            lane.remove(pending)
        self._updates.confirm(pending)

    async def _try(self, pending: Pending) -> bool:
        try:
            problem = await self._post(pending.update)
        except TimeoutError:
            problem = "Read timeout expired"
        except ClientError as error:
            problem = "Connection refused" if _refused(error) else f"Connection failed: {error}"
        if problem:
            self._error = (int(self._clock()), problem)
        return not problem

    async def _post(self, update: Content) -> str | None:
        assert self.target is not None  # noqa: S101 - lanes are cancelled before the target goes
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=ANSWER_SECONDS))
        headers = {SECRET_HEADER: self.target.secret} if self.target.secret else {}
        async with self._session.post(
            self.target.url, json=update, headers=headers, allow_redirects=False
        ) as response:
            if not 200 <= response.status < 300:
                return f"Wrong response from the webhook: {response.status} {phrase(response.status)}"
            await self._follow(response)
        return None

    async def _follow(self, response: ClientResponse) -> None:
        """The answer's body may itself be a method call; its result goes nowhere, as with Telegram."""
        try:
            values, files = parse_any(response.headers.get("Content-Type", ""), await response.read())
        except (ApiError, ValueError):
            return
        method = values.pop("method", None)
        if isinstance(method, str) and method:
            await self._call(method, Params(values, files))


def _refused(error: ClientError) -> bool:
    return isinstance(error, OSError) and isinstance(error.__cause__ or error, ConnectionError | OSError)


def _check_secret(secret: str) -> None:
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise bad_request("bad webhook: invalid webhook URL specified")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")

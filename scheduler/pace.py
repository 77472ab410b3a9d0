"""How fast messages go out, and when none may."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random

from aiolimiter import AsyncLimiter

#: Messages a second: Telegram takes about 30, and replies need the rest.
RATE = 25.0
#: How much of a rate is taken: messages come a little late or early, and none may be one too many.
_SHARE = 0.985
#: One message at a time, and a quarter: so much of what a late timer cost is made up for.
_SLACK = 1.25
#: And at most so many are taken at a time.
_PORTION = 64
_PERSON_SECONDS = 1.0
#: 20 a minute, evenly.
_GROUP_SECONDS = 3.0

#: So many in a row, whatever they were.
_FAILURES = 3
#: Seconds between two questions whether Telegram is there.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 10.0


class Gate:
    """Closed while Telegram has told the bot to wait: then nothing goes out from anywhere in this process."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._opens_at = float("-inf")

    def close(self, seconds: float) -> None:
        """Let nothing out for so long from now; a longer wait that runs already stays."""
        self._opens_at = max(self._opens_at, self._monotonic() + seconds)

    def left(self) -> float:
        """For how many seconds it stays closed, 0 if it is open."""
        return max(0.0, self._opens_at - self._monotonic())

    async def opened(self) -> None:
        """Wait until it is open."""
        while left := self.left():
            await self._sleep(left)


class Pace:
    """How fast the sender may go: ``rate`` messages a second in all, and its own pace in each chat.

    Without a rate there is no limit at all, for tests and benchmarks.
    """

    def __init__(self, rate: float | None = RATE, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._limiter = rate and AsyncLimiter(_SLACK, _SLACK / (rate * _SHARE))
        self._free_at: dict[int, float] = {}

    @property
    def portion(self) -> int:
        """How many messages to take at a time: what a second is enough for."""
        return _PORTION if self._rate is None else max(1, min(_PORTION, int(self._rate)))

    @property
    def gap(self) -> float:
        """Seconds between two messages to one person."""
        return _PERSON_SECONDS if self._rate else 0.0

    async def turn(self) -> None:
        """Wait until the next message may go."""
        if self._limiter:
            await self._limiter.acquire()

    def answered(self, chat_id: int) -> None:
        """A message has gone to this chat: it rests. Counted from the answer, Telegram never counts less."""
        if self._rate:
            self._free_at[chat_id] = self._monotonic() + (_GROUP_SECONDS if chat_id < 0 else _PERSON_SECONDS)

    def resting(self) -> list[int]:
        """The chats that nothing may go to yet."""
        now = self._monotonic()
        self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
        return list(self._free_at)

    def next_free(self) -> float | None:
        """Seconds until the first of them has rested; None: none rests."""
        return min(self._free_at.values()) - self._monotonic() if self._free_at else None


class Breaker:
    """Opens when it is Telegram that is away, and not one message that fails.

    While it is open nothing is tried but whether Telegram is there, at growing intervals.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._failures = 0
        self._asked = 0

    @property
    def open(self) -> bool:
        """Whether to stop sending."""
        return self._failures >= _FAILURES

    def failed(self) -> None:
        """A call got no answer, or one of a server in trouble."""
        self._failures += 1

    def trip(self) -> None:
        """Telegram will take nothing, whatever is tried."""
        self._failures = max(self._failures, _FAILURES)

    def asked_in_vain(self) -> None:
        """It was asked whether it is there, and is not."""
        self._asked += 1

    def succeeded(self) -> None:
        """Telegram has answered."""
        self._failures = self._asked = 0

    def pause(self) -> float:
        """Seconds until it is asked (again)."""
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(self._asked, 10))
        return longest * self._random.uniform(0.5, 1.0)

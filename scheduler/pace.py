"""How fast messages go out, and when none may."""

import asyncio
import time
from collections.abc import Awaitable, Callable


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

"""The sandbox's clock: the real time, and so many seconds ahead of it as somebody wished."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .errors import JsonObject, SimError

FARTHEST = 100 * 365 * 86_400
PATIENCE = 3.0


class Clock:
    """Unix time, called as a function. `real` is the time it runs with.

    While a bot that follows is on its way, called it tells the bot's time: what it sends by noon is not to be
    dated by the night that the leap ends in.
    """

    def __init__(self, real: Callable[[], float]) -> None:
        self.real = real
        self.ahead = 0.0
        self._followed_to: float | None = None
        self._heard_at = 0.0
        self._followed = asyncio.Event()

    def __call__(self) -> float:
        real, there = self.real(), self._followed_to
        if there is not None and there < self.ahead and real - self._heard_at < PATIENCE:
            return real + there
        return real + self.ahead

    def set_ahead(self, seconds: float) -> None:
        """So far from the real time from now on; SimError beyond a hundred years."""
        if not -FARTHEST <= seconds <= FARTHEST:
            raise SimError("the clock goes a hundred years ahead or back, not farther")
        self.ahead = seconds

    def follow(self, ahead: float) -> None:
        """A bot with a clock of its own has come so far."""
        self._followed_to = ahead
        self._heard_at = self.real()
        if ahead == self.ahead:
            self._followed.set()

    async def caught_up(self) -> None:
        """Wait for who follows, if anybody does; who keeps silent for long does not any more."""
        if self._followed_to is None or self._followed_to == self.ahead:
            return
        self._followed.clear()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._followed.wait()
        except TimeoutError:
            self._followed_to = None

    def as_json(self) -> JsonObject:
        """GET /sim/clock."""
        return {"now": self.real() + self.ahead, "ahead": self.ahead}

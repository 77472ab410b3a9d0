"""The sandbox's clock: the real time, and so many seconds ahead of it as somebody wished."""

from __future__ import annotations

from collections.abc import Callable

from .errors import JsonObject, SimError

FARTHEST = 100 * 365 * 86_400


class Clock:
    """Unix time, called as a function. `real` is the time it runs with."""

    def __init__(self, real: Callable[[], float]) -> None:
        self.real = real
        self.ahead = 0.0

    def __call__(self) -> float:
        return self.real() + self.ahead

    def set_ahead(self, seconds: float) -> None:
        """So far from the real time from now on; SimError beyond a hundred years."""
        if not -FARTHEST <= seconds <= FARTHEST:
            raise SimError("the clock goes a hundred years ahead or back, not farther")
        self.ahead = seconds

    def as_json(self) -> JsonObject:
        """GET /sim/clock."""
        return {"now": self(), "ahead": self.ahead}

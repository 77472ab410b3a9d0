"""How often a bot may write: Telegram's limits, and the stop that follows when it wrote too often.

All in real seconds: the clock people set forward does not count here.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import ApiError, JsonObject, SimError, too_many_requests

MINUTE = 60.0
MAX_CHATS = 20_000
MOST = 1_000_000
_SENDING = {"sendmessage", "sendphoto", "senddocument", "sendmediagroup", "copymessage"}
_NAMES = ("per_second", "per_chat", "chat_burst", "per_group_minute")

Window = deque[float]


@dataclass(slots=True)
class Stop:
    """Until then every call but getUpdates is refused, as Telegram does after a 429."""

    monotonic: Callable[[], float]
    until: float = float("-inf")
    why: str = ""
    refused: int = 0

    def begin(self, seconds: float, why: str) -> ApiError:
        """Stops the bot for so long; the error to answer with."""
        self.until, self.why = max(self.until, self.monotonic() + seconds), why
        return self.refusal()

    def refusal(self) -> ApiError:
        """429 with the seconds that remain."""
        self.refused += 1
        return too_many_requests(max(math.ceil(self.until - self.monotonic()), 1))

    @property
    def on(self) -> bool:
        """Whether it still lasts."""
        return self.monotonic() < self.until

    def end(self) -> None:
        """The bot may go on at once."""
        self.until = float("-inf")


@dataclass(slots=True)
class Limits:
    """Sliding windows: all messages in a second, those to one person, those to one group in a minute.

    One person gets `chat_burst` messages in any `chat_burst / per_chat` seconds: a burst passes.
    """

    stop: Stop
    on: bool = False
    per_second: int = 30
    per_chat: float = 1
    chat_burst: int = 3
    per_group_minute: int = 20
    _all: Window = field(default_factory=deque)
    _chats: dict[int | str, Window] = field(default_factory=dict)

    def change(self, on: bool | None, values: dict[str, float]) -> None:
        """Sets what is named; counting begins anew."""
        for name, value in values.items():
            if not 0 < value < MOST:
                raise SimError(f'"{name}" must be more than nothing, and less than a million')
            setattr(self, name, value if name == "per_chat" else max(int(value), 1))
        if on is not None:
            self.on = on
        self.stop.end()
        self.stop.refused = 0
        self._all.clear()
        self._chats.clear()

    def count(self, method: str, chat: int | str, *, private: bool) -> None:
        """Lets a message pass and counts it; ApiError 429, and the bot is stopped, if it is one too many."""
        if not self.on or method not in _SENDING:
            return
        now = self.stop.monotonic()
        room, seconds = self._room(private=private)
        mine = self._chats.setdefault(chat, deque())
        wait = max(_wait(self._all, now, self.per_second, 1.0), _wait(mine, now, room, seconds))
        if wait > 0:
            raise self.stop.begin(math.ceil(wait), "limit")
        self._all.append(now)
        mine.append(now)
        self._forget(now)

    def _room(self, *, private: bool) -> tuple[int, float]:
        if private:
            return self.chat_burst, self.chat_burst / self.per_chat
        return self.per_group_minute, MINUTE

    def _forget(self, now: float) -> None:
        if len(self._chats) > MAX_CHATS:
            longest = max(MINUTE, self.chat_burst / self.per_chat)
            self._chats = {
                c: times for c, times in self._chats.items() if times and now - times[-1] < longest
            }

    def as_json(self) -> JsonObject:
        """GET /sim/limits."""
        limits = {name: getattr(self, name) for name in _NAMES}
        return {"on": self.on, **limits, "refused": self.stop.refused}


def _wait(times: Window, now: float, room: int, seconds: float) -> float:
    """Seconds until one more fits into the window; what lies outside is forgotten."""
    while times and now - times[0] >= seconds:
        times.popleft()
    return times[len(times) - room] + seconds - now if len(times) >= room else 0.0

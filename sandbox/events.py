"""What happened, in order, for those who watch. Bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import Any

from .errors import JsonObject
from .world import Message

MAX_EVENTS = 10_000

Entry = tuple[int, Any]


class Log:
    """Numbered entries from 1 on; the oldest are forgotten past the limit, the numbers go on."""

    def __init__(self, limit: int, last: int = 0) -> None:
        self.last = last
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._waiting: set[asyncio.Future[None]] = set()

    def add(self, entry: Any) -> int:
        """Appends and wakes whoever waits; returns the entry's number."""
        self.last += 1
        self._entries.append((self.last, entry))
        if self._waiting:
            self._wake()
        return self.last

    def after(self, number: int) -> list[Entry]:
        """Entries with a higher number, oldest first."""
        missing = min(max(self.last - number, 0), len(self._entries))
        newest = list(islice(reversed(self._entries), missing))
        newest.reverse()
        return newest

    def clear(self) -> None:
        """Forgets everything; the numbers go on."""
        self._entries.clear()

    async def wait_after(self, number: int, seconds: float) -> list[Entry]:
        """The same, but waits up to so many seconds for one to come."""
        if self.last > number:
            return self.after(number)
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await asyncio.wait([waiter], timeout=seconds)
        finally:
            self._waiting.discard(waiter)
        return self.after(number)

    def _wake(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()


def message_event(kind: str, message: Message) -> JsonObject:
    """An event about a message, which keeps how it stood then."""
    where: JsonObject = {"type": kind, "chat_id": message.chat_id, "message_id": message.message_id}
    return where | {"rendering": message.content, "of": message}

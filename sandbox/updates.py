"""Updates on their way to the bot: kept until confirmed, handed out by long poll or webhook."""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from .errors import SimError, conflict
from .faults import TERMINATED

Update = dict[str, Any]

KEPT_SECONDS = 24 * 3600
MAX_HISTORY = 10_000
MAX_BATCH = 100
MAX_POLL_SECONDS = 50
ONLY_WHEN_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

_WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(slots=True, eq=False)
class Pending:
    """An update that nobody has confirmed yet. `lane`: the chat in whose order it must be delivered."""

    update: Update
    at: float
    lane: int


class UpdateQueue:
    """In order of update_id. Whoever delivers by webhook sets `on_new` and confirms one by one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pending: OrderedDict[int, Pending] = OrderedDict()
        self._repeats: deque[Pending] = deque()
        self._history: OrderedDict[int, Pending] = OrderedDict()
        self._poll: asyncio.Future[str | None] | None = None
        self.polled = asyncio.Event()  # set while a getUpdates waits for something to come
        self.allowed: list[str] | None = None
        self.last_id = 100_000_000
        self.on_new: Callable[[Pending], None] | None = None
        self.shuffle = False
        self._random = random.Random(0)  # noqa: S311 - the same disorder in every run

    def __len__(self) -> int:
        return len(self._pending) + len(self._repeats)

    def put(self, kind: str, body: Mapping[str, Any], lane: int) -> int | None:
        """Queues an update of that kind unless the bot does not want it; returns its update_id."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_WHEN_NAMED
        return self._queue({kind: body}, lane) if wanted else None

    def put_raw(self, update: Update) -> int:
        """Queues anything at all under the next update_id, to see what the bot makes of it."""
        return self._queue(update, 0)

    def repeat(self, update_id: int, *, new_id: bool) -> int:
        """Delivers an update once more, under its old id or a new one."""
        old = self._history.get(update_id)
        if old is None:
            raise SimError(f"update {update_id} is not among the last {MAX_HISTORY}", 404)
        if new_id:
            return self._queue({k: v for k, v in old.update.items() if k != "update_id"}, old.lane)
        repeated = Pending(old.update, self._clock(), old.lane)
        self._repeats.append(repeated)
        self._announce(repeated)
        return update_id

    def duplicate(self, count: int) -> list[int]:
        """The newest updates once more: under their ids while unconfirmed, else under new ones.

        So a client that reconnects sends the same tap again. Returns the ids they come under, oldest first.
        """
        newest = list(islice(reversed(self._history), count))
        return [self.repeat(number, new_id=number not in self._pending) for number in reversed(newest)]

    def _queue(self, update: Update, lane: int) -> int:
        self.last_id += 1
        pending = Pending({"update_id": self.last_id} | update, self._clock(), lane)
        pending.update["update_id"] = self.last_id
        self._pending[self.last_id] = pending
        self._history[self.last_id] = pending
        if len(self._history) > MAX_HISTORY:
            self._history.popitem(last=False)
        self._announce(pending)
        return self.last_id

    def _announce(self, pending: Pending) -> None:
        if self.on_new is not None:
            self.on_new(pending)
        elif self._poll is not None:
            self._end_poll(None)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """getUpdates: confirms what lies below the offset, then waits for something to hand out."""
        if self.on_new is not None:
            raise conflict(_WEBHOOK_ACTIVE)
        self._end_poll(TERMINATED)
        self._confirm_below(offset)
        if not self and seconds > 0:
            await self._wait(seconds)
        return self._batch(limit)

    async def _wait(self, seconds: float) -> None:
        poll: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        self.polled.set()
        await asyncio.wait([poll], timeout=seconds)
        if self._poll is poll:
            self._leave_poll()
        complaint = poll.result() if poll.done() else None
        if complaint:
            raise conflict(complaint)

    def _end_poll(self, complaint: str | None) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(complaint)
        self._leave_poll()

    def _leave_poll(self) -> None:
        self._poll = None
        self.polled.clear()

    def end_poll_for_webhook(self) -> None:
        """A waiting getUpdates ends with 409 when a webhook is set."""
        self._end_poll("terminated by setWebhook request")

    def release(self) -> None:
        """Lets a waiting getUpdates go with what there is: the server stops."""
        self._end_poll(None)

    def _confirm_below(self, offset: int) -> None:
        first = offset if offset >= 0 else max(self.last_id + 1 + offset, 0)
        oldest = self._clock() - KEPT_SECONDS
        while self._pending:
            update_id, pending = next(iter(self._pending.items()))
            if update_id >= first and pending.at >= oldest:
                return
            del self._pending[update_id]

    def _batch(self, limit: int) -> list[Update]:
        batch: list[Update] = []
        while self._repeats and len(batch) < limit:
            batch.append(self._repeats.popleft().update)
        for pending in self._pending.values():
            if len(batch) >= limit:
                break
            batch.append(pending.update)
        return self._shuffled(batch)

    def _shuffled(self, batch: list[Update]) -> list[Update]:
        """Never in order, if it can be helped."""
        if not self.shuffle or len(batch) < 2:
            return batch
        mixed = self._random.sample(batch, len(batch))
        return mixed if mixed != batch else batch[::-1]

    def pick(self, lane: Sequence[Pending]) -> Pending:
        """Which of a chat's updates is delivered next: the first, unless they are shuffled."""
        if not self.shuffle or len(lane) < 2:
            return lane[0]
        return lane[self._random.randrange(1, len(lane))]

    def has_inline_query(self, query_id: str) -> bool:
        """Whether there was such an inline query among the last updates."""
        found = (each.update.get("inline_query") for each in reversed(self._history.values()))
        return any(isinstance(query, dict) and query.get("id") == query_id for query in found)

    def confirm(self, pending: Pending) -> None:
        """Delivered by webhook."""
        if pending in self._repeats:
            self._repeats.remove(pending)
        else:
            self._pending.pop(pending.update["update_id"], None)

    def waiting(self) -> Iterable[Pending]:
        """What is not confirmed, in order of delivery."""
        return [*self._repeats, *self._pending.values()]

    def drop_all(self) -> None:
        """drop_pending_updates."""
        self._pending.clear()
        self._repeats.clear()

    def allow(self, kinds: Collection[str]) -> None:
        """Remembers allowed_updates; none named means all but those that must be named."""
        self.allowed = list(kinds) or None

    def dump(self) -> dict[str, Any]:
        """As JSON."""
        pending = [asdict(each) for each in self._pending.values()]
        return {"pending": pending, "allowed": self.allowed, "last_id": self.last_id}

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Puts back what `dump` gave."""
        self.allowed, self.last_id = dumped["allowed"], dumped["last_id"]
        for each in dumped["pending"]:
            pending = Pending(**each)
            self._pending[pending.update["update_id"]] = pending
            self._history[pending.update["update_id"]] = pending

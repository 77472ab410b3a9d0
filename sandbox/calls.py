"""The log of Bot API calls: what came, when, and what became of it. Bounded, and cheap to keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import JsonObject
from .events import Log
from .params import Params

MAX_CALLS = 50_000
MAX_SHOWN = 2_000

ChatKey = int | str | None


@dataclass(slots=True, eq=False)
class Call:
    """One call. `fault`: the kind of trouble it met; `taken`: the bot's wish was done, told or not."""

    method: str
    chat: ChatKey
    params: dict[str, Any]
    received_at: float
    answered_at: float | None = None
    status: int | None = None  # as the bot saw it; None: it has not, or it never will
    description: str | None = None
    message_id: int | None = None
    fault: str | None = None
    taken: bool = False

    def note(self, answer: JsonObject) -> None:
        """What Telegram has to say to it, whether or not the bot gets to hear it."""
        self.taken = bool(answer["ok"])
        if self.taken:
            self.message_id = _message_id(answer["result"])
        else:
            self.description = str(answer["description"])

    def close(self, at: float, status: int | None) -> None:
        """The answer goes out, or (no status) never will."""
        self.answered_at, self.status = at, status

    def as_json(self, number: int) -> JsonObject:
        """One line of GET /sim/calls."""
        names = ("received_at", "answered_at", "status", "description", "message_id", "fault", "taken")
        first: JsonObject = {"id": number, "method": self.method, "chat_id": self.chat, "params": self.params}
        return first | {name: getattr(self, name) for name in names}


def shown_params(params: Params) -> dict[str, Any]:
    """What the log keeps of the parameters: long texts cut, files by their size."""
    return {name: _cut(value) for name, value in params.values.items()} | {
        name: f"<{len(file.data)} bytes>" for name, file in params.files.items()
    }


def _cut(value: Any) -> Any:
    return value[:MAX_SHOWN] + "…" if isinstance(value, str) and len(value) > MAX_SHOWN else value


def _message_id(result: object) -> int | None:
    first = result[0] if isinstance(result, list) and result else result
    found = first.get("message_id") if isinstance(first, dict) else None
    return found if isinstance(found, int) else None


def matching(calls: Log, since: int, method: str | None, chat: ChatKey) -> Iterator[JsonObject]:
    """Calls with a higher number, of that method and to that chat if these are named, oldest first."""
    wanted = method.lower() if method else None
    for number, call in calls.after(since):
        if wanted in (None, call.method.lower()) and chat in (None, call.chat):
            yield call.as_json(number)

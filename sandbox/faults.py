"""Troubles on demand: what a bot may meet on its way to Telegram, named by whoever tests it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from .errors import ApiError, JsonObject, SimError, bad_request, conflict, forbidden, phrase
from .limits import Limits, Stop
from .world import Chat

Kind = Literal[
    "flood",
    "blocked",
    "not_found",
    "bad_request",
    "conflict",
    "migrate",
    "error",
    "html",
    "unauthorized",
    "reset_before",
    "reset_after",
    "stall",
    "stall_before",
    "delay",
]
Check = Callable[[Any], bool]

TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
UPGRADED = "group chat was upgraded to a supergroup chat"
_WITHOUT_LIMITS = {"getupdates"}


def _whole(least: int, most: int = 2**53) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _seconds(value: Any) -> bool:
    return type(value) in (int, float) and value >= 0


def _words(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _chat(value: Any) -> bool:
    return type(value) is int or _words(value)


@dataclass(frozen=True, slots=True)
class _Detail:
    check: Check
    default: Any = None
    needed: bool = False


_COMMON = {
    "method": _Detail(_words),
    "chat_id": _Detail(_chat),
    "times": _Detail(_whole(1), 1),
    "skip": _Detail(_whole(0), 0),
}
_DETAILS: dict[str, dict[str, _Detail]] = {
    "flood": {"retry_after": _Detail(_whole(1), needed=True)},
    "bad_request": {"description": _Detail(_words, needed=True)},
    "migrate": {"to": _Detail(_whole(-(2**53), -1))},
    "error": {"code": _Detail(_whole(400, 599), 500)},
    "html": {"code": _Detail(_whole(200, 599), 502)},
    "stall": {"seconds": _Detail(_seconds)},
    "delay": {"seconds": _Detail(_seconds, needed=True)},
}


@dataclass(slots=True)
class Fault:
    """One of them; `times`: how often it still comes (None: until deleted), `skip`: how many pass before."""

    id: int
    kind: Kind
    method: str | None
    chat_id: int | str | None
    times: int | None
    skip: int
    details: dict[str, Any]

    def concerns(self, method: str, key: int | str | None, chat: Chat | None) -> bool:
        """Whether such a call is meant; getUpdates is only where it is named."""
        if self.method is not None and self.method.lower() != method:
            return False
        if self.method is None and method in _WITHOUT_LIMITS:
            return False
        if self.chat_id is not None and self.chat_id != key:
            return False
        return self.kind != "migrate" or (chat is not None and may_upgrade(chat))

    def as_json(self) -> JsonObject:
        """One of GET /sim/faults."""
        named = {"method": self.method, "chat_id": self.chat_id}
        count = {"times": self.times, "skip": self.skip}
        return {"id": self.id, "kind": self.kind, **named, **count, **self.details}


def may_upgrade(chat: Chat) -> bool:
    """Only a group can get a new id, and only once."""
    return chat.type in ("group", "supergroup") and chat.upgraded_to is None


def read_fault(number: int, body: JsonObject) -> Fault:
    """From the body of POST /sim/faults; SimError with what is wrong in it."""
    kind = body.get("kind")
    if kind not in get_args(Kind):
        raise SimError(f'"kind" must be one of {", ".join(get_args(Kind))}')
    own = _DETAILS.get(str(kind), {})
    unknown = body.keys() - _COMMON.keys() - own.keys() - {"kind"}
    if unknown:
        raise SimError(f"a fault {kind} has no {', '.join(sorted(unknown))}")
    common = {name: _value(body, name, detail) for name, detail in _COMMON.items()}
    details = {name: _value(body, name, detail) for name, detail in own.items()}
    if "times" in body and body["times"] is None:
        common["times"] = None
    return Fault(number, kind, details=details, **common)  # type: ignore[arg-type]  # checked above


def _value(body: JsonObject, name: str, detail: _Detail) -> Any:
    value = body.get(name)
    if value is None and not detail.needed:
        return detail.default
    if not detail.check(value):
        raise SimError(f'"{name}" of a fault cannot be {value!r}')
    return value


@dataclass(slots=True)
class Troubles:
    """All that can go wrong now. `upgrade` gives a group another id: the one named, or any."""

    monotonic: Callable[[], float]
    upgrade: Callable[[Chat, int | None], Chat]
    down: bool = False
    latency: float = 0.0  # seconds
    faults: dict[int, Fault] = field(default_factory=dict)
    stop: Stop = field(init=False)
    limits: Limits = field(init=False)
    last_id: int = 0

    def __post_init__(self) -> None:
        self.stop = Stop(self.monotonic)
        self.limits = Limits(self.stop)

    def add(self, body: JsonObject, known: Callable[[str], Chat | None]) -> Fault:
        """From the body of POST /sim/faults; a chat may be named by its @username."""
        fault = read_fault(self.last_id + 1, body)
        if isinstance(fault.chat_id, str):
            chat = known(fault.chat_id)
            fault.chat_id = chat.id if chat else fault.chat_id
        self.last_id = fault.id
        self.faults[fault.id] = fault
        return fault

    def remove(self, number: int) -> None:
        """SimError if it is not there (any more)."""
        if self.faults.pop(number, None) is None:
            raise SimError(
                f"there is no fault {number}: it was deleted, or has come as often as it should", 404
            )

    def clear(self) -> None:
        """Everything works again, and a stopped bot may go on."""
        self.faults.clear()
        self.stop.end()

    def strike(self, method: str, key: int | str | None, chat: Chat | None) -> Fault | None:
        """The fault this call meets, counted; the first one added wins."""
        for fault in self.faults.values():
            if not fault.concerns(method, key, chat):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
            if fault.times == 0:
                del self.faults[fault.id]
            return fault
        return None

    def error(self, fault: Fault, chat: Chat | None) -> ApiError | None:
        """What Telegram answers; None: the call itself goes its way."""
        match fault.kind:
            case "flood":
                return self.stop.begin(fault.details["retry_after"], "flood")
            case "blocked":
                return forbidden("bot was blocked by the user")
            case "not_found":
                return bad_request("chat not found")
            case "bad_request":
                return bad_request(str(fault.details["description"]).removeprefix("Bad Request: "))
            case "conflict":
                return conflict(TERMINATED)
            case "migrate":
                return self._migrated(fault, chat)
            case "error" | "html":
                return ApiError(fault.details["code"], phrase(fault.details["code"]))
            case "unauthorized":
                return ApiError(401, "Unauthorized")
            case _:
                return None

    def _migrated(self, fault: Fault, chat: Chat | None) -> ApiError:
        assert chat is not None  # noqa: S101 - the fault concerns groups only
        new = self.upgrade(chat, fault.details["to"])
        return bad_request(UPGRADED, migrate_to_chat_id=new.id)

"""Messages that must reach somebody even if the process dies: written with what makes them true."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import outbox

_PORTION = 5_000


class Priority(IntEnum):
    """What goes first, where several messages are due."""

    REPLY = 0
    REQUEST = 1
    REMINDER = 2
    POST = 3
    DIGEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a message says, ready to be sent: HTML, and the keyboard as Telegram's own JSON."""

    text: str
    keyboard: Mapping[str, Any] | None = None
    #: A picture to upload, or the https address of one; the text is its caption then.
    photo: bytes | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to send.

    ``dedupe_key`` names it in the business's own terms: written twice, it goes out once. ``due_at`` None:
    now. ``once``: at most once, for what all of a channel reads; people decide where it is not known whether
    it went out. ``target`` is the letter whose message an edit or a delete means.
    """

    chat_id: int
    dedupe_key: str
    priority: Priority
    wording: Wording
    kind: Literal["message", "edit", "delete"] = "message"
    due_at: datetime | None = None
    expires_at: datetime | None = None
    once: bool = False
    target: int | None = None


async def post(connection: AsyncConnection, letters: Iterable[Letter]) -> dict[str, int]:
    """Write messages into the outbox, in the caller's transaction; the new ones' ids by dedupe key."""
    waiting = [_row(letter) for letter in letters]
    new: dict[str, int] = {}
    for start in range(0, len(waiting), _PORTION):
        new |= await outbox.enqueue(connection, waiting[start : start + _PORTION])
    return new


def _row(letter: Letter) -> dict[str, Any]:
    """As :func:`db.queries.outbox.enqueue` wants it."""
    wording = letter.wording
    payload: dict[str, Any] = {"text": wording.text}
    if wording.keyboard is not None:
        payload["reply_markup"] = dict(wording.keyboard)
    if isinstance(wording.photo, str):
        payload["photo"] = wording.photo
    kind = letter.kind
    return {
        "chat_id": letter.chat_id,
        "kind": ("text" if wording.photo is None else "photo") if kind == "message" else kind,
        "payload": payload,
        "photo": wording.photo if isinstance(wording.photo, bytes) else None,
        "dedupe_key": letter.dedupe_key,
        "priority": int(letter.priority),
        "once": letter.once,
        "target_id": letter.target,
        "due_at": letter.due_at,
        "expires_at": letter.expires_at,
    }

"""What a view is made of."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from markupsafe import Markup

#: Telegram's limit, in characters after the markup is read.
LONGEST_MESSAGE = 4096
_EMPTY_LINES = re.compile(r"\n{3,}")
_TAG = re.compile("<[^<>]+>")

Row = Sequence[InlineKeyboardButton]


@dataclass(frozen=True, slots=True)
class View:
    """A message to send, or to put in place of another; ``toast`` answers the tap that led to it."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    toast: str | None = None

    def saying(self, toast: str) -> "View":
        """The same with another toast."""
        return replace(self, toast=toast)


@dataclass(frozen=True, slots=True)
class FileView:
    """A file to send, with a caption."""

    name: str
    content: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A picture to send, with a caption."""

    picture: bytes
    text: str
    keyboard: InlineKeyboardMarkup | None = None


def keyboard(rows: Iterable[Row]) -> InlineKeyboardMarkup | None:
    """Rows of buttons; rows without a button are left out, and no rows are no keyboard."""
    filled = [list(row) for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=filled) if filled else None


def as_json(markup: InlineKeyboardMarkup | None) -> dict[str, Any] | None:
    """A keyboard as Telegram's own JSON, for a message that waits in the outbox."""
    return None if markup is None else markup.model_dump(mode="json", exclude_none=True)


def button(label: str, data: CallbackData) -> InlineKeyboardButton:
    """A button that comes back as ``data``; packing refuses more than Telegram's 64 bytes."""
    return InlineKeyboardButton(text=label, callback_data=data.pack())


def in_rows(buttons: Sequence[InlineKeyboardButton], width: int) -> list[Row]:
    """Buttons side by side, ``width`` to a row."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def lines(*parts: str | None) -> Markup:
    """Parts under each other; what is None or empty is left out."""
    return Markup("\n").join(part for part in parts if part)


def paragraphs(*parts: str | None) -> Markup:
    """Parts with an empty line between them."""
    return Markup("\n\n").join(part for part in parts if part)


def without_markup(text: str) -> str:
    """What is read of a text once Telegram has taken its HTML for what it is."""
    return html.unescape(_TAG.sub("", text))


def shortened(text: str, longest: int) -> str:
    """At most ``longest`` characters, cut behind a word, with an ellipsis where something is missing."""
    return _cut(" ".join(text.split()), longest)


def shortened_text(text: str, longest: int) -> str:
    """The same of a text whose lines and paragraphs stay."""
    folded = "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
    return _cut(_EMPTY_LINES.sub("\n\n", folded), longest)


def _cut(folded: str, longest: int) -> str:
    if len(folded) <= longest:
        return folded
    cut = folded[:longest]
    behind = max(cut.rfind(" "), cut.rfind("\n"))
    return (cut[:behind] if behind >= 0 else cut[:-1]).rstrip(" \n,;:—-") + "…"

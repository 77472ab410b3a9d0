"""Inline keyboards, checked as Telegram checks them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .entities import checked_url
from .errors import bad_request

Markup = dict[str, Any]
Button = dict[str, Any]

MAX_BUTTONS = 100
MAX_IN_ROW = 8
MAX_MARKUP_BYTES = 10_240
MAX_CALLBACK_DATA = 64
MAX_COPY_TEXT = 256
_ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
}
_STRINGS = {"text", "url", "callback_data", "style"}
_STYLES = {"primary", "success", "danger"}
_OTHER_KEYBOARDS = {"keyboard", "remove_keyboard", "force_reply"}


def checked_markup(markup: object) -> Markup | None:
    """The inline keyboard to keep with the message; None for none, an empty one, or a reply keyboard."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if _OTHER_KEYBOARDS & markup.keys():
        return None
    rows = [_row(row) for row in _list(markup.get("inline_keyboard", []), 'Field "inline_keyboard"')]
    rows = [row for row in rows if row]
    if not rows:
        return None
    _check_size(rows)
    return {"inline_keyboard": rows}


def buttons(markup: Markup | None) -> Iterator[tuple[int, int, Button]]:
    """Every button with its row and column."""
    for row_number, row in enumerate((markup or {}).get("inline_keyboard", [])):
        for column, button in enumerate(row):
            yield row_number, column, button


def _check_size(rows: list[list[Button]]) -> None:
    too_many = sum(map(len, rows)) > MAX_BUTTONS or max(map(len, rows)) > MAX_IN_ROW
    if too_many or len(json.dumps(rows, ensure_ascii=False).encode()) > MAX_MARKUP_BYTES:
        raise bad_request("reply markup is too long")


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise bad_request(f"{what} must be of type Array")
    return value


def _row(row: object) -> list[Button]:
    return [_button(button) for button in _list(row, "Keyboard row")]


def _button(button: object) -> Button:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    known = {name: value for name, value in button.items() if value is not None}
    for name in _STRINGS & known.keys():
        if not isinstance(known[name], str):
            raise bad_request(f'can\'t parse inline keyboard button: Field "{name}" must be of type String')
    if not known.get("text", "").strip():
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not _ACTIONS & known.keys():
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    _check_action(known)
    if known.get("style", "primary") not in _STYLES:
        raise bad_request("can't parse inline keyboard button: Invalid button style specified")
    return known


def _check_action(button: Button) -> None:
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button:
        _check_copy_text(button["copy_text"])
    if "url" in button and checked_url(button["url"]) is None:
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _check_copy_text(copy_text: object) -> None:
    text = copy_text.get("text") if isinstance(copy_text, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")

"""What Telegram takes of a screen, read by the local Telegram's own rules."""

import json

from aiogram.types import InlineKeyboardButton

from bot.views.view import View
from sandbox.entities import formatted_text

#: Users report that Telegram refuses keyboards of more than about 10 kB.
LARGEST_KEYBOARD = 10_000
#: Markup of our own; whatever people wrote is none. A contact without a @username is a mention by id.
_OUR_MARKUP = {
    "bold",
    "italic",
    "strikethrough",
    "blockquote",
    "expandable_blockquote",
    "bot_command",
    "code",
    "mention",
    "text_mention",
}


def buttons(view: View) -> list[InlineKeyboardButton]:
    """All of a screen, row by row."""
    return [each for row in view.keyboard.inline_keyboard for each in row] if view.keyboard else []


def telegram_takes(name: str, view: View) -> str:
    """Check text, markup, keyboard and toast of a screen; returns the text as it is read."""
    # The local Telegram reads the markup by Telegram's rules and refuses what is too long or broken.
    shown, entities = formatted_text(view.text, "HTML", None, max_length=4096, what="message")
    assert shown, name
    assert len(view.text.encode()) < 32_768, name
    assert {entity["type"] for entity in entities} <= _OUR_MARKUP, name
    assert len(view.toast or "") <= 200, name
    _takes_keyboard(name, view)
    return shown


def _takes_keyboard(name: str, view: View) -> None:
    rows = view.keyboard.inline_keyboard if view.keyboard else []
    assert sum(map(len, rows)) <= 100, name
    assert max(map(len, rows), default=0) <= 8, name
    drawn = [[button.model_dump(exclude_none=True) for button in row] for row in rows]
    assert len(json.dumps(drawn, ensure_ascii=False).encode()) <= LARGEST_KEYBOARD, name
    for button in buttons(view):
        assert button.text.strip(), name
        assert sum(map(bool, (button.callback_data, button.url, button.copy_text))) == 1, name
        assert 1 <= len((button.callback_data or "x").encode()) <= 64, name
        assert button.copy_text is None or 1 <= len(button.copy_text.text) <= 256, name

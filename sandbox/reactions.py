"""Reactions: which there are, and how the Bot API tells of them."""

from __future__ import annotations

from typing import Any

from .errors import bad_request
from .params import Params
from .world import Content, Message, counts

MAX_OF_A_BOT = 1
_ALL = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 "
    "🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 "
    "😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 "
    "🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡 "
)
EMOJI = frozenset(_ALL.split())
_COLOUR = "\ufe0f"  # asks for the coloured drawing; Telegram's reactions come without it


def known_emoji(text: str) -> str | None:
    """As Telegram writes it; None if it is no reaction."""
    emoji = text.replace(_COLOUR, "")
    return emoji if emoji in EMOJI else None


def asked_reaction(params: Params) -> str | None:
    """What setMessageReaction wants; None takes the bot's reaction back."""
    wanted = params.array("reaction")
    if len(wanted) > MAX_OF_A_BOT:
        raise bad_request("REACTIONS_TOO_MANY")
    return _emoji(wanted[0]) if wanted else None


def _emoji(reaction: Any) -> str:
    if not isinstance(reaction, dict) or "type" not in reaction:
        raise bad_request("can't parse reaction type: Can't find field \"type\"")
    emoji = known_emoji(str(reaction.get("emoji", ""))) if reaction["type"] == "emoji" else None
    if emoji is None:
        raise bad_request("REACTION_INVALID")
    return emoji


def count_update(message: Message, chat: Content, date: int) -> Content:
    """The Bot API's MessageReactionCountUpdated: nobody's name in it."""
    reactions = [{"type": _type(emoji), "total_count": count} for emoji, count in counts(message).items()]
    return {"chat": chat, "message_id": message.message_id, "date": date, "reactions": reactions}


def person_update(
    message: Message, chat: Content, user: Content, date: int, old: str | None, new: str | None
) -> Content:
    """The Bot API's MessageReactionUpdated."""
    changed = {"old_reaction": _types(old), "new_reaction": _types(new)}
    return {"chat": chat, "message_id": message.message_id, "user": user, "date": date} | changed


def _types(emoji: str | None) -> list[Content]:
    return [_type(emoji)] if emoji else []


def _type(emoji: str) -> Content:
    return {"type": "emoji", "emoji": emoji}

"""Reactions under posts in the channel: anonymous, and nothing of anybody is kept."""

from aiogram import Router
from aiogram.types import MessageReactionCountUpdated, ReactionTypeCustomEmoji, ReactionTypeEmoji

from usecases.announcements import Reactions


def router() -> Router:
    """Counts, as Telegram tells them for channels."""
    routes = Router(name="reactions")
    routes.message_reaction_count()(count)
    return routes


async def count(event: MessageReactionCountUpdated, reactions: Reactions) -> None:
    counts = {_name(each.type): each.total_count for each in event.reactions}
    await reactions.count(event.chat.id, event.message_id, counts, event.date)


def _name(kind: object) -> str:
    """An emoji stands for itself."""
    if isinstance(kind, ReactionTypeEmoji):
        return kind.emoji
    return f"custom:{kind.custom_emoji_id}" if isinstance(kind, ReactionTypeCustomEmoji) else "paid"

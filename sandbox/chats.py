"""Chats and messages as a bot may reach them, or Telegram's word why not."""

from __future__ import annotations

from .errors import bad_request, forbidden
from .faults import UPGRADED
from .params import Params
from .world import Chat, Message, Person, World


class Chats:
    """Looks up what a call names."""

    def __init__(self, world: World) -> None:
        self._world = world

    def readable(self, params: Params, name: str = "chat_id") -> Chat:
        """The chat, if the bot knows it and is in it."""
        chat = self._find(params.text(name).strip(), name)
        if chat.upgraded_to is not None:
            raise bad_request(UPGRADED, migrate_to_chat_id=chat.upgraded_to)
        if chat.type != "private" and chat.bot_status != "administrator":
            raise forbidden(_not_there(chat))
        return chat

    def writable(self, params: Params) -> Chat:
        """The same, if the bot may write there."""
        chat = self.readable(params)
        if chat.type == "private":
            _check_reachable(self._world.people[chat.id])
        return chat

    def _find(self, name: str, parameter: str) -> Chat:
        if not name:
            raise bad_request(f"{parameter} is empty")
        found = self._world.chat_named(name)
        if found is None or (found.type == "private" and not self._met(found)):
            raise bad_request("chat not found")
        return found

    def _met(self, chat: Chat) -> bool:
        person = self._world.people[chat.id]
        return person.seen or person.started

    def standing(self, chat: Chat, message_id: int, purpose: str) -> Message:
        """A message that is there; `purpose` is what it is wanted for."""
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad_request(f"message to {purpose} not found")
        return message

    def editable(self, params: Params) -> Message:
        """A message of the bot's own."""
        if "inline_message_id" in params:
            raise bad_request("message to edit not found")
        chat = self.readable(params)
        if not params.integer("message_id"):
            raise bad_request("message identifier is not specified")
        message = self.standing(chat, params.integer("message_id"), "edit")
        if message.author is not None:
            raise bad_request("message can't be edited")
        return message


def _check_reachable(person: Person) -> None:
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")


def _not_there(chat: Chat) -> str:
    kind = f"{chat.type} chat"
    return (
        f"bot was kicked from the {kind}"
        if chat.bot_status == "kicked"
        else f"bot is not a member of the {kind}"
    )

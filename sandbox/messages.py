"""Methods of the Bot API about messages: sent, edited, deleted, pinned, reacted to."""

from __future__ import annotations

from collections.abc import Callable

from .chats import Chats
from .contents import (
    CAPTION,
    MEDIA,
    album_contents,
    caption_content,
    checked_caption,
    file_content,
    markup_content,
    media_content,
    text_content,
    without,
)
from .errors import bad_request
from .events import Log, message_event
from .params import Params
from .reactions import asked_reaction
from .world import Chat, Content, Message, World

DELETE_WITHIN = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class Messages:
    """What a bot does with messages. Each method takes the call's parameters and gives its result."""

    def __init__(self, world: World, chats: Chats, events: Log, clock: Callable[[], float]) -> None:
        self._world = world
        self._chats = chats
        self._events = events
        self._clock = clock

    async def send_message(self, params: Params) -> Content:
        chat = self._chats.writable(params)
        return self._send(chat, text_content(params) | self._extras(chat, params))

    async def send_photo(self, params: Params) -> Content:
        return self._send_file("photo", params)

    async def send_document(self, params: Params) -> Content:
        return self._send_file("document", params)

    def _send_file(self, kind: str, params: Params) -> Content:
        chat = self._chats.writable(params)
        content = file_content(self._world, kind, params) | caption_content(params)
        return self._send(chat, content | self._extras(chat, params))

    async def send_media_group(self, params: Params) -> list[Content]:
        chat = self._chats.writable(params)
        contents = album_contents(self._world, params)
        common = self._reply(chat, params)
        if len(contents) > 1:
            common["media_group_id"] = str(13_000_000_000_000_000 + self._world.last_message_id + 1)
        return [self._send(chat, content | common) for content in contents]

    async def copy_message(self, params: Params) -> Content:
        chat = self._chats.writable(params)
        source = self._chats.readable(params, "from_chat_id")
        original = self._chats.standing(source, params.integer("message_id"), "copy").content
        content = without(original, "reply_markup", "reply_to_message", "media_group_id")
        if "caption" in params and any(kind in content for kind in MEDIA):
            content = without(content, *CAPTION) | caption_content(params)
        return {"message_id": self._send(chat, content | self._extras(chat, params))["message_id"]}

    async def edit_message_text(self, params: Params) -> Content:
        message = self._chats.editable(params)
        new = text_content(params) | markup_content(params)
        if "text" not in message.content:
            raise bad_request("there is no text in the message to edit")
        return self._edit(message, without(message.content, "text", "entities", "reply_markup") | new)

    async def edit_message_caption(self, params: Params) -> Content:
        message = self._chats.editable(params)
        new = caption_content(params) | markup_content(params)
        checked_caption(message.content)
        return self._edit(message, without(message.content, *CAPTION, "reply_markup") | new)

    async def edit_message_media(self, params: Params) -> Content:
        message = self._chats.editable(params)
        new = media_content(self._world, params) | markup_content(params)
        old = without(message.content, *MEDIA, *CAPTION, "text", "entities", "reply_markup")
        return self._edit(message, old | new)

    async def edit_message_reply_markup(self, params: Params) -> Content:
        message = self._chats.editable(params)
        return self._edit(message, without(message.content, "reply_markup") | markup_content(params))

    def _edit(self, message: Message, content: Content) -> Content:
        if content == message.content:
            raise bad_request(_NOT_MODIFIED)
        message.edit(content, int(self._clock()))
        self._tell("edit", message)
        return self._world.as_bot_sees(message)

    async def delete_message(self, params: Params) -> bool:
        chat = self._chats.readable(params)
        message = self._chats.standing(chat, params.integer("message_id"), "delete")
        if self._clock() - message.date > DELETE_WITHIN:
            raise bad_request("message can't be deleted")
        message.deleted = True
        chat.unpin(message.message_id)
        self._tell("delete", message)
        return True

    async def pin_chat_message(self, params: Params) -> bool:
        chat = self._chats.writable(params)
        message = self._chats.standing(chat, params.integer("message_id"), "pin")
        chat.pin(message.message_id)
        self._tell_pinned(chat)
        return True

    async def unpin_chat_message(self, params: Params) -> bool:
        chat = self._chats.writable(params)
        message_id = params.integer("message_id") or chat.newest_pin or 0
        chat.unpin(self._chats.standing(chat, message_id, "unpin").message_id)
        self._tell_pinned(chat)
        return True

    def _tell_pinned(self, chat: Chat) -> None:
        self._events.add({"type": "pinned", "chat_id": chat.id, "message_id": chat.newest_pin})

    async def set_message_reaction(self, params: Params) -> bool:
        chat = self._chats.writable(params)
        message = self._chats.standing(chat, params.integer("message_id"), "react")
        message.bot_reaction = asked_reaction(params)
        self._tell("reaction", message)
        return True

    def _extras(self, chat: Chat, params: Params) -> Content:
        return markup_content(params) | self._reply(chat, params)

    def _reply(self, chat: Chat, params: Params) -> Content:
        reply = Params(params.object("reply_parameters"))
        message_id = reply.integer("message_id") or params.integer("reply_to_message_id")
        if not message_id:
            return {}
        original = chat.messages.get(message_id)
        if original is None or original.deleted:
            if reply.flag("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
                return {}
            raise bad_request("message to be replied not found")
        seen = self._world.as_bot_sees(original)
        return {"reply_to_message": without(seen, "reply_to_message")}

    def _send(self, chat: Chat, content: Content) -> Content:
        message = self._world.add_message(chat, None, content, int(self._clock()))
        self._tell("message", message)
        return self._world.as_bot_sees(message)

    def _tell(self, kind: str, message: Message) -> None:
        self._events.add(message_event(kind, message))

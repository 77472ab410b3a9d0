"""What a bot can call. Each method takes its parameters, changes the world, returns Telegram's result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from .entities import MAX_CAPTION, MAX_TEXT, Entity, formatted_text
from .errors import ApiError, bad_request, forbidden
from .events import Log, message_event
from .faults import UPGRADED
from .markup import checked_markup
from .members import bot_member, member
from .params import Params
from .photos import keep_photo, photo_sizes, read_photo
from .updates import MAX_BATCH, MAX_POLL_SECONDS, UpdateQueue
from .webhook import Webhook
from .world import Chat, Content, Message, Person, World

DELETE_WITHIN = 48 * 3600
ANSWER_WITHIN = 15 * 60
MAX_ANSWER = 200
MAX_COMMANDS = 100
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_GIFT_KINDS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)

Method = Callable[[Params], Awaitable[Any]]


class Methods:
    """The Bot API of one bot."""

    def __init__(
        self, world: World, updates: UpdateQueue, webhook: Webhook, events: Log, clock: Callable[[], float]
    ) -> None:
        self._world = world
        self._updates = updates
        self._webhook = webhook
        self._events = events
        self._clock = clock
        self._by_name: dict[str, Method] = {
            "getme": self.get_me,
            "getupdates": self.get_updates,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
            "sendmessage": self.send_message,
            "sendphoto": self.send_photo,
            "copymessage": self.copy_message,
            "editmessagetext": self.edit_message_text,
            "editmessagereplymarkup": self.edit_message_reply_markup,
            "deletemessage": self.delete_message,
            "answercallbackquery": self.answer_callback_query,
            "setmycommands": self.set_my_commands,
            "sendchataction": self.send_chat_action,
            "getchat": self.get_chat,
            "getchatmember": self.get_chat_member,
        }

    def find(self, name: str) -> Method:
        """By name in any case; ApiError 404 for what is not there."""
        try:
            return self._by_name[name.lower()]
        except KeyError:
            raise ApiError(404, "Not Found: method not found") from None

    async def get_me(self, _: Params) -> Content:
        rights = ("can_join_groups", "can_read_all_group_messages")
        return self._world.bot.as_user() | dict.fromkeys(rights, True) | {"supports_inline_queries": False}

    async def get_updates(self, params: Params) -> list[Content]:
        if "allowed_updates" in params:
            self._updates.allow(_kinds(params))
        limit = params.integer("limit", MAX_BATCH)
        seconds = min(max(params.integer("timeout"), 0), MAX_POLL_SECONDS)
        return await self._updates.poll(
            params.integer("offset"), limit if 1 <= limit <= MAX_BATCH else MAX_BATCH, seconds
        )

    async def set_webhook(self, params: Params) -> bool:
        allowed = _kinds(params) if "allowed_updates" in params else None
        self._webhook.set(
            params.text("url"),
            secret=params.text("secret_token"),
            max_connections=params.integer("max_connections", 40),
        )
        if allowed is not None:
            self._updates.allow(allowed)
        self._drop_if_asked(params)
        return True

    async def delete_webhook(self, params: Params) -> bool:
        self._webhook.remove()
        self._drop_if_asked(params)
        return True

    def _drop_if_asked(self, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            self._webhook.forget_waiting()
            self._updates.drop_all()

    async def get_webhook_info(self, _: Params) -> Content:
        info = self._webhook.info() | {"pending_update_count": len(self._updates)}
        return info | ({"allowed_updates": self._updates.allowed} if self._updates.allowed else {})

    async def send_message(self, params: Params) -> Content:
        chat = self._writable(params)
        content = _text_content(params)
        return self._send(chat, content | self._extras(chat, params))

    async def send_photo(self, params: Params) -> Content:
        chat = self._writable(params)
        content = {"photo": photo_sizes(self._world, self._file_id(params))} | _caption_content(params)
        return self._send(chat, content | self._extras(chat, params))

    def _file_id(self, params: Params) -> str:
        data = params.file("photo")
        if data is not None:
            return keep_photo(self._world, read_photo(data))
        name = params.text("photo")
        if not name:
            raise bad_request("there is no photo in the request")
        if name not in self._world.photos:
            what = "wrong HTTP URL specified" if "://" in name else "wrong remote file identifier specified"
            raise bad_request(what)
        return name

    async def copy_message(self, params: Params) -> Content:
        chat = self._writable(params)
        source = self._readable(params, "from_chat_id")
        original = self._standing(source, params.integer("message_id"), "copy").content
        content = {
            name: value
            for name, value in original.items()
            if name not in ("reply_markup", "reply_to_message")
        }
        if "caption" in params and "photo" in content:
            content = {"photo": content["photo"]} | _caption_content(params)
        return {"message_id": self._send(chat, content | self._extras(chat, params))["message_id"]}

    async def edit_message_text(self, params: Params) -> Content:
        message = self._editable(params)
        new = _text_content(params) | _markup_content(params)
        if "text" not in message.content:
            raise bad_request("there is no text in the message to edit")
        kept = {k: v for k, v in message.content.items() if k not in ("text", "entities", "reply_markup")}
        return self._edit(message, kept | new)

    async def edit_message_reply_markup(self, params: Params) -> Content:
        message = self._editable(params)
        kept = {k: v for k, v in message.content.items() if k != "reply_markup"}
        return self._edit(message, kept | _markup_content(params))

    def _edit(self, message: Message, content: Content) -> Content:
        if content == message.content:
            raise bad_request(_NOT_MODIFIED)
        message.edit(content, int(self._clock()))
        self._tell("edit", message)
        return self._world.as_bot_sees(message)

    async def delete_message(self, params: Params) -> bool:
        chat = self._readable(params)
        message = self._standing(chat, params.integer("message_id"), "delete")
        if self._clock() - message.date > DELETE_WITHIN:
            raise bad_request("message can't be deleted")
        message.deleted = True
        self._tell("delete", message)
        return True

    async def answer_callback_query(self, params: Params) -> bool:
        text = params.text("text")
        if len(text) > MAX_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        tap_id = params.text("callback_query_id")
        tap = self._world.taps.get(tap_id)
        if tap is None or self._clock() - tap.at > ANSWER_WITHIN:
            raise bad_request(_TOO_OLD)
        if not tap.answered:
            tap.answered = True
            answer = {"callback_query_id": tap_id, "text": text, "show_alert": params.flag("show_alert")}
            where = {"type": "callback_answer", "chat_id": tap.chat_id, "person": tap.person_id}
            self._events.add(where | answer | ({"url": params.text("url")} if "url" in params else {}))
        return True

    async def set_my_commands(self, params: Params) -> bool:
        commands = params.array("commands")
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._world.commands = [_command(each) for each in commands]
        self._events.add({"type": "commands"})
        return True

    async def send_chat_action(self, params: Params) -> bool:
        chat = self._writable(params)
        if params.text("action").lower() not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._events.add({"type": "chat_action", "chat_id": chat.id, "action": params.text("action").lower()})
        return True

    async def get_chat(self, params: Params) -> Content:
        limits = {"accent_color_id": 0, "max_reaction_count": 11}
        return (
            self._readable(params).as_chat()
            | limits
            | {"accepted_gift_types": dict.fromkeys(_GIFT_KINDS, False)}
        )

    async def get_chat_member(self, params: Params) -> Content:
        chat = self._readable(params)
        user_id = params.integer("user_id")
        if user_id == self._world.bot.id:
            return bot_member(
                self._world.bot.as_user(), "member" if chat.type == "private" else chat.bot_status
            )
        person = self._world.people.get(user_id)
        if person is None or not (person.seen or user_id in chat.members):
            raise bad_request("user not found")
        return member(person, chat)

    def _readable(self, params: Params, name: str = "chat_id") -> Chat:
        chat = self._find_chat(params.text(name).strip(), name)
        if chat.upgraded_to is not None:
            raise bad_request(UPGRADED, migrate_to_chat_id=chat.upgraded_to)
        if chat.type != "private" and chat.bot_status != "administrator":
            raise forbidden(_not_there(chat))
        return chat

    def _find_chat(self, name: str, parameter: str) -> Chat:
        if not name:
            raise bad_request(f"{parameter} is empty")
        found = self._world.chat_named(name)
        if found is None or (found.type == "private" and not self._met(found)):
            raise bad_request("chat not found")
        return found

    def _met(self, chat: Chat) -> bool:
        person = self._world.people[chat.id]
        return person.seen or person.started

    def _writable(self, params: Params) -> Chat:
        chat = self._readable(params)
        if chat.type == "private":
            _check_reachable(self._world.people[chat.id])
        return chat

    def _standing(self, chat: Chat, message_id: int, purpose: str) -> Message:
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise bad_request(f"message to {purpose} not found")
        return message

    def _editable(self, params: Params) -> Message:
        if "inline_message_id" in params:
            raise bad_request("message to edit not found")
        chat = self._readable(params)
        if not params.integer("message_id"):
            raise bad_request("message identifier is not specified")
        message = self._standing(chat, params.integer("message_id"), "edit")
        if message.author is not None:
            raise bad_request("message can't be edited")
        return message

    def _extras(self, chat: Chat, params: Params) -> Content:
        return _markup_content(params) | self._reply(chat, params)

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
        return {"reply_to_message": {k: v for k, v in seen.items() if k != "reply_to_message"}}

    def _send(self, chat: Chat, content: Content) -> Content:
        message = self._world.add_message(chat, None, content, int(self._clock()))
        self._tell("message", message)
        return self._world.as_bot_sees(message)

    def _tell(self, kind: str, message: Message) -> None:
        self._events.add(message_event(kind, message))


def _kinds(params: Params) -> list[str]:
    return [str(kind) for kind in params.array("allowed_updates")]


def _text_content(params: Params) -> Content:
    text, entities = _formatted(params, "text", "entities", MAX_TEXT, "message")
    if not text:
        raise bad_request("message text is empty")
    return {"text": text} | ({"entities": entities} if entities else {})


def _caption_content(params: Params) -> Content:
    text, entities = _formatted(params, "caption", "caption_entities", MAX_CAPTION, "message caption")
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def _formatted(
    params: Params, name: str, entities: str, max_length: int, what: str
) -> tuple[str, list[Entity]]:
    mode = params.text("parse_mode") or None
    explicit = params.array(entities)
    return formatted_text(params.text(name), mode, explicit, max_length=max_length, what=what)


def _markup_content(params: Params) -> Content:
    markup = checked_markup(params.json("reply_markup"))
    return {"reply_markup": markup} if markup else {}


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


def _command(command: object) -> Content:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(command.get("command", "")), str(command.get("description", ""))
    if not name.isascii() or not name.replace("_", "a").isalnum() or name != name.lower() or len(name) > 32:
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}

"""What a bot can call. Each method takes its parameters, changes the world, returns Telegram's result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from .chats import Chats
from .clock import Clock
from .commands import Commands
from .documents import file_fields
from .errors import ApiError, bad_request
from .events import Log
from .members import bot_member, member
from .messages import Messages
from .params import Params
from .updates import MAX_BATCH, MAX_POLL_SECONDS, UpdateQueue
from .webhook import Webhook
from .world import Content, World

ANSWER_WITHIN = 15 * 60
MAX_ANSWER = 200
MAX_INLINE_RESULTS = 50
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
        self, world: World, updates: UpdateQueue, webhook: Webhook, events: Log, clock: Clock
    ) -> None:
        self._world = world
        self._updates = updates
        self._webhook = webhook
        self._events = events
        self._clock = clock
        self._chats = Chats(world)
        self._by_name = self._service() | self._messages()

    def _service(self) -> dict[str, Method]:
        commands = Commands(self._world, self._events)
        return {
            "getme": self.get_me,
            "getupdates": self.get_updates,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
            "answercallbackquery": self.answer_callback_query,
            "answerinlinequery": self.answer_inline_query,
            "setmycommands": commands.set,
            "getmycommands": commands.get,
            "deletemycommands": commands.delete,
            "sendchataction": self.send_chat_action,
            "getchat": self.get_chat,
            "getchatmember": self.get_chat_member,
            "getchatmembercount": self.get_chat_member_count,
            "getfile": self.get_file,
        }

    def _messages(self) -> dict[str, Method]:
        messages = Messages(self._world, self._chats, self._events, self._clock)
        return {
            "sendmessage": messages.send_message,
            "sendphoto": messages.send_photo,
            "senddocument": messages.send_document,
            "sendmediagroup": messages.send_media_group,
            "copymessage": messages.copy_message,
            "editmessagetext": messages.edit_message_text,
            "editmessagecaption": messages.edit_message_caption,
            "editmessagemedia": messages.edit_message_media,
            "editmessagereplymarkup": messages.edit_message_reply_markup,
            "deletemessage": messages.delete_message,
            "pinchatmessage": messages.pin_chat_message,
            "unpinchatmessage": messages.unpin_chat_message,
            "setmessagereaction": messages.set_message_reaction,
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

    async def answer_callback_query(self, params: Params) -> bool:
        text = params.text("text")
        if len(text) > MAX_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        tap_id = params.text("callback_query_id")
        tap = self._world.taps.get(tap_id)
        if tap is None or self._clock.real() - tap.at > ANSWER_WITHIN:
            raise bad_request(_TOO_OLD)
        if not tap.answered:
            tap.answered = True
            answer = {"callback_query_id": tap_id, "text": text, "show_alert": params.flag("show_alert")}
            where = {"type": "callback_answer", "chat_id": tap.chat_id, "person": tap.person_id}
            self._events.add(where | answer | ({"url": params.text("url")} if "url" in params else {}))
        return True

    async def answer_inline_query(self, params: Params) -> bool:
        results = params.array("results")
        if len(results) > MAX_INLINE_RESULTS:
            raise bad_request("RESULTS_TOO_MUCH")
        if not all(isinstance(each, dict) and "type" in each for each in results):
            raise bad_request("can't parse inline query result: Can't find field \"type\"")
        query_id = params.text("inline_query_id")
        if not self._updates.has_inline_query(query_id):
            raise bad_request(_TOO_OLD)
        self._events.add({"type": "inline_answer", "inline_query_id": query_id, "results": results})
        return True

    async def send_chat_action(self, params: Params) -> bool:
        chat = self._chats.writable(params)
        if params.text("action").lower() not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._events.add({"type": "chat_action", "chat_id": chat.id, "action": params.text("action").lower()})
        return True

    async def get_chat(self, params: Params) -> Content:
        chat = self._chats.readable(params)
        limits = {"accent_color_id": 0, "max_reaction_count": 11}
        gifts = {"accepted_gift_types": dict.fromkeys(_GIFT_KINDS, False)}
        pinned = chat.messages.get(chat.newest_pin or 0)
        shown = {"pinned_message": self._world.as_bot_sees(pinned)} if pinned else {}
        return chat.as_chat() | limits | gifts | shown

    async def get_chat_member_count(self, params: Params) -> int:
        chat = self._chats.readable(params)
        return 2 if chat.type == "private" else len(chat.members) + 1

    async def get_file(self, params: Params) -> Content:
        return file_fields(self._world, params.text("file_id"))

    async def get_chat_member(self, params: Params) -> Content:
        chat = self._chats.readable(params)
        user_id = params.integer("user_id")
        if user_id == self._world.bot.id:
            return bot_member(
                self._world.bot.as_user(), "member" if chat.type == "private" else chat.bot_status
            )
        person = self._world.people.get(user_id)
        if person is None or not (person.seen or user_id in chat.members):
            raise bad_request("user not found")
        return member(person, chat)


def _kinds(params: Params) -> list[str]:
    return [str(kind) for kind in params.array("allowed_updates")]

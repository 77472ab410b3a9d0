"""What a person does in their client, and the updates the bot gets of it."""

from __future__ import annotations

import re
from typing import Any, Literal, assert_never
from urllib.parse import parse_qs

from .clock import Clock
from .entities import MAX_CAPTION, MAX_TEXT, formatted_text
from .errors import JsonObject, SimError
from .events import Log, message_event
from .faults import may_upgrade
from .markup import Button, buttons
from .members import Status, bot_member, member
from .photos import keep_photo, photo_sizes, plain_picture, read_photo
from .reactions import EMOJI, count_update, known_emoji, person_update
from .updates import UpdateQueue
from .world import BotStatus, Chat, Content, Message, Person, Tap, World

INACCESSIBLE_AFTER = 48 * 3600
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
BOT_LINK = re.compile(r"(?:https?://)?(?:t|telegram)\.me/(?P<username>\w+)/?(?:\?(?P<query>.*))?")
Match = Literal["exact", "prefix", "contains"]


class Persons:
    """The person's side. Every act returns JSON with the number of the last event before it."""

    def __init__(self, world: World, updates: UpdateQueue, events: Log, clock: Clock) -> None:
        self._world = world
        self._updates = updates
        self._events = events
        self._clock = clock

    def send(self, chat_id: int, person_id: int, content: Content) -> JsonObject:
        """A message into a private chat, a group, or (its owner) a channel."""
        chat, person = self._world.chat(chat_id), self._world.person(person_id)
        _check_may_write(chat, person)
        before = self._events.last
        message = self._world.add_message(chat, person.id, content, int(self._clock()))
        self._events.add(message_event("message", message))
        if chat.type == "private":
            person.started = True
        kind = "channel_post" if chat.type == "channel" else "message"
        update_id = self._put(kind, self._world.as_bot_sees(message), chat, person)
        return {"message": self._world.as_people_see(message), "update_id": update_id, "event": before}

    def text(self, text: str) -> Content:
        """A text message; the client trims and refuses as Telegram does."""
        shown, entities = formatted_text(text, None, None, max_length=MAX_TEXT, what="message")
        if not shown:
            raise SimError("an empty text cannot be sent: put at least one visible character in it")
        return {"text": shown} | ({"entities": entities} if entities else {})

    def photo(self, caption: str, data: bytes | None = None) -> Content:
        """A photo; without bytes, a plain grey one."""
        file_id = keep_photo(self._world, read_photo(data or plain_picture()))
        text, entities = formatted_text(caption, None, None, max_length=MAX_CAPTION, what="message caption")
        content: Content = {"photo": photo_sizes(self._world, file_id)}
        if text:
            content["caption"] = text
        return content | ({"caption_entities": entities} if entities else {})

    def sticker(self, emoji: str) -> Content:
        """A sticker with that emoji."""
        name = "-".join(f"{ord(character):x}" for character in emoji)
        ids = {"file_id": f"CAACAgIAAx{name}", "file_unique_id": f"s{name}", "type": "regular"}
        shape = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        return {"sticker": {**ids, **shape, "emoji": emoji}}

    def tap(self, chat_id: int, person_id: int, message: Message, shown: Content, data: str) -> JsonObject:
        """A callback query with that data, whether a button carries it or not."""
        chat, person = self._world.chat(chat_id), self._world.person(person_id)
        _check_may_read(chat, person)
        tap_id = self._world.add_tap(Tap(self._clock.real(), person.id, chat.id))
        before = self._events.last
        query = {
            "id": tap_id,
            "from": person.as_user(),
            "message": self._tapped(message, shown),
            "chat_instance": str(7_000_000_000_000_000_000 + abs(chat.id) % 1_000_000_007),
            "data": data,
        }
        update_id = self._put("callback_query", query, chat, person)
        return {"callback_query_id": tap_id, "update_id": update_id, "event": before}

    def _tapped(self, message: Message, shown: Content) -> Content:
        if self._clock() - message.date > INACCESSIBLE_AFTER:
            chat = self._world.chat(message.chat_id).as_chat()
            return {"chat": chat, "message_id": message.message_id, "date": 0}
        seen = self._world.as_bot_sees(message)
        return {name: value for name, value in seen.items() if name not in message.content} | shown

    def find_button(
        self, chat_id: int, label: str, match: Match, message_id: int | None, rendering: int | None
    ) -> tuple[Message, Content, Button]:
        """The button as it is (or was, `rendering`) shown; without a message, in the newest that has it."""
        chat = self._world.chat(chat_id)
        chosen = [self._world.message(chat_id, message_id)] if message_id else chat.newest_first()
        for message in chosen:
            shown = message.content if rendering is None else message.rendering(rendering)
            for _, _, button in buttons(shown.get("reply_markup")):
                if _matches(button["text"], label, match):
                    return message, shown, button
        where = f"on message {message_id}" if message_id else f"in chat {chat_id}"
        raise SimError(
            f"no button {label!r} {where}; there are: {self._labels(chat, message_id, rendering)}", 404
        )

    def _labels(self, chat: Chat, message_id: int | None, rendering: int | None) -> str:
        message = chat.messages.get(message_id) if message_id else next(chat.newest_first(), None)
        if message is None:
            return "none"
        shown = message.content if rendering is None else message.rendering(rendering)
        return ", ".join(button["text"] for _, _, button in buttons(shown.get("reply_markup"))) or "none"

    def follow(self, person_id: int, url: str) -> JsonObject:
        """A link to the bot: /start with its parameter, or plain /start if Telegram would not take it.

        Whoever had blocked the bot unblocks it by that, as the client's button Restart does.
        """
        username = self._world.bot.username
        found = BOT_LINK.fullmatch(url)
        if found is None or found["username"].lower() != username.lower():
            raise SimError(f"{url} does not lead to the bot: it would be https://t.me/{username}?start=…")
        parameter = parse_qs(found["query"] or "").get("start", [""])[0]
        text = f"/start {parameter}" if START_PARAMETER.fullmatch(parameter) else "/start"
        self.unblock(person_id)
        return self.send(person_id, person_id, self.text(text))

    def block(self, person_id: int) -> JsonObject:
        """The bot cannot write to this person any more."""
        return self._set_blocked(self._world.person(person_id), blocked=True)

    def unblock(self, person_id: int) -> JsonObject:
        """The bot can again."""
        return self._set_blocked(self._world.person(person_id), blocked=False)

    def _set_blocked(self, person: Person, *, blocked: bool) -> JsonObject:
        if person.blocked == blocked:
            return {"update_id": None, "event": self._events.last}
        person.blocked = blocked
        before = self._events.last
        statuses: tuple[Status, Status] = ("member", "kicked") if blocked else ("kicked", "member")
        chat = self._world.chat(person.id)
        self._events.add(
            {"type": "blocked" if blocked else "unblocked", "chat_id": chat.id, "person": person.id}
        )
        update_id = self._put("my_chat_member", self._membership(chat, person, *statuses), chat, person)
        return {"update_id": update_id, "event": before}

    def _membership(self, chat: Chat, person: Person, old: Status, new: Status) -> Content:
        bot = self._world.bot.as_user()
        return {
            "chat": chat.as_chat(),
            "from": person.as_user(),
            "date": int(self._clock()),
            "old_chat_member": bot_member(bot, old),
            "new_chat_member": bot_member(bot, new),
        }

    def deactivate(self, person_id: int) -> JsonObject:
        """The account is deleted."""
        self._world.person(person_id).deactivated = True
        return {"update_id": None, "event": self._events.last}

    def speak(self, person_id: int, language_code: str) -> JsonObject:
        """The language of the person's Telegram."""
        self._world.person(person_id).language_code = language_code
        return {"update_id": None, "event": self._events.last}

    def set_bot_status(self, chat_id: int, status: BotStatus) -> JsonObject:
        """Takes the bot out of a group or channel, or back in as administrator."""
        chat = self._world.chat(chat_id)
        if chat.type == "private":
            raise SimError("in a private chat the bot cannot be removed: block it instead")
        before, old = self._events.last, chat.bot_status
        chat.bot_status = status
        owner = self._world.person(chat.members[0])
        update = self._membership(chat, owner, old, status)
        return {"update_id": self._put("my_chat_member", update, chat, owner), "event": before}

    def upgrade(self, chat_id: int) -> JsonObject:
        """A group becomes a supergroup: it gets a new id, and the old one is of no use any more."""
        old = self._world.chat(chat_id)
        if not may_upgrade(old):
            raise SimError(f"chat {chat_id} is no group that could be upgraded")
        before = self._events.last
        return {"chat_id": self.move(old).id, "event": before}

    def move(self, old: Chat, new_id: int | None = None) -> Chat:
        """The group under another id, the one named if it is free."""
        new = self._world.upgrade(old, new_id)
        self._events.add({"type": "upgraded", "chat_id": old.id, "to": new.id})
        return new

    def react(self, chat_id: int, person_id: int, message_id: int, emoji: str | None) -> JsonObject:
        """A reaction in place of the person's last one; None takes it back. In a channel nobody is named."""
        chat, person = self._world.chat(chat_id), self._world.person(person_id)
        _check_may_react(chat, person)
        message = self._world.message(chat_id, message_id)
        new = known_emoji(emoji) if emoji else None
        if emoji and not new:
            raise SimError(f"{emoji!r} is no reaction: take one of {' '.join(sorted(EMOJI))}")
        before, old = self._events.last, message.reactions.pop(person.id, None)
        if new:
            message.reactions[person.id] = new
        if new == old:
            return {"update_id": None, "event": before}
        self._events.add(message_event("reaction", message))
        return {"update_id": self._put_reaction(message, chat, person, old, new), "event": before}

    def _put_reaction(
        self, message: Message, chat: Chat, person: Person, old: str | None, new: str | None
    ) -> int | None:
        date, shown = int(self._clock()), chat.as_chat()
        if chat.type == "channel":
            return self._put("message_reaction_count", count_update(message, shown, date), chat)
        update = person_update(message, shown, person.as_user(), date, old, new)
        return self._put("message_reaction", update, chat, person)

    def subscribe(self, chat_id: int, person_id: int) -> JsonObject:
        """The person comes into a group or reads a channel from now on."""
        return self._set_member(chat_id, person_id, member_now=True)

    def unsubscribe(self, chat_id: int, person_id: int) -> JsonObject:
        """And goes."""
        return self._set_member(chat_id, person_id, member_now=False)

    def _set_member(self, chat_id: int, person_id: int, *, member_now: bool) -> JsonObject:
        chat, person = self._world.chat(chat_id), self._world.person(person_id)
        if chat.type == "private":
            raise SimError(f"chat {chat_id} is private: there is nothing to subscribe to")
        if chat.members[:1] == (person.id,):
            raise SimError(f"{person.first_name} owns {chat.title} and stays")
        before, was = self._events.last, person.id in chat.members
        if was == member_now:
            return {"update_id": None, "event": before, "subscribers": len(chat.members)}
        old = member(person, chat)
        others = tuple(each for each in chat.members if each != person.id)
        chat.members = (*others, person.id) if member_now else others
        self._events.add({"type": "members", "chat_id": chat.id, "subscribers": len(chat.members)})
        changed = {"old_chat_member": old, "new_chat_member": member(person, chat)}
        update = {"chat": chat.as_chat(), "from": person.as_user(), "date": int(self._clock()), **changed}
        update_id = self._put("chat_member", update, chat)
        return {"update_id": update_id, "event": before, "subscribers": len(chat.members)}

    def view(self, chat_id: int, message_id: int | None, person_id: int | None, count: int) -> JsonObject:
        """A channel's posts, or one of them, are seen: once by a named person, or by so many others."""
        chat = self._world.chat(chat_id)
        if chat.type != "channel":
            raise SimError(f"chat {chat_id} is no channel: nobody counts views there")
        viewer = self._world.person(person_id).id if person_id is not None else None
        before = self._events.last
        chosen = [self._world.message(chat_id, message_id)] if message_id else list(chat.newest_first())
        for message in chosen:
            if message.see(viewer, count):
                self._events.add(message_event("view", message))
        return {"update_id": None, "event": before}

    def _put(self, kind: str, body: dict[str, Any], chat: Chat, person: Person | None = None) -> int | None:
        if person is not None:
            person.seen = True
        if chat.type != "private" and chat.bot_status != "administrator" and kind != "my_chat_member":
            return None
        return self._updates.put(kind, body, chat.id)


def _matches(text: str, label: str, match: Match) -> bool:
    match match:
        case "exact":
            return text == label
        case "prefix":
            return text.startswith(label)
        case "contains":
            return label in text
        case _:
            assert_never(match)


def _check_may_read(chat: Chat, person: Person) -> None:
    if chat.type == "private" and person.id != chat.id:
        raise SimError(f"chat {chat.id} is private: {person.first_name} cannot see it", 403)
    if chat.type in ("group", "supergroup") and person.id not in chat.members:
        raise SimError(f"{person.first_name} is not a member of {chat.title}", 403)


def _check_may_react(chat: Chat, person: Person) -> None:
    _check_may_read(chat, person)
    if chat.type == "private":
        _check_private(chat, person)


def _check_may_write(chat: Chat, person: Person) -> None:
    if person.deactivated:
        raise SimError(f"the account of {person.first_name} is deleted", 403)
    if chat.type == "private":
        _check_private(chat, person)
    elif person.id not in chat.members:
        raise SimError(f"{person.first_name} is not a member of {chat.title}", 403)
    elif chat.type == "channel" and person.id != chat.members[0]:
        raise SimError(f"only its owner {chat.members[0]} writes in the channel {chat.title}", 403)
    if chat.upgraded_to is not None:
        raise SimError(f"chat {chat.id} was upgraded: write to {chat.upgraded_to}", 403)


def _check_private(chat: Chat, person: Person) -> None:
    if person.id != chat.id:
        raise SimError(f"chat {chat.id} is private: {person.first_name} cannot write in it", 403)
    if person.blocked:
        raise SimError(f"{person.first_name} has blocked the bot: unblock first", 403)

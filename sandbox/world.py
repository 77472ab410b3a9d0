"""Who and what there is: people, chats, messages and the bot itself. Plain data, no HTTP, no clock."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from .errors import SimError

Content = dict[str, Any]
BotStatus = Literal["administrator", "left", "kicked"]

MAX_MESSAGES_PER_CHAT = 5_000
MAX_RENDERINGS = 50
MAX_TAPS = 20_000


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account. `started`: may be written to; `seen`: the bot has met them."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str = "ru"
    role: str = "student"
    started: bool = False
    seen: bool = False
    blocked: bool = False
    deactivated: bool = False

    def as_user(self) -> Content:
        """The Bot API's User."""
        user: Content = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        return user | {"language_code": self.language_code}


@dataclass(slots=True)
class Message:
    """One message; `renderings` are its contents as sent and after each edit, none of them ever changed."""

    message_id: int
    chat_id: int
    date: int
    author: int | None  # a person's id, or None: the bot
    renderings: list[Content]
    dropped: int = 0  # oldest renderings forgotten past the limit
    edit_date: int | None = None
    deleted: bool = False
    edited: bool = False  # its content, not only its keyboard
    reactions: dict[int, str] = field(default_factory=dict)  # whose, which
    bot_reaction: str | None = None
    views: int = 0
    viewers: list[int] = field(default_factory=list)  # those of the views that have a name

    @property
    def content(self) -> Content:
        """How it stands now."""
        return self.renderings[-1]

    def edit(self, content: Content, date: int) -> None:
        """Appends a rendering."""
        self.edited = self.edited or _essence(content) != _essence(self.content)
        self.renderings.append(content)
        self.edit_date = date
        if len(self.renderings) > MAX_RENDERINGS:
            del self.renderings[0]
            self.dropped += 1

    def see(self, person: int | None, count: int) -> bool:
        """Counts views; a person's only once. Whether there was anything to count."""
        if person is not None and person in self.viewers:
            return False
        if person is not None:
            self.viewers.append(person)
        self.views += 1 if person is not None else count
        return True

    def rendering(self, number: int) -> Content:
        """The message as it stood after that many edits."""
        if not 0 <= number - self.dropped < len(self.renderings):
            edits = self.dropped + len(self.renderings) - 1
            raise SimError(
                f"message {self.message_id} has no rendering {number}: it was edited {edits} times"
            )
        return self.renderings[number - self.dropped]


@dataclass(slots=True)
class Chat:
    """A chat and its newest messages."""

    id: int
    type: Literal["private", "group", "supergroup", "channel"]
    title: str
    username: str | None = None
    members: tuple[int, ...] = ()  # the first one owns it
    bot_status: BotStatus = "administrator"
    upgraded_to: int | None = None
    pins: list[int] = field(default_factory=list)  # the newest last
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)

    def as_chat(self) -> Content:
        """The Bot API's Chat."""
        name = "first_name" if self.type == "private" else "title"
        chat: Content = {"id": self.id, "type": self.type, name: self.title}
        return chat | ({"username": self.username} if self.username else {})

    def add(self, message: Message) -> None:
        """Keeps a message, and forgets the oldest past the limit."""
        self.messages[message.message_id] = message
        if len(self.messages) > MAX_MESSAGES_PER_CHAT:
            self.messages.popitem(last=False)

    @property
    def newest_pin(self) -> int | None:
        """The message that stands on top of the chat."""
        return self.pins[-1] if self.pins else None

    def pin(self, message_id: int) -> None:
        """Puts a message on top."""
        self.unpin(message_id)
        self.pins.append(message_id)

    def unpin(self, message_id: int) -> None:
        """Takes it away from there."""
        self.pins = [pin for pin in self.pins if pin != message_id]

    def newest_first(self) -> Iterator[Message]:
        """Messages that still stand."""
        return (message for message in reversed(self.messages.values()) if not message.deleted)


@dataclass(slots=True)
class Tap:
    """A callback query that waits for its answer."""

    #: In real time: a button spins so long for whoever looks at it, also while the clock is set forward.
    at: float
    person_id: int
    chat_id: int
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture somebody sent."""

    data: bytes
    content_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Document:
    """Any other file."""

    data: bytes
    content_type: str
    name: str


@dataclass(frozen=True, slots=True)
class BotProfile:
    """The bot's own account."""

    id: int
    username: str = "shortlist_demo_bot"
    first_name: str = "Shortlist"

    def as_user(self) -> Content:
        """The Bot API's User."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}


MODERATORS = -1_002_000_000_001
CHANNEL = -1_003_000_000_001


def default_people() -> list[Person]:
    """Two students, a mentor and a moderator."""
    return [
        Person(1001, "Аня", "anya_student"),
        Person(1002, "Борис", "boris_student"),
        Person(2001, "Вера", "vera_mentor", role="mentor"),
        Person(3001, "Модератор", "moderator", role="moderator"),
    ]


def default_chats() -> list[Chat]:
    """The moderators' group and the public channel; everybody reads the channel."""
    return [
        Chat(MODERATORS, "supergroup", "Модераторы", members=(3001,)),
        Chat(CHANNEL, "channel", "Новые менторы", "shortlist_channel", members=(3001, 1001, 1002, 2001)),
    ]


class World:
    """All that is there, but the updates. Message ids are one sequence over all chats, as in Telegram."""

    def __init__(self, bot: BotProfile, people: Iterable[Person], chats: Iterable[Chat]) -> None:
        self.bot = bot
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {chat.id: chat for chat in chats}
        self.photos: OrderedDict[str, Photo] = OrderedDict()
        self.documents: OrderedDict[str, Document] = OrderedDict()
        self.taps: OrderedDict[str, Tap] = OrderedDict()
        self.commands: dict[str, list[Content]] = {}  # by scope and language; "" for everybody
        self.last_message_id = 0
        self.last_tap_id = 0
        for person in people:
            self.add_person(person)

    def add_person(self, person: Person) -> Person:
        """A new account and its private chat with the bot."""
        self.people[person.id] = person
        self.chats.setdefault(person.id, Chat(person.id, "private", person.first_name, person.username))
        return person

    def person(self, person_id: int) -> Person:
        """SimError if there is nobody by that id."""
        try:
            return self.people[person_id]
        except KeyError:
            known = ", ".join(map(str, list(self.people)[:10]))
            raise SimError(f"there is no person {person_id}; there are {known}", 404) from None

    def upgrade(self, old: Chat, new_id: int | None = None) -> Chat:
        """The group under another id; the old one is of no use any more."""
        if new_id is None or new_id in self.chats:
            new_id = min(*self.chats, -1_009_000_000_000) - 1
        new = Chat(new_id, "supergroup", old.title, members=old.members, bot_status=old.bot_status)
        self.chats[new.id] = new
        old.upgraded_to = new.id
        return new

    def chat(self, chat_id: int) -> Chat:
        """SimError if there is no such chat."""
        try:
            return self.chats[chat_id]
        except KeyError:
            raise SimError(f"there is no chat {chat_id}; GET /sim/state lists them", 404) from None

    def chat_named(self, name: str) -> Chat | None:
        """By the id or @username a bot gives."""
        if name.startswith("@"):
            wanted = name[1:].lower()
            public = (chat for chat in self.chats.values() if chat.type != "private" and chat.username)
            return next((chat for chat in public if str(chat.username).lower() == wanted), None)
        return self.chats.get(int(name)) if re.fullmatch(r"-?[0-9]{1,19}", name) else None

    def file(self, file_id: str) -> Photo | Document | None:
        """A picture or a document."""
        return self.photos.get(file_id) or self.documents.get(file_id)

    def message(self, chat_id: int, message_id: int) -> Message:
        """SimError if there is no such message, or it was deleted."""
        message = self.chat(chat_id).messages.get(message_id)
        if message is None or message.deleted:
            raise SimError(f"there is no message {message_id} in chat {chat_id}", 404)
        return message

    def add_message(self, chat: Chat, author: int | None, content: Content, date: int) -> Message:
        """A new message in a chat."""
        self.last_message_id += 1
        message = Message(self.last_message_id, chat.id, date, author, [content])
        chat.add(message)
        return message

    def add_tap(self, tap: Tap) -> str:
        """A new callback query; returns its id."""
        self.last_tap_id += 1
        tap_id = str(4_000_000_000_000_000_000 + self.last_tap_id)
        self.taps[tap_id] = tap
        if len(self.taps) > MAX_TAPS:
            self.taps.popitem(last=False)
        return tap_id

    def as_bot_sees(self, message: Message) -> Content:
        """The Bot API's Message."""
        chat = self.chats[message.chat_id]
        seen: Content = {"message_id": message.message_id, "date": message.date, "chat": chat.as_chat()}
        if chat.type == "channel":
            seen["sender_chat"] = seen["chat"]
        else:
            seen["from"] = self._author(message)
        if message.edit_date:
            seen["edit_date"] = message.edit_date
        return seen | message.content

    def _author(self, message: Message) -> Content:
        return self.bot.as_user() if message.author is None else self.people[message.author].as_user()

    def as_people_see(self, message: Message, content: Content | None = None) -> Content:
        """The message in /sim's JSON; `content` for how it stood once."""
        shown = content or message.content
        seen: Content = {
            "message_id": message.message_id,
            "chat_id": message.chat_id,
            "date": message.date,
            "from": self._shown_author(message),
            "by_bot": message.author is None,
            "edits": message.dropped + len(message.renderings) - 1,
            "entities": shown.get("entities") or shown.get("caption_entities") or [],
        }
        seen |= {
            name: shown[name]
            for name in ("text", "caption", "reply_markup", "media_group_id")
            if name in shown
        }
        seen |= _shown_media(shown)
        if message.edit_date:
            seen["edit_date"] = message.edit_date
        if message.deleted:
            seen["deleted"] = True
        return seen | self._shown_response(message)

    def _shown_response(self, message: Message) -> Content:
        shown: Content = {"edited": True} if message.edited else {}
        if message.reactions or message.bot_reaction:
            shown["reactions"] = counts(message)
            shown["reacted"] = {str(person): emoji for person, emoji in message.reactions.items()}
        if message.bot_reaction:
            shown["bot_reaction"] = message.bot_reaction
        if self.chats[message.chat_id].type == "channel":
            shown["views"] = message.views
        return shown

    def _shown_author(self, message: Message) -> Content:
        chat = self.chats[message.chat_id]
        if chat.type == "channel":
            return {"id": chat.id, "first_name": chat.title, "is_bot": False}
        author = self._author(message)
        return {name: author[name] for name in ("id", "first_name", "is_bot")}

    def dump(self) -> Content:
        """Everything but the photos' bytes, as JSON."""
        return {
            "people": [asdict(person) for person in self.people.values()],
            "chats": [_dumped_chat(chat) for chat in self.chats.values()],
            "taps": {tap_id: asdict(tap) for tap_id, tap in self.taps.items()},
            "commands": self.commands,
            "documents": {
                file_id: {"content_type": document.content_type, "name": document.name}
                for file_id, document in self.documents.items()
            },
            "last_message_id": self.last_message_id,
            "last_tap_id": self.last_tap_id,
        }

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Puts back what `dump` gave."""
        self.people = {person["id"]: Person(**person) for person in dumped["people"]}
        self.chats = {chat["id"]: _loaded_chat(chat) for chat in dumped["chats"]}
        self.taps = OrderedDict((tap_id, Tap(**tap)) for tap_id, tap in dumped["taps"].items())
        commands = dumped["commands"]
        self.commands = commands if isinstance(commands, dict) else {"": commands}
        self.last_message_id = dumped["last_message_id"]
        self.last_tap_id = dumped["last_tap_id"]


def _shown_media(content: Content) -> Content:
    if "photo" in content:
        size = content["photo"][-1]
        url = f"/sim/files/{size['file_id']}"
        return {"photo": {"url": url, "width": size["width"], "height": size["height"]}}
    if "document" in content:
        return {"document": _shown_document(content["document"])}
    if "sticker" in content:
        return {"sticker": {"emoji": content["sticker"].get("emoji", "")}}
    return {}


def _shown_document(document: Content) -> Content:
    file_id = document["file_id"]
    shown = {"file_id": file_id, "file_name": document["file_name"], "size": document["file_size"]}
    return shown | {"url": f"/sim/files/{file_id}"}


def counts(message: Message) -> dict[str, int]:
    """How many gave which reaction, the most frequent first."""
    given = [*message.reactions.values(), *([message.bot_reaction] if message.bot_reaction else [])]
    return dict(Counter(given).most_common())


def _essence(content: Content) -> Content:
    return {name: value for name, value in content.items() if name != "reply_markup"}


def _dumped_chat(chat: Chat) -> Content:
    dumped = {name: getattr(chat, name) for name in Chat.__slots__ if name != "messages"}
    return dumped | {"messages": [_dumped_message(message) for message in chat.messages.values()]}


def _dumped_message(message: Message) -> Content:
    return {name: getattr(message, name) for name in Message.__slots__}


def _loaded_chat(dumped: Content) -> Chat:
    messages = OrderedDict((each["message_id"], _loaded_message(each)) for each in dumped["messages"])
    return Chat(**(dumped | {"members": tuple(dumped["members"]), "messages": messages}))


def _loaded_message(dumped: Content) -> Message:
    reactions = {int(person): emoji for person, emoji in dumped.get("reactions", {}).items()}
    return Message(**(dumped | {"reactions": reactions}))

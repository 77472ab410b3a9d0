"""/sim over HTTP: the person's side for the chat page and for tests. Documented in docs/sandbox.md."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, get_args
from urllib.parse import quote, urlsplit

from aiohttp import web

from .bodies import as_integer, as_json, body_of, chat_id, choice, dumps, flag, integer, number, queried, text
from .clock import Clock
from .commands import scoped_commands
from .errors import ApiError, SimError
from .events import Entry, Log
from .markup import buttons
from .persons import Match, Persons
from .updates import UpdateQueue
from .world import BotStatus, Chat, Content, Document, Message, Person, World

HEARTBEAT_SECONDS = 15.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sim:
    """Routes of /sim."""

    def __init__(
        self, world: World, persons: Persons, updates: UpdateQueue, events: Log, clock: Clock
    ) -> None:
        self._world = world
        self._persons = persons
        self._updates = updates
        self._events = events
        self._clock = clock
        self._streams: set[asyncio.Task[Any]] = set()

    def routes(self) -> list[web.RouteDef]:
        """All of them, for the application."""
        return [
            web.get("/sim/state", self.state),
            web.post("/sim/people", self.add_person),
            web.get("/sim/chats/{chat}/messages", self.messages),
            web.post("/sim/chats/{chat}/send", self.send),
            web.post("/sim/chats/{chat}/tap", self.tap),
            web.post("/sim/chats/{chat}/react", self.react),
            web.post("/sim/chats/{chat}/subscribe", self.subscribe),
            web.post("/sim/chats/{chat}/unsubscribe", self.unsubscribe),
            web.post("/sim/chats/{chat}/view", self.view),
            web.post("/sim/chats/{chat}/bot", self.bot_status),
            web.post("/sim/chats/{chat}/upgrade", self.upgrade),
            web.post("/sim/people/{person}/{act}", self.act),
            web.post("/sim/update", self.update),
            web.post("/sim/updates/duplicate", self.duplicate),
            web.get("/sim/updates/shuffle", self.shuffle),
            web.post("/sim/updates/shuffle", self.set_shuffle),
            web.get("/sim/clock", self.clock),
            web.post("/sim/clock", self.set_clock),
            web.post("/sim/clock/follow", self.follow_clock),
            web.get("/sim/events", self.stream),
            web.get("/sim/files/{file}", self.file),
        ]

    async def state(self, _: web.Request) -> web.Response:
        bot = self._world.bot
        shown = {"id": bot.id, "username": bot.username, "first_name": bot.first_name}
        return as_json(
            {
                "bot": shown | self._commands(),
                "people": [_shown_person(person) for person in self._world.people.values()],
                "chats": [_shown_chat(chat) for chat in self._world.chats.values()],
                "event": self._events.last,
            }
        )

    def _commands(self) -> Content:
        everybodys = self._world.commands.get("", [])
        return {"commands": everybodys, "scoped_commands": scoped_commands(self._world)}

    async def add_person(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        person = Person(
            id=integer(body, "id"),
            first_name=text(body, "first_name"),
            username=text(body, "username") if "username" in body else None,
            language_code=text({"language_code": "ru"} | body, "language_code"),
            role=text({"role": "student"} | body, "role"),
        )
        if person.id in self._world.people:
            raise SimError(f"there is a person {person.id} already", 409)
        return as_json({"person": _shown_person(self._world.add_person(person))})

    async def messages(self, request: web.Request) -> web.Response:
        chat = self._world.chat(chat_id(request))
        after = queried(request, "after_event")
        shown = chat.messages.values() if not after else self._touched_after(chat, after)
        messages = [self._world.as_people_see(message) for message in shown]
        return as_json({"messages": messages, "event": self._events.last})

    def _touched_after(self, chat: Chat, number: int) -> list[Message]:
        events = (event for _, event in self._events.after(number))
        touched = {e["message_id"]: e["of"] for e in events if "of" in e and e["chat_id"] == chat.id}
        return list(touched.values())

    async def send(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        return as_json(self._persons.send(chat_id(request), integer(body, "from"), self._content(body)))

    def _content(self, body: Content) -> Content:
        if body.get("photo"):
            return self._persons.photo(str(body.get("caption", "")))
        if body.get("sticker"):
            return self._persons.sticker(str(body["sticker"]))
        return self._persons.text(text(body, "text"))

    async def tap(self, request: web.Request) -> web.Response:
        body, chat = await body_of(request), chat_id(request)
        person_id = integer(body, "from")
        message, shown, data = self._pressed(chat, body)
        return as_json(self._persons.tap(chat, person_id, message, shown, data))

    def _pressed(self, chat_id: int, body: Content) -> tuple[Message, Content, str]:
        rendering = integer(body, "as_of_edit") if "as_of_edit" in body else None
        if "label" in body:
            match = choice(body.get("match", "exact"), get_args(Match), "match")
            label = text(body, "label")
            message_id = integer(body, "message_id") if "message_id" in body else None
            found = self._persons.find_button(chat_id, label, match, message_id, rendering)
            message, shown, button = found
            return message, shown, _callback_data(button)
        message = self._world.message(chat_id, integer(body, "message_id"))
        shown = message.content if rendering is None else message.rendering(rendering)
        if "data" in body:
            return message, shown, text(body, "data")
        return (
            message,
            shown,
            _callback_data(_button_at(shown, integer(body, "row"), integer(body, "column"))),
        )

    async def react(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        emoji = None if body.get("emoji") is None else text(body, "emoji")
        person, message_id = integer(body, "person"), integer(body, "message_id")
        return as_json(self._persons.react(chat_id(request), person, message_id, emoji))

    async def subscribe(self, request: web.Request) -> web.Response:
        return as_json(self._persons.subscribe(chat_id(request), integer(await body_of(request), "person")))

    async def unsubscribe(self, request: web.Request) -> web.Response:
        return as_json(self._persons.unsubscribe(chat_id(request), integer(await body_of(request), "person")))

    async def view(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        message_id = integer(body, "message_id") if "message_id" in body else None
        person = integer(body, "person") if "person" in body else None
        return as_json(self._persons.view(chat_id(request), message_id, person, _count(body)))

    async def bot_status(self, request: web.Request) -> web.Response:
        status = choice((await body_of(request)).get("status"), get_args(BotStatus), "status")
        return as_json(self._persons.set_bot_status(chat_id(request), status))

    async def upgrade(self, request: web.Request) -> web.Response:
        return as_json(self._persons.upgrade(chat_id(request)))

    async def act(self, request: web.Request) -> web.Response:
        person_id = as_integer(request.match_info["person"], "the person's id")
        match request.match_info["act"]:
            case "follow":
                answer = self._persons.follow(person_id, text(await body_of(request), "url"))
            case "block":
                answer = self._persons.block(person_id)
            case "unblock":
                answer = self._persons.unblock(person_id)
            case "deactivate":
                answer = self._persons.deactivate(person_id)
            case "language":
                answer = self._persons.speak(person_id, text(await body_of(request), "language_code"))
            case other:
                raise SimError(
                    f"a person cannot {other}: follow, block, unblock, deactivate or language", 404
                )
        return as_json(answer)

    async def update(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        if isinstance(body.get("update"), dict):
            return as_json({"update_id": self._updates.put_raw(body["update"])})
        new_id = bool(body.get("new_id", False))
        return as_json({"update_id": self._updates.repeat(integer(body, "repeat"), new_id=new_id)})

    async def duplicate(self, request: web.Request) -> web.Response:
        return as_json({"update_ids": self._updates.duplicate(_count(await body_of(request)))})

    async def shuffle(self, _: web.Request) -> web.Response:
        return as_json({"on": self._updates.shuffle})

    async def set_shuffle(self, request: web.Request) -> web.Response:
        self._updates.shuffle = flag(await body_of(request), "on")
        return await self.shuffle(request)

    async def clock(self, _: web.Request) -> web.Response:
        return as_json(self._clock.as_json())

    async def set_clock(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        if "ahead" in body:
            self._clock.set_ahead(number(body, "ahead"))
        else:
            self._clock.set_ahead(self._clock.ahead + number(body, "forward"))
        self._events.add({"type": "clock"} | self._clock.as_json())
        if flag({"wait": False} | body, "wait"):
            await self._clock.caught_up()
        return as_json(self._clock.as_json())

    async def follow_clock(self, request: web.Request) -> web.Response:
        self._clock.follow(number(await body_of(request), "ahead"))
        return as_json(self._clock.as_json())

    async def file(self, request: web.Request) -> web.Response:
        found = self._world.file(request.match_info["file"])
        if found is None:
            raise SimError("there is no such file", 404)
        response = web.Response(body=found.data, content_type=found.content_type)
        if isinstance(found, Document):
            response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
        return response

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events until the reader goes or the server stops."""
        after = as_integer(request.headers.get("Last-Event-ID") or request.query.get("after") or 0, "after")
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        response = web.StreamResponse(headers=headers)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler runs in a task
        self._streams.add(task)
        try:
            await response.prepare(request)
            await self._feed(response, after)
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            self._streams.discard(task)
        return response

    async def _feed(self, response: web.StreamResponse, after: int) -> None:
        await response.write(b": hello\n\n")
        while True:
            entries = await self._events.wait_after(after, HEARTBEAT_SECONDS)
            await response.write(b"".join(map(self._as_sse, entries)) or b": still here\n\n")
            after = entries[-1][0] if entries else after

    def _as_sse(self, entry: Entry) -> bytes:
        number, event = entry
        return f"id: {number}\ndata: {dumps(self._shown_event(number, event))}\n\n".encode()

    def _shown_event(self, number: int, event: Content) -> Content:
        if "of" not in event:
            return {"n": number} | event
        message = self._world.as_people_see(event["of"], event["rendering"])
        kept = {name: value for name, value in event.items() if name not in ("of", "rendering")}
        return {"n": number} | kept | {"message": message}

    def close(self) -> None:
        """Ends the streams, so that the server can stop."""
        for task in self._streams:
            task.cancel()


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """4xx with {"error": "sentence"} for /sim; Telegram's 404 for an address nobody serves."""
    try:
        _check_origin(request)
        return await handler(request)
    except SimError as error:
        return as_json({"error": str(error)}, error.status)
    except ApiError as error:
        return as_json({"error": error.description}, error.code)
    except web.HTTPNotFound:
        return as_json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)


def _check_origin(request: web.Request) -> None:
    """A page from elsewhere, open in the same browser, must not play people here."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise SimError(f"a page of {origin} may not use this server; open {request.host} itself", 403)


def _count(body: Content) -> int:
    count = integer(body, "count") if "count" in body else 1
    if count < 1:
        raise SimError('"count" must be 1 or more')
    return count


def _button_at(shown: Content, row: int, column: int) -> Content:
    for at_row, at_column, button in buttons(shown.get("reply_markup")):
        if (at_row, at_column) == (row, column):
            return button
    raise SimError(f"there is no button in row {row}, column {column}", 404)


def _callback_data(button: Content) -> str:
    if "callback_data" not in button:
        other = ", ".join(name for name in button if name not in ("text", "style"))
        raise SimError(f"button {button['text']!r} sends nothing to the bot, it is a {other} button")
    return str(button["callback_data"])


def _shown_person(person: Person) -> Content:
    names = ("id", "first_name", "username", "language_code", "role", "started", "blocked")
    return {name: getattr(person, name) for name in names}


def _shown_chat(chat: Chat) -> Content:
    shown: Content = {"id": chat.id, "type": chat.type, "title": chat.title, "members": list(chat.members)}
    shown |= {"pinned": chat.newest_pin, "subscribers": len(chat.members)}
    return shown | ({"username": chat.username} if chat.username else {})

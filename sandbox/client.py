"""A client of /sim: plays people in tests, benchmarks and demos.

`tap` finds a button by its label on the message as it is shown, so a test can only press what a person can
see; old renderings can be named to press stale buttons. Nothing here sleeps: waiting follows the events.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlencode

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector

Json = dict[str, Any]
Match = Literal["exact", "prefix", "contains"]

MAX_KEPT = 5_000
MAX_KEPT_PER_CHAT = 500


class SimClientError(Exception):
    """The local Telegram refused, or is not there; the message is its sentence"""


class SimTimeoutError(SimClientError):
    """What was waited for did not come"""


@dataclass(frozen=True, slots=True)
class Button:
    """A button as shown."""

    text: str
    row: int
    column: int
    callback_data: str | None = None
    url: str | None = None
    copy_text: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as shown; its bytes are at `url` of the local Telegram."""

    file_id: str
    file_name: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """As shown; `text` is the caption under a photo or document. `edits` counts how often it was edited."""

    message_id: int
    chat_id: int
    text: str
    by_bot: bool
    edits: int
    deleted: bool
    keyboard: tuple[tuple[Button, ...], ...]
    entities: tuple[Json, ...]
    photo_url: str | None
    sticker: str | None
    date: int
    document: Document | None = None
    media_group_id: str | None = None
    reactions: Mapping[str, int] = field(default_factory=dict)
    bot_reaction: str | None = None
    views: int | None = None
    edited: bool = False

    @property
    def buttons(self) -> tuple[str, ...]:
        """Labels in reading order."""
        return tuple(button.text for row in self.keyboard for button in row)

    def button(self, label: str) -> Button:
        """By its label; SimClientError with the labels there are."""
        for row in self.keyboard:
            for button in row:
                if button.text == label:
                    return button
        raise SimClientError(f"no button {label!r} on message {self.message_id}; there are {self.buttons}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message a person sent. `event`: the last event before it."""

    message: Message
    update_id: int | None
    event: int


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap on its way to the bot. `event`: the last event before it."""

    callback_query_id: str
    update_id: int | None
    event: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a tap."""

    callback_query_id: str
    text: str
    show_alert: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the server's event stream; `fields` has what its type brings."""

    n: int
    type: str
    chat_id: int | None
    message: Message | None
    fields: Json


MessagePredicate = Callable[[Message], bool]
EventPredicate = Callable[[Event], bool]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    predicate: EventPredicate
    found: asyncio.Future[Event]


class SimClient:
    """An async context manager. `chat` of a private chat is the person's id; elsewhere name the `person`."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._events: deque[Event] = deque(maxlen=MAX_KEPT)
        self._chats: dict[int, deque[Event]] = {}
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._answer_waiters: dict[str, asyncio.Future[Answer]] = {}
        self._waiters: dict[int | None, list[_Waiter]] = {}
        self._last_act: dict[int, int] = {}
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=None))
        self._reader = asyncio.create_task(self._read((await self.state())["event"]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        await self._session.close()

    async def state(self) -> Json:
        """GET /sim/state."""
        return await self._get("/sim/state")

    async def calls(
        self, since: int = 0, method: str | None = None, chat_id: int | str | None = None
    ) -> list[Json]:
        """The Bot API calls the bot made after the one of that id, oldest first."""
        query = {"since": since, "method": method, "chat_id": chat_id}
        named = urlencode({name: value for name, value in query.items() if value is not None})
        return list((await self._get(f"/sim/calls?{named}"))["calls"])

    async def clear_calls(self) -> None:
        """Forgets the calls so far; their ids go on."""
        await self._delete("/sim/calls")

    async def faults(self) -> list[Json]:
        """Those that still wait for their call."""
        return list((await self._get("/sim/faults"))["faults"])

    async def add_fault(self, kind: str, **fields: Any) -> int:
        """Makes a call of the bot fail: method, chat_id, times (None: all), skip, and what the kind needs."""
        return int((await self._post("/sim/faults", {"kind": kind, **fields}))["id"])

    async def remove_fault(self, fault_id: int) -> None:
        """Takes one back."""
        await self._delete(f"/sim/faults/{fault_id}")

    async def clear_faults(self) -> None:
        """Takes all back, and lets a bot go on that was stopped with 429."""
        await self._delete("/sim/faults")

    async def down(self, down: bool) -> None:
        """Telegram is gone, or there again."""
        await self._post("/sim/down", {"down": down})

    async def limits(self, **fields: Any) -> Json:
        """The flood limits and how often they refused; fields (on, per_second, …) change them."""
        return await (self._post("/sim/limits", fields) if fields else self._get("/sim/limits"))

    async def latency(self, milliseconds: float) -> None:
        """Every call is answered so much later."""
        await self._post("/sim/latency", {"milliseconds": milliseconds})

    async def clock(self) -> Json:
        """{"now": Unix time, "ahead": seconds ahead of the real one}."""
        return await self._get("/sim/clock")

    async def set_clock(
        self, *, forward: float | None = None, ahead: float | None = None, wait: bool = False
    ) -> Json:
        """So many seconds on, or ahead of the real time. `wait`: until the bot that follows is there."""
        body: Json = {"forward": forward} if ahead is None else {"ahead": ahead}
        return await self._post("/sim/clock", body | {"wait": wait})

    async def follow_clock(self, ahead: float) -> Json:
        """A bot with a clock of its own has come so far."""
        return await self._post("/sim/clock/follow", {"ahead": ahead})

    async def add_person(
        self, person_id: int, first_name: str | None = None, *, language_code: str = "ru"
    ) -> None:
        """A new account with a private chat."""
        body = {
            "id": person_id,
            "first_name": first_name or f"Person {person_id}",
            "language_code": language_code,
        }
        await self._post("/sim/people", body)

    async def send_text(self, chat: int, text: str, *, person: int | None = None) -> Sent:
        """Types and sends; commands too."""
        return await self._send(chat, person, {"text": text})

    async def send_photo(self, chat: int, caption: str = "", *, person: int | None = None) -> Sent:
        """Sends a plain picture."""
        return await self._send(chat, person, {"photo": True, "caption": caption})

    async def send_sticker(self, chat: int, emoji: str = "😀", *, person: int | None = None) -> Sent:
        """Sends a sticker."""
        return await self._send(chat, person, {"sticker": emoji})

    async def _send(self, chat: int, person: int | None, body: Json) -> Sent:
        answer = await self._act(chat, f"/sim/chats/{chat}/send", {"from": person or chat, **body})
        return Sent(_message(answer["message"]), answer["update_id"], answer["event"])

    async def tap(
        self,
        chat: int,
        label: str,
        message_id: int | None = None,
        *,
        rendering: int | None = None,
        match: Match = "exact",
        person: int | None = None,
    ) -> Tapped:
        """Presses the button with that label, on the newest message that has it or on the one named.

        `rendering`: as the message stood after that many edits (0: as first sent), to press a stale button.
        """
        body: Json = {"label": label, "match": match, "message_id": message_id, "as_of_edit": rendering}
        return await self._tap(
            chat, person, {name: value for name, value in body.items() if value is not None}
        )

    async def tap_at(
        self, chat: int, message_id: int, row: int, column: int, *, person: int | None = None
    ) -> Tapped:
        """Presses the button in that place."""
        return await self._tap(chat, person, {"message_id": message_id, "row": row, "column": column})

    async def tap_data(self, chat: int, message_id: int, data: str, *, person: int | None = None) -> Tapped:
        """Sends callback data that no button need carry: forged."""
        return await self._tap(chat, person, {"message_id": message_id, "data": data})

    async def _tap(self, chat: int, person: int | None, body: Json) -> Tapped:
        answer = await self._act(chat, f"/sim/chats/{chat}/tap", {"from": person or chat, **body})
        return Tapped(answer["callback_query_id"], answer["update_id"], answer["event"])

    async def follow_link(self, person: int, link: str) -> Sent:
        """Opens https://t.me/<bot>?start=… or just "start=…"."""
        if "://" not in link:
            link = f"https://t.me/{(await self.state())['bot']['username']}?{link}"
        answer = await self._act(person, f"/sim/people/{person}/follow", {"url": link})
        return Sent(_message(answer["message"]), answer["update_id"], answer["event"])

    async def block(self, person: int) -> None:
        """The person blocks the bot."""
        await self._act(person, f"/sim/people/{person}/block", {})

    async def unblock(self, person: int) -> None:
        """And unblocks it."""
        await self._act(person, f"/sim/people/{person}/unblock", {})

    async def set_language(self, person: int, language_code: str) -> None:
        """The language of the person's Telegram."""
        await self._post(f"/sim/people/{person}/language", {"language_code": language_code})

    async def react(
        self, chat: int, message_id: int, emoji: str | None, *, person: int | None = None
    ) -> None:
        """A reaction in place of the person's last; None takes it back."""
        body = {"person": person or chat, "message_id": message_id, "emoji": emoji}
        await self._act(chat, f"/sim/chats/{chat}/react", body)

    async def subscribe(self, chat: int, person: int) -> None:
        """The person comes into a channel or a group."""
        await self._act(chat, f"/sim/chats/{chat}/subscribe", {"person": person})

    async def unsubscribe(self, chat: int, person: int) -> None:
        """And goes."""
        await self._act(chat, f"/sim/chats/{chat}/unsubscribe", {"person": person})

    async def view(
        self, chat: int, message_id: int | None = None, *, person: int | None = None, count: int = 1
    ) -> None:
        """A channel's posts, or one, are seen: by a person (once), or by so many without a name."""
        body: Json = {"message_id": message_id, "person": person, "count": count}
        named = {name: value for name, value in body.items() if value is not None}
        await self._act(chat, f"/sim/chats/{chat}/view", named)

    async def put_update(self, update: Json) -> int:
        """Queues any update, even a broken one; returns its id."""
        return int((await self._post("/sim/update", {"update": update}))["update_id"])

    async def repeat_update(self, update_id: int, *, new_id: bool = False) -> int:
        """Delivers an update once more."""
        answer = await self._post("/sim/update", {"repeat": update_id, "new_id": new_id})
        return int(answer["update_id"])

    async def duplicate_updates(self, count: int = 1) -> list[int]:
        """Delivers the newest once more; the ids they come under."""
        return list((await self._post("/sim/updates/duplicate", {"count": count}))["update_ids"])

    async def shuffle_updates(self, on: bool) -> None:
        """From now on updates that wait together come out of order."""
        await self._post("/sim/updates/shuffle", {"on": on})

    async def transcript(self, chat: int) -> list[Message]:
        """What stands in the chat, oldest first."""
        answer = await self._get(f"/sim/chats/{chat}/messages")
        return [_message(each) for each in answer["messages"] if not each.get("deleted")]

    async def newest(self, chat: int) -> Message:
        """The newest message of the bot; SimClientError if there is none."""
        from_bot = [message for message in await self.transcript(chat) if message.by_bot]
        if not from_bot:
            raise SimClientError(f"the bot has not written in chat {chat}")
        return from_bot[-1]

    async def wait_for_answer(self, callback_query_id: str, timeout: float = 5.0) -> Answer:  # noqa: ASYNC109
        """The bot's answer to a tap."""
        if callback_query_id in self._answers:
            return self._answers[callback_query_id]
        waiter = self._answer_waiters.setdefault(
            callback_query_id, asyncio.get_running_loop().create_future()
        )
        try:
            async with asyncio.timeout(timeout):
                return await waiter
        except TimeoutError:
            raise SimTimeoutError(f"tap {callback_query_id} was not answered in {timeout} s") from None
        finally:
            self._answer_waiters.pop(callback_query_id, None)

    async def wait_for_message(
        self,
        chat: int,
        predicate: MessagePredicate | None = None,
        after: int | None = None,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> Message:
        """The first message the bot sends or edits that fits, since this client's last act in the chat.

        `after`: since that event instead, as in Sent.event and Tapped.event.
        """
        since = self._last_act.get(chat, 0) if after is None else after

        def fits(event: Event) -> bool:
            message = event.message
            return (
                message is not None
                and event.n > since
                and event.type in ("message", "edit")
                and message.by_bot
                and (predicate is None or predicate(message))
            )

        try:
            event = await self.wait_for(fits, chat, timeout=timeout)
        except SimTimeoutError:
            raise SimTimeoutError(
                f"no such message in chat {chat} in {timeout} s; {await self._seen(chat)}"
            ) from None
        assert event.message is not None  # noqa: S101 - `fits` asked for it
        return event.message

    async def wait_for(
        self,
        predicate: EventPredicate,
        chat: int | None = None,
        *,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> Event:
        """The first event that fits since the client was opened (in that chat, if named)."""
        for event in self._events if chat is None else self._chats.get(chat, ()):
            if predicate(event):
                return event
        waiter = _Waiter(predicate, asyncio.get_running_loop().create_future())
        self._waiters.setdefault(chat, []).append(waiter)
        try:
            async with asyncio.timeout(timeout):
                return await waiter.found
        except TimeoutError:
            raise SimTimeoutError(f"no such event in {timeout} s") from None
        finally:
            self._waiters[chat].remove(waiter)

    async def _seen(self, chat: int) -> str:
        newest = (await self.transcript(chat))[-3:]
        shown = "; ".join(
            f"{message.text[:200]!r} with buttons {list(message.buttons)}" for message in newest
        )
        return f"the newest there: {shown or 'nothing'}"

    async def _read(self, after: int) -> None:
        problem = "the local Telegram has stopped"
        try:
            await self._follow_events(after)
        except ClientError as error:
            problem = f"{problem}: {error}"
        self._fail_waiters(SimClientError(problem))

    async def _follow_events(self, after: int) -> None:
        url = f"{self._url}/sim/events?after={after}"
        async with self._session.get(url, read_bufsize=2**22) as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    self._take(json.loads(line[6:]))

    def _take(self, fields: Json) -> None:
        shown = fields.get("message")
        event = Event(
            fields["n"], fields["type"], fields.get("chat_id"), _message(shown) if shown else None, fields
        )
        self._events.append(event)
        if event.chat_id is not None:
            self._chats.setdefault(event.chat_id, deque(maxlen=MAX_KEPT_PER_CHAT)).append(event)
        if event.type == "callback_answer":
            self._take_answer(fields)
        for chat in (event.chat_id, None) if event.chat_id is not None else (None,):
            for waiter in self._waiters.get(chat, ()):
                if not waiter.found.done() and waiter.predicate(event):
                    waiter.found.set_result(event)

    def _take_answer(self, fields: Json) -> None:
        answer = Answer(fields["callback_query_id"], fields["text"], fields["show_alert"])
        self._answers[answer.callback_query_id] = answer
        if len(self._answers) > MAX_KEPT:
            self._answers.popitem(last=False)
        waiter = self._answer_waiters.get(answer.callback_query_id)
        if waiter is not None and not waiter.done():
            waiter.set_result(answer)

    def _fail_waiters(self, error: SimClientError) -> None:
        futures: list[asyncio.Future[Any]] = [*self._answer_waiters.values()]
        futures += [waiter.found for each in self._waiters.values() for waiter in each]
        for future in futures:
            if not future.done():
                future.set_exception(error)

    async def _act(self, chat: int, path: str, body: Json) -> Json:
        answer = await self._post(path, body)
        self._last_act[chat] = answer["event"]
        return answer

    async def _get(self, path: str) -> Json:
        async with self._session.get(self._url + path) as response:
            return await _checked(response)

    async def _post(self, path: str, body: Json) -> Json:
        async with self._session.post(self._url + path, json=body) as response:
            return await _checked(response)

    async def _delete(self, path: str) -> Json:
        async with self._session.delete(self._url + path) as response:
            return await _checked(response)


async def _checked(response: ClientResponse) -> Json:
    body: Json = json.loads(await response.read())
    if response.status != 200:
        raise SimClientError(body.get("error", f"{response.status} {body}"))
    return body


def _message(shown: Json) -> Message:
    photo, sticker = shown.get("photo"), shown.get("sticker")
    return Message(
        message_id=shown["message_id"],
        chat_id=shown["chat_id"],
        text=shown.get("text") or shown.get("caption") or "",
        by_bot=shown["by_bot"],
        edits=shown["edits"],
        deleted=shown.get("deleted", False),
        keyboard=_keyboard(shown.get("reply_markup")),
        entities=tuple(shown["entities"]),
        photo_url=photo["url"] if photo else None,
        sticker=sticker["emoji"] if sticker else None,
        date=shown["date"],
        document=Document(**shown["document"]) if "document" in shown else None,
        media_group_id=shown.get("media_group_id"),
        reactions=shown.get("reactions", {}),
        bot_reaction=shown.get("bot_reaction"),
        views=shown.get("views"),
        edited=shown.get("edited", False),
    )


def _keyboard(markup: Json | None) -> tuple[tuple[Button, ...], ...]:
    rows = (markup or {}).get("inline_keyboard", [])
    return tuple(
        tuple(_button(button, row, column) for column, button in enumerate(buttons))
        for row, buttons in enumerate(rows)
    )


def _button(shown: Json, row: int, column: int) -> Button:
    return Button(
        text=shown["text"],
        row=row,
        column=column,
        callback_data=shown.get("callback_data"),
        url=shown.get("url"),
        copy_text=shown.get("copy_text", {}).get("text"),
        style=shown.get("style"),
    )

"""What the tests of the chat page share: who is there, a bot without a library, where things are."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, FormData
from playwright.async_api import Locator, Page

TOKEN = "42:PAGE"
ANYA, BORIS, VERA, MODERATOR = 1001, 1002, 2001, 3001
NOON = 1_800_014_400.0
DAY = 86_400.0
PHONE, DESKTOP = (390, 844), (1280, 800)
EMPTY_ROWS: list[list[dict[str, Any]]] = []
OpenPage = Callable[..., Awaitable[Page]]


class Clock:
    """Unix time of the server, moved by hand."""

    now = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Bot:
    """A bot without a library: calls methods, and takes updates one by one."""

    url: str
    http: ClientSession
    offset: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, method: str, **parameters: Any) -> Any:
        async with self.http.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], **parameters: Any) -> Any:
        """The same with files, by parameter or attachment: (name, bytes)."""
        form = FormData(quote_fields=False)
        for name, value in parameters.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, (filename, data) in files.items():
            form.add_field(name, data, filename=filename)
        async with self.http.post(f"{self.url}/bot{TOKEN}/{method}", data=form) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def say(self, text: str, chat: int = ANYA, rows: list[list[dict[str, Any]]] = EMPTY_ROWS) -> int:
        """Sends HTML with an inline keyboard; the message's id."""
        markup = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
        sent = await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **markup)
        return int(sent["message_id"])

    async def update(self) -> dict[str, Any]:
        """The next update, waited for."""
        while not self.waiting:
            self.waiting = await self.call("getUpdates", offset=self.offset, timeout=10)
        update = self.waiting.pop(0)
        self.offset = update["update_id"] + 1
        return update

    async def no_more_updates(self) -> bool:
        return not self.waiting and not await self.call("getUpdates", offset=self.offset, timeout=0)


def messages(page: Page) -> Locator:
    return page.locator("[data-message-id]")


def message(page: Page, message_id: int) -> Locator:
    return page.locator(f'[data-message-id="{message_id}"]')


def button(text: str, data: str = "data", **more: Any) -> dict[str, Any]:
    return {"text": text, **({} if more.keys() & {"url", "copy_text"} else {"callback_data": data}), **more}

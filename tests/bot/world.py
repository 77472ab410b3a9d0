"""The whole bot over a real database and the local Telegram, one step at a time."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp

from bot.poller import ALLOWED_UPDATES
from bot.wiring import App
from db.queries import clock
from sandbox.client import Message, SimClient
from scheduler.frame import run_tick
from usecases.counts import Counts


class World:
    """Updates are handled when a test says so: no waiting, no sleeping."""

    def __init__(self, app: App, client: SimClient, url: str, token: str) -> None:
        self.app = app
        self.client = client
        self.telegram_url, self._token = url, token
        self._api = f"{url}/bot{token}"
        self._offset = 0

    def restarted(self, app: App) -> "World":
        """The same chats, with another process's app behind them."""
        return World(app, self.client, self.telegram_url, self._token)

    async def updates(self) -> list[dict[str, Any]]:
        """What waits at Telegram, not confirmed."""
        call = {"offset": self._offset, "timeout": 0, "allowed_updates": ALLOWED_UPDATES}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self._api}/getUpdates", json=call) as answer,
        ):
            updates: list[dict[str, Any]] = (await answer.json())["result"]
            return updates

    async def confirm(self, updates: list[dict[str, Any]]) -> None:
        """Take these off Telegram's queue."""
        self._offset = max([self._offset, *(update["update_id"] + 1 for update in updates)])

    async def work(self) -> None:
        """Handle everything that waits, in order."""
        while updates := await self.updates():
            for update in updates:
                await self.app.intake.take(update)
            await self.confirm(updates)

    async def tick(self, name: str) -> Counts:
        """Run one of the clock's ticks now."""
        tick = next(tick for tick in self.app.ticks if tick.name == name)
        report = await run_tick(self.app.engine, tick)
        assert report.error is None, report.error
        return report.counts

    async def forward(self, passed: timedelta) -> None:
        """Let so much time pass, and stand still again."""
        async with self.app.engine.begin() as connection:
            await clock.stand_at(connection, await clock.now(connection) + passed)

    async def deliver(self) -> int:
        """Send all that is due in the outbox; how many messages went out."""
        return await self.app.sender.drain()

    def student(self, person_id: int = 1001) -> "Student":
        """Somebody with a private chat."""
        return Student(self, person_id)


@dataclass(frozen=True)
class Student:
    """A person at a phone: writes, taps what is on the screen, reads."""

    world: World
    id: int

    async def write(self, text: str) -> Message:
        """Send a text and see what comes."""
        await self.world.client.send_text(self.id, text)
        await self.world.work()
        return await self.screen()

    async def tap(self, label: str, message_id: int | None = None, rendering: int | None = None) -> str:
        """Tap a button, on an old message or an old state of it if named; returns the toast."""
        tapped = await self.world.client.tap(self.id, label, message_id=message_id, rendering=rendering)
        await self.world.work()
        return (await self.world.client.wait_for_answer(tapped.callback_query_id)).text or ""

    async def forge(self, data: str) -> str:
        """Send data that no button carries; returns the toast."""
        tapped = await self.world.client.tap_data(self.id, (await self.screen()).message_id, data)
        await self.world.work()
        return (await self.world.client.wait_for_answer(tapped.callback_query_id)).text or ""

    async def screen(self) -> Message:
        """The newest message of the bot."""
        return await self.world.client.newest(self.id)

    async def text(self) -> str:
        """Its text."""
        return (await self.screen()).text

    async def buttons(self) -> tuple[str, ...]:
        """Its buttons."""
        return (await self.screen()).buttons

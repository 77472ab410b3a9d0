"""``python -m bot run`` as often as a test needs it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from db.lock import is_held
from sandbox.server import LocalTelegram
from tests.e2e.faults.waiting import until
from tests.e2e.killed_bot import start

TOKEN = "42:test"
#: The least that may be set: what a killed sender held is taken over after so long.
LEASE = 5
_WEBHOOK = "https://bot.example.org/telegram"


@dataclass(eq=False)
class Replica:
    """One process."""

    process: ForkServerProcess

    def freeze(self) -> None:
        """SIGSTOP: it does not notice that time passes."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        os.kill(self._pid, signal.SIGCONT)

    async def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        await asyncio.to_thread(self.process.join)

    async def stop(self) -> None:
        """SIGTERM; it must end well."""
        self.process.terminate()
        await asyncio.to_thread(self.process.join)
        assert self.process.exitcode == 0, f"the bot ended with {self.process.exitcode} on SIGTERM"

    @property
    def _pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid


@dataclass
class Replicas:
    """Bots over one database and one Telegram; whatever still runs at the end is killed."""

    environment: dict[str, str]
    engine: AsyncEngine
    running: list[Replica] = field(default_factory=list)

    def start(self, *, webhook: bool = False, **environment: str) -> Replica:
        """One more."""
        address = _WEBHOOK if webhook else None
        replica = Replica(start({**self.environment, **environment}, address))
        self.running.append(replica)
        return replica

    async def leader(self, *, webhook: bool = False, **environment: str) -> Replica:
        """The first one; by the time this returns it leads."""
        replica = self.start(webhook=webhook, **environment)
        await self.led()
        return replica

    async def led(self) -> None:
        """Returns when somebody leads."""

        async def held() -> bool:
            async with self.engine.connect() as connection:
                return await is_held(connection)

        await until(held, "somebody leads")

    async def end(self) -> None:
        """Kill what runs."""
        for replica in self.running:
            await replica.kill()
            replica.process.close()


@asynccontextmanager
async def replicas(telegram: LocalTelegram, engine: AsyncEngine, **more: str) -> AsyncIterator[Replicas]:
    """None yet; ``more`` is for the environment of each."""
    environment = {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": telegram.url,
        "DATABASE_URL": _address(engine.url),
        "LOG_LEVEL": "ERROR",
        "OUTBOX_LEASE": str(LEASE),
        "WEBHOOK_SECRET": "secret",
        "WEBHOOK_LISTEN": "127.0.0.1:0",
    }
    bots = Replicas(environment | more, engine)
    try:
        yield bots
    finally:
        await bots.end()


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)

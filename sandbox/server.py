"""The local Telegram as a whole: one world, the Bot API before it, /sim beside it, over HTTP."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .api import TOKEN, Api
from .calls import MAX_CALLS
from .clock import Clock
from .errors import SandboxError
from .events import MAX_EVENTS, Log
from .faults import Troubles
from .methods import Methods
from .persons import Persons
from .sim import Sim, errors_as_json
from .sim_troubles import SimTroubles
from .storage import StateFile, load_files, save_files
from .updates import UpdateQueue
from .webhook import RETRY_PAUSES, Target, Webhook
from .world import BotProfile, Chat, Person, World, default_chats, default_people

STATIC = Path(__file__).with_name("static")
MAX_BODY = 64 * 1024 * 1024


class LocalTelegram:
    """An async context manager; inside it, `url` is the address of the Bot API server and of /sim.

    `clock` gives the real Unix time, `monotonic` the seconds in which limits are counted. `webhook_pauses`
    are those before a failed webhook is tried again; `sleep` waits them out, and latency. With `state`, a
    file, everything survives a restart but troubles.
    """

    def __init__(
        self,
        token: str,
        *,
        state: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        bot: BotProfile | None = None,
        people: Iterable[Person] | None = None,
        chats: Iterable[Chat] | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        webhook_pauses: Sequence[float] = RETRY_PAUSES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if not TOKEN.fullmatch(token):
            raise SandboxError(f"{token!r} is no token: it must look like 42:LETTERS")
        self._host, self._port = host, port
        profile = bot or BotProfile(int(token.partition(":")[0]))
        self.world = World(profile, people or default_people(), chats or default_chats())
        self.events, self.calls = Log(MAX_EVENTS), Log(MAX_CALLS)
        self.clock = Clock(clock)
        # what waits must not be lost because a clock was set forward: a day of it is a real day
        self.updates = UpdateQueue(clock)
        self.webhook = Webhook(self.updates, self._call, self.clock, webhook_pauses, sleep)
        self.persons = Persons(self.world, self.updates, self.events, self.clock)
        self.troubles = Troubles(monotonic, self.persons.move)
        self.api = Api(token, self.world, self._methods(), self.calls, self.troubles, self.clock, sleep)
        self._sim = Sim(self.world, self.persons, self.updates, self.events, self.clock)
        self._sim_troubles = SimTroubles(self.world, self.troubles, self.calls, self._gone)
        self._files = state.with_name(state.name + ".files") if state else None
        self._state = StateFile(state, self._dump, self._revision) if state else None
        self._runner: web.AppRunner | None = None
        self.url = ""

    def _methods(self) -> Methods:
        return Methods(self.world, self.updates, self.webhook, self.events, self.clock)

    def _gone(self, down: bool) -> None:
        """Nothing passes either way while Telegram is down."""
        self.webhook.hold(down)
        if down:
            self.updates.release()

    async def _call(self, method: str, params: Any) -> object:
        return await self.api.call(method, params)

    def person(self, person_id: int, first_name: str | None = None, **details: Any) -> Person:
        """Somebody by id; a new one if there is nobody yet."""
        known = self.world.people.get(person_id)
        if known is not None:
            return known
        return self.world.add_person(Person(person_id, first_name or f"Person {person_id}", **details))

    async def start(self) -> None:
        """Reads the state and listens; SandboxError if the port is taken or the state is broken."""
        self._load()
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            await self._runner.cleanup()
            raise SandboxError(
                f"cannot listen on {self._host}:{self._port} ({_reason(error)}): choose another --port, "
                "or stop the program that holds it"
            ) from error
        shown = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{shown}:{self._runner.addresses[0][1]}"
        if self._state:
            self._state.start()

    async def stop(self) -> None:
        """Ends long polls, streams and deliveries, saves the state, closes the port."""
        self.updates.release()
        self._sim.close()
        self.api.close()
        await self.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._state:
            await self._state.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[errors_as_json], client_max_size=MAX_BODY)
        application.router.add_route("*", "/bot{token}/{method}", self.api.handle)
        application.router.add_get("/file/bot{token}/{path:.+}", self.api.download)
        application.add_routes([*self._sim.routes(), *self._sim_troubles.routes()])
        if STATIC.is_dir():
            application.router.add_get("/", _page)
            application.router.add_static("/static", STATIC)
            application.on_response_prepare.append(_always_ask_again)
        return application

    def _revision(self) -> object:
        people = tuple((p.started, p.language_code, p.deactivated) for p in self.world.people.values())
        queue = (self.updates.last_id, len(self.updates), self.updates.allowed, self.webhook.target)
        return (self.events.last, self.world.last_tap_id, queue, people)

    def _dump(self) -> dict[str, Any]:
        if self._files:
            save_files(self.world, self._files)
        target = self.webhook.target
        webhook = {name: getattr(target, name) for name in Target.__slots__} if target else None
        return {
            "world": self.world.dump(),
            "updates": self.updates.dump(),
            "webhook": webhook,
            "event": self.events.last,
            "ahead": self.clock.ahead,
        }

    def _load(self) -> None:
        state = self._state.read() if self._state else None
        if state is None:
            return
        try:
            self.world.load(state["world"])
            self.updates.load(state["updates"])
            self.events.last = state["event"]
            self.clock.ahead = state.get("ahead", 0.0)
            webhook = Target(**state["webhook"]) if state["webhook"] else None
        except (KeyError, TypeError) as error:
            raise SandboxError(f"the state file is of another version ({error!r}): remove it") from error
        if self._files:
            load_files(self.world, self._files, state["world"].get("documents", {}))
        if webhook:
            self.webhook.start(webhook)


def _reason(error: OSError | OverflowError) -> str:
    """Without what asyncio puts around it, where it is the system's own error."""
    number = getattr(error, "errno", None) or 0
    return os.strerror(number).lower() if number > 0 else str(error)


async def _always_ask_again(request: web.Request, response: web.StreamResponse) -> None:
    """A browser that kept old modules beside new ones would show neither page."""
    if request.path == "/" or request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-cache"


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")

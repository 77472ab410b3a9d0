"""/sim for those who test: faults, limits, latency, the log of calls."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from aiohttp import web

from .bodies import as_integer, as_json, body_of, flag, number, queried
from .calls import matching
from .errors import JsonObject, SimError
from .events import Log
from .faults import Troubles
from .world import World


class SimTroubles:
    """Routes of /sim that make calls fail, and tell which there were. `on_down` hears of each change."""

    def __init__(self, world: World, troubles: Troubles, calls: Log, on_down: Callable[[bool], None]) -> None:
        self._world = world
        self._troubles = troubles
        self._calls = calls
        self._on_down = on_down

    def routes(self) -> list[web.RouteDef]:
        """All of them, for the application."""
        return [
            web.get("/sim/faults", self.faults),
            web.post("/sim/faults", self.add_fault),
            web.delete("/sim/faults", self.clear_faults),
            web.delete("/sim/faults/{fault}", self.remove_fault),
            web.get("/sim/down", self.down),
            web.post("/sim/down", self.set_down),
            web.get("/sim/limits", self.limits),
            web.post("/sim/limits", self.set_limits),
            web.get("/sim/latency", self.latency),
            web.post("/sim/latency", self.set_latency),
            web.get("/sim/calls", self.calls),
            web.delete("/sim/calls", self.clear_calls),
        ]

    async def faults(self, _: web.Request) -> web.Response:
        return as_json({"faults": [fault.as_json() for fault in self._troubles.faults.values()]})

    async def add_fault(self, request: web.Request) -> web.Response:
        fault = self._troubles.add(await body_of(request), self._world.chat_named)
        return as_json(fault.as_json())

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._troubles.clear()
        return as_json({"faults": []})

    async def remove_fault(self, request: web.Request) -> web.Response:
        self._troubles.remove(as_integer(request.match_info["fault"], "the fault's id"))
        return as_json({})

    async def down(self, _: web.Request) -> web.Response:
        return as_json({"down": self._troubles.down})

    async def set_down(self, request: web.Request) -> web.Response:
        self._troubles.down = flag(await body_of(request), "down")
        self._on_down(self._troubles.down)
        return await self.down(request)

    async def limits(self, _: web.Request) -> web.Response:
        return as_json(self._troubles.limits.as_json())

    async def set_limits(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        limits = self._troubles.limits
        unknown = body.keys() - limits.as_json().keys()
        if unknown:
            raise SimError(f"there is no limit {', '.join(sorted(unknown))}")
        values = {name: number(body, name) for name in body.keys() - {"on", "refused"}}
        limits.change(flag(body, "on") if "on" in body else None, values)
        return await self.limits(request)

    async def latency(self, _: web.Request) -> web.Response:
        return as_json({"milliseconds": self._troubles.latency * 1000})

    async def set_latency(self, request: web.Request) -> web.Response:
        milliseconds = number(await body_of(request), "milliseconds")
        if not 0 <= milliseconds < float("inf"):
            raise SimError('"milliseconds" must be 0 or more')
        self._troubles.latency = milliseconds / 1000
        return await self.latency(request)

    async def calls(self, request: web.Request) -> web.Response:
        method, chat = request.query.get("method"), request.query.get("chat_id")
        limit = queried(request, "limit")
        found = matching(self._calls, queried(request, "since"), method, self._key(chat) if chat else None)
        answer: JsonObject = {"calls": list(islice(found, limit or None)), "last": self._calls.last}
        return as_json(answer)

    def _key(self, name: str) -> int | str:
        chat = self._world.chat_named(name)
        if chat is not None:
            return chat.id
        return int(name) if name.lstrip("-").isdecimal() else name

    async def clear_calls(self, _: web.Request) -> web.Response:
        self._calls.clear()
        return as_json({"last": self._calls.last})

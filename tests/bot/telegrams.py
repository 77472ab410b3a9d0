"""A Telegram that answers what a test tells it to, for what the local Telegram cannot do: break."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Hang:
    """No answer ever; ``heard`` is called once the call is there."""

    heard: Callable[[], None]


Answer = web.Response | Hang | None
"""What one call gets; None: the connection breaks."""


def ok(result: Any) -> web.Response:
    """A good answer."""
    return web.json_response({"ok": True, "result": result})


def refused(code: int, description: str, **parameters: Any) -> web.Response:
    """A refusal as Telegram gives it."""
    body = {"ok": False, "error_code": code, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=code)


def html(code: int) -> web.Response:
    """A proxy's page."""
    page = f"<html><body><h1>{code}</h1></body></html>"
    return web.Response(status=code, text=page, content_type="text/html")


def not_utf8(code: int) -> web.Response:
    """A proxy's page in an encoding of its own, which it does not name."""
    return web.Response(status=code, body="<h1>Шлюз</h1>".encode("cp1251"), content_type="text/html")


class Telegram:
    """Answers calls one after the other with what was given, then with ``after``."""

    def __init__(self, *answers: Answer, after: Callable[[], Answer]) -> None:
        self._answers = list(answers)
        self._after = after
        self.calls: list[dict[str, Any]] = []
        self.methods: list[str] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.calls.append(await request.json() if request.content_type == "application/json" else {})
        self.methods.append(request.path.rsplit("/", 1)[-1])
        answer = self._answers.pop(0) if self._answers else self._after()
        if answer is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(answer, Hang):
            answer.heard()
            await asyncio.Event().wait()
            return web.Response()
        return answer


@asynccontextmanager
async def telegram(*answers: Answer, after: Callable[[], Answer]) -> AsyncIterator[Telegram]:
    """One that listens."""
    played = Telegram(*answers, after=after)
    app = web.Application()
    app.router.add_post("/{path:.*}", played.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    played.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield played
    finally:
        await runner.cleanup()


@asynccontextmanager
async def saying(words: bytes) -> AsyncIterator[str]:
    """Something that answers a call with these bytes, HTTP or not, and then waits; yields its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(words)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"

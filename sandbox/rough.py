"""What a network does to an answer: connections reset, kept silent, or left in the middle of a body."""

from __future__ import annotations

import asyncio
import socket
import struct

from aiohttp import web

LOOK_SECONDS = 0.2
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Rough:
    """Breaks connections; those it keeps hanging go when the bot hangs up, or with `close`."""

    def __init__(self) -> None:
        self._closed = asyncio.Event()

    def cut(self, request: web.Request) -> web.Response:
        """The connection is reset at once; the response is for nobody."""
        transport = request.transport
        if transport is not None:
            connection = transport.get_extra_info("socket")
            if connection is not None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            transport.abort()
        return web.Response()

    async def keep_silent(self, request: web.Request) -> web.Response:
        """Not a byte, until the bot has lost its patience."""
        await self._wait(request, None)
        return self.cut(request)

    async def stall(self, request: web.Request, body: bytes, seconds: float | None) -> web.StreamResponse:
        """Headers and half of the body; the rest after so many seconds, or never."""
        response = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        if await self._wait(request, seconds):
            return self.cut(request)
        await response.write(body[len(body) // 2 :])
        return response

    async def _wait(self, request: web.Request, seconds: float | None) -> bool:
        """True if the connection is over, False if the seconds are."""
        loop = asyncio.get_running_loop()
        end = float("inf") if seconds is None else loop.time() + seconds
        while not self._closed.is_set() and not _gone(request):
            if loop.time() >= end:
                return False
            try:
                async with asyncio.timeout(min(LOOK_SECONDS, max(end - loop.time(), 0.0))):
                    await self._closed.wait()
            except TimeoutError:
                continue
        return True

    def close(self) -> None:
        """The server stops."""
        self._closed.set()


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()

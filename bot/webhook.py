"""The webhook: answers Telegram once an update has been handled, not before."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web

_log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_LARGEST_UPDATE = 1_048_576
#: Telegram hangs up after a minute and sends the update again: better to say so before, and let go of it.
_LONGEST_WORK = 50.0


def webhook_app(
    path: str, secret: str, take: Callable[[Any], Awaitable[None]], *, longest: float = _LONGEST_WORK
) -> web.Application:
    """An application that takes updates at ``path`` and says at /healthz that it lives.

    What is not done with after ``longest`` seconds is answered with 503, and comes again.
    """

    async def receive(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            _log.warning("webhook call without the secret", remote=request.remote)
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            # What is no JSON now will be none when it is sent again: take it off Telegram's hands.
            _log.warning("webhook call that is no JSON")
            return web.Response()
        try:
            async with asyncio.timeout(longest):
                await take(update)
        except TimeoutError:
            _log.warning("update not handled in time", seconds=longest)
            return web.Response(status=503)
        return web.Response()

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application(client_max_size=_LARGEST_UPDATE)
    app.router.add_post(path, receive)
    app.router.add_get("/healthz", alive)
    return app


def webhook_path(url: str) -> str:
    """The path to listen on for a public address; "/" has to be something else, to be told from probes."""
    path = urlsplit(url).path
    return path if path not in {"", "/"} else "/telegram"

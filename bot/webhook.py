"""The webhook: answers Telegram once an update has been handled, not before."""

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

import structlog
from aiohttp import web

from bot.settings import SettingsError

_log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
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


def webhook_target(url: str) -> tuple[str, str]:
    """The address to register for ``--webhook``, and the path to listen on: always that of the address.

    Without a path it is /telegram, to be told from whoever probes a server's "/".

    Raises:
        SettingsError: Telegram could not call this address.
    """
    parts = _web_address(url)
    if not _PATH.fullmatch(parts.path):
        raise SettingsError(f"--webhook {url}: a path may have A-Z a-z 0-9 . _ ~ - between its slashes")
    path = parts.path if parts.path.strip("/") else "/telegram"
    return parts._replace(path=path).geturl(), path


def _web_address(url: str) -> SplitResult:
    parts = _split(url)
    if parts is None:
        raise SettingsError(f"--webhook {url}: give an address such as https://bot.example.org/telegram")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise SettingsError(f"--webhook {url}: Telegram calls https:// addresses only")
    return parts


def _split(url: str) -> SplitResult | None:
    """None: it is no address of the web, or more than one."""
    try:
        parts = urlsplit(url)
        numbered = parts.port is None or parts.port > 0
    except ValueError:
        return None
    whole = numbered and parts.hostname and not parts.fragment and not re.search(r"\s", url)
    return parts if whole and parts.scheme in {"http", "https"} else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""The bot at work: long polling or a webhook, until SIGTERM or Ctrl-C."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from aiogram.exceptions import TelegramAPIError
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.poller import ALLOWED_UPDATES, Poller
from bot.settings import Settings, SettingsError
from bot.taxonomy import read_taxonomy
from bot.webhook import webhook_app, webhook_path
from bot.wiring import App, create_app, create_bot, publish_commands
from db.models import MENTORS_CHANGED
from db.notifications import listen

_log = structlog.get_logger()

#: A compile at most this often, however many changes are announced.
_BETWEEN_COMPILES = 5.0
#: How long a webhook's open requests may take to end.
_GRACE = 20.0


async def serve(
    settings: Settings,
    engine: AsyncEngine,
    *,
    webhook: str | None = None,
    on_ready: Callable[[], None] = lambda: None,
    stop: asyncio.Event | None = None,
) -> None:
    """Run until ``stop`` is set or a signal comes; what is in hand is finished and confirmed.

    Raises:
        SettingsError: the token or the webhook's settings are not usable.
    """
    stop = stop or stop_on_signals()
    secret = _secret(settings) if webhook else ""
    bot = create_bot(settings.token(), settings.telegram_api_base)
    app = create_app(bot, engine, read_taxonomy(settings.taxonomy_file), seed=settings.seed)
    async with bot.session, _following(app):
        await app.catalogue.refresh()
        await _say_hello(app)
        on_ready()
        if webhook:
            await _by_webhook(app, settings, webhook, secret, stop)
        else:
            await _by_polling(app, settings, stop)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _following(app: App) -> AsyncIterator[None]:
    """Compile anew whenever mentors change."""

    async def follow() -> None:
        first = True
        async for _ in listen(app.engine.url, MENTORS_CHANGED):
            if not first:
                await app.catalogue.refresh()
                await asyncio.sleep(_BETWEEN_COMPILES)
            first = False

    following = asyncio.create_task(follow())
    try:
        yield
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _say_hello(app: App) -> None:
    """The menu of commands; without it the bot works as well."""
    try:
        await publish_commands(app)
    except TelegramAPIError as error:
        _log.warning("the menu of commands is not published", error=str(error))


async def _by_polling(app: App, settings: Settings, stop: asyncio.Event) -> None:
    try:
        await app.bot.delete_webhook()
    except TelegramAPIError as error:
        _log.warning("a webhook may still be set", error=str(error))
    url = app.bot.session.api.api_url(token=settings.token(), method="getUpdates")
    poller = Poller(url, app.intake.take, random=random.Random())  # noqa: S311 - jitter, not a secret
    _log.info("polling", mentors=len(app.catalogue.snapshot))
    await poller.run(stop)


async def _by_webhook(app: App, settings: Settings, url: str, secret: str, stop: asyncio.Event) -> None:
    host, _, port = settings.webhook_listen.rpartition(":")
    runner = web.AppRunner(
        webhook_app(webhook_path(url), secret, app.intake.take), shutdown_timeout=_GRACE, access_log=None
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
        public = url.rstrip("/") if webhook_path(url) in url else url.rstrip("/") + webhook_path(url)
        await app.bot.set_webhook(
            public, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES), max_connections=40
        )
        _log.info("webhook set", listen=settings.webhook_listen, mentors=len(app.catalogue.snapshot))
        await stop.wait()
    finally:
        # Stops listening, then waits for the requests in hand. The webhook stays set: the next start goes on.
        await runner.cleanup()


def _secret(settings: Settings) -> str:
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    allowed = secret.replace("_", "").replace("-", "")
    if not 1 <= len(secret) <= 256 or not allowed.isascii() or not allowed.isalnum():
        raise SettingsError(
            "WEBHOOK_SECRET must be set for a webhook: 1 to 256 of A-Z a-z 0-9 _ -,"
            " such as the output of `openssl rand -hex 32`"
        )
    return secret

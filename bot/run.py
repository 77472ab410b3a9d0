"""The bot at work: long polling or a webhook, until SIGTERM or Ctrl-C."""

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from zoneinfo import ZoneInfo

import structlog
from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.exits import ending_signals
from bot.poller import ALLOWED_UPDATES, Poller, UnauthorizedError, unless
from bot.settings import Settings, SettingsError
from bot.taxonomy import read_taxonomy
from bot.webhook import webhook_app, webhook_target
from bot.wiring import App, create_app, create_bot, publish_commands
from db.models import MENTORS_CHANGED
from db.notifications import listen

_log = structlog.get_logger()

_STALE_AFTER = 6 * 3600.0
_OBJECTS_BETWEEN_COLLECTIONS = 20_000
#: A compile at most this often, however many changes are announced.
_BETWEEN_COMPILES = 5.0
#: The address to register, the path to listen on, and the secret.
_Hook = tuple[str, str, str]
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
    hook = None if webhook is None else (*webhook_target(webhook), settings.webhook_password())
    bot = create_bot(settings.token(), settings.telegram_api_base)
    app = create_app(
        bot,
        engine,
        read_taxonomy(settings.taxonomy_file),
        seed=settings.seed,
        zone=ZoneInfo(settings.timezone),
    )
    async with bot.session, _compiled(app, stop):
        # What is asked of others at the start may hang for long: a stop is not to wait for it.
        await unless(stop.wait(), _say_hello(app))
        if stop.is_set():
            return
        on_ready()
        if hook is None:
            await _by_polling(app, settings, stop)
        else:
            await _by_webhook(app, settings, hook, stop)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM, Ctrl-C and a closed terminal set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in ending_signals():
        loop.add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _compiled(app: App, stop: asyncio.Event) -> AsyncIterator[None]:
    """The catalogue compiled, unless a stop comes before, and compiled anew whenever mentors change."""
    async with aclosing(listen(app.engine.url, MENTORS_CHANGED)) as changes:
        await unless(stop.wait(), _compile(app, changes))
        # What is loaded by now stays: the collector need not walk through it again and again.
        gc.freeze()
        # An update makes and drops thousands of small objects: look after a few updates, not within each.
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        keeping = [asyncio.create_task(work) for work in (_follow(app, changes), _keep_up(app))]
        try:
            yield
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)


async def _compile(app: App, changes: AsyncIterator[None]) -> None:
    # Listening first: what changes while the first snapshot is read is heard.
    await anext(changes)
    await app.catalogue.refresh()


async def _follow(app: App, changes: AsyncIterator[None]) -> None:
    async for _ in changes:
        await _compile_anew(app)
        await asyncio.sleep(_BETWEEN_COMPILES)


async def _keep_up(app: App) -> None:
    """Mentors fall silent, and time zones change their clocks, without any row changing."""
    while True:
        await asyncio.sleep(_STALE_AFTER)
        await _compile_anew(app)


async def _compile_anew(app: App) -> None:
    try:
        await app.catalogue.refresh()
    except Exception:
        # Whatever it is, the next change is another chance, and a lost connection speaks up when back.
        _log.exception("the catalogue is not compiled anew")


async def _say_hello(app: App) -> None:
    """The menu of commands; without it the bot works as well."""
    try:
        await publish_commands(app)
    except TelegramAPIError as error:
        _log.warning("the menu of commands is not published", error=str(error))


async def _by_polling(app: App, settings: Settings, stop: asyncio.Event) -> None:
    async def drop_webhook() -> None:
        try:
            await app.bot.delete_webhook()
        except TelegramAPIError as error:
            _log.warning("a webhook may still be set", error=str(error))

    url = app.bot.session.api.api_url(token=settings.token(), method="getUpdates")
    jitter = random.Random()  # noqa: S311 - not a secret
    await unless(stop.wait(), drop_webhook())
    _log.info("polling", mentors=len(app.catalogue.snapshot))
    await Poller(url, app.intake.take, drop_webhook, random=jitter).run(stop)


async def _by_webhook(app: App, settings: Settings, hook: _Hook, stop: asyncio.Event) -> None:
    _, path, secret = hook
    runner = web.AppRunner(
        webhook_app(path, secret, app.intake.take), shutdown_timeout=_GRACE, access_log=None
    )
    await runner.setup()
    try:
        await _listen(runner, settings)
        await unless(stop.wait(), _set_webhook(app, hook))
        _log.info("webhook", listen=settings.webhook_listen, mentors=len(app.catalogue.snapshot))
        await stop.wait()
    finally:
        # Stops listening, then waits for the requests in hand. The webhook stays set: the next start goes on.
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    host, port = settings.webhook_address()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise SettingsError(
            f"WEBHOOK_LISTEN: cannot listen on {settings.webhook_listen} ({error.strerror}):"
            " choose another host:port, or stop the program that holds it"
        ) from error


async def _set_webhook(app: App, hook: _Hook) -> None:
    address, _, secret = hook
    try:
        await app.bot.set_webhook(
            address, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES), max_connections=40
        )
    except TelegramUnauthorizedError as error:
        raise UnauthorizedError(f"Telegram does not know this BOT_TOKEN: {error.message}") from error
    except TelegramAPIError as error:
        raise SettingsError(f"--webhook {address}: Telegram does not take it: {error.message}") from error

"""The bot at work: long polling or a webhook, until SIGTERM or Ctrl-C."""

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import User
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.compiling import compile_first, follow, keep_up
from bot.exits import ending_signals
from bot.poller import ALLOWED_UPDATES, Poller, UnauthorizedError, unless
from bot.settings import Settings, SettingsError
from bot.taxonomy import read_taxonomy
from bot.webhook import webhook_app, webhook_target
from bot.wiring import App, create_bot, installed_app, publish_commands
from db.models import MENTORS_CHANGED
from db.notifications import hear, listen
from db.queries.chats import TELEGRAM_CLOSED
from scheduler.leader import Leader, Leads
from scheduler.timetable import Timetable

_log = structlog.get_logger()

#: An update makes and drops thousands of small objects: look after a few updates, not within each.
OBJECTS_BETWEEN_COLLECTIONS = 20_000
#: The address to register, the path to listen on, and the secret.
_Hook = tuple[str, str, str]
#: How long a webhook's open requests may take to end.
_GRACE = 20.0
#: Until Telegram is asked again who this bot is, after it was away for longer than a call is tried.
_BETWEEN_QUESTIONS = 5.0


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
    taxonomy = read_taxonomy(settings.taxonomy_file)
    bot = create_bot(settings.token(), settings.telegram_api_base)
    async with bot.session:
        # What is asked of others at the start may hang for long: a stop is not to wait for it.
        me = await unless(stop.wait(), _introduced(bot))
        if me is None:
            return
        app = installed_app(settings, engine, taxonomy, bot, me)
        async with _compiled(app, stop), _listening(app):
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
        await unless(stop.wait(), compile_first(app.catalogue, changes))
        # What is loaded by now stays: the collector need not walk through it again and again.
        gc.freeze()
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        works = (follow(app.catalogue, changes), keep_up(app.catalogue))
        keeping = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)


@asynccontextmanager
async def _listening(app: App) -> AsyncIterator[None]:
    """What Telegram tells another replica to wait holds for this one as well."""
    hearing = asyncio.create_task(_hear_of_waits(app))
    try:
        yield
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)


async def _hear_of_waits(app: App) -> None:
    async with aclosing(hear(app.engine.url, TELEGRAM_CLOSED)) as bursts:
        async for burst in bursts:
            app.gate.close(app.replies.heard(burst))


async def _introduced(bot: Bot) -> User:
    """Who the bot is: links that lead to it have its name. Without an answer nothing else would work either.

    Raises:
        UnauthorizedError: Telegram does not know the token.
    """
    while True:
        try:
            return await bot.get_me()
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise UnauthorizedError(f"Telegram does not know this BOT_TOKEN: {error.message}") from error
        except TelegramAPIError as error:
            _log.warning("Telegram does not say who this bot is; asking again", error=str(error))
            await asyncio.sleep(_BETWEEN_QUESTIONS)


async def _say_hello(app: App) -> None:
    """The menu of commands; without it the bot works as well."""
    try:
        await publish_commands(app)
    except TelegramAPIError as error:
        _log.warning("the menu of commands is not published", error=str(error))


async def _by_polling(app: App, settings: Settings, stop: asyncio.Event) -> None:
    """The leader polls, too: a second poller would be thrown out, and throw out the first."""

    async def work(ending: asyncio.Event, leads: Leads) -> None:
        await _together(_lead(app, ending, leads), _poll(app, settings, ending))

    await Leader(app.engine.url).run(stop, work)


async def _lead(app: App, ending: asyncio.Event, leads: Leads) -> None:
    """What one process alone does, for all replicas."""
    await _together(app.sender.run(ending, leads), Timetable(app.engine, app.ticks).run(ending, leads))


async def _poll(app: App, settings: Settings, ending: asyncio.Event) -> None:
    async def drop_webhook() -> None:
        try:
            await app.bot.delete_webhook()
        except TelegramAPIError as error:
            _log.warning("a webhook may still be set", error=str(error))

    url = app.bot.session.api.api_url(token=settings.token(), method="getUpdates")
    jitter = random.Random()  # noqa: S311 - not a secret
    await unless(ending.wait(), drop_webhook())
    _log.info("polling", mentors=len(app.catalogue.snapshot))
    await Poller(url, app.intake.take, drop_webhook, random=jitter).run(ending)


async def _together(*works: Coroutine[Any, Any, None]) -> None:
    """All of them at once; where one breaks, the others are stopped, and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _by_webhook(app: App, settings: Settings, hook: _Hook, stop: asyncio.Event) -> None:
    """Every replica takes updates; one of them leads."""

    async def work(ending: asyncio.Event, leads: Leads) -> None:
        await _lead(app, ending, leads)

    _, path, secret = hook
    runner = web.AppRunner(
        webhook_app(path, secret, app.intake.take), shutdown_timeout=_GRACE, access_log=None
    )
    await runner.setup()
    try:
        await _listen(runner, settings)
        await unless(stop.wait(), _set_webhook(app, hook))
        _log.info("webhook", listen=settings.webhook_listen, mentors=len(app.catalogue.snapshot))
        await Leader(app.engine.url).run(stop, work)
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

"""The demo: the bot, its database and a local Telegram, started from the outside and stopped together."""

import asyncio
import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fasteners import InterProcessLock
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy.engine import URL

from bot.exits import exit_code
from bot.imports import uncollected
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

_ROOT = Path(__file__).parent.parent
_MENTORS = _ROOT / "demo" / "mentors.csv"
_NEWCOMERS = _ROOT / "demo" / "newcomers.csv"
_LATER = _ROOT / "demo" / "later.csv"
#: Then students have answered, and some of those who come fit them.
_LATER_AFTER = timedelta(days=3)
_DATA = Path("var") / "demo"
_TOKEN = "42:demo"  # noqa: S105 - of the local Telegram alone
_CHANNEL, _MODERATORS = -1003000000001, -1002000000001
_STOPPING = 10.0


def run_demo(port: int) -> int:
    """Everything up, one address printed; returns when Ctrl-C or SIGTERM has stopped all of it."""
    console = Console(highlight=False)
    with _alone() as alone:
        if not alone:
            console.print("The demo is running already; its address is where it was started.")
            return 1
        return exit_code(lambda: _up(port, console))


def drop_demo() -> int:
    """Drop the demo's data, unless it is in use."""
    from db.embedded import embedded_server

    console = Console(highlight=False)
    with _alone() as alone:
        if not alone:
            console.print("The demo is running: stop it with Ctrl-C first.")
            return 1
        if (_DATA / "pg").exists():
            # Stops a server that a killed demo has left behind.
            with embedded_server(_DATA / "pg"):
                pass
        shutil.rmtree(_DATA, ignore_errors=True)
        console.print("The demo's data is gone.")
        return 0


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other demo uses the data; none may as long as this one does."""
    _DATA.parent.mkdir(parents=True, exist_ok=True)
    lock = InterProcessLock(_DATA.with_name(f".{_DATA.name}.lock"))
    alone = lock.acquire(blocking=False)
    try:
        yield alone
    finally:
        if alone:
            lock.release()


def _import_the_bot() -> None:
    with uncollected():
        importlib.import_module("bot.run")


def _up(port: int, console: Console) -> int:
    console.print("Starting the demo …")
    with _local_telegram(port) as telegram, ThreadPoolExecutor(1) as beside:
        # The longest part of a start is importing aiogram: the database starts meanwhile.
        imports = beside.submit(_import_the_bot)
        from bot.database import server
        from bot.logs import configure

        configure("WARNING")
        address = _address(telegram)
        if address is None:
            console.print(
                f"The local Telegram did not start. Another port: python -m bot demo --port {port + 9};"
                " other data: make demo-reset"
            )
            return 1
        settings = demo_settings(address)
        with server(settings) as url:
            imports.result()
            asyncio.run(_work(settings, url, console, address))
    console.print("\nStopped. `make demo` goes on where you were, `make demo-reset` starts over.")
    return 0


async def _work(settings: Settings, url: URL, console: Console, address: str) -> None:
    from bot.database import migrated
    from bot.demo_clock import Later, follow_clock
    from bot.run import serve

    engine = await migrated(settings, url)
    later = Later(_LATER_AFTER, lambda: _import_file(engine, console, _LATER))
    following = asyncio.create_task(follow_clock(engine, address, ZoneInfo(settings.timezone), later))
    try:
        await _import(engine, console)
        ready = f"\n  Open [bold]{address}[/] and press Start. Ctrl-C stops everything.\n"
        await serve(settings, engine, on_ready=lambda: console.print(ready))
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await engine.dispose()


async def _import(engine: "AsyncEngine", console: Console) -> None:
    from db.queries.mentors import count_by_status
    from demo.history import add_history

    async with engine.connect() as connection:
        filled = await count_by_status(connection)
    if not filled:
        console.print(f"{await _import_file(engine, console, _MENTORS)} invented mentors imported.")
        await add_history(engine)
    # A second import, so that the channel has newcomers to announce; whom it knows it leaves alone.
    await _import_file(engine, console, _NEWCOMERS)


async def _import_file(engine: "AsyncEngine", console: Console, path: Path) -> int:
    """Import a file; how many mentors are new."""
    from recommender.mentor_file import open_mentor_file
    from recommender.taxonomy import load_default
    from usecases.import_mentors import import_mentors

    report = await import_mentors(
        engine,
        open_mentor_file(path, load_default()),
        dry_run=False,
        strict=True,
        deactivate_missing=False,
        on_progress=lambda _done, _all: None,
        on_problem=lambda problem: console.print(f"{path.name}:{problem.line}: {problem.message}"),
    )
    return report.added


@contextmanager
def _local_telegram(port: int) -> Iterator["subprocess.Popen[str]"]:
    """The sandbox in a process of its own; out of reach of the terminal's Ctrl-C, so that it goes last."""
    _DATA.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--token", _TOKEN]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [*command, "--state", str((_DATA / "telegram.json").resolve())],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(telegram: "subprocess.Popen[str]") -> str | None:
    """Where it listens, from the one line it prints; None if it ended instead, having said why."""
    line = telegram.stdout.readline() if telegram.stdout else ""
    return line.split()[-1] if line.strip() else None


def demo_settings(address: str) -> Settings:
    """The demo's own, whatever stands in the environment or in .env: neither is looked at."""
    return Settings.model_construct(
        bot_token=SecretStr(_TOKEN),
        telegram_api_base=address,
        database_url=None,
        data_dir=_DATA,
        channel_id=_CHANNEL,
        moderators_chat_id=_MODERATORS,
        log_level="WARNING",
    )

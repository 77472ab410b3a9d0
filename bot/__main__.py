"""The command line: ``python -m bot --help``."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy.engine import URL

# Commands import what they need themselves: aiogram alone takes seconds, and --help must not.
from bot.imports import import_aiogram, uncollected
from bot.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy.ext.asyncio import AsyncEngine

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Shortlist: a Telegram bot that finds a student the right IT mentor.",
)


@app.command()
def run(
    webhook: Annotated[
        str | None,
        typer.Option(help="The public https address Telegram shall call; without it, long polling."),
    ] = None,
) -> None:
    """Start the bot: migrate, compile the catalogue, take updates until Ctrl-C or SIGTERM."""
    with uncollected():
        from bot.database import migrated
        from bot.run import serve

    async def work(settings: Settings, url: URL) -> int:
        settings.token()
        engine = await migrated(settings, url)
        try:
            await serve(settings, engine, webhook=webhook)
        finally:
            await engine.dispose()
        return 0

    _with_database(work)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="The port of the chat page.")] = 8081,
    reset: Annotated[bool, typer.Option("--reset", help="Drop the demo's data and stop.")] = False,
) -> None:
    """A chat in the browser with invented mentors: no token, no Telegram."""
    from bot.demo import drop_demo, run_demo

    _exit(drop_demo() if reset else run_demo(port))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.database import unmigrated
    from migrations.upgrade import current, head, upgrade

    async def work(settings: Settings, url: URL) -> int:
        engine = await unmigrated(settings, url)
        before = await current(engine)
        await upgrade(engine)
        await engine.dispose()
        print(f"{before or 'empty'} -> {head()}" if before != head() else f"{head()}, nothing to do")
        return 0

    _with_database(work)


@app.command()
def import_mentors(
    file: Annotated[Path, typer.Argument(help="CSV or JSON lines; docs/import.md has the columns.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="One bad row, and nothing is imported.")] = False,
    deactivate_missing: Annotated[
        bool, typer.Option("--deactivate-missing", help="Take mentors that are not in the file off the list.")
    ] = False,
    announce: Annotated[
        bool | None,
        typer.Option(
            "--announce/--no-announce",
            help="Whether new mentors are announced in the channel; by default, unless these are the first.",
        ),
    ] = None,
) -> None:
    """Import mentors: new ones are added, changed ones updated, the rest left alone."""
    from rich.console import Console

    from bot.import_command import run_import
    from bot.taxonomy import read_taxonomy

    async def work(settings: Settings, engine: "AsyncEngine") -> int:
        return await run_import(
            engine,
            file,
            read_taxonomy(settings.taxonomy_file),
            dry_run=dry_run,
            strict=strict,
            deactivate_missing=deactivate_missing,
            announce=announce,
            console=Console(),
        )

    _with_migrated(work)


@app.command()
def tick(
    name: Annotated[
        str | None, typer.Argument(help="A tick's name, or all; without it, what there is.")
    ] = None,
) -> None:
    """Do now what the clock would do: one tick, or all, and a table of what each came to."""
    from rich.console import Console

    import_aiogram()
    from bot.tick_command import list_ticks, named, run_ticks

    if name is None:
        _exit(list_ticks(Console(stderr=True)))
        return

    async def work(settings: Settings, engine: "AsyncEngine") -> int:
        return await run_ticks(settings, engine, named(name), Console())

    _with_migrated(work, create=False)


@app.command()
def check() -> None:
    """Look at settings, database, migrations, token and channel: a line each, ok or what to do."""
    from rich.console import Console

    import_aiogram()
    from bot.check import run_checks

    _exit(asyncio.run(run_checks(Console())))


outbox = typer.Typer(invoke_without_command=True)
app.add_typer(outbox, name="outbox")


@outbox.callback()
def show_outbox(context: typer.Context) -> None:
    """What waits to be sent, how fast it goes, and what is to be decided."""
    if context.invoked_subcommand is None:
        from bot.outbox_command import show

        _with_outbox(show)


@outbox.command("retry")
def retry_message(
    message: Annotated[int, typer.Argument(metavar="ID", help="As `python -m bot outbox` lists it.")],
) -> None:
    """Send a parked or unsure message (once more)."""
    from rich.console import Console

    from bot.outbox_command import retry

    _with_outbox(lambda engine, console: retry(engine, message, console, Console(stderr=True)))


@outbox.command("drop")
def drop_message(
    message: Annotated[int, typer.Argument(metavar="ID", help="As `python -m bot outbox` lists it.")],
) -> None:
    """Put a parked or unsure message away."""
    from rich.console import Console

    from bot.outbox_command import drop

    _with_outbox(lambda engine, console: drop(engine, message, console, Console(stderr=True)))


def _with_outbox(command: "Callable[[AsyncEngine, Console], Awaitable[int]]") -> None:
    from rich.console import Console

    _with_migrated(lambda _settings, engine: command(engine, Console()), create=False)


def _with_migrated(work: "Callable[[Settings, AsyncEngine], Awaitable[int]]", *, create: bool = True) -> None:
    """Run ``work`` on a database of the newest schema."""

    async def with_engine(settings: Settings, url: URL) -> int:
        from bot.database import migrated

        engine = await migrated(settings, url)
        try:
            return await work(settings, engine)
        finally:
            await engine.dispose()

    _with_database(with_engine, create=create)


def _with_database(work: Callable[[Settings, URL], Awaitable[int]], *, create: bool = True) -> None:
    """Run ``work`` with settings and a server; what can be mended ends in a sentence.

    ``create``: with an embedded database of its own if there is none yet.
    """
    from bot.exits import exit_code

    def with_server() -> int:
        from bot.database import server
        from bot.logs import configure

        settings = Settings.load()
        configure(settings.log_level)
        with server(settings, create=create) as url:
            return asyncio.run(_awaited(work(settings, url)))

    _exit(exit_code(with_server))


async def _awaited(work: Awaitable[int]) -> int:
    return await work


def _exit(code: int) -> None:
    raise typer.Exit(code)


if __name__ == "__main__":
    app()

"""``python -m bot tick``: run ticks now, by hand, and see what each came to."""

from collections.abc import Sequence

from aiogram.exceptions import TelegramAPIError
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.session import why_unknown
from bot.settings import Settings, SettingsError
from bot.taxonomy import read_taxonomy
from bot.wiring import create_bot, installed_app
from scheduler.frame import TickReport, run_tick
from scheduler.table import NAMES, TABLE
from scheduler.ticks import Tick

ALL = "all"
_NOT_NAMED = 2


def list_ticks(console: Console) -> int:
    """The ticks there are and what each does, for who has named none."""
    table = Table.grid(padding=(0, 2))
    for line in TABLE:
        table.add_row(line.name, line.does)
    table.add_row(ALL, "all of them, in this order")
    console.print("Name one: python -m bot tick NAME")
    console.print(table)
    return _NOT_NAMED


def named(name: str) -> tuple[str, ...]:
    """The ticks a name means.

    Raises:
        SettingsError: there is none of this name.
    """
    if name == ALL:
        return NAMES
    if name not in NAMES:
        raise SettingsError(f"there is no tick {name!r}; there are {', '.join(NAMES)}, and {ALL}")
    return (name,)


async def run_ticks(settings: Settings, engine: AsyncEngine, names: Sequence[str], console: Console) -> int:
    """Run these ticks one after the other, as the leader does; 1 if one of them failed, else 0."""
    bot = create_bot(settings.token(), settings.telegram_api_base)
    async with bot.session:
        try:
            me = await bot.get_me()
        except TelegramAPIError as error:
            wrong, remedy = why_unknown(settings.telegram_api_base, error)
            raise SettingsError(f"{wrong}; {remedy}") from error
        app = installed_app(settings, engine, read_taxonomy(settings.taxonomy_file), bot, me)
        # What fits whom is read off the catalogue.
        await app.catalogue.refresh()
        return await _run(engine, [tick for tick in app.ticks if tick.name in names], console)


async def _run(engine: AsyncEngine, ticks: Sequence[Tick], console: Console) -> int:
    reports = [await run_tick(engine, tick) for tick in ticks]
    console.print(_table(reports))
    return 1 if any(report.error for report in reports) else 0


def _table(reports: Sequence[TickReport]) -> Table:
    table = Table()
    table.add_column("tick")
    for figure in ("matched", "enqueued", "skipped"):
        table.add_column(figure, justify="right")
    table.add_column("error")
    for report in reports:
        counts = (report.counts.matched, report.counts.enqueued, report.counts.skipped)
        figures = ("", "", "") if report.error else (str(count) for count in counts)
        table.add_row(report.name, *figures, Text(report.error or ""))
    return table

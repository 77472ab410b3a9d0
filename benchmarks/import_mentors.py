"""How long importing 100,000 mentors takes, and in how much memory: new, the same again, a tenth changed."""

import asyncio
import csv
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bot.import_command import run_import
from db.embedded import embedded_server
from db.engine import create_engine
from demo.make_mentors import mentors
from migrations.upgrade import ensure_database, upgrade
from recommender.taxonomy import load_default

_ROWS: Final = 100_000
_CHANGED_EVERY: Final = 10


def main(arguments: list[str] | None = None) -> None:
    """Import each file in a process of its own, as the command line does, and print the table."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments:
        print(*asyncio.run(_measure(arguments[0], Path(arguments[1]))))
        return
    table = Table(title=f"Importing {_ROWS:,} mentors, one process each", title_justify="left")
    for column in ("the file", "seconds", "of the processor", "rows a second", "peak, MB"):
        table.add_column(column, justify="left" if column == "the file" else "right")
    with tempfile.TemporaryDirectory(prefix="shortlist-bench-") as name:
        for what, (seconds, busy, peak) in _figures(Path(name)).items():
            table.add_row(what, f"{seconds:.1f}", f"{busy:.1f}", f"{_ROWS / seconds:,.0f}", f"{peak:.0f}")
    Console().print(table)


def _figures(folder: Path) -> dict[str, list[float]]:
    first, changed = folder / "first.csv", folder / "changed.csv"
    _write(first, changed)
    with embedded_server(folder / "pg") as server:
        url = asyncio.run(_database(server.render_as_string(hide_password=False)))
        return {
            "all new": _elsewhere(url, first),
            "the same again": _elsewhere(url, first),
            f"one in {_CHANGED_EVERY} changed": _elsewhere(url, changed),
        }


def _write(first: Path, changed: Path) -> None:
    """Invented mentors, and the same ones of whom some have learnt something."""
    with first.open("w", encoding="utf-8", newline="") as one, changed.open("w", encoding="utf-8") as other:
        for number, row in enumerate(mentors(_ROWS, seed=1)):
            for file in (one, other):
                writer = csv.DictWriter(file, list(row))
                if not number:
                    writer.writeheader()
                if file is other and number % _CHANGED_EVERY == 0:
                    row["skills"] += ", Плетение макраме"
                writer.writerow(row)


async def _database(server: str) -> str:
    engine = create_engine(server)
    url = await ensure_database(engine.url, "benchmark")
    await engine.dispose()
    engine = create_engine(url)
    await upgrade(engine)
    await engine.dispose()
    return url.render_as_string(hide_password=False)


def _elsewhere(url: str, file: Path) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.import_mentors", url, str(file)]
    return [float(figure) for figure in subprocess.check_output(command, text=True).split()]


async def _measure(url: str, file: Path) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, megabytes at the peak of the whole process.

    The database's own work is in the first figure only.
    """
    start, busy_start = time.perf_counter(), time.process_time()
    engine = create_engine(url, pool_size=1)
    code = await run_import(
        engine,
        file,
        load_default(),
        dry_run=False,
        strict=True,
        deactivate_missing=True,
        console=Console(file=io.StringIO()),
    )
    await engine.dispose()
    assert code == 0
    seconds, busy = time.perf_counter() - start, time.process_time() - busy_start
    return seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

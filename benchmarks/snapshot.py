"""How long compiling a snapshot takes, and how much memory it adds."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.market import mentors
from recommender.model import Mentor
from recommender.snapshot import compile_snapshot
from recommender.taxonomy import load_default

_SIZES: Final = (10_000, 100_000)
_AT: Final = datetime(2026, 2, 1, 12, tzinfo=UTC)
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def main(arguments: list[str] | None = None) -> None:
    """Measure each size in a process of its own and print the table."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments:
        print(*_measure(int(arguments[0])))
        return
    table = Table(title="Compiling a snapshot, one process each", title_justify="left")
    for column in ("mentors", "seconds", "of the processor", "at the peak, MB", "kept, MB"):
        table.add_column(column, justify="right")
    for size in _SIZES:
        seconds, busy, peak, kept = _elsewhere(size)
        table.add_row(f"{size:,}", f"{seconds:.2f}", f"{busy:.2f}", f"{peak:.0f}", f"{kept:.0f}")
    Console().print(table)


def _elsewhere(size: int) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.snapshot", str(size)]
    return [float(figure) for figure in subprocess.check_output(command, text=True).split()]


def _measure(size: int) -> tuple[float, float, float, float]:
    """Seconds by the clock and of the processor, megabytes above the loaded taxonomy at the peak and kept.

    The processor's seconds are the ones to compare where other programs run beside this one.
    """
    load_default()
    before = _resident()
    invented = _Timed(mentors(size, seed=1))
    start, busy_start = time.perf_counter(), time.process_time()
    snapshot = compile_snapshot(invented, load_default(), at=_AT)
    seconds = time.perf_counter() - start - invented.seconds
    busy = time.process_time() - busy_start - invented.busy
    peak = _highest()
    assert len(snapshot) == size
    return seconds, busy, peak - before, _resident() - before


def _highest() -> float:
    """The most megabytes ever resident. ru_maxrss will not do: it begins with what the parent had."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


class _Timed:
    """An iterator that knows how long the mentors took to be invented."""

    def __init__(self, source: Iterator[Mentor]) -> None:
        self._source = source
        self.seconds = self.busy = 0.0

    def __iter__(self) -> Iterator[Mentor]:
        return self

    def __next__(self) -> Mentor:
        start, busy_start = time.perf_counter(), time.process_time()
        try:
            return next(self._source)
        finally:
            self.seconds += time.perf_counter() - start
            self.busy += time.process_time() - busy_start


def _resident() -> float:
    """Megabytes this process has in memory now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1024**2


if __name__ == "__main__":
    main()

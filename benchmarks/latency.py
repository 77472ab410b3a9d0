"""From tap to answer at 50 taps a second, and the memory of the bot over 50,000 updates.

The taps of the first table come by the clock, whether the bot keeps up or not; those of the second as fast
as the bot takes them.
"""

import asyncio
import sys
import time
from dataclasses import dataclass
from itertools import chain, cycle
from typing import Final

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.stage import (
    ANSWERS,
    BACK,
    Crowd,
    Program,
    bot,
    filled,
    local_telegram,
    packed,
    postgres,
    running,
)
from sandbox.client import SimClient

_STUDENTS: Final = 500
_RATE: Final = 50
_SECONDS: Final = 30
_UPDATES: Final = 50_000
_POINTS: Final = 5
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class Memory:
    """Of the bot's process, in MB. ``rss`` counts what it shares with others in full, ``pss`` its share."""

    updates: int
    rss: float
    pss: float


def main(arguments: list[str] | None = None) -> None:
    """Measure and print both tables; another number of updates may be given."""
    arguments = sys.argv[1:] if arguments is None else arguments
    updates = int(arguments[0]) if arguments else _UPDATES
    with postgres() as server:
        latencies, memory, seconds = asyncio.run(_measured(server, updates))
    table = Table(title=f"From tap to answer, {_RATE} a second", title_justify="left")
    for column in ("taps", "p50, ms", "p99, ms", "slowest, ms"):
        table.add_column(column, justify="right")
    figures = [*np.percentile(latencies, (50, 99)), max(latencies)]
    table.add_row(f"{len(latencies):,}", *(f"{figure * 1000:.1f}" for figure in figures))
    Console().print(table)
    title = f"Memory, at {updates / seconds:,.0f} updates a second"
    table = Table(title=title, title_justify="left")
    for column in ("updates", "RSS, MB", "PSS, MB"):
        table.add_column(column, justify="right")
    for point in memory:
        table.add_row(f"{point.updates:,}", f"{point.rss:.0f}", f"{point.pss:.0f}")
    Console().print(table)


async def _measured(server: URL, updates: int) -> tuple[list[float], list[Memory], float]:
    engine = await filled(server, "latency")
    with local_telegram() as telegram, bot(telegram, engine.url) as program:
        async with Crowd.of(telegram, _STUDENTS) as crowd:
            async with SimClient(telegram) as client:
                latencies = await _open_loop(crowd, client, await running(engine))
            start = time.perf_counter()
            memory = await _flood(crowd, program, engine, updates)
            seconds = time.perf_counter() - start
    await engine.dispose()
    return latencies, memory, seconds


async def _open_loop(crowd: Crowd, client: SimClient, ids: dict[int, int]) -> list[float]:
    """Seconds from each tap to its answer; the first second is not counted."""
    taps = ((student, packed(tap, ids[student])) for tap in (*ANSWERS, *BACK) for student in crowd.students)
    begin = time.perf_counter()

    async def one(place: int, student: int, data: str) -> float:
        await asyncio.sleep(begin + place / _RATE - time.perf_counter())
        start = time.perf_counter()
        tapped = await client.tap_data(student, crowd.screens[student], data)
        await client.wait_for_answer(tapped.callback_query_id, timeout=60)
        return time.perf_counter() - start

    count = _RATE * (_SECONDS + 1)
    waits = [one(place, *tap) for place, tap in zip(range(count), taps, strict=False)]
    return list(await asyncio.gather(*waits))[_RATE:]


async def _flood(crowd: Crowd, program: Program, engine: AsyncEngine, updates: int) -> list[Memory]:
    """Questionnaires filled in and gone back through, by everybody at once."""
    ids = await running(engine)
    rounds = cycle(chain(ANSWERS, BACK))
    memory = [_memory(program, 0)]
    done = 0
    while done < updates:
        before, count = await crowd.last_call(), 0
        for _ in range(max(1, updates // _POINTS // len(crowd.students))):
            tap = next(rounds)
            count += await crowd.tap((student, packed(tap, ids[student])) for student in crowd.students)
            await crowd.answered(before, "answerCallbackQuery", len(crowd.students))
            before = await crowd.last_call()
        done += count
        memory.append(_memory(program, done))
    return memory


def _memory(program: Program, updates: int) -> Memory:
    found = psutil.Process(program.pid).memory_full_info()
    return Memory(updates, found.rss / _MEGABYTE, found.pss / _MEGABYTE)


if __name__ == "__main__":
    main()

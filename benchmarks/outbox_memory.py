"""How much memory the sender's process takes with nothing to do, and with a million messages waiting.

The process is ``python -m bot run`` with an empty catalogue. What its imports alone take is told apart,
beside what aiogram takes that is imported as it comes.
"""

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL

from benchmarks.outbox_stage import Counter, crowded_telegram, fill
from benchmarks.stage import bot, migrated, postgres

_WAITING: Final = 1_000_000
_PEOPLE: Final = 20_000
#: So many are delivered before the memory is looked at: it has settled by then.
_DELIVERED: Final = 500
_GOAL: Final = 150
_LOOK: Final = """
{}
import psutil
found = psutil.Process().memory_full_info()
print(found.rss / 2**20, found.uss / 2**20)
"""


@dataclass(frozen=True, slots=True)
class Memory:
    """In megabytes. ``own``: what would be free if the process ended; the rest is shared with others."""

    resident: float
    own: float


def main() -> None:
    """Measure and print the table."""
    ours = _imported("from bot.imports import uncollected\nwith uncollected():\n    import bot.run")
    imports = {"import aiogram": _imported("import aiogram"), "the bot's imports": ours}
    with postgres() as server, crowded_telegram(_PEOPLE) as telegram:
        idle, busy = asyncio.run(_measured(server, telegram))
    table = Table(
        title="Memory of the sender's process, MB",
        caption=f"Under {_GOAL} MB wanted. In all: {_answer(busy.resident)}. Above its imports: "
        f"{busy.resident - ours.resident:.0f} MB; "
        f"for what waits: {busy.resident - idle.resident:.0f} MB.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("when", no_wrap=True)
    for column in ("resident", "its own"):
        table.add_column(column, justify="right")
    at_work = {
        "bot run, nothing waits": idle,
        f"bot run, {_WAITING:,} wait, {_DELIVERED:,} delivered": busy,
    }
    for when, memory in (imports | at_work).items():
        table.add_row(when, f"{memory.resident:.0f}", f"{memory.own:.0f}")
    Console().print(table)


def _answer(megabytes: float) -> str:
    return "yes" if megabytes < _GOAL else "no"


def _imported(script: str) -> Memory:
    """A process that does nothing else."""
    found = subprocess.check_output([sys.executable, "-c", _LOOK.format(script)], text=True)
    return Memory(*map(float, found.split()))


async def _measured(server: URL, telegram: str) -> tuple[Memory, Memory]:
    engine = await migrated(server, "memory")
    await fill(engine, 1, people=1)
    idle = await _of_a_sender(engine.url, telegram, 1)
    await fill(engine, _WAITING, people=_PEOPLE)
    busy = await _of_a_sender(engine.url, telegram, _DELIVERED)
    await engine.dispose()
    return idle, busy


async def _of_a_sender(database: URL, telegram: str, messages: int) -> Memory:
    """Of a process that has delivered so many."""
    async with Counter.of(telegram) as counter:
        with bot(telegram, database) as running:
            await counter.come(messages)
            found = psutil.Process(running.pid).memory_full_info()
            return Memory(found.rss / 2**20, found.uss / 2**20)


if __name__ == "__main__":
    main()

"""How many messages a second the sender delivers, beside a plain loop of aiogram that keeps no record.

The local Telegram answers in 5 ms and has no limits. Bot, Telegram and database are processes of their own,
and share the machine. The senders take turns; the rate is counted at Telegram, from first call to last.
"""

import asyncio
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL

from benchmarks.outbox_stage import Counter, crowded_telegram, delivered, fill
from benchmarks.stage import bot, migrated, postgres

_MESSAGES: Final = 3_000
_ROUNDS: Final = 3
_MILLISECONDS: Final = 5
_GOAL: Final = 200


@dataclass
class Sender:
    """Rates, in messages a second, and what a message costs, in milliseconds of the processor."""

    name: str
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print the table."""
    with postgres() as server, crowded_telegram(_MESSAGES, milliseconds=_MILLISECONDS) as telegram:
        ours, bare = asyncio.run(_measured(server, telegram))
    rate = median(ours.rates)
    table = Table(
        title=f"Messages a second, {_MESSAGES:,} to as many chats, {_ROUNDS} rounds each, in turns",
        caption=f"Telegram answers in {_MILLISECONDS} ms, both have 8 in flight. At least {_GOAL} wanted: "
        f"{'yes' if rate >= _GOAL else 'no'}.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("sender", no_wrap=True)
    for column in ("median", "lowest", "highest", "ratio", "CPU, ms a message"):
        table.add_column(column, justify="right")
    for each in (ours, bare):
        middle = median(each.rates)
        figures = [f"{found:,.0f}" for found in (middle, min(each.rates), max(each.rates))]
        table.add_row(each.name, *figures, f"{rate / middle:.2f}", f"{median(each.costs):.2f}")
    Console().print(table)


async def _measured(server: URL, telegram: str) -> tuple[Sender, Sender]:
    ours = Sender("Shortlist, by its outbox")
    bare = Sender("bare aiogram, no database")
    for number in range(_ROUNDS):
        await _ours(server, telegram, f"round_{number}", ours)
        await _bare(telegram, bare)
    return ours, bare


async def _ours(server: URL, telegram: str, database: str, sender: Sender) -> None:
    engine = await migrated(server, database)
    await fill(engine, _MESSAGES, people=_MESSAGES)
    async with Counter.of(telegram) as counter:
        with bot(telegram, engine.url, "benchmarks.fast_sender") as running:
            await counter.come(1)
            busy = running.processor_seconds()
            await delivered(engine)
            sender.costs.append((running.processor_seconds() - busy) / _MESSAGES * 1000)
        sender.rates.append(await counter.rate(_MESSAGES))
    await engine.dispose()


async def _bare(telegram: str, sender: Sender) -> None:
    async with Counter.of(telegram) as counter:
        command = [sys.executable, "-m", "benchmarks.bare_sender", telegram, str(_MESSAGES), str(_MESSAGES)]
        printed = await asyncio.to_thread(subprocess.check_output, command, text=True)
        sender.costs.append(float(printed.split()[1]) / _MESSAGES * 1000)
        sender.rates.append(await counter.rate(_MESSAGES))


if __name__ == "__main__":
    main()

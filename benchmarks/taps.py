"""How many taps of the questionnaire a second, over HTTP and PostgreSQL, beside a bare aiogram bot.

The taps of many students wait at the local Telegram while the bot is frozen; the clock runs from its thaw
to the answer to the last tap. The bots take turns.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Final

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
    steps,
)

_STUDENTS: Final = 100
_ROUNDS: Final = 3
_OURS: Final = "Shortlist, edits and answers"
_BARE: Final = "bare aiogram, answers only"
_BARE_EDITING: Final = "bare aiogram, edits and answers"


@dataclass
class Contender:
    """A bot with a Telegram and a database of its own, and how fast it was."""

    name: str
    program: Program
    crowd: Crowd
    engine: AsyncEngine
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """One round: taps pile up, then the clock runs."""
        ids = dict.fromkeys(self.crowd.students, 1) | await running(self.engine)
        taps = (*ANSWERS, *BACK)
        self.program.freeze()
        before = await self.crowd.last_call()
        count = 0
        for tap in taps:
            count += await self.crowd.tap(
                (student, packed(tap, ids[student])) for student in self.crowd.students
            )
        start, busy = time.perf_counter(), self.program.processor_seconds()
        self.program.thaw()
        await self.crowd.answered(before, "answerCallbackQuery", count)
        self.rates.append(count / (time.perf_counter() - start))
        self.costs.append((self.program.processor_seconds() - busy) / count * 1000)


def main() -> None:
    """Measure and print the table."""
    with postgres() as server:
        contenders = asyncio.run(_measured(server))
    ours = median(contenders[0].rates)
    table = Table(
        title=f"Questionnaire taps a second, {_ROUNDS} rounds each, in turns",
        caption="Shortlist: a select for update, an update, a commit. Bare: a select, an insert, a commit.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("bot", no_wrap=True)
    for column in ("median", "lowest", "highest", "ratio", "CPU, ms a tap"):
        table.add_column(column, justify="right")
    for each in contenders:
        middle = median(each.rates)
        figures = [f"{rate:,.0f}" for rate in (middle, min(each.rates), max(each.rates))]
        table.add_row(each.name, *figures, f"{ours / middle:.2f}", f"{median(each.costs):.2f}")
    Console().print(table)


async def _measured(server: URL) -> list[Contender]:
    async with AsyncExitStack() as stack:
        contenders = [
            await stack.enter_async_context(_contender(server, _OURS, "ours")),
            await stack.enter_async_context(_contender(server, _BARE, "bare", "benchmarks.bare_bot")),
            await stack.enter_async_context(
                _contender(server, _BARE_EDITING, "editing", "benchmarks.bare_bot", "edit")
            ),
        ]
        for _ in range(_ROUNDS + 1):
            for contender in contenders:
                await contender.run()
        for contender in contenders:
            del contender.rates[0], contender.costs[0]
        found = await steps(contenders[0].engine)
        assert found == {"direction": _STUDENTS}, f"taps were lost: {found}"
    return contenders


@asynccontextmanager
async def _contender(server: URL, name: str, database: str, *module: str) -> AsyncIterator[Contender]:
    engine = await filled(server, database)
    with local_telegram() as telegram, bot(telegram, engine.url, *module) as running_bot:
        async with Crowd.of(telegram, _STUDENTS) as crowd:
            yield Contender(name, running_bot, crowd, engine)
    await engine.dispose()


if __name__ == "__main__":
    main()

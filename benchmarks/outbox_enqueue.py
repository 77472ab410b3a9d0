"""How long it takes to write messages into the outbox: 100,000 in one transaction, as a use case would."""

import asyncio
import time
from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.stage import migrated, postgres
from usecases.letters import Letter, Priority, Wording, post

_MESSAGES: Final = 100_000
_GOAL: Final = 10.0
_KEYBOARD: Final = {"inline_keyboard": [[{"text": "Да, я с вами", "callback_data": "check:1:yes"}]]}
_TEXT: Final = "Вы всё ещё берёте учеников? " * 5


def main() -> None:
    """Measure and print the table."""
    with postgres() as server:
        rows = asyncio.run(_measured(server))
    table = Table(title=f"Enqueueing {_MESSAGES:,} messages", title_justify="left")
    for column in ("what", "seconds", "of this process", "rows a second", f"under {_GOAL:.0f} s"):
        table.add_column(column, justify="left" if column == "what" else "right", no_wrap=column == "what")
    for what, seconds, busy in rows:
        good = "yes" if seconds < _GOAL else "no"
        table.add_row(what, f"{seconds:.1f}", f"{busy:.1f}", f"{_MESSAGES / seconds:,.0f}", good)
    Console().print(table)


async def _measured(server: URL) -> list[tuple[str, float, float]]:
    engine = await migrated(server, "enqueue")
    found = [
        await _timed(engine, "into an empty outbox", "first", new=_MESSAGES),
        await _timed(engine, "behind as many", "second", new=_MESSAGES),
        await _timed(engine, "the same again: nothing to do", "second", new=0),
    ]
    await engine.dispose()
    return found


async def _timed(engine: AsyncEngine, what: str, name: str, *, new: int) -> tuple[str, float, float]:
    start, busy = time.perf_counter(), time.process_time()
    async with engine.begin() as connection:
        written = await post(connection, _letters(name))
    seconds, spent = time.perf_counter() - start, time.process_time() - busy
    assert len(written) == new
    return what, seconds, spent


def _letters(name: str) -> Iterator[Letter]:
    for number in range(_MESSAGES):
        yield Letter(
            chat_id=10_000 + number,
            dedupe_key=f"{name}:{number}",
            priority=Priority.REMINDER,
            wording=Wording(text=f"{_TEXT} ({number})", keyboard=_KEYBOARD),
        )


if __name__ == "__main__":
    main()

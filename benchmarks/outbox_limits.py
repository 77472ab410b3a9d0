"""How near the sender comes to the permitted rate where Telegram's limits are on, and how often it hits them.

1,000 messages; ``--full``: 10,000, which takes seven minutes.
"""

import asyncio
import sys
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import URL

from benchmarks.outbox_stage import Counter, crowded_telegram, delivered, fill
from benchmarks.stage import bot, migrated, postgres

_QUICK: Final = 1_000
_FULL: Final = 10_000
_RATE: Final = 25
_GOAL: Final = 0.97


def main() -> None:
    """Measure and print the table."""
    messages = _FULL if "--full" in sys.argv[1:] else _QUICK
    with postgres() as server, crowded_telegram(messages, limits=True) as telegram:
        rate, refused = asyncio.run(_measured(server, telegram, messages))
    table = Table(
        title=f"{messages:,} messages at {_RATE} a second, Telegram's limits on",
        caption=f"At least {_GOAL:.0%} and not one 429 wanted: "
        f"{'yes' if rate >= _GOAL * _RATE and not refused else 'no'}.",
        title_justify="left",
        caption_justify="left",
    )
    for column in ("a second", "of the permitted rate", "429"):
        table.add_column(column, justify="right")
    table.add_row(f"{rate:.2f}", f"{rate / _RATE:.1%}", str(refused))
    Console().print(table)


async def _measured(server: URL, telegram: str, messages: int) -> tuple[float, int]:
    engine = await migrated(server, "limits")
    await fill(engine, messages, people=messages)
    async with Counter.of(telegram) as counter:
        with bot(telegram, engine.url, more={"SEND_RATE": str(_RATE)}):
            await delivered(engine)
        found = await counter.rate(messages), await counter.refused()
    await engine.dispose()
    return found


if __name__ == "__main__":
    main()

"""The local Telegram with many people who have all pressed Start, in a process of its own.

``python -m benchmarks.crowded_telegram PEOPLE MILLISECONDS`` prints its address; each call is answered so
much later. ``limits`` behind it: it refuses what Telegram would refuse.
"""

import asyncio
import signal
import sys
from typing import Final

from sandbox.server import LocalTelegram
from sandbox.world import Person

TOKEN: Final = "42:bench"  # noqa: S105 - of the local Telegram alone
FIRST_PERSON: Final = 10_000


async def main(people: int, milliseconds: float, *, limits: bool) -> None:
    """Serve until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    crowd = (Person(FIRST_PERSON + number, f"Person {number}", started=True) for number in range(people))
    telegram = LocalTelegram(TOKEN, people=crowd)
    telegram.troubles.latency = milliseconds / 1000
    telegram.troubles.limits.on = limits
    async with telegram:
        print(telegram.url, flush=True)
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), limits="limits" in sys.argv[3:]))

"""What the sender is compared with: a loop of aiogram's send_message, some in flight, and no database.

``python -m benchmarks.bare_sender ADDRESS PEOPLE MESSAGES`` prints how many seconds that took, by the clock
and of the processor. What is not sent when it is killed is lost, and a limit that is hit is an error.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from typing import Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from benchmarks.crowded_telegram import FIRST_PERSON, TOKEN

#: As many as the sender has.
IN_FLIGHT: Final = 8


async def main(address: str, people: int, messages: int) -> None:
    """Send all and print the figures."""
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(address)))
    waiting = iter(range(messages))
    async with bot.session:
        await bot.get_me()
        start, busy = time.perf_counter(), time.process_time()
        await asyncio.gather(*(_send(bot, waiting, people) for _ in range(IN_FLIGHT)))
        print(time.perf_counter() - start, time.process_time() - busy)


async def _send(bot: Bot, waiting: Iterator[int], people: int) -> None:
    for number in waiting:
        await bot.send_message(FIRST_PERSON + number % people, f"Message {number}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

"""The sender alone, as fast as it can: ``python -m benchmarks.fast_sender``, settings as for the bot."""

import asyncio
import gc
import os
import signal

from bot.logs import configure
from bot.wiring import create_app, create_bot
from db.engine import create_engine
from recommender.taxonomy import load_default
from scheduler.pace import Pace


async def main() -> None:
    """Deliver until SIGTERM."""
    configure("WARNING")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engine = create_engine(os.environ["DATABASE_URL"])
    bot = create_bot(os.environ["BOT_TOKEN"], os.environ["TELEGRAM_API_BASE"])
    async with bot.session:
        app = create_app(bot, engine, load_default(), seed=1, pace=Pace(None))
        # As the bot does at its start.
        gc.freeze()
        await app.sender.run(stop)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())

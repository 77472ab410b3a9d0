"""python -m sandbox: a local Telegram in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from .errors import SandboxError
from .server import LocalTelegram


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local Telegram for one bot.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=8081, help="port to listen on, 0 for any (default: 8081)")
    parser.add_argument("--token", default="42:SANDBOX", help="the bot's token (default: 42:SANDBOX)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep chats and updates in this file")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    telegram = LocalTelegram(arguments.token, state=arguments.state, host=arguments.host, port=arguments.port)
    async with telegram:
        print(f"Local Telegram for bot {telegram.world.bot.id} at {telegram.url}", flush=True)
        await ended.wait()


def main() -> int:
    """Runs until SIGINT or SIGTERM."""
    try:
        asyncio.run(_serve(_arguments()))
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

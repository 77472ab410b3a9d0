"""``python -m bot run`` in processes forked from one that has done the imports: a start in half a second."""

import multiprocessing
import os
from multiprocessing.context import ForkServerProcess

import typer

import bot.database
import bot.logs
import bot.run  # noqa: F401 - with the two above, what the command imports for itself when it runs
from bot.__main__ import run

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def start(environment: dict[str, str], webhook: str | None = None) -> ForkServerProcess:
    """A running bot; it is killed with SIGKILL and stopped with SIGTERM like any other process."""
    process = _context.Process(target=_run, args=(environment, webhook))
    process.start()
    return process


def _run(environment: dict[str, str], webhook: str | None) -> None:
    os.environ.update(environment)
    try:
        run(webhook)
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from None

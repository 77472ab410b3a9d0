"""Bring a database to the newest schema, or say which one it has."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

#: Held while migrating, so that replicas that start together do not do it twice.
_LOCK = 5_307_041


def config() -> Config:
    """Alembic's settings, wherever the program was started from."""
    return Config(Path(__file__).parent.parent / "alembic.ini")


def head() -> str:
    """The newest revision there is in the code."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


async def current(engine: AsyncEngine) -> str | None:
    """The revision a database stands at, None where it has never been migrated."""
    async with engine.connect() as connection:
        return await connection.run_sync(_revision)


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Apply every migration that is missing, in one transaction, one process at a time."""
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.run_sync(_run, command.upgrade, revision)


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    """Take migrations back to ``revision``, in one transaction."""
    async with engine.begin() as connection:
        await connection.run_sync(_run, command.downgrade, revision)


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


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _run(connection: Connection, action: Callable[[Config, str], None], revision: str) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    action(settings, revision)

"""What every test may ask for: a database of its own, and a browser if there is one."""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.logs import configure
from bot.run import OBJECTS_BETWEEN_COLLECTIONS
from db.embedded import embedded_server
from db.engine import create_engine
from migrations.upgrade import ensure_database, upgrade

_NO_BROWSER = "no Chromium here; `apt-get install chromium` brings it (CI does so by itself)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser its tests are skipped, but never in CI: there they fail."""
    if shutil.which("chromium") or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=_NO_BROWSER))


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> None:
    """Log as the program does: warnings, and tracebacks without the values in them."""
    configure("WARNING")


@pytest.fixture(scope="session", autouse=True)
def _seldom_collected() -> None:
    """Collect garbage as the program does: what was imported is never looked at, the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


@pytest.fixture(scope="session")
def server() -> Iterator[URL]:
    """A PostgreSQL of this run; ``TEST_DATABASE_URL`` names another one, whose user may create databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield create_engine(given).url
        return
    folder = Path(tempfile.mkdtemp(prefix="shortlist-test-"))
    with embedded_server(folder / "pg") as url:
        asyncio.run(_careless(url))
        yield url
    shutil.rmtree(folder, ignore_errors=True)


async def _careless(server: URL) -> None:
    """What a test stores need not survive a power cut."""
    engine = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            await connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        await connection.execute(text("SELECT pg_reload_conf()"))
    await engine.dispose()


@pytest.fixture(scope="session")
async def template(server: URL) -> str:
    """A migrated database that the tests' own are copied from."""
    name = f"template_{uuid4().hex}"
    engine = create_async_engine(await ensure_database(server, name), poolclass=NullPool)
    await upgrade(engine)
    await engine.dispose()
    return name


@pytest.fixture
async def database(server: URL, template: str) -> AsyncIterator[URL]:
    """The URL of a migrated database that nobody else uses."""
    name = f"test_{uuid4().hex}"
    admin = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    yield server.set(database=name)
    async with admin.connect() as connection:
        await connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    await admin.dispose()


@pytest.fixture
async def engine(database: URL) -> AsyncIterator[AsyncEngine]:
    """Connections to that database."""
    engine = create_engine(database)
    yield engine
    await engine.dispose()

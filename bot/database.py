"""Where the data is: the database that was named, or an embedded one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.settings import Settings, SettingsError
from db.embedded import embedded_server
from db.engine import create_engine, database_url
from migrations.upgrade import current, ensure_database, head, upgrade

_NAME = "shortlist"


@contextmanager
def server(settings: Settings) -> Iterator[URL]:
    """The server for as long as the program runs.

    Raises:
        SettingsError: DATABASE_URL is no PostgreSQL address.
        EmbeddedServerError: the embedded server did not start.
    """
    if settings.database_url is None:
        with embedded_server(settings.data_dir / "pg") as url:
            yield url
        return
    try:
        yield database_url(settings.database_url.get_secret_value())
    except ValueError as error:
        raise SettingsError(str(error)) from error


async def migrated(settings: Settings, url: URL) -> AsyncEngine:
    """An engine on an up-to-date database; on an embedded server, created first if need be."""
    engine = await unmigrated(settings, url)
    if await current(engine) != head():
        await upgrade(engine)
    return engine


async def unmigrated(settings: Settings, url: URL) -> AsyncEngine:
    """An engine on the database as it stands."""
    if settings.database_url is None:
        url = await ensure_database(url, _NAME)
    return create_engine(url)

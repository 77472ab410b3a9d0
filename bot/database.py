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
#: Of a folder that PostgreSQL keeps its files in.
_IS_THERE = "PG_VERSION"


@contextmanager
def server(settings: Settings, *, create: bool = True) -> Iterator[URL]:
    """The server for as long as the program runs. ``create``: an embedded one with nothing in it, if need be.

    Raises:
        SettingsError: DATABASE_URL is no PostgreSQL address, or there is no database and none is to be made.
        EmbeddedServerError: the embedded server did not start.
    """
    if settings.database_url is None:
        folder = settings.data_dir / "pg"
        if not create and not (folder / _IS_THERE).exists():
            raise SettingsError(
                f"There is no database in {folder} yet: python -m bot run makes it."
                " If yours is elsewhere, set DATA_DIR or DATABASE_URL"
            )
        with embedded_server(folder) as url:
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

"""Connections to PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

#: As many connections as updates are handled at a time; more would only wait for the two or three that work.
POOL_SIZE = 20
#: A process that stands still within a transaction does not keep its locks for good: others wait for them.
_LONGEST_IDLE = "60s"


def database_url(text: str) -> URL:
    """The URL with the driver this program uses, whatever spelling of "postgres" came in.

    Raises:
        ValueError: the text is no PostgreSQL URL.
    """
    try:
        url = make_url(text)
    except Exception as error:
        raise ValueError(
            f"DATABASE_URL is not a URL such as postgresql://user:password@host/name: {error}"
        ) from error
    if url.get_backend_name() not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must be a postgresql:// address, not {url.drivername}://")
    return _with_tls(url.set(drivername="postgresql+asyncpg"))


def connect_options(url: URL) -> dict[str, Any]:
    """What ``asyncpg.connect`` is given for a URL: the same as a pool of :func:`create_engine` gives it."""
    return dict(create_async_engine(url).dialect.create_connect_args(url)[1])


def _with_tls(url: URL) -> URL:
    """``sslmode``, as PostgreSQL's own tools and most hosts write it, under the name asyncpg has for it."""
    mode = url.query.get("sslmode")
    if mode is None:
        return url
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


def create_engine(
    url: URL | str, *, pool_size: int = POOL_SIZE, settings: Mapping[str, str] | None = None
) -> AsyncEngine:
    """An engine with a bounded pool; a connection that broke is replaced when it is next asked for.

    ``settings`` are PostgreSQL's, for these connections alone.
    """
    every = {
        "application_name": "shortlist",
        "jit": "off",
        "idle_in_transaction_session_timeout": _LONGEST_IDLE,
    }
    return create_async_engine(
        database_url(str(url)) if isinstance(url, str) else url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        # What people write is a parameter of statements, and must not get into logs with their errors.
        hide_parameters=True,
        connect_args={"server_settings": every | dict(settings or {})},
    )

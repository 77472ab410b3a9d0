"""Which errors of the database pass by themselves."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    OSError,
)


def is_passing(error: BaseException) -> bool:
    """Whether the same work may well succeed a moment later: the server is away, full, or restarting."""
    if isinstance(error, PoolTimeoutError | OSError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    causes = (error.orig, getattr(error.orig, "__cause__", None))
    return error.connection_invalidated or any(isinstance(cause, _PASSING) for cause in causes)

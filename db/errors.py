"""Which errors of the database pass by themselves."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

#: What a bare connection that is lost, or was never made, ends with. A timeout is an OSError; an internal
#: error is what a question meets that comes in the same moment as the server's last word.
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    # Nobody is let in at the moment: the database is being restored, or its password changed.
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    # The server is a standby now: after a failover, the address leads to the new primary in a moment.
    asyncpg.ReadOnlySQLTransactionError,
    # This process stood still within a transaction, and the server gave it up.
    asyncpg.IdleInTransactionSessionTimeoutError,
    # What a question meets that comes in the same moment as the server's last word.
    asyncpg.InternalClientError,
)


def is_passing(error: BaseException) -> bool:
    """Whether the same work may well succeed a moment later: the server is away, full, or restarting."""
    if isinstance(error, OSError):
        # A socket's error names no file: a file that is missing is a fault of ours and would not pass.
        return error.filename is None
    if not isinstance(error, DBAPIError):
        return isinstance(error, (PoolTimeoutError, *_PASSING))
    causes = (error.orig, getattr(error.orig, "__cause__", None))
    return error.connection_invalidated or any(isinstance(cause, (*_PASSING, OSError)) for cause in causes)

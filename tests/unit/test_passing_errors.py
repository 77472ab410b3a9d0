"""Which errors of the database are worth another try."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from db.errors import is_passing


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (asyncpg.ConnectionDoesNotExistError(), True),
        (asyncpg.IdleInTransactionSessionTimeoutError(), True),
        (asyncpg.InternalClientError("got result for unknown protocol state 0"), True),
        (asyncpg.UniqueViolationError(), False),
        (asyncpg.UndefinedTableError(), False),
        (ValueError(), False),
    ],
)
def test_what_passes_by_itself(error: Exception, passes: bool) -> None:
    assert is_passing(error) == passes
    # As SQLAlchemy hands it on: around an error of its own whose cause is the driver's.
    around = Exception()
    around.__cause__ = error
    assert is_passing(DBAPIError("SELECT 1", {}, around)) == passes


def test_a_missing_file_does_not_come_by_itself() -> None:
    assert not is_passing(FileNotFoundError(2, "No such file", "taxonomy.json"))

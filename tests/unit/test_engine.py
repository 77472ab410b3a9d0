"""DATABASE_URL in the spellings that hosts hand out."""

import pytest

from db.engine import connect_options, database_url


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://u:p@h/n", {"host": "h", "user": "u", "password": "p", "database": "n"}),
        ("postgresql://h:5433/n", {"host": "h", "port": 5433, "database": "n"}),
        ("postgresql://h/n?sslmode=require", {"host": "h", "database": "n", "ssl": "require"}),
        ("postgresql://h/n?ssl=verify-full", {"host": "h", "database": "n", "ssl": "verify-full"}),
        ("postgresql:///n?host=/run/pg", {"host": "/run/pg", "database": "n"}),
    ],
)
def test_url_becomes_what_the_driver_is_given(given: str, expected: dict[str, object]) -> None:
    assert connect_options(database_url(given)) == expected


@pytest.mark.parametrize("given", ["mysql://h/n", "nonsense", ""])
def test_what_is_no_postgresql_address_is_refused_with_a_sentence(given: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        database_url(given)

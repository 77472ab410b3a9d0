"""Logs: a traceback says where it broke, not what somebody wrote."""

import logging
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.typing import ExcInfo

from bot.logs import LibraryFormatter, renderers

#: What somebody wrote: the words of what may stand behind it in a traceback end nothing.
WRITTEN = "hush-1\n\nhush-2\nThe above: hush-3"
TABLE = "CREATE TEMP TABLE notes (number int NOT NULL, words text UNIQUE)"
INSERT = "INSERT INTO notes VALUES (:number, :words)"


async def broken(engine: AsyncEngine, *rows: dict[str, Any]) -> ExcInfo:
    """The error that storing these rows ends with."""
    async with engine.connect() as connection:
        await connection.execute(text(TABLE))
        try:
            for row in rows:
                await connection.execute(text(INSERT), row)
        except DBAPIError:
            return sys.exc_info()  # type: ignore[return-value]
    raise AssertionError("all of it was stored")


def logged(error: ExcInfo, *, terminal: bool) -> str:
    line: Any = {"event": "update failed", "exc_info": error}
    for render in renderers(terminal=terminal):
        line = render(None, "error", line)
    return str(line)


def by_a_library(error: ExcInfo) -> str:
    record = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, "lost", None, error)
    return LibraryFormatter("%(message)s").format(record)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"number": 1, "words": WRITTEN}] * 2, "duplicate key value violates unique constraint"),
        ([{"number": None, "words": WRITTEN}], "violates not-null constraint"),
        ([{"number": WRITTEN, "words": ""}], "invalid input for query argument $1"),
    ],
    ids=["duplicate", "null", "argument"],
)
async def test_no_line_has_what_was_written(
    engine: AsyncEngine, rows: list[dict[str, Any]], said: str
) -> None:
    error = await broken(engine, *rows)
    lines = [logged(error, terminal=True), logged(error, terminal=False), by_a_library(error)]
    for line in lines:
        assert "hush" not in line
        assert said in line
        assert "INSERT INTO notes" in line
        assert "The above exception was the direct cause" in line


@dataclass
class Note:
    """What a stored value is read as."""

    number: int


@pytest.mark.parametrize("stored", [{"number": WRITTEN}, WRITTEN], ids=["a field", "all of it"])
def test_no_line_has_what_could_not_be_read(stored: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Note).validate_python(stored)
    error: ExcInfo = (caught.type, caught.value, caught.tb)
    for line in (logged(error, terminal=True), logged(error, terminal=False), by_a_library(error)):
        assert "hush" not in line
        assert "1 validation error for Note" in line

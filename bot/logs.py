"""Logs: lines for people on a terminal, JSON elsewhere. What people write is never in them."""

import logging
import re
import sys
import traceback
from typing import Any, TextIO

import structlog
from structlog.typing import ExcInfo, Processor

#: The values of a row that PostgreSQL quotes, whatever lines they have, up to what a traceback has behind.
_DETAIL = re.compile(
    r"""
    \n[ |]*DETAIL:\ .*?
    (?=
        \n[ |]*(?:HINT:\ |\[SQL:\ |\(Background\ on|\+-)
        | \n[ |]*\n[ |]*(?:The\ above\ exception|During\ handling)
        | \Z
    )
    """,
    re.DOTALL | re.VERBOSE,
)
#: The value that asyncpg could not send.
_ARGUMENT = re.compile(r"(invalid input for query argument \$\d+): .*")

#: The value that pydantic did not take.
_INPUT = re.compile(r"input_value=.*, (?=input_type=)")


def configure(level: str) -> None:
    """Set up logging for the whole process."""
    number = logging.getLevelNamesMapping()[level]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LibraryFormatter("%(name)s: %(message)s"))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers(terminal=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def renderers(*, terminal: bool) -> list[Processor]:
    """What makes a line of an event."""
    if terminal:
        return [structlog.dev.ConsoleRenderer(exception_formatter=_write_traceback)]
    return [
        structlog.processors.ExceptionRenderer(_traceback),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


class LibraryFormatter(logging.Formatter):
    """For the libraries' own loggers."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return _without_values(super().formatException(ei))


def _write_traceback(to: TextIO, error: ExcInfo) -> None:
    to.write("\n" + _traceback(error))


def _traceback(exc_info: ExcInfo) -> str:
    return _without_values("".join(traceback.format_exception(*exc_info)).rstrip("\n"))


def _without_values(text: str) -> str:
    return _INPUT.sub("", _ARGUMENT.sub(r"\1", _DETAIL.sub("", text)))

"""Text files read line by line, with every bad line told at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong in a file and how to mend it; ``line`` None speaks of the file as a whole."""

    path: Path
    message: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        where = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return ": ".join(part for part in (where, self.field, self.message) if part)


class BadFileError(Exception):
    """The file cannot be used; ``problems`` says why, line by line."""

    def __init__(self, *problems: LineProblem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class BadLineError(Exception):
    """One line cannot be used: the field at fault, and what is wrong and how to mend it."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def read_lines(path: Path, parse: Callable[[int, str], T]) -> list[T]:
    """What ``parse(line number, line)`` makes of each line that is not blank.

    Raises BadFileError with all problems at once: for each line that raised BadLineError, and for a file that
    cannot be read, is no UTF-8 or has no lines.
    """
    good: list[T] = []
    problems: list[LineProblem] = []
    for number, line in _numbered(path):
        try:
            good.append(parse(number, line))
        except BadLineError as error:
            problems.append(LineProblem(path, error.message, number, error.field))
    if not good and not problems:
        problems.append(LineProblem(path, "there is nothing in it; write one entry on each line"))
    if problems:
        raise BadFileError(*problems)
    return good


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = error.object[: error.start].count(b"\n") + 1
        raise BadFileError(LineProblem(path, "this is no UTF-8; save the file as UTF-8", place)) from error
    except OSError as error:
        message = f"cannot be read ({error.strerror}); check the path"
        raise BadFileError(LineProblem(path, message)) from error
    yield from ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())

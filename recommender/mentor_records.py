"""Taking a mentor file apart into records, a line at a time: encodings, delimiters, quotes, JSON lines.

Memory stays bounded whatever the file holds: a line, and a record of several lines, have a greatest length.
What one record gets wrong never costs the good ones after it.
"""

import codecs
import csv
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from pathlib import Path

MAX_LINE = 1_000_000
MAX_RECORD_LINES = 300
_CHUNK = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ASCII = bytes(range(128))
_RUSSIAN = re.compile(r"[А-Яа-яЁё«»„“”’—–…№]")
_SWAPPED = re.compile(r"\b[а-яё][А-ЯЁ]{2,}")
_CAPITALISED = re.compile(r"\b[А-ЯЁ][а-яё]{2,}")


class MentorFileError(Exception):
    """The mentor file cannot be read as a whole; the message says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record, by the names of the file's own columns."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A record that was refused: where, and a sentence that says what is wrong and how to mend it.

    ``external_id`` is whose record it is, where it could be told.
    """

    line: int
    column: str | None
    message: str
    external_id: str | None = None


class TooLongError(Exception):
    """A line or a record is longer than anything a mentor can be."""


class Lines:
    """The physical lines of a text, counted; lines may be put back to be read again."""

    def __init__(self, stream: TextIOWrapper) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if len(self.taken) > MAX_RECORD_LINES or (
            len(self.taken) > 1 and sum(map(len, self.taken)) > MAX_LINE
        ):
            raise TooLongError
        return line

    def _read(self) -> str:
        line = self._stream.readline(MAX_LINE)
        if len(line) == MAX_LINE and not line.endswith("\n"):
            self._skip_rest()
            self.number += 1
            self.taken.append("\n")
            raise TooLongError
        return line

    def _skip_rest(self) -> None:
        while (rest := self._stream.readline(MAX_LINE)) and not rest.endswith("\n"):
            pass

    def begin_record(self) -> None:
        """Forget the lines of the record before."""
        self.taken.clear()

    def put_back(self) -> None:
        """Give all lines of this record but the first back: the record was broken, they may not be."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1


def encoding_of(path: Path) -> str:
    """UTF-16 by its mark, else UTF-8 if it is, else Windows-1251 if that reads as Russian."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in _UTF16:
        return "utf-16"
    high, broken = _utf8_figures(path)
    # A few broken bytes in a UTF-8 file are for their rows to answer for.
    if broken * 10 <= high:
        return "utf-8-sig"
    _check_cp1251(path)
    return "cp1251"


def _utf8_figures(path: Path) -> tuple[int, int]:
    """How many bytes are beyond ASCII, and how many of the file's bytes are no UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    high = broken = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            high += len(chunk.translate(None, _ASCII))
            broken += decoder.decode(chunk).count("\ufffd")
    return high, broken + decoder.decode(b"", final=True).count("\ufffd")


def _check_cp1251(path: Path) -> None:
    with path.open("rb") as file:
        text = file.read(_CHUNK).decode("cp1251", "replace")
    beyond = sum(char > "\x7f" for char in text)
    russian = len(_RUSSIAN.findall(text))
    # KOI8-R read as Windows-1251 is Russian letters too, but in each other's case: «оЕТР» for «Пётр».
    swapped = len(_SWAPPED.findall(text)) > len(_CAPITALISED.findall(text))
    if russian < 0.85 * beyond or swapped:
        raise MentorFileError(f"{path}: neither UTF-8 nor Windows-1251; save the file as UTF-8 and try again")


def check_file(path: Path) -> None:
    """A readable regular file with something in it, or a sentence why not."""
    if path.is_dir():
        raise MentorFileError(f"{path}: this is a directory; name a CSV or JSON lines file in it")
    try:
        with path.open("rb") as file:
            head = file.read(_CHUNK)
    except FileNotFoundError as error:
        raise MentorFileError(f"{path}: there is no such file; check the path") from error
    except OSError as error:
        raise MentorFileError(f"{path}: cannot be read: {error.strerror}") from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise MentorFileError(f"{path}: the file is empty; the first line must name the columns")
    if head[:2] not in _UTF16 and _looks_binary(head):
        raise MentorFileError(f"{path}: this is no text; export the table as CSV in UTF-8")


def _looks_binary(head: bytes) -> bool:
    """Whether already the first line is no text; what is wrong further on is for its row to answer for."""
    first = head.lstrip(b"\r\n").partition(b"\n")[0]
    control = first.translate(None, bytes(range(0x20, 0x100)) + b"\t\r")
    return head.startswith(b"PK\x03\x04") or len(control) * 20 > len(first)


def open_text(raw: BufferedReader, encoding: str) -> TextIOWrapper:
    """The bytes as text; what cannot be decoded becomes U+FFFD, for its row to answer for."""
    return TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")


def csv_records(lines: Lines, columns: list[str], delimiter: str) -> Iterator[Record | RowProblem]:
    """The records after the header of a CSV text."""
    rows = _CsvRows(lines, columns, delimiter)
    while (found := rows.next()) is not None:
        if isinstance(found, RowProblem) and rows.torn:
            yield from rows.mend(found)
        elif isinstance(found, RowProblem) or any(found.cells.values()):
            yield found


class _CsvRows:
    """Reads one record after another. A quote never closed must not swallow the rest of the file."""

    def __init__(self, lines: Lines, columns: list[str], delimiter: str) -> None:
        self._lines = lines
        self._columns = columns
        self._delimiter = delimiter
        self._reader = self._new_reader()
        self.torn = False

    def _new_reader(self) -> "Iterator[list[str]]":
        return csv.reader(self._lines, delimiter=self._delimiter, strict=True)

    def next(self) -> Record | RowProblem | None:
        """The next record, or what is wrong with it; None at the end.

        ``torn`` then says that its quotes reached into the lines after it.
        """
        self._lines.begin_record()
        self.torn = False
        try:
            row = next(self._reader, None)
        except TooLongError:
            return self._broken(
                f"longer than {MAX_LINE:,} characters or {MAX_RECORD_LINES} lines; shorten it"
            )
        except csv.Error as error:
            return self._broken(f"not valid CSV ({error}); shorten the field, or double each quote in it")
        if row is None:
            return None
        return self._record(row)

    def _record(self, row: list[str]) -> Record | RowProblem:
        line = self._lines.number - len(self._lines.taken) + 1
        extra = row[len(self._columns) :]
        if (len(row) < len(self._columns) and row) or any(extra):
            if len(self._lines.taken) > 1:
                return self._broken("of another number of columns than the header; a quote may be missing")
            return RowProblem(line, None, self._ragged(len(row)))
        return Record(line, dict(zip(self._columns, row, strict=False)))

    def _ragged(self, found: int) -> str:
        return (
            f"the row has {found} columns, the header has {len(self._columns)}; "
            f"put a field that contains {self._delimiter!r} in double quotes, or add what is missing"
        )

    def _broken(self, complaint: str) -> RowProblem:
        self.torn = len(self._lines.taken) > 1
        self._lines.put_back()
        self._reader = self._new_reader()
        quote = "a quote opened in this row is not closed where it should be: " if self.torn else ""
        return RowProblem(self._lines.number, None, f"{quote}the row is {complaint}")

    def mend(self, problem: RowProblem) -> Iterator[Record | RowProblem]:
        """Leave out what belongs to the broken row, up to the next good one, and say so."""
        last = problem.line
        found = self.next()
        while isinstance(found, RowProblem):
            last = self._lines.number
            found = self.next()
        left_out = f"; lines {problem.line} to {last} were left out" if last > problem.line else ""
        yield RowProblem(problem.line, None, problem.message + left_out)
        if found is not None and any(found.cells.values()):
            yield found


def json_records(lines: Lines) -> Iterator[Record | RowProblem]:
    """The records of JSON lines."""
    while True:
        lines.begin_record()
        try:
            line = next(lines, None)
            if line is None:
                return
            if line.strip():
                yield Record(lines.number, _cells(json.loads(line, parse_constant=_no_constant)))
        except TooLongError:
            yield RowProblem(
                lines.number, None, f"the line is longer than {MAX_LINE:,} characters; shorten it"
            )
        except json.JSONDecodeError as error:
            message = f"not valid JSON ({error.msg} at character {error.colno}); write one object on one line"
            yield RowProblem(lines.number, None, message)
        except (ValueError, RecursionError) as error:
            yield RowProblem(lines.number, None, str(error))


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no value; write a number or null")


def _cells(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError('each line must be one JSON object, such as {"name": "…", "title": "…"}')
    return {key: _cell(key, content) for key, content in value.items()}


def _cell(key: str, content: object) -> str:
    if content is None:
        return ""
    if isinstance(content, list) and not any(isinstance(one, list | dict) for one in content):
        return "\n".join(_cell(key, one) for one in content)
    if isinstance(content, str | int | float) and not isinstance(content, bool):
        return str(content)
    raise ValueError(f"{key} must be a text, a number or a list of texts")

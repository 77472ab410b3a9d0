"""Mentors read from a CSV or JSON lines file and brought to the recommender's vocabulary. See docs/import.md.

Pure parsing: nothing is stored here, and a bad row is told apart from the good ones, never stopping them.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from recommender.mentor_records import (
    Lines,
    MentorFileError,
    Record,
    RowProblem,
    check_file,
    csv_records,
    encoding_of,
    json_records,
    open_text,
)
from recommender.mentor_row import MentorRow, RefusedError, RowReader
from recommender.mentor_values import named, vocabulary
from recommender.model import Mentor, MentorId
from recommender.taxonomy import Taxonomy

__all__ = [
    "COLUMNS",
    "MentorFile",
    "MentorFileError",
    "MentorRow",
    "RowProblem",
    "as_mentor",
    "open_mentor_file",
]

COLUMNS: tuple[str, ...] = tuple(vocabulary()["columns"])
"""The columns a file may have, by their own names; docs/import.md explains them."""

_REQUIRED = ("name", "title")
_DELIMITERS = (",", ";", "\t")


@dataclass
class MentorFile:
    """A mentor file, its header read. Iterating reads it from the start, a row at a time.

    ``columns`` are the file's own names. ``unknown_columns`` are those that mean nothing to us; in JSON
    lines, where every object may have others, it grows while the rows are read. ``position`` of
    ``total_bytes`` says how far the reading has come.
    """

    path: Path
    taxonomy: Taxonomy
    encoding: str
    delimiter: str | None
    columns: tuple[str, ...]
    total_bytes: int
    position: int = 0
    _meanings: dict[str, str | None] = field(default_factory=dict)

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """The file's columns that were not used, as the file calls them."""
        return tuple(column for column, meaning in self._meanings.items() if meaning is None)

    def __iter__(self) -> Iterator[MentorRow | RowProblem]:
        reader = RowReader(self.taxonomy)
        with self._lines() as (lines, tell):
            for record in self._records(lines):
                yield record if isinstance(record, RowProblem) else self._row(record, reader)
                self.position = tell()
        self.position = self.total_bytes

    @contextmanager
    def _lines(self) -> Iterator[tuple[Lines, Callable[[], int]]]:
        with self.path.open("rb") as raw, open_text(raw, self.encoding) as stream:
            yield Lines(stream), raw.tell

    def _records(self, lines: Lines) -> Iterator[Record | RowProblem]:
        if self.delimiter is None:
            return json_records(lines)
        _skip_header(lines)
        return csv_records(lines, list(self.columns), self.delimiter)

    def _row(self, record: Record, reader: RowReader) -> MentorRow | RowProblem:
        try:
            return reader.read(record.line, self._known_cells(record.cells))
        except RefusedError as refused:
            return RowProblem(record.line, refused.column, refused.message, self._id_of(record))

    def _id_of(self, record: Record) -> str | None:
        """The id of a refused record, spelt as it is stored."""
        cells = (cell for column, cell in record.cells.items() if self._meaning(column) == "external_id")
        return " ".join(next(cells, "").split()) or None

    def _known_cells(self, cells: Mapping[str, str]) -> dict[str, str]:
        known: dict[str, str] = {}
        for column, cell in cells.items():
            meaning = self._meaning(column)
            if meaning in known:
                raise RefusedError(meaning, f"given twice, here as {column!r}; keep one of them")
            if meaning is not None:
                known[meaning] = cell
        return known

    def _meaning(self, column: str) -> str | None:
        if column not in self._meanings:
            self._meanings[column] = named("columns").whole(column)
        return self._meanings[column]

    def check_header(self) -> None:
        """Every needed column is there, and none twice."""
        meant: dict[str, str] = {}
        for column in self.columns:
            meaning = self._meaning(column)
            if meaning in meant:
                both = f"{meant[meaning]!r} and {column!r}"
                raise MentorFileError(f"{self.path}: the columns {both} both mean {meaning}; remove one")
            if meaning is not None:
                meant[meaning] = column
        missing = [column for column in _REQUIRED if column not in meant]
        if missing:
            raise MentorFileError(
                f"{self.path}: the first line names no column {' or '.join(missing)};"
                f" it must name name, title, and skills or directions (docs/import.md lists other spellings)"
            )


def open_mentor_file(path: Path, taxonomy: Taxonomy) -> MentorFile:
    """Open a file and read its header.

    Raises:
        MentorFileError: the file as a whole cannot be read: missing, a directory, empty, binary, in an
            unknown encoding, without the needed columns, or a JSON array instead of JSON lines.
    """
    check_file(path)
    encoding = encoding_of(path)
    with path.open("rb") as raw, open_text(raw, encoding) as stream:
        first = _first_line(stream.readline)
    if first.lstrip().startswith("["):
        raise MentorFileError(f"{path}: this is a JSON array; write one object on each line, without [ and ]")
    size = path.stat().st_size
    if first.lstrip().startswith("{"):
        return MentorFile(path, taxonomy, encoding, None, (), size)
    delimiter = max(_DELIMITERS, key=lambda one: _known_names(first, one))
    columns = _split(path, first, delimiter)
    file = MentorFile(path, taxonomy, encoding, delimiter, columns, size)
    file.check_header()
    return file


def _first_line(readline: Callable[[int], str]) -> str:
    while line := readline(1_000_000):
        if line.strip():
            return line
    return ""


def _skip_header(lines: Lines) -> None:
    """Read past the header, and the blank lines before it."""
    for line in lines:
        lines.begin_record()
        if line.strip():
            return


def _known_names(header: str, delimiter: str) -> int:
    """How many columns the header names if this parts them: what tells the delimiter."""
    return sum(
        named("columns").whole(column) is not None for column in header.replace('"', "").split(delimiter)
    )


def _split(path: Path, header: str, delimiter: str) -> tuple[str, ...]:
    try:
        columns = next(csv.reader([header], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise MentorFileError(f"{path}: line 1: the names of the columns are no CSV ({error})") from error
    named_ones = [column.strip() for column in columns]
    while named_ones and not named_ones[-1]:
        named_ones.pop()
    return tuple(named_ones)


def as_mentor(row: MentorRow, mentor_id: MentorId) -> Mentor:
    """The row as the recommender's mentor, under an id of the caller's choice."""
    return Mentor(
        id=mentor_id,
        title=row.title,
        company=row.company,
        about=row.about,
        directions=row.directions,
        skills=row.skills,
        free_skills=row.free_skills,
        years=row.years,
        level=row.level,
        helps_levels=row.helps_levels,
        goals=row.goals,
        formats=row.formats,
        languages=row.languages,
        timezone=row.timezone,
        price=_number(row.price),
        currency=row.currency,
        price_unit=row.price_unit,
        capacity=row.capacity,
        tier=row.tier,
        reviews_count=row.reviews_count,
        rating_sum=row.rating_sum,
    )


def _number(price: Decimal | None) -> float | None:
    return None if price is None else float(price)

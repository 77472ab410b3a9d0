"""Run and qrels files as TREC has them, which the field's tools read and write.

A run has ``query Q0 document rank score tag`` on each line, qrels ``query iteration document grade``, with
blanks between. As in trec_eval, the order of a run is that of its scores, whatever the ranks say; ties are
ordered by rank.
"""

import math
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from recommender.lines import BadFileError, BadLineError, LineProblem, read_lines

_STEP: Final = 1e-6
_RUN: Final = ("query", "Q0", "document", "rank", "score", "tag")
_QRELS: Final = ("query", "iteration", "document", "grade")


def read_run(path: Path) -> dict[str, list[str]]:
    """The documents of each query, best first. Raises BadFileError with every bad line."""
    seen: dict[tuple[str, str], int] = {}
    scored: dict[str, list[tuple[float, int, str]]] = {}
    for query, key, document in read_lines(path, lambda number, line: _run_line(number, line, seen)):
        scored.setdefault(query, []).append((*key, document))
    return {query: [document for _, _, document in sorted(entries)] for query, entries in scored.items()}


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """The grades of each query's documents. Raises BadFileError with every bad line."""
    seen: dict[tuple[str, str], int] = {}
    qrels: dict[str, dict[str, int]] = {}
    for query, document, grade in read_lines(path, lambda number, line: _qrels_line(number, line, seen)):
        qrels.setdefault(query, {})[document] = grade
    return qrels


def write_run(path: Path, rankings: Iterable[tuple[str, Sequence[tuple[str, float]]]], tag: str) -> None:
    """Write documents with scores, best first, for each query; the file appears whole or not at all.

    A score that is not below the one before it is lowered to just below, so that sorting by score gives the
    order shown. Raises BadFileError where the file cannot be written, ValueError for a name with blanks.
    """
    lines = [line for query, scored in rankings for line in _run_lines(query, scored, tag)]
    try:
        _write_whole(path, "".join(lines))
    except OSError as error:
        message = f"cannot be written ({error.strerror}); check the folder and its permissions"
        raise BadFileError(LineProblem(path, message)) from error


def _run_lines(query: str, scored: Sequence[tuple[str, float]], tag: str) -> Iterable[str]:
    ceiling = math.inf
    for rank, (document, score) in enumerate(scored, 1):
        for name in (query, document, tag):
            if name.split() != [name]:
                raise ValueError(f"{name!r} cannot stand in a run: it is empty or has blanks in it")
        ceiling = min(score, ceiling - _STEP)
        yield f"{query} Q0 {document} {rank} {ceiling:.6f} {tag}\n"


def _write_whole(path: Path, text: str) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _run_line(number: int, line: str, seen: dict[tuple[str, str], int]) -> tuple[str, tuple[float, int], str]:
    """The query, what to sort by, and the document."""
    cells = _cells(line, _RUN)
    _check_new(number, cells, seen)
    score = _number(cells, "score", float)
    return cells["query"], (-score, int(_number(cells, "rank", int))), cells["document"]


def _qrels_line(number: int, line: str, seen: dict[tuple[str, str], int]) -> tuple[str, str, int]:
    cells = _cells(line, _QRELS)
    _check_new(number, cells, seen)
    return cells["query"], cells["document"], int(_number(cells, "grade", int))


def _cells(line: str, names: tuple[str, ...]) -> dict[str, str]:
    cells = line.split()
    if len(cells) != len(names):
        raise BadLineError(None, f"{len(cells)} fields where there should be {len(names)}: {' '.join(names)}")
    return dict(zip(names, cells, strict=True))


def _number(cells: Mapping[str, str], name: str, kind: type[int] | type[float]) -> float:
    try:
        value = kind(cells[name])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        what = "a whole number" if kind is int else "a number"
        raise BadLineError(name, f"{cells[name]!r} is not {what}; write one")
    return value


def _check_new(number: int, cells: Mapping[str, str], seen: dict[tuple[str, str], int]) -> None:
    pair = (cells["query"], cells["document"])
    first = seen.setdefault(pair, number)
    if first != number:
        message = f"{pair[1]!r} is given for query {pair[0]!r} in line {first} already; keep one of the two"
        raise BadLineError("document", message)

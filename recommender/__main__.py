"""The recommender on files: ``python -m recommender rank`` and ``evaluate``."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table

from recommender.lines import BadFileError, LineProblem
from recommender.mentor_file import MentorFileError, MentorRow, RowProblem, as_mentor, open_mentor_file
from recommender.metrics import METRICS
from recommender.metrics import evaluate as evaluated
from recommender.model import MentorId, Request
from recommender.ranking import recommend
from recommender.request_file import read_requests
from recommender.snapshot import Snapshot, compile_snapshot
from recommender.taxonomy import Taxonomy, load_default
from recommender.trec import read_qrels, read_run, write_run
from recommender.weights import MODEL

T = TypeVar("T")
U = TypeVar("U")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Depth = Annotated[int, typer.Option("-k", min=1, help="How many mentors for each request.")]
Depths = Annotated[
    list[int] | None, typer.Option("-k", min=1, help="Cut-off, 10 if not given; may be repeated.")
]


@app.callback()
def about() -> None:
    """Rank mentors for students' requests, and judge rankings. Files in, files out."""


@app.command()
def rank(
    mentors: Annotated[Path, typer.Option(help="Mentors, CSV or JSON lines (docs/import.md).")],
    requests: Annotated[Path, typer.Option(help="Requests, JSON lines (docs/recommender.md).")],
    run: Annotated[Path, typer.Option(help="The TREC run file to write.")],
    k: Depth = 10,
) -> None:
    """Write the k best mentors for each request; mentors are named by external_id or line number."""
    taxonomy = load_default()
    with _problems_told():
        rows, asked = _both(
            partial(_read_mentors, mentors, taxonomy), partial(read_requests, requests, taxonomy)
        )
        names = _names(rows)
        catalogue = (as_mentor(row, MentorId(row.line)) for row in rows)
        snapshot = compile_snapshot(catalogue, taxonomy, at=datetime.now(UTC))
        rankings = [(request.id, _ranking(snapshot, request, k, names)) for request in asked]
        write_run(run, rankings, MODEL)
    print(f"{run}: {len(rankings)} requests over {len(snapshot)} mentors", file=sys.stderr)


@app.command()
def evaluate(
    qrels: Annotated[Path, typer.Option(help="Judgments, a TREC qrels file.")],
    run: Annotated[Path, typer.Option(help="Rankings, a TREC run file.")],
    k: Depths = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Print precision, recall, nDCG, MAP, MRR and coverage at each k, the mean over all judged requests."""
    with _problems_told():
        judgments, rankings = _both(partial(read_qrels, qrels), partial(read_run, run))
    values = {depth: evaluated(rankings, judgments, depth) for depth in k or [10]}
    if as_json:
        flat = {f"{name}@{depth}": value for depth, row in values.items() for name, value in row.items()}
        print(json.dumps({"queries": len(judgments), **flat}))
    else:
        Console().print(_table(values, len(judgments)))


def _table(values: Mapping[int, Mapping[str, float]], queries: int) -> Table:
    table = Table(title=f"Mean of {queries} queries", title_justify="left")
    table.add_column("metric")
    for depth in values:
        table.add_column(f"@{depth}", justify="right")
    for name in (*METRICS, "coverage"):
        table.add_row(name, *(f"{row[name]:.4f}" for row in values.values()))
    return table


@contextmanager
def _problems_told() -> Iterator[None]:
    """Ends the program with code 2 and every problem on a line of its own."""
    try:
        yield
    except BadFileError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error


def _both(first: Callable[[], T], second: Callable[[], U]) -> tuple[T, U]:
    """The results of both readers, or the problems of both."""
    try:
        one = first()
    except BadFileError as error:
        try:
            second()
        except BadFileError as other:
            raise BadFileError(*error.problems, *other.problems) from error
        raise
    return one, second()


def _read_mentors(path: Path, taxonomy: Taxonomy) -> list[MentorRow]:
    rows: list[MentorRow] = []
    problems: list[LineProblem] = []
    try:
        for row in open_mentor_file(path, taxonomy):
            if isinstance(row, RowProblem):
                problems.append(LineProblem(path, row.message, row.line, row.column))
            else:
                rows.append(row)
    except MentorFileError as error:
        raise BadFileError(LineProblem(path, str(error).removeprefix(f"{path}: "))) from error
    if problems:
        raise BadFileError(*problems)
    return rows


def _names(rows: Sequence[MentorRow]) -> dict[MentorId, str]:
    """What each mentor is called in a run: the external id, its blanks as %20, or the line number.

    A line number that is another mentor's external id gets "line" before it.
    """
    given = {row.external_id for row in rows}
    return {MentorId(row.line): _name(row, given) for row in rows}


def _name(row: MentorRow, given: set[str | None]) -> str:
    if row.external_id is not None:
        return re.sub(r"\s", lambda blank: quote(blank[0]), row.external_id)
    return f"line{row.line}" if str(row.line) in given else str(row.line)


def _ranking(
    snapshot: Snapshot, request: Request, k: int, names: Mapping[MentorId, str]
) -> list[tuple[str, float]]:
    return [(names[card.mentor_id], card.score) for card in recommend(snapshot, request, k=k).cards]


if __name__ == "__main__":
    app()

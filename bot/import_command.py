"""``import-mentors`` on the command line: a bar while it runs, problems on stderr, a summary on stdout."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncEngine

from recommender.mentor_file import MentorFileError, RowProblem, open_mentor_file
from recommender.taxonomy import Taxonomy
from usecases.import_mentors import ImportRefusedError, ImportReport, import_mentors

DONE = 0
REFUSED = 1
UNREADABLE = 2


async def run_import(
    engine: AsyncEngine,
    path: Path,
    taxonomy: Taxonomy,
    *,
    dry_run: bool,
    strict: bool,
    deactivate_missing: bool,
    announce: bool | None = None,
    console: Console,
) -> int:
    """Import a file and tell of it; returns the exit code.

    0: imported, though single rows may have been refused; 1: nothing imported, because of ``strict`` or
    because no row was good; 2: the file cannot be read. ``console`` takes the summary; the bar and what went
    wrong go to stderr.
    """
    errors = Console(stderr=True, soft_wrap=True)
    try:
        file = open_mentor_file(path, taxonomy)
        with _progress(errors) as progress:
            told = _Told(progress, path, file.total_bytes)
            report = await import_mentors(
                engine,
                file,
                dry_run=dry_run,
                strict=strict,
                deactivate_missing=deactivate_missing,
                announce=announce,
                on_progress=told.on_progress,
                on_problem=told.on_problem,
            )
    except MentorFileError as error:
        errors.print(_printable(str(error)))
        return UNREADABLE
    except ImportRefusedError as error:
        errors.print(_printable(str(error)))
        return REFUSED
    _print_report(console, report)
    return DONE


class _Told:
    """What is told while an import runs: how far it is, and each problem above the bar."""

    def __init__(self, progress: Progress, path: Path, total: int) -> None:
        self._progress = progress
        self._path = path
        self._task = progress.add_task(path.name, total=total)

    def on_progress(self, position: int, total: int) -> None:
        self._progress.update(self._task, completed=position, total=total)

    def on_problem(self, problem: RowProblem) -> None:
        column = f"{problem.column}: " if problem.column else ""
        self._progress.console.print(_printable(f"{self._path}:{problem.line}: {column}{problem.message}"))


def _progress(console: Console) -> Progress:
    # Without a terminal there would be nothing but the last state of the bar, in the middle of the problems.
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _print_report(console: Console, report: ImportReport) -> None:
    console.print(_counts(report))
    if report.dry_run:
        console.print("Nothing was stored: this is what an import without --dry-run would do.")
    if report.missing_but_kept:
        console.print(
            f"Active mentors not among the good rows: {report.missing_but_kept}. None was deactivated,"
            " because a refused row without an id may be theirs; mend the rows listed above and import again."
        )
    if report.unknown_columns:
        console.print(_printable(f"Left out, not known as columns: {', '.join(report.unknown_columns)}"))
    if report.unknown_skills:
        console.print("Skills that are not in the taxonomy, kept as written:")
        console.print(_unknown_skills(report))


def _counts(report: ImportReport) -> Table:
    table = Table(title="Dry run" if report.dry_run else "Imported", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, count in (
        ("added", report.added),
        ("updated", report.updated),
        ("returned", report.returned),
        ("unchanged", report.unchanged),
        ("deactivated", report.deactivated),
        ("to be announced in the channel", report.announced),
        ("rows refused", report.refused),
    ):
        table.add_row(name, str(count))
    return table


def _unknown_skills(report: ImportReport) -> Table:
    more = report.unknown_skills_in_all - len(report.unknown_skills)
    table = Table(caption=f"and {more} more" if more else None)
    table.add_column("skill")
    table.add_column("mentors", justify="right")
    for skill in report.unknown_skills:
        table.add_row(_printable(skill.text), str(skill.count))
    return table


def _printable(text: str) -> Text:
    """Words of a file as they are: never a terminal's control sequence, never rich's markup."""
    return Text("".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text))

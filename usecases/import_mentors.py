"""Importing mentors: all of a file in one transaction, read and stored portion by portion."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import imports
from recommender.mentor_file import MentorFile, MentorRow, RowProblem
from usecases.errors import UseCaseError
from usecases.incoming_mentors import IncomingMentor, incoming

#: A portion ends with whichever comes first, so that long rows need no more memory than short ones.
_PORTION_ROWS = 2_000
_PORTION_BYTES = 4_000_000

#: How many unknown skills a report names.
NAMED_UNKNOWN_SKILLS = 20


class ImportRefusedError(UseCaseError):
    """Nothing was imported; the message says why and how to mend it."""


class StrictImportError(ImportRefusedError):
    """A strict import met rows that it refused. Each of them has been reported."""

    def __init__(self, refused: int) -> None:
        rows = "1 row was" if refused == 1 else f"{refused} rows were"
        super().__init__(
            f"Nothing was imported: {rows} refused, and the import is strict."
            " Mend what is listed above, or import without --strict to store the good rows."
        )
        self.refused = refused


class NoGoodRowError(ImportRefusedError):
    """There is no good row in the file, so that there is nothing to import."""

    def __init__(self, refused: int) -> None:
        why = f"all {refused} were refused" if refused else "it has a header only"
        super().__init__(
            f"Nothing was imported, and no mentor removed: there is no good row in the file ({why})."
        )
        self.refused = refused


@dataclass(frozen=True, slots=True)
class UnknownSkill:
    """A skill the taxonomy does not know, in its most frequent spelling, and how many mentors name it."""

    text: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do. Every row is counted once.

    ``returned`` were removed by an earlier import and are in the file again. ``missing_but_kept`` would have
    been deactivated, had no row been refused without an id: it may be theirs. ``announced`` of those added
    wait for their turn in the channel. ``unknown_skills`` are the most frequent of ``unknown_skills_in_all``
    different ones.
    """

    dry_run: bool
    added: int
    updated: int
    returned: int
    unchanged: int
    deactivated: int
    missing_but_kept: int
    announced: int
    refused: int
    unknown_skills: tuple[UnknownSkill, ...]
    unknown_skills_in_all: int
    unknown_columns: tuple[str, ...]


async def import_mentors(
    engine: AsyncEngine,
    file: MentorFile,
    *,
    dry_run: bool,
    strict: bool,
    deactivate_missing: bool,
    announce: bool | None = None,
    on_progress: Callable[[int, int], None],
    on_problem: Callable[[RowProblem], None],
) -> ImportReport:
    """Store every good row of the file, or nothing at all.

    ``announce``: whether added mentors are announced in the channel; None: unless these are the first.
    ``on_problem`` hears of every refused row as it is met, ``on_progress`` after every portion how many bytes
    of how many were read. An error raised by either ends the import with nothing stored.

    Raises:
        StrictImportError: ``strict``, and a row was refused.
        NoGoodRowError: no row was good.
        MentorFileError: the file turned out unreadable on the way.
    """
    sieve = _Sieve(on_problem)
    async with engine.connect() as connection, connection.begin() as transaction:
        await imports.prepare(connection)
        for portion in _portions(file):
            await imports.stage(connection, [each.values for each in sieve.good(portion)])
            on_progress(file.position, file.total_bytes)
        sieve.check(strict=strict)
        merged = await _merge(connection, sieve, deactivate_missing=deactivate_missing, announce=announce)
        skills, in_all = await imports.unknown_skills(connection, NAMED_UNKNOWN_SKILLS)
        if dry_run:
            await transaction.rollback()
    return ImportReport(
        dry_run=dry_run,
        **merged,
        refused=sieve.refused,
        unknown_skills=tuple(UnknownSkill(*skill) for skill in skills),
        unknown_skills_in_all=in_all,
        unknown_columns=file.unknown_columns,
    )


def _portions(file: MentorFile) -> Iterator[list[MentorRow | RowProblem]]:
    portion: list[MentorRow | RowProblem] = []
    start = file.position
    for item in file:
        portion.append(item)
        if len(portion) >= _PORTION_ROWS or file.position - start >= _PORTION_BYTES:
            yield portion
            portion, start = [], file.position
    if portion:
        yield portion


class _Sieve:
    """Tells rows to store from rows to refuse, which it reports and counts."""

    def __init__(self, on_problem: Callable[[RowProblem], None]) -> None:
        self.refused = 0
        #: Whose rows were refused, as far as that could be told.
        self.refused_ids: list[str] = []
        self._on_problem = on_problem
        self._lines: dict[str, int] = {}

    def good(self, portion: list[MentorRow | RowProblem]) -> Iterator[IncomingMentor]:
        """The rows of a portion that can be stored."""
        for item in portion:
            found = item if isinstance(item, RowProblem) else self._judge(item)
            if isinstance(found, IncomingMentor):
                yield found
            else:
                self._refuse(found)

    def check(self, *, strict: bool) -> None:
        """Refuse the file as a whole, after its last row."""
        if strict and self.refused:
            raise StrictImportError(self.refused)
        if not self._lines:
            raise NoGoodRowError(self.refused)

    def _refuse(self, problem: RowProblem) -> None:
        self.refused += 1
        if problem.external_id is not None:
            self.refused_ids.append(problem.external_id)
        self._on_problem(problem)

    def _judge(self, row: MentorRow) -> IncomingMentor | RowProblem:
        found = incoming(row)
        if isinstance(found, RowProblem):
            return found
        first = self._lines.setdefault(found.external_id, found.line)
        return found if first == found.line else _twice(row, found.external_id, first)


def _twice(row: MentorRow, external_id: str, first: int) -> RowProblem:
    if row.external_id:
        what = f"{row.external_id!r} is the id of line {first} too"
    else:
        same = f"telegram {row.telegram}" if row.telegram else "name and title"
        what = f"no id, and the same {same} as line {first}"
    return RowProblem(
        row.line, "external_id", f"{what}; remove one of the two, or give each an id of its own", external_id
    )


async def _merge(
    connection: AsyncConnection, sieve: _Sieve, *, deactivate_missing: bool, announce: bool | None
) -> Mapping[str, int]:
    """Bring the catalogue to what was staged. A statement that would change nothing is not made."""
    found = await imports.differences(connection)
    spared = sieve.refused_ids
    missing = await imports.count_missing(connection, spared) if deactivate_missing else 0
    # A refused row of nobody knows whom may be that of a mentor who seems to be missing.
    gone = missing if len(spared) == sieve.refused else 0
    # The first import fills the catalogue: nobody in it is news.
    news = announce if announce is not None else not await imports.is_first(connection)
    return {
        "added": await imports.add_new(connection, announce=news) if found.new else 0,
        "announced": found.new if news else 0,
        "returned": await imports.bring_back(connection) if found.removed else 0,
        "updated": await imports.change(connection) if found.changed else 0,
        "unchanged": found.incoming - found.new - found.removed - found.changed,
        "deactivated": await imports.remove_missing(connection, spared) if gone else 0,
        "missing_but_kept": missing - gone,
    }

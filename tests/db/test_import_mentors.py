"""The import against a real PostgreSQL: what it stores, what it leaves alone, what it never does by half."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_engine
from db.models import MENTORS_CHANGED
from recommender.mentor_file import RowProblem, open_mentor_file
from recommender.taxonomy import load_default
from usecases.import_mentors import (
    ImportReport,
    NoGoodRowError,
    StrictImportError,
    UnknownSkill,
    import_mentors,
)

_HEADER = "external_id,name,telegram,title,skills,price,about"
_ANNA = "m1,Anna,anna_codes,Backend developer,Python,3000,I review code"
_BORIS = "m2,Boris,,QA engineer,Selenium,2000,"
_CLARA = "m3,Clara,,Data engineer,Airflow,,"
_BAD_PRICE = "m4,Dina,,Designer,Figma,cheap,"


@dataclass
class Importer:
    """Imports lines of CSV and remembers the problems."""

    engine: AsyncEngine
    path: Path
    problems: list[RowProblem] = field(default_factory=list)

    async def __call__(
        self,
        *lines: str,
        dry_run: bool = False,
        strict: bool = False,
        deactivate_missing: bool = False,
        announce: bool | None = None,
        on_progress: Callable[[int, int], None] = lambda _position, _total: None,
    ) -> ImportReport:
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.problems.clear()
        return await import_mentors(
            self.engine,
            open_mentor_file(self.path, load_default()),
            dry_run=dry_run,
            strict=strict,
            deactivate_missing=deactivate_missing,
            announce=announce,
            on_progress=on_progress,
            on_problem=self.problems.append,
        )

    async def rows(self) -> dict[str, dict[str, Any]]:
        """Everything stored, by external id, read over a connection of its own."""
        async with self.engine.connect() as connection:
            result = await connection.execute(text("SELECT * FROM mentors ORDER BY id"))
            return {row["external_id"]: dict(row) for row in result.mappings()}

    async def queued(self) -> list[str]:
        """Whom the channel will hear of, in their order."""
        statement = (
            "SELECT external_id FROM announcements JOIN mentors ON mentors.id = mentor_id"
            " WHERE form IS NULL ORDER BY queued_at, mentor_id"
        )
        async with self.engine.connect() as connection:
            return list(await connection.scalars(text(statement)))

    async def execute(self, statement: str) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(statement))


@pytest.fixture
def importer(engine: AsyncEngine, tmp_path: Path) -> Importer:
    return Importer(engine, tmp_path / "mentors.csv")


def _counts(report: ImportReport) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: value for name, value in asdict(report).items() if type(value) is int and value}


async def test_new_mentors_are_stored_in_the_order_of_the_file(importer: Importer) -> None:
    report = await importer(_HEADER, _ANNA, _BORIS)
    assert _counts(report) == {"added": 2}
    rows = await importer.rows()
    assert list(rows) == ["m1", "m2"]
    anna = rows["m1"]
    assert (anna["name"], anna["title"], anna["status"]) == ("Anna", "Backend developer", "active")
    assert (anna["skills"], anna["price"], anna["about"]) == (["python"], 3000, "I review code")
    assert anna["confirmed_at"] is None


async def test_the_same_file_twice_touches_nothing(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS)
    before = await importer.rows()
    report = await importer(_HEADER, _ANNA, _BORIS)
    assert _counts(report) == {"unchanged": 2}
    assert await importer.rows() == before


async def test_a_spelling_that_means_the_same_is_no_change(importer: Importer) -> None:
    await importer(_HEADER, _ANNA)
    report = await importer(_HEADER, "m1, Anna ,@anna_codes,Backend developer,python,3000.00,I review code")
    assert _counts(report) == {"unchanged": 1}


async def test_changed_rows_are_updated_and_missing_ones_left_alone(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS, _CLARA)
    before = await importer.rows()
    report = await importer(_HEADER, _ANNA, "m2,Boris,,QA engineer,Selenium,2500,")
    after = await importer.rows()
    assert _counts(report) == {"updated": 1, "unchanged": 1}
    assert after["m2"]["price"] == 2500
    assert after["m2"]["updated_at"] > before["m2"]["updated_at"]
    assert after["m2"]["created_at"] == before["m2"]["created_at"]
    assert after["m2"]["id"] == before["m2"]["id"]
    assert (after["m1"], after["m3"]) == (before["m1"], before["m3"])


async def test_a_change_keeps_a_pause_and_the_last_confirmation(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS)
    await importer.execute(
        "UPDATE mentors SET status = 'paused', confirmed_at = now() WHERE external_id = 'm1'"
    )
    await importer.execute("UPDATE mentors SET status = 'stale' WHERE external_id = 'm2'")
    before = await importer.rows()
    report = await importer(_HEADER, _ANNA.replace("3000", "3500"), _BORIS.replace("2000", "2500"))
    after = await importer.rows()
    assert _counts(report) == {"updated": 2}
    assert (after["m1"]["status"], after["m2"]["status"]) == ("paused", "stale")
    assert after["m1"]["confirmed_at"] == before["m1"]["confirmed_at"]


async def test_missing_mentors_are_deactivated_only_when_asked_and_return(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS, _CLARA)
    await importer.execute("UPDATE mentors SET status = 'paused' WHERE external_id = 'm3'")
    report = await importer(_HEADER, _ANNA, deactivate_missing=True)
    assert _counts(report) == {"unchanged": 1, "deactivated": 1}
    assert {key: row["status"] for key, row in (await importer.rows()).items()} == {
        "m1": "active",
        "m2": "removed",
        "m3": "paused",
    }
    again = await importer(_HEADER, _ANNA, deactivate_missing=True)
    assert _counts(again) == {"unchanged": 1}
    back = await importer(_HEADER, _ANNA, _BORIS)
    assert _counts(back) == {"unchanged": 1, "returned": 1}
    assert (await importer.rows())["m2"]["status"] == "active"


async def test_a_mentor_who_returns_changed_is_counted_once(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS)
    await importer(_HEADER, _ANNA, deactivate_missing=True)
    report = await importer(_HEADER, _ANNA, _BORIS.replace("2000", "2500"))
    assert _counts(report) == {"unchanged": 1, "returned": 1}
    boris = (await importer.rows())["m2"]
    assert (boris["status"], boris["price"]) == ("active", 2500)


async def test_a_mentor_whose_row_is_refused_is_not_missing(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS, _CLARA)
    report = await importer(_HEADER, _ANNA, "m2,Boris,,QA engineer,Selenium,cheap,", deactivate_missing=True)
    assert _counts(report) == {"unchanged": 1, "refused": 1, "deactivated": 1}
    rows = await importer.rows()
    assert (rows["m2"]["status"], rows["m3"]["status"]) == ("active", "removed")


async def test_nobody_is_deactivated_while_a_row_is_refused_that_may_be_theirs(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS)
    report = await importer(_HEADER, _ANNA, "Boris", deactivate_missing=True)
    assert _counts(report) == {"unchanged": 1, "refused": 1, "missing_but_kept": 1}
    assert (await importer.rows())["m2"]["status"] == "active"


async def test_a_file_without_a_good_row_removes_nobody(importer: Importer) -> None:
    await importer(_HEADER, _ANNA)
    before = await importer.rows()
    with pytest.raises(NoGoodRowError, match=r"no good row in the file \(it has a header only\)"):
        await importer(_HEADER, deactivate_missing=True)
    with pytest.raises(NoGoodRowError, match=r"no good row in the file \(all 1 were refused\)"):
        await importer(_HEADER, _BAD_PRICE, deactivate_missing=True)
    assert await importer.rows() == before


async def test_a_dry_run_changes_nothing_and_counts_what_the_real_run_does(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS, _CLARA)
    await importer(_HEADER, _ANNA, _BORIS, deactivate_missing=True)
    before = await importer.rows()
    lines = (_HEADER, _ANNA.replace("3000", "1"), _CLARA, "m5,Egor,,DevOps engineer,варка кофе,,")
    dry = await importer(*lines, dry_run=True, deactivate_missing=True)
    assert await importer.rows() == before
    real = await importer(*lines, deactivate_missing=True)
    assert _counts(real) == {
        "added": 1,
        "updated": 1,
        "returned": 1,
        "deactivated": 1,
        "announced": 1,
        "unknown_skills_in_all": 1,
    }
    assert {**asdict(dry), "dry_run": False} == asdict(real)


async def test_a_bad_row_is_reported_and_does_not_stop_the_good_ones(importer: Importer) -> None:
    report = await importer(_HEADER, _ANNA, _BAD_PRICE, _BORIS)
    assert _counts(report) == {"added": 2, "refused": 1}
    assert [(problem.line, problem.column) for problem in importer.problems] == [(3, "price")]


async def test_a_strict_import_reports_every_problem_and_stores_nothing(importer: Importer) -> None:
    with pytest.raises(StrictImportError) as refused:
        await importer(_HEADER, _BAD_PRICE, _ANNA, "m5,,,Designer,Figma,,", strict=True)
    assert refused.value.refused == 2
    assert [problem.line for problem in importer.problems] == [2, 4]
    assert await importer.rows() == {}


async def test_a_strict_import_of_good_rows_is_an_import(importer: Importer) -> None:
    assert _counts(await importer(_HEADER, _ANNA, strict=True)) == {"added": 1}


async def test_an_import_that_dies_in_the_middle_has_stored_nothing(importer: Importer) -> None:
    lines = [f"m{number},Anna,,Developer,Python,{number}," for number in range(5_000)]
    await importer(_HEADER, lines[0])
    before = await importer.rows()
    portions: list[int] = []

    def die_after_the_second(position: int, total: int) -> None:
        portions.append(position)
        assert position <= total
        if len(portions) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await importer(_HEADER, *lines, on_progress=die_after_the_second)
    assert await importer.rows() == before
    report = await importer(_HEADER, *lines, announce=False)
    assert _counts(report) == {"added": 4_999, "unchanged": 1}


async def test_two_imports_at_once_add_each_mentor_once(engine: AsyncEngine, tmp_path: Path) -> None:
    importers = [Importer(engine, tmp_path / f"{number}.csv") for number in range(4)]
    reports = await asyncio.gather(*(each(_HEADER, _ANNA, _BORIS) for each in importers))
    assert sorted(report.added for report in reports) == [0, 0, 0, 2]
    assert sorted(report.unchanged for report in reports) == [0, 2, 2, 2]


async def test_listeners_hear_of_a_change_once_and_of_no_change_never(
    importer: Importer, database: URL
) -> None:
    heard: list[str] = []
    dsn = database.set(drivername="postgresql").render_as_string(hide_password=False)
    listener = await asyncpg.connect(dsn)
    await listener.add_listener(MENTORS_CHANGED, lambda *said: heard.append(said[2]))
    for lines, expected in (
        ((_ANNA, _BORIS, _CLARA), 1),
        ((_ANNA, _BORIS, _CLARA), 1),
        ((_ANNA, _BORIS.replace("2000", "1")), 2),
    ):
        await importer(_HEADER, *lines, deactivate_missing=True)
        await listener.execute("SELECT 1")  # what was said before its answer has arrived with it
        assert len(heard) == expected
    await importer(_HEADER, _ANNA.replace("3000", "1"), dry_run=True)
    await listener.execute("SELECT 1")
    await listener.close()
    assert len(heard) == 2


async def test_ids_are_derived_from_the_handle_or_else_from_name_and_title(importer: Importer) -> None:
    lines = (
        "name,telegram,title,skills",
        "Anna,@Anna_Codes,Developer,Python",
        "Boris,,QA engineer,Selenium",
    )
    await importer(*lines)
    first, second = await importer.rows()
    assert first == "telegram:anna_codes"
    assert second.startswith("auto:")
    again = await importer(
        "title,name,telegram,skills",
        'QA  Engineer,BORIS,,"Selenium, Python"',
        "Senior developer,Anna B.,https://t.me/anna_codes,Python",
    )
    assert _counts(again) == {"updated": 2}


async def test_two_rows_with_the_same_derived_id_are_one_and_a_problem(importer: Importer) -> None:
    report = await importer(
        "name,telegram,title,skills",
        "Anna,anna_codes,Developer,Python",
        "Boris,,QA engineer,Selenium",
        "Anna B.,Anna_Codes,Developer,Go",
        "boris,,qa engineer,Java",
    )
    assert _counts(report) == {"added": 2, "refused": 2}
    assert [(problem.line, problem.column) for problem in importer.problems] == [
        (4, "external_id"),
        (5, "external_id"),
    ]
    assert "same telegram Anna_Codes as line 2" in importer.problems[0].message
    assert "same name and title as line 3" in importer.problems[1].message


async def test_unknown_skills_are_counted_whatever_their_case_and_kept_as_written(importer: Importer) -> None:
    report = await importer(
        "external_id,name,title,skills,hobby",
        'm1,Anna,Developer,"Python, Варка кофе, Плетение макраме",chess',
        'm2,Boris,Developer,"варка кофе",',
        'm3,Clara,Developer,"варка кофе",',
    )
    assert report.unknown_skills == (UnknownSkill("варка кофе", 3), UnknownSkill("Плетение макраме", 1))
    assert report.unknown_skills_in_all == 2
    assert report.unknown_columns == ("hobby",)
    assert (await importer.rows())["m1"]["free_skills"] == ["Варка кофе", "Плетение макраме"]


async def test_only_the_most_frequent_unknown_skills_are_named(importer: Importer) -> None:
    names = [f"щзх {number:02}" for number in range(25)]
    report = await importer(
        "external_id,name,title,skills",
        f'm1,Anna,Developer,"{", ".join(names)}"',
        f"m2,Boris,Developer,{names[-1]}",
    )
    assert report.unknown_skills[0] == UnknownSkill(names[-1], 2)
    assert (len(report.unknown_skills), report.unknown_skills_in_all) == (20, 25)


async def test_the_first_import_announces_nobody_and_later_ones_whom_they_add(importer: Importer) -> None:
    assert _counts(await importer(_HEADER, _ANNA)) == {"added": 1}
    assert await importer.queued() == []
    report = await importer(_HEADER, _ANNA.replace("3000", "1"), _CLARA, _BORIS)
    assert _counts(report) == {"added": 2, "updated": 1, "announced": 2}
    assert await importer.queued() == ["m3", "m2"]


async def test_the_same_file_again_announces_nobody_again(importer: Importer) -> None:
    await importer(_HEADER, _ANNA)
    await importer(_HEADER, _ANNA, _BORIS)
    assert _counts(await importer(_HEADER, _ANNA, _BORIS, announce=True)) == {"unchanged": 2}
    assert await importer.queued() == ["m2"]


async def test_the_operator_decides_otherwise(importer: Importer) -> None:
    assert (await importer(_HEADER, _ANNA, announce=True)).announced == 1
    assert (await importer(_HEADER, _BORIS, announce=False)).announced == 0
    assert await importer.queued() == ["m1"]


async def test_who_returns_is_no_newcomer(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS)
    await importer(_HEADER, _ANNA, deactivate_missing=True)
    assert _counts(await importer(_HEADER, _ANNA, _BORIS)) == {"unchanged": 1, "returned": 1}
    assert await importer.queued() == []


async def test_who_was_taken_off_before_their_turn_is_not_queued_a_second_time(importer: Importer) -> None:
    await importer(_HEADER, _ANNA)
    await importer(_HEADER, _ANNA, _BORIS)
    await importer(_HEADER, _ANNA, deactivate_missing=True)
    await importer(_HEADER, _ANNA, _BORIS)
    assert await importer.queued() == ["m2"]


async def test_a_dry_run_says_how_many_would_be_announced_and_queues_nobody(importer: Importer) -> None:
    await importer(_HEADER, _ANNA)
    assert (await importer(_HEADER, _BORIS, dry_run=True)).announced == 1
    assert await importer.queued() == []


async def test_no_import_brings_back_who_left_or_ends_a_pause(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS, _CLARA)
    for key, status in (("m1", "left"), ("m2", "paused"), ("m3", "stale")):
        await importer.execute(f"UPDATE mentors SET status = '{status}' WHERE external_id = '{key}'")  # noqa: S608
    changed = (_ANNA.replace("3000", "1"), _BORIS.replace("2000", "1"), _CLARA.replace("Airflow", "Spark"))
    for lines in (changed, changed, (_ANNA, _BORIS, _CLARA)):
        await importer(_HEADER, *lines, deactivate_missing=True)
        statuses = [row["status"] for row in (await importer.rows()).values()]
        assert statuses == ["left", "paused", "stale"]


async def test_no_import_takes_back_what_mentors_have_set_in_the_bot(importer: Importer) -> None:
    await importer(_HEADER, _ANNA, _BORIS)
    await importer.execute(
        "UPDATE mentors SET price = 7000, skills = '{}', free_skills = '{Coffee}', goals = '{cv}',"
        " languages = '{de}', own = '{price,skills,free_skills,goals,languages}' WHERE external_id = 'm1'"
    )
    await importer(
        _HEADER, _ANNA.replace("3000", "1").replace("Backend", "Lead"), _BORIS.replace("2000", "1")
    )
    rows = await importer.rows()
    assert [(row["price"], row["title"]) for row in rows.values()] == [
        (7000, "Lead developer"),
        (1, "QA engineer"),
    ]
    own = [rows["m1"][name] for name in ("skills", "free_skills", "goals", "languages")]
    assert own == [[], ["Coffee"], ["cv"], ["de"]]


async def test_the_address_of_a_picture_is_stored(importer: Importer) -> None:
    header = "external_id,name,title,skills,photo_url"
    await importer(header, "m1,Anna,Developer,Python,https://example.org/anna.jpg", "m2,Boris,QA,Selenium,")
    assert [row["photo_url"] for row in (await importer.rows()).values()] == [
        "https://example.org/anna.jpg",
        None,
    ]


async def test_a_file_may_be_read_for_longer_than_a_transaction_may_stand_still(
    database: URL, tmp_path: Path
) -> None:
    impatient = create_engine(database, settings={"idle_in_transaction_session_timeout": "20ms"})
    importer = Importer(impatient, tmp_path / "mentors.csv")

    def read_slowly(_position: int, _total: int) -> None:
        time.sleep(0.2)

    assert (await importer(_HEADER, _ANNA, on_progress=read_slowly)).added == 1
    await impatient.dispose()

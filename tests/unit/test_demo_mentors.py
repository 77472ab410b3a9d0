"""The demo's mentors: invented, reproducible, and spread as a real market is."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import quantiles

import pytest

from demo.make_mentors import (
    COLUMNS,
    FILE,
    LATER_FILE,
    NEWCOMERS_FILE,
    ROWS,
    later,
    mentors,
    newcomers,
    write,
)
from demo.prose import years_in_words
from recommender.fitting import best_of
from recommender.mentor_file import MentorRow, RowProblem, as_mentor, open_mentor_file
from recommender.model import DirectionKey, Goal, Level, MentorId, PriceUnit, Request, SkillKey
from recommender.snapshot import Snapshot, compile_snapshot
from recommender.taxonomy import load_default


@cache
def imported() -> list[MentorRow]:
    found = list(open_mentor_file(FILE, load_default()))
    assert [item for item in found if isinstance(item, RowProblem)] == []
    return [item for item in found if isinstance(item, MentorRow)]


@cache
def sessions() -> list[int]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [int(row["sessions"]) for row in csv.DictReader(file)]


def share(count: int) -> float:
    return count / ROWS


@pytest.mark.parametrize(
    ("file", "rows"),
    [(FILE, mentors), (NEWCOMERS_FILE, newcomers), (LATER_FILE, later)],
    ids=["mentors", "newcomers", "later"],
)
def test_the_files_in_the_repository_are_what_the_script_writes(
    file: Path, rows: Callable[[], Iterator[dict[str, str]]]
) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    assert file.read_text(encoding="utf-8") == out.getvalue(), "run `python -m demo.make_mentors`"


def new(file: Path) -> list[MentorRow]:
    found = list(open_mentor_file(file, load_default()))
    assert [item for item in found if isinstance(item, RowProblem)] == []
    return [item for item in found if isinstance(item, MentorRow)]


def test_newcomers_are_new_and_every_one_of_them_comes_in() -> None:
    at_first, afterwards = new(NEWCOMERS_FILE), new(LATER_FILE)
    assert (len(at_first), len(afterwards)) == (7, 9)
    ids = [row.external_id for row in (*imported(), *at_first, *afterwards)]
    assert len(set(ids)) == len(ids)
    assert all(row.reviews_count == 0 and row.capacity for row in (*at_first, *afterwards))
    assert at_first[0].telegram == "vera_mentor"
    assert all((row.telegram or "").startswith("demo_") for row in (*at_first[1:], *afterwards))


@pytest.mark.parametrize(
    ("direction", "skills"),
    [("backend", ("python", "postgresql")), ("backend", ("python",)), ("frontend", ("react", "javascript"))],
)
@pytest.mark.parametrize("budget", [None, 3000, 5000])
def test_who_comes_later_is_among_the_best_for_what_many_students_ask_for(
    direction: str, skills: tuple[str, ...], budget: float | None
) -> None:
    asked = Request(
        directions=(DirectionKey(direction),),
        skills=tuple(map(SkillKey, skills)),
        goals=(Goal.INTERVIEWS,),
        level=Level.JUNIOR,
        budget=budget,
        languages=("ru",),
    )
    catalogue, late = everybody()
    assert len(best_of(catalogue, asked, late).cards) == 1


@cache
def everybody() -> tuple[Snapshot, list[MentorId]]:
    """The catalogue when all have come, and who came later."""
    later_ones = new(LATER_FILE)
    rows = [*imported(), *new(NEWCOMERS_FILE), *later_ones]
    numbered = [as_mentor(row, MentorId(number)) for number, row in enumerate(rows)]
    snapshot = compile_snapshot(numbered, load_default(), at=datetime(2026, 3, 2, tzinfo=UTC))
    return snapshot, [each.id for each in numbered[-len(later_ones) :]]


def test_another_seed_makes_other_mentors_and_as_many_as_asked_for(tmp_path: Path) -> None:
    write(mentors(30, 1), tmp_path / "one.csv")
    write(mentors(30, 2), tmp_path / "two.csv")
    one, two = ((tmp_path / name).read_text(encoding="utf-8") for name in ("one.csv", "two.csv"))
    assert one != two
    assert len(list(open_mentor_file(tmp_path / "one.csv", load_default()))) == 30


def test_every_row_comes_in() -> None:
    assert len(imported()) == ROWS


def test_nobody_can_be_mistaken_for_a_real_person() -> None:
    handles = [row.telegram or "" for row in imported()]
    assert all(handle.startswith("demo_") for handle in handles)
    assert len(set(handles)) == ROWS


def test_reviews_are_as_rare_as_in_the_market() -> None:
    counts = [row.reviews_count for row in imported()]
    assert share(counts.count(0)) == pytest.approx(0.584, abs=0.01)
    assert share(sum(count >= 5 for count in counts)) == pytest.approx(0.117, abs=0.01)
    assert share(sum(count >= 10 for count in counts)) == pytest.approx(0.034, abs=0.01)
    assert all(count <= met for count, met in zip(counts, sessions(), strict=True))


def test_few_mentors_hold_most_of_the_sessions() -> None:
    met = sorted(sessions())
    assert share(met.count(0)) == pytest.approx(0.175, abs=0.01)
    assert quantiles(met, n=10) == pytest.approx([0, 1, 4, 9, 15, 23, 35, 56, 130], abs=4)
    assert sum(met[-ROWS // 20 :]) / sum(met) == pytest.approx(0.42, abs=0.08)


def test_prices_of_an_hour_have_the_market_s_deciles() -> None:
    prices = [
        float(row.price)
        for row in imported()
        if row.price and row.price_unit in {PriceUnit.HOUR, PriceUnit.SESSION}
    ]
    expected = [2916, 3456, 3645, 4374, 5102, 5109, 6000, 7291, 10207]
    assert quantiles(prices, n=10) == pytest.approx(expected, rel=0.06)
    assert sum(price == min(prices) for price in prices) / len(prices) == pytest.approx(0.15, abs=0.03)
    assert max(prices) <= 36454


def test_skills_per_mentor_have_the_market_s_deciles() -> None:
    counts = [len(row.skills) + len(row.free_skills) for row in imported()]
    assert quantiles(counts, n=10) == pytest.approx([7, 10, 12, 14, 17, 20, 24, 29, 37], abs=2)
    assert max(counts) > 100


@pytest.mark.parametrize(
    ("direction", "market"),
    [
        ("leadership", 379),
        ("product", 226),
        ("project", 225),
        ("backend", 144),
        ("marketing", 101),
        ("design", 95),
        ("frontend", 79),
        ("business_analysis", 69),
        ("system_analysis", 54),
        ("qa", 49),
        ("mobile", 45),
        ("hr", 42),
        ("data_science", 36),
        ("devops", 29),
        ("gamedev", 22),
        ("data_engineering", 18),
        ("one_c", 10),
        ("security", 8),
    ],
)
def test_a_direction_is_named_as_often_as_in_the_market(direction: str, market: int) -> None:
    named = sum(direction in row.directions for row in imported())
    assert share(named) == pytest.approx(market / 726, abs=0.01)


def test_a_few_are_analysts_whom_the_market_files_under_other_names() -> None:
    named = [row for row in imported() if "analytics" in row.directions]
    assert 0.02 <= share(len(named)) <= 0.04
    assert sum(row.directions[0] == "analytics" for row in named) >= 5


def test_zones_and_companies_are_as_in_the_market() -> None:
    zones = Counter(row.timezone for row in imported())
    assert share(zones["Europe/Moscow"]) == pytest.approx(0.64, abs=0.06)
    assert len(zones) > 20
    assert share(sum(bool(row.company) for row in imported())) == pytest.approx(0.86, abs=0.05)


def test_titles_are_free_text_that_tells_the_main_direction() -> None:
    taxonomy = load_default()
    assert len({row.title for row in imported()}) > 0.6 * ROWS
    astray = [row.title for row in imported() if row.directions[0] not in taxonomy.directions_in(row.title)]
    assert astray == []


def test_a_woman_writes_as_a_woman_and_a_man_as_a_man() -> None:
    for row in imported():
        woman = row.name.endswith(("а", "ая", "я"))
        assert not (woman and "Буду рад " in row.about)
        assert not (not woman and "Буду рада " in row.about and not row.name.endswith("чук"))
        assert "{" not in row.about + row.title


@pytest.mark.parametrize(
    ("years", "words"),
    [(1, "1 год"), (2, "2 года"), (5, "5 лет"), (11, "11 лет"), (12, "12 лет"), (21, "21 год")],
)
def test_years_agree_with_their_number(years: int, words: str) -> None:
    assert years_in_words(years) == words

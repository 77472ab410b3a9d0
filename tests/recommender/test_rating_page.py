"""Every row and figure of docs/rating.md, computed anew."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from recommender.model import Stars
from recommender.rating import Imported, Reviews, rate
from recommender.standing import BarReason, EliteCriterion, Record, below_bar, missing

PAGE = (Path(__file__).parents[2] / "docs" / "rating.md").read_text(encoding="utf-8")
REVIEWS = re.compile(r"(\d+) × ([\d.]+)(?: of (\d+) days)?")


def table(title: str) -> list[list[str]]:
    """The rows of the table whose header names this column last."""
    below = PAGE.partition(f"| {title} |\n")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in below.splitlines()[1:]]


def read(cell: str) -> Iterator[tuple[int, float, float]]:
    """What "10 × 5 of 720 days, 3 × 1" says: count, stars and age of each kind of review."""
    for part in filter(None, cell.replace("—", "").split(", ")):
        match = REVIEWS.fullmatch(part)
        assert match, f"{part!r} is no number of reviews"
        yield int(match[1]), float(match[2]), float(match[3] or 0)


def stars(verified: str, imported: str = "—") -> Stars:
    given = [(one, age) for count, one, age in read(verified) for _ in range(count)]
    columns = (np.array([pair[column] for pair in given], dtype=np.float64) for column in (0, 1))
    elsewhere = list(read(imported)) or [(0, 0.0, 0.0)]
    counts = np.array([float(count) for count, _, _ in elsewhere])
    sums = np.array([count * mean for count, mean, _ in elsewhere])
    return rate(Reviews(np.zeros(len(given), dtype=np.int64), *columns), Imported(counts, sums)).of(0)


def record(verified: str) -> Record:
    """The record of a mentor with these reviews who is faultless otherwise."""
    found = stars(verified)
    return Record(
        reviews=found.count,
        lower=found.lower,
        upper=found.upper,
        private_mean=5.0,
        prompt_share=1.0,
        no_shows=0,
    )


@pytest.mark.parametrize("row", table("upper"), ids=lambda row: row[0])
def test_the_examples_are_true(row: list[str]) -> None:
    _, verified, imported, *figures = row
    found = stars(verified, imported)
    assert figures == [f"{value:.2f}" for value in (found.mean, found.lower, found.upper)]


@pytest.mark.parametrize("row", table("enough for elite"), ids=lambda row: row[0])
def test_the_edge_of_elite_is_true(row: list[str]) -> None:
    verified, lower, enough = row
    lacking = missing(record(verified))
    assert f"{record(verified).lower:.2f}" == lower
    assert (not lacking) == (enough == "yes")
    assert set(lacking) <= {EliteCriterion.REVIEWS, EliteCriterion.STARS}


@pytest.mark.parametrize("row", table("below the bar"), ids=lambda row: row[0])
def test_the_edge_of_the_bar_is_true(row: list[str]) -> None:
    verified, upper, below = row
    assert f"{record(verified).upper:.2f}" == upper
    assert below_bar(record(verified)) == ((BarReason.LOW_RATING,) if below == "yes" else ())


def test_all_tables_were_found() -> None:
    assert [len(table(title)) for title in ("upper", "enough for elite", "below the bar")] == [15, 9, 6]


def dirichlet_lower(counts: dict[int, float]) -> float:
    """Mean less one posterior deviation of the stars, for a Dirichlet posterior with these counts."""
    whole = sum(counts.values())
    mean = sum(given * count for given, count in counts.items()) / whole
    square = sum(given**2 * count for given, count in counts.items()) / whole
    return mean - math.sqrt((square - mean**2) / (whole + 1))


def test_what_is_said_against_a_dirichlet_prior_is_true() -> None:
    before, after = dirichlet_lower({5: 14, 4: 1}), dirichlet_lower({5: 14, 4: 1, 1: 1})
    said = f"falls\nfrom {before:.2f} to {after:.2f}, by {before - after:.2f} stars"
    assert said in PAGE
    cost = stars("10 × 5").lower - stars("10 × 5, 1 × 1").lower
    assert f"the same 1\ncosts {cost:.2f}" in PAGE


def test_28_fives_make_up_for_three_ones() -> None:
    newcomer = stars("—").lower
    assert "(28 more 5s make up for three 1s)" in PAGE
    assert stars("3 × 1 of 1 days, 27 × 5").lower < newcomer <= stars("3 × 1 of 1 days, 28 × 5").lower

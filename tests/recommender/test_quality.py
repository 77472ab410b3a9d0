"""Quality: the lower bound of the stars and freshness, and what both do to newcomers."""

from typing import Any

import numpy as np
import pytest

from recommender.model import Stars
from recommender.quality import freshness, quality
from tests.recommender.catalogues import mentor, snapshot


def of(count: int = 0, average: float = 0.0, days: float = 0.0, **fields: Any) -> float:
    """The quality of a mentor with so many imported reviews."""
    one = mentor(1, reviews_count=count, rating_sum=count * average, confirmed_days=days, **fields)
    return float(snapshot(one).people.quality[0])


@pytest.mark.parametrize(
    ("lower", "days", "expected"),
    [
        (5.0, 0, 1.0),
        (5.07, 0, 1.0),
        (4.0, 0, 0.75 * 0.5 + 0.25),
        (4.0, 90, 0.75 * 0.5 + 0.25 * 0.5),
        (3.0, 0, 0.25),
        (0.9, np.nan, 0.25 * 0.5),
    ],
)
def test_three_quarters_stars_and_one_quarter_freshness(lower: float, days: float, expected: float) -> None:
    assert quality(np.array([lower]), np.array([days]))[0] == pytest.approx(expected)


def test_one_perfect_review_is_less_than_thirty_good_ones() -> None:
    assert of(1, 5.0) < of(30, 4.9)


def test_newcomers_neither_shine_nor_sink() -> None:
    assert of(10, 4.0) < of(0) < of(10, 4.9)
    assert abs(of(0) - of(5, 4.8)) < 0.05


def test_badly_reviewed_mentors_sink() -> None:
    assert of(10, 3.0) < 0.75 * of(0)


def test_more_of_the_same_stars_raise_quality() -> None:
    assert of(1, 4.8) < of(5, 4.8) < of(20, 4.8)


@pytest.mark.parametrize(("days", "expected"), [(0, 1.0), (90, 0.5), (270, 0.25), (np.nan, 0.5), (-3, 1.0)])
def test_freshness(days: float, expected: float) -> None:
    assert freshness(np.array([days]))[0] == expected


@pytest.mark.parametrize(("average", "possible"), [(0.5, 1.0), (9.0, 5.0)])
def test_impossible_sums_of_stars_are_brought_to_possible_ones(average: float, possible: float) -> None:
    assert of(4, average) == of(4, possible)
    assert 0 <= of(4, average) <= 1


def test_reviews_counted_without_their_stars_say_nothing_of_quality() -> None:
    assert of(40, 0.0) == of(0)


def test_the_platform_s_own_rating_takes_the_place_of_the_import() -> None:
    rating = Stars(mean=4.2, lower=4.0, upper=4.4, count=9)
    assert of(30, 5.0, rating=rating) == pytest.approx(0.75 * 0.5 + 0.25)

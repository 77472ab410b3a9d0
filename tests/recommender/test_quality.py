"""Quality from reviews and freshness: the prior, the lower bound, and what it does to newcomers."""

import numpy as np
import pytest

from recommender.quality import freshness, lower_bound, posterior_stars, quality


def of(count: float, average: float = 0.0, days: float = 0.0) -> float:
    return float(quality(np.array([count]), np.array([count * average]), np.array([days]))[0])


@pytest.mark.parametrize(
    ("count", "total", "mean", "low"),
    [
        (0, 0, 4.8, 4.8 - 0.6 / np.sqrt(5)),
        (5, 25, 4.9, 4.9 - 0.6 / np.sqrt(10)),
        (5, 15, 3.9, 3.9 - 0.6 / np.sqrt(10)),
        (95, 285, 3.09, 3.09 - 0.06),
    ],
)
def test_posterior_and_lower_bound(count: float, total: float, mean: float, low: float) -> None:
    counts, sums = np.array([count], dtype=float), np.array([total], dtype=float)
    assert posterior_stars(counts, sums)[0] == pytest.approx(mean)
    assert lower_bound(counts, sums)[0] == pytest.approx(low)


def test_one_perfect_review_is_less_than_thirty_good_ones() -> None:
    assert of(1, 5.0) < of(30, 4.9)


def test_newcomers_neither_shine_nor_sink() -> None:
    assert of(10, 4.0) < of(0) < of(10, 4.9)
    assert abs(of(0) - of(5, 4.8)) < 0.05


def test_badly_reviewed_mentors_sink() -> None:
    assert of(10, 3.0) < 0.6 * of(0)


def test_more_of_the_same_stars_raise_the_lower_bound() -> None:
    assert of(1, 4.8) < of(5, 4.8) < of(50, 4.8)


@pytest.mark.parametrize(("days", "expected"), [(0, 1.0), (90, 0.5), (270, 0.25), (np.nan, 0.5), (-3, 1.0)])
def test_freshness(days: float, expected: float) -> None:
    assert freshness(np.array([days]))[0] == expected


@pytest.mark.parametrize(("average", "possible"), [(0.5, 1.0), (9.0, 5.0)])
def test_impossible_sums_of_stars_are_brought_to_possible_ones(average: float, possible: float) -> None:
    assert of(4, average) == of(4, possible)
    assert 0 <= of(4, average) <= 1


def test_reviews_counted_without_their_stars_say_nothing_of_quality() -> None:
    assert of(40, 0.0) == of(0)

"""The posterior of a mentor's stars: tables that can be checked by hand, and what holds of all reviews."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.model import Stars
from recommender.rating import Imported, Reviews, evidence, platform_mean, rate
from tests.recommender.catalogues import UNTIMED
from tests.recommender.oracle import stars_of

Given = tuple[float, float]
"""Stars and age in days."""

NEWCOMER = Stars(mean=4.8, lower=4.8 - 0.6 / math.sqrt(5), upper=4.8 + 0.6 / math.sqrt(5), count=0)


def times(count: int, stars: float, age: float = 0.0) -> list[Given]:
    """So many alike reviews."""
    return [(stars, age)] * count


def stars(
    reviews: Sequence[Given] = (), imported: tuple[int, float] = (0, 0.0), prior_mean: float = 4.8
) -> Stars:
    """The stars of the second of three mentors, between two others who must not matter."""
    given = [(1.0, 0.0), *reviews, (3.0, 9.0)]
    whose = [0, *(1 for _ in reviews), 2]
    verified = Reviews(
        np.array(whose), np.array([one for one, _ in given]), np.array([age for _, age in given])
    )
    elsewhere = Imported(np.array([7.0, imported[0], 0.0]), np.array([7.0, imported[1], 0.0]))
    return rate(verified, elsewhere, prior_mean=prior_mean).of(1)


@pytest.mark.parametrize(
    ("reviews", "imported", "mean", "lower"),
    [
        ([], (0, 0), 4.8, 4.8 - 0.6 / math.sqrt(5)),
        (times(5, 5), (0, 0), 49 / 10, 49 / 10 - 0.6 / math.sqrt(10)),
        (times(10, 5), (0, 0), 74 / 15, 74 / 15 - 0.6 / math.sqrt(15)),
        (times(10, 5, age=180), (0, 0), 49 / 10, 49 / 10 - 0.6 / math.sqrt(10)),
        ([(5, 0), (1, 360)], (0, 0), 29.25 / 6.25, 29.25 / 6.25 - 0.6 / math.sqrt(6.25)),
        ([], (8, 36), 42 / 9, 42 / 9 - 0.2),
        (times(5, 4), (12, 60), 74 / 16, 74 / 16 - 0.15),
        # Twenty of a hundred are the newest; the other eighty only make the mean surer.
        (times(100, 5), (0, 0), 524 / 105, 124 / 25 - 0.12),
        # Of the newest twenty, seventeen are imported.
        (times(3, 1), (100, 500), 277 / 58, 69.5 / 16.5 - 0.6 / math.sqrt(16.5)),
    ],
)
def test_mean_and_lower_bound(
    reviews: list[Given], imported: tuple[int, float], mean: float, lower: float
) -> None:
    found = stars(reviews, imported)
    assert found.mean == pytest.approx(mean)
    assert found.lower == pytest.approx(lower)
    assert found.count == len(reviews) + imported[0]


def test_good_new_reviews_do_not_hide_the_bad_ones_before_them() -> None:
    redeemed = stars([*times(20, 5), *times(20, 1, age=180)])
    assert redeemed.lower == pytest.approx(134 / 35 - 0.6 / math.sqrt(35))
    assert redeemed.lower < stars(times(20, 5)).lower - 1


def test_a_newcomer_stands_in_the_middle() -> None:
    newcomer, praised, decent = stars(), stars(times(10, 5)), stars(times(10, 4))
    assert newcomer == NEWCOMER
    assert decent.mean < newcomer.mean < praised.mean
    assert decent.lower < newcomer.lower < praised.lower


@pytest.mark.parametrize("fives", [10, 20, 50, 100])
@pytest.mark.parametrize("added", [True, False], ids=["beside them", "instead of one"])
def test_one_revenge_moves_a_mentor_by_less_than_a_third_of_a_star(fives: int, added: bool) -> None:
    before, after = stars(times(fives, 5)), stars([*times(fives - (not added), 5), (1, 0)])
    assert 0 < before.mean - after.mean < 0.35
    assert 0 < before.lower - after.lower < 0.35


def market(rng: np.random.Generator, size: int = 1000) -> tuple[list[int], list[float], list[float]]:
    """Whose, stars and ages of the reviews of a market: 58 % of its mentors have none, 12 % five or more."""
    counts = np.where(np.arange(size) < 0.584 * size, 0, rng.geometric(0.3, size))
    whose = np.repeat(np.arange(size), counts)
    given = np.clip(5 - rng.poisson(0.2, len(whose)), 1, 5)
    return whose.tolist(), given.tolist(), rng.uniform(0, 720, len(whose)).tolist()


@pytest.mark.parametrize("fives", [0, 3, 10, 30, 100])
@pytest.mark.parametrize("age", [0, 30, 720])
@pytest.mark.parametrize("source", ["verified", "imported"])
def test_three_fresh_ones_sink_a_mentor_below_the_median_at_once(fives: int, age: int, source: str) -> None:
    whose, given, ages = market(np.random.default_rng(5))
    own = times(3, 1) + (times(fives, 5, age) if source == "verified" else [])
    imported = np.zeros(1001)
    imported[1000] = fives if source == "imported" else 0
    reviews = Reviews(
        np.array(whose + [1000] * len(own)),
        np.array(given + [one for one, _ in own]),
        np.array(ages + [age for _, age in own]),
    )
    elsewhere = Imported(imported, 5 * imported)
    weight, total = evidence(reviews, elsewhere)
    ratings = rate(reviews, elsewhere, prior_mean=platform_mean(weight.sum(), total.sum()))
    others = ratings.lower[:1000]
    assert np.count_nonzero(np.bincount(whose, minlength=1000) == 0) == 584
    assert 0.08 < np.count_nonzero(np.bincount(whose, minlength=1000) >= 5) / 1000 < 0.14
    assert ratings.lower[1000] < np.median(others) - 0.1


@pytest.mark.parametrize("fives", [27, 28])
def test_a_mentor_who_had_three_ones_is_a_newcomer_s_equal_after_28_fives(fives: int) -> None:
    again = stars([*times(3, 1, age=1), *times(fives, 5)])
    assert (again.lower >= NEWCOMER.lower) == (fives == 28)


@pytest.mark.parametrize(("age", "weight"), [(0, 1), (180, 1 / 2), (360, 1 / 4), (720, 1 / 16)])
def test_an_old_one_fades(age: float, weight: float) -> None:
    assert stars([(1, age)]).mean == pytest.approx((24 + weight) / (5 + weight))


def test_an_imported_review_counts_half_of_a_fresh_one_and_does_not_age() -> None:
    assert stars(imported=(10, 40.0)).mean == pytest.approx(stars(times(5, 4)).mean)
    assert stars(times(2, 4, age=180)).mean == pytest.approx(stars(imported=(2, 8.0)).mean)


def test_an_import_without_stars_says_nothing_and_counts_nothing() -> None:
    assert stars(imported=(40, 0.0)) == NEWCOMER


@pytest.mark.parametrize(
    ("weight", "total", "mean"), [(0, 0, 4.8), (50, 200, 4.4), (50, 250, 4.9), (950, 950 * 4.6, 4.61)]
)
def test_the_platform_s_mean_is_drawn_to_the_market_s(weight: float, total: float, mean: float) -> None:
    assert platform_mean(weight, total) == pytest.approx(mean)


def test_a_newcomer_has_the_platform_s_mean() -> None:
    assert stars(prior_mean=4.4).mean == pytest.approx(4.4)


@pytest.mark.parametrize(
    ("reviews", "imported", "said"),
    [
        (([0], [5.0, 4.0], [0.0]), ([0.0], [0.0]), "one entry for each review"),
        (([0], [5.0], [0.0]), ([0.0], []), "one entry for each mentor"),
        (([1], [5.0], [0.0]), ([0.0], [0.0]), "numbers from 0 to 0"),
        (([-1], [5.0], [0.0]), ([0.0], [0.0]), "numbers from 0 to 0"),
        (([0], [0.0], [0.0]), ([0.0], [0.0]), "stars must be from 1 to 5"),
        (([0], [math.nan], [0.0]), ([0.0], [0.0]), "stars must be from 1 to 5"),
    ],
)
def test_impossible_reviews_are_refused(
    reviews: tuple[list[int], list[float], list[float]], imported: tuple[list[float], list[float]], said: str
) -> None:
    whose, given, ages = reviews
    verified = Reviews(np.array(whose), np.array(given), np.array(ages))
    with pytest.raises(ValueError, match=said):
        rate(verified, Imported(*map(np.array, imported)))


STARS = st.integers(1, 5).map(float)
AGES = st.sampled_from((0.0, 1.0, 30.0, 180.0, 720.0)) | st.floats(0, 3000)
REVIEWS = st.lists(st.tuples(STARS, AGES), max_size=40)
IMPORTED = st.sampled_from(((0, 0.0), (4, 0.0), (1, 1.0), (9, 40.5), (60, 300.0)))


@UNTIMED
@given(REVIEWS, IMPORTED, st.floats(1, 5))
def test_stars_equal_the_slow_model(reviews: list[Given], imported: tuple[int, float], prior: float) -> None:
    found, slow = stars(reviews, imported, prior), stars_of(reviews, imported, prior)
    for name in ("mean", "lower", "upper", "count"):
        assert getattr(found, name) == pytest.approx(getattr(slow, name), abs=1e-9), name


@UNTIMED
@given(REVIEWS, IMPORTED, st.floats(1, 5))
def test_the_bounds_bracket_a_mean_that_stars_can_be(
    reviews: list[Given], imported: tuple[int, float], prior: float
) -> None:
    found = stars(reviews, imported, prior)
    assert found.lower < found.mean < found.upper
    assert 1 <= found.mean <= 5


@UNTIMED
@given(REVIEWS, IMPORTED, st.data())
def test_more_stars_never_lower_anything(
    reviews: list[Given], imported: tuple[int, float], data: st.DataObject
) -> None:
    raised = [(data.draw(st.integers(int(one), 5)), age) for one, age in reviews]
    before, after = stars(reviews, imported), stars(raised, imported)
    assert after.mean >= before.mean - 1e-9
    assert after.lower >= before.lower - 1e-9
    assert after.upper >= before.upper - 1e-9


@UNTIMED
@given(REVIEWS, IMPORTED)
def test_one_more_five_of_today_never_lowers_mean_or_rank(
    reviews: list[Given], imported: tuple[int, float]
) -> None:
    before, after = stars(reviews, imported), stars([*reviews, (5.0, 0.0)], imported)
    assert after.mean >= before.mean - 1e-9
    assert after.lower >= before.lower - 1e-9


@UNTIMED
@given(
    st.lists(st.tuples(STARS, st.sampled_from((0.0, 5.0))), max_size=60), st.randoms(use_true_random=False)
)
def test_the_order_of_reviews_does_not_matter(reviews: list[Given], random: object) -> None:
    shuffled = list(reviews)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stars(shuffled) == stars(reviews)


@UNTIMED
@given(st.lists(st.tuples(st.integers(0, 5), STARS, AGES), max_size=60))
def test_many_mentors_at_once_are_each_as_alone(reviews: list[tuple[int, float, float]]) -> None:
    whose = np.array([one for one, _, _ in reviews], dtype=np.int64)
    columns = [np.array([review[column] for review in reviews], dtype=np.float64) for column in (1, 2)]
    ratings = rate(Reviews(whose, *columns), Imported(np.zeros(6), np.zeros(6)))
    for number in range(6):
        own = [(given, age) for mentor, given, age in reviews if mentor == number]
        assert ratings.of(number).lower == pytest.approx(stars(own).lower)
        assert ratings.weight[number] == pytest.approx(sum(0.5 ** (age / 180) for _, age in own))

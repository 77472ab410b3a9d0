"""Who may be elite and who is below the bar, on both sides of every edge."""

from typing import Any

import pytest

from recommender.standing import BarReason, EliteCriterion, Record, below_bar, is_elite, missing, private_mean

ELITE: dict[str, Any] = {
    "reviews": 20,
    "lower": 4.6,
    "upper": 4.9,
    "private_mean": 3.9,
    "prompt_share": 0.9,
    "no_shows": 0,
}


def record(**given: Any) -> Record:
    """The record of a mentor who only just meets every criterion, but for what is given."""
    return Record(**{**ELITE, **given})


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ({}, ()),
        ({"reviews": 19}, (EliteCriterion.REVIEWS,)),
        ({"lower": 4.599}, (EliteCriterion.STARS,)),
        ({"private_mean": 3.899}, (EliteCriterion.PRIVATE,)),
        ({"private_mean": None}, (EliteCriterion.PRIVATE,)),
        ({"prompt_share": 0.899}, (EliteCriterion.ANSWERS,)),
        ({"prompt_share": None}, (EliteCriterion.ANSWERS,)),
        ({"reviews": 0, "lower": 4.53, "private_mean": None, "prompt_share": None}, tuple(EliteCriterion)),
        ({"reviews": 400, "lower": 4.84, "private_mean": 5.0, "prompt_share": 1.0}, ()),
    ],
)
def test_elite_at_every_edge(given: dict[str, Any], lacking: tuple[EliteCriterion, ...]) -> None:
    assert missing(record(**given)) == lacking
    assert is_elite(record(**given)) == (not lacking)


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"reviews": 5, "upper": 3.499}, (BarReason.LOW_RATING,)),
        ({"reviews": 5, "upper": 3.5}, ()),
        ({"reviews": 4, "upper": 2.0}, ()),
        ({"no_shows": 3}, (BarReason.NO_SHOWS,)),
        ({"no_shows": 2}, ()),
        ({"reviews": 9, "upper": 3.0, "no_shows": 7}, (BarReason.LOW_RATING, BarReason.NO_SHOWS)),
        ({"reviews": 0, "no_shows": 3}, (BarReason.NO_SHOWS,)),
    ],
)
def test_the_bar_at_every_edge(given: dict[str, Any], reasons: tuple[BarReason, ...]) -> None:
    assert below_bar(record(**given)) == reasons


@pytest.mark.parametrize(
    ("values", "ages", "mean"),
    [
        ([], [], None),
        ([4], [0], 4),
        ([4], [10_000], 4),
        ([5, 2], [0, 180], (5 + 2 / 2) / 1.5),
        ([5, 2], [180, 0], (5 / 2 + 2) / 1.5),
        ([5, 1], [0, 720], (5 + 1 / 16) / (1 + 1 / 16)),
        ([3, 4], [-1, 0], 3.5),
    ],
)
def test_the_private_mean_fades_like_the_public_one(
    values: list[float], ages: list[float], mean: float | None
) -> None:
    assert private_mean(values, ages) == (None if mean is None else pytest.approx(mean))


def test_values_without_ages_are_refused() -> None:
    with pytest.raises(ValueError, match="2 values with 1 ages"):
        private_mean([5, 4], [0])

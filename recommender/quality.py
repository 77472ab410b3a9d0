"""How good a mentor is by the numbers at hand: reviews under a prior, and the last sign of life."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.vectors import Floats

PRIOR_MEAN: Final = 4.8
"""Stars expected of a mentor nobody has reviewed: the mean of those who were."""
PRIOR_REVIEWS: Final = 5.0
"""The prior counts as this many reviews, a number only one mentor in nine has."""
STAR_DEVIATION: Final = 0.6
"""Standard deviation of one review around its mentor's true mean, in stars."""
CAUTION: Final = 1.0
"""Posterior standard deviations between mean and lower bound (1: five in six lie above it)."""
WORST_STARS: Final = 3.0
"""A lower bound of so many stars or fewer is worth nothing, five are worth 1."""
HALF_LIFE_DAYS: Final = 90.0
"""Days of silence after which freshness is a half: the interval of the activity check."""
UNKNOWN_FRESHNESS: Final = 0.5
FRESHNESS_SHARE: Final = 0.25
"""What freshness counts for in quality; the stars count for the rest."""
LOW_STARS: Final = 4.5
"""A posterior mean below this is a risk to be told; an average from it on, a reason."""
TRUSTED_REVIEWS: Final = 3
"""Fewer reviews than this are no reason to show."""


def rated(counts: Floats, sums: Floats) -> tuple[Floats, Floats]:
    """Reviews whose stars are known, and their sum, each from 1 to 5 stars; shapes (n,).

    Exports may count reviews without telling their stars: a sum of 0 says nothing about any of them.

    >>> counts, sums = rated(np.array([4.0, 4.0]), np.array([0.0, 21.0]))
    >>> counts.tolist(), sums.tolist()
    ([0.0, 4.0], [0.0, 20.0])
    """
    known: NDArray[np.float64] = np.where(sums > 0, counts, 0.0)
    total: NDArray[np.float64] = np.clip(sums, known, 5 * known)
    return known, total


def posterior_stars(counts: Floats, sums: Floats) -> Floats:
    """Posterior mean of a mentor's true stars, shape (n,).

    With known variance and a Gaussian prior of mean m and strength s (in reviews), the posterior mean after c
    reviews that add up to t is ``(s * m + t) / (s + c)`` (Gelman et al., Bayesian Data Analysis, 2.5).

    >>> posterior_stars(np.array([0.0, 5.0]), np.array([0.0, 20.0])).round(2).tolist()
    [4.8, 4.4]
    """
    known, total = rated(counts, sums)
    return (PRIOR_REVIEWS * PRIOR_MEAN + total) / (PRIOR_REVIEWS + known)


def lower_bound(counts: Floats, sums: Floats) -> Floats:
    """The stars a mentor has with some certainty: ``posterior mean - z * sigma / sqrt(s + c)``, shape (n,).

    >>> lower_bound(np.array([0.0, 20.0]), np.array([0.0, 98.0])).round(2).tolist()
    [4.53, 4.76]
    """
    known, _ = rated(counts, sums)
    return posterior_stars(counts, sums) - CAUTION * STAR_DEVIATION / np.sqrt(PRIOR_REVIEWS + known)


def freshness(silent_days: Floats) -> Floats:
    """``90 / (90 + days)``: 1 today, 1/2 after 90 days; 1/2 where no sign of life is known (NaN). Shape (n,).

    >>> freshness(np.array([0.0, 90.0, 270.0, np.nan])).tolist()
    [1.0, 0.5, 0.25, 0.5]
    """
    known = HALF_LIFE_DAYS / (HALF_LIFE_DAYS + np.maximum(silent_days, 0.0))
    return np.where(np.isnan(silent_days), UNKNOWN_FRESHNESS, known)


def quality(counts: Floats, sums: Floats, silent_days: Floats) -> Floats:
    """Quality in [0, 1]: where the lower bound lies between WORST_STARS and 5, and freshness; shape (n,).

    The prior keeps newcomers in the middle: they neither shine nor sink for want of reviews.

    >>> days = np.array([0.0, 0.0, 0.0])
    >>> quality(np.array([0.0, 30.0, 10.0]), np.array([0.0, 150.0, 35.0]), days).round(2).tolist()
    [0.82, 0.95, 0.54]
    """
    stars = np.clip((lower_bound(counts, sums) - WORST_STARS) / (5.0 - WORST_STARS), 0.0, 1.0)
    return (1.0 - FRESHNESS_SHARE) * stars + FRESHNESS_SHARE * freshness(silent_days)

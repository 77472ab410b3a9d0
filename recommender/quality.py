"""How good a mentor is by the numbers at hand: the lower bound of the stars, and the last sign of life."""

from typing import Final

import numpy as np

from recommender.rating import BEST
from recommender.vectors import Floats

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


def freshness(silent_days: Floats) -> Floats:
    """``90 / (90 + days)``: 1 today, 1/2 after 90 days; 1/2 where no sign of life is known (NaN). Shape (n,).

    >>> freshness(np.array([0.0, 90.0, 270.0, np.nan])).tolist()
    [1.0, 0.5, 0.25, 0.5]
    """
    known = HALF_LIFE_DAYS / (HALF_LIFE_DAYS + np.maximum(silent_days, 0.0))
    return np.where(np.isnan(silent_days), UNKNOWN_FRESHNESS, known)


def quality(lower: Floats, silent_days: Floats) -> Floats:
    """Quality in [0, 1]: where the lower bound lies between WORST_STARS and 5, and freshness; shape (n,).

    The prior behind the bound keeps newcomers in the middle: they neither shine nor sink for want of reviews.

    >>> days = np.array([0.0, 0.0, 0.0])
    >>> quality(np.array([4.53, 4.87, 3.78]), days).round(2).tolist()
    [0.82, 0.95, 0.54]
    """
    stars = np.clip((lower - WORST_STARS) / (BEST - WORST_STARS), 0.0, 1.0)
    return (1.0 - FRESHNESS_SHARE) * stars + FRESHNESS_SHARE * freshness(silent_days)

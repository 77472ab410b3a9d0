"""Who may be elite, and who is below the bar: stated criteria over one mentor's record.

Neither changes a place in the common list. ``docs/criteria.md`` tells people the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from recommender.rating import decay

ELITE_REVIEWS: Final = 20
"""Verified reviews an elite mentor has at least."""
ELITE_LOWER: Final = 4.6
"""Lower bound of the public stars of an elite mentor, at least."""
ELITE_PRIVATE: Final = 3.9
"""Mean of the private rating of an elite mentor, at least (3: as expected)."""
ELITE_ANSWERS: Final = 0.9
"""Share of requests that an elite mentor answers within PROMPT_HOURS, at least."""
PROMPT_HOURS: Final = 24.0
"""An answer that comes within so many hours is prompt."""

BAR_REVIEWS: Final = 5
"""With fewer verified reviews than this, stars put nobody below the bar."""
BAR_UPPER: Final = 3.5
"""An upper bound below this is below the bar: not even with luck is the mentor a good one."""
BAR_NO_SHOWS: Final = 3
"""So many no-shows in BAR_NO_SHOW_DAYS are below the bar."""
BAR_NO_SHOW_DAYS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of one mentor.

    ``reviews`` are verified ones; ``lower`` and ``upper`` the bounds of the public stars; ``private_mean`` as
    :func:`private_mean` has it; ``prompt_share`` the share of requests answered within PROMPT_HOURS, None
    where nobody asked; ``no_shows`` those of the last BAR_NO_SHOW_DAYS.
    """

    reviews: int
    lower: float
    upper: float
    private_mean: float | None
    prompt_share: float | None
    no_shows: int


class EliteCriterion(StrEnum):
    """What an elite mentor has."""

    REVIEWS = "reviews"
    STARS = "stars"
    PRIVATE = "private"
    ANSWERS = "answers"


class BarReason(StrEnum):
    """Why a mentor is below the bar."""

    LOW_RATING = "low_rating"
    NO_SHOWS = "no_shows"


def is_elite(record: Record) -> bool:
    """Whether every criterion is met.

    >>> is_elite(Record(reviews=20, lower=4.6, upper=4.9, private_mean=3.9, prompt_share=0.9, no_shows=0))
    True
    """
    return not missing(record)


def missing(record: Record) -> tuple[EliteCriterion, ...]:
    """The criteria of an elite mentor that are not met; what is not known is not met.

    >>> missing(Record(reviews=3, lower=4.7, upper=5.1, private_mean=None, prompt_share=0.95, no_shows=0))
    (<EliteCriterion.REVIEWS: 'reviews'>, <EliteCriterion.PRIVATE: 'private'>)
    """
    met = {
        EliteCriterion.REVIEWS: record.reviews >= ELITE_REVIEWS,
        EliteCriterion.STARS: record.lower >= ELITE_LOWER,
        EliteCriterion.PRIVATE: record.private_mean is not None and record.private_mean >= ELITE_PRIVATE,
        EliteCriterion.ANSWERS: record.prompt_share is not None and record.prompt_share >= ELITE_ANSWERS,
    }
    return tuple(criterion for criterion, is_met in met.items() if not is_met)


def below_bar(record: Record) -> tuple[BarReason, ...]:
    """Why the mentor is below the bar; empty for one who is not.

    >>> below_bar(Record(reviews=5, lower=3.1, upper=3.4, private_mean=None, prompt_share=None, no_shows=0))
    (<BarReason.LOW_RATING: 'low_rating'>,)
    """
    below = {
        BarReason.LOW_RATING: record.reviews >= BAR_REVIEWS and record.upper < BAR_UPPER,
        BarReason.NO_SHOWS: record.no_shows >= BAR_NO_SHOWS,
    }
    return tuple(reason for reason, holds in below.items() if holds)


def private_mean(values: Sequence[float], age_days: Sequence[float]) -> float | None:
    """The mean of private ratings from 1 to 5, old ones weighing less as public ones do; None without any.

    >>> private_mean([5, 2], [0, 180])
    4.0
    """
    if len(values) != len(age_days):
        raise ValueError(f"{len(values)} values with {len(age_days)} ages; each value needs its own")
    if not values:
        return None
    weights = decay(np.asarray(age_days, dtype=np.float64))
    return float(np.average(np.asarray(values, dtype=np.float64), weights=weights))

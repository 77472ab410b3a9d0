"""How well a mentor answers requests: how often, under a prior, and how soon."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.standing import PROMPT_HOURS
from recommender.vectors import Floats

RATE_PRIOR: Final = 0.7
"""Share of requests that a mentor whom nobody asked yet is expected to answer."""
RATE_STRENGTH: Final = 4.0
"""The prior counts as this many requests."""
UNKNOWN_SPEED: Final = 0.75
"""Speed where no answer is timed: that of a mentor who answers in PROMPT_HOURS."""
TRUSTED_REQUESTS: Final = 3
"""After fewer requests than this, answers are neither a reason nor a risk to show."""
FAST_RATE: Final = 0.8
"""Who answers this share of requests, and within PROMPT_HOURS, answers fast: a reason to show."""
RARE_RATE: Final = 0.5
"""Who answers less than this share of requests rarely answers: a risk to be told."""


def answer_rate(asked: Floats, answered: Floats) -> Floats:
    """Posterior mean of the share of requests answered, shape (n,).

    ``(strength * prior + answered) / (strength + asked)``: the mean of a Beta posterior.

    >>> answer_rate(np.array([0.0, 4.0, 6.0]), np.array([0.0, 4.0, 0.0])).round(2).tolist()
    [0.7, 0.85, 0.28]
    """
    return (RATE_STRENGTH * RATE_PRIOR + answered) / (RATE_STRENGTH + asked)


def speed(hours: Floats) -> Floats:
    """``0.5 + 0.5 * 24 / (24 + hours)``: from 1 for at once down to 0.5; NaN: UNKNOWN_SPEED. Shape (n,).

    >>> speed(np.array([0.0, 24.0, 72.0, np.nan])).tolist()
    [1.0, 0.75, 0.625, 0.75]
    """
    known = 0.5 + 0.5 * PROMPT_HOURS / (PROMPT_HOURS + np.maximum(hours, 0.0))
    return np.where(np.isnan(hours), UNKNOWN_SPEED, known)


def response(asked: NDArray[np.int64], answered: NDArray[np.int64], hours: Floats) -> Floats:
    """The block's value in (0, 1): rate times speed, shape (n,). Newcomers stand in the middle, at 0.525.

    >>> counts = np.array([0, 10, 10]), np.array([0, 10, 2])
    >>> response(*counts, np.array([np.nan, 4.0, 90.0])).round(2).tolist()
    [0.52, 0.85, 0.21]
    """
    return answer_rate(asked.astype(np.float64), answered.astype(np.float64)) * speed(hours)

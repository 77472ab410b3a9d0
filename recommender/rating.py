"""A mentor's stars as a posterior: what is believed of a mentor, and with how much certainty.

The stars of one review are taken as the mentor's true stars plus noise of a known deviation, and the true
stars as Gaussian around the platform's mean. ``docs/rating.md`` says why, with examples.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from recommender.model import Stars
from recommender.vectors import Bools, Doubles, starts_of

PRIOR_MEAN: Final = 4.8
"""Stars expected of a mentor where the platform has no reviews: the mean of those that a market has."""
PRIOR_REVIEWS: Final = 5.0
"""The prior counts as this many reviews, a number only one mentor in nine has."""
STAR_DEVIATION: Final = 0.6
"""Standard deviation of one review around its mentor's true mean, in stars."""
CAUTION: Final = 1.0
"""Posterior standard deviations between mean and either bound (1: five in six lie above the lower one)."""
REVIEW_HALF_LIFE_DAYS: Final = 180.0
"""A verified review of this age weighs half of one of today."""
IMPORTED_WEIGHT: Final = 0.5
"""What an imported review weighs, whatever its age: nobody knows who wrote it, nor when."""
PLATFORM_REVIEWS: Final = 50.0
"""PRIOR_MEAN counts as this many reviews in the platform's own mean."""
NEWEST: Final = 20
"""The lower bound holds for so many of the newest reviews alone, too: no past outvotes what is new."""
WORST: Final = 1.0
BEST: Final = 5.0
"""The least and the most stars that a review can give."""


@dataclass(frozen=True, slots=True, eq=False)
class Reviews:
    """Verified reviews in any order: whose (0 to n - 1), stars (1 to 5), age in days; shapes (k,)."""

    mentors: NDArray[np.int64]
    stars: Doubles
    age_days: Doubles

    def newest_first(self) -> Self:
        """By mentor, then from the newest on; of the same age, the fewest stars first.

        The last makes what is counted among the newest independent of the order the reviews came in.
        """
        return self.chosen(np.lexsort((self.stars, np.maximum(self.age_days, 0.0), self.mentors)))

    def chosen(self, which: NDArray[np.int64] | Bools) -> Self:
        """Some of the reviews, by number or by a mask."""
        return type(self)(self.mentors[which], self.stars[which], self.age_days[which])


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """What other platforms counted: reviews of each mentor and the sum of their stars; shapes (n,)."""

    counts: Doubles
    sums: Doubles

    def at_most(self, most: Doubles) -> Self:
        """As many of the reviews as there is room for, with their part of the stars; ``most`` has shape (n,).

        >>> few = Imported(np.array([10.0, 1.0]), np.array([40.0, 5.0])).at_most(np.array([4.0, 4.0]))
        >>> few.counts.tolist(), few.sums.tolist()
        ([4.0, 1.0], [16.0, 5.0])
        """
        known, total = rated(self.counts, self.sums)
        kept = np.minimum(known, most)
        return type(self)(kept, total * (kept / np.maximum(known, 1.0)))


NO_REVIEWS: Final = Reviews(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """The posterior of every mentor's true stars; shapes (n,).

    ``mean`` is in [1, 5]. The bounds lie CAUTION deviations away (the lower one further, where the newest
    reviews say so) and are not cut off at 1 and 5. ``count`` is how many reviews with known stars there are,
    verified and imported; ``weight`` is what they weigh.
    """

    mean: Doubles
    lower: Doubles
    upper: Doubles
    count: NDArray[np.int64]
    weight: Doubles

    def of(self, mentor: int) -> Stars:
        """One mentor's stars."""
        return Stars(
            mean=float(self.mean[mentor]),
            lower=float(self.lower[mentor]),
            upper=float(self.upper[mentor]),
            count=int(self.count[mentor]),
        )


def rate(reviews: Reviews, imported: Imported, *, prior_mean: float = PRIOR_MEAN) -> Ratings:
    """The posterior of n mentors at once; ``imported`` has their number.

    The lower bound is the lesser of two: that of all evidence, and that of the NEWEST reviews alone (imported
    ones are undated and count as the oldest). So three bad reviews of today are at least an eighth
    of all that the bound listens to, however many good ones there were before.

    Raises ValueError for arrays of unequal length, a mentor who is not among the n, or impossible stars.

    >>> ten_fives = Reviews(np.zeros(10, dtype=np.int64), np.full(10, 5.0), np.zeros(10))
    >>> ratings = rate(ten_fives, Imported(np.array([0.0, 0.0]), np.array([0.0, 0.0])))
    >>> ratings.mean.round(2).tolist(), ratings.lower.round(2).tolist(), ratings.count.tolist()
    ([4.93, 4.8], [4.78, 4.53], [10, 0])
    """
    _check(reviews, imported)
    ordered = reviews.newest_first()
    weight, total = evidence(ordered, imported)
    newest_weight, newest_total = evidence(*_newest(ordered, imported))
    known, _ = rated(imported.counts, imported.sums)
    return Ratings(
        mean=posterior_stars(weight, total, prior_mean),
        lower=np.minimum(
            lower_bound(weight, total, prior_mean), lower_bound(newest_weight, newest_total, prior_mean)
        ),
        upper=posterior_stars(weight, total, prior_mean) + margin(weight),
        count=(_counts(ordered, len(known)) + known).astype(np.int64),
        weight=weight,
    )


def _check(reviews: Reviews, imported: Imported) -> None:
    if len({len(reviews.mentors), len(reviews.stars), len(reviews.age_days)}) > 1:
        raise ValueError("mentors, stars and age_days must be of the same length, one entry for each review")
    if len(imported.counts) != len(imported.sums):
        raise ValueError("counts and sums must be of the same length, one entry for each mentor")
    if np.any((reviews.mentors < 0) | (reviews.mentors >= len(imported.counts))):
        raise ValueError(f"mentors must be numbers from 0 to {len(imported.counts) - 1}")
    if not np.all((reviews.stars >= WORST) & (reviews.stars <= BEST)):
        raise ValueError(f"stars must be from {WORST:g} to {BEST:g}")


def _newest(ordered: Reviews, imported: Imported) -> tuple[Reviews, Imported]:
    """The NEWEST reviews of each mentor, the verified ones first."""
    size = len(imported.counts)
    place = np.arange(len(ordered.mentors)) - starts_of(ordered.mentors, size)[ordered.mentors]
    room = np.maximum(NEWEST - _counts(ordered, size), 0.0)
    return ordered.chosen(place < NEWEST), imported.at_most(room)


def _counts(reviews: Reviews, size: int) -> NDArray[np.int64]:
    return np.bincount(reviews.mentors, minlength=size)


def evidence(reviews: Reviews, imported: Imported) -> tuple[Doubles, Doubles]:
    """What each mentor's reviews weigh, and their stars by weight: ``sum w`` and ``sum w * x``; shapes (n,).

    Summed over all mentors, this is what :func:`platform_mean` asks for.

    >>> half_a_year_old = Reviews(np.array([0, 0]), np.array([5.0, 1.0]), np.array([0.0, 180.0]))
    >>> weight, total = evidence(half_a_year_old, Imported(np.array([4.0]), np.array([16.0])))
    >>> weight.tolist(), total.tolist()
    ([3.5], [13.5])
    """
    known, stars = rated(imported.counts, imported.sums)
    weights = decay(reviews.age_days)
    weight = np.bincount(reviews.mentors, weights, len(known)) + IMPORTED_WEIGHT * known
    total = np.bincount(reviews.mentors, weights * reviews.stars, len(known)) + IMPORTED_WEIGHT * stars
    return weight, total


def decay(age_days: Doubles) -> Doubles:
    """``0.5 ** (days / REVIEW_HALF_LIFE_DAYS)``; what is dated in the future is of today. Shape (k,).

    >>> decay(np.array([0.0, 180.0, 720.0, -1.0])).tolist()
    [1.0, 0.5, 0.0625, 1.0]
    """
    return np.exp2(np.maximum(age_days, 0.0) / -REVIEW_HALF_LIFE_DAYS)


def rated(counts: Doubles, sums: Doubles) -> tuple[Doubles, Doubles]:
    """Imported reviews whose stars are known, and their sum, each from 1 to 5 stars; shapes (n,).

    Exports may count reviews without telling their stars: a sum of 0 says nothing about any of them.

    >>> counts, sums = rated(np.array([4.0, 4.0]), np.array([0.0, 21.0]))
    >>> counts.tolist(), sums.tolist()
    ([0.0, 4.0], [0.0, 20.0])
    """
    known: NDArray[np.float64] = np.where(sums > 0, np.maximum(counts, 0.0), 0.0)
    total: NDArray[np.float64] = np.clip(sums, WORST * known, BEST * known)
    return known, total


def platform_mean(weight: float, total: float) -> float:
    """The mean of a whole platform, drawn to PRIOR_MEAN while reviews are few: the prior of every mentor.

    ``(50 * 4.8 + total) / (50 + weight)``, both summed over all mentors as :func:`evidence` has them.

    >>> round(platform_mean(0, 0), 2), round(platform_mean(50, 200), 2)
    (4.8, 4.4)
    """
    return (PLATFORM_REVIEWS * PRIOR_MEAN + total) / (PLATFORM_REVIEWS + weight)


def posterior_stars(weight: Doubles, total: Doubles, prior_mean: float = PRIOR_MEAN) -> Doubles:
    """Posterior mean of a mentor's true stars, shape (n,).

    With known variance and a Gaussian prior of mean m and strength s (in reviews), the posterior mean after
    reviews that weigh w and add up to t is ``(s * m + t) / (s + w)`` (Gelman et al., Bayesian Data Analysis,
    2.5).

    >>> posterior_stars(np.array([0.0, 5.0]), np.array([0.0, 20.0])).round(2).tolist()
    [4.8, 4.4]
    """
    # Rounding must not lift a mentor of nothing but fives above five.
    return np.clip((PRIOR_REVIEWS * prior_mean + total) / (PRIOR_REVIEWS + weight), WORST, BEST)


def margin(weight: Doubles) -> Doubles:
    """How far either bound is from the mean: ``z * sigma / sqrt(s + w)``, shape (n,).

    >>> margin(np.array([0.0, 4.0, 20.0])).round(3).tolist()
    [0.268, 0.2, 0.12]
    """
    return CAUTION * STAR_DEVIATION / np.sqrt(PRIOR_REVIEWS + weight)


def lower_bound(weight: Doubles, total: Doubles, prior_mean: float = PRIOR_MEAN) -> Doubles:
    """The stars a mentor has with some certainty: posterior mean less :func:`margin`, shape (n,).

    >>> lower_bound(np.array([0.0, 20.0]), np.array([0.0, 98.0])).round(2).tolist()
    [4.53, 4.76]
    """
    return posterior_stars(weight, total, prior_mean) - margin(weight)

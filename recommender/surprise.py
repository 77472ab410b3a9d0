"""A good mentor whom the ranking would not have shown."""

from collections.abc import Collection, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.model import Limit, MentorId, Request, Shortlist
from recommender.query import understand
from recommender.ranking import shortlist, shut_out
from recommender.scoring import RELAXATION, Broken, Scores, score
from recommender.selection import best, choose
from recommender.snapshot import Snapshot
from recommender.weights import SURPRISES, USUAL, Block

_SURPRISING: Final = (Limit.SKILLS, Limit.DIRECTION)
"""The limits a surprise is meant to break."""


def surprise(
    snapshot: Snapshot,
    request: Request,
    *,
    rng: np.random.Generator,
    seen: Collection[MentorId] = (),
    excluded: Collection[MentorId] = (),
) -> Shortlist:
    """One good mentor outside the usual, each of a pool with the same probability (the card's propensity).

    The pool: eligible mentors who share no direction with the student (without directions: who are not among
    the USUAL best), break no limit but those of direction and skills, are of at least median quality, and
    were not seen; of these the SURPRISES best by the score without direction and skills. Where nobody is
    left, these conditions are dropped one by one: quality, limits, direction, seen.
    """
    scores = score(snapshot, understand(snapshot, request))
    pool, started_over = _pool(snapshot, scores, shut_out(snapshot, excluded), snapshot.rows_of(seen))
    if not pool:
        return shortlist(snapshot, scores, [], started_over=False)
    row = pool[int(rng.integers(len(pool)))]
    return shortlist(
        snapshot, scores, [row], started_over=started_over, propensity=1 / len(pool), silent=_SURPRISING
    )


def _pool(
    snapshot: Snapshot, scores: Scores, shut: Broken, seen: NDArray[np.int64]
) -> tuple[list[int], bool]:
    """The rows to draw from, and whether the seen had to be among them."""
    total = _without(scores, (Block.DIRECTION, Block.SKILLS))
    open_ = shut == 0
    for conditions in _conditions(snapshot, scores, shut, seen):
        rows = np.flatnonzero(np.logical_and.reduce([open_, *conditions]))
        if len(rows):
            return best(total, rows, SURPRISES), False
    return best(total, np.flatnonzero(open_), SURPRISES), True


def _conditions(
    snapshot: Snapshot, scores: Scores, shut: Broken, seen: NDArray[np.int64]
) -> Iterable[list[NDArray[np.bool_]]]:
    """All conditions first, then without the first of them, and so on."""
    unseen = np.ones(len(snapshot), dtype=np.bool_)
    unseen[seen] = False
    meant = sum(1 << RELAXATION.index(limit) for limit in _SURPRISING)
    quality = snapshot.people.quality
    good = quality >= np.median(quality[shut == 0]) if np.any(shut == 0) else unseen
    conditions = [
        good,
        (scores.broken & ~np.uint16(meant)) == 0,
        _unusual(snapshot, scores, shut),
        unseen,
    ]
    return (conditions[dropped:] for dropped in range(len(conditions)))


def _unusual(snapshot: Snapshot, scores: Scores, shut: Broken) -> NDArray[np.bool_]:
    """Who is not what the student would be shown anyway; shape (n,)."""
    index = snapshot.directions
    numbers = [index.numbers[key] for key in scores.query.directions if key in index.numbers]
    if numbers:
        return ~index.names_any(numbers)
    unusual = np.ones(len(snapshot), dtype=np.bool_)
    unusual[choose(snapshot, scores.total, scores.broken | shut, USUAL)] = False
    return unusual


def _without(scores: Scores, left_out: Collection[Block]) -> NDArray[np.float32]:
    total = scores.total.copy()
    for block in left_out:
        if block in scores.fits:
            total -= np.float32(scores.shares[block]) * scores.fits[block].values
    return total

"""Who fits a request with no limit given up: for lists that nobody asked for just now.

The bar is higher than a shortlist's. There, a picked skill is answered for by its parent, too (SQL for
PostgreSQL). Here, who picked skills is told only of mentors who know one of them: the very skill, a special
case of it, or its words where the taxonomy does not have it.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from recommender.model import MentorId, Request, Shortlist
from recommender.query import Query, understand
from recommender.ranking import shortlist, shut_out
from recommender.scoring import Scores, score
from recommender.selection import OUT, choose
from recommender.snapshot import Snapshot
from recommender.weights import MENTIONED


def fitting(
    snapshot: Snapshot, request: Request, *, k: int = 3, excluded: Collection[MentorId] = ()
) -> Shortlist:
    """The k best mentors who break no limit and know a picked skill; fewer, or none, where there are no more.

    Nobody ``excluded`` is among them, nor anyone inactive or full. Unknown ids do not matter.
    """
    scores = score(snapshot, understand(snapshot, request))
    broken = np.where(_stands(snapshot, scores, excluded), np.uint16(0), OUT)
    return shortlist(snapshot, scores, choose(snapshot, scores.total, broken, k), started_over=False)


def best_of(
    snapshot: Snapshot,
    request: Request,
    few: Collection[MentorId],
    *,
    among: int = 3,
    excluded: Collection[MentorId] = (),
) -> Shortlist:
    """The best of a ``few`` mentors, if they fit and at most ``among - 1`` others fit better.

    One card, or none. To fit is to break no limit and to know a picked skill; others are not ``excluded``.
    """
    rows = np.sort(snapshot.rows_of(few))
    if not _may_fit(snapshot, request, rows):
        return Shortlist(cards=())
    scores = score(snapshot, understand(snapshot, request))
    stands = _stands(snapshot, scores, excluded)
    standing = rows[stands[rows]]
    if not len(standing):
        return Shortlist(cards=())
    # Rows are ordered by quality: of two equal ones, the first.
    best = int(standing[np.argmax(scores.total[standing])])
    better = int(np.count_nonzero(scores.total[stands] > scores.total[best]))
    return shortlist(snapshot, scores, [best] if better < among else [], started_over=False)


def _may_fit(snapshot: Snapshot, request: Request, rows: NDArray[np.int64]) -> bool:
    """Whether any of the rows names a direction that was picked: cheap, and for most requests the end."""
    if not request.directions:
        return bool(len(rows))
    numbers = [
        snapshot.directions.numbers[key] for key in request.directions if key in snapshot.directions.numbers
    ]
    return bool(snapshot.directions.named[numbers][:, rows].any())


def _stands(snapshot: Snapshot, scores: Scores, excluded: Collection[MentorId]) -> NDArray[np.bool_]:
    """Who may be shown, breaks nothing and knows a picked skill; shape (n,)."""
    stands: NDArray[np.bool_] = (shut_out(snapshot, excluded) | scores.broken) == 0
    return stands & _knows_a_picked_skill(scores.query) if scores.query.picked else stands


def _knows_a_picked_skill(query: Query) -> NDArray[np.bool_]:
    """Whether a card would not have to name all picked skills as missing; shape (n,)."""
    known: NDArray[np.bool_] = np.maximum.reduce([one.match for one in query.picked]) >= MENTIONED
    return known

"""The answers: three mentors for a request, and one named mentor explained.

Limits are given up in the order of :data:`recommender.scoring.RELAXATION`, one at a time and only until k
mentors stand; who stands earlier comes first. A shortlist names exactly the limits that its mentors break.
Everything here is deterministic.
"""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from recommender.model import Card, Limit, MentorId, Request, Shortlist
from recommender.query import understand
from recommender.reasons import Account
from recommender.scoring import RELAXATION, Broken, Scores, score
from recommender.selection import OUT, choose
from recommender.snapshot import Snapshot
from recommender.weights import MODEL


def recommend(
    snapshot: Snapshot,
    request: Request,
    *,
    k: int = 3,
    seen: Collection[MentorId] = (),
    excluded: Collection[MentorId] = (),
) -> Shortlist:
    """The k best mentors for a request; all eligible ones where there are fewer.

    Nobody ``seen`` is shown while k unseen ones are left; where fewer are, those come first and the list
    begins again with the seen. Nobody ``excluded`` is shown, nor anyone inactive or full. Unknown ids do not
    matter.
    """
    scores = score(snapshot, understand(snapshot, request))
    shut = shut_out(snapshot, excluded)
    seen_rows = snapshot.rows_of(seen)
    rows = choose(snapshot, scores.total, scores.broken | _only(shut, seen_rows, keep=False), k)
    again: list[int] = []
    if len(rows) < k and len(seen_rows):
        again = choose(
            snapshot, scores.total, scores.broken | _only(shut, seen_rows, keep=True), k - len(rows), rows
        )
    return shortlist(snapshot, scores, [*rows, *again], started_over=bool(again))


def explain(snapshot: Snapshot, request: Request, mentor_id: MentorId) -> Card | None:
    """The card of one mentor, eligible or not, at position 1; None for one who is not in the catalogue."""
    return explain_all(snapshot, request, (mentor_id,)).get(mentor_id)


def explain_all(snapshot: Snapshot, request: Request, mentor_ids: Iterable[MentorId]) -> dict[MentorId, Card]:
    """The cards of several mentors, scored once, in the order given; without those not in the catalogue."""
    rows = {mentor_id: snapshot.row_of(mentor_id) for mentor_id in mentor_ids}
    known = {mentor_id: row for mentor_id, row in rows.items() if row is not None}
    if not known:
        return {}
    scores = score(snapshot, understand(snapshot, request))
    return {
        mentor_id: _card(snapshot, scores, row, position, 1.0)
        for position, (mentor_id, row) in enumerate(known.items(), start=1)
    }


def shut_out(snapshot: Snapshot, excluded: Collection[MentorId]) -> Broken:
    """OUT for everyone who must not be shown, 0 for the others; shape (n,)."""
    shut = np.where(snapshot.people.eligible, np.uint16(0), OUT)
    shut[snapshot.rows_of(excluded)] = OUT
    return shut


def _only(shut: Broken, rows: NDArray[np.int64], *, keep: bool) -> Broken:
    """``shut``, and the given rows out as well; with ``keep``, all others instead."""
    if keep:
        only = np.full_like(shut, OUT)
        only[rows] = shut[rows]
        return only
    without = shut.copy()
    without[rows] = OUT
    return without


def shortlist(
    snapshot: Snapshot,
    scores: Scores,
    rows: list[int],
    *,
    started_over: bool,
    propensity: float = 1.0,
    silent: Iterable[Limit] = (),
) -> Shortlist:
    """The rows as cards, in this order; broken limits are named but the ``silent`` ones."""
    cards = tuple(_card(snapshot, scores, row, place, propensity) for place, row in enumerate(rows, 1))
    broken = int(np.bitwise_or.reduce(scores.broken[rows])) if rows else 0
    relaxed = [limit for bit, limit in enumerate(RELAXATION) if broken >> bit & 1]
    return Shortlist(
        cards=cards,
        relaxed=tuple(dict.fromkeys(limit for limit in relaxed if limit not in silent)),
        started_over=started_over,
        model_version=f"{MODEL}/{snapshot.version}",
    )


def _card(snapshot: Snapshot, scores: Scores, row: int, position: int, propensity: float) -> Card:
    account = Account(snapshot, scores, row)
    parts = scores.parts(row)
    return Card(
        mentor_id=MentorId(int(snapshot.people.ids[row])),
        position=position,
        score=sum(parts.values()),
        parts=parts,
        reasons=account.reasons(),
        risks=account.risks(),
        propensity=propensity,
    )

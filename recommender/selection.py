"""From scores to a few rows: limits given up one at a time, and no three copies of one mentor."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import Catalogue
from recommender.scoring import RELAXATION, Broken
from recommender.weights import CANDIDATES, DIVERSITY

OUT: Final = np.uint16(1 << len(RELAXATION))
"""Or-ed into a mentor's broken limits, keeps them out whatever is relaxed."""

_SKILLS, _DIRECTIONS, _COMPANY = 0.5, 0.3, 0.2


def choose(
    snapshot: Catalogue,
    total: NDArray[np.float32],
    broken: Broken,
    k: int,
    chosen: Sequence[int] = (),
) -> list[int]:
    """At most k rows, best first, to follow those already ``chosen``.

    ``broken`` has a bit for each broken limit in the order of relaxation. A mentor stands from the stage on
    at which the last limit they break has been given up, and who stands earlier comes first; within a stage,
    the order is by maximal marginal relevance.
    """
    rows = list(chosen)
    wanted = len(rows) + k
    for stage in range(len(RELAXATION) + 1):
        standing = np.flatnonzero(_enters(broken, stage))
        candidates = best(total, standing, max(CANDIDATES, 3 * k))
        rows += diversified(snapshot, total, candidates, wanted - len(rows), rows)
        if len(rows) >= wanted:
            break
    return rows[len(chosen) :]


def _enters(broken: Broken, stage: int) -> NDArray[np.bool_]:
    """Who comes in when the stage-th limit is given up: it is the last of those they break."""
    lowest = 1 << stage - 1 if stage else 0
    enters: NDArray[np.bool_] = (broken >= np.uint16(lowest)) & (broken < np.uint16(1 << stage))
    return enters


def best(total: NDArray[np.float32], rows: NDArray[np.int64], count: int) -> list[int]:
    """The ``count`` of the (ascending) rows with the highest totals, best first, ties by row."""
    totals = total[rows]
    if len(rows) > count:
        threshold = np.partition(totals, len(rows) - count)[len(rows) - count]
        above, tied = np.flatnonzero(totals > threshold), np.flatnonzero(totals == threshold)
        places = np.sort(np.concatenate((above, tied[: count - len(above)])))
        rows, totals = rows[places], totals[places]
    return [int(row) for row in rows[np.argsort(-totals, kind="stable")]]


def diversified(
    snapshot: Catalogue, total: NDArray[np.float32], candidates: list[int], count: int, chosen: Sequence[int]
) -> list[int]:
    """At most ``count`` of the candidates (best first) by maximal marginal relevance, after those ``chosen``.

    Each time the candidate with the largest ``lambda * score - (1 - lambda) * likeness to the likest chosen``
    (Carbonell and Goldstein, 1998); the very first is always the best.
    """
    alike = likeness(snapshot)
    nearest = {row: max((alike(row, other) for other in chosen), default=0.0) for row in candidates}
    picked: list[int] = []
    while nearest and len(picked) < count:
        if picked:
            nearest = {one: max(before, alike(one, picked[-1])) for one, before in nearest.items()}
        row = max(nearest, key=lambda one: DIVERSITY * float(total[one]) - (1 - DIVERSITY) * nearest[one])
        picked.append(row)
        del nearest[row]
    return picked


def likeness(snapshot: Catalogue) -> Callable[[int, int], float]:
    """A function of two rows: how alike they are in skills, directions and company, in [0, 1].

    ``0.5 * Jaccard(skills) + 0.3 * Jaccard(directions) + 0.2 * same company``.
    """
    skills: dict[int, frozenset[int]] = {}
    directions: dict[int, frozenset[int]] = {}
    companies = snapshot.people.company

    def features(row: int) -> tuple[frozenset[int], frozenset[int]]:
        if row not in skills:
            skills[row] = frozenset(snapshot.skills.had.items_of(row).tolist())
            directions[row] = frozenset(np.flatnonzero(snapshot.directions.named[:, row]).tolist())
        return skills[row], directions[row]

    def alike(row: int, other: int) -> float:
        mine, theirs = features(row), features(other)
        company = bool(companies[row]) and companies[row] == companies[other]
        return (
            _SKILLS * _jaccard(mine[0], theirs[0])
            + _DIRECTIONS * _jaccard(mine[1], theirs[1])
            + _COMPANY * bool(company)
        )

    return alike


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0

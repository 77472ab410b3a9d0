"""Which questions are still worth asking."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import Catalogue
from recommender.model import Limit, Request
from recommender.query import understand
from recommender.scoring import RELAXATION, relaxed_at, score

_SHORTLIST: Final = 3
_UNANSWERED: Final = Request()
_LIMITS: Final = {
    "skills": Limit.SKILLS,
    "free_skills": Limit.SKILLS,
    "directions": Limit.DIRECTION,
    "level": Limit.LEVEL,
    "budget": Limit.BUDGET,
    "formats": Limit.FORMAT,
    "languages": Limit.LANGUAGE,
    "timezone": Limit.TIMEZONE,
}


def can_change(snapshot: Catalogue, field: str, request: Request) -> bool:
    """Whether an answer to one field of the request can change who the first three mentors are.

    It cannot where the mentors who could still be among the three are three or fewer, or are all the same as
    far as the field goes. Those are the ones who stand once the limits are relaxed far enough for three to
    stand, or as far as the field's own limit if that goes later. Raises ValueError for an unknown field.
    """
    if field not in _READERS:
        raise ValueError(f"no question is about {field!r}; fields are {', '.join(_READERS)}")
    if snapshot.eligible <= _SHORTLIST:
        return False
    others = replace(request, **{field: getattr(_UNANSWERED, field)})
    rows = _in_play(snapshot, others, _decides(field, others))
    return len(rows) > _SHORTLIST and _READERS[field](snapshot, rows)


def _decides(field: str, request: Request) -> Limit | None:
    """The last limit that an answer can make somebody break or keep."""
    if field == "formats" and request.budget is not None:
        return Limit.BUDGET  # who is paid after the offer keeps the budget of those who choose that
    return _LIMITS.get(field)


def _in_play(snapshot: Catalogue, request: Request, limit: Limit | None) -> NDArray[np.int64]:
    broken = score(snapshot, understand(snapshot, request)).broken
    least = 0 if limit is None else relaxed_at(limit) + 1
    rows = np.zeros(0, dtype=np.int64)
    for stage in range(least, len(RELAXATION) + 1):
        rows = np.flatnonzero(snapshot.people.eligible & (broken < np.uint16(1 << stage)))
        if len(rows) >= _SHORTLIST:
            break
    return rows


def _differ(values: NDArray[Any]) -> bool:
    """Whether some of the values differ, NaN being one value."""
    return len(np.unique(values)) > 1


def _skills_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    counts = snapshot.skills.had.counts(rows)
    return bool(np.any((counts > 0) & (counts < len(rows)))) or _texts_differ(snapshot, rows)


def _texts_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    """Whether there are texts at all: no two people write the same."""
    starts = snapshot.phrases.row_starts
    return bool(np.any(starts[rows + 1] - starts[rows] > _EMPTY))


def _directions_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    depth = snapshot.directions.depth[:, rows]
    return bool(np.any(depth != depth[:, :1]))


def _levels_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    return _differ(snapshot.terms.levels[rows])


def _goals_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    return _differ(snapshot.terms.goals[rows])


def _prices_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    return _differ(snapshot.terms.price[rows]) or _differ(snapshot.terms.share[rows])


def _formats_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    return _differ(snapshot.terms.formats[rows])


def _languages_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    counts = snapshot.terms.languages.counts(rows)
    return bool(np.any((counts > 0) & (counts < len(rows))))


def _zones_differ(snapshot: Catalogue, rows: NDArray[np.int64]) -> bool:
    return _differ(snapshot.terms.zone[rows])


_EMPTY: Final = 2
"""Length of a profile without any text: an end after the title, and one after the profile text."""
_READERS: Final = {
    "directions": _directions_differ,
    "goals": _goals_differ,
    "level": _levels_differ,
    "skills": _skills_differ,
    "free_skills": _texts_differ,
    "budget": _prices_differ,
    "formats": _formats_differ,
    "languages": _languages_differ,
    "timezone": _zones_differ,
    "about": _texts_differ,
}

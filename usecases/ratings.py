"""Ratings as the platform keeps them: computed of verified reviews and the import, stored with the mentor.

A review, or a moderator's word about one, has its mentor's rating computed anew in the same transaction. The
tick computes all of them: weights fade, the platform's mean moves, and an import knows nothing of either.
With them go the figures of how a mentor answers. What is stored is what cards show and the ranking reads.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import clock, ratings, requests
from db.queries.ratings import Evidence
from recommender import rating
from recommender.rating import Imported, Reviews
from recommender.standing import PROMPT_HOURS, private_mean
from usecases.counts import Counts

#: Requests of so long ago still tell how a mentor answers.
ANSWERS_OF = timedelta(days=180)
#: A request says nothing of a mentor's silence before it had so long.
_PATIENCE = timedelta(hours=PROMPT_HOURS)
#: What moves less is not worth compiling the catalogue for.
_STILL = 0.005
_PORTION = 5_000
#: As the table names what a row of :meth:`Ratings.tick` has.
_COLUMNS = {
    "mean": "rating_mean",
    "lower": "rating_lower",
    "upper": "rating_upper",
    "count": "rating_count",
    "private_mean": "private_mean",
    "asked": "requests_asked",
    "answered": "requests_answered",
    "hours": "answer_hours",
    "prompt_share": "prompt_share",
}


@dataclass(frozen=True, slots=True)
class Ratings:
    """Computes and stores."""

    async def recount(self, connection: AsyncConnection, mentor_id: int) -> None:
        """One mentor's rating, from what is stored now. The caller holds the mentor's row."""
        found = await ratings.evidence(connection, mentor_id)
        count, stars = await ratings.imported(connection, mentor_id)
        rated = rating.rate(
            _reviews(found, {mentor_id: 0}),
            Imported(np.array([float(count)]), np.array([stars])),
            prior_mean=await _prior(connection),
        )
        now = {**asdict(rated.of(0)), "private_mean": _private(found)}
        before = await ratings.stored(connection, mentor_id)
        # A statement that changes nothing would still have the catalogue compiled anew.
        if any(getattr(before, _COLUMNS[name]) != value for name, value in now.items()):
            await ratings.store_one(connection, {"id": mentor_id, **now})

    async def tick(self, connection: AsyncConnection) -> Counts:
        """All of them; ``enqueued`` are those that have moved."""
        rows = await ratings.standing(connection)
        if not rows:
            return Counts()
        moved = [figures for row, figures in await _figures(connection, rows) if _has_moved(row, figures)]
        for start in range(0, len(moved), _PORTION):
            await ratings.store(connection, moved[start : start + _PORTION])
        return Counts(matched=len(rows), enqueued=len(moved))


async def _figures(connection: AsyncConnection, rows: Sequence[Any]) -> list[tuple[Any, dict[str, Any]]]:
    """Every mentor's row with what is to be stored of them."""
    at = await clock.now(connection)
    found = await ratings.evidence(connection)
    numbers = {row.id: number for number, row in enumerate(rows)}
    rated = rating.rate(
        _reviews(found, numbers),
        Imported(
            np.array([float(row.reviews_count) for row in rows]), np.array([row.rating_sum for row in rows])
        ),
        prior_mean=await _prior(connection),
    )
    by_mentor: dict[int, list[Evidence]] = defaultdict(list)
    for each in found:
        by_mentor[each.mentor_id].append(each)
    answers = await requests.answer_figures(connection, at, at - ANSWERS_OF, _PATIENCE, PROMPT_HOURS)
    return [
        (
            row,
            {
                "id": row.id,
                "mean": float(rated.mean[number]),
                "lower": float(rated.lower[number]),
                "upper": float(rated.upper[number]),
                "count": int(rated.count[number]),
                "private_mean": _private(by_mentor.get(row.id, ())),
                **_answered(answers.get(row.id)),
                "was_mean": row.rating_mean,
                "was_count": row.rating_count,
            },
        )
        for number, row in enumerate(rows)
    ]


def _reviews(found: Sequence[Evidence], numbers: Mapping[int, int]) -> Reviews:
    return Reviews(
        np.array([numbers[each.mentor_id] for each in found], dtype=np.int64),
        np.array([float(each.stars) for each in found]),
        np.array([each.age for each in found]),
    )


async def _prior(connection: AsyncConnection) -> float:
    """The platform's mean."""
    weight, total = await ratings.platform(connection, rating.REVIEW_HALF_LIFE_DAYS, rating.IMPORTED_WEIGHT)
    return rating.platform_mean(weight, total)


def _private(found: Sequence[Evidence]) -> float | None:
    said = [(each.progress, each.age) for each in found if each.progress is not None]
    return private_mean([float(value) for value, _ in said], [age for _, age in said])


def _answered(row: Any) -> dict[str, Any]:
    return {
        "asked": row.asked if row else 0,
        "answered": row.answered if row else 0,
        "hours": row and row.hours,
        "prompt_share": row and row.prompt_share,
    }


def _has_moved(row: Any, figures: Mapping[str, Any]) -> bool:
    return any(_differs(getattr(row, column), figures[name]) for name, column in _COLUMNS.items())


def _differs(before: float | None, now: float | None) -> bool:
    if before is None or now is None:
        return before is not now
    return abs(before - now) > _STILL

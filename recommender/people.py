"""Who the mentors of a snapshot are, what is thought of them, and in which order their rows come."""

import hashlib
import json
from array import array
from dataclasses import fields
from functools import cached_property
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import People
from recommender.model import Mentor, Stars
from recommender.quality import quality
from recommender.rating import NO_REVIEWS, Imported, rate, rated
from recommender.response import response
from recommender.vectors import Doubles, frozen

_FIELDS: Final = attrgetter(*(field.name for field in fields(Mentor)))
_STARS: Final = attrgetter(*(field.name for field in fields(Stars)))
_UNRATED: Final = Stars(mean=np.nan, lower=np.nan, upper=np.nan, count=-1)
"""Stands for the rating of a mentor whom the platform has not rated."""


class PeopleDraft:
    """Ids, reviews, answers and freshness, in the order of import."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._eligible = array("b")
        self._reviews = array("q")
        self._sums = array("d")
        self._rated = array("q")
        self._means = array("d")
        self._lowers = array("d")
        self._asked = array("q")
        self._answered = array("q")
        self._answer_hours = array("d")
        self._silent = array("d")
        self._company = array("q")
        self._companies: dict[str, int] = {"": 0}
        self._digests = bytearray()

    def add(self, mentor: Mentor) -> None:
        """One more mentor."""
        self._ids.append(mentor.id)
        self._eligible.append(mentor.active and mentor.capacity != 0)
        self._add_stars(mentor)
        self._add_answers(mentor)
        self._silent.append(np.nan if mentor.confirmed_days is None else mentor.confirmed_days)
        company = mentor.company.strip().casefold()
        self._company.append(self._companies.setdefault(company, len(self._companies)))
        content = json.dumps(_FIELDS(mentor), default=_STARS).encode()
        self._digests += hashlib.blake2b(content, digest_size=16).digest()

    def _add_stars(self, mentor: Mentor) -> None:
        self._reviews.append(max(mentor.reviews_count, 0))
        self._sums.append(mentor.rating_sum)
        rating = mentor.rating or _UNRATED
        self._rated.append(rating.count)
        self._means.append(rating.mean)
        self._lowers.append(rating.lower)

    def _add_answers(self, mentor: Mentor) -> None:
        asked = max(mentor.requests_asked, 0)
        self._asked.append(asked)
        self._answered.append(min(max(mentor.requests_answered, 0), asked))
        self._answer_hours.append(np.nan if mentor.answer_hours is None else mentor.answer_hours)

    def checked_ids(self) -> NDArray[np.int64]:
        """The ids, each checked to be one mentor's only."""
        ids = np.array(self._ids, dtype=np.int64)
        found, counts = np.unique(ids, return_counts=True)
        if np.any(counts > 1):
            raise ValueError(f"two mentors have the id {found[counts > 1][0]}; ids must be unique")
        return ids

    def order(self) -> NDArray[np.int64]:
        """Which mentor comes at each row: by quality, then by a hash of the id."""
        ids = np.array(self._ids, dtype=np.int64)
        return np.lexsort((mixed(ids), -self._columns.quality))

    def columns(self, order: NDArray[np.int64]) -> People:
        """All columns in the order of the rows; nobody may be added afterwards."""
        return People(*(frozen(column[order]) for column in _COLUMNS(self._columns)))

    @cached_property
    def _columns(self) -> People:
        """The columns in the order of import."""
        stars, lower = self._stars()
        silent = np.array(self._silent, dtype=np.float64)
        asked, answered = np.array(self._asked, dtype=np.int64), np.array(self._answered, dtype=np.int64)
        hours = np.array(self._answer_hours, dtype=np.float64)
        reviews, average = self._shown()
        return People(
            ids=np.array(self._ids, dtype=np.int64),
            eligible=np.array(self._eligible, dtype=np.bool_),
            quality=quality(lower, silent).astype(np.float32),
            response=response(asked, answered, hours).astype(np.float32),
            reviews=reviews,
            average=average,
            stars=stars,
            asked=asked,
            answered=answered,
            answer_hours=hours,
            silent=silent,
            company=np.array(self._company, dtype=np.int64),
        )

    def _imported(self) -> Imported:
        return Imported(np.array(self._reviews, dtype=np.float64), np.array(self._sums, dtype=np.float64))

    def _stars(self) -> tuple[Doubles, Doubles]:
        """Posterior mean and lower bound: the platform's, or those of the import alone; shapes (n,)."""
        alone = rate(NO_REVIEWS, self._imported())
        given = np.array(self._rated, dtype=np.int64) >= 0
        means, lowers = np.array(self._means, dtype=np.float64), np.array(self._lowers, dtype=np.float64)
        return np.where(given, means, alone.mean), np.where(given, lowers, alone.lower)

    def _shown(self) -> tuple[NDArray[np.int64], Doubles]:
        """The number of reviews and the stars that people see, NaN for none; shapes (n,)."""
        imported, counts = self._imported(), np.array(self._rated, dtype=np.int64)
        known, total = rated(imported.counts, imported.sums)
        average = np.full(len(counts), np.nan)
        np.divide(total, known, out=average, where=known > 0)
        reviews = np.where(counts >= 0, counts, np.array(self._reviews, dtype=np.int64))
        return reviews, np.where(counts > 0, np.array(self._means, dtype=np.float64), average)

    def digest(self, ids: NDArray[np.int64]) -> bytes:
        """The digests of all mentors in the order of their ids."""
        rows = np.frombuffer(bytes(self._digests), dtype=np.uint8).reshape(-1, 16)
        return rows[np.argsort(ids)].tobytes()


_COLUMNS: Final = attrgetter(*(field.name for field in fields(People)))


def mixed(ids: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each id that orders mentors as if shuffled once (SplitMix64); shape of ``ids``."""
    state = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))

"""A compiled catalogue and what the questionnaire asks of it."""

import hashlib
import json
from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import Catalogue, People
from recommender.matters import can_change
from recommender.model import DirectionKey, Mentor, Request, SkillKey
from recommender.prices import DEFAULT_RATES
from recommender.quality import posterior_stars, quality, rated
from recommender.skills import SkillDraft
from recommender.taxonomy import Taxonomy
from recommender.texts import TextDraft
from recommender.traits import GOALS_OF_SKILLS, DirectionDraft, Terms, TermsDraft
from recommender.vectors import frozen
from recommender.weights import MODEL

_FOREIGN: Final = 0.4
"""What a skill of other directions counts for beside the direction's own, when offered as an answer."""
_FIELDS: Final = attrgetter(*(field.name for field in fields(Mentor)))


class Snapshot(Catalogue):
    """One state of the catalogue; see :class:`recommender.catalogue.Catalogue` for the arrays."""

    __slots__ = ()

    def direction_counts(self) -> Mapping[DirectionKey, int]:
        """How many eligible mentors each direction has, most frequent first, without those nobody has."""
        counts = (self.directions.named & self.people.eligible).sum(axis=1)
        named = [(key, int(count)) for key, count in zip(self.directions.keys, counts, strict=True) if count]
        return dict(sorted(named, key=lambda pair: -pair[1]))

    def frequent_skills(self, directions: Collection[DirectionKey], limit: int) -> tuple[SkillKey, ...]:
        """The skills that tell the eligible mentors of these directions (of all, if none) apart best.

        Ordered by ``p * (1 - p)``, p being the share of these mentors who have the skill, where a skill that
        belongs to other directions counts _FOREIGN of that; skills that only repeat a goal are left out.
        """
        rows = self._rows_in(directions)
        shares = self.skills.had.counts(rows) / max(len(rows), 1)
        wanted = set(directions)
        telling = {
            key: shares[number] * (1 - shares[number]) * self._belonging(key, wanted)
            for key, number in self.skills.numbers.items()
            if shares[number] and key in self.taxonomy.skills and key not in GOALS_OF_SKILLS
        }
        return tuple(sorted(telling, key=lambda key: (-telling[key], key))[:limit])

    def _belonging(self, key: SkillKey, directions: set[DirectionKey]) -> float:
        at_home = not directions or not directions.isdisjoint(self.taxonomy.skills[key].directions)
        return 1.0 if at_home else _FOREIGN

    def _rows_in(self, directions: Collection[DirectionKey]) -> NDArray[np.int64]:
        numbers = [self.directions.numbers[key] for key in directions if key in self.directions.numbers]
        inside = self.directions.named[numbers].any(axis=0) if directions else True
        return np.flatnonzero(self.people.eligible & inside)

    def matters(self, field: str, request: Request) -> bool:
        """Whether answering one field of the request can still change who the first three mentors are."""
        return can_change(self, field, request)


def compile_snapshot(
    mentors: Iterable[Mentor],
    taxonomy: Taxonomy,
    *,
    at: datetime,
    rates: Mapping[str, float] = DEFAULT_RATES,
) -> Snapshot:
    """Compile the catalogue; the mentors are read once and not kept.

    ``at`` (aware) fixes the offsets of time zones, ``rates`` are roubles for a unit of each currency. Raises
    ValueError for a naive ``at`` and for two mentors with the same id.
    """
    if at.utcoffset() is None:
        raise ValueError(f"at has no time zone: {at!r}; pass an aware datetime")
    draft = _Draft(taxonomy, rates, at)
    for mentor in mentors:
        draft.add(mentor)
    return draft.compiled()


class _Draft:
    """Everything collected mentor by mentor, before the rows are put in order."""

    def __init__(self, taxonomy: Taxonomy, rates: Mapping[str, float], at: datetime) -> None:
        self._taxonomy, self._rates, self._at = taxonomy, rates, at
        self._people = _PeopleDraft()
        self._directions = DirectionDraft(taxonomy)
        self._skills = SkillDraft(taxonomy)
        self._terms = TermsDraft(rates, at)
        self._texts = TextDraft(taxonomy)

    def add(self, mentor: Mentor) -> None:
        for part in (self._people, self._directions, self._skills, self._terms, self._texts):
            part.add(mentor)

    def compiled(self) -> Snapshot:
        ids = self._people.checked_ids()
        order = self._people.order()
        row_of = np.empty_like(order)
        row_of[order] = np.arange(len(order))
        terms = self._terms.columns(order, row_of)
        return Snapshot(
            version=self._version(ids, terms),
            at=self._at,
            rates=dict(self._rates),
            taxonomy=self._taxonomy,
            people=self._people.columns(order),
            directions=self._directions.index(row_of),
            skills=self._skills.index(order, row_of),
            terms=terms,
            phrases=self._texts.phrases(order),
            stems=self._texts.stems(row_of),
            by_id=frozen(np.argsort(ids[order], kind="stable")),
        )

    def _version(self, ids: NDArray[np.int64], terms: Terms) -> str:
        """A hash of mentors, taxonomy, rates and time-zone offsets, whatever the order of mentors."""
        about = f"{MODEL} {self._taxonomy.version} {sorted(self._rates.items())}"
        whole = hashlib.sha256(about.encode())
        whole.update(self._people.digest(ids))
        whole.update(terms.zone.tobytes())
        return whole.hexdigest()[:12]


class _PeopleDraft:
    """Ids, reviews and freshness, in the order of import."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._eligible = array("b")
        self._reviews = array("q")
        self._sums = array("d")
        self._silent = array("d")
        self._company = array("q")
        self._companies: dict[str, int] = {"": 0}
        self._digests = bytearray()

    def add(self, mentor: Mentor) -> None:
        self._ids.append(mentor.id)
        self._eligible.append(mentor.active and mentor.capacity != 0)
        self._reviews.append(max(mentor.reviews_count, 0))
        self._sums.append(mentor.rating_sum)
        self._silent.append(np.nan if mentor.confirmed_days is None else mentor.confirmed_days)
        company = mentor.company.strip().casefold()
        self._company.append(self._companies.setdefault(company, len(self._companies)))
        self._digests += hashlib.blake2b(json.dumps(_FIELDS(mentor)).encode(), digest_size=16).digest()

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
        return np.lexsort((mixed(ids), -self._quality()))

    def _quality(self) -> NDArray[np.float32]:
        counts, sums = np.array(self._reviews, dtype=np.float64), np.array(self._sums)
        return quality(counts, sums, np.array(self._silent)).astype(np.float32)

    def columns(self, order: NDArray[np.int64]) -> People:
        counts, sums = np.array(self._reviews, dtype=np.float64), np.array(self._sums)
        known, total = rated(counts, sums)
        average = np.full(len(counts), np.nan)
        np.divide(total, known, out=average, where=known > 0)
        return People(
            ids=frozen(np.array(self._ids, dtype=np.int64)[order]),
            eligible=frozen(np.array(self._eligible, dtype=np.bool_)[order]),
            quality=frozen(self._quality()[order]),
            reviews=frozen(np.array(self._reviews, dtype=np.int64)[order]),
            average=frozen(average[order]),
            stars=frozen(posterior_stars(counts, sums)[order]),
            silent=frozen(np.array(self._silent, dtype=np.float64)[order]),
            company=frozen(np.array(self._company, dtype=np.int64)[order]),
        )

    def digest(self, ids: NDArray[np.int64]) -> bytes:
        """The digests of all mentors in the order of their ids."""
        rows = np.frombuffer(bytes(self._digests), dtype=np.uint8).reshape(-1, 16)
        return rows[np.argsort(ids)].tobytes()


def mixed(ids: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of each id that orders mentors as if shuffled once (SplitMix64); shape of ``ids``."""
    state = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))

"""A compiled catalogue and what the questionnaire asks of it."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import Catalogue
from recommender.matters import can_change
from recommender.model import DirectionKey, Mentor, Request, SkillKey
from recommender.people import PeopleDraft
from recommender.prices import DEFAULT_RATES
from recommender.skills import SkillDraft
from recommender.taxonomy import Taxonomy
from recommender.texts import TextDraft
from recommender.traits import GOALS_OF_SKILLS, DirectionDraft, Terms, TermsDraft
from recommender.vectors import frozen
from recommender.weights import MODEL

_FOREIGN: Final = 0.4
"""What a skill of other directions counts for beside the direction's own, when offered as an answer."""


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
        self._people = PeopleDraft()
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

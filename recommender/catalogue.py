"""The catalogue as immutable arrays, from which every request is answered.

Rows are ordered by quality, best first, and among equals by a hash of the mentor's id: so "by row" is also
how ties are broken, and the order of import is no advantage.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from recommender.model import MentorId
from recommender.skills import SkillIndex
from recommender.taxonomy import Taxonomy
from recommender.texts import PhraseIndex, StemIndex
from recommender.traits import DirectionIndex, Terms


@dataclass(frozen=True, slots=True)
class People:
    """Columns of shape (n,): ids, who may be shown, reviews, answers and freshness.

    ``stars`` is the posterior mean. ``average`` is what people are shown: the posterior mean too where the
    platform rated the mentor, else the plain mean of the import; NaN without stars. ``asked`` and
    ``answered`` count requests, ``answer_hours`` is the median to the first answer, NaN where there is none.
    ``silent`` is days since the last sign of life, NaN where none is known; ``company`` numbers equal
    companies, 0 for none.
    """

    ids: NDArray[np.int64]
    eligible: NDArray[np.bool_]
    quality: NDArray[np.float32]
    response: NDArray[np.float32]
    reviews: NDArray[np.int64]
    average: NDArray[np.float64]
    stars: NDArray[np.float64]
    asked: NDArray[np.int64]
    answered: NDArray[np.int64]
    answer_hours: NDArray[np.float64]
    silent: NDArray[np.float64]
    company: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """One state of the catalogue; all arrays are read-only and all rows mean the same mentor in each.

    ``version`` is a hash of the content: the same mentors in another order have the same version.
    """

    version: str
    at: datetime
    rates: Mapping[str, float]
    taxonomy: Taxonomy
    people: People
    directions: DirectionIndex
    skills: SkillIndex
    terms: Terms
    phrases: PhraseIndex
    stems: StemIndex
    by_id: NDArray[np.int64]

    def __len__(self) -> int:
        """How many mentors there are, eligible or not."""
        return len(self.people.ids)

    def __contains__(self, mentor_id: MentorId) -> bool:
        """Whether the mentor is in the catalogue, eligible or not."""
        return self.row_of(mentor_id) is not None

    @property
    def eligible(self) -> int:
        """How many mentors are active and have a free place."""
        return int(np.count_nonzero(self.people.eligible))

    def row_of(self, mentor_id: MentorId) -> int | None:
        """The mentor's row here."""
        rows = self.rows_of((mentor_id,))
        return int(rows[0]) if len(rows) else None

    def rows_of(self, mentor_ids: Collection[MentorId]) -> NDArray[np.int64]:
        """The rows of those mentors that are here, in any order."""
        wanted = np.fromiter(mentor_ids, dtype=np.int64, count=len(mentor_ids))
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        ids = self.people.ids[self.by_id]
        places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
        rows: NDArray[np.int64] = self.by_id[places[ids[places] == wanted]]
        return rows

"""All blocks of one request put together: a score and the broken limits of every mentor."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender import blocks
from recommender.blocks import Fit
from recommender.catalogue import Catalogue
from recommender.model import Limit, Wish
from recommender.query import Query
from recommender.weights import WEIGHTS, WISHED, Block

RELAXATION: Final = (
    Limit.TIMEZONE,
    Limit.FORMAT,
    Limit.LEVEL,
    Limit.BUDGET,
    Limit.BUDGET,
    Limit.LANGUAGE,
    Limit.SKILLS,
    Limit.DIRECTION,
)
"""The order in which limits are given up: first what two people can arrange, last what the talk is about.

The language goes before the topic: most people read more than one, and another trade helps nobody.

The budget goes in two steps: first for those a little over it, then for everybody.
"""

Broken = NDArray[np.uint16]
"""The limits each mentor breaks, bit i for the i-th of RELAXATION (n,)."""

_LIMITS: Final[Mapping[Block, Limit]] = {
    Block.TIMEZONE: Limit.TIMEZONE,
    Block.FORMAT: Limit.FORMAT,
    Block.LEVEL: Limit.LEVEL,
    Block.BUDGET: Limit.BUDGET,
    Block.SKILLS: Limit.SKILLS,
    Block.DIRECTION: Limit.DIRECTION,
    Block.LANGUAGE: Limit.LANGUAGE,
}


@dataclass(frozen=True, slots=True)
class Scores:
    """Every mentor measured against one query.

    ``fits`` are the blocks in play, ``shares`` their renormalised weights and ``total`` the scores (n,).
    """

    query: Query
    fits: Mapping[Block, Fit]
    shares: Mapping[Block, float]
    total: NDArray[np.float32]
    broken: Broken

    def parts(self, row: int) -> dict[str, float]:
        """What each block adds to one mentor's score."""
        return {str(block): self.shares[block] * float(fit.values[row]) for block, fit in self.fits.items()}

    def breaks(self, row: int, limit: Limit) -> bool:
        """Whether one mentor breaks a limit."""
        return bool(self.broken[row] >> RELAXATION.index(limit) & 1)


def score(snapshot: Catalogue, query: Query) -> Scores:
    """Measure every mentor: ``sum of share * value`` over the blocks in play.

    A share is ``weight * strength * what the wishes make of it``, over the sum of all.
    """
    fits = dict(_fits(snapshot, query))
    wishes = frozenset(query.request.wishes)
    weights = {block: WEIGHTS[block] * fit.strength * wished(block, wishes) for block, fit in fits.items()}
    shares = {block: weight / sum(weights.values()) for block, weight in weights.items()}
    total = np.zeros(len(snapshot), dtype=np.float32)
    for block, fit in fits.items():
        total += np.float32(shares[block]) * fit.values
    return Scores(query, fits, shares, total, _broken(len(snapshot), fits))


def wished(block: Block, wishes: Iterable[Wish]) -> float:
    """How many times a block's weight counts.

    >>> wished(Block.SKILLS, [Wish.CLOSER, Wish.CHEAPER]), wished(Block.GOALS, [Wish.CLOSER])
    (1.5, 1.0)
    """
    return math.prod(WISHED[wish].get(block, 1.0) for wish in wishes)


def _fits(snapshot: Catalogue, query: Query) -> Iterator[tuple[Block, Fit]]:
    request = query.request
    every = (
        (Block.DIRECTION, blocks.direction(snapshot, query)),
        (Block.SKILLS, blocks.skills(snapshot, query)),
        (Block.GOALS, blocks.goals(snapshot, query)),
        (Block.LEVEL, blocks.level(snapshot, request)),
        (Block.BUDGET, blocks.budget(snapshot, request)),
        (Block.FORMAT, blocks.format_(snapshot, request)),
        (Block.LANGUAGE, blocks.language(snapshot, request)),
        (Block.TIMEZONE, blocks.timezone(snapshot, request)),
        (Block.WORDS, blocks.words(snapshot, query)),
        (Block.QUALITY, Fit(snapshot.people.quality)),
        (Block.RESPONSE, Fit(snapshot.people.response)),
    )
    yield from ((block, fit) for block, fit in every if fit is not None)


def _broken(size: int, fits: Mapping[Block, Fit]) -> Broken:
    broken = np.zeros(size, dtype=np.uint16)
    for block, fit in fits.items():
        if fit.broken is not None:
            broken |= fit.broken.astype(np.uint16) << np.uint16(RELAXATION.index(_LIMITS[block]))
        if fit.far is not None:
            broken |= fit.far.astype(np.uint16) << np.uint16(relaxed_at(_LIMITS[block]))
    return broken


def relaxed_at(limit: Limit) -> int:
    """The step of RELAXATION with which a limit is given up altogether."""
    return len(RELAXATION) - 1 - RELAXATION[::-1].index(limit)

"""Every number that was chosen rather than computed: weights, similarities, what unknown data counts for.

``docs/recommender.md`` says how they were chosen.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from recommender.model import Wish


class Block(StrEnum):
    """A part of the score; the keys of :attr:`recommender.model.Card.parts`."""

    DIRECTION = "direction"
    SKILLS = "skills"
    GOALS = "goals"
    LEVEL = "level"
    BUDGET = "budget"
    FORMAT = "format"
    LANGUAGE = "language"
    TIMEZONE = "timezone"
    WORDS = "words"
    QUALITY = "quality"
    RESPONSE = "response"


MODEL: Final = "content-2"
"""The name of this model in :attr:`recommender.model.Shortlist.model_version`."""

WEIGHTS: Final[Mapping[Block, float]] = MappingProxyType(
    {
        Block.DIRECTION: 0.12,
        Block.SKILLS: 0.30,
        Block.GOALS: 0.14,
        Block.LEVEL: 0.10,
        Block.BUDGET: 0.08,
        Block.FORMAT: 0.04,
        Block.LANGUAGE: 0.02,
        Block.TIMEZONE: 0.02,
        Block.WORDS: 0.07,
        Block.QUALITY: 0.08,
        Block.RESPONSE: 0.03,
    }
)
"""Weights of the blocks: they add up to 1, and are renormalised over the blocks a request speaks of."""

WISHED: Final[Mapping[Wish, Mapping[Block, float]]] = MappingProxyType(
    {
        Wish.CHEAPER: MappingProxyType({Block.BUDGET: 3.0}),
        Wish.CLOSER: MappingProxyType({Block.SKILLS: 1.5, Block.WORDS: 2.0, Block.DIRECTION: 1.5}),
        Wish.RESPONSIVE: MappingProxyType({Block.RESPONSE: 6.0}),
    }
)
"""How many times a block's weight counts where a student missed something in an earlier shortlist."""

RECOGNISED: Final = 0.5
"""What a skill, goal or direction counts for that was only recognised in the student's own words."""
NO_TRADES: Final = frozenset({"leadership", "entrepreneurship"})
"""Directions that are no trade: who picks only these can say their trade in own words alone."""
RECOGNISED_TRADE: Final = 0.8
"""What the trade and the skills in those words then count for."""

# How far a mentor's skill answers for an asked one. All are exact in binary, so that they survive float32.
EXACT: Final = 1.0
CHILD: Final = 0.75
"""The mentor knows a special case of what was asked (PostgreSQL for SQL)."""
MENTIONED: Final = 0.625
"""A skill unknown to the taxonomy that stands in the running text of the profile, not among its skills."""
PARENT: Final = 0.5
"""The mentor knows what the asked skill belongs to (Python for Django)."""
SIBLING: Final = 0.25
"""The mentor knows something else under the same parent (Vue.js for React)."""
LARGEST_FAMILY: Final = 12
"""Children of a parent with more than this many are no siblings: they have too little in common."""

FOCUS_PIVOT: Final = 8
FOCUS_SLOPE: Final = 0.25
"""A list of n skills counts 1 / (1 + FOCUS_SLOPE * log2(n / FOCUS_PIVOT)), never more than 1."""

NAMED_DIRECTION: Final = 0.6
"""Share of the direction block earned by naming the direction; the rest needs evidence."""
FULL_EVIDENCE: Final = 0.5
"""Skills are full evidence for a direction from this share of a mentor's list on."""
TITLE_EVIDENCE: Final = 0.5
"""What a title that speaks of directions counts for as evidence, skills for the rest."""
BEST_DIRECTION: Final = 0.7
"""Of several asked directions, the best one counts this much, and their mean the rest."""
NEAREST_DIRECTION: Final = 0.5
NEARNESS: Final = 2.0
"""Naming another direction counts NEARNESS * cosine of the skills, up to the first, of naming this one."""

# Missing data is neither a match nor a miss.
UNKNOWN_GOALS: Final = 0.4
UNKNOWN_LEVEL: Final = 0.5
UNKNOWN_PRICE: Final = 0.3
UNKNOWN_FORMAT: Final = 0.5
UNKNOWN_LANGUAGE: Final = 0.5
UNKNOWN_TIMEZONE: Final = 0.5

GAP_VALUES: Final = (0.5, 0.9, 1.0, 0.9, 0.75, 0.65)
"""Level block by how many levels the mentor is above the student; below the student it is 0."""
HELPS_UNSTATED: Final = 0.9
"""Factor of the level block where a mentor does not say which levels they help."""
HELPS_OTHERS: Final = 0.3
"""Factor of the level block where a mentor helps other levels than the student's."""

LEAST_SCALE: Final = 3000.0
LEAST_SHARE_SCALE: Final = 100.0
"""A price over the budget by the budget again is worth half, or by this much: roubles, or per cent."""
A_LITTLE_OVER: Final = 1.5
"""A price of up to so many budgets, or of up to LEAST_SCALE, is only a little over the budget."""

NEAR_HOURS: Final = 2.0
FAR_HOURS: Final = 4.0
"""More hours apart than this break the time-zone limit."""
WORST_HOURS: Final = 8.0
"""The time-zone block is 1 up to NEAR_HOURS apart and falls linearly to 0 here."""

BM25_K1: Final = 1.2
BM25_B: Final = 0.75
TITLE_TERMS: Final = 3
"""A word of the title counts as this many words of the profile text."""
WORDS_ENOUGH: Final = 5
"""Matching this many of the rarest words of the student's text is a full match."""
RAREST: Final = 5
"""Document frequencies below this count as this: a word found in one profile tells little more."""
COMMONEST: Final = 0.5
"""Words in more than this share of all profiles are not looked for."""
TELLING: Final = 0.2
"""Words in more than this share of all profiles are no reason to show."""
TELLING_ALONE: Final = 0.05
"""A single word is a reason to show only where no more than this share of all profiles has it."""

DIVERSITY: Final = 0.93
"""Lambda of maximal marginal relevance: 1 would ignore likeness among the cards."""
CANDIDATES: Final = 30
"""How many of the best candidates diversity chooses from (three times k, where that is more)."""

SURPRISES: Final = 50
"""Size of the pool a surprise is drawn from."""
USUAL: Final = 10
"""Without a direction, the first so many of the ranking are the usual ones."""

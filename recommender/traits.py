"""What mentors state besides skills and texts, as columns: directions, level, goals, terms of work."""

import math
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.model import DirectionKey, Format, Goal, Level, Mentor, PriceUnit, SkillKey
from recommender.prices import per_session
from recommender.taxonomy import Taxonomy
from recommender.vectors import Incidence, Vocabulary, frozen
from recommender.weights import (
    FULL_EVIDENCE,
    NAMED_DIRECTION,
    NEAREST_DIRECTION,
    NEARNESS,
    TITLE_EVIDENCE,
)
from recommender.zones import hours_from_utc

_LEVELS: Final = len(Level)
UNKNOWN_LEVEL_CODE: Final = 2 * _LEVELS
"""Codes 0 to 5 are stated levels, 6 to 11 levels guessed from years of experience, 12 no level at all."""
_YEARS_OF: Final = ((10.0, Level.LEAD), (5.0, Level.SENIOR), (3.0, Level.MIDDLE), (1.0, Level.JUNIOR))
_SPOKEN_BY: Final = 0.5
_PLACES: Final[Mapping[type[StrEnum], Mapping[StrEnum, int]]] = {
    kind: {member: place for place, member in enumerate(kind)} for kind in (Goal, Level, Format)
}


GOALS_OF_SKILLS: Final[Mapping[SkillKey, Goal]] = {
    SkillKey(key): goal
    for goal, keys in {
        Goal.FIRST_JOB: ("job_search", "test_assignment"),
        Goal.INTERVIEWS: ("interview_preparation", "mock_interview", "live_coding"),
        Goal.NEXT_GRADE: ("career_growth",),
        Goal.SWITCH: ("career_change",),
        Goal.RAISE: ("salary_negotiation",),
        Goal.CV: ("cv_writing", "cover_letter", "linkedin", "portfolio"),
        Goal.CODE_REVIEW: ("code_review",),
        Goal.LEADING: ("team_management", "one_on_one"),
    }.items()
    for key in keys
}
"""Skills of the taxonomy that say what a mentor helps with, as many mentors write it."""


def bits(values: Iterable[StrEnum]) -> int:
    """A set of enum members as a bit mask, the first member in the lowest bit."""
    return sum(1 << _PLACES[type(value)][value] for value in set(values))


def level_code(mentor: Mentor) -> int:
    """The level stated, or else the one years of experience suggest, or else UNKNOWN_LEVEL_CODE."""
    if mentor.level is not None:
        return mentor.level.rank
    if mentor.years is None:
        return UNKNOWN_LEVEL_CODE
    guess = next((level for years, level in _YEARS_OF if mentor.years >= years), Level.NOVICE)
    return _LEVELS + guess.rank


def formats_of(mentor: Mentor) -> frozenset[Format]:
    """The formats stated; a share of the offer as a price is one, too."""
    shared = (Format.AFTER_OFFER,) if mentor.price_unit is PriceUnit.OFFER_SHARE else ()
    return frozenset((*mentor.formats, *shared))


def goals_of(mentor: Mentor) -> frozenset[Goal]:
    """The goals stated, and those that a listed skill says ("interview preparation")."""
    listed = (GOALS_OF_SKILLS[skill] for skill in mentor.skills if skill in GOALS_OF_SKILLS)
    return frozenset((*mentor.goals, *listed))


def directions_of(mentor: Mentor, taxonomy: Taxonomy) -> frozenset[DirectionKey]:
    """The directions stated; without any, those of the title; without those, those of half the skills."""
    stated = mentor.directions or taxonomy.directions_in(mentor.title)
    if stated:
        return frozenset(stated)
    shares = direction_shares(mentor.skills, taxonomy)
    return frozenset(key for key, share in shares.items() if share >= _SPOKEN_BY)


def direction_shares(skills: Collection[SkillKey], taxonomy: Taxonomy) -> dict[DirectionKey, float]:
    """Which share of the skills belongs to each direction."""
    known = [taxonomy.skills[skill].directions for skill in skills if skill in taxonomy.skills]
    counts = Counter(chain.from_iterable(known))
    return {key: count / len(skills) for key, count in counts.items()}


def direction_evidence(mentor: Mentor, taxonomy: Taxonomy) -> dict[DirectionKey, float]:
    """How much of a mentor's title and skills speaks for each direction, in (0, 1].

    ``t * [the title speaks of it] + (1 - t) * min(1, share of skills / FULL_EVIDENCE)``, t = TITLE_EVIDENCE;
    skills alone where the title speaks of no direction.
    """
    titled = taxonomy.directions_in(mentor.title)
    by_skills = 1 - TITLE_EVIDENCE if titled else 1.0
    shares = direction_shares(mentor.skills, taxonomy)
    evidence = {key: by_skills * min(1.0, share / FULL_EVIDENCE) for key, share in shares.items()}
    for key in titled:
        evidence[key] = evidence.get(key, 0.0) + TITLE_EVIDENCE
    return evidence


@dataclass(frozen=True, slots=True)
class DirectionIndex:
    """Directions by number; ``named`` and ``depth`` have shape (directions, n).

    ``depth`` is in [0, 1]: naming a direction earns NAMED_DIRECTION of it, title or skills the rest. Naming a
    near one instead earns as much of that as :func:`direction_closeness` says.
    """

    keys: tuple[DirectionKey, ...]
    numbers: Mapping[DirectionKey, int]
    named: NDArray[np.bool_]
    depth: NDArray[np.float32]

    def names_any(self, numbers: list[int]) -> NDArray[np.bool_]:
        """Who names at least one of the numbered directions; shape (n,)."""
        names: NDArray[np.bool_] = np.logical_or.reduce(self.named[numbers])
        return names

    def of(self, row: int) -> tuple[DirectionKey, ...]:
        """The directions of one row, in the taxonomy's order."""
        return tuple(self.keys[number] for number in np.flatnonzero(self.named[:, row]))


def direction_closeness(taxonomy: Taxonomy) -> NDArray[np.float32]:
    """How far one direction stands in for another, by the skills they share; shape (directions, directions).

    ``min(NEAREST_DIRECTION, NEARNESS * cosine)``, in the taxonomy's order; 0 for a direction and itself.
    """
    rows = [[key in skill.directions for skill in taxonomy.skills.values()] for key in taxonomy.directions]
    belongs = np.array(rows, dtype=np.float32).reshape(len(rows), len(taxonomy.skills))
    lengths = np.maximum(np.sqrt(belongs.sum(axis=1)), 1)
    cosine = belongs @ belongs.T / np.outer(lengths, lengths)
    np.fill_diagonal(cosine, 0)
    return np.minimum(NEARNESS * cosine, NEAREST_DIRECTION, dtype=np.float32)


def _nearness(named: NDArray[np.bool_], closeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """How close each direction is to the closest named one, 0 for a named one itself; shape of ``named``."""
    nearness = np.zeros(named.shape, dtype=np.float32)
    for one, other in np.argwhere(closeness):
        np.maximum(nearness[one], closeness[one, other] * named[other], out=nearness[one])
    nearness[named] = 0
    return nearness


class DirectionDraft:
    """Directions collected mentor by mentor, in the order of import."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._numbers = Vocabulary()
        self._numbers.number_all(taxonomy.directions)
        self._named = (array("i"), array("i"))
        self._depth = (array("i"), array("i"))
        self._depths = array("f")
        self._count = 0

    def add(self, mentor: Mentor) -> None:
        """Take one mentor's directions and the evidence for them."""
        named = directions_of(mentor, self._taxonomy)
        evidence = direction_evidence(mentor, self._taxonomy)
        for key in named | evidence.keys():
            earned = (1 - NAMED_DIRECTION) * evidence.get(key, 0.0)
            self._note(self._depth, key)
            self._depths.append(earned + NAMED_DIRECTION * (key in named))
        for key in named:
            self._note(self._named, key)
        self._count += 1

    def _note(self, pairs: "tuple[array[int], array[int]]", key: DirectionKey) -> None:
        pairs[0].append(self._numbers[key])
        pairs[1].append(self._count)

    def index(self, row_of: NDArray[np.int64]) -> DirectionIndex:
        """The index; ``row_of[i]`` is the row of the i-th mentor added."""
        shape = (len(self._numbers), self._count)
        named, depth = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.float32)
        named[self._places(self._named, row_of)] = True
        depth[self._places(self._depth, row_of)] = np.array(self._depths, dtype=np.float32)
        keys = tuple(DirectionKey(key) for key in self._numbers)
        numbers = {key: number for number, key in enumerate(keys)}
        depth += np.float32(NAMED_DIRECTION) * _nearness(named, direction_closeness(self._taxonomy))
        return DirectionIndex(keys, numbers, frozen(named), frozen(depth))

    @staticmethod
    def _places(
        pairs: "tuple[array[int], array[int]]", row_of: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return np.array(pairs[0], dtype=np.int64), row_of[np.array(pairs[1], dtype=np.int64)]


@dataclass(frozen=True, slots=True)
class Terms:
    """Columns of shape (n,).

    ``goals`` and ``formats`` are bit masks, ``levels`` is ``64 * level code + mask of levels helped`` (all as
    indexes into tables, hence int64); ``price`` is roubles for one session and ``share`` a percentage of the
    offer, NaN where unknown; ``zone`` is hours from UTC, NaN where unknown; ``years`` NaN where unknown.
    ``languages`` relates rows to the languages numbered in ``language_numbers``.
    """

    goals: NDArray[np.int64]
    formats: NDArray[np.int64]
    levels: NDArray[np.int64]
    price: NDArray[np.float64]
    share: NDArray[np.float64]
    zone: NDArray[np.float32]
    years: NDArray[np.float32]
    languages: Incidence
    language_numbers: Mapping[str, int]
    speaks: NDArray[np.bool_]


class TermsDraft:
    """Terms collected mentor by mentor, in the order of import."""

    def __init__(self, rates: Mapping[str, float], at: datetime) -> None:
        self._rates = rates
        self._hours: Callable[[str | None], float] = lru_cache(None)(lambda name: hours_from_utc(name, at))
        self._goals, self._formats, self._levels = array("q"), array("q"), array("q")
        self._price, self._share = array("d"), array("d")
        self._zone, self._years = array("f"), array("f")
        self._languages = Vocabulary()
        self._owners, self._spoken = array("i"), array("i")

    def add(self, mentor: Mentor) -> None:
        """Take one mentor's terms."""
        spoken = self._languages.number_all(language.casefold() for language in mentor.languages)
        self._owners.extend([len(self._goals)] * len(spoken))
        self._spoken.extend(spoken)
        self._goals.append(bits(goals_of(mentor)))
        self._formats.append(bits(formats_of(mentor)))
        self._levels.append(64 * level_code(mentor) + bits(mentor.helps_levels))
        self._price.append(self._session_price(mentor))
        share = mentor.price if mentor.price_unit is PriceUnit.OFFER_SHARE else None
        self._share.append(math.nan if share is None else share)
        self._zone.append(self._hours(mentor.timezone))
        self._years.append(math.nan if mentor.years is None else mentor.years)

    def _session_price(self, mentor: Mentor) -> float:
        if mentor.price is None:
            return math.nan
        price = per_session(mentor.price, mentor.price_unit, mentor.currency, self._rates)
        return math.nan if price is None else price

    def columns(self, order: NDArray[np.int64], row_of: NDArray[np.int64]) -> Terms:
        """The columns, rows in the given order; ``row_of`` is its inverse."""
        owners = row_of[np.array(self._owners, dtype=np.int64)]
        spoken = np.array(self._spoken, dtype=np.int64)
        languages = Incidence.of(owners, spoken, len(order), len(self._languages))
        return Terms(
            goals=frozen(np.array(self._goals, dtype=np.int64)[order]),
            formats=frozen(np.array(self._formats, dtype=np.int64)[order]),
            levels=frozen(np.array(self._levels, dtype=np.int64)[order]),
            price=frozen(np.array(self._price, dtype=np.float64)[order]),
            share=frozen(np.array(self._share, dtype=np.float64)[order]),
            zone=frozen(np.array(self._zone, dtype=np.float32)[order]),
            years=frozen(np.array(self._years, dtype=np.float32)[order]),
            languages=languages,
            language_numbers=dict(self._languages),
            speaks=frozen(np.diff(languages.row_starts) > 0),
        )


def members(mask: int, kind: type[Goal] | type[Format] | type[Level]) -> tuple[str, ...]:
    """The members of a bit mask made by :func:`bits`, in the enum's order.

    >>> members(0b101, Format)
    ('one_off', 'after_offer')
    """
    return tuple(str(one) for place, one in enumerate(kind) if mask >> place & 1)

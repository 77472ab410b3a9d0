"""The blocks of the score: how well every mentor fits one part of a request, and who breaks its limit.

A block is None where the request says nothing about it. Values have shape (n,) and lie in [0, 1].
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import Catalogue
from recommender.model import DirectionKey, Format, Goal, Level, PriceUnit, Request
from recommender.prices import per_session
from recommender.query import Query
from recommender.traits import UNKNOWN_LEVEL_CODE, bits
from recommender.vectors import Bools
from recommender.weights import (
    A_LITTLE_OVER,
    BEST_DIRECTION,
    FAR_HOURS,
    GAP_VALUES,
    HELPS_OTHERS,
    HELPS_UNSTATED,
    LEAST_SCALE,
    LEAST_SHARE_SCALE,
    NEAR_HOURS,
    PARENT,
    RECOGNISED,
    UNKNOWN_FORMAT,
    UNKNOWN_GOALS,
    UNKNOWN_LANGUAGE,
    UNKNOWN_LEVEL,
    UNKNOWN_PRICE,
    UNKNOWN_TIMEZONE,
    WORST_HOURS,
)
from recommender.zones import hours_from_utc

_ONE: Final = np.float32(1.0)
_ROUNDING: Final = 1e-9
_DAY: Final = 24.0


@dataclass(frozen=True, slots=True)
class Fit:
    """``values`` of one block, the rows that break its limit (None: it is no limit), and what it counts for.

    ``strength`` below 1 says that the evidence for asking is weaker than an answer. ``far`` are those of the
    ``broken`` who break a limit by far, where that is told apart.
    """

    values: NDArray[np.float32]
    broken: Bools | None = None
    strength: float = 1.0
    far: Bools | None = None


def direction(snapshot: Catalogue, query: Query) -> Fit | None:
    """How deep each mentor is in the wanted directions: the best one and their mean, mixed by BEST_DIRECTION.

    Beside picked directions that are no trade, the trade recognised in words counts as query.recognised
    says. Breaking the limit: naming none of the directions the student picked.
    """
    index = snapshot.directions
    numbers = _numbers(snapshot, query.directions)
    trades = _numbers(snapshot, query.trades)
    if not query.directions:
        return None
    if not numbers:
        nobody = np.zeros(len(snapshot), dtype=np.float32)
        return Fit(nobody, np.ones(len(snapshot), dtype=np.bool_) if query.named else None)
    depth = _best_and_mean(index.depth[numbers])
    if trades:
        share = np.float32(query.recognised / (1 + query.recognised))
        depth = (_ONE - share) * depth + share * _best_and_mean(index.depth[trades])
    if not query.named:
        return Fit(depth, strength=RECOGNISED)
    return Fit(depth, ~index.names_any(numbers))


def _numbers(snapshot: Catalogue, directions: Collection[DirectionKey]) -> list[int]:
    numbers = snapshot.directions.numbers
    return [numbers[key] for key in directions if key in numbers]


def _best_and_mean(depths: NDArray[np.float32]) -> NDArray[np.float32]:
    best = np.float32(BEST_DIRECTION)
    mixed: NDArray[np.float32] = (
        depths[0] if len(depths) == 1 else best * depths.max(axis=0) + (_ONE - best) * depths.mean(axis=0)
    )
    return mixed


def skills(snapshot: Catalogue, query: Query) -> Fit | None:
    """Coverage of the asked skills, weighted by rarity and damped for long lists.

    ``sum of weight * match * focus / sum of weight``, without focus for skills of the title; 0 for everybody
    where nobody says any of them. Breaking the
    limit: no picked skill is matched by itself, a child or a parent.
    """
    if not query.asked:
        return None
    total = sum(one.weight for one in query.asked) or 1.0
    covered = np.zeros(len(snapshot), dtype=np.float32)
    for one in query.asked:
        covered += np.float32(one.weight / total) * one.match
    focus = snapshot.skills.focus
    covered *= focus
    for one in query.asked:
        covered[one.titled] += np.float32(one.weight / total) * (_ONE - focus[one.titled])
    np.minimum(covered, _ONE, out=covered)
    return Fit(covered, _nothing_known(query), 1.0 if query.picked else query.recognised)


def _nothing_known(query: Query) -> Bools | None:
    if not query.picked:
        return None
    known = query.picked[0].match >= PARENT
    for one in query.picked[1:]:
        known |= one.match >= PARENT
    return ~known


def goals(snapshot: Catalogue, query: Query) -> Fit | None:
    """The share of the student's goals a mentor helps with; UNKNOWN_GOALS where none are stated."""
    if not query.goals:
        return None
    values = _goal_values(bits(query.goals))[snapshot.terms.goals]
    return Fit(values, strength=1.0 if query.request.goals else RECOGNISED)


@lru_cache(maxsize=256)
def _goal_values(wanted: int) -> NDArray[np.float32]:
    """The block's value for each mask of a mentor's goals; shape (2 ** number of goals,)."""
    shares = [(wanted & mask).bit_count() / wanted.bit_count() for mask in range(1 << len(Goal))]
    return np.array([UNKNOWN_GOALS, *shares[1:]], dtype=np.float32)


def level(snapshot: Catalogue, request: Request) -> Fit | None:
    """How far above the student the mentor is, and whether they help the student's level.

    Breaking the limit: a stated level below the student's, or stated levels of help without it.
    """
    if request.level is None:
        return None
    values, broken = _level_tables(request.level)
    codes = snapshot.terms.levels
    return Fit(values[codes], broken[codes])


@lru_cache(maxsize=len(Level))
def _level_tables(student: Level) -> tuple[NDArray[np.float32], Bools]:
    """Value and breach for each ``64 * level code + mask of levels helped``."""
    codes = [(code, mask) for code in range(UNKNOWN_LEVEL_CODE + 1) for mask in range(1 << len(Level))]
    values = [level_value(student, code, mask) for code, mask in codes]
    broken = [level_broken(student, code, mask) for code, mask in codes]
    return np.array(values, dtype=np.float32), np.array(broken, dtype=np.bool_)


def level_value(student: Level, code: int, helped: int) -> float:
    """The level block for one mentor, ``code`` as in :func:`recommender.traits.level_code`.

    A level guessed from years counts halfway to UNKNOWN_LEVEL.
    """
    value = UNKNOWN_LEVEL
    if code < len(Level):
        value = _gap_value(student, code)
    elif code < UNKNOWN_LEVEL_CODE:
        value = (UNKNOWN_LEVEL + _gap_value(student, code - len(Level))) / 2
    if not helped:
        return HELPS_UNSTATED * value
    return (value + 1) / 2 if helped >> student.rank & 1 and value else HELPS_OTHERS * value


def _gap_value(student: Level, mentor_rank: int) -> float:
    gap = mentor_rank - student.rank
    if gap < 0:
        return 0.0
    # Nobody is above a head of department: equals are the best there are.
    return 1.0 if student is Level.HEAD else GAP_VALUES[gap]


def level_broken(student: Level, code: int, helped: int) -> bool:
    """Whether the mentor is known to be too low, or to help other levels only."""
    return code < student.rank or bool(helped and not helped >> student.rank & 1)


def budget(snapshot: Catalogue, request: Request) -> Fit | None:
    """1 within the budget, 1/2 where the price is over by the budget again (or LEAST_SCALE), and ever less.

    ``scale / (scale + over)``; UNKNOWN_PRICE where the price is unknown or cannot be compared.

    Breaking the limit: a price over the budget; for a budget of 0, a price not known to be 0; for a budget
    of money, a share of the offer, unless the student would pay after the offer. By far: all of those but
    prices up to A_LITTLE_OVER budgets.
    """
    limit = budget_limit(snapshot, request)
    if limit is None:
        return None
    shared = request.price_unit is PriceUnit.OFFER_SHARE
    prices = snapshot.terms.share if shared else snapshot.terms.price
    unknown = np.isnan(prices)
    least = LEAST_SHARE_SCALE if shared else LEAST_SCALE
    scale = max(limit, least)
    values = scale / (scale + np.maximum(prices - limit, 0.0))
    values[unknown] = UNKNOWN_PRICE
    broken = prices > limit * (1 + _ROUNDING)
    if not limit:
        broken |= unknown
    if not shared:
        takes_share = ~np.isnan(snapshot.terms.share)
        broken[takes_share] = Format.AFTER_OFFER not in request.formats
    near = prices <= max(limit * A_LITTLE_OVER, least) * (1 + _ROUNDING)
    return Fit(values.astype(np.float32), broken, far=broken & ~near)


def budget_limit(snapshot: Catalogue, request: Request) -> float | None:
    """The budget in roubles a session (a percentage for a share of the offer); None where there is none."""
    if request.budget is None:
        return None
    if request.price_unit is PriceUnit.OFFER_SHARE:
        return request.budget
    return per_session(request.budget, request.price_unit, request.currency, snapshot.rates)


def format_(snapshot: Catalogue, request: Request) -> Fit | None:
    """Whether a wanted format is among the mentor's; breaking the limit: others are stated."""
    wanted = bits(request.formats)
    if not wanted:
        return None
    values = _format_values(wanted)[snapshot.terms.formats]
    return Fit(values, values == 0)


@lru_cache(maxsize=1 << len(Format))
def _format_values(wanted: int) -> NDArray[np.float32]:
    shared = [float(bool(wanted & mask)) for mask in range(1 << len(Format))]
    return np.array([UNKNOWN_FORMAT, *shared[1:]], dtype=np.float32)


def language(snapshot: Catalogue, request: Request) -> Fit | None:
    """Whether a wanted language is among the mentor's; breaking the limit: others are stated."""
    if not request.languages:
        return None
    terms = snapshot.terms
    shared = np.zeros(len(snapshot), dtype=np.bool_)
    for number in language_numbers(snapshot, request.languages):
        shared[terms.languages.rows_of(number)] = True
    values = np.where(terms.speaks, np.float32(0), np.float32(UNKNOWN_LANGUAGE))
    values[shared] = 1.0
    return Fit(values, terms.speaks & ~shared)


def language_numbers(snapshot: Catalogue, languages: Collection[str]) -> list[int]:
    """The numbers of those languages that some mentor speaks."""
    numbers = snapshot.terms.language_numbers
    return sorted({numbers[one.casefold()] for one in languages if one.casefold() in numbers})


def timezone(snapshot: Catalogue, request: Request) -> Fit | None:
    """1 up to NEAR_HOURS apart, falling linearly to 0 at WORST_HOURS; breaking: over FAR_HOURS apart."""
    own = hours_from_utc(request.timezone, snapshot.at)
    if math.isnan(own):
        return None
    apart = hours_apart(snapshot.terms.zone, own)
    values = np.clip((WORST_HOURS - apart) / (WORST_HOURS - NEAR_HOURS), 0.0, 1.0)
    values[np.isnan(apart)] = UNKNOWN_TIMEZONE
    return Fit(values.astype(np.float32, copy=False), apart > FAR_HOURS)


def hours_apart(zones: NDArray[np.float32], own: float) -> NDArray[np.float32]:
    """Hours between clocks, the short way round the day; NaN stays NaN; shape of ``zones``."""
    apart = np.abs(zones - np.float32(own))
    around: NDArray[np.float32] = np.minimum(apart, np.float32(_DAY) - apart)
    return around


def words(snapshot: Catalogue, query: Query) -> Fit | None:
    """How much a profile speaks of what the student wrote, as :meth:`StemIndex.match` has it."""
    return Fit(snapshot.stems.match(query.stems)) if query.stems else None

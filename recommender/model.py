"""The vocabulary of the recommender: what a mentor, a request and a shortlist are.

Everything here is immutable plain data. Ids that mean different things are different types; money is in units
of its currency (roubles, not kopecks); ratings are stars from 1 to 5; ages are in days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

MentorId = NewType("MentorId", int)
"""A mentor's id in the database (or the line number in a file): stable across snapshots."""

Row = NewType("Row", int)
"""A mentor's row in the arrays of one snapshot: meaningless in any other."""

SkillKey = NewType("SkillKey", str)
"""A canonical skill of the taxonomy, such as ``postgresql``."""

DirectionKey = NewType("DirectionKey", str)
"""A canonical direction of the taxonomy, such as ``backend``."""


class Goal(StrEnum):
    """What a student wants, and what a mentor helps with."""

    FIRST_JOB = "first_job"
    INTERVIEWS = "interviews"
    NEXT_GRADE = "next_grade"
    SWITCH = "switch"
    RAISE = "raise"
    CV = "cv"
    CODE_REVIEW = "code_review"
    LEADING = "leading"
    OTHER = "other"


class Level(StrEnum):
    """A professional level, in ascending order of :attr:`rank`."""

    NOVICE = "novice"
    JUNIOR = "junior"
    MIDDLE = "middle"
    SENIOR = "senior"
    LEAD = "lead"
    HEAD = "head"

    @property
    def rank(self) -> int:
        """0 for a novice to 5 for a head of department."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


class Format(StrEnum):
    """How mentor and student work together."""

    ONE_OFF = "one_off"
    REGULAR = "regular"
    AFTER_OFFER = "after_offer"


class PriceUnit(StrEnum):
    """What a price is for. ``OFFER_SHARE`` is a percentage of the first salary, not money."""

    HOUR = "hour"
    SESSION = "session"
    MONTH = "month"
    OFFER_SHARE = "offer_share"


class Tier(StrEnum):
    """The list a mentor belongs to; never an advantage in the common ranking."""

    COMMON = "common"
    ELITE = "elite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stars:
    """What is believed of a mentor's stars: posterior mean, its bounds, and the number of reviews behind it.

    People see ``mean`` with ``count``; ``lower`` is what ranks. The bounds may lie outside 1 to 5.
    """

    mean: float
    lower: float
    upper: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    """One mentor as the recommender sees it.

    ``price`` None means unknown, 0 means free. ``capacity`` is the number of free places, None means not
    stated. ``active`` False (paused, stale, hidden, removed) or ``capacity`` 0 keeps the mentor out of every
    shortlist. ``timezone`` is an IANA name. ``languages`` are ISO 639-1 codes. ``confirmed_days`` is the age
    in days of the mentor's last sign of life, None when there never was one.

    ``reviews_count`` and ``rating_sum`` are an imported aggregate; ``rating`` is what the platform computed
    from its own dated reviews and that aggregate together (None: the aggregate is all there is).
    ``answer_hours`` is the median time to the first answer, over the ``requests_answered`` of
    ``requests_asked``; None where none was answered.
    """

    id: MentorId
    title: str = ""
    company: str = ""
    about: str = ""
    directions: tuple[DirectionKey, ...] = ()
    skills: tuple[SkillKey, ...] = ()
    free_skills: tuple[str, ...] = ()
    years: float | None = None
    level: Level | None = None
    helps_levels: tuple[Level, ...] = ()
    goals: tuple[Goal, ...] = ()
    formats: tuple[Format, ...] = ()
    languages: tuple[str, ...] = ()
    timezone: str | None = None
    price: float | None = None
    currency: str = "RUB"
    price_unit: PriceUnit = PriceUnit.HOUR
    capacity: int | None = None
    tier: Tier = Tier.COMMON
    reviews_count: int = 0
    rating_sum: float = 0.0
    rating: Stars | None = None
    requests_asked: int = 0
    requests_answered: int = 0
    answer_hours: float | None = None
    confirmed_days: float | None = None
    active: bool = True


class Wish(StrEnum):
    """What a student missed in an earlier shortlist; it shifts weights, and is no limit."""

    CHEAPER = "cheaper"
    CLOSER = "closer"
    RESPONSIVE = "responsive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a student answered. Empty or None means "does not matter"; ``budget`` 0, free of charge only.

    ``wishes`` are what was missing in an earlier shortlist. ``CHEAPER`` only makes the budget count for more:
    lowering it is up to the caller.
    """

    id: str = ""
    directions: tuple[DirectionKey, ...] = ()
    goals: tuple[Goal, ...] = ()
    level: Level | None = None
    skills: tuple[SkillKey, ...] = ()
    free_skills: tuple[str, ...] = ()
    budget: float | None = None
    price_unit: PriceUnit = PriceUnit.HOUR
    currency: str = "RUB"
    formats: tuple[Format, ...] = ()
    languages: tuple[str, ...] = ()
    timezone: str | None = None
    about: str = ""
    wishes: tuple[Wish, ...] = ()


class Limit(StrEnum):
    """A hard limit of a request that may be relaxed, one at a time, in the order ``ranking`` states."""

    TIMEZONE = "timezone"
    FORMAT = "format"
    LEVEL = "level"
    BUDGET = "budget"
    LANGUAGE = "language"
    SKILLS = "skills"
    DIRECTION = "direction"


class ReasonKind(StrEnum):
    """Why a mentor was chosen; each is computed from the block that ranked the mentor."""

    DIRECTION = "direction"
    SKILLS = "skills"
    RELATED_SKILLS = "related_skills"
    GOALS = "goals"
    LEVEL = "level"
    BUDGET = "budget"
    FREE_OF_CHARGE = "free_of_charge"
    FORMAT = "format"
    LANGUAGE = "language"
    TIMEZONE = "timezone"
    WORDS = "words"
    RATING = "rating"
    ANSWERS_FAST = "answers_fast"


class RiskKind(StrEnum):
    """What the student should know before writing; true of the mentor shown."""

    OTHER_DIRECTION = "other_direction"
    MISSING_SKILLS = "missing_skills"
    OVER_BUDGET = "over_budget"
    PRICE_UNKNOWN = "price_unknown"
    OTHER_FORMAT = "other_format"
    LEVEL_TOO_LOW = "level_too_low"
    LEVEL_NOT_HELPED = "level_not_helped"
    OTHER_LANGUAGE = "other_language"
    FAR_TIMEZONE = "far_timezone"
    NO_REVIEWS = "no_reviews"
    LOW_RATING = "low_rating"
    RARELY_ANSWERS = "rarely_answers"
    LONG_SILENT = "long_silent"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with the facts behind it.

    ``keys`` by kind: skills and directions of the taxonomy (an unknown skill as the student typed it; for
    ``RELATED_SKILLS`` the mentor's own skill), goals, the mentor's level, formats, languages, words of the
    student's text, or the number of reviews. ``value`` is a number: years of experience for a level, hours
    apart for a time zone, stars for a rating, median hours to an answer. ``weight`` is the reason's share of
    the score, by which reasons are ordered, largest first.
    """

    kind: ReasonKind
    keys: tuple[str, ...] = ()
    value: float | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk with the facts behind it.

    ``keys`` as in :class:`Reason`, but of what the mentor has instead (directions, formats, languages, levels
    helped) or of what is missing (skills); ``("offer_share",)`` with the percentage as ``value`` for a price
    that cannot be compared with the budget. ``value`` is money over the budget in the request's currency and
    price unit, hours apart, stars, per cent of requests answered or days of silence, by kind.
    """

    kind: RiskKind
    keys: tuple[str, ...] = ()
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One place of a shortlist.

    ``parts`` maps each block's name to its contribution (weight times value; they add up to ``score``).
    ``propensity`` is the probability with which the policy puts this mentor into this position: 1.0 where
    the ranking is deterministic.
    """

    mentor_id: MentorId
    position: int
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    risks: tuple[Risk, ...] = ()
    propensity: float = 1.0


@dataclass(frozen=True, slots=True)
class Shortlist:
    """A ranked answer to one request.

    ``relaxed`` names the limits that were given up, in the order they were. ``started_over`` is True where
    every eligible mentor has now been seen and the list begins again.
    """

    cards: tuple[Card, ...]
    relaxed: tuple[Limit, ...] = ()
    started_over: bool = False
    model_version: str = ""

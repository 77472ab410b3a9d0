"""The model once more, slowly: one mentor and one request at a time, straight from what they say.

Written from docs/recommender.md with plain loops and dictionaries, so that arrays have something to equal.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recommender.model import (
    DirectionKey,
    Format,
    Goal,
    Level,
    Limit,
    Mentor,
    PriceUnit,
    Request,
    SkillKey,
    Stars,
    Wish,
)
from recommender.taxonomy import Taxonomy
from recommender.words import stems, tokens

RATES = {"RUB": 1.0, "USD": 90.0}
WEIGHTS = {
    "direction": 0.12,
    "skills": 0.30,
    "goals": 0.14,
    "level": 0.10,
    "budget": 0.08,
    "format": 0.04,
    "language": 0.02,
    "timezone": 0.02,
    "words": 0.07,
    "quality": 0.08,
    "response": 0.03,
}
WISHED: dict[Wish, dict[str, float]] = {
    Wish.CHEAPER: {"budget": 3},
    Wish.CLOSER: {"skills": 1.5, "words": 2, "direction": 1.5},
    Wish.RESPONSIVE: {"response": 6},
}
GAPS = (0.5, 0.9, 1.0, 0.9, 0.75, 0.65)


@dataclass(frozen=True)
class Oracle:
    """A catalogue and one request to it."""

    mentors: Collection[Mentor]
    request: Request
    taxonomy: Taxonomy
    at: datetime

    def parts(self, mentor: Mentor) -> dict[str, float]:
        """What each block adds to the score."""
        values = {name: found for name, found in self._values(mentor).items() if found is not None}
        weights = {name: WEIGHTS[name] * self._strength(name) * self._wished(name) for name in values}
        return {name: weights[name] / sum(weights.values()) * value for name, value in values.items()}

    def _values(self, mentor: Mentor) -> dict[str, float | None]:
        return {
            "direction": self.direction(mentor),
            "skills": self.skills(mentor),
            "goals": self.goals(mentor),
            "level": self.level(mentor),
            "budget": self.budget(mentor),
            "format": self.format(mentor),
            "language": self.language(mentor),
            "timezone": self.timezone(mentor),
            "words": self.words(mentor),
            "quality": quality(mentor),
            "response": response(mentor),
        }

    def _strength(self, block: str) -> float:
        said = {
            "direction": bool(self.request.directions),
            "skills": bool(self.picked()),
            "goals": bool(self.request.goals),
        }
        if said.get(block, True):
            return 1.0
        return self.recognised() if block == "skills" else 0.5

    def _wished(self, block: str) -> float:
        return math.prod(WISHED[wish].get(block, 1) for wish in set(self.request.wishes))

    def recognised(self) -> float:
        """What skills count for that the student only wrote of: more where no trade was picked."""
        return 0.8 if set(self.request.directions) == {"leadership"} else 0.5

    def trades(self) -> tuple[DirectionKey, ...]:
        """The directions the student wrote of beside leadership alone."""
        if set(self.request.directions) != {"leadership"}:
            return ()
        return tuple(key for key in self.taxonomy.directions_in(self.request.about) if key != "leadership")

    # What is asked for

    def directions(self) -> tuple[DirectionKey, ...]:
        return self.request.directions or self.taxonomy.directions_in(self.request.about)

    def wanted_goals(self) -> set[Goal]:
        if self.request.goals:
            return set(self.request.goals) - {Goal.OTHER}
        mentioned = self.taxonomy.skills_in(self.request.about)
        return {Goal.INTERVIEWS} if SkillKey("interview_preparation") in mentioned else set()

    def picked(self) -> dict[str, bool]:
        """Asked skills and whether the taxonomy knows them."""
        free = {" ".join(tokens(text)): text for text in self.request.free_skills}
        return {**{str(key): True for key in self.request.skills}, **dict.fromkeys(free.values(), False)}

    def asked(self) -> dict[str, float]:
        """Asked skills with their weights."""
        weights = {name: self.rarity(name, known=known) for name, known in self.picked().items()}
        for key in self.taxonomy.skills_in(self.request.about):
            if key not in weights and key != "interview_preparation":
                weights[key] = self.recognised() * self.rarity(key, known=True)
        return weights

    def rarity(self, name: str, *, known: bool) -> float:
        if known:
            having = sum(name in skills_of(one, self.taxonomy) for one in self.mentors)
        else:
            having = sum(says(one, name) > 0 for one in self.mentors)
            if not having:
                return 0
        return math.log(1 + len(self.mentors) / (1 + having))

    # Blocks

    def direction(self, mentor: Mentor) -> float | None:
        wanted = self.directions()
        if not wanted:
            return None
        trades = self.trades()
        if not trades:
            return self._depth_in(mentor, wanted)
        return (self._depth_in(mentor, wanted) + 0.8 * self._depth_in(mentor, trades)) / 1.8

    def _depth_in(self, mentor: Mentor, directions: Collection[DirectionKey]) -> float:
        depths = [depth(mentor, key, self.taxonomy) for key in directions]
        return 0.7 * max(depths) + 0.3 * sum(depths) / len(depths)

    def skills(self, mentor: Mentor) -> float | None:
        asked = self.asked()
        if not asked:
            return None
        titled = set(self.taxonomy.skills_in(mentor.title))
        length = len(skills_of(mentor, self.taxonomy)) + len(mentor.free_skills)
        focus = 1 / (1 + 0.25 * math.log2(max(length, 8) / 8))
        earned = sum(
            weight * self.likeness(mentor, name) * (1 if name in titled else focus)
            for name, weight in asked.items()
        )
        return earned / (sum(asked.values()) or 1)

    def likeness(self, mentor: Mentor, name: str) -> float:
        if name in self.taxonomy.skills:
            return max((self._alike(name, own) for own in skills_of(mentor, self.taxonomy)), default=0.0)
        return says(mentor, name)

    def _alike(self, asked: str, own: str) -> float:
        parents = {str(key): set(map(str, skill.parents)) for key, skill in self.taxonomy.skills.items()}
        if asked == own:
            return 1.0
        if asked in parents[own]:
            return 0.75
        if own in parents[asked]:
            return 0.5
        return 0.25 if parents[own] & parents[asked] else 0.0

    def goals(self, mentor: Mentor) -> float | None:
        wanted = self.wanted_goals()
        if not wanted:
            return None
        own = goals_of(mentor)
        return len(wanted & own) / len(wanted) if own else 0.4

    def level(self, mentor: Mentor) -> float | None:
        student = self.request.level
        if student is None:
            return None
        value = 0.5
        if mentor.level is not None:
            value = gap_value(student, mentor.level)
        elif mentor.years is not None:
            value = (0.5 + gap_value(student, level_by_years(mentor.years))) / 2
        if not mentor.helps_levels:
            return 0.9 * value
        return 0.3 * value if student not in mentor.helps_levels else (1 + value) / 2 if value else 0.0

    def budget(self, mentor: Mentor) -> float | None:
        limit = comparable(self.request.budget, self.request.price_unit, self.request.currency, self.request)
        if limit is None:
            return None
        price = comparable(mentor.price, mentor.price_unit, mentor.currency, self.request)
        if price is None:
            return 0.3
        scale = max(limit, 100 if self.request.price_unit is PriceUnit.OFFER_SHARE else 3000)
        return scale / (scale + max(0, price - limit))

    def format(self, mentor: Mentor) -> float | None:
        if not self.request.formats:
            return None
        own = formats_of(mentor)
        return float(bool(own & set(self.request.formats))) if own else 0.5

    def language(self, mentor: Mentor) -> float | None:
        if not self.request.languages:
            return None
        if not mentor.languages:
            return 0.5
        return float(not set(self.request.languages).isdisjoint(mentor.languages))

    def timezone(self, mentor: Mentor) -> float | None:
        if offset(self.request.timezone, self.at) is None:
            return None
        apart = self.apart(mentor)
        return 0.5 if apart is None else min(1.0, max(0.0, (8 - apart) / 6))

    def apart(self, mentor: Mentor) -> float | None:
        mine, theirs = offset(self.request.timezone, self.at), offset(mentor.timezone, self.at)
        if mine is None or theirs is None:
            return None
        return min(abs(mine - theirs), 24 - abs(mine - theirs))

    def words(self, mentor: Mentor) -> float | None:
        documents = {one.id: self._document(one) for one in self.mentors}
        counts = Counter(stem for document in documents.values() for stem in document)
        heard = [stem for stem in sorted(set(stems(self.request.about))) if counts[stem]]
        if len(documents) > 5:
            heard = [stem for stem in heard if counts[stem] / len(documents) <= 0.5]
        if not heard:
            return None
        idf = {stem: self._idf(counts[stem]) for stem in heard}
        mean = sum(document.total() for document in documents.values()) / len(documents)
        own = documents[mentor.id]
        damping = 1.2 * (0.25 + 0.75 * own.total() / mean)
        earned = sum(idf[stem] * own[stem] / (own[stem] + damping) for stem in heard if own[stem])
        return min(1.0, earned / sum(sorted(idf.values(), reverse=True)[:5]))

    def _idf(self, count: int) -> float:
        total = len(self.mentors)
        floored = max(count, min(5, total))
        return math.log(1 + (total - floored + 0.5) / (floored + 0.5))

    def _document(self, mentor: Mentor) -> Counter[str]:
        document = Counter(stems(mentor.about))
        for text in mentor.free_skills:
            document.update(stems(text))
        for stem in stems(mentor.title):
            document[stem] += 3
        for key in mentor.skills:
            names = self.taxonomy.skills[key].names.values()
            document.update({stem for name in names for stem in stems(name)})
        return document

    # Limits

    def broken(self, mentor: Mentor) -> set[Limit]:
        """The limits of the request that the mentor breaks."""
        request = self.request
        checks = {
            Limit.TIMEZONE: (self.apart(mentor) or 0) > 4,
            Limit.FORMAT: bool(request.formats and formats_of(mentor))
            and not formats_of(mentor) & set(request.formats),
            Limit.LEVEL: self._level_broken(mentor),
            Limit.BUDGET: self._budget_broken(mentor),
            Limit.SKILLS: bool(self.picked())
            and all(self.likeness(mentor, name) < 0.5 for name in self.picked()),
            Limit.DIRECTION: bool(request.directions)
            and not directions_of(mentor, self.taxonomy) & set(request.directions),
            Limit.LANGUAGE: bool(request.languages and mentor.languages)
            and set(request.languages).isdisjoint(mentor.languages),
        }
        return {limit for limit, broken in checks.items() if broken}

    def _level_broken(self, mentor: Mentor) -> bool:
        student = self.request.level
        if student is None:
            return False
        too_low = mentor.level is not None and mentor.level.rank < student.rank
        return too_low or bool(mentor.helps_levels and student not in mentor.helps_levels)

    def _budget_broken(self, mentor: Mentor) -> bool:
        limit = comparable(self.request.budget, self.request.price_unit, self.request.currency, self.request)
        price = comparable(mentor.price, mentor.price_unit, mentor.currency, self.request)
        if limit is None:
            return False
        if price is not None:
            return price > limit
        if self.takes_share_for_money(mentor):
            return Format.AFTER_OFFER not in self.request.formats
        return limit == 0

    def stage(self, mentor: Mentor) -> int:
        """How many steps of relaxation it takes until the mentor stands; the budget goes in two."""
        order = ["timezone", "format", "level", "budget", "far over", "language", "skills", "direction"]
        steps = {str(limit) for limit in self.broken(mentor)}
        if self._far_over(mentor):
            steps.add("far over")
        return max((order.index(step) + 1 for step in steps), default=0)

    def _far_over(self, mentor: Mentor) -> bool:
        limit = comparable(self.request.budget, self.request.price_unit, self.request.currency, self.request)
        price = comparable(mentor.price, mentor.price_unit, mentor.currency, self.request)
        if limit is None or not self._budget_broken(mentor):
            return False
        least = 100 if self.request.price_unit is PriceUnit.OFFER_SHARE else 3000
        return price is None or price > max(1.5 * limit, least)

    def takes_share_for_money(self, mentor: Mentor) -> bool:
        """Whether the mentor takes a share of the offer of a student who thinks in money."""
        shares = PriceUnit.OFFER_SHARE
        return mentor.price is not None and mentor.price_unit is shares is not self.request.price_unit


def quality(mentor: Mentor) -> float:
    """Three quarters stars by their lower bound, one quarter freshness."""
    stars = stars_of([], (mentor.reviews_count, mentor.rating_sum)).lower
    if mentor.rating is not None:
        stars = mentor.rating.lower
    days = mentor.confirmed_days
    fresh = 0.5 if days is None else 90 / (90 + days)
    return 0.75 * min(1.0, max(0.0, (stars - 3) / 2)) + 0.25 * fresh


def stars_of(
    reviews: Sequence[tuple[float, float]], imported: tuple[int, float], prior: float = 4.8
) -> Stars:
    """One mentor's stars from reviews of (stars, age in days) and an imported (count, sum)."""
    count, total = imported if imported[1] else (0, 0.0)
    # From the newest on, of one age the worst first; what was imported is older than all of them.
    verified = [
        (0.5 ** (age / 180), given) for given, age in sorted(reviews, key=lambda one: (one[1], one[0]))
    ]
    every = [*verified, *([(0.5, total / count)] * count if count else [])]
    mean, margin = _posterior(every, prior)
    newest, newest_margin = _posterior(every[:20], prior)
    return Stars(
        mean=mean, lower=min(mean - margin, newest - newest_margin), upper=mean + margin, count=len(every)
    )


def _posterior(weighed: Sequence[tuple[float, float]], prior: float) -> tuple[float, float]:
    weight = 5 + sum(weight for weight, _ in weighed)
    return (5 * prior + sum(weight * given for weight, given in weighed)) / weight, 0.6 / math.sqrt(weight)


def response(mentor: Mentor) -> float:
    """How often a mentor answers, a 0.7 of four requests behind it, and how soon."""
    rate = (4 * 0.7 + mentor.requests_answered) / (4 + mentor.requests_asked)
    hours = mentor.answer_hours
    return rate * (0.75 if hours is None else 0.5 + 0.5 * 24 / (24 + hours))


def skills_of(mentor: Mentor, taxonomy: Taxonomy) -> set[str]:
    return {*mentor.skills, *taxonomy.skills_in(mentor.title)}


def goals_of(mentor: Mentor) -> set[Goal]:
    listed = {Goal.INTERVIEWS} if SkillKey("interview_preparation") in mentor.skills else set()
    return {*mentor.goals, *listed}


def formats_of(mentor: Mentor) -> set[Format]:
    shared = {Format.AFTER_OFFER} if mentor.price_unit is PriceUnit.OFFER_SHARE else set()
    return {*mentor.formats, *shared}


def directions_of(mentor: Mentor, taxonomy: Taxonomy) -> set[DirectionKey]:
    stated = set(mentor.directions) or set(taxonomy.directions_in(mentor.title))
    return stated or {key for key in taxonomy.directions if _share(mentor, key, taxonomy) >= 0.5}


def _share(mentor: Mentor, direction: DirectionKey, taxonomy: Taxonomy) -> float:
    belonging = [direction in taxonomy.skills[key].directions for key in mentor.skills]
    return sum(belonging) / len(belonging) if belonging else 0.0


def depth(mentor: Mentor, direction: DirectionKey, taxonomy: Taxonomy) -> float:
    titled = taxonomy.directions_in(mentor.title)
    evidence = min(1.0, _share(mentor, direction, taxonomy) / 0.5)
    if titled:
        evidence = 0.5 * evidence + 0.5 * (direction in titled)
    named = directions_of(mentor, taxonomy)
    near = max((closeness(direction, other, taxonomy) for other in named), default=0.0)
    return 0.6 * (1 if direction in named else near) + 0.4 * evidence


def closeness(one: DirectionKey, other: DirectionKey, taxonomy: Taxonomy) -> float:
    """Twice the cosine of the directions' skills, at most a half."""
    mine, theirs = (
        {key for key, skill in taxonomy.skills.items() if direction in skill.directions}
        for direction in (one, other)
    )
    return min(0.5, 2 * len(mine & theirs) / math.sqrt(max(len(mine), 1) * max(len(theirs), 1)))


def says(mentor: Mentor, phrase: str) -> float:
    """1 in the title or an own skill, 0.625 in the profile text, word for word."""
    if any(_inside(phrase, text) for text in (mentor.title, *mentor.free_skills)):
        return 1.0
    return 0.625 if _inside(phrase, mentor.about) else 0.0


def _inside(phrase: str, text: str) -> bool:
    return f" {' '.join(tokens(phrase))} " in f" {' '.join(tokens(text))} "


def gap_value(student: Level, mentor: Level) -> float:
    if mentor.rank < student.rank:
        return 0.0
    return 1.0 if student is Level.HEAD else GAPS[mentor.rank - student.rank]


def level_by_years(years: float) -> Level:
    steps = ((10, Level.LEAD), (5, Level.SENIOR), (3, Level.MIDDLE), (1, Level.JUNIOR))
    return next((level for least, level in steps if years >= least), Level.NOVICE)


def comparable(amount: float | None, unit: PriceUnit, currency: str, request: Request) -> float | None:
    """Roubles a session, or a percentage where the student's budget is one; None where it cannot be said."""
    if amount is None:
        return None
    if PriceUnit.OFFER_SHARE in (unit, request.price_unit):
        return amount if unit is request.price_unit else None
    if currency not in RATES:
        return None
    return amount * RATES[currency] / (4 if unit is PriceUnit.MONTH else 1)


def offset(zone: str | None, at: datetime) -> float | None:
    if zone is None:
        return None
    try:
        found = at.astimezone(ZoneInfo(zone)).utcoffset()
    except ZoneInfoNotFoundError:
        return None
    return None if found is None else found.total_seconds() / 3600


def close(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two score sheets agree to single precision."""
    return one.keys() == other.keys() and all(math.isclose(one[key], other[key], abs_tol=2e-6) for key in one)

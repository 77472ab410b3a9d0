"""Why a mentor is on the list and what to beware of, read off the numbers that ranked them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from recommender.blocks import budget_limit, hours_apart
from recommender.catalogue import Catalogue
from recommender.model import Format, Goal, Level, Limit, PriceUnit, Reason, ReasonKind, Risk, RiskKind
from recommender.prices import from_session
from recommender.quality import HALF_LIFE_DAYS, LOW_STARS, TRUSTED_REVIEWS
from recommender.query import Asked, Query
from recommender.response import FAST_RATE, RARE_RATE, TRUSTED_REQUESTS
from recommender.scoring import Scores
from recommender.standing import PROMPT_HOURS
from recommender.traits import bits, members
from recommender.weights import MENTIONED, NEAR_HOURS, PARENT, Block
from recommender.words import stem, stems, tokens
from recommender.zones import hours_from_utc

_MOST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Account:
    """One mentor (``row``) held against one query."""

    snapshot: Catalogue
    scores: Scores
    row: int

    @property
    def query(self) -> Query:
        """The query."""
        return self.scores.query

    def reasons(self) -> tuple[Reason, ...]:
        """What speaks for the mentor, the largest share of the score first."""
        found = [
            *self._direction(),
            *self._skills(),
            *self._goals(),
            *self._level(),
            *self._budget(),
            *self._format(),
            *self._language(),
            *self._timezone(),
            *self._words(),
            *self._rating(),
            *self._answers_fast(),
        ]
        return tuple(sorted(found, key=lambda reason: -reason.weight))

    def risks(self) -> tuple[Risk, ...]:
        """What to know before writing, the gravest first: as in the order of the lines here."""
        return (
            *self._other_language(),
            *self._other_direction(),
            *self._nothing_asked(),
            *self._over_budget(),
            *(self._price_unknown() if self._breaks(Limit.BUDGET) else ()),
            *self._level_risks(),
            *self._other_format(),
            *self._far(),
            *self._low_rating(),
            *self._rarely_answers(),
            *(() if self._breaks(Limit.BUDGET) else self._price_unknown()),
            *self._long_silent(),
            *self._something_missing(),
            *self._no_reviews(),
        )

    def _part(self, block: Block) -> float:
        """What a block adds to the score."""
        return self.scores.shares[block] * float(self.scores.fits[block].values[self.row])

    def _direction(self) -> Iterator[Reason]:
        named = set(self.snapshot.directions.of(self.row))
        shared = tuple(key for key in (*self.query.directions, *self.query.trades) if key in named)
        if shared:
            yield Reason(ReasonKind.DIRECTION, shared, weight=self._part(Block.DIRECTION))

    def _skills(self) -> Iterator[Reason]:
        had = [one for one in self.query.asked if _has(one, self.row)]
        near = [one for one in self.query.asked if one not in had and one.match[self.row] >= PARENT]
        named = {one.label for one in had}
        own = tuple(dict.fromkeys(key for one in near for key in self._answering(one) if key not in named))
        whole = sum(one.weight * float(one.match[self.row]) for one in self.query.asked)
        if had:
            yield Reason(ReasonKind.SKILLS, tuple(one.label for one in had), weight=self._share(had, whole))
        if own:
            yield Reason(ReasonKind.RELATED_SKILLS, own, weight=self._share(near, whole))

    def _share(self, asked: list[Asked], whole: float) -> float:
        mine = sum(one.weight * float(one.match[self.row]) for one in asked)
        return self._part(Block.SKILLS) * mine / whole

    def _answering(self, asked: Asked) -> Iterator[str]:
        """The mentor's own skills through which they answer for an asked one."""
        index = self.snapshot.skills
        own = set(index.had.items_of(self.row).tolist())
        for likeness, numbers in index.near[asked.key] if asked.key else ():
            if likeness == asked.match[self.row]:
                yield from (index.keys[number] for number in numbers if number in own)

    def _goals(self) -> Iterator[Reason]:
        shared = bits(self.query.goals) & int(self.snapshot.terms.goals[self.row])
        if shared:
            yield Reason(ReasonKind.GOALS, members(shared, Goal), weight=self._part(Block.GOALS))

    @property
    def _level_code(self) -> int:
        return int(self.snapshot.terms.levels[self.row]) // 64

    @property
    def _helped(self) -> int:
        return int(self.snapshot.terms.levels[self.row]) % 64

    def _level(self) -> Iterator[Reason]:
        student = self.query.request.level
        if student and student.rank < self._level_code < len(Level) and not self._breaks(Limit.LEVEL):
            years = float(self.snapshot.terms.years[self.row])
            yield Reason(
                ReasonKind.LEVEL,
                (str(list(Level)[self._level_code]),),
                value=None if math.isnan(years) else years,
                weight=self._part(Block.LEVEL),
            )

    def _budget(self) -> Iterator[Reason]:
        if self._limit is None or math.isnan(self._price) or self._breaks(Limit.BUDGET):
            return
        kind = ReasonKind.BUDGET if self._price else ReasonKind.FREE_OF_CHARGE
        yield Reason(kind, weight=self._part(Block.BUDGET))

    @property
    def _limit(self) -> float | None:
        return budget_limit(self.snapshot, self.query.request)

    @property
    def _price(self) -> float:
        """The price in the terms of :func:`budget_limit`; NaN where it cannot be compared."""
        terms = self.snapshot.terms
        shared = self.query.request.price_unit is PriceUnit.OFFER_SHARE
        return float((terms.share if shared else terms.price)[self.row])

    def _format(self) -> Iterator[Reason]:
        shared = bits(self.query.request.formats) & int(self.snapshot.terms.formats[self.row])
        if shared:
            yield Reason(ReasonKind.FORMAT, members(shared, Format), weight=self._part(Block.FORMAT))

    def _language(self) -> Iterator[Reason]:
        own = set(self._languages())
        shared = tuple(one for one in self.query.request.languages if one.casefold() in own)
        if shared:
            yield Reason(ReasonKind.LANGUAGE, shared, weight=self._part(Block.LANGUAGE))

    def _languages(self) -> tuple[str, ...]:
        names = list(self.snapshot.terms.language_numbers)
        return tuple(sorted(names[number] for number in self.snapshot.terms.languages.items_of(self.row)))

    def _timezone(self) -> Iterator[Reason]:
        apart = self._apart()
        if apart <= NEAR_HOURS:
            yield Reason(ReasonKind.TIMEZONE, value=apart, weight=self._part(Block.TIMEZONE))

    def _apart(self) -> float:
        """Hours between student and mentor, NaN where either is unknown."""
        own = hours_from_utc(self.query.request.timezone, self.snapshot.at)
        return float(hours_apart(self.snapshot.terms.zone[[self.row]], own)[0])

    def _words(self) -> Iterator[Reason]:
        index = self.snapshot.stems
        heard = [one for one in self.query.stems if index.telling(one) and index.impact(one, self.row)]
        said = self._own_words()
        shared = [one for one in heard if one in said]
        if len(shared) > 1 or any(index.rare(one) for one in shared):
            words = tuple(said[one] for one in shared[:_MOST_WORDS])
            yield Reason(ReasonKind.WORDS, words, weight=self._part(Block.WORDS))

    def _own_words(self) -> dict[int, str]:
        """The student's words by stem (the first of several), without the names of asked skills."""
        vocabulary = self.snapshot.stems.vocabulary
        names = self._names_of_asked()
        return {
            vocabulary[stem(word)]: word
            for word in reversed(tokens(self.query.request.about))
            if stem(word) in vocabulary and stem(word) not in names
        }

    def _names_of_asked(self) -> set[str]:
        """The stems of all names of the asked skills."""
        known = self.snapshot.taxonomy.skills
        asked = [known[one.key] for one in self.query.asked if one.key is not None and one.key in known]
        return {
            one
            for skill in asked
            for name in (*skill.names.values(), *skill.aliases)
            for one in _stems_of(name)
        }

    def _rating(self) -> Iterator[Reason]:
        count, average = self._reviews, float(self.snapshot.people.average[self.row])
        if count >= TRUSTED_REVIEWS and average >= LOW_STARS:
            yield Reason(ReasonKind.RATING, (str(count),), value=average, weight=self._part(Block.QUALITY))

    def _answers_fast(self) -> Iterator[Reason]:
        hours = float(self.snapshot.people.answer_hours[self.row])
        if self._answered >= FAST_RATE and hours <= PROMPT_HOURS:
            yield Reason(ReasonKind.ANSWERS_FAST, value=hours, weight=self._part(Block.RESPONSE))

    @property
    def _answered(self) -> float:
        """The share of requests answered, NaN where they are too few to tell."""
        people = self.snapshot.people
        asked = int(people.asked[self.row])
        return int(people.answered[self.row]) / asked if asked >= TRUSTED_REQUESTS else math.nan

    @property
    def _reviews(self) -> int:
        return int(self.snapshot.people.reviews[self.row])

    def _breaks(self, limit: Limit) -> bool:
        return self.scores.breaks(self.row, limit)

    def _other_language(self) -> Iterator[Risk]:
        if self._breaks(Limit.LANGUAGE):
            yield Risk(RiskKind.OTHER_LANGUAGE, self._languages())

    def _other_direction(self) -> Iterator[Risk]:
        if self._breaks(Limit.DIRECTION):
            yield Risk(RiskKind.OTHER_DIRECTION, self.snapshot.directions.of(self.row))

    def _nothing_asked(self) -> Iterator[Risk]:
        if self._breaks(Limit.SKILLS):
            yield Risk(RiskKind.MISSING_SKILLS, tuple(one.label for one in self.query.picked))

    def _something_missing(self) -> Iterator[Risk]:
        lacking = [one for one in self.query.picked if one.match[self.row] < MENTIONED]
        if lacking and not self._breaks(Limit.SKILLS):
            yield Risk(RiskKind.MISSING_SKILLS, tuple(one.label for one in lacking))

    def _over_budget(self) -> Iterator[Risk]:
        if self._limit is not None and self._breaks(Limit.BUDGET) and not math.isnan(self._price):
            yield Risk(RiskKind.OVER_BUDGET, value=round(self._asked_units(self._price - self._limit), 2))

    def _asked_units(self, amount: float) -> float:
        request = self.query.request
        if request.price_unit is PriceUnit.OFFER_SHARE:
            return amount
        return from_session(amount, request.price_unit, request.currency, self.snapshot.rates)

    def _price_unknown(self) -> Iterator[Risk]:
        if self._limit is None or not math.isnan(self._price):
            return
        share = float(self.snapshot.terms.share[self.row])
        if math.isnan(share):
            yield Risk(RiskKind.PRICE_UNKNOWN)
        else:
            yield Risk(RiskKind.PRICE_UNKNOWN, (str(PriceUnit.OFFER_SHARE),), share)

    def _level_risks(self) -> Iterator[Risk]:
        student = self.query.request.level
        if student is None:
            return
        if self._level_code < student.rank:
            yield Risk(RiskKind.LEVEL_TOO_LOW, (str(list(Level)[self._level_code]),))
        if self._helped and not self._helped >> student.rank & 1:
            yield Risk(RiskKind.LEVEL_NOT_HELPED, members(self._helped, Level))

    def _other_format(self) -> Iterator[Risk]:
        if self._breaks(Limit.FORMAT):
            yield Risk(RiskKind.OTHER_FORMAT, members(int(self.snapshot.terms.formats[self.row]), Format))

    def _far(self) -> Iterator[Risk]:
        if self._breaks(Limit.TIMEZONE):
            yield Risk(RiskKind.FAR_TIMEZONE, value=self._apart())

    def _low_rating(self) -> Iterator[Risk]:
        people = self.snapshot.people
        if self._reviews and people.stars[self.row] < LOW_STARS:
            yield Risk(RiskKind.LOW_RATING, (str(self._reviews),), float(people.average[self.row]))

    def _rarely_answers(self) -> Iterator[Risk]:
        if self._answered < RARE_RATE:
            yield Risk(RiskKind.RARELY_ANSWERS, value=float(round(100 * self._answered)))

    def _long_silent(self) -> Iterator[Risk]:
        silent = float(self.snapshot.people.silent[self.row])
        if silent > HALF_LIFE_DAYS:
            yield Risk(RiskKind.LONG_SILENT, value=silent)

    def _no_reviews(self) -> Iterator[Risk]:
        if not self._reviews:
            yield Risk(RiskKind.NO_REVIEWS)


@lru_cache(maxsize=16_384)
def _stems_of(name: str) -> tuple[str, ...]:
    return tuple(stems(name))


def _has(asked: Asked, row: int) -> bool:
    """Whether the mentor has the very skill, or speaks of the very phrase."""
    likeness = float(asked.match[row])
    return likeness == 1.0 or (asked.key is None and likeness == MENTIONED)

"""The snapshot everybody ranks with, and the texts of its mentors."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import clock, mentors
from recommender.model import (
    DirectionKey,
    Format,
    Goal,
    Level,
    Mentor,
    MentorId,
    PriceUnit,
    SkillKey,
    Stars,
    Tier,
)
from recommender.rating import NO_REVIEWS, Imported, rate
from recommender.snapshot import Snapshot, compile_snapshot
from recommender.taxonomy import Taxonomy

_log = structlog.get_logger()

#: So many answers tell how fast a mentor usually is.
_TELLING_ANSWERS = 3
#: But of who leaves more requests than this unanswered, nothing is said about speed.
_OFTEN_ENOUGH = 0.7
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorCard:
    """What a student may read about a mentor.

    ``rating`` is the posterior mean of the ``reviews_count`` reviews with known stars, None without any;
    ``answer_hours`` how long the mentor usually takes to answer, None where too few have asked.
    ``confirmed_on``: the (UTC) day on which the mentor last said that they take students.
    """

    id: MentorId
    name: str
    title: str
    company: str
    about: str
    telegram: str | None
    directions: tuple[str, ...]
    skills: tuple[str, ...]
    free_skills: tuple[str, ...]
    years: float | None
    goals: tuple[str, ...]
    formats: tuple[str, ...]
    languages: tuple[str, ...]
    timezone: str | None
    price: Decimal | None
    currency: str
    price_unit: PriceUnit
    capacity: int | None
    reviews_count: int
    rating: float | None
    elite: bool
    confirmed_on: date | None
    answer_hours: float | None
    active: bool


class Catalogue:
    """Holds the current snapshot; a refresh replaces it as a whole: nobody ever reads half of one."""

    def __init__(self, engine: AsyncEngine, taxonomy: Taxonomy) -> None:
        self._engine = engine
        self.taxonomy = taxonomy
        self._replace(compile_snapshot((), taxonomy, at=_BEFORE_ALL))

    async def refresh(self) -> Snapshot:
        """Read every active mentor and compile a new snapshot, off the event loop."""
        async with self._engine.connect() as connection:
            at = await clock.now(connection)
            found = [as_mentor(row) async for row in mentors.active(connection)]
        self._replace(await asyncio.to_thread(compile_snapshot, found, self.taxonomy, at=at))
        _log.info("catalogue compiled", mentors=len(self.snapshot), version=self.snapshot.version)
        return self.snapshot

    def _replace(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        # Asked several times for every screen, and the same for everybody who answered the same.
        self.matters = lru_cache(maxsize=4096)(snapshot.matters)
        self.frequent_skills = lru_cache(maxsize=1024)(snapshot.frequent_skills)
        self.directions = tuple(snapshot.direction_counts())


def as_mentor(row: Any) -> Mentor:
    """A row of the table ``mentors`` as the recommender sees it."""
    return Mentor(
        id=MentorId(row.id),
        title=row.title,
        company=row.company,
        about=row.about,
        directions=tuple(DirectionKey(key) for key in row.directions),
        skills=tuple(SkillKey(key) for key in row.skills),
        free_skills=tuple(row.free_skills),
        years=row.years,
        level=Level(row.level) if row.level else None,
        helps_levels=tuple(Level(key) for key in row.helps_levels),
        goals=tuple(Goal(key) for key in row.goals),
        formats=tuple(Format(key) for key in row.formats),
        languages=tuple(row.languages),
        timezone=row.timezone,
        price=float(row.price) if row.price is not None else None,
        currency=row.currency,
        price_unit=PriceUnit(row.price_unit),
        capacity=row.free_places,
        tier=Tier(row.tier),
        reviews_count=row.reviews_count,
        rating_sum=row.rating_sum,
        rating=_stored_stars(row),
        requests_asked=row.requests_asked,
        requests_answered=row.requests_answered,
        answer_hours=row.answer_hours,
        confirmed_days=float(row.confirmed_days) if row.confirmed_days is not None else None,
    )


def _usually_answers(row: Any) -> bool:
    """Whether how fast a mentor answers tells what a student may expect."""
    often = row.requests_answered >= _OFTEN_ENOUGH * row.requests_asked
    return bool(often and row.requests_answered >= _TELLING_ANSWERS)


def _stored_stars(row: Any) -> Stars | None:
    """The rating stored with a mentor; None right after an import, until it is computed."""
    if row.rating_mean is None:
        return None
    return Stars(
        mean=row.rating_mean,
        lower=row.rating_lower,
        upper=row.rating_upper,
        count=row.rating_count,
    )


def _stars(row: Any) -> Stars:
    """The same; until it is computed, what the import alone makes of it."""
    imported = Imported(np.array([float(row.reviews_count)]), np.array([row.rating_sum]))
    return _stored_stars(row) or rate(NO_REVIEWS, imported).of(0)


def as_card(row: Any) -> MentorCard:
    """A row of the table ``mentors`` as a student may read it."""
    stars = _stars(row)
    return MentorCard(
        id=MentorId(row.id),
        name=row.name,
        title=row.title,
        company=row.company,
        about=row.about,
        telegram=row.telegram,
        directions=tuple(row.directions),
        skills=tuple(row.skills),
        free_skills=tuple(row.free_skills),
        years=row.years,
        goals=tuple(row.goals),
        formats=tuple(row.formats),
        languages=tuple(row.languages),
        timezone=row.timezone,
        price=row.price,
        currency=row.currency,
        price_unit=PriceUnit(row.price_unit),
        capacity=row.capacity,
        reviews_count=stars.count,
        rating=stars.mean if stars.count else None,
        elite=row.tier == "elite",
        confirmed_on=row.confirmed_at and row.confirmed_at.date(),
        answer_hours=row.answer_hours if _usually_answers(row) else None,
        active=row.status == "active" and row.capacity != 0,
    )

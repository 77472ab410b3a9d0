"""/my: a mentor's profile, a student's requests, or the way to either; and how a mentor's rating went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import clock, mentors, ratings, requests
from db.queries.ratings import Evidence
from recommender.rating import Imported, Reviews, rate
from recommender.standing import ELITE_REVIEWS, EliteCriterion, Record, missing
from usecases.catalogue import MentorCard, as_card
from usecases.claims import Claims, MineScreen, NoProfileScreen
from usecases.hours import local_day
from usecases.people import PersonId
from usecases.profiles import own_profile
from usecases.request_states import LIVE
from usecases.requests import Desk, RequestScreen

#: How many requests one message lists.
LISTED = 12
#: The rating is drawn at so many moments, a month apart, the last of them now.
MONTHS = 7
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class StudentScreen:
    """A student's requests, those that are not over first, and how many mentors they have saved."""

    live: tuple[RequestScreen, ...]
    past: tuple[RequestScreen, ...]
    saved: int
    is_mentor: bool


@dataclass(frozen=True, slots=True)
class TrendScreen:
    """How a mentor's rating went. ``days``, ``means`` and ``counts`` belong together, the oldest first.

    ``lacks``: what public criteria of the elite are not met; of the private one a mentor learns nothing.
    """

    mentor: MentorCard
    days: tuple[date, ...]
    means: tuple[float | None, ...]
    counts: tuple[int, ...]
    lacks: tuple[EliteCriterion, ...]
    verified: int
    reviews_to_go: int


@dataclass(frozen=True, slots=True)
class Mine:
    """What a person sees of what is theirs."""

    engine: AsyncEngine
    claims: Claims
    desk: Desk

    async def mine(self, person_id: PersonId) -> MineScreen | StudentScreen:
        """/my: who is no mentor and has written to somebody, or saved somebody, sees that."""
        screen = await self.claims.mine(person_id)
        if not isinstance(screen, NoProfileScreen):
            return screen
        own = await self.student(person_id)
        return own if own.live or own.past or own.saved else screen

    async def student(self, person_id: PersonId) -> StudentScreen:
        """A person's requests as a student."""
        async with self.engine.begin() as connection:
            rows = await requests.of_student(connection, person_id, LISTED)
            screens = [await self.desk.screen(connection, row, for_mentor=False) for row in rows]
            saved = len(await mentors.saved(connection, person_id))
            is_mentor = await mentors.is_mentor(connection, person_id)
        return StudentScreen(
            live=tuple(each for each in screens if each.card.state in LIVE),
            past=tuple(each for each in screens if each.card.state not in LIVE),
            saved=saved,
            is_mentor=is_mentor,
        )

    async def trend(self, person_id: PersonId, mentor_id: int) -> TrendScreen:
        """A mentor's rating over the last half year.

        Raises:
            NotYoursError: it is another's.
        """
        async with self.engine.begin() as connection:
            row = await own_profile(connection, person_id, mentor_id)
            found = await ratings.evidence(connection, mentor_id)
            at = await clock.now(connection)
        days = tuple(local_day(at - ago * _MONTH, self.desk.zone) for ago in reversed(range(MONTHS)))
        return _trend(row, found, days)


def _trend(row: Any, found: Sequence[Evidence], days: tuple[date, ...]) -> TrendScreen:
    points = [_rated(row, found, ago * _MONTH.days) for ago in reversed(range(MONTHS))]
    card = as_card(row)
    record = Record(
        reviews=len(found),
        lower=row.rating_lower or 0.0,
        upper=row.rating_upper or 0.0,
        private_mean=row.private_mean,
        prompt_share=row.prompt_share,
        no_shows=0,
    )
    lacks = tuple(each for each in missing(record) if each is not EliteCriterion.PRIVATE)
    # The newest point is what everybody reads.
    means = (*(mean for mean, _ in points[:-1]), card.rating)
    counts = (*(count for _, count in points[:-1]), card.reviews_count)
    return TrendScreen(card, days, means, counts, lacks, len(found), max(ELITE_REVIEWS - len(found), 0))


def _rated(row: Any, found: Sequence[Evidence], days_ago: int) -> tuple[float | None, int]:
    """The mean, and of how many reviews, as it was so many days ago; None before the first."""
    then = [each for each in found if each.age >= days_ago]
    rated = rate(
        Reviews(
            np.zeros(len(then), dtype=np.int64),
            np.array([float(each.stars) for each in then]),
            np.array([each.age - days_ago for each in then]),
        ),
        Imported(np.array([float(row.reviews_count)]), np.array([row.rating_sum])),
    ).of(0)
    return (rated.mean if rated.count else None), rated.count

"""What ratings are made of, and where they are kept: columns of the table ``mentors``."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, false, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import BarCase, MentorProfile, Review

_AGE = func.extract("epoch", func.clock_now() - Review.created_at) / 86_400
_MENTOR: tuple[Any, ...] = (
    MentorProfile.id,
    MentorProfile.name,
    MentorProfile.status,
    MentorProfile.tier,
    MentorProfile.person_id,
    MentorProfile.reviews_count,
    MentorProfile.rating_sum,
)

_CASE: tuple[Any, ...] = (
    *BarCase.__table__.c,
    MentorProfile.name,
    MentorProfile.title,
    MentorProfile.telegram,
    MentorProfile.person_id,
)
_PLATFORM = text("""
SELECT coalesce(sum(weight), 0)::float AS weight, coalesce(sum(weight * mean), 0)::float AS total FROM (
    SELECT power(0.5, greatest(extract(epoch FROM clock_now() - created_at), 0) / 86400
                      / CAST(:half_life AS float)) AS weight, stars AS mean
    FROM reviews WHERE state = 'counted'
    UNION ALL
    SELECT reviews_count * CAST(:imported AS float), rating_sum / reviews_count
    FROM mentors WHERE reviews_count > 0
) AS evidence
""")
# Whose rating was computed since, with a review that came meanwhile, is left as it is.
_STORE = text("""
UPDATE mentors AS m
SET rating_mean = given.mean, rating_lower = given.lower, rating_upper = given.upper,
    rating_count = given.count, private_mean = given.private_mean, requests_asked = given.asked,
    requests_answered = given.answered, answer_hours = given.hours, prompt_share = given.prompt_share
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (
    id bigint, mean float, lower float, upper float, count int, private_mean float, asked int,
    answered int, hours float, prompt_share float, was_mean float, was_count int)
WHERE m.id = given.id AND m.rating_count = given.was_count
  AND m.rating_mean IS NOT DISTINCT FROM given.was_mean
""")
_STORE_ONE = text("""
UPDATE mentors
SET rating_mean = :mean, rating_lower = :lower, rating_upper = :upper, rating_count = :count,
    private_mean = :private_mean
WHERE id = :id
""")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verified review that counts. ``age`` in days."""

    mentor_id: int
    stars: int
    progress: int | None
    age: float


async def evidence(connection: AsyncConnection, mentor_id: int | None = None) -> Sequence[Evidence]:
    """All that count, or those of one mentor."""
    statement = select(Review.mentor_id, Review.stars, Review.progress, _AGE.label("age")).where(
        Review.state == "counted"
    )
    if mentor_id is not None:
        statement = statement.where(Review.mentor_id == mentor_id)
    result = await connection.execute(statement.order_by(Review.mentor_id, Review.id))
    return [Evidence(row.mentor_id, row.stars, row.progress, max(float(row.age), 0.0)) for row in result]


async def platform(connection: AsyncConnection, half_life: float, imported: float) -> tuple[float, float]:
    """The weight of all evidence there is, and its weighted sum of stars.

    ``half_life`` is in days; ``imported`` is what an imported review weighs.
    """
    row = (await connection.execute(_PLATFORM, {"half_life": half_life, "imported": imported})).one()
    return row.weight, row.total


async def standing(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Every mentor, with what the import knew of them and what is stored of their rating."""
    columns = (*_MENTOR, *(MentorProfile.__table__.c[name] for name in STORED))
    return (await connection.execute(select(*columns).order_by(MentorProfile.id))).all()


async def imported(connection: AsyncConnection, mentor_id: int) -> tuple[int, float]:
    """How many reviews the platform's list counts for one mentor, and their stars in all."""
    statement = select(MentorProfile.reviews_count, MentorProfile.rating_sum)
    row = (await connection.execute(statement.where(MentorProfile.id == mentor_id))).one()
    return row.reviews_count, row.rating_sum


#: What a rating is stored in, in the order of the table.
STORED = (
    "rating_mean",
    "rating_lower",
    "rating_upper",
    "rating_count",
    "private_mean",
    "requests_asked",
    "requests_answered",
    "answer_hours",
    "prompt_share",
)


async def store(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the figures of these mentors: ``id, mean, lower, upper, count, private_mean, asked, answered,
    hours, prompt_share``; and ``was_mean, was_count``, which they replace.
    """
    if rows:
        await connection.execute(_STORE, {"rows": json.dumps([dict(row) for row in rows])})


async def store_one(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Store the rating of one mentor: ``id, mean, lower, upper, count, private_mean``."""
    await connection.execute(_STORE_ONE, dict(values))


async def set_tier(connection: AsyncConnection, mentor_id: int, tier: str) -> bool:
    """Into the elite, or out of it; whether that is news."""
    result = await connection.execute(
        update(MentorProfile)
        .where(MentorProfile.id == mentor_id, MentorProfile.tier != tier)
        .values(tier=tier, updated_at=func.clock_now())
    )
    return result.rowcount == 1


async def elite(connection: AsyncConnection, limit: int) -> Sequence[Row[Any]]:
    """The elite who take students, the best rated first."""
    result = await connection.execute(
        select(*MentorProfile.__table__.c)
        .where(
            MentorProfile.tier == "elite",
            MentorProfile.status == "active",
            MentorProfile.capacity.is_distinct_from(0),
        )
        .order_by(MentorProfile.rating_lower.desc(), MentorProfile.rating_count.desc(), MentorProfile.id)
        .limit(limit)
    )
    return result.all()


# --- cases -------------------------------------------------------------------------------------------------


async def open_case(
    connection: AsyncConnection,
    mentor_id: int,
    reasons: Sequence[str],
    evidence: Mapping[str, Any],
    *,
    quiet_since: datetime,
) -> None:
    """Put a mentor to the moderators, unless they have the case, or decided one since then."""
    lately = select(BarCase.id).where(
        BarCase.mentor_id == mentor_id,
        BarCase.decision.is_(None) | (BarCase.decided_at > quiet_since),
    )
    if await connection.scalar(select(lately.exists())):
        return
    # Nothing has come since they decided: they know all of it.
    told = ("reviews", "no_shows")
    newest = (
        select(BarCase.evidence).where(BarCase.mentor_id == mentor_id).order_by(BarCase.id.desc()).limit(1)
    )
    before = await connection.scalar(newest)
    if before is not None and all(before[name] == evidence[name] for name in told):
        return
    await connection.execute(
        insert(BarCase).values(mentor_id=mentor_id, reasons=list(reasons), evidence=dict(evidence))
    )


async def open_cases(connection: AsyncConnection) -> Sequence[int]:
    """Cases that are not decided, the oldest first."""
    return (
        await connection.scalars(select(BarCase.id).where(BarCase.decision.is_(None)).order_by(BarCase.id))
    ).all()


async def cases_quoting(connection: AsyncConnection, review_ids: Collection[int]) -> Sequence[int]:
    """Cases whose evidence has one of these reviews."""
    quoted = [BarCase.evidence.contains({"reviews_quoted": [review]}) for review in review_ids]
    return (
        await connection.scalars(select(BarCase.id).where(or_(false(), *quoted)).order_by(BarCase.id))
    ).all()


async def case(connection: AsyncConnection, case_id: int) -> Row[Any] | None:
    """A case with its mentor, locked."""
    result = await connection.execute(
        select(*_CASE)
        .join(MentorProfile, MentorProfile.id == BarCase.mentor_id)
        .where(BarCase.id == case_id)
        .with_for_update(of=BarCase)
    )
    return result.one_or_none()


async def case_mentor(connection: AsyncConnection, case_id: int) -> int | None:
    """Whom a case is about."""
    return await connection.scalar(select(BarCase.mentor_id).where(BarCase.id == case_id))


async def has_open_case(connection: AsyncConnection, mentor_id: int) -> bool:
    """Whether moderators have a case of this mentor to decide."""
    open_one = select(BarCase.id).where(BarCase.mentor_id == mentor_id, BarCase.decision.is_(None))
    return bool(await connection.scalar(select(open_one.exists())))


async def decide_case(
    connection: AsyncConnection,
    case_id: int,
    decision: str | None,
    by: str | None,
    former_status: str | None = None,
) -> None:
    """Store what moderators decided, where the mentor was before; or that they took it back."""
    decided = None if decision is None else func.clock_now()
    await connection.execute(
        update(BarCase)
        .where(BarCase.id == case_id)
        .values(decision=decision, decided_by=by, decided_at=decided, former_status=former_status)
    )


async def hold_mentor(connection: AsyncConnection, mentor_id: int, until: datetime) -> None:
    """Moderators pause a mentor, who cannot return before."""
    await connection.execute(
        update(MentorProfile)
        .where(MentorProfile.id == mentor_id)
        .values(status="paused", paused_until=until, held_until=until, updated_at=func.clock_now())
    )


async def release_mentor(connection: AsyncConnection, mentor_id: int, status: str) -> None:
    """Moderators take a pause or a removal back: the mentor is where they were before."""
    await connection.execute(
        update(MentorProfile)
        .where(MentorProfile.id == mentor_id)
        .values(status=status, paused_until=None, held_until=None, updated_at=func.clock_now())
    )


async def let_go(connection: AsyncConnection, mentor_id: int) -> None:
    """Moderators hold a mentor no more, who has chosen to stay away."""
    await connection.execute(
        update(MentorProfile).where(MentorProfile.id == mentor_id).values(held_until=None)
    )


async def stored(connection: AsyncConnection, mentor_id: int) -> Row[Any]:
    """What is stored of one mentor's rating."""
    columns = [MentorProfile.__table__.c[name] for name in STORED]
    return (await connection.execute(select(*columns).where(MentorProfile.id == mentor_id))).one()

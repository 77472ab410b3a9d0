"""Who is asked whether they still mentor, reminded, hidden, or listed for moderators: set by set.

Mentors are taken with SKIP LOCKED: who is answering just now is left for the next run, and nobody waits for
anybody. A statement that changes no mentor would still tell the catalogue to compile anew: it is not run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import CheckIn, ClaimLink, MentorProfile, Person


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a mentor may be silent: one without a single review, and any other."""

    unreviewed: timedelta
    reviewed: timedelta


#: Reviews of the import and those written here; an import knows nothing of the latter.
_REVIEWS = "greatest(m.reviews_count, m.rating_count)"
_IS_DUE = f"""
m.status = 'active' AND {{since}} <= CAST(:at AS timestamptz)
    - CASE WHEN {_REVIEWS} = 0 THEN CAST(:unreviewed AS interval) ELSE CAST(:reviewed AS interval) END
"""
_CLAIMED_SINCE = "greatest(m.confirmed_at, p.last_seen_at, m.created_at)"
_IS_DUE_TO_BE_ASKED = f"""
{_IS_DUE.format(since=_CLAIMED_SINCE)}
    AND NOT EXISTS (SELECT FROM check_ins AS c WHERE c.mentor_id = m.id AND c.answer IS NULL)
"""
_UNCLAIMED_SINCE = "greatest(m.confirmed_at, m.created_at)"
_IS_DUE_TO_BE_LISTED = f"""
{_IS_DUE.format(since=_UNCLAIMED_SINCE)} AND m.person_id IS NULL
    AND (l.listed_at IS NULL OR l.listed_at <= CAST(:listed_before AS timestamptz))
"""

_STANDING = text(f"""
SELECT count(*) FILTER (WHERE {_REVIEWS} = 0) AS unreviewed,
       count(*) FILTER (WHERE {_REVIEWS} > 0) AS reviewed,
       count(*) FILTER (WHERE {_IS_DUE_TO_BE_ASKED}) AS due
FROM mentors AS m JOIN people AS p ON p.id = m.person_id
WHERE m.status = 'active'
""")  # noqa: S608 - our own words

_ASK = text(f"""
WITH due AS (
    SELECT m.id FROM mentors AS m JOIN people AS p ON p.id = m.person_id
    WHERE {_IS_DUE_TO_BE_ASKED}
    ORDER BY {_REVIEWS} > 0, {_CLAIMED_SINCE}, m.id
    LIMIT :room FOR UPDATE OF m SKIP LOCKED
)
INSERT INTO check_ins (mentor_id, asked_at, last_step_at)
SELECT id, CAST(:at AS timestamptz), CAST(:at AS timestamptz) FROM due
ON CONFLICT DO NOTHING RETURNING id
""")  # noqa: S608

# Who was seen since the last step is not silent: the next step waits as long as if it had been then.
_UNANSWERED = """
check_ins AS c JOIN mentors AS m ON m.id = c.mentor_id JOIN people AS p ON p.id = m.person_id
WHERE c.answer IS NULL AND c.reminders = :reminders AND m.status = 'active'
  AND greatest(c.last_step_at, p.last_seen_at) <= CAST(:before AS timestamptz)
"""
_COUNT_UNANSWERED = text(f"SELECT count(*) FROM {_UNANSWERED}")  # noqa: S608
_NEXT_STEP = """
WITH due AS (
    SELECT c.id FROM {unanswered}
    ORDER BY c.last_step_at, c.id LIMIT :room FOR UPDATE OF m, c SKIP LOCKED
)
UPDATE check_ins SET last_step_at = CAST(:at AS timestamptz), {change}
FROM due WHERE check_ins.id = due.id RETURNING check_ins.id
"""
_REMIND = text(_NEXT_STEP.format(unanswered=_UNANSWERED, change="reminders = reminders + 1"))
_GIVE_UP = text(
    _NEXT_STEP.format(
        unanswered=_UNANSWERED, change="answer = 'none', answered_at = CAST(:at AS timestamptz)"
    )
)

_CLOSE_MOOT = text("""
UPDATE check_ins SET answer = 'none', answered_at = clock_now()
FROM mentors AS m
WHERE m.id = check_ins.mentor_id AND answer IS NULL AND (m.status <> 'active' OR m.person_id IS NULL)
""")

# Never listed first, so that those at the end have their turn, too.
_UNCLAIMED = text(f"""
SELECT m.id, m.name, m.telegram, count(*) OVER () AS due
FROM mentors AS m LEFT JOIN claim_links AS l ON l.mentor_id = m.id
WHERE {_IS_DUE_TO_BE_LISTED}
ORDER BY l.listed_at NULLS FIRST, m.telegram IS NULL, {_REVIEWS} > 0, {_UNCLAIMED_SINCE}, m.id
LIMIT :most
""")  # noqa: S608

_ADDRESSEE: tuple[Any, ...] = (
    CheckIn.id,
    CheckIn.mentor_id,
    CheckIn.reminders,
    # A profile's name has the surname, too: nobody is spoken to like that.
    Person.first_name.label("name"),
    MentorProfile.person_id,
    Person.language,
    Person.telegram_language,
)


async def standing(connection: AsyncConnection, at: datetime, patience: Patience) -> Row[Any]:
    """How many claimed mentors are active, ``unreviewed`` and ``reviewed``, and how many are ``due``."""
    return (await connection.execute(_STANDING, {"at": at, **asdict(patience)})).one()


async def steps_since(connection: AsyncConnection, since: datetime) -> tuple[int, int, int, int]:
    """How many were asked, reminded, reminded again and given up since then."""
    given_up = CheckIn.answer.is_not_distinct_from("none") & (CheckIn.answered_at == CheckIn.last_step_at)
    result = await connection.execute(
        select(
            *(func.count().filter(CheckIn.reminders == number, ~given_up) for number in range(3)),
            func.count().filter(given_up),
        ).where(CheckIn.last_step_at >= since)
    )
    return tuple(result.one())


async def ask(connection: AsyncConnection, at: datetime, patience: Patience, room: int) -> Sequence[int]:
    """Open a check-in for those who are due: the unreviewed first, then the longest silent."""
    result = await connection.scalars(_ASK, {"at": at, "room": room, **asdict(patience)})
    return result.all()


async def count_unanswered(connection: AsyncConnection, reminders: int, before: datetime) -> int:
    """How many check-ins at this step have been without an answer or a sign of life since then."""
    return await connection.scalar(_COUNT_UNANSWERED, {"reminders": reminders, "before": before}) or 0


async def remind(
    connection: AsyncConnection, at: datetime, reminders: int, before: datetime, room: int
) -> Sequence[int]:
    """Take these check-ins one reminder on."""
    given = {"at": at, "reminders": reminders, "before": before, "room": room}
    return (await connection.scalars(_REMIND, given)).all()


async def give_up(
    connection: AsyncConnection, at: datetime, reminders: int, before: datetime, room: int
) -> Sequence[int]:
    """Close these check-ins without an answer, and hide their mentors."""
    given = {"at": at, "reminders": reminders, "before": before, "room": room}
    ids = (await connection.scalars(_GIVE_UP, given)).all()
    if ids:
        silent = select(CheckIn.mentor_id).where(CheckIn.id.in_(ids))
        await connection.execute(
            update(MentorProfile)
            .where(MentorProfile.id.in_(silent))
            .values(status="stale", updated_at=func.clock_now())
        )
    return ids


async def mentors_of(connection: AsyncConnection, check_ins: Sequence[int]) -> Sequence[int]:
    """Whom these check-ins are about."""
    if not check_ins:
        return ()
    statement = select(CheckIn.mentor_id).where(CheckIn.id.in_(check_ins)).order_by(CheckIn.mentor_id)
    return (await connection.scalars(statement)).all()


async def close_moot(connection: AsyncConnection) -> None:
    """Close check-ins whose mentors are out of the catalogue, or nobody's any more."""
    await connection.execute(_CLOSE_MOOT)


async def addressees(connection: AsyncConnection, check_ins: Sequence[int]) -> Sequence[Row[Any]]:
    """Whom these check-ins ask, in their order; without those who cannot be written to."""
    result = await connection.execute(
        select(*_ADDRESSEE)
        .join_from(CheckIn, MentorProfile, MentorProfile.id == CheckIn.mentor_id)
        .join(Person, Person.id == MentorProfile.person_id)
        .where(CheckIn.id.in_(check_ins), Person.blocked_at.is_(None))
        .order_by(CheckIn.id)
    )
    return result.all()


async def were_listed_since(connection: AsyncConnection, since: datetime) -> bool:
    """Whether moderators got a list of unclaimed profiles since then."""
    return bool(await connection.scalar(select(select(1).where(ClaimLink.listed_at >= since).exists())))


async def unclaimed(
    connection: AsyncConnection, at: datetime, patience: Patience, listed_before: datetime, most: int
) -> Sequence[Row[Any]]:
    """Active mentors without a chat who are due and were not listed lately; ``due`` is how many there are."""
    given = {"at": at, "listed_before": listed_before, "most": most, **asdict(patience)}
    return (await connection.execute(_UNCLAIMED, given)).all()


async def list_links(connection: AsyncConnection, at: datetime, tokens: Mapping[int, str]) -> dict[int, str]:
    """Note that these mentors are listed; returns their links' tokens: that of a link still good stays."""
    new = insert(ClaimLink).values(
        [{"mentor_id": mentor, "token": token, "listed_at": at} for mentor, token in tokens.items()]
    )
    again = new.on_conflict_do_update(
        index_elements=["mentor_id"],
        set_={
            "token": case((ClaimLink.used_at.is_(None), ClaimLink.token), else_=new.excluded.token),
            "listed_at": at,
            "used_at": None,
        },
    )
    result = await connection.execute(again.returning(ClaimLink.mentor_id, ClaimLink.token))
    return {row.mentor_id: row.token for row in result}

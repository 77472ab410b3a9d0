"""Reviews: one for each request that led to a talk, what moderators make of it, and what others read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import MentorProfile, Person, Review

_ROW = Review.__table__.c

_ABOUT: tuple[Any, ...] = (
    *_ROW,
    MentorProfile.name.label("mentor_name"),
    Person.first_name.label("student_name"),
    Person.created_at.label("known_since"),
)
_WAITS = (Review.words_state == "waiting") | (Review.state == "held") | (Review.reply_state == "waiting")
_NO_SHOWS = text("""
SELECT mentor_id, count(*) AS count FROM (
    SELECT r.mentor_id FROM requests AS r
    WHERE r.state = 'missed' AND r.miss_reason = 'absent' AND r.ended_at >= CAST(:since AS timestamptz)
    UNION ALL
    SELECT v.mentor_id FROM reviews AS v
    WHERE v.state = 'counted' AND 'late' = ANY(v.traits) AND v.created_at >= CAST(:since AS timestamptz)
) AS no_show
GROUP BY mentor_id
""")


# --- written -----------------------------------------------------------------------------------------------


async def of_request(connection: AsyncConnection, request_id: int) -> Row[Any] | None:
    """The review of a request."""
    result = await connection.execute(select(*_ROW).where(Review.request_id == request_id))
    return result.one_or_none()


async def get(connection: AsyncConnection, review_id: int) -> Row[Any] | None:
    """A review, locked."""
    result = await connection.execute(select(*_ROW).where(Review.id == review_id).with_for_update())
    return result.one_or_none()


async def mentor_of(connection: AsyncConnection, review_id: int) -> int | None:
    """Whom a review is about."""
    return await connection.scalar(select(Review.mentor_id).where(Review.id == review_id))


async def add(connection: AsyncConnection, request: Any, stars: int) -> bool:
    """The first stars of a request; False: there is a review already."""
    now = func.clock_now()
    result = await connection.execute(
        insert(Review)
        .values(
            request_id=request.id,
            person_id=request.person_id,
            mentor_id=request.mentor_id,
            stars=stars,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["request_id"])
    )
    return result.rowcount == 1


async def change(
    connection: AsyncConnection, request_id: int, values: Mapping[str, Any], *, since: datetime
) -> bool:
    """Change a review that is no older than that, and whose stars moderators have not refused."""
    result = await connection.execute(
        update(Review)
        .where(Review.request_id == request_id, Review.created_at > since, Review.state != "void")
        .values(**values, updated_at=func.clock_now())
    )
    return result.rowcount == 1


async def to_be_read(connection: AsyncConnection, review_id: int) -> None:
    """There is something new for moderators to read: what they were shown before is out of date."""
    await connection.execute(
        update(Review).where(Review.id == review_id).values(revision=Review.revision + 1, decided_by=None)
    )


async def reply(connection: AsyncConnection, review_id: int, words: str) -> bool:
    """Keep a mentor's answer for moderators to read; one, unless that was refused."""
    result = await connection.execute(
        update(Review)
        .where(Review.id == review_id, Review.reply_state.in_(("none", "rejected")))
        .values(
            reply=words,
            reply_state="waiting",
            reply_reject_reason=None,
            replied_at=func.clock_now(),
            revision=Review.revision + 1,
        )
    )
    return result.rowcount == 1


# --- suspected ---------------------------------------------------------------------------------------------


async def from_new_accounts(
    connection: AsyncConnection, mentor_id: int, since: datetime, newer_than: timedelta
) -> Sequence[int]:
    """Reviews of a mentor since then by people whom the bot hardly knew; none that moderators decided."""
    result = await connection.scalars(
        select(Review.id)
        .join(Person, Person.id == Review.person_id)
        .where(
            Review.mentor_id == mentor_id,
            Review.created_at >= since,
            Review.created_at - Person.created_at < newer_than,
            Review.state != "void",
            Review.decided_by.is_(None),
        )
        .order_by(Review.id)
    )
    return result.all()


async def says_the_same(connection: AsyncConnection, review_id: int, said: str) -> bool:
    """Whether another review has the same words."""
    statement = select(Review.id).where(Review.said == said, Review.id != review_id).limit(1)
    return await connection.scalar(statement) is not None


async def hold(connection: AsyncConnection, ids: Collection[int], suspicion: str) -> Sequence[int]:
    """Let these not count until moderators have decided; those that did until now."""
    result = await connection.scalars(
        update(Review)
        .where(Review.id.in_(ids), Review.state == "counted", Review.decided_by.is_(None))
        .values(state="held", held_for=suspicion, revision=Review.revision + 1)
        .returning(Review.id)
    )
    return sorted(result.all())


async def decide(
    connection: AsyncConnection, review_id: int, revision: int, values: Mapping[str, Any]
) -> bool:
    """Store what moderators decided, if they had this very review before them and it waits for them."""
    result = await connection.execute(
        update(Review)
        .where(Review.id == review_id, Review.revision == revision, _WAITS)
        # What was drawn before is out of date: a second tap decides nothing more.
        .values(**values, revision=Review.revision + 1)
    )
    return result.rowcount == 1


# --- read --------------------------------------------------------------------------------------------------


async def published(
    connection: AsyncConnection, mentor_id: int, *, limit: int, offset: int
) -> Sequence[Row[Any]]:
    """Reviews of a mentor with words that everybody may read, the newest first."""
    result = await connection.execute(
        select(*_ROW)
        .where(Review.mentor_id == mentor_id, Review.state == "counted", Review.words_state == "published")
        .order_by(Review.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return result.all()


async def traits(connection: AsyncConnection, mentor_id: int) -> Mapping[str, int]:
    """How often which trait is named."""
    each = func.unnest(Review.traits).label("trait")
    named = select(each).where(Review.mentor_id == mentor_id, Review.state == "counted").subquery()
    result = await connection.execute(
        select(named.c.trait, func.count())
        .group_by(named.c.trait)
        .order_by(func.count().desc(), named.c.trait)
    )
    return {row.trait: row[1] for row in result}


async def newest_bad(connection: AsyncConnection, mentor_id: int, stars: int, limit: int) -> Sequence[int]:
    """A mentor's newest reviews with words that count and have so many stars or fewer."""
    result = await connection.scalars(
        select(Review.id)
        .where(
            Review.mentor_id == mentor_id,
            Review.state == "counted",
            Review.words.is_not(None),
            Review.stars <= stars,
        )
        .order_by(Review.id.desc())
        .limit(limit)
    )
    return result.all()


async def words_of(connection: AsyncConnection, ids: Collection[int]) -> Sequence[str]:
    """What those of these reviews say that are still there, the newest first."""
    result = await connection.scalars(
        select(Review.words).where(Review.id.in_(ids), Review.words.is_not(None)).order_by(Review.id.desc())
    )
    return [words for words in result if words is not None]


async def of_person(connection: AsyncConnection, person_id: int) -> Sequence[Row[Any]]:
    """All that a person has written, by mentor."""
    result = await connection.execute(
        select(*_ROW).where(Review.person_id == person_id).order_by(Review.mentor_id, Review.id)
    )
    return result.all()


async def clear_replies(connection: AsyncConnection, mentor_id: int) -> None:
    """A mentor is forgotten: what they answered goes."""
    await connection.execute(
        update(Review)
        .where(Review.mentor_id == mentor_id, Review.reply.is_not(None))
        .values(reply=None, reply_state="none", reply_reject_reason=None, replied_at=None)
    )


async def no_shows(connection: AsyncConnection, since: datetime) -> Mapping[int, int]:
    """How often mentors did not come, or came late, since then, as students say; by mentor."""
    return {row.mentor_id: row[1] for row in await connection.execute(_NO_SHOWS, {"since": since})}


async def waiting(connection: AsyncConnection, limit: int) -> Sequence[int]:
    """Reviews that wait for moderators, the longest waiting first."""
    result = await connection.scalars(
        select(Review.id).where(_WAITS).order_by(Review.updated_at, Review.id).limit(limit)
    )
    return result.all()


async def waiting_since(connection: AsyncConnection) -> tuple[int, datetime | None]:
    """How many wait for moderators, and since when the first of them."""
    result = await connection.execute(select(func.count(), func.min(Review.updated_at)).where(_WAITS))
    count, since = result.one()
    return count, since


async def about(connection: AsyncConnection, review_id: int) -> Row[Any] | None:
    """A review with who wrote it about whom; for moderators."""
    result = await connection.execute(
        select(*_ABOUT)
        .join(MentorProfile, MentorProfile.id == Review.mentor_id)
        .join(Person, Person.id == Review.person_id)
        .where(Review.id == review_id)
    )
    return result.one_or_none()

"""Requests: sent under locks, moved by one guarded statement each, and read by both sides."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, exists, func, or_, select, text, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import (
    LIVE_REQUESTS,
    MENTORS_CHANGED,
    OPEN_REQUESTS,
    ContactRequest,
    Event,
    MentorProfile,
    Person,
    RequestDraft,
)

_ROW = ContactRequest.__table__.c
_IS_OPEN = ContactRequest.state.in_(OPEN_REQUESTS)
_IS_LIVE = ContactRequest.state.in_(LIVE_REQUESTS)
_STUDENT: tuple[Any, ...] = (
    Person.id,
    Person.first_name,
    Person.username,
    Person.language,
    Person.telegram_language,
    Person.blocked_at,
)

# Silence is told from what was taken back before a day was over: that says nothing of the mentor.
_FIGURES = text("""
SELECT mentor_id, count(*) AS asked, count(*) FILTER (WHERE answered) AS answered,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) AS hours,
       (count(*) FILTER (WHERE hours <= :prompt_hours))::float
           / nullif(count(*) FILTER (WHERE NOT outside), 0) AS prompt_share
FROM (
    SELECT mentor_id, outside, answered_at IS NOT NULL OR state = 'reached' AS answered,
           extract(epoch FROM answered_at - sent_at) / 3600 AS hours
    FROM requests
    WHERE sent_at >= CAST(:since AS timestamptz) AND CASE
        WHEN outside THEN state IN ('reached', 'unreached')
        ELSE answered_at IS NOT NULL
            OR coalesce(ended_at, CAST(:at AS timestamptz)) >= sent_at + CAST(:patience AS interval)
    END
) AS request
GROUP BY mentor_id
""")


# --- sending -----------------------------------------------------------------------------------------------


async def count_open(connection: AsyncConnection, person_id: int) -> int:
    """How many requests of a student wait for an answer."""
    statement = select(func.count()).where(ContactRequest.person_id == person_id, _IS_OPEN)
    return await connection.scalar(statement) or 0


async def count_waiting(connection: AsyncConnection, mentor_id: int) -> int:
    """How many requests wait for a mentor's answer: each holds a place."""
    statement = select(func.count()).where(ContactRequest.mentor_id == mentor_id, _IS_OPEN)
    return await connection.scalar(statement) or 0


async def live(connection: AsyncConnection, person_id: int, mentor_id: int) -> Row[Any] | None:
    """The request of this student to this mentor that is not over."""
    result = await connection.execute(
        select(*_ROW).where(
            ContactRequest.person_id == person_id, ContactRequest.mentor_id == mentor_id, _IS_LIVE
        )
    )
    return result.one_or_none()


async def ended_since(
    connection: AsyncConnection, person_id: int, mentor_id: int, states: Sequence[str], since: datetime
) -> bool:
    """Whether a request of this pair, sent through the bot, has come to one of these ends since then."""
    found = exists().where(
        ~ContactRequest.outside,
        ContactRequest.person_id == person_id,
        ContactRequest.mentor_id == mentor_id,
        ContactRequest.state.in_(states),
        ContactRequest.ended_at >= since,
    )
    return bool(await connection.scalar(select(found)))


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> Row[Any]:
    """Store a request, dated now; its row."""
    now = func.clock_now()
    statement = insert(ContactRequest).values(**values, sent_at=now, turn_at=now).returning(*_ROW)
    return (await connection.execute(statement)).one()


async def rewrite(connection: AsyncConnection, request_id: int, values: Mapping[str, Any]) -> Row[Any]:
    """Let a request that only its student has read say something else; its row."""
    statement = update(ContactRequest).where(ContactRequest.id == request_id).values(**values)
    return (await connection.execute(statement.returning(*_ROW))).one()


async def draft(connection: AsyncConnection, person_id: int, mentor_id: int) -> str | None:
    """What a student has made of the message to this mentor."""
    return await connection.scalar(
        select(RequestDraft.words).where(
            RequestDraft.person_id == person_id, RequestDraft.mentor_id == mentor_id
        )
    )


async def keep_draft(connection: AsyncConnection, person_id: int, mentor_id: int, words: str) -> None:
    """Keep it until it is sent."""
    statement = insert(RequestDraft).values(person_id=person_id, mentor_id=mentor_id, words=words)
    fresh = {"words": statement.excluded.words, "written_at": func.clock_now()}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["person_id", "mentor_id"], set_=fresh)
    )


async def drop_draft(connection: AsyncConnection, person_id: int, mentor_id: int) -> None:
    """It has been sent, or thrown away."""
    await connection.execute(
        delete(RequestDraft).where(RequestDraft.person_id == person_id, RequestDraft.mentor_id == mentor_id)
    )


# --- moving ------------------------------------------------------------------------------------------------


async def get(connection: AsyncConnection, request_id: int) -> Row[Any] | None:
    """A request, not locked."""
    result = await connection.execute(select(*_ROW).where(ContactRequest.id == request_id))
    return result.one_or_none()


async def move(
    connection: AsyncConnection,
    request_id: int,
    sources: Sequence[str],
    target: str,
    values: Mapping[str, Any],
) -> Row[Any] | None:
    """Bring a request from one of the sources to the target, or do nothing: its row, None for nothing.

    The one statement that changes a state. Of two at once the second finds another state, and nothing to do.
    """
    now = func.clock_now()
    ended = {} if target in LIVE_REQUESTS else {"ended_at": now}
    result = await connection.execute(
        update(ContactRequest)
        .where(ContactRequest.id == request_id, ContactRequest.state.in_(sources))
        .values(state=target, turn_at=now, steps=0, moves=ContactRequest.moves + 1, **ended)
        # What the caller knows better: a postponed request has its turn on the day that was named.
        .values(**values)
        .returning(*_ROW)
    )
    return result.one_or_none()


async def step(
    connection: AsyncConnection, request_id: int, state: str, steps: int, turn_at: datetime
) -> bool:
    """Note that the clock has made its step, unless the request has moved meanwhile."""
    result = await connection.execute(
        update(ContactRequest)
        .where(ContactRequest.id == request_id, ContactRequest.state == state, ContactRequest.steps == steps)
        .values(steps=steps + 1, turn_at=turn_at)
    )
    return result.rowcount == 1


async def wait(connection: AsyncConnection, request_id: int, state: str, turn_at: datetime) -> bool:
    """Count the clock's next step anew from a moment."""
    result = await connection.execute(
        update(ContactRequest)
        .where(ContactRequest.id == request_id, ContactRequest.state == state)
        .values(turn_at=turn_at)
    )
    return result.rowcount == 1


# --- places ------------------------------------------------------------------------------------------------


async def take_place(connection: AsyncConnection, request_id: int, mentor_id: int) -> None:
    """An accepted student has one of the mentor's places, of which there is one.

    From now on the mentor's own figure counts, and no import brings places back.
    """
    await connection.execute(
        update(MentorProfile)
        .where(MentorProfile.id == mentor_id, MentorProfile.capacity > 0)
        .values(
            capacity=MentorProfile.capacity - 1,
            own=func.array_append(func.array_remove(MentorProfile.own, "capacity"), "capacity"),
            updated_at=func.clock_now(),
        )
    )
    await connection.execute(
        update(ContactRequest).where(ContactRequest.id == request_id).values(holds_place=True)
    )


async def give_place_back(connection: AsyncConnection, request_id: int, mentor_id: int) -> None:
    """Nothing came of it: the place it took is free, unless the mentor has counted anew since."""
    result = await connection.execute(
        update(ContactRequest)
        .where(ContactRequest.id == request_id, ContactRequest.holds_place)
        .values(holds_place=False)
    )
    if result.rowcount:
        await connection.execute(
            update(MentorProfile)
            .where(MentorProfile.id == mentor_id, MentorProfile.capacity.is_not(None))
            .values(capacity=MentorProfile.capacity + 1, updated_at=func.clock_now())
        )


async def holding(connection: AsyncConnection, person_id: int) -> Sequence[Row[Any]]:
    """A student's requests for which they hold a mentor's place, by mentor."""
    result = await connection.execute(
        select(*_ROW)
        .where(ContactRequest.person_id == person_id, ContactRequest.holds_place)
        .order_by(ContactRequest.mentor_id, ContactRequest.id)
    )
    return result.all()


async def ids_of(connection: AsyncConnection, person_id: int) -> Sequence[int]:
    """All requests of a student."""
    return (
        await connection.scalars(select(ContactRequest.id).where(ContactRequest.person_id == person_id))
    ).all()


async def recount_places(connection: AsyncConnection, mentor_id: int) -> None:
    """The mentor says how many places are free: what was taken before is in that figure."""
    await connection.execute(
        update(ContactRequest)
        .where(ContactRequest.mentor_id == mentor_id, ContactRequest.holds_place)
        .values(holds_place=False)
    )


async def tell_of_places(connection: AsyncConnection) -> None:
    """A mentor has run out of places, or has one again: the catalogue is to know."""
    await connection.execute(select(func.pg_notify(MENTORS_CHANGED, "")))


# --- reading -----------------------------------------------------------------------------------------------


async def of_student(connection: AsyncConnection, person_id: int, most: int) -> Sequence[Row[Any]]:
    """A student's requests: those that are not over first, the newest first of each."""
    result = await connection.execute(
        select(*_ROW)
        .where(ContactRequest.person_id == person_id)
        .order_by(ContactRequest.ended_at.is_not(None), ContactRequest.id.desc())
        .limit(most)
    )
    return result.all()


async def of_mentor(connection: AsyncConnection, mentor_id: int, states: Sequence[str]) -> Sequence[Row[Any]]:
    """A mentor's requests in these states, the longest waiting first."""
    result = await connection.execute(
        select(*_ROW)
        .where(ContactRequest.mentor_id == mentor_id, ContactRequest.state.in_(states))
        .order_by(ContactRequest.id)
    )
    return result.all()


async def mentors_of(connection: AsyncConnection, person_id: int) -> Sequence[int]:
    """Every mentor whom this person has written to, and the one they are."""
    statement = select(ContactRequest.mentor_id).where(ContactRequest.person_id == person_id)
    own = select(MentorProfile.id).where(MentorProfile.person_id == person_id)
    return (await connection.scalars(union(statement, own))).all()


async def open_ids(connection: AsyncConnection, *, person_id: int) -> Sequence[int]:
    """A student's requests that hold a place, by mentor."""
    result = await connection.scalars(
        select(ContactRequest.id)
        .where(ContactRequest.person_id == person_id, _IS_OPEN)
        .order_by(ContactRequest.mentor_id, ContactRequest.id)
    )
    return result.all()


async def written_to(connection: AsyncConnection, person_id: int) -> Sequence[int]:
    """Every mentor this student has written to."""
    result = await connection.scalars(
        select(ContactRequest.mentor_id).where(ContactRequest.person_id == person_id).distinct()
    )
    return result.all()


async def has_written_since(connection: AsyncConnection, person_id: int, since: datetime) -> bool:
    """Whether a student has written to anybody since then."""
    written = or_(
        exists().where(ContactRequest.person_id == person_id, ContactRequest.sent_at >= since),
        exists().where(Event.person_id == person_id, Event.kind == "contact", Event.at >= since),
    )
    return bool(await connection.scalar(select(written)))


async def student(connection: AsyncConnection, person_id: int) -> Row[Any]:
    """Who has sent a request, and in which language they read."""
    return (await connection.execute(select(*_STUDENT).where(Person.id == person_id))).one()


async def count_accepted(connection: AsyncConnection, mentor_id: int, since: datetime) -> int:
    """How many requests a mentor has accepted since then."""
    statement = select(func.count()).where(
        ContactRequest.mentor_id == mentor_id, ContactRequest.accepted_at >= since
    )
    return await connection.scalar(statement) or 0


async def count_expired(connection: AsyncConnection, mentor_id: int, since: datetime) -> int:
    """How many requests a mentor has left without an answer since then."""
    statement = select(func.count()).where(
        ContactRequest.mentor_id == mentor_id,
        ContactRequest.state == "expired",
        ContactRequest.ended_at > since,
    )
    return await connection.scalar(statement) or 0


async def moot(connection: AsyncConnection, limit: int) -> Sequence[int]:
    """Mentors who take nobody any more, or have left the bot, while somebody waits for their answer."""
    gone = or_(MentorProfile.status != "active", MentorProfile.person_id.is_(None))
    waiting = exists().where(and_(ContactRequest.mentor_id == MentorProfile.id, _IS_OPEN))
    result = await connection.scalars(
        select(MentorProfile.id).where(gone, waiting).order_by(MentorProfile.id).limit(limit)
    )
    return result.all()


async def strike(connection: AsyncConnection, mentor_id: int) -> None:
    """Pause a mentor who does not answer; what they left unanswered so far is not counted again."""
    await connection.execute(
        update(MentorProfile)
        .where(MentorProfile.id == mentor_id)
        .values(
            status="paused",
            paused_until=None,
            struck_at=func.clock_now(),
            updated_at=func.clock_now(),
        )
    )


async def answer_figures(
    connection: AsyncConnection, at: datetime, since: datetime, patience: timedelta, prompt_hours: float
) -> Mapping[int, Row[Any]]:
    """How mentors have answered: ``asked, answered, hours`` (the median) and ``prompt_share``, by mentor.

    Of the requests since then, those that had an answer or ``patience`` for it.
    """
    given = {"at": at, "since": since, "patience": patience, "prompt_hours": prompt_hours}
    return {row.mentor_id: row for row in await connection.execute(_FIGURES, given)}


async def clear_words_of_mentor(connection: AsyncConnection, mentor_id: int) -> Sequence[int]:
    """A mentor is forgotten: what they asked students goes; the requests they asked it about."""
    result = await connection.scalars(
        update(ContactRequest)
        .where(ContactRequest.mentor_id == mentor_id, ContactRequest.question.is_not(None))
        .values(question="")
        .returning(ContactRequest.id)
    )
    return result.all()

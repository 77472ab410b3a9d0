"""Searches, and the events that tell what was shown and what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Event, Search

_ROW = Search.__table__.c


async def get(connection: AsyncConnection, search_id: int, person_id: int) -> Row[Any] | None:
    """One search of this person, locked so that "three more" is made once."""
    result = await connection.execute(
        select(*_ROW).where(Search.id == search_id, Search.person_id == person_id).with_for_update()
    )
    return result.one_or_none()


async def latest(connection: AsyncConnection, person_id: int, kind: str) -> Row[Any] | None:
    """The person's newest search of a kind."""
    result = await connection.execute(
        select(*_ROW)
        .where(Search.person_id == person_id, Search.kind == kind)
        .order_by(Search.id.desc())
        .limit(1)
    )
    return result.one_or_none()


async def latest_of_answers(connection: AsyncConnection, person_id: int) -> Row[Any] | None:
    """The newest shortlist that a student got for their answers: neither "three more" nor others instead."""
    result = await connection.execute(
        select(*_ROW)
        .where(
            Search.person_id == person_id,
            Search.kind == "shortlist",
            Search.questionnaire_revision.is_not(None),
        )
        .order_by(Search.id.desc())
        .limit(1)
    )
    return result.one_or_none()


async def of_answers(connection: AsyncConnection, questionnaire_id: int, revision: int) -> Row[Any] | None:
    """The first search made for these very answers."""
    result = await connection.execute(
        select(*_ROW).where(
            Search.questionnaire_id == questionnaire_id,
            Search.questionnaire_revision == revision,
            Search.previous_id.is_(None),
        )
    )
    return result.one_or_none()


async def for_request(connection: AsyncConnection, request_id: int) -> Row[Any] | None:
    """The search that found others for a request without an answer."""
    result = await connection.execute(select(*_ROW).where(Search.request_id == request_id))
    return result.one_or_none()


async def following(connection: AsyncConnection, search_id: int) -> Row[Any] | None:
    """The "three more" of a search, if it has been asked for."""
    result = await connection.execute(select(*_ROW).where(Search.previous_id == search_id))
    return result.one_or_none()


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> Row[Any]:
    """Store a search."""
    result = await connection.execute(upsert(Search).values(**values).returning(*_ROW))
    return result.one()


async def add_all(connection: AsyncConnection, values: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Store several searches; their ids, in the same order."""
    statement = insert(Search).returning(Search.id, sort_by_parameter_order=True)
    return (await connection.scalars(statement, [dict(each) for each in values])).all()


async def log(connection: AsyncConnection, events: Sequence[Mapping[str, Any]]) -> None:
    """Append events."""
    if events:
        await connection.execute(insert(Event), [dict(event) for event in events])


async def log_once(connection: AsyncConnection, event: Mapping[str, Any]) -> None:
    """Append an event, unless this person did the same with the same mentor of the same search before."""
    before = await connection.scalar(
        select(Event.id)
        .where(
            Event.person_id == event["person_id"],
            Event.kind == event["kind"],
            Event.mentor_id == event["mentor_id"],
            Event.search_id.is_not_distinct_from(event["search_id"]),
        )
        .limit(1)
    )
    if before is None:
        await log(connection, [event])


async def impressions(connection: AsyncConnection, search_id: int) -> Sequence[Row[Any]]:
    """What one search showed, by position."""
    result = await connection.execute(
        select(Event.mentor_id, Event.position, Event.score, Event.parts, Event.propensity)
        .where(Event.search_id == search_id, Event.kind == "impression")
        .order_by(Event.position)
    )
    return result.all()


async def seen_since(connection: AsyncConnection, root_id: int) -> Sequence[int]:
    """Mentors shown by a search and by every "three more" that goes back to it."""
    chain = select(Search.id).where((Search.id == root_id) | (Search.root_id == root_id))
    result = await connection.scalars(
        select(Event.mentor_id).where(Event.kind == "impression", Event.search_id.in_(chain)).distinct()
    )
    return [mentor_id for mentor_id in result if mentor_id is not None]


async def shown_to(connection: AsyncConnection, person_id: int) -> Sequence[int]:
    """Every mentor this person has ever been shown."""
    result = await connection.scalars(
        select(Event.mentor_id).where(Event.person_id == person_id, Event.kind == "impression").distinct()
    )
    return [mentor_id for mentor_id in result if mentor_id is not None]


async def was_shown(connection: AsyncConnection, person_id: int, mentor_id: int) -> bool:
    """Whether this person has ever been shown this mentor."""
    shown = select(Event.id).where(
        Event.person_id == person_id, Event.kind == "impression", Event.mentor_id == mentor_id
    )
    return bool(await connection.scalar(select(shown.exists())))

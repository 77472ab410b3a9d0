"""Who came by a link to a mentor: shown once for the same request, logged once for each source."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Event, Search

_SEARCH = Search.__table__.c


async def search_of(
    connection: AsyncConnection, person_id: int, mentor_id: int, request: Mapping[str, Any]
) -> Row[Any] | None:
    """The search by which this person was shown this mentor for a link, with this very request."""
    shown = select(Event.search_id).where(
        Event.person_id == person_id, Event.kind == "impression", Event.mentor_id == mentor_id
    )
    result = await connection.execute(
        select(*_SEARCH)
        .where(
            Search.person_id == person_id,
            Search.kind == "link",
            Search.request == dict(request),
            Search.id.in_(shown),
        )
        .order_by(Search.id.desc())
        .limit(1)
    )
    return result.one_or_none()


async def has_visited(connection: AsyncConnection, person_id: int, mentor_id: int, source: str) -> bool:
    """Whether this person has come to this mentor from there before."""
    before = select(Event.id).where(
        Event.person_id == person_id,
        Event.kind == "visit",
        Event.mentor_id == mentor_id,
        Event.reason == source,
    )
    return bool(await connection.scalar(select(before.exists())))

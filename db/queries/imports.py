"""An import of mentors: rows are copied into a table of the transaction's own, then merged set by set.

The trigger that tells of changed mentors fires for every statement, even one that changes no row. So each
statement here is for a caller that asked :func:`differences` first and knows that there is something to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Update,
    any_,
    case,
    column,
    exists,
    func,
    insert,
    literal,
    select,
    table,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Announcement, MentorProfile

#: Held while importing: two imports at once would each take the other's new mentors for its own.
_LOCK = 5_307_042

#: A file is read within the transaction, and whoever watches may hold it up; but not for good.
_LONGEST_IDLE = "1h"

_MENTORS = MentorProfile.__table__.c

#: What an import sets, in the order in which :func:`stage` takes the values of a row.
COLUMNS = (
    "external_id",
    "name",
    "telegram",
    "title",
    "company",
    "about",
    "photo_url",
    "directions",
    "skills",
    "free_skills",
    "years",
    "level",
    "helps_levels",
    "goals",
    "formats",
    "languages",
    "timezone",
    "price",
    "currency",
    "price_unit",
    "capacity",
    "reviews_count",
    "rating_sum",
    "fingerprint",
)

#: Those of them that mentors set in the bot, too.
OWN = frozenset(
    {
        "about",
        "skills",
        "free_skills",
        "helps_levels",
        "goals",
        "formats",
        "languages",
        "price",
        "currency",
        "price_unit",
        "capacity",
    }
)

#: Beside these, the line a row came from and its free skills as they are compared.
_STAGED = (*COLUMNS, "line", "folded_skills")

_INCOMING = table(
    "incoming_mentors",
    *(column(name, _MENTORS[name].type) for name in COLUMNS),
    column("line", Integer),
    column("folded_skills", ARRAY(Text)),
)


@dataclass(frozen=True, slots=True)
class Differences:
    """How many incoming mentors there are, and how many of them differ from the stored ones."""

    incoming: int
    new: int
    removed: int
    changed: int


async def prepare(connection: AsyncConnection) -> None:
    """Wait for any other import to end, and make the table that rows are copied into."""
    await connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{_LONGEST_IDLE}'"))
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    await connection.execute(
        text(
            f"CREATE TEMPORARY TABLE incoming_mentors ON COMMIT DROP AS SELECT {', '.join(COLUMNS)},"  # noqa: S608 - our own names
            " 0 AS line, free_skills AS folded_skills FROM mentors WITH NO DATA"
        )
    )


async def stage(connection: AsyncConnection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Copy rows: the values of ``COLUMNS``, the line and the free skills as they are compared."""
    # COPY is what makes a large import fast, and SQLAlchemy has no words for it.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.copy_records_to_table(
        "incoming_mentors", records=rows, columns=_STAGED, schema_name="pg_temp"
    )


async def differences(connection: AsyncConnection) -> Differences:
    """Compare what was staged with what is stored."""
    # The planner knows nothing of a table that was filled a moment ago, and would join it row by row.
    await connection.execute(text("ANALYZE incoming_mentors"))
    there = MentorProfile.id.is_not(None)
    removed = MentorProfile.status == "removed"
    differs = MentorProfile.fingerprint != _INCOMING.c.fingerprint
    result = await connection.execute(
        select(
            func.count(),
            func.count().filter(~there),
            func.count().filter(removed),
            func.count().filter(there, ~removed, differs),
        ).select_from(
            _INCOMING.outerjoin(MentorProfile.__table__, MentorProfile.external_id == _INCOMING.c.external_id)
        )
    )
    return Differences(*result.one())


async def is_first(connection: AsyncConnection) -> bool:
    """Whether no mentor has ever been stored."""
    return not await connection.scalar(select(exists(select(MentorProfile.id))))


async def add_new(connection: AsyncConnection, *, announce: bool) -> int:
    """Store the mentors that are not stored yet, in the order of their lines; how many.

    With ``announce`` each is queued for the channel.
    """
    known = select(MentorProfile.id).where(MentorProfile.external_id == _INCOMING.c.external_id)
    incoming = select(*(_INCOMING.c[name] for name in COLUMNS)).where(~known.exists())
    added = (
        insert(MentorProfile)
        .from_select(COLUMNS, incoming.order_by(_INCOMING.c.line))
        .returning(MentorProfile.id)
        .cte("added")
    )
    queued = (
        insert(Announcement)
        .from_select(["mentor_id"], select(added.c.id).where(literal(announce, Boolean)))
        .cte("queued")
    )
    result = await connection.execute(select(func.count()).select_from(added).add_cte(queued))
    return result.scalar_one()


async def bring_back(connection: AsyncConnection) -> int:
    """Store the incoming values of removed mentors and make them active again; how many."""
    result = await connection.execute(
        _update().where(MentorProfile.status == "removed").values(status="active")
    )
    return result.rowcount


async def change(connection: AsyncConnection) -> int:
    """Store the incoming values of mentors that differ, whatever their status; how many."""
    differs = MentorProfile.fingerprint != _INCOMING.c.fingerprint
    result = await connection.execute(_update().where(differs))
    return result.rowcount


async def count_missing(connection: AsyncConnection, spared: Sequence[str]) -> int:
    """How many active mentors are neither incoming nor spared."""
    return await connection.scalar(select(func.count()).where(*_missing(spared))) or 0


async def remove_missing(connection: AsyncConnection, spared: Sequence[str]) -> int:
    """Take active mentors out of the catalogue that are neither incoming nor spared; how many."""
    result = await connection.execute(
        update(MentorProfile).where(*_missing(spared)).values(status="removed", updated_at=func.clock_now())
    )
    return result.rowcount


async def unknown_skills(connection: AsyncConnection, limit: int) -> tuple[list[tuple[str, int]], int]:
    """The most frequent incoming free skills, in their most frequent spelling, with how many mentors name
    each; and how many different ones there are in all.
    """
    result = await connection.execute(
        text(
            "SELECT mode() WITHIN GROUP (ORDER BY spelling) AS spelling, count(*), count(*) OVER ()"
            " FROM incoming_mentors, unnest(free_skills, folded_skills) AS skill (spelling, folded)"
            " GROUP BY folded ORDER BY count(*) DESC, spelling LIMIT :limit"
        ),
        {"limit": limit},
    )
    rows = result.all()
    return [(row[0], row[1]) for row in rows], rows[0][2] if rows else 0


def _update() -> Update:
    values = {name: _incoming(name) for name in COLUMNS}
    return (
        update(MentorProfile)
        .where(MentorProfile.external_id == _INCOMING.c.external_id)
        .values(**values, updated_at=func.clock_now())
    )


def _incoming(name: str) -> ColumnElement[Any]:
    """The file's value, unless the mentor has set one in the bot."""
    incoming = _INCOMING.c[name]
    if name not in OWN:
        return incoming
    return case((literal(name) == any_(MentorProfile.own), _MENTORS[name]), else_=incoming)


def _missing(spared: Sequence[str]) -> tuple[Any, ...]:
    incoming = select(_INCOMING.c.line).where(_INCOMING.c.external_id == MentorProfile.external_id)
    named = select(func.unnest(literal(list(spared), ARRAY(Text))))
    return MentorProfile.status == "active", ~incoming.exists(), MentorProfile.external_id.not_in(named)

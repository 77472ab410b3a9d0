"""Questionnaires: one running per person, and the finished ones."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Questionnaire

_ROW = Questionnaire.__table__.c

_STATE = ("version", "step", "answers", "editing", "typed_message_id", "status")

# What every tap executes is put together once: that takes SQLAlchemy as long as the execution itself.
_GET = (
    select(*_ROW)
    .where(Questionnaire.id == bindparam("of"), Questionnaire.person_id == bindparam("by"))
    .with_for_update()
)
_STORE = (
    update(Questionnaire)
    .where(Questionnaire.id == bindparam("of"))
    .values({name: bindparam(name) for name in _STATE})
    .values(revision=Questionnaire.revision + 1, updated_at=func.clock_now())
    .returning(Questionnaire.revision)
)


async def latest(connection: AsyncConnection, person_id: int) -> Row[Any] | None:
    """The person's running questionnaire or, if none runs, the last one that was not cancelled; locked."""
    result = await connection.execute(
        select(*_ROW)
        .where(Questionnaire.person_id == person_id, Questionnaire.status != "cancelled")
        # One running at most, and it need not be the newest: an old one can be opened again to change it.
        .order_by(Questionnaire.status != "running", Questionnaire.id.desc())
        .limit(1)
        .with_for_update()
    )
    return result.one_or_none()


async def get(connection: AsyncConnection, questionnaire_id: int, person_id: int) -> Row[Any] | None:
    """One questionnaire of this person, locked."""
    result = await connection.execute(_GET, {"of": questionnaire_id, "by": person_id})
    return result.one_or_none()


async def newest_id(connection: AsyncConnection, person_id: int) -> int:
    """The id of the newest questionnaire whatever became of it, 0 for none."""
    found = await connection.scalar(
        select(func.max(Questionnaire.id)).where(Questionnaire.person_id == person_id)
    )
    return found or 0


async def begin(connection: AsyncConnection, person_id: int, version: int, step: str) -> Row[Any]:
    """A running questionnaire: the one there is, or a new one."""
    await connection.execute(
        insert(Questionnaire)
        .values(person_id=person_id, version=version, step=step)
        # In so many letters: from its sixth execution on, a prepared statement is planned without its
        # parameters, and PostgreSQL could not tell which index is meant.
        .on_conflict_do_nothing(index_elements=["person_id"], index_where=text("status = 'running'"))
    )
    result = await connection.execute(
        select(*_ROW)
        .where(Questionnaire.person_id == person_id, Questionnaire.status == "running")
        .with_for_update()
    )
    return result.one()


async def store(
    connection: AsyncConnection,
    questionnaire_id: int,
    *,
    version: int,
    step: str,
    answers: Mapping[str, Any],
    editing: bool,
    typed_message_id: int,
    status: str,
) -> int:
    """Write a questionnaire's new state; returns its new revision."""
    state = {
        "version": version,
        "step": step,
        "answers": dict(answers),
        "editing": editing,
        "typed_message_id": typed_message_id,
        "status": status,
    }
    result = await connection.execute(_STORE, {"of": questionnaire_id, **state})
    return result.scalar_one()


async def cancel_running(connection: AsyncConnection, person_id: int) -> bool:
    """Cancel what runs; whether anything did."""
    result = await connection.execute(
        update(Questionnaire)
        .where(Questionnaire.person_id == person_id, Questionnaire.status == "running")
        .values(status="cancelled", revision=Questionnaire.revision + 1, updated_at=func.clock_now())
    )
    return result.rowcount > 0

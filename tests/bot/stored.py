"""What the database has, read through a session of its own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import Dismissal, Event, Person, Questionnaire, SavedMentor, Search

Answers = Mapping[str, list[str]]


async def questionnaires(engine: AsyncEngine, person_id: int = 1001) -> list[Row[Any]]:
    """A person's questionnaires, oldest first."""
    statement = select(*Questionnaire.__table__.c).where(Questionnaire.person_id == person_id)
    return await _rows(engine, statement.order_by(Questionnaire.id))


async def answers(engine: AsyncEngine, person_id: int = 1001) -> Answers:
    """What the newest of them holds, without the mark of the message typed last."""
    newest = (await questionnaires(engine, person_id))[-1]
    return {name: values for name, values in newest.answers.items() if name != "typed"}


async def searches(engine: AsyncEngine, person_id: int = 1001) -> list[Row[Any]]:
    """A person's searches, oldest first."""
    statement = select(*Search.__table__.c).where(Search.person_id == person_id)
    return await _rows(engine, statement.order_by(Search.id))


async def events(engine: AsyncEngine, *kinds: str, person_id: int = 1001) -> list[Row[Any]]:
    """A person's events of these kinds (of all), oldest first."""
    statement = select(*Event.__table__.c).where(Event.person_id == person_id).order_by(Event.id)
    return await _rows(engine, statement.where(Event.kind.in_(kinds)) if kinds else statement)


async def person(engine: AsyncEngine, person_id: int = 1001) -> Row[Any]:
    """The person's own row."""
    return (await _rows(engine, select(*Person.__table__.c).where(Person.id == person_id)))[0]


async def state(engine: AsyncEngine, person_id: int = 1001) -> dict[str, Any]:
    """Everything that a person's taps and words led to, but how often it was written."""
    saved = select(SavedMentor.mentor_id).where(SavedMentor.person_id == person_id)
    put_away = select(Dismissal.mentor_id, Dismissal.reason).where(Dismissal.person_id == person_id)
    logged = [
        (each.kind, each.mentor_id, each.search_id) for each in await events(engine, person_id=person_id)
    ]
    return {
        "questionnaires": [
            (each.id, each.status, each.step, each.editing, each.answers)
            for each in await questionnaires(engine, person_id)
        ],
        "searches": [each.id for each in await searches(engine, person_id)],
        "saved": sorted(each.mentor_id for each in await _rows(engine, saved)),
        "dismissed": sorted(tuple(each) for each in await _rows(engine, put_away)),
        "events": sorted(set(logged), key=str),
        "shown and opened": [
            each for each in logged if each[0] in {"search", "impression", "open", "contact"}
        ],
    }


async def _rows(engine: AsyncEngine, statement: Any) -> list[Row[Any]]:
    async with engine.connect() as connection:
        return list((await connection.execute(statement)).all())

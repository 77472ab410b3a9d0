"""What is kept about one person, and its end."""

from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Dismissal, Event, FailedUpdate, Person, Questionnaire, SavedMentor, Search


async def kept(connection: AsyncConnection, person_id: int) -> Row[Any]:
    """The person's own row, with how many rows of each kind go with it."""

    def count(model: Any) -> Any:
        return select(func.count()).where(model.person_id == person_id).scalar_subquery()

    result = await connection.execute(
        select(
            Person.first_name,
            Person.username,
            Person.consented_at,
            count(Questionnaire).label("questionnaires"),
            count(Search).label("searches"),
            count(Event).label("events"),
            count(SavedMentor).label("saved"),
            count(Dismissal).label("dismissed"),
            count(FailedUpdate).label("failed"),
        ).where(Person.id == person_id)
    )
    return result.one()


async def forget(connection: AsyncConnection, person_id: int) -> None:
    """Delete a person, and what hangs on them; updates that were set aside hold their words too."""
    await connection.execute(delete(FailedUpdate).where(FailedUpdate.person_id == person_id))
    await connection.execute(delete(Event).where(Event.person_id == person_id))
    await connection.execute(delete(Person).where(Person.id == person_id))

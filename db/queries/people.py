"""People who wrote to the bot."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Person

_KNOWN: tuple[Any, ...] = (Person.language, Person.asked_for)


async def upsert(
    connection: AsyncConnection,
    *,
    person_id: int,
    first_name: str,
    username: str | None,
    language: str | None,
) -> Row[Any]:
    """Store who wrote, that they can be written to again and when that was.

    Returns their chosen ``language``, and what they were ``asked_for``.
    """
    statement = insert(Person).values(
        id=person_id, first_name=first_name, username=username, telegram_language=language
    )
    seen = {
        "first_name": statement.excluded.first_name,
        "username": statement.excluded.username,
        "telegram_language": statement.excluded.telegram_language,
        "blocked_at": None,
        "last_seen_at": func.clock_now(),
    }
    result = await connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=seen).returning(*_KNOWN)
    )
    return result.one()


async def is_new_message(
    connection: AsyncConnection, person_id: int, message_id: int, sent_at: datetime
) -> bool:
    """Whether this message has not changed anything yet; from now on it has.

    Message ids of one chat only grow, so the newest one is enough to know a message that comes again. They
    begin anew where another bot takes over the database: then the date tells.
    """
    result = await connection.execute(
        update(Person)
        .where(
            Person.id == person_id,
            (Person.last_message_id < message_id) | (Person.last_message_at < sent_at),
        )
        .values(last_message_id=message_id, last_message_at=sent_at)
    )
    return result.rowcount == 1


async def set_language(connection: AsyncConnection, person_id: int, language: str) -> None:
    """Remember the language a person chose."""
    await connection.execute(update(Person).where(Person.id == person_id).values(language=language))


async def consent(connection: AsyncConnection, person_id: int, version: int) -> None:
    """Remember that a person went on after reading what is kept; the first time of a version counts."""
    await connection.execute(
        update(Person)
        .where(Person.id == person_id, func.coalesce(Person.consent_version, 0) < version)
        .values(consent_version=version, consented_at=func.clock_now())
    )


async def consent_version(connection: AsyncConnection, person_id: int) -> int:
    """The version of the text a person agreed to, 0 for none."""
    return await connection.scalar(select(Person.consent_version).where(Person.id == person_id)) or 0


async def set_blocked(connection: AsyncConnection, person_id: int, *, blocked: bool) -> None:
    """Remember whether a person can be written to."""
    await connection.execute(
        update(Person).where(Person.id == person_id).values(blocked_at=func.clock_now() if blocked else None)
    )


async def lock(connection: AsyncConnection, person_id: int) -> str | None:
    """Hold a person's row until the transaction ends: whoever else takes it waits; their @username.

    What is only about them may be stored meanwhile: whoever stores it waits for nobody here.
    """
    statement = select(Person.username).where(Person.id == person_id)
    return await connection.scalar(statement.with_for_update(key_share=True))


async def lock_whole(connection: AsyncConnection, person_id: int) -> None:
    """Hold a person's row, and with it all that is about them: nothing new of it is stored."""
    await connection.execute(select(Person.id).where(Person.id == person_id).with_for_update())


async def username(connection: AsyncConnection, person_id: int) -> str | None:
    """A person's @username, without the @."""
    return await connection.scalar(select(Person.username).where(Person.id == person_id))


async def reader(connection: AsyncConnection, person_id: int) -> Row[Any] | None:
    """What decides in which language a person reads a letter, and whether they get it."""
    columns: tuple[Any, ...] = (Person.id, Person.language, Person.telegram_language, Person.blocked_at)
    return (await connection.execute(select(*columns).where(Person.id == person_id))).one_or_none()


async def asked_for(connection: AsyncConnection, person_id: int) -> str | None:
    """What the next thing a person types answers, if not the questionnaire."""
    return await connection.scalar(select(Person.asked_for).where(Person.id == person_id))


async def ask(connection: AsyncConnection, person_id: int, what: str | None) -> None:
    """Remember what the next thing a person types answers; None for nothing but the questionnaire."""
    await connection.execute(update(Person).where(Person.id == person_id).values(asked_for=what))

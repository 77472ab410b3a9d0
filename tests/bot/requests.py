"""Students who write to Vera, and what becomes of it: read back from the database."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import ContactRequest, Review
from tests.bot.mentors import VERA, profile
from tests.bot.world import Student, World

ANYA, BORIS, MAX = 1001, 1002, 5001
WORDS = "Здравствуйте! Хочу подготовиться к собеседованию на Python-разработчика."


async def opened(student: Student) -> Student:
    """A student before Vera's page, who came by the channel."""
    mentor_id = (await profile(student.world.app.engine)).id
    await student.write(f"/start m{mentor_id}_c")
    return student


async def written(student: Student, words: str | None = None) -> Student:
    """A student who has sent Vera a request, with words of their own if given."""
    await opened(student)
    await student.tap("✍️ Написать")
    if words is not None:
        await student.tap("✏️ Изменить текст")
        await student.write(words)
    await student.tap("📨 Отправить")
    return student


async def accepted(world: World, person: int = ANYA) -> Student:
    """A student whose request Vera has accepted; both have read about it."""
    student = await written(world.student(person))
    await world.deliver()
    await world.student(VERA).tap("✅ Принять")
    await world.deliver()
    return student


async def talked(world: World, person: int = ANYA) -> Student:
    """A student who was asked after three days, and says that they talked."""
    student = await accepted(world, person)
    await pass_time(world, timedelta(days=3))
    await student.tap("✅ Да")
    return student


async def pass_time(world: World, passed: timedelta) -> int:
    """Let time pass, and have done what is due; how many messages went out."""
    await world.forward(passed)
    await world.tick("reminders")
    await world.tick("requests")
    return await world.deliver()


async def requests(engine: AsyncEngine) -> list[Row[Any]]:
    """All requests, oldest first."""
    async with engine.connect() as connection:
        statement = select(*ContactRequest.__table__.c).order_by(ContactRequest.id)
        return list(await connection.execute(statement))


async def only_request(engine: AsyncEngine) -> Row[Any]:
    """The one there is."""
    (row,) = await requests(engine)
    return row


async def reviews(engine: AsyncEngine) -> list[Row[Any]]:
    """All reviews, oldest first."""
    async with engine.connect() as connection:
        return list(await connection.execute(select(*Review.__table__.c).order_by(Review.id)))

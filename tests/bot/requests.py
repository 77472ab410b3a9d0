"""Students who write to Vera, and what becomes of it: read back from the database."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.wiring import create_app
from db.models import ContactRequest, Review
from recommender.taxonomy import load_default
from sandbox.client import Message
from sandbox.world import MODERATORS
from scheduler.pace import Pace
from tests.bot.conftest import USERNAME
from tests.bot.mentors import VERA, claimed, profile
from tests.bot.world import Student, World

ANYA, BORIS, MODERATOR = 1001, 1002, 3001
WORDS = "Здравствуйте! Хочу подготовиться к собеседованию на Python-разработчика."


async def moderated(world: World) -> World:
    """The same with a moderators' group, and with Vera in the catalogue."""
    app = create_app(
        world.app.bot,
        world.app.engine,
        load_default(),
        seed=1,
        monotonic=lambda: 0.0,
        username=USERNAME,
        pace=Pace(None),
        moderators_chat_id=MODERATORS,
    )
    await app.catalogue.refresh()
    with_group = world.restarted(app)
    await claimed(with_group)
    return with_group


async def decide(
    world: World, label: str, message: Message | None = None, rendering: int | None = None
) -> str:
    """A moderator taps in the group, on an old message or an old state of it if named; returns the toast."""
    tapped = await world.client.tap(
        MODERATORS,
        label,
        message_id=None if message is None else message.message_id,
        rendering=rendering,
        person=MODERATOR,
    )
    await world.work()
    return (await world.client.wait_for_answer(tapped.callback_query_id)).text or ""


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

"""A mentor at a phone: Vera, who can be asked and can answer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.models import CheckIn, MentorProfile, OutboxMessage
from tests.bot.world import Student, World
from tests.catalogues import fill, mentor

VERA = 2001
DAY = timedelta(days=1)


async def add_vera(engine: AsyncEngine, **given: Any) -> None:
    """Her profile in the catalogue, under the @username of the local Telegram's mentor."""
    profile = {"external_id": "vera", "name": "Вера Новикова", "telegram": "Vera_Mentor", "price": 3500}
    await fill(engine, [mentor(100, **(profile | given))])


async def claimed(world: World, **given: Any) -> Student:
    """Vera, whose profile is hers already."""
    await add_vera(world.app.engine, **given)
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("Да, моя")
    return vera


async def nobody_waits(_connection: AsyncConnection, _mentors: Sequence[int]) -> int:
    """Closes the requests of mentors who have none."""
    return 0


async def profile(engine: AsyncEngine, external_id: str = "vera") -> Row[Any]:
    """A profile as stored."""
    statement = select(*MentorProfile.__table__.c).where(MentorProfile.external_id == external_id)
    async with engine.connect() as connection:
        return (await connection.execute(statement)).one()


async def change(engine: AsyncEngine, external_id: str = "vera", **values: Any) -> None:
    """Change a profile past the bot."""
    statement = update(MentorProfile).where(MentorProfile.external_id == external_id).values(**values)
    async with engine.begin() as connection:
        await connection.execute(statement)


async def check_ins(engine: AsyncEngine) -> list[Row[Any]]:
    """All check-ins, oldest first."""
    async with engine.connect() as connection:
        return list(await connection.execute(select(*CheckIn.__table__.c).order_by(CheckIn.id)))


async def letters(engine: AsyncEngine) -> list[Row[Any]]:
    """All that was put into the outbox, oldest first."""
    async with engine.connect() as connection:
        statement = select(*OutboxMessage.__table__.c).order_by(OutboxMessage.id)
        return list(await connection.execute(statement))


async def pass_days(world: World, days: int, *, deliver: bool = True) -> list[int]:
    """Day after day, with the clock's ticks each noon; on which of them something was delivered."""
    told = []
    for day in range(1, days + 1):
        await world.forward(DAY)
        await world.tick("activity")
        await world.tick("reminders")
        if deliver and await world.deliver():
            told.append(day)
    return told

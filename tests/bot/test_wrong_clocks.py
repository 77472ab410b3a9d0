"""The machine's clock is an hour ahead or behind: the database's alone says what is due and what is late."""

import sys
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import clock
from tests.bot.due import MONDAY_AT_TEN, READER, WRITING, due_on_monday
from tests.bot.world import World
from usecases.letters import Letter, Priority, Wording, post

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
_OURS = ("bot", "db", "handlers", "recommender", "scheduler", "usecases", "apscheduler")


class _AnyMoment(type):
    """A moment is one, whichever clock it came from."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class Machine:
    """What this process takes for the time, unless it asks the database."""

    def __init__(self, patch: pytest.MonkeyPatch, at: datetime) -> None:
        self.at = at
        machine = self

        class Shown(datetime, metaclass=_AnyMoment):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Any:
                return machine.at.astimezone(tz) if tz else machine.at.replace(tzinfo=None)

        patch.setattr(time, "time", lambda: self.at.timestamp())
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] in _OURS and getattr(module, "datetime", None) is datetime:
                patch.setattr(module, "datetime", Shown)


@pytest.mark.parametrize("wrong", [HOUR, -HOUR], ids=["ahead", "behind"])
async def test_an_hour_that_the_machine_is_wrong_brings_nothing_early_late_or_twice(
    world: World, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, wrong: timedelta
) -> None:
    await due_on_monday(world)
    await world.client.clear_calls()
    machine = Machine(monkeypatch, MONDAY_AT_TEN + wrong)

    async def at(moment: datetime) -> list[str]:
        """The database's clock goes on, and so does the machine's; what was sent then."""
        machine.at = moment + wrong
        async with engine.begin() as connection:
            await clock.stand_at(connection, moment)
        for name in WRITING:
            await world.tick(name)
        await world.deliver()
        return await sent(engine, moment)

    await write(engine, letter("in time", due_at=MONDAY_AT_TEN))
    assert await at(MONDAY_AT_TEN - SECOND) == []
    await write(engine, letter("too late", expires_at=MONDAY_AT_TEN))
    assert await at(MONDAY_AT_TEN) == [
        "announce",
        "check-in",
        "digest",
        "in time",
        "newcomer",
    ]
    assert await at(MONDAY_AT_TEN + timedelta(minutes=1)) == []
    calls = await world.client.calls()
    assert sorted(call["method"] for call in calls) == [*["sendMessage"] * 4, "sendPhoto"]


def letter(key: str, **more: Any) -> Letter:
    return Letter(
        chat_id=READER, dedupe_key=key, priority=Priority.REMINDER, wording=Wording(text=key), **more
    )


async def write(engine: AsyncEngine, given: Letter) -> None:
    async with engine.begin() as connection:
        await post(connection, [given])


async def sent(engine: AsyncEngine, at: datetime) -> list[str]:
    """What kinds of letters went out at a moment."""
    statement = text("SELECT split_part(dedupe_key, ':', 1) FROM outbox WHERE sent_at = :at ORDER BY 1")
    async with engine.connect() as connection:
        return list(await connection.scalars(statement, {"at": at}))

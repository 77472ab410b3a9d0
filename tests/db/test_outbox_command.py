"""``python -m bot outbox``: what an operator sees of the delivery, and decides."""

from collections.abc import Awaitable, Callable, Sequence
from io import StringIO

import pytest
from rich.console import Console
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import outbox_command
from db.models import NOW, OutboxMessage
from usecases.letters import Letter, Priority, Wording, post

Command = Callable[[AsyncEngine, int, Console, Console], Awaitable[int]]


class Shown:
    """A terminal, and what it shows."""

    def __init__(self) -> None:
        self._words = StringIO()
        self.console = Console(file=self._words, width=110)

    @property
    def words(self) -> str:
        return " ".join(self._words.getvalue().split())


async def letters(engine: AsyncEngine, **states: str) -> Sequence[int]:
    """A letter in each of these states; their ids."""
    written = [
        Letter(
            chat_id=number,
            dedupe_key=name,
            priority=Priority.POST,
            wording=Wording(text="hush"),
            once=True,
        )
        for number, name in enumerate(states, 1)
    ]
    async with engine.begin() as connection:
        ids = await post(connection, written)
        for name, state in states.items():
            values = {"state": state, "last_error": "[red]no", "sent_at": NOW if state == "sent" else None}
            statement = update(OutboxMessage).where(OutboxMessage.id == ids[name])
            await connection.execute(statement.values(**values))
    return list(ids.values())


async def state(engine: AsyncEngine, row_id: int) -> str:
    async with engine.connect() as connection:
        found: str = (
            await connection.execute(select(OutboxMessage.state).where(OutboxMessage.id == row_id))
        ).scalar_one()
        return found


async def test_an_empty_outbox_is_shown_as_one(engine: AsyncEngine) -> None:
    shown = Shown()
    assert await outbox_command.show(engine, shown.console) == 0
    assert "waiting │ 0" in shown.words
    assert "Nothing is due. Sent: 0 in the last minute, 0 in the last hour." in shown.words
    assert "To be decided" not in shown.words


async def test_counts_the_oldest_the_rate_and_what_is_to_be_decided_are_shown(engine: AsyncEngine) -> None:
    ids = await letters(engine, a="waiting", b="parked", c="sent", d="unsure", e="waiting")
    shown = Shown()
    assert await outbox_command.show(engine, shown.console) == 0
    assert "waiting │ 2" in shown.words
    assert f"Due for longest: message {ids[0]} to 1, for 0:00:0" in shown.words
    assert "Sent: 1 in the last minute, 1 in the last hour." in shown.words
    assert f"{ids[1]} │ 2 │ text │ parked │ [red]no" in shown.words
    assert f"{ids[3]} │ 4 │ text │ unsure │ [red]no" in shown.words
    assert "hush" not in shown.words


@pytest.mark.parametrize("before", ["parked", "unsure"])
@pytest.mark.parametrize(
    ("command", "after", "said"),
    [
        (outbox_command.retry, "waiting", "will be sent"),
        (outbox_command.drop, "cancelled", "is put away"),
    ],
)
async def test_a_message_is_sent_again_or_put_away(
    engine: AsyncEngine, before: str, command: Command, after: str, said: str
) -> None:
    [row_id] = await letters(engine, a=before)
    shown = Shown()
    assert await command(engine, row_id, shown.console, Console()) == 0
    assert shown.words == f"Message {row_id} {said}."
    assert await state(engine, row_id) == after


@pytest.mark.parametrize("command", [outbox_command.retry, outbox_command.drop])
async def test_what_cannot_be_decided_is_said(engine: AsyncEngine, command: Command) -> None:
    [row_id] = await letters(engine, a="sent")
    shown = Shown()
    assert await command(engine, row_id, Console(), shown.console) == 1
    assert await command(engine, row_id + 1, Console(), shown.console) == 1
    assert f"Message {row_id} is sent: only what is parked or unsure" in shown.words
    assert f"There is no message {row_id + 1}:" in shown.words
    assert await state(engine, row_id) == "sent"

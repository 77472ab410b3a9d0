"""``outbox`` on the command line: what waits, what could not be decided, and a decision about one message."""

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import moderation, outbox
from db.queries.outbox import Undecided

DONE = 0
REFUSED = 1

#: So many of those that are to be decided are listed.
_LISTED = 50
_BY = "bot outbox"
_STATES = ("waiting", "sending", "unsure", "parked", "sent", "cancelled", "expired")


async def show(engine: AsyncEngine, console: Console) -> int:
    """Counts by state, the oldest that waits, how fast it goes, and what is to be decided."""
    async with engine.connect() as connection:
        counts = await outbox.counts_by_state(connection)
        console.print(_counted(counts))
        console.print(await _oldest(connection))
        minute = await outbox.sent_since(connection, timedelta(minutes=1))
        hour = await outbox.sent_since(connection, timedelta(hours=1))
        console.print(f"Sent: {minute} in the last minute, {hour} in the last hour.")
        undecided = await outbox.undecided(connection, _LISTED)
    if undecided:
        more = counts.get("unsure", 0) + counts.get("parked", 0) - len(undecided)
        console.print(_listed(undecided, more))
        console.print("Send one: python -m bot outbox retry ID; put one away: python -m bot outbox drop ID")
    return DONE


async def retry(engine: AsyncEngine, row_id: int, console: Console, errors: Console) -> int:
    """Send a parked or unsure message (once more). ``errors`` takes why it cannot be."""
    async with engine.begin() as connection:
        state = await _undecided_state(connection, row_id, errors)
        if state is None:
            return REFUSED
        await outbox.retry(connection, row_id)
        await moderation.note(connection, row_id, "post" if state == "unsure" else "retry", _BY)
    console.print(f"Message {row_id} will be sent.")
    return DONE


async def drop(engine: AsyncEngine, row_id: int, console: Console, errors: Console) -> int:
    """Put a parked or unsure message away. ``errors`` takes why it cannot be."""
    async with engine.begin() as connection:
        if await _undecided_state(connection, row_id, errors) is None:
            return REFUSED
        await outbox.drop(connection, row_id)
        await moderation.note(connection, row_id, "drop", _BY)
    console.print(f"Message {row_id} is put away.")
    return DONE


async def _undecided_state(connection: AsyncConnection, row_id: int, errors: Console) -> str | None:
    """Its state if it is to be decided; otherwise None, and what is said instead."""
    case = await moderation.locked(connection, row_id)
    if case is None:
        errors.print(f"There is no message {row_id}: python -m bot outbox lists those to be decided.")
    elif case.state in {"unsure", "parked"}:
        return case.state
    else:
        errors.print(f"Message {row_id} is {case.state}: only what is parked or unsure is to be decided.")
    return None


def _counted(counts: dict[str, int]) -> Table:
    table = Table(title="Outbox", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for state in _STATES:
        table.add_row(state, str(counts.get(state, 0)))
    return table


async def _oldest(connection: AsyncConnection) -> str:
    oldest = await outbox.oldest_waiting(connection)
    if oldest is None:
        return "Nothing is due."
    age = timedelta(seconds=int(oldest.age.total_seconds()))
    return f"Due for longest: message {oldest.id} to {oldest.chat_id}, for {age}."


def _listed(undecided: Sequence[Undecided], more: int) -> Table:
    table = Table(title="To be decided", caption=f"and {more} more" if more > 0 else None)
    for name in ("id", "chat"):
        table.add_column(name, justify="right")
    for name in ("what", "state", "reason"):
        table.add_column(name)
    for row in undecided:
        table.add_row(str(row.id), str(row.chat_id), row.kind, row.state, Text(row.reason or ""))
    return table

"""What ``check`` finds in the database: what is there, who leads, what the clock did, what waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.finding import Finding
from db.lock import is_held
from db.queries import clock, mentors, outbox, reviews, ticks, updates
from scheduler.table import NAMES, TABLE

_EVERY = {line.name: timedelta(seconds=line.seconds) for line in TABLE}
#: A tick that did not come for so many of its intervals, and a while, does not come.
_MISSED = 3
_A_WHILE = timedelta(minutes=5)
#: A message that is due for longer is not only behind others.
_LATE = timedelta(minutes=15)
#: And words that nobody has read for longer, nobody reads.
_UNREAD = timedelta(days=3)


async def work(connection: AsyncConnection) -> list[Finding]:
    """A finding about each."""
    runs = await ticks.latest(connection, NAMES)
    leads = await is_held(connection)
    at = await clock.now(connection)
    return [
        await _mentors(connection),
        await _reviews(connection, at),
        await _set_aside(connection),
        _leader(leads=leads, has_ticked=bool(runs)),
        *(_tick(run, at, leads=leads) for run in runs),
        *await _outbox(connection),
    ]


async def _mentors(connection: AsyncConnection) -> Finding:
    counts = await mentors.count_by_status(connection)
    listed = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return Finding("mentors", listed or "none", "" if listed else "python -m bot import-mentors FILE")


async def _reviews(connection: AsyncConnection, at: datetime) -> Finding:
    count, since = await reviews.waiting_since(connection)
    if since is None:
        return Finding("reviews", "none wait for moderators")
    state = f"{count} wait for moderators, the first for {_span(at - since)}"
    ask = "set MODERATORS_CHAT_ID, or ask the moderators to decide"
    return Finding("reviews", state, ask if at - since > _UNREAD else "")


async def _set_aside(connection: AsyncConnection) -> Finding:
    failed = await updates.count(connection)
    look = "look into the table failed_updates, mend what it tells, and empty it"
    return Finding("updates set aside", str(failed), look if failed else "")


def _leader(*, leads: bool, has_ticked: bool) -> Finding:
    if leads:
        return Finding("leader", "a process sends, ticks and polls")
    return Finding("leader", "nobody sends, ticks and polls", "python -m bot run" if has_ticked else "")


def _tick(run: Any, at: datetime, *, leads: bool) -> Finding:
    what, ago = f"tick {run.name}", _ago(at - run.started_at)
    again = f"python -m bot tick {run.name}"
    if run.error:
        return Finding(what, f"failed {ago}: {run.error}", f"look into the log of that time; then {again}")
    late = at - run.started_at > _MISSED * _EVERY[run.name] + _A_WHILE
    state = f"{ago}, " + (
        f"matched {run.matched}, enqueued {run.enqueued}, skipped {run.skipped}"
        if run.finished_at
        else "not finished"
    )
    return Finding(
        what, state, f"it does not come: restart the bot; meanwhile {again}" if late and leads else ""
    )


async def _outbox(connection: AsyncConnection) -> list[Finding]:
    counts = await outbox.counts_by_state(connection)
    oldest = await outbox.oldest_waiting(connection)
    return [_waiting(counts.get("waiting", 0), oldest), *_undecided(counts)]


def _waiting(count: int, oldest: outbox.Waiting | None) -> Finding:
    if oldest is None:
        return Finding("outbox", f"{count} waiting")
    late = "is the bot running, and does Telegram answer? See python -m bot outbox"
    state = f"{count} waiting, the oldest is due for {_span(oldest.age)}"
    return Finding("outbox", state, late if oldest.age > _LATE else "")


def _undecided(counts: dict[str, int]) -> Iterator[Finding]:
    for state in ("parked", "unsure"):
        count = counts.get(state, 0)
        yield Finding(f"outbox, {state}", str(count), "decide: python -m bot outbox" if count else "")


def _ago(age: timedelta) -> str:
    return f"{_span(age)} ago"


def _span(age: timedelta) -> str:
    """Its largest unit: 40 s, 3 min, 5 h, 2 d."""
    seconds = max(int(age.total_seconds()), 0)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"

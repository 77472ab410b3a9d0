"""The outbox: messages written with what makes them true, and what people decide about them."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import OUTBOX_FILLED

# One parameter for any number of rows; the clock is asked once, not once a row.
_ENQUEUE = text("""
INSERT INTO outbox (chat_id, kind, payload, photo, dedupe_key, priority, once, target_id,
                    due_at, next_at, expires_at, created_at)
SELECT coalesce(moved.new_id, given.chat_id), given.kind, given.payload, decode(given.photo, 'base64'),
       given.dedupe_key, given.priority, given.once, given.target_id,
       coalesce(given.due_at, clock.at), coalesce(given.due_at, clock.at), given.expires_at, clock.at
FROM ROWS FROM (jsonb_to_recordset(CAST(:rows AS jsonb)) AS (
         chat_id bigint, kind outbox_kind, payload jsonb, photo text, dedupe_key text, priority smallint,
         once boolean, target_id bigint, due_at timestamptz, expires_at timestamptz
     )) WITH ORDINALITY AS given(chat_id, kind, payload, photo, dedupe_key, priority, once, target_id,
                                 due_at, expires_at, place)
     CROSS JOIN (SELECT clock_now() AS at) AS clock
     LEFT JOIN moved_chats AS moved ON moved.old_id = given.chat_id
ORDER BY given.place
ON CONFLICT (dedupe_key) DO NOTHING
RETURNING dedupe_key, id
""")


_COUNTS = text("SELECT state::text, count(*) FROM outbox GROUP BY state")
_OLDEST = text("""
SELECT id, chat_id, due_at, clock_now() - due_at AS age FROM outbox
WHERE state = 'waiting' AND due_at <= (SELECT clock_now()) ORDER BY due_at, id LIMIT 1
""")
_SENT_SINCE = text("""
SELECT count(*) FROM outbox WHERE state = 'sent' AND sent_at > (SELECT clock_now()) - CAST(:ago AS interval)
""")
_UNDECIDED = text("""
SELECT id, chat_id, kind::text, payload ->> 'text' AS text, state::text, last_error AS reason, attempts,
       told_at
FROM outbox WHERE state IN ('unsure', 'parked') ORDER BY id LIMIT :most
""")
# Somebody has decided that it goes out, even where its time is over.
_RETRY = text("""
UPDATE outbox
SET state = 'waiting', next_at = clock_now(), attempts = 0, claimed_by = NULL, started_at = NULL,
    told_at = NULL, expires_at = CASE WHEN expires_at > clock_now() THEN expires_at END
WHERE id = :id AND state = ANY(CAST(:states AS outbox_state[]))
RETURNING pg_notify(:channel, '')
""")
_DROP = text("""
UPDATE outbox
SET state = 'cancelled', last_error = coalesce(last_error, 'dropped'), photo = NULL
WHERE id = :id AND state IN ('unsure', 'parked')
""")
_IS_THERE = text("""
UPDATE outbox SET state = 'sent', sent_at = coalesce(started_at, clock_now()), photo = NULL, last_error = NULL
WHERE id = :id AND state = 'unsure'
""")
# A chat's own are few: they are found by the chat, and told apart by the beginning of their keys.
_TAKE_BACK = text("""
UPDATE outbox SET state = 'cancelled', last_error = 'it is not true any more', photo = NULL
WHERE chat_id = ANY(CAST(:chats AS bigint[])) AND state = 'waiting' AND due_at > (SELECT clock_now())
  AND starts_with(dedupe_key, :prefix)
""")
_TOLD = text("""
SELECT id FROM outbox
WHERE chat_id = :chat_id AND kind IN ('text', 'photo') AND state IN ('waiting', 'sending', 'sent')
  AND starts_with(dedupe_key, :prefix)
ORDER BY id
""")
_TOLD_ALL = text("""
SELECT id, chat_id FROM outbox
WHERE kind IN ('text', 'photo') AND state IN ('sending', 'sent') AND starts_with(dedupe_key, :prefix)
ORDER BY id
""")
_WIPE = text("""
UPDATE outbox
SET payload = '{"text": ""}', photo = NULL,
    state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END,
    last_error = CASE WHEN state = 'waiting' THEN 'who it is about was forgotten' ELSE last_error END
WHERE EXISTS (SELECT FROM unnest(CAST(:prefixes AS text[])) AS prefix WHERE starts_with(dedupe_key, prefix))
""")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The row that has been due for longest."""

    id: int
    chat_id: int
    due_at: datetime
    age: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A row that people decide about: ``state`` is parked or unsure."""

    id: int
    chat_id: int
    kind: str
    text: str | None
    state: str
    reason: str | None
    attempts: int
    told_at: datetime | None


async def enqueue(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write messages; those whose dedupe key is there already are left out. The new ones' ids by that key.

    A row has ``chat_id, kind, payload, photo, dedupe_key, priority, once, target_id, due_at, expires_at``.
    """
    result = await connection.execute(_ENQUEUE, {"rows": json.dumps([_plain(row) for row in rows])})
    return {row.dedupe_key: row.id for row in result}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has neither bytes nor times."""
    photo, due, end = row["photo"], row["due_at"], row["expires_at"]
    return {
        **row,
        "photo": photo and b64encode(photo).decode(),
        "due_at": due and due.isoformat(),
        "expires_at": end and end.isoformat(),
    }


async def take_back(connection: AsyncConnection, chats: Sequence[int], prefix: str) -> None:
    """Cancel what is to go to these chats later and is known by this beginning of its key."""
    await connection.execute(_TAKE_BACK, {"chats": list(chats), "prefix": prefix})


async def told(connection: AsyncConnection, chat_id: int, prefix: str) -> Sequence[int]:
    """What has gone to a chat, or is on its way there, and is known by this beginning of its key."""
    return (await connection.scalars(_TOLD, {"chat_id": chat_id, "prefix": prefix})).all()


async def told_all(connection: AsyncConnection, prefix: str) -> Sequence[Row[Any]]:
    """The same in all chats, without what waits still: ``id, chat_id``."""
    return (await connection.execute(_TOLD_ALL, {"prefix": prefix})).all()


async def wipe(connection: AsyncConnection, prefixes: Sequence[str]) -> None:
    """Empty what is known by such a beginning of its key, and send none of it any more."""
    await connection.execute(_WIPE, {"prefixes": list(prefixes)})


async def counts_by_state(connection: AsyncConnection) -> dict[str, int]:
    """How many rows are in which state."""
    return {row[0]: row[1] for row in await connection.execute(_COUNTS)}


async def oldest_waiting(connection: AsyncConnection) -> Waiting | None:
    """What has been due for longest."""
    row = (await connection.execute(_OLDEST)).one_or_none()
    return None if row is None else Waiting(*row)


async def sent_since(connection: AsyncConnection, ago: timedelta) -> int:
    """How many messages went out in the last so many minutes."""
    count: int = (await connection.execute(_SENT_SINCE, {"ago": ago})).scalar_one()
    return count


async def undecided(connection: AsyncConnection, most: int = 100) -> list[Undecided]:
    """What is parked or unsure, oldest first."""
    rows = (await connection.execute(_UNDECIDED, {"most": most})).mappings()
    return [Undecided(**row) for row in rows]


async def retry(connection: AsyncConnection, row_id: int) -> bool:
    """Send what is parked or unsure (once more); False: there is no such row."""
    return await _retry(connection, row_id, ["parked", "unsure"])


async def drop(connection: AsyncConnection, row_id: int) -> bool:
    """Put away what is parked or unsure; False: there is no such row."""
    return (await connection.execute(_DROP, {"id": row_id})).rowcount == 1


async def resolve(connection: AsyncConnection, row_id: int, *, sent: bool) -> bool:
    """Somebody knows whether an unsure post is there; if not, it goes out. False: there is no such row."""
    if not sent:
        return await _retry(connection, row_id, ["unsure"])
    return (await connection.execute(_IS_THERE, {"id": row_id})).rowcount == 1


async def _retry(connection: AsyncConnection, row_id: int, states: list[str]) -> bool:
    result = await connection.execute(_RETRY, {"id": row_id, "states": states, "channel": OUTBOX_FILLED})
    return result.first() is not None

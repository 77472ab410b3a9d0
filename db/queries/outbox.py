"""The outbox: messages written with what makes them true, and what became of them."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

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

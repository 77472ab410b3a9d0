"""The outbox as its sender sees it: what is claimed, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

#: So many of those that are due are looked at for a claim, whatever waits behind them.
_WINDOW = 256

# A plan is made anew for each claim: one that was made for an empty table would stay for a full one. And it
# goes through the indexes: there is never more to look at than a window's rows.
#
# Where all had gone out when its figures were taken, the planner believes that next to nothing waits, and
# that to read all of it costs no more than to look up one row. So what is asked of each row below is no join
# but a subquery in an index's own order; and in a join, the state is a text, of which no index knows.
_PLAN_BY_INDEX = text("""
SELECT set_config(name, setting, true)
FROM (VALUES ('plan_cache_mode', 'force_custom_plan'), ('enable_seqscan', 'off'),
             ('enable_bitmapscan', 'off'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off')
     ) AS planner (name, setting)
""")
# A chat's letters go in the order of their ids: none overtakes one that is being sent or was tried, nor one
# of its own or a higher priority; a reply may pass a digest that was never tried. An edit waits until the
# message it means has gone out, and holds up nobody; it is handed out, too, where that will never be.
#
# A chat that may not be written to now can have thousands of rows in front of all others, and so can chats in
# which something is tried again later: where a window is full of them, each but a chat's first is put off to
# about its turn, and none comes before that other try, so that the next claim need not look at it.
CLAIM = text("""
WITH front AS MATERIALIZED (
    SELECT due.*
    FROM unnest(CAST('{0,1,2,3,4}' AS smallint[])) AS level
         CROSS JOIN LATERAL (
             SELECT id, chat_id, priority, next_at, expires_at, target_id FROM outbox
             WHERE state = 'waiting' AND priority = level AND next_at <= (SELECT clock_now())
             ORDER BY next_at, id LIMIT :window
         ) AS due
    ORDER BY priority, next_at, id LIMIT :window
), free AS MATERIALIZED (
    SELECT DISTINCT ON (front.chat_id) front.id, front.priority, front.next_at
    FROM front
    WHERE front.chat_id <> ALL (CAST(:resting AS bigint[]))
      AND front.chat_id <> ALL (ARRAY (SELECT chat_id FROM outbox WHERE state = 'sending'))
      AND (front.expires_at IS NULL OR front.expires_at > (SELECT clock_now()))
      AND (front.target_id IS NULL
           OR (SELECT state FROM outbox WHERE id = front.target_id) IN ('sent', 'cancelled', 'expired'))
      AND (
          SELECT id FROM outbox AS tried
          WHERE tried.state = 'waiting' AND tried.attempts > 0
            AND tried.chat_id = front.chat_id AND tried.id < front.id
          ORDER BY chat_id, id LIMIT 1) IS NULL
      AND (
          SELECT id FROM outbox AS earlier
          WHERE earlier.state = 'waiting' AND earlier.chat_id = front.chat_id
            AND earlier.priority <= front.priority AND earlier.id < front.id
            AND earlier.due_at <= (SELECT clock_now())
            AND (earlier.expires_at IS NULL OR earlier.expires_at > (SELECT clock_now()))
            AND (earlier.target_id IS NULL
                 OR (SELECT state FROM outbox WHERE id = earlier.target_id) = 'sent')
          ORDER BY chat_id, priority, id LIMIT 1) IS NULL
    ORDER BY front.chat_id, front.priority, front.next_at, front.id
), picked AS MATERIALIZED (
    SELECT outbox.id FROM free JOIN outbox ON outbox.id = free.id AND CAST(outbox.state AS text) = 'waiting'
    ORDER BY free.priority, free.next_at, free.id LIMIT :most
    FOR UPDATE OF outbox SKIP LOCKED
), claimed AS (
    UPDATE outbox
    SET state = 'sending', claimed_by = :name, leased_until = now() + CAST(:lease AS interval),
        attempts = attempts + 1, started_at = NULL
    FROM picked WHERE outbox.id = picked.id
    RETURNING outbox.*
), put_off AS (
    UPDATE outbox
    SET next_at = greatest((SELECT clock_now()) + place.behind * CAST(:gap AS interval), place.tried_at)
    FROM (
        SELECT id, row_number() OVER (PARTITION BY chat_id ORDER BY priority, id) - 1 AS behind, (
                   SELECT next_at FROM outbox AS tried
                   WHERE tried.state = 'waiting' AND tried.attempts > 0
                     AND tried.chat_id = front.chat_id AND tried.id < front.id
                   ORDER BY chat_id, id LIMIT 1) AS tried_at
        FROM front WHERE front.id <> ALL (ARRAY (SELECT id FROM picked))
    ) AS place
    WHERE outbox.id = place.id AND (place.behind > 0 OR place.tried_at > (SELECT clock_now()))
      AND CAST(:gap AS interval) > interval '0' AND (SELECT count(*) FROM picked) < :most
      AND (SELECT count(*) FROM front) = :window
    RETURNING outbox.id
)
SELECT crowd.is_there, claimed.id, claimed.chat_id, claimed.kind, claimed.payload, claimed.photo,
       claimed.once, claimed.attempts, people.blocked_at IS NOT NULL AS blocked, claimed.target_id,
       target.kind AS target_kind, target.sent_message_id AS target_message_id
FROM (SELECT count(*) > 0 AS is_there FROM put_off) AS crowd
     LEFT JOIN claimed ON true
     LEFT JOIN outbox AS target ON target.id = claimed.target_id
     LEFT JOIN people ON people.id = claimed.chat_id
ORDER BY claimed.priority, claimed.next_at, claimed.id
""")
# It has gone out, even where somebody took it for lost meanwhile, unless another sender has it in hand.
_SENT = text("""
UPDATE outbox
SET state = 'sent', sent_at = clock_now(), sent_message_id = :message_id, kind = CAST(:kind AS outbox_kind),
    photo = NULL, leased_until = NULL, last_error = NULL
WHERE id = :id AND claimed_by = :name AND state IN ('sending', 'waiting', 'unsure')
""")
_BEGUN = text("""
UPDATE outbox SET started_at = clock_now(), leased_until = now() + CAST(:lease AS interval)
WHERE id = :id AND state = 'sending' AND claimed_by = :name AND leased_until > now()
""")
_BACK = text("""
UPDATE outbox
SET state = 'waiting', next_at = greatest(next_at, clock_now() + CAST(:pause AS interval)),
    attempts = attempts - CAST(:uncounted AS int), leased_until = NULL, started_at = NULL,
    last_error = :reason
WHERE id = :id AND state = 'sending' AND claimed_by = :name
""")
_ENDED = text("""
UPDATE outbox
SET state = CAST(:state AS outbox_state), leased_until = NULL, last_error = :reason, told_at = NULL,
    photo = CASE WHEN CAST(:state AS outbox_state) = 'cancelled' THEN NULL ELSE photo END
WHERE id = :id AND state = 'sending' AND claimed_by = :name
""")
_RELEASED = text("""
UPDATE outbox SET state = 'waiting', attempts = attempts - 1, leased_until = NULL, started_at = NULL
WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'sending' AND claimed_by = :name
""")
_RECOVER = text("""
UPDATE outbox
SET state = CAST(CASE WHEN once AND started_at IS NOT NULL THEN 'unsure' ELSE 'waiting' END AS outbox_state),
    leased_until = NULL, told_at = NULL, last_error = 'whoever was sending it has gone'
WHERE state = 'sending' AND leased_until < now() AND id <> ALL (CAST(:in_hand AS bigint[]))
""")
_EXPIRE = text("""
UPDATE outbox SET state = 'expired', photo = NULL
WHERE id IN (
    SELECT id FROM outbox WHERE state = 'waiting' AND expires_at <= (SELECT clock_now())
    ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED
)
""")
_NEXT_DUE = text("""
SELECT extract(epoch FROM min(first.next_at) - (SELECT clock_now()))
FROM unnest(CAST('{0,1,2,3,4}' AS smallint[])) AS level
     CROSS JOIN LATERAL (
         SELECT next_at FROM outbox WHERE state = 'waiting' AND priority = level ORDER BY next_at, id LIMIT 1
     ) AS first
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A row to send. ``blocked``: the person has blocked the bot; ``target_message_id`` None: never sent."""

    id: int
    chat_id: int
    kind: str
    payload: Mapping[str, Any]
    photo: bytes | None
    once: bool
    attempts: int
    blocked: bool
    target_id: int | None
    target_kind: str | None
    target_message_id: int | None


@dataclass(frozen=True, slots=True)
class Portion:
    """What was claimed. ``crowded``: what may not go yet was put off, and there may be more behind it."""

    rows: list[Claimed]
    crowded: bool


async def claim(
    connection: AsyncConnection,
    name: str,
    lease: timedelta,
    *,
    most: int,
    resting: Sequence[int] = (),
    gap: timedelta = timedelta(),
    window: int = _WINDOW,
) -> Portion:
    """Take what is due, in order, at most one of a chat and none of those ``resting``.

    In a transaction, with which the lease begins, in real time. ``gap`` is the time between two messages to
    one chat.
    """
    await connection.execute(_PLAN_BY_INDEX)
    given = {"name": name, "lease": lease, "most": most, "resting": list(resting), "gap": gap}
    given["window"] = window
    rows = [dict(row) for row in (await connection.execute(CLAIM, given)).mappings()]
    crowded = [row.pop("is_there") for row in rows]
    return Portion([Claimed(**row) for row in rows if row["id"] is not None], crowded[0])


async def begin(connection: AsyncConnection, row_id: int, name: str, lease: timedelta) -> bool:
    """Store that the call is about to be made, with a new lease; False: the row is not ours any more."""
    result = await connection.execute(_BEGUN, {"id": row_id, "name": name, "lease": lease})
    return result.rowcount == 1


async def sent(
    connection: AsyncConnection, row_id: int, name: str, message_id: int | None, kind: str
) -> None:
    """It has gone out, as a message of that kind."""
    given = {"id": row_id, "name": name, "message_id": message_id, "kind": kind}
    await connection.execute(_SENT, given)


async def back(
    connection: AsyncConnection,
    row_id: int,
    name: str,
    *,
    reason: str,
    pause: timedelta = timedelta(),
    counted: bool = True,
) -> None:
    """It waits again, for ``pause`` at least; the attempt may not count."""
    given = {"id": row_id, "name": name, "reason": reason, "pause": pause, "uncounted": int(not counted)}
    await connection.execute(_BACK, given)


async def end(connection: AsyncConnection, row_id: int, name: str, state: str, reason: str) -> None:
    """It is ``parked``, ``cancelled`` or ``unsure`` now."""
    await connection.execute(_ENDED, {"id": row_id, "name": name, "state": state, "reason": reason})


async def release(connection: AsyncConnection, ids: Sequence[int], name: str) -> None:
    """Give back what was claimed and not begun."""
    await connection.execute(_RELEASED, {"ids": list(ids), "name": name})


async def recover(connection: AsyncConnection, in_hand: Collection[int] = ()) -> int:
    """Take back what a sender that has gone had in hand; how much it was.

    ``in_hand`` is what the one who asks is about to store: it has not gone, and knows better.
    """
    return (await connection.execute(_RECOVER, {"in_hand": list(in_hand)})).rowcount


async def expire(connection: AsyncConnection) -> int:
    """Put away what came too late, a thousand at a time; how many it were."""
    return (await connection.execute(_EXPIRE)).rowcount


async def next_due(connection: AsyncConnection) -> float | None:
    """Seconds until something is due, none or less if it is now; None: nothing waits."""
    seconds = (await connection.execute(_NEXT_DUE)).scalar_one()
    return None if seconds is None else float(seconds)

"""Chats as Telegram knows them: away, moved, and told to wait with the whole bot."""

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import MovedChat, OutboxMessage

#: The channel of NOTIFY on which a replica that Telegram told to wait tells the others.
TELEGRAM_CLOSED = "telegram_closed"

_OPEN = OutboxMessage.state.in_(("waiting", "sending", "unsure", "parked"))
_REPLIES_WAIT = text("""
SELECT EXISTS (SELECT FROM outbox WHERE state = 'waiting' AND priority = 0 AND chat_id = :chat_id)
    OR EXISTS (SELECT FROM outbox WHERE state = 'sending' AND priority = 0 AND chat_id = :chat_id) AS here,
       EXISTS (SELECT FROM outbox WHERE state = 'waiting' AND priority = 0)
    OR EXISTS (SELECT FROM outbox WHERE state = 'sending' AND priority = 0) AS anywhere
""")


async def replies_wait(connection: AsyncConnection, chat_id: int) -> tuple[bool, bool]:
    """Whether a reply waits for this chat, and whether one waits for any."""
    here, anywhere = (await connection.execute(_REPLIES_WAIT, {"chat_id": chat_id})).one()
    return here, anywhere


async def supersede(connection: AsyncConnection, chat_id: int, prefix: str) -> None:
    """Cancel what has not been tried yet and is known by this beginning of its key."""
    await connection.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.chat_id == chat_id,
            OutboxMessage.state == "waiting",
            OutboxMessage.attempts == 0,
            func.starts_with(OutboxMessage.dedupe_key, prefix),
        )
        .values(state="cancelled", last_error="a newer one came")
    )


async def cancel_waiting(connection: AsyncConnection, chat_id: int, reason: str) -> None:
    """Nothing more can be delivered there."""
    await connection.execute(
        update(OutboxMessage)
        .where(OutboxMessage.chat_id == chat_id, OutboxMessage.state == "waiting")
        .values(state="cancelled", last_error=reason, photo=None)
    )


async def move(connection: AsyncConnection, old_id: int, new_id: int) -> None:
    """Follow a group that has become a supergroup: what is for it goes where it is now."""
    statement = insert(MovedChat).values(old_id=old_id, new_id=new_id)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["old_id"], set_={"new_id": new_id})
    )
    await connection.execute(
        update(OutboxMessage).where(OutboxMessage.chat_id == old_id, _OPEN).values(chat_id=new_id)
    )


async def moved_to(connection: AsyncConnection, chat_id: int) -> int:
    """Where a chat is now: its own id, unless it has moved."""
    moved = await connection.scalar(select(MovedChat.new_id).where(MovedChat.old_id == chat_id))
    return moved or chat_id


async def tell_to_wait(connection: AsyncConnection, seconds: float, by: str) -> None:
    """Let every replica know that Telegram takes nothing for so long; ``by`` is who tells."""
    words = f"{by} {seconds:.3f}"
    await connection.execute(select(func.pg_notify(TELEGRAM_CLOSED, words)))

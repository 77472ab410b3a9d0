"""What handlers say to people, where Telegram does not take it at once: no word is lost, and none overtakes.

Dedupe keys: ``reply:{chat}:{message it was to replace, 0 for none}:{uuid}``.
"""

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import chats, people
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import People, PersonId


class Replies:
    """Keeps replies in the outbox, and tells the other replicas when the bot has to wait."""

    def __init__(self, engine: AsyncEngine, known: People) -> None:
        self._engine = engine
        self._known = known
        self._name = uuid4().hex
        # Replies may wait from before this process: the first one asks.
        self._some_wait = True

    async def keep(self, chat_id: int, wording: Wording, *, instead_of: int = 0, wait: float = 0) -> None:
        """Have a reply sent as soon as possible. ``wait``: for how many seconds Telegram takes nothing.

        ``instead_of`` is the message it was to be drawn over: of several screens only the newest is sent.
        """
        place = f"reply:{chat_id}:{instead_of}:"
        letter = Letter(
            chat_id=chat_id, dedupe_key=place + uuid4().hex, priority=Priority.REPLY, wording=wording
        )
        self._some_wait = True
        async with self._engine.begin() as connection:
            if instead_of:
                await chats.supersede(connection, chat_id, place)
            await post(connection, [letter])
            await chats.tell_to_wait(connection, wait, self._name)

    async def wait_for(self, chat_id: int) -> bool:
        """Whether a reply waits for this chat, so that the next one must not overtake it."""
        if not self._some_wait:
            return False
        async with self._engine.connect() as connection:
            here, anywhere = await chats.replies_wait(connection, chat_id)
        self._some_wait = anywhere
        return here

    async def told_to_wait(self, seconds: float) -> None:
        """Telegram takes nothing from the bot for so long: the other replicas hear of it."""
        async with self._engine.begin() as connection:
            await chats.tell_to_wait(connection, seconds, self._name)

    def heard(self, burst: Iterable[str]) -> float:
        """What was told since; nothing where listening has just begun.

        Returns:
            For how many seconds Telegram takes nothing, as other replicas say.
        """
        # A reply may wait that another replica has kept: the next one asks.
        self._some_wait = True
        told = (words.split() for words in burst)
        return max((float(seconds) for name, seconds in told if name != self._name), default=0.0)

    async def unreachable(self, person_id: int, reason: str) -> None:
        """A person has blocked the bot, or is gone: nothing that waits for them can be delivered."""
        async with self._engine.begin() as connection:
            await people.set_blocked(connection, person_id, blocked=True)
            await chats.cancel_waiting(connection, person_id, reason)
        # The next thing they do stores that they can be written to again.
        self._known.forget(PersonId(person_id))

    async def moved(self, old_id: int, new_id: int) -> None:
        """A group has another id now."""
        async with self._engine.begin() as connection:
            await chats.move(connection, old_id, new_id)

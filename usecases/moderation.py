"""What the delivery could not decide: moderators are told, and decide.

A post that may or may not have gone out is theirs to look for. What Telegram refused is sent once more or put
away. Dedupe keys: ``undecided:{outbox row}:{uuid}``; a row is told of once for each time it is given up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, assert_never
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import chats, moderation, outbox
from usecases.counts import Counts
from usecases.letters import Letter, Priority, Wording, post

Case = moderation.Case
Decision = Literal["there", "post", "retry", "drop"]
"""It is there; post it (again); send it once more; put it away."""

#: So many in one message: each has a row of buttons.
_IN_ONE = 8
#: And at most so many lie before moderators at a time: more come when these are decided.
_AT_ONCE = 24


class ModerationWords(Protocol):
    """How a case is put to moderators."""

    def unsure(self, case: Case) -> Wording:
        """A post that may or may not be there."""

    def parked(self, cases: Sequence[Case], rest: int) -> Wording:
        """What Telegram refused, and how many more there are that they will see later."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a tap: whether it decided anything, and the cases of that message as they are now.

    Without cases it is a message from another time, which stays as it is.
    """

    decided: bool
    cases: tuple[Case, ...]


class Moderation:
    """The moderators' part in the delivery. ``chat_id`` None: there is no group, and nothing is told."""

    def __init__(self, engine: AsyncEngine, chat_id: int | None, words: ModerationWords) -> None:
        self._engine = engine
        self._chat_id = chat_id
        self._words = words

    async def is_theirs(self, chat_id: int) -> bool:
        """Whether this is the moderators' group, which may have another id by now."""
        if self._chat_id is None or chat_id == self._chat_id:
            return chat_id == self._chat_id
        async with self._engine.connect() as connection:
            return await chats.moved_to(connection, self._chat_id) == chat_id

    async def tick(self, connection: AsyncConnection) -> Counts:
        """Tell of what has been given up since the last time."""
        if self._chat_id is None:
            untold, _ = await moderation.counts(connection)
            return Counts(matched=untold, skipped=untold)
        there = await chats.moved_to(connection, self._chat_id)
        await moderation.pass_over(connection, (self._chat_id, there))
        untold, lying = await moderation.counts(connection)
        if not untold:
            return Counts()
        told = await self._tell_unsure(connection)
        told += await self._tell_parked(connection, _AT_ONCE - lying)
        return Counts(matched=untold, enqueued=told, skipped=untold - told)

    async def decide(self, row_id: int, decision: Decision, told: int, by: str) -> Verdict:
        """Do what a moderator says, if the case is still as ``told`` (in milliseconds) showed it."""
        async with self._engine.begin() as connection:
            case = await moderation.locked(connection, row_id)
            if case is None or case.told not in {0, told}:
                return Verdict(decided=False, cases=())
            decided = case.told == told and await _done(connection, case, decision)
            if decided:
                await moderation.note(connection, row_id, decision, by)
            return Verdict(decided, await moderation.together(connection, row_id))

    async def _tell_unsure(self, connection: AsyncConnection) -> int:
        cases = await moderation.untold(connection, "unsure", _AT_ONCE)
        for case in cases:
            await self._tell(connection, [case], self._words.unsure(case))
        return len(cases)

    async def _tell_parked(self, connection: AsyncConnection, most: int) -> int:
        if most <= 0:
            return 0
        cases = await moderation.untold(connection, "parked", most)
        untold, _ = await moderation.counts(connection)
        rest = untold - len(cases)
        for start in range(0, len(cases), _IN_ONE):
            together = cases[start : start + _IN_ONE]
            await self._tell(connection, together, self._words.parked(together, rest))
        return len(cases)

    async def _tell(self, connection: AsyncConnection, cases: Sequence[Case], wording: Wording) -> None:
        assert self._chat_id is not None  # noqa: S101 - asked before
        key = f"undecided:{cases[0].id}:{uuid4().hex}"
        letter = Letter(chat_id=self._chat_id, dedupe_key=key, priority=Priority.REQUEST, wording=wording)
        new = await post(connection, [letter])
        await moderation.mark_told(connection, [case.id for case in cases], new[key])


async def _done(connection: AsyncConnection, case: Case, decision: Decision) -> bool:
    """Whether it could be done: only what is still undecided can."""
    match decision:
        case "there" | "post":
            return await outbox.resolve(connection, case.id, sent=decision == "there")
        case "retry":
            return case.state == "parked" and await outbox.retry(connection, case.id)
        case "drop":
            return case.state == "parked" and await outbox.drop(connection, case.id)
        case _:
            assert_never(decision)

"""What the next text of a person answers, where a button has asked for one: kept in ``people.asked_for``.

``say:{topic}:{ids}`` while it is waited for, and ``said:{topic}:{ids}:{message}`` once it came, so that a
message that comes again is known. Any other tap or command takes the question back (``handlers.mentor``).
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import people
from usecases.people import People, PersonId, Sent

_WAITING, _TOLD = "say", "said"


class Topic(StrEnum):
    """What is asked for; with the ids it is about."""

    #: The words of a request: search, mentor.
    DRAFT = "draft"
    #: A mentor's question about a request, and the student's reply to it.
    QUESTION = "question"
    REPLY = "reply"
    #: The words of a review (its request), and the mentor's answer to them (the review).
    REVIEW = "review"
    REVIEW_REPLY = "review-reply"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a text answers; ``again``: this very text has answered it before."""

    topic: Topic
    ids: tuple[int, ...]
    again: bool = False


async def ask(connection: AsyncConnection, person_id: int, topic: Topic, *ids: int) -> None:
    """The next text of this person is about this."""
    await people.ask(connection, person_id, ":".join((_WAITING, topic, *map(str, ids))))


async def take(connection: AsyncConnection, person_id: int, asked: Asked, sent: Sent) -> bool:
    """Take a text as the answer; False: it came before, or something newer has come since."""
    if asked.again or not await people.is_new_message(connection, person_id, sent.message_id, sent.at):
        return False
    told = ":".join((_TOLD, asked.topic, *map(str, asked.ids), str(sent.message_id)))
    await people.ask(connection, person_id, told)
    return True


@dataclass(frozen=True, slots=True)
class Typed:
    """Looks up what a text answers."""

    engine: AsyncEngine
    people: People

    async def asked(self, person_id: PersonId, sent: Sent) -> Asked | None:
        """What this message answers, now or when it came first; None: nothing that was asked for here."""
        async with self.engine.connect() as connection:
            stored = await people.asked_for(connection, person_id)
        kind, _, rest = (stored or "").partition(":")
        topic, *ids = rest.split(":")
        if kind == _TOLD and ids[-1] == str(sent.message_id):
            return Asked(Topic(topic), tuple(map(int, ids[:-1])), again=True)
        return Asked(Topic(topic), tuple(map(int, ids))) if kind == _WAITING else None

    def done(self, person_id: PersonId) -> None:
        """What a person is asked for has changed: whoever remembers them is to look again."""
        self.people.forget(person_id)

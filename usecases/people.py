"""Who writes: recognised once, remembered for a minute, stored when something about them changes."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from sqlalchemy.ext.asyncio import AsyncEngine

from db.queries import people

PersonId = NewType("PersonId", int)
"""A Telegram user id; in a private chat also the chat's id."""

#: The version of the words on the first screen that say what is kept and why.
CONSENT_VERSION = 1

LANGUAGES = ("ru", "en")
_DEFAULT_LANGUAGE = "ru"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of a person, by which it is known if it comes again."""

    message_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who an update says it is from."""

    id: PersonId
    first_name: str
    username: str | None
    telegram_language: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """Who it is, and which language they read.

    ``asked_for`` is what their next text answers, if not the questionnaire. What another replica asked for
    is heard of within a minute.
    """

    id: PersonId
    first_name: str
    language: str
    asked_for: str | None = None


class People:
    """Recognises people and keeps what they chose.

    ``clock`` is monotonic seconds. The memory spares one statement per update; it is short, so that another
    replica's /language is heard within ``remember_for`` seconds, and so exact is when they were seen last.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Callable[[], float],
        *,
        remember_for: float = 60.0,
        remember_most: int = 10_000,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._remember_for = remember_for
        self._remember_most = remember_most
        self._memory: OrderedDict[PersonId, tuple[float, Stranger, Known]] = OrderedDict()

    async def recognise(self, stranger: Stranger) -> Known:
        """The person behind an update; stored if new or changed."""
        remembered = self._memory.get(stranger.id)
        if remembered and remembered[0] > self._clock() and remembered[1] == stranger:
            return remembered[2]
        async with self._engine.begin() as connection:
            row = await people.upsert(
                connection,
                person_id=stranger.id,
                first_name=stranger.first_name,
                username=stranger.username,
                language=stranger.telegram_language,
            )
        return self._remember(stranger, row.language, row.asked_for)

    async def choose_language(self, person_id: PersonId, language: str) -> None:
        """Keep a language chosen by hand."""
        if language not in LANGUAGES:
            raise ValueError(f"no such language: {language}")
        async with self._engine.begin() as connection:
            await people.set_language(connection, person_id, language)
        self._memory.pop(person_id, None)

    async def set_blocked(self, person_id: PersonId, *, blocked: bool) -> None:
        """Remember that a person blocked the bot, or came back."""
        async with self._engine.begin() as connection:
            await people.set_blocked(connection, person_id, blocked=blocked)
        self._memory.pop(person_id, None)

    def forget(self, person_id: PersonId) -> None:
        """Drop a person from memory: their row has changed, or gone."""
        self._memory.pop(person_id, None)

    def _remember(self, stranger: Stranger, chosen: str | None, asked_for: str | None) -> Known:
        language = chosen or spoken(stranger.telegram_language)
        known = Known(stranger.id, stranger.first_name, language, asked_for)
        self._memory[stranger.id] = (self._clock() + self._remember_for, stranger, known)
        self._memory.move_to_end(stranger.id)
        if len(self._memory) > self._remember_most:
            self._memory.popitem(last=False)
        return known


def spoken(telegram_language: str | None) -> str:
    """The language for a Telegram client's language: Russian, unless it says another one that we have."""
    code = (telegram_language or "").partition("-")[0].lower()
    return code if code in LANGUAGES else _DEFAULT_LANGUAGE

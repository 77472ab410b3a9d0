"""A shortlist from which nobody was written to: what was missing is asked once, and minded in the next one.

Three days after the newest shortlist, if the student has written to nobody since; and once in
:data:`ASKED_AGAIN_AFTER`. Dedupe key: ``missing:{question}``.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, missing, requests, searches
from recommender.model import MentorId
from usecases.activity import FIRST_HOUR, LAST_HOUR
from usecases.errors import NotYoursError
from usecases.hours import first_between
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import PersonId
from usecases.readers import reader_of
from usecases.shortlists import MISSING_MINDED_FOR, Shortlists, ShortlistScreen, adjusted

#: A student is asked again only so long after the last time, and the answer is minded for so long.
ASKED_AGAIN_AFTER = MISSING_MINDED_FOR
_LETTERS_LAST = timedelta(days=7)

Answer = Literal["too_dear", "not_my_topic", "nobody_answers", "just_looking"]
ANSWERS: tuple[Answer, ...] = ("too_dear", "not_my_topic", "nobody_answers", "just_looking")
#: "Too dear" asks for so much less than what was shown, or than the budget that was named.
_CHEAPER = 0.7
_ROUND_TO = 500


class MissingWords(Protocol):
    """How it is asked."""

    def what_was_missing(self, language: str, asked_id: int) -> Wording:
        """With a button for each answer."""


@dataclass(frozen=True, slots=True)
class MissingScreen:
    """What was answered. ``budget``: what the next shortlist keeps within, None if it is not about that."""

    asked_id: int
    answer: Answer
    budget: int | None


@dataclass(frozen=True, slots=True)
class Missing:
    """Asks, keeps the answer, and shows the shortlist that minds it."""

    engine: AsyncEngine
    shortlists: Shortlists
    words: MissingWords
    zone: ZoneInfo

    async def ask(self, connection: AsyncConnection, person_id: int) -> str:
        """Ask, if there is still something to ask. For :class:`usecases.reminders.Reminders`."""
        search = await searches.latest_of_answers(connection, person_id)
        if search is None:
            return "gone"
        at = await clock.now(connection)
        reader = await reader_of(connection, person_id)
        if reader is None:
            return "blocked"
        if await requests.has_written_since(connection, person_id, search.created_at):
            return "has written"
        if await missing.was_asked_since(connection, person_id, at - ASKED_AGAIN_AFTER):
            return "asked before"
        asked_id = await missing.ask(connection, person_id, search.id)
        due = first_between(at, self.zone, FIRST_HOUR, LAST_HOUR)
        letter = Letter(
            chat_id=reader.id,
            dedupe_key=f"missing:{asked_id}",
            priority=Priority.REMINDER,
            wording=self.words.what_was_missing(reader.language, asked_id),
            due_at=due,
            expires_at=due + _LETTERS_LAST,
        )
        await post(connection, [letter])
        return "asked"

    async def answer(self, person_id: PersonId, asked_id: int, answer: Answer) -> MissingScreen:
        """Keep what was missing; another tap says it anew.

        Raises:
            NotYoursError: this person was not asked that; so everywhere below.
        """
        if answer not in ANSWERS:
            raise NotYoursError(f"no answer {answer!r}")
        async with self.engine.begin() as connection:
            asked = await self._asked(connection, person_id, asked_id)
            budget = await self._cheaper(connection, asked) if answer == "too_dear" else None
            if asked.answer != answer:
                await missing.answer(
                    connection, asked_id, answer, None if budget is None else Decimal(budget)
                )
        return MissingScreen(asked_id, answer, budget)

    async def next(self, person_id: PersonId, asked_id: int) -> ShortlistScreen:
        """Three others who mind the answer; the same tap again shows the same."""
        async with self.engine.begin() as connection:
            asked = await self._asked(connection, person_id, asked_id)
            if asked.next_search_id is not None:
                return await self.shortlists.shown(connection, person_id, asked.next_search_id)
            search = await self._search(connection, person_id, asked.search_id)
            request = self.shortlists.request_of(search)
            request = adjusted(request, asked, named=request.budget)
            row = await self.shortlists.others_than(connection, person_id, search, request)
            await missing.note_next(connection, asked_id, row.id)
            return await self.shortlists.shown(connection, person_id, row.id)

    async def _asked(self, connection: AsyncConnection, person_id: PersonId, asked_id: int) -> Any:
        asked = await missing.get(connection, asked_id, person_id)
        if asked is None:
            raise NotYoursError(f"question {asked_id} is not to person {person_id}")
        return asked

    async def _search(self, connection: AsyncConnection, person_id: PersonId, search_id: int) -> Any:
        search = await searches.get(connection, search_id, person_id)
        if search is None:
            raise NotYoursError(f"search {search_id} is not one of person {person_id}")
        return search

    async def _cheaper(self, connection: AsyncConnection, asked: Any) -> int | None:
        """Roubles for a session, below what was shown and below what was named; None: nothing has a price."""
        search = await self._search(connection, asked.person_id, asked.search_id)
        snapshot = self.shortlists.catalogue.snapshot
        shown = await searches.impressions(connection, search.id)
        rows = snapshot.rows_of([MentorId(each.mentor_id) for each in shown])
        prices = snapshot.terms.price[rows]
        known = prices[~np.isnan(prices)]
        named = self.shortlists.request_of(search).budget
        candidates = [float(np.median(known))] if len(known) else []
        candidates += [named] if named is not None else []
        return cheaper_than(min(candidates)) if candidates else None


def cheaper_than(roubles: float) -> int | None:
    """A round sum well below another; None where there is none.

    >>> cheaper_than(4500), cheaper_than(1000), cheaper_than(500)
    (3000, 500, None)
    """
    budget = max(int(_CHEAPER * roubles) // _ROUND_TO, 1) * _ROUND_TO
    return budget if budget < roubles else None

"""Lists of mentors that go out by themselves: logged as those that were asked for, and posted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import mentors, searches
from recommender.model import Request, Shortlist
from usecases.catalogue import MentorCard, as_card
from usecases.letters import Letter, Priority, Wording, post
from usecases.people import PersonId, spoken
from usecases.shortlists import Place, Shortlists, ShortlistScreen, impression, search_values

_log = structlog.get_logger()

Kind = Literal["digest", "newcomer"]


class UnaskedWords(Protocol):
    """How such a list reads."""

    def wording(self, screen: ShortlistScreen, language: str) -> Wording:
        """The message, with a button that ends the subscription."""
        ...


@dataclass(frozen=True, slots=True)
class Unasked:
    """A list for one person."""

    person_id: PersonId
    language: str
    request: Request
    shortlist: Shortlist
    dedupe_key: str


@dataclass(frozen=True, slots=True)
class Student:
    """Whom a list may be for. ``shown`` and ``dismissed`` are mentors."""

    person_id: PersonId
    language: str
    request: Request
    dismissed: frozenset[int]
    shown: frozenset[int]


def students(rows: Iterable[Any]) -> list[Student]:
    """Rows of :mod:`db.queries.subscriptions`, but those whose request an older version wrote otherwise.

    Nobody else is to go without a list for their sake; a new shortlist of theirs mends it.
    """
    found = []
    for row in rows:
        try:
            found.append(_student(row))
        except ValidationError as error:
            _log.warning(
                "a stored request cannot be read", person=row.person_id, problems=error.error_count()
            )
    return found


def _student(row: Any) -> Student:
    return Student(
        person_id=PersonId(row.person_id),
        language=row.language or spoken(row.telegram_language),
        request=Shortlists.request_of(row),
        dismissed=frozenset(row.dismissed),
        shown=frozenset(row.shown),
    )


@dataclass(frozen=True, slots=True)
class UnaskedLists:
    """Logs lists and puts them into the outbox, a few statements for all of them."""

    words: UnaskedWords

    async def send(
        self,
        connection: AsyncConnection,
        kind: Kind,
        lists: Sequence[Unasked],
        *,
        catalogue_version: str,
        expires_at: datetime,
    ) -> int:
        """Send all of these; how many there are."""
        if not lists:
            return 0
        logged = await _logged(connection, kind, lists, catalogue_version)
        cards = await _cards(connection, lists)
        await post(
            connection,
            [
                self._letter(each, _screen(kind, search_id, each, cards), expires_at)
                for search_id, each in zip(logged, lists, strict=True)
            ],
        )
        return len(lists)

    def _letter(self, given: Unasked, screen: ShortlistScreen, expires_at: datetime) -> Letter:
        return Letter(
            chat_id=given.person_id,
            dedupe_key=given.dedupe_key,
            priority=Priority.DIGEST,
            wording=self.words.wording(screen, given.language),
            expires_at=expires_at,
        )


async def _logged(
    connection: AsyncConnection, kind: Kind, lists: Sequence[Unasked], catalogue_version: str
) -> Sequence[int]:
    """The searches' ids; nothing is shown that is not logged first."""
    found = await searches.add_all(
        connection,
        [
            search_values(each.person_id, kind, each.request, each.shortlist, catalogue_version)
            for each in lists
        ],
    )
    both = list(zip(lists, found, strict=True))
    await searches.log(
        connection, [{"kind": "search", "person_id": each.person_id, "search_id": at} for each, at in both]
    )
    await searches.log(
        connection,
        [
            impression(each.person_id, at, card, each.shortlist.model_version)
            for each, at in both
            for card in each.shortlist.cards
        ],
    )
    return found


async def _cards(connection: AsyncConnection, lists: Sequence[Unasked]) -> dict[int, MentorCard]:
    ids = {card.mentor_id for each in lists for card in each.shortlist.cards}
    return {mentor_id: as_card(row) for mentor_id, row in (await mentors.by_ids(connection, ids)).items()}


def _screen(kind: Kind, search_id: int, given: Unasked, cards: Mapping[int, MentorCard]) -> ShortlistScreen:
    """As :meth:`usecases.shortlists.Shortlists.again` draws it; nobody on it was ever shown before."""
    return ShortlistScreen(
        search_id=search_id,
        kind=kind,
        places=tuple(
            Place(cards[card.mentor_id], card, saved=False, dismissed=False) for card in given.shortlist.cards
        ),
        request=given.request,
        relaxed=(),
        started_over=False,
        is_more=False,
        subscribed=True,
    )

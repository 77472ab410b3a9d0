"""Shortlists: made, logged, shown again, and what a student does with the mentors on them.

Nothing is shown that is not logged first: a search, its impressions and the state that led to them are one
transaction. A search is found again by what it was made for, so that the same tap twice shows the same one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, mentors, missing, people, reminders, requests, searches, subscriptions
from recommender.model import Card, Limit, MentorId, PriceUnit, Request, Shortlist, Wish
from recommender.ranking import explain_all, recommend
from recommender.surprise import surprise
from recommender.zones import hours_from_utc
from usecases.catalogue import Catalogue, MentorCard, as_card
from usecases.errors import NotYoursError
from usecases.people import CONSENT_VERSION, Known, PersonId, Sent

#: Why a mentor is "not for me".
DismissReason = Literal["too_dear", "not_my_topic", "wrong_level", "no_trust", "other"]
DISMISS_REASONS: tuple[DismissReason, ...] = (
    "too_dear",
    "not_my_topic",
    "wrong_level",
    "no_trust",
    "other",
)

#: How many mentors one message shows.
PAGE = 3

#: The reminder that asks a student who has written to nobody what was missing; its subject is the student.
MISSING_REMINDER = "missing"
MISSING_AFTER = timedelta(days=3)
#: For so long what they said is minded.
MISSING_MINDED_FOR = timedelta(days=90)
_WISHES: dict[str, Wish] = {
    "too_dear": Wish.CHEAPER,
    "not_my_topic": Wish.CLOSER,
    "nobody_answers": Wish.RESPONSIVE,
}

_REQUESTS = TypeAdapter(Request)


@dataclass(frozen=True, slots=True)
class Place:
    """One mentor of a list, with why it is there (None for a mentor who left the catalogue since)."""

    mentor: MentorCard
    card: Card | None
    saved: bool
    dismissed: bool


@dataclass(frozen=True, slots=True)
class ShortlistScreen:
    """What one search showed. ``has_shortlist``: there is one to go back to from a surprise.

    ``subscribed``: more of its kind comes by itself; beside what was asked for, that is newcomers.
    """

    search_id: int
    kind: Literal["shortlist", "surprise", "link", "digest", "newcomer"]
    places: tuple[Place, ...]
    request: Request
    relaxed: tuple[Limit, ...]
    started_over: bool
    is_more: bool
    has_shortlist: bool = True
    subscribed: bool = False


@dataclass(frozen=True, slots=True)
class MentorScreen:
    """One mentor at length. ``search_id`` 0: opened from the bookmarks.

    ``utc_offset`` is the mentor's in hours, NaN where it is unknown. ``by_link``: there is no list to go
    back to. ``unagreed``: who opened the link has not read yet what is kept.
    """

    search_id: int
    place: Place
    request: Request
    utc_offset: float = math.nan
    by_link: bool = False
    unagreed: bool = False


@dataclass(frozen=True, slots=True)
class SavedScreen:
    """The bookmarks, the newest first."""

    mentors: tuple[MentorCard, ...]


@dataclass(frozen=True, slots=True)
class Shortlists:
    """Everything about lists of mentors. ``seed`` makes the draws of /surprise reproducible."""

    engine: AsyncEngine
    catalogue: Catalogue
    seed: int

    async def for_answers(
        self,
        connection: AsyncConnection,
        person_id: PersonId,
        questionnaire_id: int,
        revision: int,
        request: Request,
    ) -> ShortlistScreen:
        """The first shortlist for these answers, in the transaction that stores them."""
        row = await searches.of_answers(connection, questionnaire_id, revision)
        if row is None:
            at = await clock.now(connection)
            request = await self._minded(connection, person_id, request, at)
            excluded = await mentors.dismissed(connection, person_id)
            shortlist = recommend(self.catalogue.snapshot, request, k=PAGE, excluded=_ids(excluded))
            origin = {"questionnaire_id": questionnaire_id, "questionnaire_revision": revision}
            row = await self.log(connection, person_id, "shortlist", request, shortlist, origin)
            await reminders.put(connection, MISSING_REMINDER, person_id, at + MISSING_AFTER)
        return await self._screen(connection, row)

    async def _minded(
        self, connection: AsyncConnection, person_id: PersonId, request: Request, at: datetime
    ) -> Request:
        """A request that minds what the student missed in an earlier shortlist, if they have said so."""
        said = await missing.latest(connection, person_id, at - MISSING_MINDED_FOR)
        if said is None:
            return request
        before = await searches.get(connection, said.search_id, person_id)
        return adjusted(request, said, named=self.request_of(before).budget if before else None)

    async def more(self, person_id: PersonId, search_id: int) -> ShortlistScreen:
        """Three more after a search; nobody seen since its first one until everybody was."""
        async with self.engine.begin() as connection:
            before = await _own(connection, search_id, person_id)
            row = await searches.following(connection, search_id)
            if row is None:
                row = await self._following(connection, person_id, before)
            return await self._screen(connection, row)

    async def surprise(self, person: Known, sent: Sent) -> ShortlistScreen | None:
        """A good mentor outside the usual; the same message again shows the same one.

        None for somebody who has not agreed yet to what is kept.
        """
        async with self.engine.begin() as connection:
            if await people.consent_version(connection, person.id) < CONSENT_VERSION:
                return None
            new = await people.is_new_message(connection, person.id, sent.message_id, sent.at)
            row = None if new else await searches.latest(connection, person.id, "surprise")
            if row is None:
                last = await searches.latest(connection, person.id, "shortlist")
                request = self.request_of(last) if last else Request(languages=(person.language,))
                row = await self._draw(connection, person.id, request, sent.message_id, {})
            return await self._screen(connection, row)

    async def latest(self, person_id: PersonId) -> ShortlistScreen | None:
        """The newest shortlist again, None if there is none yet."""
        async with self.engine.begin() as connection:
            row = await searches.latest(connection, person_id, "shortlist")
            return await self._screen(connection, row) if row else None

    async def again(self, person_id: PersonId, search_id: int) -> ShortlistScreen:
        """A search as it stands now."""
        async with self.engine.begin() as connection:
            return await self._screen(connection, await _own(connection, search_id, person_id))

    async def look(self, person_id: PersonId, search_id: int, mentor_id: MentorId) -> MentorScreen:
        """One mentor at length, without counting it as a new look."""
        async with self.engine.begin() as connection:
            return await self.mentor(connection, person_id, search_id, mentor_id)

    async def open(self, person_id: PersonId, search_id: int, mentor_id: MentorId) -> MentorScreen:
        """ "More about this one"; logged once for each search, however often it is tapped."""
        async with self.engine.begin() as connection:
            screen = await self.mentor(connection, person_id, search_id, mentor_id)
            await searches.log_once(connection, event_of("open", person_id, search_id, mentor_id))
            return screen

    async def save(self, person_id: PersonId, search_id: int, mentor_id: MentorId, *, on: bool) -> None:
        """Set or drop a bookmark."""
        async with self.engine.begin() as connection:
            await _authorise(connection, person_id, search_id, mentor_id)
            change = mentors.save if on else mentors.unsave
            if await change(connection, person_id, mentor_id):
                kind = "save" if on else "unsave"
                await searches.log(connection, [event_of(kind, person_id, search_id, mentor_id)])

    async def dismiss(
        self, person_id: PersonId, search_id: int, mentor_id: MentorId, reason: DismissReason
    ) -> None:
        """ "Not for me": never shown to this student again."""
        async with self.engine.begin() as connection:
            await _authorise(connection, person_id, search_id, mentor_id)
            if await mentors.dismiss(connection, person_id, mentor_id, reason):
                event = event_of("dismiss", person_id, search_id, mentor_id) | {"reason": reason}
                await searches.log(connection, [event])

    async def restore(self, person_id: PersonId, search_id: int, mentor_id: MentorId) -> None:
        """Take "not for me" back."""
        async with self.engine.begin() as connection:
            await _authorise(connection, person_id, search_id, mentor_id)
            if await mentors.restore(connection, person_id, mentor_id):
                await searches.log(connection, [event_of("restore", person_id, search_id, mentor_id)])

    async def saved(self, person_id: PersonId) -> SavedScreen:
        """/saved."""
        async with self.engine.begin() as connection:
            ids = await mentors.saved(connection, person_id)
            rows = await mentors.by_ids(connection, ids)
        return SavedScreen(tuple(as_card(rows[each]) for each in ids if each in rows))

    async def _following(self, connection: AsyncConnection, person_id: PersonId, before: Any) -> Any:
        request = self.request_of(before)
        origin = {"previous_id": before.id, "questionnaire_id": before.questionnaire_id}
        if before.kind == "surprise":
            return await self._draw(connection, person_id, request, before.id, origin)
        root = before.id if before.root_id is None else before.root_id
        shortlist = recommend(
            self.catalogue.snapshot,
            request,
            k=PAGE,
            seen=_ids(await searches.seen_since(connection, root)),
            excluded=_ids(await mentors.dismissed(connection, person_id)),
        )
        # Once everybody was seen the list begins again, and with it what counts as seen.
        origin["root_id"] = None if shortlist.started_over else root
        return await self.log(connection, person_id, "shortlist", request, shortlist, origin)

    async def _draw(
        self,
        connection: AsyncConnection,
        person_id: PersonId,
        request: Request,
        draw: int,
        origin: dict[str, Any],
    ) -> Any:
        drawn = surprise(
            self.catalogue.snapshot,
            request,
            rng=np.random.default_rng((self.seed, person_id, draw)),
            seen=_ids(await searches.shown_to(connection, person_id)),
            excluded=_ids(await mentors.dismissed(connection, person_id)),
        )
        return await self.log(connection, person_id, "surprise", request, drawn, origin)

    async def log(
        self,
        connection: AsyncConnection,
        person_id: PersonId,
        kind: str,
        request: Request,
        shortlist: Shortlist,
        origin: dict[str, Any],
    ) -> Any:
        """Store a search and what it showed, before anybody sees it; its row."""
        version = self.catalogue.snapshot.version
        values = search_values(person_id, kind, request, shortlist, version) | origin
        row = await searches.add(connection, values)
        search = {"kind": "search", "person_id": person_id, "search_id": row.id}
        await searches.log(connection, [search])
        await searches.log(
            connection,
            [impression(person_id, row.id, card, shortlist.model_version) for card in shortlist.cards],
        )
        return row

    async def _screen(self, connection: AsyncConnection, row: Any) -> ShortlistScreen:
        shown = await searches.impressions(connection, row.id)
        ids = [impression.mentor_id for impression in shown]
        request = self.request_of(row)
        return ShortlistScreen(
            search_id=row.id,
            kind=row.kind,
            places=await self._places(connection, row.person_id, request, ids),
            request=request,
            relaxed=tuple(Limit(name) for name in row.relaxed),
            started_over=row.started_over,
            is_more=row.previous_id is not None,
            has_shortlist=row.kind == "shortlist"
            or await searches.latest(connection, row.person_id, "shortlist") is not None,
            subscribed=await _is_subscribed(connection, row.person_id, row.kind),
        )

    async def _places(
        self, connection: AsyncConnection, person_id: int, request: Request, ids: Sequence[int]
    ) -> tuple[Place, ...]:
        rows = await mentors.by_ids(connection, ids)
        saved = set(await mentors.saved(connection, person_id))
        dismissed = set(await mentors.dismissed(connection, person_id))
        cards = explain_all(self.catalogue.snapshot, request, _ids(ids))
        return tuple(
            Place(
                mentor=as_card(rows[each]),
                card=cards.get(MentorId(each)),
                saved=each in saved,
                dismissed=each in dismissed,
            )
            for each in ids
            if each in rows
        )

    async def mentor(
        self, connection: AsyncConnection, person_id: PersonId, search_id: int, mentor_id: MentorId
    ) -> MentorScreen:
        """One mentor whom this person was shown, in the caller's transaction."""
        search = await _authorise(connection, person_id, search_id, mentor_id)
        asked = search or await searches.latest(connection, person_id, "shortlist")
        request = self.request_of(asked) if asked else Request()
        places = await self._places(connection, person_id, request, [mentor_id])
        offset = hours_from_utc(places[0].mentor.timezone, self.catalogue.snapshot.at)
        by_link = search is not None and search.kind == "link"
        unagreed = by_link and await people.consent_version(connection, person_id) < CONSENT_VERSION
        return MentorScreen(search_id, places[0], request, offset, by_link, unagreed)

    async def instead(
        self, connection: AsyncConnection, person_id: PersonId, written: Any
    ) -> ShortlistScreen:
        """Three others for a request that waits for an answer.

        They are sought once for each request: asked for again, the same are shown.
        """
        row = await searches.for_request(connection, written.id)
        if row is None:
            search = written.search_id and await searches.get(connection, written.search_id, person_id)
            asked = self.answers_of(written)
            row = await self.others_than(connection, person_id, search, asked, request_id=written.id)
        return await self._screen(connection, row)

    async def others_than(
        self,
        connection: AsyncConnection,
        person_id: PersonId,
        search: Any,
        request: Request,
        **origin: Any,
    ) -> Any:
        """The row of a new search: nobody seen since a search began (None: any), nor ever written to."""
        root = search and (search.id if search.root_id is None else search.root_id)
        excluded = [
            *await mentors.dismissed(connection, person_id),
            *await requests.written_to(connection, person_id),
        ]
        shortlist = recommend(
            self.catalogue.snapshot,
            request,
            k=PAGE,
            seen=_ids(await searches.seen_since(connection, root)) if root else (),
            excluded=_ids(excluded),
        )
        origin["root_id"] = None if shortlist.started_over or not root else root
        return await self.log(connection, person_id, "shortlist", request, shortlist, origin)

    async def shown(
        self, connection: AsyncConnection, person_id: PersonId, search_id: int
    ) -> ShortlistScreen:
        """A search as it stands now, in the caller's transaction."""
        return await self._screen(connection, await _own(connection, search_id, person_id))

    @staticmethod
    def request_of(search: Any) -> Request:
        """What a stored search asked for."""
        return _REQUESTS.validate_python(search.request)

    @staticmethod
    def answers_of(request: Any) -> Request:
        """What a student wanted who sent a request."""
        return _REQUESTS.validate_python(request.answers)

    @staticmethod
    def as_stored(request: Request) -> dict[str, Any]:
        """A request as a search keeps it."""
        stored: dict[str, Any] = _REQUESTS.dump_python(request, mode="json")
        return stored


async def _authorise(
    connection: AsyncConnection, person_id: PersonId, search_id: int, mentor_id: MentorId
) -> Any:
    """The search of a button, None for the bookmarks' 0.

    Raises:
        NotYoursError: it is another person's, or the mentor was never shown to this one.
    """
    if not await searches.was_shown(connection, person_id, mentor_id):
        raise NotYoursError(f"mentor {mentor_id} was never shown to person {person_id}")
    return await _own(connection, search_id, person_id) if search_id else None


async def _own(connection: AsyncConnection, search_id: int, person_id: PersonId) -> Any:
    row = await searches.get(connection, search_id, person_id)
    if row is None:
        raise NotYoursError(f"search {search_id} is not one of person {person_id}")
    return row


async def _is_subscribed(connection: AsyncConnection, person_id: int, kind: str) -> bool:
    row = await subscriptions.get(connection, person_id)
    return row is not None and bool(row.digest if kind == "digest" else row.newcomers)


def adjusted(request: Request, answer: Any, *, named: float | None) -> Request:
    """A request that minds what was missing the last time; ``answer`` is a row of ``missing_answers``.

    ``named`` is the budget that was too little then: who names another one since is taken at their word.
    """
    wish = _WISHES.get(answer.answer or "")
    if wish is None:
        return request
    minded = replace(request, wishes=(wish,))
    if answer.budget is None or request.budget not in {None, named}:
        return minded
    return replace(minded, budget=float(answer.budget), price_unit=PriceUnit.HOUR, currency="RUB")


def search_values(
    person_id: int, kind: str, request: Request, shortlist: Shortlist, catalogue_version: str
) -> dict[str, Any]:
    """The row of a search that found this shortlist."""
    return {
        "person_id": person_id,
        "kind": kind,
        "request": Shortlists.as_stored(request),
        "relaxed": [limit.value for limit in shortlist.relaxed],
        "started_over": shortlist.started_over,
        "model_version": shortlist.model_version,
        "catalogue_version": catalogue_version,
    }


def _ids(values: Sequence[int]) -> list[MentorId]:
    return [MentorId(value) for value in values]


def event_of(kind: str, person_id: PersonId, search_id: int, mentor_id: MentorId) -> dict[str, Any]:
    """What a student did with a mentor of a search, 0 for the bookmarks."""
    return {
        "kind": kind,
        "person_id": person_id,
        "mentor_id": mentor_id,
        "search_id": search_id or None,
    }


def impression(person_id: PersonId, search_id: int, card: Card, model_version: str) -> dict[str, Any]:
    """The event of one card that was shown."""
    return event_of("impression", person_id, search_id, card.mentor_id) | {
        "position": card.position,
        "score": card.score,
        "parts": dict(card.parts),
        "propensity": card.propensity,
        "model_version": model_version,
    }

"""Links that lead to one mentor: from a post in the channel into the chat with the bot."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from db.queries import links, mentors, people, searches
from recommender.model import Card, MentorId, Request, Shortlist
from recommender.ranking import explain
from recommender.weights import MODEL
from usecases.catalogue import as_card
from usecases.people import CONSENT_VERSION, Known, PersonId
from usecases.shortlists import MentorScreen, Shortlists


class Source(StrEnum):
    """Where a link stood, by the letter in it; its name is kept with the visit."""

    CHANNEL = "c"
    DIGEST = "d"


@dataclass(frozen=True, slots=True)
class GoneScreen:
    """The mentor takes no students; ``name`` "" for one whom the catalogue does not have.

    ``unagreed``: the visit was kept, and who came has not read yet what is.
    """

    name: str
    unagreed: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Opens what a link is about. The same link again shows the same and counts nothing twice."""

    shortlists: Shortlists

    async def open(self, person: Known, mentor_id: MentorId, source: Source) -> MentorScreen | GoneScreen:
        """A mentor's page, as under a shortlist."""
        async with self.shortlists.engine.begin() as connection:
            # The same tap may come by two replicas.
            await people.lock(connection, person.id)
            row = (await mentors.by_ids(connection, [mentor_id])).get(mentor_id)
            if row is None or row.status in {"removed", "left", "expelled"}:
                return GoneScreen("")
            card = as_card(row)
            if not card.active:
                await _visit(connection, person.id, mentor_id, source, None)
                agreed = await people.consent_version(connection, person.id) >= CONSENT_VERSION
                return GoneScreen(card.name, unagreed=not agreed)
            search_id = await self._search(connection, person, mentor_id)
            await _visit(connection, person.id, mentor_id, source, search_id)
            return await self.shortlists.mentor(connection, person.id, search_id, mentor_id)

    async def _search(self, connection: AsyncConnection, person: Known, mentor_id: MentorId) -> int:
        """The search that shows this mentor: one for as long as the student asks for the same."""
        last = await searches.latest(connection, person.id, "shortlist")
        request = self.shortlists.request_of(last) if last else Request(languages=(person.language,))
        asked = self.shortlists.as_stored(request)
        row = await links.search_of(connection, person.id, mentor_id, asked)
        if row is None:
            shown = self._shown(request, mentor_id)
            row = await self.shortlists.log(connection, person.id, "link", request, shown, {})
        return int(row.id)

    def _shown(self, request: Request, mentor_id: MentorId) -> Shortlist:
        """One mentor with the reasons there are: none for one who is not compiled yet."""
        snapshot = self.shortlists.catalogue.snapshot
        card = explain(snapshot, request, mentor_id) or Card(mentor_id, 1, 0.0)
        return Shortlist(cards=(card,), model_version=f"{MODEL}/{snapshot.version}")


async def _visit(
    connection: AsyncConnection,
    person_id: PersonId,
    mentor_id: MentorId,
    source: Source,
    search_id: int | None,
) -> None:
    reason = source.name.lower()
    if await links.has_visited(connection, person_id, mentor_id, reason):
        return
    event = {"kind": "visit", "person_id": person_id, "mentor_id": mentor_id, "search_id": search_id}
    await searches.log(connection, [event | {"reason": reason}])

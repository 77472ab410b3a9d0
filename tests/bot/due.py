"""Something for every tick that writes to people, all of it due at one moment."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from db.models import Announcement, MentorProfile, Person, Search, Subscription
from recommender.model import DirectionKey, Request
from tests.bot.mentors import VERA
from tests.bot.world import World
from tests.catalogues import fill, mentor
from usecases.people import CONSENT_VERSION
from usecases.shortlists import Shortlists

READER = 1001
#: Monday at ten in Moscow: the channel and mentors may be written to from now on, and digests go out.
MONDAY_AT_TEN = datetime(2026, 3, 9, 10, tzinfo=ZoneInfo("Europe/Moscow"))
#: The ticks that write, in their order.
WRITING = ("announcements", "newcomers", "digest", "activity")

_LONG_AGO = MONDAY_AT_TEN - timedelta(days=400)


async def due_on_monday(world: World) -> None:
    """A newcomer for the channel and for a reader, the reader's digest, and a mentor to ask."""
    for person in (READER, VERA):
        await world.client.send_text(person, "/start")
    await world.work()
    liked = {"reviews_count": 20, "rating_sum": 100}
    silent = {"directions": ["design"], "person_id": VERA, "created_at": _LONG_AGO, "confirmed_at": _LONG_AGO}
    await fill(world.app.engine, [mentor(101, **liked), mentor(102, **silent)])
    await _subscribe(world)
    async with world.app.engine.begin() as connection:
        await connection.execute(update(Person).values(last_seen_at=_LONG_AGO))
        newcomer = select(MentorProfile.id).where(MentorProfile.external_id == "m101")
        await connection.execute(insert(Announcement).from_select(["mentor_id"], newcomer))
    await world.app.catalogue.refresh()


async def _subscribe(world: World) -> None:
    """The reader has had a shortlist, and wants whatever there is."""
    asked = {
        "request": Shortlists.as_stored(Request(directions=(DirectionKey("backend"),))),
        "model_version": "",
        "catalogue_version": "",
    }
    async with world.app.engine.begin() as connection:
        agreed = {"consent_version": CONSENT_VERSION, "consented_at": _LONG_AGO}
        await connection.execute(update(Person).where(Person.id == READER).values(**agreed))
        wants = {"digest": True, "newcomers": True, "updated_at": _LONG_AGO}
        await connection.execute(insert(Subscription).values(person_id=READER, **wants))
        await connection.execute(insert(Search).values(person_id=READER, **asked))

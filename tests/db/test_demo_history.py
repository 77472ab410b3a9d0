"""The demo's past: a market as it is after half a year, with nothing of it left to do."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from sqlalchemy import Row, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.demo import _import
from db.models import (
    OPEN_REQUESTS,
    BarCase,
    ContactRequest,
    MentorProfile,
    OutboxMessage,
    Person,
    Reminder,
    Review,
)
from db.queries import clock, requests, reviews
from demo.history import FIRST_STUDENT, add_history
from demo.make_mentors import FILE
from recommender.mentor_file import open_mentor_file
from recommender.model import Request
from recommender.taxonomy import load_default
from usecases.import_mentors import import_mentors
from usecases.letters import Wording
from usecases.ratings import Ratings
from usecases.request_states import LIVE
from usecases.shortlists import Shortlists
from usecases.standings import BarCase as Case
from usecases.standings import Standings
from usecases.suspicion import NEW_ACCOUNT, said

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MODERATORS = -1


class Words:
    """As short as may be."""

    def elite(self, language: str, mentor_id: int, *, gained: bool) -> Wording:
        return Wording(text=f"{language} {mentor_id} {gained}")

    def case(self, case: Case) -> Wording:
        return Wording(text=case.name)

    def decided(self, language: str, mentor_id: int, decision: Literal["pause", "remove", "undo"]) -> Wording:
        return Wording(text=f"{language} {mentor_id} {decision}")


@pytest.fixture
async def market(engine: AsyncEngine) -> AsyncEngine:
    """The demo's mentors, at noon."""
    async with engine.begin() as connection:
        await clock.stand_at(connection, NOON)
    await import_mentors(
        engine,
        open_mentor_file(FILE, load_default()),
        dry_run=False,
        strict=True,
        deactivate_missing=False,
        on_progress=lambda _done, _all: None,
        on_problem=lambda _problem: None,
    )
    return engine


async def rows(engine: AsyncEngine, table: Any) -> Sequence[Row[Any]]:
    async with engine.connect() as connection:
        return (await connection.execute(select(*table.__table__.c).order_by(table.__table__.c.id))).all()


async def judge(connection: AsyncConnection) -> None:
    """What the demo's first night does."""
    await Standings(ZoneInfo("Europe/Moscow"), Ratings(), Words(), MODERATORS).tick(connection)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_first_night_finds_the_elite_and_who_is_below_the_bar(market: AsyncEngine, seed: int) -> None:
    await add_history(market, seed=seed)
    async with market.begin() as connection:
        await judge(connection)
    elite = [row for row in await rows(market, MentorProfile) if row.tier == "elite"]
    assert len(elite) == 8
    assert all(row.status == "active" and row.capacity != 0 for row in elite)
    cases = [row.reasons for row in await rows(market, BarCase)]
    assert len(cases) == 3
    assert sum(1 for reasons in cases if "low_rating" in reasons) == 2
    assert ["no_shows"] in cases
    told = {row.chat_id for row in await rows(market, OutboxMessage)}
    assert told == {MODERATORS}


async def test_stars_are_those_of_a_market(market: AsyncEngine) -> None:
    count = await add_history(market)
    found = await rows(market, Review)
    assert len(found) == count
    assert 450 <= count <= 600
    assert 4.7 <= sum(row.stars for row in found) / count <= 4.85
    by_mentor = Counter(row.mentor_id for row in found)
    assert 55 <= len(by_mentor) <= 65
    assert sum(1 for many in by_mentor.values() if many < 5) >= 20
    rated = [row for row in await rows(market, MentorProfile) if row.rating_mean is not None]
    assert len(rated) == 400
    assert 8 <= sum(1 for row in rated if 3.5 < row.rating_mean < 4.6 and by_mentor[row.id]) <= 14


async def test_nothing_of_it_waits_or_is_due(market: AsyncEngine) -> None:
    await add_history(market)
    sent = await rows(market, ContactRequest)
    assert not {row.state for row in sent} & {*LIVE, *OPEN_REQUESTS}
    assert all(row.ended_at <= NOON and not row.holds_place and not row.outside for row in sent)
    assert await rows(market, Reminder) == []
    assert await rows(market, OutboxMessage) == []
    async with market.begin() as connection:
        assert await reviews.waiting_since(connection) == (0, None)
        strikes = [
            await requests.count_expired(connection, row.mentor_id, NOON - 30 * DAY)
            for row in sent
            if row.state == "expired"
        ]
    assert strikes
    assert not any(strikes)


async def test_its_people_are_nobody_and_are_never_written_to(market: AsyncEngine) -> None:
    await add_history(market)
    people = {row.id: row for row in await rows(market, Person)}
    assert 250 <= len(people) <= 400
    assert all(FIRST_STUDENT <= person_id < FIRST_STUDENT + 1000 for person_id in people)
    assert all(row.blocked_at is not None and row.blocked_at <= NOON for row in people.values())
    assert all(row.consent_version is None and row.username is None for row in people.values())
    for review in await rows(market, Review):
        assert people[review.person_id].created_at + NEW_ACCOUNT < review.created_at


async def test_one_thing_comes_after_another(market: AsyncEngine) -> None:
    await add_history(market)
    sent = {row.id: row for row in await rows(market, ContactRequest)}
    for row in sent.values():
        moments = [row.sent_at, row.answered_at, row.accepted_at, row.talked_at, row.ended_at]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)
        assert row.sent_at > NOON - 210 * DAY
    written = await rows(market, Review)
    assert [row.created_at for row in written] == sorted(row.created_at for row in written)
    for row in written:
        request = sent[row.request_id]
        assert (row.person_id, row.mentor_id) == (request.person_id, request.mentor_id)
        assert request.talked_at < row.created_at < NOON
        assert row.replied_at is None or row.created_at < row.replied_at < NOON
    assert len({(row.person_id, row.mentor_id) for row in sent.values()}) == len(sent)


async def test_requests_say_what_was_wanted_as_others_do(market: AsyncEngine) -> None:
    await add_history(market)
    for row in await rows(market, ContactRequest):
        wanted = Shortlists.answers_of(row)
        assert isinstance(wanted, Request)
        assert len(wanted.directions) <= 1


async def test_no_two_reviews_say_the_same(market: AsyncEngine) -> None:
    count = await add_history(market)
    found = [row for row in await rows(market, Review) if row.words]
    assert 0.4 * count <= len(found) <= 0.6 * count
    assert all(row.said == said(row.words) and row.words_state == "published" for row in found)
    assert len({row.said for row in found}) == len(found)
    assert sum(1 for row in found if row.reply) >= 40


async def test_no_mark_of_a_form_is_left_in_a_text(market: AsyncEngine) -> None:
    await add_history(market)
    texts = [row.words for row in await rows(market, ContactRequest)]
    texts += [words or "" for row in await rows(market, Review) for words in (row.words, row.reply)]
    assert [words for words in texts if set(words) & set("{}[]|")] == []


async def test_the_same_seed_has_the_same_past(market: AsyncEngine) -> None:
    found = []
    for seed in (1, 1, 2):
        await add_history(market, seed=seed)
        found.append([(*row[2:],) for row in await rows(market, Review)])
        async with market.begin() as connection:
            await connection.execute(delete(Person))
            await connection.execute(text("UPDATE mentors SET rating_mean = NULL"))
    assert found[0] == found[1]
    assert found[0] != found[2]


async def test_the_demo_has_it_once_and_before_newcomers_come(engine: AsyncEngine) -> None:
    console = Console(quiet=True)
    await _import(engine, console)
    first = await rows(engine, Review)
    await _import(engine, console)
    assert await rows(engine, Review) == first
    newcomers = [row for row in await rows(engine, MentorProfile) if row.external_id == "demo-vera"]
    assert [row.requests_asked for row in newcomers] == [0]

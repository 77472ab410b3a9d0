"""Three students and three mentors who deal with each other past the chat: the use cases themselves.

Whatever is done here may be done at the wrong time or by the wrong person: it is answered, or it is
:class:`usecases.errors.NotYoursError`. Nothing is delivered; what would be said stands in the outbox.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self, get_args
from zoneinfo import ZoneInfo

from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.request_wiring import AboutRequests
from bot.texts import translators
from bot.views.activity import ActivityLetters
from db.models import BarCase, ContactRequest, MentorProfile, Person, Review
from db.queries import clock, ratings
from recommender.model import MentorId
from recommender.taxonomy import load_default
from scheduler.frame import run_tick
from scheduler.ticks import Tick
from tests.catalogues import fill, mentor
from usecases.catalogue import Catalogue
from usecases.claims import Claims
from usecases.counts import Counts
from usecases.errors import NotYoursError
from usecases.links import GoneScreen, Links, Source
from usecases.people import CONSENT_VERSION, Known, People, PersonId, Sent, Stranger
from usecases.privacy import Privacy
from usecases.profile_data import ProfileData
from usecases.profiles import PAUSE_ENDS, PAUSES, ProfileNotice, Profiles
from usecases.reminders import Reminders
from usecases.request_answers import DECLINE_REASONS
from usecases.request_states import OPEN, State
from usecases.request_writing import OutsideAnswer
from usecases.requests import RequestNotice, RequestScreen
from usecases.reviews import MISS_REASONS, REJECT_REASONS, TRAITS
from usecases.shortlists import Shortlists
from usecases.standings import DECISIONS
from usecases.typed import Asked, Topic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOSCOW = ZoneInfo("Europe/Moscow")
MODERATORS = -1002
STUDENTS = (101, 102, 103)
#: One has a single place, one does not say how many, one is not in the bot at first.
MENTORS = (201, 202, 203)
PLACES = {201: 1, 202: None, 203: 2}
UNCLAIMED = 203
#: Silent ones, whom the first student has written to before.
SILENT = (301, 302, 303)
#: They make the second mentor elite, just so.
REVIEWERS = range(401, 421)
WORDS = (
    "Спасибо!",
    "Объяснил всё по шагам и разобрал моё резюме до последней строчки.",
    "ОБЪЯСНИЛ всё по шагам — и разобрал моё резюме до последней строчки",
    "Пришёл неподготовленным, и разговор вышел о чём угодно, только не о работе.",
    "Коротко",
    "я" * 2001,
    "",
)
_EVERY_MINUTE = IntervalTrigger(seconds=60, timezone=UTC)


async def begin(engine: AsyncEngine) -> None:
    """Who there is, and what was before: the first student has three requests waiting elsewhere."""
    async with engine.begin() as connection:
        await clock.stand_at(connection, NOON)
        people = [
            {
                "id": each,
                "first_name": f"Человек {each}",
                "username": f"person_{each}",
                "created_at": NOON - (400 * DAY if each in REVIEWERS else 3 * DAY),
                "consent_version": CONSENT_VERSION,
                "consented_at": NOON,
            }
            for each in (*STUDENTS, *MENTORS, *SILENT, *REVIEWERS)
        ]
        await connection.execute(insert(Person), people)
    await fill(
        engine,
        [
            mentor(
                each,
                telegram=f"person_{each}",
                person_id=None if each == UNCLAIMED else each,
                capacity=PLACES.get(each),
                reviews_count=10 if each == MENTORS[0] else 0,
                rating_sum=48 if each == MENTORS[0] else 0,
            )
            for each in (*MENTORS, *SILENT)
        ],
    )
    dealings = Dealings.over(engine)
    for each in SILENT:
        await dealings.write(STUDENTS[0], each)
    await reviewed(engine, await dealings.mentor_id(MENTORS[1]), REVIEWERS, stars=5)


async def reviewed(engine: AsyncEngine, mentor_id: int, students: Collection[int], *, stars: int) -> None:
    """These students go on with a mentor, who answered all of them at once; and have said how it was."""
    sent_at = NOON - 40 * DAY
    before = {
        "mentor_id": mentor_id,
        "words": "Здравствуйте! Поможете мне?",
        "answers": {},
        "state": "going_on",
        "sent_at": sent_at,
        "answered_at": sent_at + HOUR,
        "accepted_at": sent_at + HOUR,
        "talked_at": sent_at + DAY,
        "ended_at": sent_at + 31 * DAY,
    }
    said = {"mentor_id": mentor_id, "stars": stars, "progress": 4, "created_at": sent_at + DAY}
    async with engine.begin() as connection:
        rows = await connection.execute(
            insert(ContactRequest).returning(ContactRequest.id, ContactRequest.person_id),
            [before | {"person_id": each} for each in students],
        )
        await connection.execute(
            insert(Review), [said | {"request_id": row.id, "person_id": row.person_id} for row in rows]
        )


@dataclass
class Dealings:
    """The use cases of one process over one database, by who does what."""

    engine: AsyncEngine
    people: People
    about: AboutRequests
    links: Links
    profiles: Profiles
    data: ProfileData
    claims: Claims
    privacy: Privacy
    ticks: dict[str, Tick]
    #: Message ids of one chat only grow.
    messages: int = 0
    #: How many places a mentor has said there are, since the last time that they said it.
    stated: dict[int, int | None] = field(default_factory=dict)
    #: How often a mentor has asked about which request.
    questions: dict[int, int] = field(default_factory=dict)

    @classmethod
    def over(cls, engine: AsyncEngine) -> Self:
        """Put together as :mod:`bot.wiring` does."""
        taxonomy = load_default()
        texts = translators(taxonomy)
        people = People(engine, lambda: 0.0)
        shortlists = Shortlists(engine, Catalogue(engine, taxonomy), seed=1)
        about = AboutRequests.over(shortlists, people, texts, MOSCOW, MODERATORS)
        profiles = Profiles(engine, MOSCOW, ActivityLetters(texts, "bot"), about.desk.close_all)
        reminders = Reminders({PAUSE_ENDS: profiles.end_pause, **about.reminders()})
        works = {
            "reminders": reminders.tick,
            "requests": about.clock.tick,
            "ratings": about.ratings.tick,
            "standings": about.standings.tick,
        }
        return cls(
            engine=engine,
            people=people,
            about=about,
            links=Links(shortlists),
            profiles=profiles,
            data=ProfileData(engine, people, profiles, taxonomy),
            claims=Claims(engine, profiles),
            privacy=Privacy(engine, people, MOSCOW, about.partings()),
            ticks={name: Tick(name, _EVERY_MINUTE, work, "") for name, work in works.items()},
        )

    # --- looked up ---------------------------------------------------------------------------------------

    async def mentor_id(self, person: int) -> int:
        """The profile that is, or will be, this person's."""
        async with self.engine.connect() as connection:
            statement = select(MentorProfile.id).where(MentorProfile.external_id == f"m{person}")
            return (await connection.execute(statement)).scalar_one()

    async def requests(self) -> list[Row[Any]]:
        """All requests with their mentors' ``owner``, oldest first."""
        statement = select(*ContactRequest.__table__.c, MentorProfile.external_id).join(
            MentorProfile, MentorProfile.id == ContactRequest.mentor_id
        )
        return await self._rows(statement.order_by(ContactRequest.id))

    async def reviews(self) -> list[Row[Any]]:
        """All reviews, oldest first."""
        return await self._rows(select(*Review.__table__.c).order_by(Review.id))

    async def _rows(self, statement: Any) -> list[Row[Any]]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(statement))

    async def _know(self, person: int) -> Known:
        stranger = Stranger(PersonId(person), f"Человек {person}", f"person_{person}", "ru")
        return await self.people.recognise(stranger)

    async def _now(self) -> datetime:
        async with self.engine.connect() as connection:
            return await clock.now(connection)

    async def _sent(self) -> Sent:
        self.messages += 1
        return Sent(self.messages, await self._now())

    # --- students ----------------------------------------------------------------------------------------

    async def write(self, student: int, mentor: int, words: str | None = None) -> Any:
        """From the channel to the request, with words of one's own if given."""
        person, mentor_id = await self._know(student), MentorId(await self.mentor_id(mentor))
        page = await self.links.open(person, mentor_id, Source.CHANNEL)
        search_id = 0 if isinstance(page, GoneScreen) else page.search_id
        screen: Any = await self.about.writing.open(person, search_id, mentor_id)
        if words is not None:
            await self.about.writing.ask_for_words(person, search_id, mentor_id)
            screen = await self.say(student, words)
        sent = await self.about.writing.send(person, search_id, mentor_id)
        if isinstance(sent, RequestScreen) and sent.notice is RequestNotice.SENT:
            await self._had_room(mentor_id)
        return sent or screen

    async def _had_room(self, mentor_id: int) -> None:
        waiting = [row for row in await self.requests() if row.mentor_id == mentor_id and row.state in OPEN]
        (profile,) = await self._rows(select(MentorProfile.capacity).where(MentorProfile.id == mentor_id))
        assert len(waiting) <= (7 if profile.capacity is None else profile.capacity)

    async def say(self, person: int, text: str) -> Any:
        """Type something: it answers what was asked for last, whatever has become of that."""
        known, sent = await self._know(person), await self._sent()
        asked = await self.about.typed.asked(known.id, sent)
        return None if asked is None else await self._typed(known, asked, sent, text)

    async def _typed(self, person: Known, asked: Asked, sent: Sent, text: str) -> Any:
        if asked.topic is Topic.DRAFT:
            return await self.about.writing.type_words(person, asked, sent, text)
        takes: dict[Topic, Callable[[PersonId, Asked, Sent, str | None], Awaitable[Any]]] = {
            Topic.QUESTION: self.about.answers.type_question,
            Topic.REPLY: self.about.writing.type_reply,
            Topic.REVIEW: self.about.reviews.type_words,
            Topic.REVIEW_REPLY: self.about.reviews.type_answer,
        }
        screen = await takes[asked.topic](person.id, asked, sent, text)
        if getattr(screen, "notice", None) is RequestNotice.ASKED:
            self.questions[asked.ids[0]] = self.questions.get(asked.ids[0], 0) + 1
        return screen

    async def by_student(self, person: int, request: int, move: str, choice: int) -> Any:
        """One of a student's buttons under a request."""
        student = (await self._know(person)).id
        writing, reviews = self.about.writing, self.about.reviews
        answers: tuple[OutsideAnswer, ...] = get_args(OutsideAnswer)
        match move:
            case "withdraw":
                return await writing.withdraw(student, request)
            case "reply":
                await writing.ask_for_reply(student, request)
                return await self.say(person, _chosen(WORDS, choice))
            case "outside":
                return await writing.say_outside(student, request, _chosen(answers, choice))
            case "talked":
                return await reviews.talked(student, request)
            case "not_yet":
                return await reviews.not_yet(student, request)
            case "missed":
                return await reviews.missed(student, request, _chosen(MISS_REASONS, choice))
            case "goes_on":
                return await reviews.goes_on(student, request, on=bool(choice % 2))
        raise ValueError(move)

    async def review(self, person: int, request: int, move: str, choice: int) -> Any:
        """A part of a student's review."""
        student, reviews = (await self._know(person)).id, self.about.reviews
        match move:
            case "rate":
                return await reviews.rate(student, request, "stars", choice % 5 + 1)
            case "progress":
                return await reviews.rate(student, request, "progress", choice % 5 + 1)
            case "nps":
                await reviews.rate(student, request, "nps", choice % 11)
                return await self.say(person, _chosen(WORDS, choice))
            case "trait":
                return await reviews.set_trait(student, request, _chosen(TRAITS, choice), on=choice % 3 > 0)
            case "words":
                await reviews.ask_for_words(student, request)
                return await self.say(person, _chosen(WORDS, choice))
        raise ValueError(move)

    # --- mentors -----------------------------------------------------------------------------------------

    async def by_mentor(self, person: int, request: int, move: str, choice: int) -> Any:
        """One of a mentor's buttons under a request."""
        known, answers = (await self._know(person)).id, self.about.answers
        match move:
            case "accept":
                return await answers.accept(known, request)
            case "decline":
                return await answers.decline(known, request, _chosen(DECLINE_REASONS, choice))
            case "postpone":
                day = (await self._now()).astimezone(MOSCOW).date()
                return await answers.postpone(known, request, day + choice % 9 * DAY)
            case "ask":
                await answers.ask_for_question(known, request)
                return await self.say(person, _chosen(WORDS, choice))
            case "ask_only":
                return await answers.ask_for_question(known, request)
        raise ValueError(move)

    async def about_oneself(self, person: int, move: str, choice: int) -> Any:
        """What a mentor does with the profile."""
        known, mentor_id = (await self._know(person)).id, await self.mentor_id(person)
        match move:
            case "claim":
                return await self.claims.claim(known, mentor_id)
            case "pause":
                return await self.profiles.pause_for(known, mentor_id, _chosen(PAUSES, choice))
            case "pause_until":
                day = (await self._now()).astimezone(MOSCOW).date() + choice % 12 * DAY
                return await self.profiles.pause_until(known, mentor_id, day)
            case "leave":
                return await self.profiles.leave(known, mentor_id)
            case "return":
                return await self.profiles.take_students(known, mentor_id)
            case "places":
                panel = await self.data.set_places(known, mentor_id, choice % 4)
                if panel.notice in {ProfileNotice.CHANGED, ProfileNotice.CHANGED_UNSEEN}:
                    self.stated[mentor_id] = choice % 4
                return panel
        raise ValueError(move)

    async def answer_review(self, person: int, review: int, choice: int) -> Any:
        """A mentor answers a review."""
        await self.about.reviews.ask_for_answer((await self._know(person)).id, review)
        return await self.say(person, _chosen(WORDS, choice))

    # --- moderators --------------------------------------------------------------------------------------

    async def read_review(self, review: Any, choice: int) -> Any:
        """Publish or reject; sometimes with the buttons of another time."""
        revision = review.revision - (choice % 7 == 0)
        if choice % 2:
            return await self.about.reviews.publish(review.id, revision, "Мод")
        reason = _chosen(REJECT_REASONS, choice)
        return await self.about.reviews.reject(review.id, revision, reason, "Мод")

    async def put_before_moderators(self, mentor: int) -> None:
        """As the nightly tick does with somebody below the bar."""
        evidence = {"reviews": 5, "mean": 3.0, "upper": 3.4, "no_shows": 0, "reviews_quoted": []}
        mentor_id, at = await self.mentor_id(mentor), await self._now()
        async with self.engine.begin() as connection:
            await ratings.open_case(connection, mentor_id, ["low_rating"], evidence, quiet_since=at)

    async def decide(self, mentor: int, choice: int) -> Any:
        """The newest case of a mentor: decided, or the decision taken back."""
        mentor_id = await self.mentor_id(mentor)
        cases = await self._rows(
            select(BarCase.id).where(BarCase.mentor_id == mentor_id).order_by(BarCase.id.desc())
        )
        case_id = cases[0].id if cases else 0
        if choice % 4 == 3:
            return await self.about.bar.undo(case_id)
        return await self.about.bar.decide(case_id, DECISIONS[choice % 4], "Мод")

    async def import_says(self, mentor: int, *, there: bool) -> None:
        """The platform's list has a mentor no more, or again."""
        before, after = ("removed", "active") if there else ("active", "removed")
        async with self.engine.begin() as connection:
            await connection.execute(
                update(MentorProfile)
                .where(MentorProfile.external_id == f"m{mentor}", MentorProfile.status == before)
                .values(status=after)
            )

    # --- anybody, and time -------------------------------------------------------------------------------

    async def block(self, person: int, *, on: bool) -> None:
        """Block the bot, or not any more."""
        await self._know(person)
        await self.people.set_blocked(PersonId(person), blocked=on)

    async def forget(self, person: int) -> None:
        """/forget."""
        known = await self._know(person)
        await self.privacy.forget(known.id)

    async def tick(self, name: str) -> Counts:
        """Run one of the clock's ticks now."""
        report = await run_tick(self.engine, self.ticks[name])
        assert report.error is None
        assert not report.counts.skipped
        return report.counts

    async def pass_time(self, passed: timedelta, *ticks: str) -> None:
        """Let time pass, and have done what is due."""
        async with self.engine.begin() as connection:
            await clock.stand_at(connection, await clock.now(connection) + passed)
        for name in ticks or ("reminders", "requests"):
            await self.tick(name)

    async def answer(self, doing: Awaitable[Any]) -> Any:
        """What came of it; None where it was not theirs to do."""
        try:
            return await doing
        except NotYoursError:
            return None


def person_of(external_id: str) -> int:
    """Whose profile it is, or will be."""
    return int(external_id.removeprefix("m"))


#: What leads on from a state, by whom.
NEXT: dict[str, tuple[tuple[str, str], ...]] = {
    State.SENT: (
        ("mentor", "accept"),
        ("mentor", "accept"),
        ("mentor", "ask"),
        ("mentor", "postpone"),
        ("mentor", "decline"),
        ("student", "withdraw"),
    ),
    State.ASKED: (
        ("student", "reply"),
        ("student", "reply"),
        ("mentor", "accept"),
        ("mentor", "decline"),
        ("student", "withdraw"),
    ),
    State.REPLIED: (
        ("mentor", "accept"),
        ("mentor", "postpone"),
        ("mentor", "ask_only"),
        ("mentor", "decline"),
        ("student", "withdraw"),
    ),
    State.POSTPONED: (
        ("mentor", "accept"),
        ("mentor", "ask"),
        ("mentor", "decline"),
        ("student", "withdraw"),
    ),
    State.ACCEPTED: (
        ("student", "talked"),
        ("student", "talked"),
        ("student", "not_yet"),
        ("student", "missed"),
    ),
    State.TALKED: (
        ("review", "rate"),
        ("review", "rate"),
        ("review", "words"),
        ("student", "goes_on"),
    ),
    State.OUTSIDE: (("student", "outside"),),
}
MOVES: tuple[tuple[str, str], ...] = tuple(sorted({each for moves in NEXT.values() for each in moves}))
REVIEWING = ("rate", "rate", "words", "words", "progress", "trait", "nps")


def _chosen(options: Collection[Any], choice: int) -> Any:
    return tuple(options)[choice % len(options)]

"""Half a year of use that never was: past students of some mentors, their requests, and what they wrote.

So that the demo shows ratings, reviews, the elite and answer times from its first minute. All of it is over:
nothing waits, nothing is due, and nobody of it can be written to. Who plays which part, and every text, is in
history.toml.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import accumulate
from math import exp
from random import Random
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Row, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.models import ContactRequest, MentorProfile, Person, Review
from db.queries import clock
from db.queries.mentors import TAKES_STUDENTS
from demo.market import strata
from recommender.model import DirectionKey, Goal, Level, Request
from usecases.ratings import Ratings
from usecases.shortlists import Shortlists
from usecases.suspicion import said

FIRST_STUDENT: Final = 9_000_000_000_001
"""Past students have ids from here on, which no Telegram gives."""

#: The mean of imported stars from which on a mentor is praised.
_PRAISE = 4.7
#: Shares of reviews: without an answer to what is asked beside the stars, and of those that are used whole.
_NO_PROGRESS, _NO_NPS, _WHOLE, _WITH_LAST_WORD = 0.06, 0.25, 0.3, 0.35
#: The share of talks after which both went on.
_GOES_ON = 0.45
#: How far an answer strays from the mentor's usual one: the deviation of its logarithm.
_UNSTEADY = 0.8
_QUICKEST = timedelta(minutes=4)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: Between which hours of a day, by UTC, requests are sent.
_AWAKE = (6.0, 19.0)
#: When a request is over that a mentor, or a student, leaves alone.
_EXPIRES, _LAPSES = 5 * _DAY, 31 * _DAY
_OF_MENTOR = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_OF_STUDENT = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")

T = TypeVar("T")
Values = dict[str, Any]


async def add_history(engine: AsyncEngine, *, seed: int = 1) -> int:
    """Store it for the mentors that there are, with the ratings that follow; how many reviews it has.

    The same for the same mentors, seed and moment.
    """
    async with engine.begin() as connection:
        at = await clock.now(connection)
        past = _Past(_material(), at, Random(seed))  # noqa: S311 - reproducible, not secret
        past.live_through(await _mentors(connection))
        await _store(connection, past)
        await Ratings().tick(connection)
    return len(past.reviews)


def _material() -> Mapping[str, Any]:
    history, mentors = (
        tomllib.loads(files("demo").joinpath(name).read_text(encoding="utf-8"))
        for name in ("history.toml", "mentors.toml")
    )
    return {**history, "people": mentors["people"]}


async def _mentors(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Those who take students."""
    columns = MentorProfile.__table__.c
    statement = select(*columns).where(TAKES_STUDENTS).order_by(columns.external_id)
    return (await connection.execute(statement)).all()


async def _store(connection: AsyncConnection, past: "_Past") -> None:
    """In the order of time: of two reviews the one with the higher id is the newer one."""
    requests = sorted(past.requests, key=lambda each: each["sent_at"])
    numbers = text("SELECT nextval(pg_get_serial_sequence('requests', 'id')) FROM generate_series(1, :count)")
    ids = sorted(await connection.scalars(numbers, {"count": len(requests)}))
    for request, request_id in zip(requests, ids, strict=True):
        request["id"] = request_id
    reviews = [
        {**review, "request_id": request["id"]}
        for request, review in sorted(past.reviews, key=lambda pair: pair[1]["created_at"])
    ]
    for table, rows in ((Person, past.people()), (ContactRequest, requests), (Review, reviews)):
        if rows:
            await connection.execute(insert(table), rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What some mentors have in common, as history.toml says."""

    name: str
    among: str
    mentors: int
    reviews: tuple[int, int]
    unreviewed: tuple[int, int]
    ages: tuple[int, int]
    stars: Mapping[str, float]
    progress: Mapping[str, float]
    hours: tuple[float, float]
    slowest: float
    others: Mapping[str, tuple[int, int]]
    words: float
    replies: float


@dataclass(frozen=True, slots=True)
class _Mentor:
    """A mentor in a part. ``hours`` is how long a usual answer takes."""

    row: Row[Any]
    part: _Part
    woman: bool
    hours: float


@dataclass(frozen=True, slots=True)
class _Student:
    """Somebody who wrote to mentors once."""

    id: int
    name: str
    woman: bool
    since: datetime


class _Past:
    """What happened until ``at``: the rows of the tables, as they grow."""

    def __init__(self, material: Mapping[str, Any], at: datetime, rng: Random) -> None:
        self.requests: list[Values] = []
        #: Each with the request that it is of.
        self.reviews: list[tuple[Values, Values]] = []
        self._material, self._at, self._rng = material, at, rng
        self._writer = _Writer(material, rng)
        self._students = [self._student(FIRST_STUDENT + n) for n in range(material["students"])]
        #: More than one mentor has: nobody writes to the same mentor twice.
        self._next = _Deck(self._students, rng)

    def _student(self, person_id: int) -> _Student:
        woman = self._rng.random() < 0.5
        name = self._rng.choice(self._names(woman=woman))
        return _Student(person_id, name, woman, self._at - self._days(240, 420))

    def _names(self, *, woman: bool) -> Sequence[str]:
        names: Sequence[str] = self._material["people"]["women" if woman else "men"]
        return names

    def _days(self, least: float, most: float) -> timedelta:
        return self._rng.uniform(least, most) * _DAY

    def people(self) -> Sequence[Values]:
        """Whoever has written; they have blocked the bot since, so that nothing is ever sent there."""
        in_time = sorted(self.requests, key=lambda request: request["ended_at"])
        last = {request["person_id"]: request["ended_at"] for request in in_time}
        return [
            {
                "id": student.id,
                "first_name": student.name,
                "language": "ru",
                "telegram_language": "ru",
                "created_at": student.since,
                "last_seen_at": last[student.id],
                "blocked_at": last[student.id],
            }
            for student in self._students
            if student.id in last
        ]

    def live_through(self, mentors: Sequence[Row[Any]]) -> None:
        """All that those of these mentors have met with who play a part."""
        for mentor in self._cast(mentors):
            for stars, progress in self._opinions(mentor.part):
                student, request = self._talk(mentor)
                self.reviews.append((request, self._review(mentor, student, request, stars, progress)))
            for _ in range(self._rng.randint(*mentor.part.unreviewed)):
                self._talk(mentor)
            for end, count in mentor.part.others.items():
                for _ in range(self._rng.randint(*count)):
                    self._other(mentor, end)

    def _cast(self, mentors: Sequence[Row[Any]]) -> Iterator[_Mentor]:
        """Nobody plays two parts."""
        free = self._rng.sample(mentors, len(mentors))
        for part in (_Part(**values) for values in self._material["parts"]):
            for row in _AMONG[part.among](free)[: part.mentors]:
                free.remove(row)
                woman = row.name.split()[0] in self._names(woman=True)
                yield _Mentor(row, part, woman, self._rng.uniform(*part.hours))

    # --- requests ----------------------------------------------------------------------------------------

    def _talk(self, mentor: _Mentor) -> tuple[_Student, Values]:
        student, request = self._sent(mentor, mentor.part.ages)
        accepted = request["answered_at"]
        talked = accepted + self._days(0.4, 4)
        request |= {"accepted_at": accepted, "talked_at": talked}
        state = "going_on" if self._rng.random() < _GOES_ON else "finished"
        self._end(request, state, min(talked + self._days(1, 30), self._at - _HOUR))
        return student, request

    def _other(self, mentor: _Mentor, name: str) -> None:
        """A request that led to no talk."""
        end = self._material["ends"][name]
        _, request = self._sent(mentor, end["ages"])
        answered = request["answered_at"]
        match end["state"]:
            case "declined":
                request["decline_reason"] = self._rng.choice(("no_time", "no_time", "not_my_topic"))
                self._end(request, "declined", answered)
            case "expired":
                request["answered_at"] = None
                self._end(request, "expired", request["sent_at"] + _EXPIRES)
            case "lapsed":
                request["accepted_at"] = answered
                self._end(request, "lapsed", answered + _LAPSES)
            case "missed":
                request |= {"accepted_at": answered, "miss_reason": name}
                self._end(request, "missed", answered + self._days(3, 6))
            case state:
                raise ValueError(f"history.toml: nothing ends as {state}")

    def _sent(self, mentor: _Mentor, ages: tuple[int, int]) -> tuple[_Student, Values]:
        """A request with when it was answered; every one has the same columns."""
        student = self._next.deal()
        today = self._at.replace(hour=0, minute=0, second=0, microsecond=0)
        sent = today - self._rng.randint(*ages) * _DAY + self._rng.uniform(*_AWAKE) * _HOUR
        hours = min(mentor.hours * exp(self._rng.gauss(0, _UNSTEADY)), mentor.part.slowest)
        return student, {
            "person_id": student.id,
            "mentor_id": mentor.row.id,
            "words": self._writer.request(student),
            "answers": self._wanted(mentor.row),
            "sent_at": sent,
            "answered_at": sent + max(hours * _HOUR, _QUICKEST),
            "accepted_at": None,
            "talked_at": None,
            "decline_reason": None,
            "miss_reason": None,
        }

    def _wanted(self, row: Row[Any]) -> Values:
        wanted = Request(
            directions=tuple(DirectionKey(key) for key in row.directions[:1]),
            goals=tuple(Goal(key) for key in row.goals[:1]),
            level=Level(self._rng.choice(row.helps_levels)) if row.helps_levels else None,
            languages=("ru",),
        )
        return Shortlists.as_stored(wanted)

    def _end(self, request: Values, state: str, at: datetime) -> None:
        request |= {"state": state, "turn_at": at, "ended_at": at}
        self.requests.append(request)

    # --- reviews -----------------------------------------------------------------------------------------

    def _opinions(self, part: _Part) -> Sequence[tuple[int, int]]:
        """Stars, each with the progress that goes with them."""
        count = self._rng.randint(*part.reviews)
        stars, progress = (sorted(_spread(each, count, self._rng)) for each in (part.stars, part.progress))
        return self._rng.sample(list(zip(stars, progress, strict=True)), count)

    def _review(
        self, mentor: _Mentor, student: _Student, request: Values, stars: int, progress: int
    ) -> Values:
        mood = next(each for each in self._material["moods"] if stars in each["stars"])
        drawn = self._rng.sample(mood["traits"], self._rng.randint(0, mood["most_traits"]))
        written = request["talked_at"] + self._days(0.02, 1)
        return {
            "person_id": student.id,
            "mentor_id": mentor.row.id,
            "stars": stars,
            "progress": None if self._rng.random() < _NO_PROGRESS else progress,
            "traits": drawn,
            "nps": None if self._rng.random() < _NO_NPS else self._rng.randint(*mood["nps"]),
            "created_at": written,
            "updated_at": written,
            **self._words(mentor, student, mood["name"], written),
        }

    def _words(self, mentor: _Mentor, student: _Student, mood: str, written: datetime) -> Values:
        """The words, read by moderators, and what the mentor answered: either may be missing."""
        has_words = self._rng.random() < mentor.part.words
        words = self._writer.review(mood, mentor, student) if has_words else None
        has_reply = words is not None and self._rng.random() < mentor.part.replies
        return {
            "words": words,
            "words_state": "published" if words else "none",
            "said": words and said(words),
            "revision": 1 if words else 0,
            "decided_by": self._material["moderator"] if words else None,
            "reply": self._writer.reply(mood, mentor) if has_reply else None,
            "reply_state": "published" if has_reply else "none",
            "replied_at": min(written + self._days(0.1, 4), self._at - _HOUR) if has_reply else None,
        }


def _praised(mentors: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """The elite of elsewhere first, then who has most reviews."""
    praised = (each for each in mentors if each.rating_sum > _PRAISE * each.reviews_count)
    return sorted(praised, key=lambda each: (each.tier != "elite", -each.reviews_count))


def _unreviewed(mentors: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    return [each for each in mentors if not each.reviews_count]


_AMONG: Mapping[str, Callable[[Sequence[Row[Any]]], Sequence[Row[Any]]]] = {
    "praised": _praised,
    "unreviewed": _unreviewed,
    "any": tuple,
}


def _spread(shares: Mapping[str, float], count: int, rng: Random) -> list[int]:
    """So many whole numbers with these shares, as near as may be."""
    numbers, bounds = [int(number) for number in shares], list(accumulate(shares.values()))
    return [
        next((number for number, bound in zip(numbers, bounds, strict=True) if place < bound), numbers[-1])
        for place in strata(count, rng)
    ]


class _Deck(Generic[T]):
    """Cards in a random order, again and again: none comes a second time before all have come."""

    def __init__(self, cards: Sequence[T], rng: Random) -> None:
        self._cards = rng.sample(cards, len(cards))
        self._dealt = 0

    def deal(self) -> T:
        self._dealt += 1
        return self._cards[(self._dealt - 1) % len(self._cards)]


class _Writer:
    """Makes texts of what history.toml has; no two reviews alike."""

    def __init__(self, material: Mapping[str, Any], rng: Random) -> None:
        self._requests = _Deck[str](material["asked"]["words"], rng)
        self._replies = {name: _Deck[str](texts, rng) for name, texts in material["replies"].items()}
        self._drafts = {mood: _drafts(texts, rng) for mood, texts in material["words"].items()}
        #: Short words have no digest, and are not used.
        self._said: set[str | None] = {None}

    def request(self, student: _Student) -> str:
        return _gendered(self._requests.deal(), _OF_STUDENT, woman=student.woman)

    def reply(self, mood: str, mentor: _Mentor) -> str:
        replies = self._replies["thanks" if mood == "great" else "sorry"]
        return _gendered(replies.deal(), _OF_MENTOR, woman=mentor.woman)

    def review(self, mood: str, mentor: _Mentor, student: _Student) -> str | None:
        """None: all has been said."""
        for draft in self._drafts[mood]:
            of_mentor = _gendered(draft, _OF_MENTOR, woman=mentor.woman)
            words = _gendered(of_mentor, _OF_STUDENT, woman=student.woman)
            digest = said(words)
            if digest not in self._said:
                self._said.add(digest)
                return words
        return None


def _drafts(texts: Mapping[str, Any], rng: Random) -> Iterator[str]:
    """Whole reviews, each once, among those put together of sentences; these never end, if there are any."""
    whole = rng.sample(texts["whole"], len(texts["whole"]))
    themes = [(theme["begins"], _Deck[str](theme["ends"], rng)) for theme in texts.get("themes", ())]
    begins = _Deck([(begin, ends) for some, ends in themes for begin in some], rng)
    last = _Deck[str](texts.get("last", ()), rng)
    while whole or themes:
        if whole and (not themes or rng.random() < _WHOLE):
            yield whole.pop()
        else:
            begin, ends = begins.deal()
            closing = f" {last.deal()}" if rng.random() < _WITH_LAST_WORD else ""
            yield f"{begin} {ends.deal()}{closing}"


def _gendered(words: str, form: re.Pattern[str], *, woman: bool) -> str:
    return form.sub(lambda match: match[2 if woman else 1], words)

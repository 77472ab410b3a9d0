"""Requests, reviews and ratings put together: a part of :mod:`bot.wiring`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.texts import Translator
from bot.views.missing import MissingLetters
from bot.views.requests import RequestLetters
from bot.views.reviews import ReviewLetters
from bot.views.standings import StandingLetters
from usecases.missing import Missing
from usecases.people import LANGUAGES, People
from usecases.privacy import Parting
from usecases.ratings import Ratings
from usecases.reminders import Handler
from usecases.request_answers import RequestAnswers
from usecases.request_clock import RequestClock
from usecases.request_writing import RequestWriting
from usecases.requests import REMINDER, Desk
from usecases.reviews import TELL, Reviews
from usecases.shortlists import MISSING_REMINDER, Shortlists
from usecases.standings import BarCases, Elite, Standings
from usecases.typed import Typed


@dataclass(frozen=True, slots=True)
class AboutRequests:
    """All use cases of this feature, over one desk."""

    desk: Desk
    typed: Typed
    writing: RequestWriting
    answers: RequestAnswers
    clock: RequestClock
    ratings: Ratings
    reviews: Reviews
    standings: Standings
    bar: BarCases
    elite: Elite
    missing: Missing

    @classmethod
    def over(
        cls,
        shortlists: Shortlists,
        people: People,
        texts: Mapping[str, Translator],
        zone: ZoneInfo,
        moderators_chat_id: int | None,
    ) -> Self:
        """Put together over the shortlists' database."""
        engine, main = shortlists.engine, texts[LANGUAGES[0]]
        desk = Desk(zone, RequestLetters(texts))
        typed = Typed(engine, people)
        ratings = Ratings()
        standing_words = StandingLetters(texts, main)
        return cls(
            desk=desk,
            typed=typed,
            writing=RequestWriting(engine, desk, shortlists, typed),
            answers=RequestAnswers(engine, desk, typed),
            clock=RequestClock(desk),
            ratings=ratings,
            reviews=Reviews(
                engine,
                desk,
                ratings,
                shortlists,
                typed,
                ReviewLetters(texts, main),
                zone,
                moderators_chat_id,
            ),
            standings=Standings(zone, ratings, standing_words, moderators_chat_id),
            bar=BarCases(engine, standing_words, desk.close_all),
            elite=Elite(shortlists),
            missing=Missing(engine, shortlists, MissingLetters(texts), zone),
        )

    def for_handlers(self) -> dict[str, Any]:
        """What handlers ask for by name."""
        return {
            "typed": self.typed,
            "writing": self.writing,
            "answers": self.answers,
            "reviews": self.reviews,
            "bar": self.bar,
            "elite": self.elite,
            "missing": self.missing,
        }

    def reminders(self) -> dict[str, Handler]:
        """What is come back to, by kind."""
        return {
            REMINDER: self.clock.step,
            TELL: self.reviews.tell_mentor,
            MISSING_REMINDER: self.missing.ask,
        }

    def partings(self) -> tuple[Parting, ...]:
        """What is put in order before somebody is forgotten."""
        return (
            self.desk.part,
            self.writing.forget,
            self.answers.forget,
            self.reviews.forget,
            self.standings.forget,
        )

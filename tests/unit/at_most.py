"""Requests, reviews and cases for views, with everything as long as it can be."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from recommender.model import Request
from usecases.catalogue import MentorCard
from usecases.people import PersonId
from usecases.request_states import State
from usecases.requests import RequestCard, Student
from usecases.reviews import TRAITS, PublicReview, ReviewCase, ReviewScreen
from usecases.standings import BarCase

HUGE = 2**63 - 1


def request(mentor: MentorCard, words: str, **given: Any) -> RequestCard:
    """A request with the longest words, question and reply."""
    values: dict[str, Any] = {
        "id": HUGE,
        "state": State.SENT,
        "outside": False,
        "accepted": given.get("state") in {State.ACCEPTED, State.TALKED, State.GOING_ON, State.FINISHED},
        "words": words[:1000],
        "answers": Request(),
        "student": Student(PersonId(HUGE), words[:200], None),
        "mentor": mentor,
        "mentor_person": PersonId(HUGE),
        "mentor_username": None,
        "search_id": HUGE,
        "question": words[:500],
        "reply": words[:1000],
        "decline_reason": "other",
        "sent_on": date(2026, 3, 2),
        "until": datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("Europe/Moscow")),
        "postponed_to": date(2026, 3, 6),
        "today": date(2026, 3, 2),
    }
    return RequestCard(**{**values, **given})


def review(mentor: MentorCard, words: str, **given: Any) -> ReviewScreen:
    """A student's review with all of it."""
    values: dict[str, Any] = {
        "request_id": HUGE,
        "mentor": mentor,
        "page": "done",
        "stars": 5,
        "progress": 5,
        "traits": TRAITS,
        "nps": 10,
        "words": words[:2000],
        "words_state": "waiting",
        "until": date(2026, 3, 16),
    }
    return ReviewScreen(**{**values, **given})


def public_review(words: str, **given: Any) -> PublicReview:
    """A review as everybody reads it."""
    values: dict[str, Any] = {
        "id": HUGE,
        "stars": 5,
        "traits": TRAITS,
        "words": words[:2000],
        "reply": words[:1000],
        "on": date(2026, 3, 2),
    }
    return PublicReview(**{**values, **given})


def review_case(words: str, **given: Any) -> ReviewCase:
    """A review before the moderators."""
    values: dict[str, Any] = {
        "id": HUGE,
        "request": HUGE,
        "revision": 2**31 - 1,
        "mentor": words[:200],
        "student": words[:200],
        "stars": 1,
        "traits": TRAITS,
        "words": words[:2000],
        "words_state": "waiting",
        "state": "counted",
        "held_for": None,
        "known_days": 3650,
        "reply": words[:1000],
        "reply_state": "waiting",
        "reject_reason": None,
        "reply_reject_reason": None,
        "decided_by": None,
    }
    return ReviewCase(**{**values, **given})


def bar_case(words: str, **given: Any) -> BarCase:
    """A mentor below the bar before the moderators."""
    values: dict[str, Any] = {
        "id": HUGE,
        "name": words[:200],
        "title": words[:300],
        "telegram": "a" * 32,
        "person_id": HUGE,
        "reasons": ("low_rating", "no_shows"),
        "reviews": 2_000_000,
        "mean": 3.21,
        "upper": 3.44,
        "no_shows": 99,
        "words": (words[:2000],) * 3,
        "decision": None,
        "decided_by": None,
    }
    return BarCase(**{**values, **given})

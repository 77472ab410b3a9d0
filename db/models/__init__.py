"""The schema. What must never be is said here, as a constraint, and not in the code above it."""

from db.models.base import (
    CLOCK_SET,
    FORMATS,
    GOALS,
    LEVELS,
    LIVE_REQUESTS,
    MENTOR_STATUSES,
    MENTORS_CHANGED,
    NOW,
    OPEN_REQUESTS,
    OUTBOX_FILLED,
    PRICE_UNITS,
    REQUEST_STATES,
    TIERS,
    TRAITS,
    Base,
)
from db.models.delivery import Clock, FailedUpdate, MovedChat, OutboxMessage, TickRun
from db.models.lifecycle import Announcement, CheckIn, ClaimLink, Reminder, Subscription
from db.models.people import MentorProfile, Person
from db.models.requests import BarCase, ContactRequest, MissingAnswer, RequestDraft, Review
from db.models.searches import Dismissal, Event, Questionnaire, SavedMentor, Search

__all__ = [
    "CLOCK_SET",
    "FORMATS",
    "GOALS",
    "LEVELS",
    "LIVE_REQUESTS",
    "MENTORS_CHANGED",
    "MENTOR_STATUSES",
    "NOW",
    "OPEN_REQUESTS",
    "OUTBOX_FILLED",
    "PRICE_UNITS",
    "REQUEST_STATES",
    "TIERS",
    "TRAITS",
    "Announcement",
    "BarCase",
    "Base",
    "CheckIn",
    "ClaimLink",
    "Clock",
    "ContactRequest",
    "Dismissal",
    "Event",
    "FailedUpdate",
    "MentorProfile",
    "MissingAnswer",
    "MovedChat",
    "OutboxMessage",
    "Person",
    "Questionnaire",
    "Reminder",
    "RequestDraft",
    "Review",
    "SavedMentor",
    "Search",
    "Subscription",
    "TickRun",
]

"""The schema. What must never be is said here, as a constraint, and not in the code above it."""

from db.models.base import (
    CLOCK_SET,
    FORMATS,
    GOALS,
    LEVELS,
    MENTOR_STATUSES,
    MENTORS_CHANGED,
    NOW,
    OUTBOX_FILLED,
    PRICE_UNITS,
    TIERS,
    Base,
)
from db.models.delivery import Clock, FailedUpdate, MovedChat, OutboxMessage, TickRun
from db.models.lifecycle import Announcement, CheckIn, ClaimLink, Reminder, Subscription
from db.models.people import MentorProfile, Person
from db.models.searches import Dismissal, Event, Questionnaire, SavedMentor, Search

__all__ = [
    "CLOCK_SET",
    "FORMATS",
    "GOALS",
    "LEVELS",
    "MENTORS_CHANGED",
    "MENTOR_STATUSES",
    "NOW",
    "OUTBOX_FILLED",
    "PRICE_UNITS",
    "TIERS",
    "Announcement",
    "Base",
    "CheckIn",
    "ClaimLink",
    "Clock",
    "Dismissal",
    "Event",
    "FailedUpdate",
    "MentorProfile",
    "MovedChat",
    "OutboxMessage",
    "Person",
    "Questionnaire",
    "Reminder",
    "SavedMentor",
    "Search",
    "Subscription",
    "TickRun",
]

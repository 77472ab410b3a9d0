"""What every table is made of, and the words that enums know."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, DateTime, Enum, Interval, LargeBinary, MetaData, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

#: ``removed``: by an import; ``left``: by the mentor, ``expelled``: by moderators, so that no import brings
#: them back.
MENTOR_STATUSES = ("active", "paused", "stale", "removed", "left", "expelled")
TIERS = ("common", "elite")
PRICE_UNITS = ("hour", "session", "month", "offer_share")
LEVELS = ("novice", "junior", "middle", "senior", "lead", "head")
GOALS = (
    "first_job",
    "interviews",
    "next_grade",
    "switch",
    "raise",
    "cv",
    "code_review",
    "leading",
    "other",
)
FORMATS = ("one_off", "regular", "after_offer")
QUESTIONNAIRE_STATUSES = ("running", "done", "cancelled")
SEARCH_KINDS = ("shortlist", "surprise", "digest", "newcomer", "link", "elite")
EVENT_KINDS = (
    "search",
    "impression",
    "open",
    "save",
    "unsave",
    "dismiss",
    "restore",
    "contact",
    "visit",
)
OUTBOX_KINDS = ("text", "photo", "edit", "delete")
OUTBOX_STATES = ("waiting", "sending", "sent", "unsure", "parked", "cancelled", "expired")
ANNOUNCEMENT_FORMS = ("post", "digest")
#: A request's life; what leads from one to the other is said in usecases/request_states.py.
REQUEST_STATES = (
    "sent",
    "asked",
    "replied",
    "postponed",
    "accepted",
    "talked",
    "outside",
    "declined",
    "withdrawn",
    "expired",
    "lapsed",
    "closed",
    "missed",
    "going_on",
    "finished",
    "reached",
    "unreached",
)
#: Those in which a mentor's answer is due, or a student's to the mentor's question: each holds a place.
OPEN_REQUESTS = ("sent", "asked", "replied", "postponed")
#: Those that are not over: one for each student and mentor.
LIVE_REQUESTS = (*OPEN_REQUESTS, "accepted", "talked", "outside")
DECLINE_REASONS = ("no_time", "not_my_topic", "wrong_level", "on_a_break", "other")
MISS_REASONS = ("absent", "no_agreement", "changed_mind", "other")
TRAITS = (
    "explains",
    "plan",
    "reviewed",
    "interviews",
    "honest",
    "unprepared",
    "late",
)
#: Whether a review's stars count; ``held`` until moderators decide, ``void`` once they refused.
REVIEW_STATES = ("counted", "held", "void")
#: Whether others read what was written; ``none``: nothing was.
WORDS_STATES = ("none", "waiting", "published", "rejected")
SUSPICIONS = ("burst", "same_words")
REJECT_REASONS = ("insult", "personal_data", "advertising", "off_topic", "invented", "other")
MISSING_ANSWERS = ("too_dear", "not_my_topic", "nobody_answers", "just_looking")
CASE_DECISIONS = ("talk", "pause", "remove")
CHECK_IN_ANSWERS = ("active", "paused", "updated", "left", "none")

#: The channel of NOTIFY that a statement changing mentors speaks on.
MENTORS_CHANGED = "mentors_changed"
#: The one that a statement adding messages to the outbox speaks on.
OUTBOX_FILLED = "outbox_filled"
#: And the one that setting the clock speaks on.
CLOCK_SET = "clock_set"

#: The time that counts: the database's, and what was added to it in the table ``clock``.
NOW = text("clock_now()")


def enum(name: str, values: tuple[str, ...]) -> Enum:
    return Enum(*values, name=name)


def quoted(values: tuple[str, ...]) -> str:
    """As a list within SQL; the values are our own words."""
    return ", ".join(f"'{value}'" for value in values)


def subset(column: str, values: tuple[str, ...]) -> str:
    return f"{column} <@ ARRAY[{quoted(values)}]::text[]"


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        str: Text,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
        dict[str, Any]: JSONB,
        bytes: LargeBinary,
        timedelta: Interval,
    }

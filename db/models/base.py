"""What every table is made of, and the words that enums know."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, DateTime, Enum, Interval, LargeBinary, MetaData, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

#: ``removed``: by an import; ``left``: by the mentor, so that no import brings them back.
MENTOR_STATUSES = ("active", "paused", "stale", "removed", "left")
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
SEARCH_KINDS = ("shortlist", "surprise", "digest", "newcomer", "link")
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


def subset(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} <@ ARRAY[{listed}]::text[]"


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

"""The schema. What must never be is said here, as a constraint, and not in the code above it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Numeric,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

MENTOR_STATUSES = ("active", "paused", "stale", "removed")
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
SEARCH_KINDS = ("shortlist", "surprise")
EVENT_KINDS = ("search", "impression", "open", "save", "unsave", "dismiss", "restore", "contact")

#: The channel of NOTIFY that a statement changing mentors speaks on.
MENTORS_CHANGED = "mentors_changed"


def _enum(name: str, values: tuple[str, ...]) -> Enum:
    return Enum(*values, name=name)


def _subset(column: str, values: tuple[str, ...]) -> str:
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
    }


class Person(Base):
    """Somebody who wrote to the bot. ``id`` is the Telegram user id, and so the id of the private chat."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_name: Mapped[str]
    username: Mapped[str | None]
    telegram_language: Mapped[str | None]
    #: What the person chose with /language; without it, telegram_language decides.
    language: Mapped[str | None]
    consent_version: Mapped[int | None]
    consented_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    #: The newest message that changed something: one that comes again must not do it twice.
    last_message_id: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    last_message_at: Mapped[datetime] = mapped_column(server_default=text("'epoch'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("(consent_version IS NULL) = (consented_at IS NULL)", name="consent_is_dated"),
        CheckConstraint("language IN ('ru', 'en')", name="language_is_known"),
    )


class MentorProfile(Base):
    """A mentor of the catalogue, as imported."""

    __tablename__ = "mentors"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    external_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    telegram: Mapped[str | None]
    title: Mapped[str]
    company: Mapped[str] = mapped_column(server_default="")
    about: Mapped[str] = mapped_column(server_default="")
    directions: Mapped[list[str]] = mapped_column(server_default="{}")
    skills: Mapped[list[str]] = mapped_column(server_default="{}")
    free_skills: Mapped[list[str]] = mapped_column(server_default="{}")
    years: Mapped[float | None]
    level: Mapped[str | None] = mapped_column(_enum("level", LEVELS))
    helps_levels: Mapped[list[str]] = mapped_column(server_default="{}")
    goals: Mapped[list[str]] = mapped_column(server_default="{}")
    formats: Mapped[list[str]] = mapped_column(server_default="{}")
    languages: Mapped[list[str]] = mapped_column(server_default="{}")
    timezone: Mapped[str | None]
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    currency: Mapped[str] = mapped_column(server_default="RUB")
    price_unit: Mapped[str] = mapped_column(_enum("price_unit", PRICE_UNITS), server_default="hour")
    capacity: Mapped[int | None]
    tier: Mapped[str] = mapped_column(_enum("tier", TIERS), server_default="common")
    reviews_count: Mapped[int] = mapped_column(server_default=text("0"))
    rating_sum: Mapped[float] = mapped_column(server_default=text("0"))
    status: Mapped[str] = mapped_column(_enum("mentor_status", MENTOR_STATUSES), server_default="active")
    #: A digest of the imported values: an import leaves rows alone whose digest is the same.
    fingerprint: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("name <> '' AND title <> ''", name="has_a_face"),
        CheckConstraint("cardinality(directions || skills || free_skills) > 0", name="can_be_found"),
        CheckConstraint("price >= 0", name="price_is_not_negative"),
        CheckConstraint("capacity >= 0", name="capacity_is_not_negative"),
        CheckConstraint("years >= 0", name="years_are_not_negative"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_a_code"),
        CheckConstraint(
            "reviews_count >= 0 AND rating_sum BETWEEN reviews_count AND 5.0 * reviews_count",
            name="stars_are_one_to_five",
        ),
        CheckConstraint(_subset("goals", GOALS), name="goals_are_known"),
        CheckConstraint(_subset("formats", FORMATS), name="formats_are_known"),
        CheckConstraint(_subset("helps_levels", LEVELS), name="helps_levels_are_known"),
    )


class Questionnaire(Base):
    """One student's answers; while it runs, also the place in it."""

    __tablename__ = "questionnaires"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    #: The version of the questions, so that a row from before a change of them is recognised.
    version: Mapped[int]
    step: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    #: The message of the newest typed answer: buttons drawn before it are from another time.
    typed_message_id: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    #: True while one answer of a finished questionnaire is being changed.
    editing: Mapped[bool] = mapped_column(server_default=text("false"))
    revision: Mapped[int] = mapped_column(server_default=text("0"))
    status: Mapped[str] = mapped_column(
        _enum("questionnaire_status", QUESTIONNAIRE_STATUSES), server_default="running"
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index(
            "uq_questionnaires_one_running",
            "person_id",
            unique=True,
            postgresql_where=text("status = 'running'"),
        ),
        Index("ix_questionnaires_person_id_id", "person_id", "id"),
    )


class Search(Base):
    """One shortlist (or surprise) as it was shown."""

    __tablename__ = "searches"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    questionnaire_id: Mapped[int | None] = mapped_column(ForeignKey("questionnaires.id", ondelete="CASCADE"))
    #: The revision of the questionnaire that was searched for: the same tap again finds the same search.
    questionnaire_revision: Mapped[int | None]
    kind: Mapped[str] = mapped_column(_enum("search_kind", SEARCH_KINDS), server_default="shortlist")
    #: The search whose "three more" this is: at most one, however often the button is tapped.
    previous_id: Mapped[int | None] = mapped_column(
        ForeignKey("searches.id", ondelete="CASCADE"), unique=True
    )
    #: The first search since which nobody has been shown twice.
    root_id: Mapped[int | None] = mapped_column(ForeignKey("searches.id", ondelete="CASCADE"))
    request: Mapped[dict[str, Any]]
    relaxed: Mapped[list[str]] = mapped_column(server_default="{}")
    started_over: Mapped[bool] = mapped_column(server_default=text("false"))
    model_version: Mapped[str]
    catalogue_version: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index("ix_searches_person_id_id", "person_id", "id"),
        Index("ix_searches_root_id", "root_id"),
        Index("ix_searches_questionnaire_id", "questionnaire_id"),
        Index(
            "uq_searches_first_of_answers",
            "questionnaire_id",
            "questionnaire_revision",
            unique=True,
            postgresql_where=text("previous_id IS NULL AND questionnaire_id IS NOT NULL"),
        ),
    )


class Event(Base):
    """What was shown and what was done with it, one row each, never changed."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    kind: Mapped[str] = mapped_column(_enum("event_kind", EVENT_KINDS))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"))
    search_id: Mapped[int | None] = mapped_column(ForeignKey("searches.id", ondelete="CASCADE"))
    position: Mapped[int | None]
    score: Mapped[float | None]
    parts: Mapped[dict[str, Any] | None]
    propensity: Mapped[float | None]
    model_version: Mapped[str | None]
    reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind = 'search' OR mentor_id IS NOT NULL", name="is_about_a_mentor"),
        CheckConstraint(
            "kind <> 'impression' OR (search_id IS NOT NULL AND position >= 1 AND score IS NOT NULL"
            " AND parts IS NOT NULL AND propensity > 0 AND propensity <= 1 AND model_version IS NOT NULL)",
            name="impression_is_complete",
        ),
        CheckConstraint("kind <> 'dismiss' OR reason IS NOT NULL", name="dismissal_has_a_reason"),
        Index(
            "uq_events_one_impression_per_place",
            "search_id",
            "position",
            unique=True,
            postgresql_where=text("kind = 'impression'"),
        ),
        Index("ix_events_search_id", "search_id"),
        Index("ix_events_person_id_kind", "person_id", "kind"),
        Index("ix_events_mentor_id_kind_at", "mentor_id", "kind", "at"),
    )


class SavedMentor(Base):
    """A student's bookmark."""

    __tablename__ = "saved_mentors"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"), primary_key=True)
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Dismissal(Base):
    """A mentor a student does not want to see again, and why."""

    __tablename__ = "dismissals"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str]
    dismissed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class FailedUpdate(Base):
    """An update that could not be parsed or handled, set aside so that the ones behind it go on."""

    __tablename__ = "failed_updates"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    update_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    #: Who it says it is from, so that it can be forgotten with them. No key: they may be unknown.
    person_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    body: Mapped[str]
    error: Mapped[str]
    failed_at: Mapped[datetime] = mapped_column(server_default=func.now())

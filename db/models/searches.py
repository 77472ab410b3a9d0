"""Questionnaires, searches and what came of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import (
    EVENT_KINDS,
    NOW,
    QUESTIONNAIRE_STATUSES,
    SEARCH_KINDS,
    Base,
    enum,
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
        enum("questionnaire_status", QUESTIONNAIRE_STATUSES), server_default="running"
    )
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)

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
    kind: Mapped[str] = mapped_column(enum("search_kind", SEARCH_KINDS), server_default="shortlist")
    #: The search whose "three more" this is: at most one, however often the button is tapped.
    previous_id: Mapped[int | None] = mapped_column(
        ForeignKey("searches.id", ondelete="CASCADE"), unique=True
    )
    #: The first search since which nobody has been shown twice.
    root_id: Mapped[int | None] = mapped_column(ForeignKey("searches.id", ondelete="CASCADE"))
    #: The contact request for whose student three others were sought; they are sought once.
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("requests.id", ondelete="CASCADE", use_alter=True), unique=True
    )
    request: Mapped[dict[str, Any]]
    relaxed: Mapped[list[str]] = mapped_column(server_default="{}")
    started_over: Mapped[bool] = mapped_column(server_default=text("false"))
    model_version: Mapped[str]
    catalogue_version: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

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
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    kind: Mapped[str] = mapped_column(enum("event_kind", EVENT_KINDS))
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
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Dismissal(Base):
    """A mentor a student does not want to see again, and why."""

    __tablename__ = "dismissals"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str]
    dismissed_at: Mapped[datetime] = mapped_column(server_default=NOW)

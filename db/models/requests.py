"""Requests from students to mentors, what came of them, and what students say of it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import (
    CASE_DECISIONS,
    DECLINE_REASONS,
    LIVE_REQUESTS,
    MENTOR_STATUSES,
    MISS_REASONS,
    MISSING_ANSWERS,
    NOW,
    OPEN_REQUESTS,
    REJECT_REASONS,
    REQUEST_STATES,
    REVIEW_STATES,
    SUSPICIONS,
    TRAITS,
    WORDS_STATES,
    Base,
    enum,
    quoted,
    subset,
)

_WORDS = enum("words_state", WORDS_STATES)
_REJECT = enum("reject_reason", REJECT_REASONS)
_AFTER_A_YES = ("accepted", "talked", "missed", "going_on", "finished")
_IS_OPEN = f"state IN ({quoted(OPEN_REQUESTS)})"
_IS_LIVE = f"state IN ({quoted(LIVE_REQUESTS)})"


class ContactRequest(Base):
    """One student's request to one mentor, from its sending to its end.

    ``outside``: the mentor is not in the bot, and the student has the public link.
    """

    __tablename__ = "requests"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"))
    search_id: Mapped[int | None] = mapped_column(ForeignKey("searches.id", ondelete="SET NULL"))
    outside: Mapped[bool] = mapped_column(server_default=text("false"))
    words: Mapped[str]
    #: The student's answers when it was sent, as a search keeps them.
    answers: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(enum("request_state", REQUEST_STATES), server_default="sent")
    #: From when the clock's next step is counted, and how many it has made in this state.
    turn_at: Mapped[datetime] = mapped_column(server_default=NOW)
    steps: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    #: How often it has moved: what is said of it is named after that, and said once.
    moves: Mapped[int] = mapped_column(server_default=text("0"))
    question: Mapped[str | None]
    reply: Mapped[str | None]
    decline_reason: Mapped[str | None] = mapped_column(enum("decline_reason", DECLINE_REASONS))
    miss_reason: Mapped[str | None] = mapped_column(enum("miss_reason", MISS_REASONS))
    #: Whether accepting it took one of the mentor's places, which comes back if nothing comes of it.
    holds_place: Mapped[bool] = mapped_column(server_default=text("false"))
    sent_at: Mapped[datetime] = mapped_column(server_default=NOW)
    #: The mentor's first sign: a question, a yes or a no.
    answered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    talked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("char_length(words) BETWEEN 10 AND 1000", name="words_have_a_length"),
        CheckConstraint(f"({_IS_LIVE}) = (ended_at IS NULL)", name="what_is_over_is_dated"),
        CheckConstraint("state <> 'asked' OR question IS NOT NULL", name="asked_is_a_question"),
        CheckConstraint("state <> 'replied' OR reply IS NOT NULL", name="replied_is_a_reply"),
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name="a_no_has_a_reason"),
        CheckConstraint("(state = 'missed') = (miss_reason IS NOT NULL)", name="a_miss_has_a_reason"),
        CheckConstraint(
            f"accepted_at IS NOT NULL OR state NOT IN ({quoted(_AFTER_A_YES)})",
            name="what_follows_a_yes_has_one",
        ),
        CheckConstraint(
            "state NOT IN ('talked', 'going_on', 'finished') OR talked_at IS NOT NULL",
            name="what_follows_a_talk_has_one",
        ),
        CheckConstraint(
            "state NOT IN ('outside', 'reached', 'unreached') OR outside", name="outside_is_marked"
        ),
        CheckConstraint("NOT holds_place OR accepted_at IS NOT NULL", name="a_yes_takes_the_place"),
        Index("uq_requests_one_live", "person_id", "mentor_id", unique=True, postgresql_where=text(_IS_LIVE)),
        Index("ix_requests_open", "mentor_id", postgresql_where=text(_IS_OPEN)),
        Index("ix_requests_person_id_id", "person_id", "id"),
        Index("ix_requests_mentor_id_sent_at", "mentor_id", "sent_at"),
        Index("ix_requests_search_id", "search_id"),
    )


class RequestDraft(Base):
    """What a student has made of the drafted message, until it is sent."""

    __tablename__ = "request_drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (CheckConstraint("char_length(words) BETWEEN 10 AND 1000", name="words_have_a_length"),)


class Review(Base):
    """What a student says of a mentor they talked with; the mentor answers it once.

    ``progress`` (how much further it brought them) and ``nps`` are for the platform alone.
    """

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"))
    stars: Mapped[int] = mapped_column(SmallInteger)
    progress: Mapped[int | None] = mapped_column(SmallInteger)
    traits: Mapped[list[str]] = mapped_column(server_default="{}")
    nps: Mapped[int | None] = mapped_column(SmallInteger)
    words: Mapped[str | None]
    words_state: Mapped[str] = mapped_column(_WORDS, server_default="none")
    #: A digest of the words as they are compared with those of other reviews.
    said: Mapped[str | None]
    state: Mapped[str] = mapped_column(enum("review_state", REVIEW_STATES), server_default="counted")
    held_for: Mapped[str | None] = mapped_column(enum("suspicion", SUSPICIONS))
    reject_reason: Mapped[str | None] = mapped_column(_REJECT)
    #: Grows with every change that moderators are to read: a button of theirs is for what it was drawn with.
    revision: Mapped[int] = mapped_column(server_default=text("0"))
    decided_by: Mapped[str | None]
    reply: Mapped[str | None]
    reply_state: Mapped[str] = mapped_column(_WORDS, server_default="none")
    reply_reject_reason: Mapped[str | None] = mapped_column(_REJECT)
    replied_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_are_one_to_five"),
        CheckConstraint("progress BETWEEN 1 AND 5", name="progress_is_one_to_five"),
        CheckConstraint("nps BETWEEN 0 AND 10", name="nps_is_up_to_ten"),
        CheckConstraint(subset("traits", TRAITS), name="traits_are_known"),
        CheckConstraint("char_length(words) BETWEEN 1 AND 2000", name="words_have_a_length"),
        CheckConstraint("char_length(reply) BETWEEN 1 AND 1000", name="reply_has_a_length"),
        CheckConstraint("(words IS NULL) = (words_state = 'none')", name="words_have_a_state"),
        CheckConstraint("(reply IS NULL) = (reply_state = 'none')", name="reply_has_a_state"),
        CheckConstraint("state <> 'held' OR held_for IS NOT NULL", name="held_for_a_reason"),
        Index("ix_reviews_mentor_id_id", "mentor_id", "id"),
        Index("ix_reviews_person_id", "person_id"),
        Index("ix_reviews_said", "said", postgresql_where=text("said IS NOT NULL")),
    )


class MissingAnswer(Base):
    """What a student missed who wrote to nobody of a shortlist: asked once, and minded in the next one."""

    __tablename__ = "missing_answers"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    search_id: Mapped[int] = mapped_column(ForeignKey("searches.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime] = mapped_column(server_default=NOW)
    answer: Mapped[str | None] = mapped_column(enum("missing_answer", MISSING_ANSWERS))
    #: For "too dear": what the next shortlist keeps within, in roubles a session.
    budget: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    #: The shortlist that minds it, once it was asked for.
    next_search_id: Mapped[int | None] = mapped_column(ForeignKey("searches.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_is_dated"),
        CheckConstraint("budget IS NULL OR answer = 'too_dear'", name="only_the_dear_have_a_budget"),
        Index("ix_missing_answers_person_id_id", "person_id", "id"),
        Index("ix_missing_answers_search_id", "search_id"),
        Index("ix_missing_answers_next_search_id", "next_search_id"),
    )


class BarCase(Base):
    """A mentor below the bar, put to the moderators with the evidence; one at a time for each mentor."""

    __tablename__ = "bar_cases"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"))
    reasons: Mapped[list[str]]
    evidence: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime] = mapped_column(server_default=NOW)
    decision: Mapped[str | None] = mapped_column(enum("case_decision", CASE_DECISIONS))
    #: Where the mentor was before it, so that it can be taken back.
    former_status: Mapped[str | None] = mapped_column(enum("mentor_status", MENTOR_STATUSES))
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("cardinality(reasons) > 0", name="has_a_reason"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_is_dated"),
        Index("uq_bar_cases_one_open", "mentor_id", unique=True, postgresql_where=text("decision IS NULL")),
        Index("ix_bar_cases_mentor_id_id", "mentor_id", "id"),
    )

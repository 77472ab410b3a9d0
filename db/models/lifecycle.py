"""What becomes of mentors and students over time: announced, asked, reminded, kept informed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import ANNOUNCEMENT_FORMS, CHECK_IN_ANSWERS, NOW, Base, enum


class Announcement(Base):
    """A newcomer's turn in the channel; ``form`` is None while they wait for it."""

    __tablename__ = "announcements"

    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"), primary_key=True)
    queued_at: Mapped[datetime] = mapped_column(server_default=NOW)
    form: Mapped[str | None] = mapped_column(enum("announcement_form", ANNOUNCEMENT_FORMS))
    announced_at: Mapped[datetime | None]
    #: The post; several mentors share that of a digest.
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    #: How often the post was made: it is made again where the one before expired.
    posts: Mapped[int] = mapped_column(server_default=text("0"))
    #: How often the post was changed, and whether it says that the mentor takes students.
    edits: Mapped[int] = mapped_column(server_default=text("0"))
    shows_open: Mapped[bool] = mapped_column(server_default=text("true"))
    #: Reactions under the post: emoji to count; and when Telegram counted them.
    reactions: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    reactions_at: Mapped[datetime | None]
    #: When the students it fits were told personally.
    told_students_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(form IS NULL) = (announced_at IS NULL)", name="announced_is_dated"),
        Index("ix_announcements_waiting", "queued_at", "mentor_id", postgresql_where=text("form IS NULL")),
        Index("ix_announcements_announced_at", "announced_at"),
        Index("ix_announcements_outbox_id", "outbox_id"),
    )


class CheckIn(Base):
    """ "Are you still mentoring?", asked once and reminded of; open until there is an answer."""

    __tablename__ = "check_ins"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime] = mapped_column(server_default=NOW)
    #: 0 asked, 1 reminded, 2 reminded again; and when the newest of these was.
    reminders: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    last_step_at: Mapped[datetime] = mapped_column(server_default=NOW)
    answer: Mapped[str | None] = mapped_column(enum("check_in_answer", CHECK_IN_ANSWERS))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_is_dated"),
        CheckConstraint("reminders BETWEEN 0 AND 2", name="reminds_twice"),
        Index("uq_check_ins_one_open", "mentor_id", unique=True, postgresql_where=text("answer IS NULL")),
        Index("ix_check_ins_mentor_id_asked_at", "mentor_id", "asked_at"),
        Index("ix_check_ins_last_step_at", "last_step_at"),
    )


class ClaimLink(Base):
    """The secret by which a mentor without a chat with the bot shows that a profile is theirs."""

    __tablename__ = "claim_links"

    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    #: When moderators got it to pass on.
    listed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Subscription(Base):
    """What a student agreed to get without asking. ``weekday`` 1 is Monday; local times of the platform."""

    __tablename__ = "subscriptions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    newcomers: Mapped[bool] = mapped_column(server_default=text("false"))
    digest: Mapped[bool] = mapped_column(server_default=text("false"))
    weekday: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    hour: Mapped[int] = mapped_column(SmallInteger, server_default=text("10"))
    #: The local days of the newest message of each kind, so that none comes twice.
    last_newcomer_on: Mapped[date | None]
    last_digest_on: Mapped[date | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_is_one"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_is_one"),
        Index("ix_subscriptions_newcomers", "person_id", postgresql_where=text("newcomers")),
        Index("ix_subscriptions_digest", "weekday", "hour", postgresql_where=text("digest")),
    )


class Reminder(Base):
    """Something to come back to at a time: one row per kind and subject, done once."""

    __tablename__ = "reminders"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    #: The row it is about, of the table that ``kind`` means.
    subject_id: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done_has_an_outcome"),
        Index(
            "uq_reminders_open", "kind", "subject_id", unique=True, postgresql_where=text("done_at IS NULL")
        ),
        Index("ix_reminders_due_at", "due_at", postgresql_where=text("done_at IS NULL")),
    )

"""What goes out and what could not come in: the outbox, the clock and what it did."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NOW, OUTBOX_KINDS, OUTBOX_STATES, Base, enum


class Clock(Base):
    """The one row that :data:`db.models.NOW` reads: zero, but in the demo and in tests."""

    __tablename__ = "clock"

    one: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    ahead: Mapped[timedelta] = mapped_column(server_default=text("'0'"))
    #: Where time stands still; None: it passes.
    stands_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("one", name="is_the_only_one"),)


class OutboxMessage(Base):
    """A message that must reach somebody even if the process dies, written with what makes it true.

    Times are those of the table ``clock``, but for the lease: that is real time, by the database's own clock.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(enum("outbox_kind", OUTBOX_KINDS))
    #: The call's own words: text or caption, reply_markup, photo (an address or a file_id).
    payload: Mapped[dict[str, Any]]
    #: A picture to upload; dropped when it has been sent.
    photo: Mapped[bytes | None]
    #: What it is for, in the business's own terms: enqueued twice, it is there once.
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    priority: Mapped[int] = mapped_column(SmallInteger)
    #: At most once: where the answer was lost, people decide. Otherwise at least once.
    once: Mapped[bool] = mapped_column(server_default=text("false"))
    #: For an edit or a delete: the message that is meant.
    target_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(enum("outbox_state", OUTBOX_STATES), server_default="waiting")
    due_at: Mapped[datetime] = mapped_column(server_default=NOW)
    #: When it is tried next: due_at, until an attempt has failed or its chat's turn is later.
    next_at: Mapped[datetime] = mapped_column(server_default=NOW)
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    last_error: Mapped[str | None]
    claimed_by: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    #: When the call was begun, for messages that must not go out twice.
    started_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_message_id: Mapped[int | None] = mapped_column(BigInteger)
    #: When moderators were told that it is parked or unsure, by which message, what they decided, and who.
    told_at: Mapped[datetime | None]
    told_in: Mapped[int | None] = mapped_column(BigInteger)
    decision: Mapped[str | None]
    decided_by: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        CheckConstraint("priority BETWEEN 0 AND 4", name="priority_is_known"),
        CheckConstraint("expires_at > due_at", name="expires_after_it_is_due"),
        CheckConstraint("(kind IN ('edit', 'delete')) = (target_id IS NOT NULL)", name="changes_a_message"),
        CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="sending_is_leased"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_is_dated"),
        CheckConstraint("state <> 'unsure' OR once", name="only_what_goes_once_is_unsure"),
        # What is due of one priority, in order: found at once, however many wait.
        Index("ix_outbox_waiting", "priority", "next_at", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_outbox_sending", "leased_until", postgresql_where=text("state = 'sending'")),
        Index(
            "ix_outbox_expiring",
            "expires_at",
            postgresql_where=text("state = 'waiting' AND expires_at IS NOT NULL"),
        ),
        # What waits for one chat: to keep its order, and to cancel it.
        Index(
            "ix_outbox_of_chat",
            "chat_id",
            "priority",
            "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        # All that a person was ever sent: theirs to see, and to have deleted.
        Index("ix_outbox_chat_id", "chat_id"),
        # What has been tried there before, which nothing written later may overtake.
        Index(
            "ix_outbox_tried",
            "chat_id",
            "id",
            postgresql_where=text("state = 'waiting' AND attempts > 0"),
        ),
        Index("ix_outbox_undecided", "id", postgresql_where=text("state IN ('unsure', 'parked')")),
        Index("ix_outbox_told_in", "told_in", postgresql_where=text("told_in IS NOT NULL")),
        Index("ix_outbox_target_id", "target_id", postgresql_where=text("target_id IS NOT NULL")),
        Index(
            "ix_outbox_posts",
            "chat_id",
            "sent_message_id",
            postgresql_where=text("once AND sent_message_id IS NOT NULL"),
        ),
    )


class MovedChat(Base):
    """A group that got another id when it became a supergroup."""

    __tablename__ = "moved_chats"

    old_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    new_id: Mapped[int] = mapped_column(BigInteger)
    moved_at: Mapped[datetime] = mapped_column(server_default=NOW)


class TickRun(Base):
    """One run of a clock's tick."""

    __tablename__ = "tick_runs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=NOW)
    finished_at: Mapped[datetime | None]
    matched: Mapped[int] = mapped_column(server_default=text("0"))
    enqueued: Mapped[int] = mapped_column(server_default=text("0"))
    skipped: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None]

    __table_args__ = (Index("ix_tick_runs_name_id", "name", "id"),)


class FailedUpdate(Base):
    """An update that could not be parsed or handled, set aside so that the ones behind it go on."""

    __tablename__ = "failed_updates"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    update_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    #: Who it says it is from, so that it can be forgotten with them. No key: they may be unknown.
    person_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    body: Mapped[str]
    error: Mapped[str]
    failed_at: Mapped[datetime] = mapped_column(server_default=NOW)

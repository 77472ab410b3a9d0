"""The outbox, the clock and its ticks, and what becomes of mentors and students over time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ENUMS = ("outbox_kind", "outbox_state", "announcement_form", "check_in_answer")
_NEW_VALUES = {
    "mentor_status": ("left",),
    "search_kind": ("digest", "newcomer", "link"),
    "event_kind": ("visit",),
}
_DATED = (
    ("people", "created_at"),
    ("mentors", "created_at"),
    ("mentors", "updated_at"),
    ("questionnaires", "created_at"),
    ("questionnaires", "updated_at"),
    ("searches", "created_at"),
    ("events", "at"),
    ("saved_mentors", "saved_at"),
    ("dismissals", "dismissed_at"),
    ("failed_updates", "failed_at"),
)

# A table, and not a setting: every process and replica reads the same time, as soon as it is set.
_CLOCK = """
CREATE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(stands_at, now()) + ahead FROM clock
$$;
"""
_NOTIFY = """
CREATE FUNCTION notify_{channel}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('{channel}', '');
    RETURN NULL;
END $$;
"""
_TRIGGER = """
CREATE TRIGGER {channel} AFTER {events} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION notify_{channel}();
"""
_TRIGGERS = (("outbox_filled", "INSERT", "outbox"), ("clock_set", "UPDATE", "clock"))


def upgrade() -> None:
    for name, values in _NEW_VALUES.items():
        for value in values:
            op.execute(f"ALTER TYPE {name} ADD VALUE IF NOT EXISTS '{value}'")
    op.create_table(
        "clock",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("ahead", sa.Interval(), server_default=sa.text("'0'"), nullable=False),
        sa.Column("stands_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("one", name=op.f("ck_clock_is_the_only_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_clock")),
    )

    op.execute("INSERT INTO clock DEFAULT VALUES")
    op.execute(_CLOCK)
    for table, column in _DATED:
        op.alter_column(table, column, server_default=sa.text("clock_now()"))
    op.create_table(
        "moved_chats",
        sa.Column("old_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("new_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "moved_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_moved_chats")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Enum("text", "photo", "edit", "delete", name="outbox_kind"), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("once", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "sending", "sent", "unsure", "parked", "cancelled", "expired", name="outbox_state"
            ),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.Column(
            "next_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_message_id", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_in", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.CheckConstraint(
            "(kind IN ('edit', 'delete')) = (target_id IS NOT NULL)", name=op.f("ck_outbox_changes_a_message")
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (leased_until IS NOT NULL)", name=op.f("ck_outbox_sending_is_leased")
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbox_sent_is_dated")),
        sa.CheckConstraint("state <> 'unsure' OR once", name=op.f("ck_outbox_only_what_goes_once_is_unsure")),
        sa.CheckConstraint("expires_at > due_at", name=op.f("ck_outbox_expires_after_it_is_due")),
        sa.CheckConstraint("priority BETWEEN 0 AND 4", name=op.f("ck_outbox_priority_is_known")),
        sa.ForeignKeyConstraint(
            ["target_id"], ["outbox.id"], name=op.f("fk_outbox_target_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index("ix_outbox_chat_id", "outbox", ["chat_id"], unique=False)
    op.create_index(
        "ix_outbox_of_chat",
        "outbox",
        ["chat_id", "priority", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_tried",
        "outbox",
        ["chat_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting' AND attempts > 0"),
    )
    op.create_index(
        "ix_outbox_expiring",
        "outbox",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting' AND expires_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_posts",
        "outbox",
        ["chat_id", "sent_message_id"],
        unique=False,
        postgresql_where=sa.text("once AND sent_message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_sending",
        "outbox",
        ["leased_until"],
        unique=False,
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_outbox_told_in",
        "outbox",
        ["told_in"],
        unique=False,
        postgresql_where=sa.text("told_in IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_target_id",
        "outbox",
        ["target_id"],
        unique=False,
        postgresql_where=sa.text("target_id IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_undecided",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('unsure', 'parked')"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["priority", "next_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.CheckConstraint(
            "(done_at IS NULL) = (outcome IS NULL)", name=op.f("ck_reminders_done_has_an_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    op.create_index(
        "ix_reminders_due_at",
        "reminders",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "uq_reminders_open",
        "reminders",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "tick_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matched", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("enqueued", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("skipped", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tick_runs")),
    )
    op.create_index("ix_tick_runs_name_id", "tick_runs", ["name", "id"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("newcomers", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("digest", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("hour", sa.SmallInteger(), server_default=sa.text("10"), nullable=False),
        sa.Column("last_newcomer_on", sa.Date(), nullable=True),
        sa.Column("last_digest_on", sa.Date(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_subscriptions_hour_is_one")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_subscriptions_weekday_is_one")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_subscriptions_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        "ix_subscriptions_digest",
        "subscriptions",
        ["weekday", "hour"],
        unique=False,
        postgresql_where=sa.text("digest"),
    )
    op.create_index(
        "ix_subscriptions_newcomers",
        "subscriptions",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("newcomers"),
    )
    op.create_table(
        "announcements",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "queued_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.Column("form", sa.Enum("post", "digest", name="announcement_form"), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("posts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("edits", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("shows_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("reactions", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("reactions_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_students_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(form IS NULL) = (announced_at IS NULL)", name=op.f("ck_announcements_announced_is_dated")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentors.id"], name=op.f("fk_announcements_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_announcements_outbox_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_announcements")),
    )
    op.create_index("ix_announcements_announced_at", "announcements", ["announced_at"], unique=False)
    op.create_index("ix_announcements_outbox_id", "announcements", ["outbox_id"], unique=False)
    op.create_index(
        "ix_announcements_waiting",
        "announcements",
        ["queued_at", "mentor_id"],
        unique=False,
        postgresql_where=sa.text("form IS NULL"),
    )
    op.create_table(
        "check_ins",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.Column("reminders", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "last_step_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.Column(
            "answer",
            sa.Enum("active", "paused", "updated", "left", "none", name="check_in_answer"),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_check_ins_answered_is_dated")
        ),
        sa.CheckConstraint("reminders BETWEEN 0 AND 2", name=op.f("ck_check_ins_reminds_twice")),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentors.id"], name=op.f("fk_check_ins_mentor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
    )
    op.create_index("ix_check_ins_last_step_at", "check_ins", ["last_step_at"], unique=False)
    op.create_index("ix_check_ins_mentor_id_asked_at", "check_ins", ["mentor_id", "asked_at"], unique=False)
    op.create_index(
        "uq_check_ins_one_open",
        "check_ins",
        ["mentor_id"],
        unique=True,
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_table(
        "claim_links",
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentors.id"], name=op.f("fk_claim_links_mentor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_claim_links")),
        sa.UniqueConstraint("token", name=op.f("uq_claim_links_token")),
    )
    op.add_column("mentors", sa.Column("person_id", sa.BigInteger(), nullable=True))
    op.add_column("mentors", sa.Column("photo_url", sa.Text(), nullable=True))
    op.add_column(
        "mentors", sa.Column("own", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("mentors", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
    op.create_unique_constraint(op.f("uq_mentors_person_id"), "mentors", ["person_id"])
    op.create_foreign_key(
        op.f("fk_mentors_person_id"), "mentors", "people", ["person_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column(
        "people",
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("clock_now()"), nullable=False
        ),
    )
    op.add_column("people", sa.Column("asked_for", sa.Text(), nullable=True))
    op.create_check_constraint("only_a_pause_ends", "mentors", "paused_until IS NULL OR status = 'paused'")
    op.create_check_constraint("photo_is_at_an_address", "mentors", "photo_url ~ '^https://'")
    for channel, events, table in _TRIGGERS:
        op.execute(_NOTIFY.format(channel=channel))
        op.execute(_TRIGGER.format(channel=channel, events=events, table=table))
    # How long each mentor has been silent is another number then.
    op.execute(_TRIGGER.format(channel="mentors_changed", events="UPDATE", table="clock"))


def downgrade() -> None:
    op.drop_constraint("photo_is_at_an_address", "mentors", type_="check")
    op.drop_constraint("only_a_pause_ends", "mentors", type_="check")
    op.drop_column("people", "asked_for")
    op.drop_column("people", "last_seen_at")
    op.drop_constraint(op.f("fk_mentors_person_id"), "mentors", type_="foreignkey")
    op.drop_constraint(op.f("uq_mentors_person_id"), "mentors", type_="unique")
    op.drop_column("mentors", "paused_until")
    op.drop_column("mentors", "own")
    op.drop_column("mentors", "photo_url")
    op.drop_column("mentors", "person_id")
    op.drop_table("claim_links")
    op.drop_index("uq_check_ins_one_open", table_name="check_ins", postgresql_where=sa.text("answer IS NULL"))
    op.drop_index("ix_check_ins_mentor_id_asked_at", table_name="check_ins")
    op.drop_index("ix_check_ins_last_step_at", table_name="check_ins")
    op.drop_table("check_ins")
    op.drop_index(
        "ix_announcements_waiting", table_name="announcements", postgresql_where=sa.text("form IS NULL")
    )
    op.drop_index("ix_announcements_outbox_id", table_name="announcements")
    op.drop_index("ix_announcements_announced_at", table_name="announcements")
    op.drop_table("announcements")
    op.drop_index(
        "ix_subscriptions_newcomers", table_name="subscriptions", postgresql_where=sa.text("newcomers")
    )
    op.drop_index("ix_subscriptions_digest", table_name="subscriptions", postgresql_where=sa.text("digest"))
    op.drop_table("subscriptions")
    op.drop_index("ix_tick_runs_name_id", table_name="tick_runs")
    op.drop_table("tick_runs")
    op.drop_index("uq_reminders_open", table_name="reminders", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_index("ix_reminders_due_at", table_name="reminders", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_table("reminders")
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(
        "ix_outbox_undecided", table_name="outbox", postgresql_where=sa.text("state IN ('unsure', 'parked')")
    )
    op.drop_index("ix_outbox_told_in", table_name="outbox", postgresql_where=sa.text("told_in IS NOT NULL"))
    op.drop_index(
        "ix_outbox_target_id", table_name="outbox", postgresql_where=sa.text("target_id IS NOT NULL")
    )
    op.drop_index("ix_outbox_sending", table_name="outbox", postgresql_where=sa.text("state = 'sending'"))
    op.drop_index(
        "ix_outbox_posts",
        table_name="outbox",
        postgresql_where=sa.text("once AND sent_message_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_expiring",
        table_name="outbox",
        postgresql_where=sa.text("state = 'waiting' AND expires_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_tried",
        table_name="outbox",
        postgresql_where=sa.text("state = 'waiting' AND attempts > 0"),
    )
    op.drop_index("ix_outbox_chat_id", table_name="outbox")
    op.drop_index("ix_outbox_of_chat", table_name="outbox", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table("outbox")
    op.drop_table("moved_chats")

    for table, column in _DATED:
        op.alter_column(table, column, server_default=sa.text("now()"))
    op.execute("DROP FUNCTION clock_now")
    op.drop_table("clock")
    for channel, _, _ in _TRIGGERS:
        op.execute(f"DROP FUNCTION notify_{channel}")
    for name in _ENUMS:
        op.execute(f"DROP TYPE {name}")
    # PostgreSQL cannot take a value out of an enum: the rows that have one go, the values stay.
    op.execute("DELETE FROM events WHERE kind = 'visit'")
    op.execute("DELETE FROM searches WHERE kind IN ('digest', 'newcomer', 'link')")
    op.execute("UPDATE mentors SET status = 'removed' WHERE status = 'left'")

"""People, mentors, questionnaires, searches and events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
_ENUMS = ("level", "price_unit", "tier", "mentor_status", "questionnaire_status", "search_kind", "event_kind")

# One message however many rows a statement changes; PostgreSQL folds equal ones of a transaction into one.
_NOTIFY = """
CREATE FUNCTION notify_mentors_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('mentors_changed', '');
    RETURN NULL;
END $$;
"""
_TRIGGER = """
CREATE TRIGGER mentors_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON mentors
FOR EACH STATEMENT EXECUTE FUNCTION notify_mentors_changed();
"""

down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failed_updates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_updates")),
        sa.UniqueConstraint("update_id", name=op.f("uq_failed_updates_update_id")),
    )
    op.create_index(op.f("ix_failed_updates_person_id"), "failed_updates", ["person_id"], unique=False)
    op.create_table(
        "mentors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("telegram", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), server_default="", nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("directions", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("skills", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("free_skills", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("years", sa.Double(), nullable=True),
        sa.Column(
            "level",
            sa.Enum("novice", "junior", "middle", "senior", "lead", "head", name="level"),
            nullable=True,
        ),
        sa.Column("helps_levels", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("goals", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("formats", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("currency", sa.Text(), server_default="RUB", nullable=False),
        sa.Column(
            "price_unit",
            sa.Enum("hour", "session", "month", "offer_share", name="price_unit"),
            server_default="hour",
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Enum("common", "elite", name="tier"), server_default="common", nullable=False),
        sa.Column("reviews_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rating_sum", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "paused", "stale", "removed", name="mentor_status"),
            server_default="active",
            nullable=False,
        ),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_mentors_currency_is_a_code")),
        sa.CheckConstraint(
            "formats <@ ARRAY['one_off', 'regular', 'after_offer']::text[]",
            name=op.f("ck_mentors_formats_are_known"),
        ),
        sa.CheckConstraint(
            "goals <@ ARRAY['first_job', 'interviews', 'next_grade', 'switch', 'raise', 'cv', 'code_review', 'leading', 'other']::text[]",
            name=op.f("ck_mentors_goals_are_known"),
        ),
        sa.CheckConstraint(
            "helps_levels <@ ARRAY['novice', 'junior', 'middle', 'senior', 'lead', 'head']::text[]",
            name=op.f("ck_mentors_helps_levels_are_known"),
        ),
        sa.CheckConstraint("name <> '' AND title <> ''", name=op.f("ck_mentors_has_a_face")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_mentors_capacity_is_not_negative")),
        sa.CheckConstraint(
            "cardinality(directions || skills || free_skills) > 0", name=op.f("ck_mentors_can_be_found")
        ),
        sa.CheckConstraint("price >= 0", name=op.f("ck_mentors_price_is_not_negative")),
        sa.CheckConstraint(
            "reviews_count >= 0 AND rating_sum BETWEEN reviews_count AND 5.0 * reviews_count",
            name=op.f("ck_mentors_stars_are_one_to_five"),
        ),
        sa.CheckConstraint("years >= 0", name=op.f("ck_mentors_years_are_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentors")),
        sa.UniqueConstraint("external_id", name=op.f("uq_mentors_external_id")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("telegram_language", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("consent_version", sa.Integer(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_message_id", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "last_message_at", sa.DateTime(timezone=True), server_default=sa.text("'epoch'"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("language IN ('ru', 'en')", name=op.f("ck_people_language_is_known")),
        sa.CheckConstraint(
            "(consent_version IS NULL) = (consented_at IS NULL)", name=op.f("ck_people_consent_is_dated")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "dismissals",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "dismissed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentors.id"], name=op.f("fk_dismissals_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_dismissals_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "mentor_id", name=op.f("pk_dismissals")),
    )
    op.create_table(
        "questionnaires",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("typed_message_id", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("editing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "status",
            sa.Enum("running", "done", "cancelled", name="questionnaire_status"),
            server_default="running",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_questionnaires_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaires")),
    )
    op.create_index("ix_questionnaires_person_id_id", "questionnaires", ["person_id", "id"], unique=False)
    op.create_index(
        "uq_questionnaires_one_running",
        "questionnaires",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "saved_mentors",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentors.id"], name=op.f("fk_saved_mentors_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_saved_mentors_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "mentor_id", name=op.f("pk_saved_mentors")),
    )
    op.create_table(
        "searches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("questionnaire_id", sa.BigInteger(), nullable=True),
        sa.Column("questionnaire_revision", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("shortlist", "surprise", name="search_kind"),
            server_default="shortlist",
            nullable=False,
        ),
        sa.Column("previous_id", sa.BigInteger(), nullable=True),
        sa.Column("root_id", sa.BigInteger(), nullable=True),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("relaxed", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("started_over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_searches_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["searches.id"], name=op.f("fk_searches_previous_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaires.id"],
            name=op.f("fk_searches_questionnaire_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["root_id"], ["searches.id"], name=op.f("fk_searches_root_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sa.UniqueConstraint("previous_id", name=op.f("uq_searches_previous_id")),
    )
    op.create_index("ix_searches_person_id_id", "searches", ["person_id", "id"], unique=False)
    op.create_index("ix_searches_questionnaire_id", "searches", ["questionnaire_id"], unique=False)
    op.create_index("ix_searches_root_id", "searches", ["root_id"], unique=False)
    op.create_index(
        "uq_searches_first_of_answers",
        "searches",
        ["questionnaire_id", "questionnaire_revision"],
        unique=True,
        postgresql_where=sa.text("previous_id IS NULL AND questionnaire_id IS NOT NULL"),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "search",
                "impression",
                "open",
                "save",
                "unsave",
                "dismiss",
                "restore",
                "contact",
                name="event_kind",
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=True),
        sa.Column("search_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("propensity", sa.Double(), nullable=True),
        sa.Column("model_version", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'dismiss' OR reason IS NOT NULL", name=op.f("ck_events_dismissal_has_a_reason")
        ),
        sa.CheckConstraint(
            "kind <> 'impression' OR (search_id IS NOT NULL AND position >= 1 AND score IS NOT NULL AND parts IS NOT NULL AND propensity > 0 AND propensity <= 1 AND model_version IS NOT NULL)",
            name=op.f("ck_events_impression_is_complete"),
        ),
        sa.CheckConstraint(
            "kind = 'search' OR mentor_id IS NOT NULL", name=op.f("ck_events_is_about_a_mentor")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentors.id"], name=op.f("fk_events_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_events_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["search_id"], ["searches.id"], name=op.f("fk_events_search_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_mentor_id_kind_at", "events", ["mentor_id", "kind", "at"], unique=False)
    op.create_index("ix_events_person_id_kind", "events", ["person_id", "kind"], unique=False)
    op.create_index("ix_events_search_id", "events", ["search_id"], unique=False)
    op.create_index(
        "uq_events_one_impression_per_place",
        "events",
        ["search_id", "position"],
        unique=True,
        postgresql_where=sa.text("kind = 'impression'"),
    )
    op.execute(_NOTIFY)
    op.execute(_TRIGGER)


def downgrade() -> None:
    op.drop_index(
        "uq_events_one_impression_per_place",
        table_name="events",
        postgresql_where=sa.text("kind = 'impression'"),
    )
    op.drop_index("ix_events_search_id", table_name="events")
    op.drop_index("ix_events_person_id_kind", table_name="events")
    op.drop_index("ix_events_mentor_id_kind_at", table_name="events")
    op.drop_table("events")
    op.drop_index(
        "uq_searches_first_of_answers",
        table_name="searches",
        postgresql_where=sa.text("previous_id IS NULL AND questionnaire_id IS NOT NULL"),
    )
    op.drop_index("ix_searches_root_id", table_name="searches")
    op.drop_index("ix_searches_person_id_id", table_name="searches")
    op.drop_table("searches")
    op.drop_table("saved_mentors")
    op.drop_index(
        "uq_questionnaires_one_running",
        table_name="questionnaires",
        postgresql_where=sa.text("status = 'running'"),
    )
    op.drop_index("ix_questionnaires_person_id_id", table_name="questionnaires")
    op.drop_table("questionnaires")
    op.drop_table("dismissals")
    op.drop_table("people")
    op.drop_table("mentors")
    op.drop_table("failed_updates")
    op.execute("DROP FUNCTION notify_mentors_changed")
    for name in _ENUMS:
        op.execute(f"DROP TYPE {name}")

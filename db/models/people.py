"""People and mentors."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import (
    FORMATS,
    GOALS,
    LEVELS,
    MENTOR_STATUSES,
    NOW,
    PRICE_UNITS,
    TIERS,
    Base,
    enum,
    subset,
)


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
    #: The newest sign of life, to the minute.
    last_seen_at: Mapped[datetime] = mapped_column(server_default=NOW)
    #: What the next thing they type answers, where a button has asked for it.
    asked_for: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        CheckConstraint("(consent_version IS NULL) = (consented_at IS NULL)", name="consent_is_dated"),
        CheckConstraint("language IN ('ru', 'en')", name="language_is_known"),
    )


class MentorProfile(Base):
    """A mentor of the catalogue, as imported and as changed by themselves."""

    __tablename__ = "mentors"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    external_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    telegram: Mapped[str | None]
    #: The private chat of a mentor who has claimed the profile.
    person_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("people.id", ondelete="SET NULL"), unique=True
    )
    #: An https address of a picture, for the post about them.
    photo_url: Mapped[str | None]
    title: Mapped[str]
    company: Mapped[str] = mapped_column(server_default="")
    about: Mapped[str] = mapped_column(server_default="")
    directions: Mapped[list[str]] = mapped_column(server_default="{}")
    skills: Mapped[list[str]] = mapped_column(server_default="{}")
    free_skills: Mapped[list[str]] = mapped_column(server_default="{}")
    years: Mapped[float | None]
    level: Mapped[str | None] = mapped_column(enum("level", LEVELS))
    helps_levels: Mapped[list[str]] = mapped_column(server_default="{}")
    goals: Mapped[list[str]] = mapped_column(server_default="{}")
    formats: Mapped[list[str]] = mapped_column(server_default="{}")
    languages: Mapped[list[str]] = mapped_column(server_default="{}")
    timezone: Mapped[str | None]
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    currency: Mapped[str] = mapped_column(server_default="RUB")
    price_unit: Mapped[str] = mapped_column(enum("price_unit", PRICE_UNITS), server_default="hour")
    capacity: Mapped[int | None]
    tier: Mapped[str] = mapped_column(enum("tier", TIERS), server_default="common")
    reviews_count: Mapped[int] = mapped_column(server_default=text("0"))
    rating_sum: Mapped[float] = mapped_column(server_default=text("0"))
    status: Mapped[str] = mapped_column(enum("mentor_status", MENTOR_STATUSES), server_default="active")
    #: When a pause ends by itself; None for one without an end.
    paused_until: Mapped[datetime | None]
    #: Until when moderators keep the mentor paused, whatever the mentor taps.
    held_until: Mapped[datetime | None]
    #: When requests left without an answer last paused the mentor: they are counted anew since.
    struck_at: Mapped[datetime | None]
    #: Stars under the platform's prior, out of verified reviews and the import, as usecases/ratings.py keeps
    #: them; None: not computed yet. The count is what people read beside the mean.
    rating_mean: Mapped[float | None]
    rating_lower: Mapped[float | None]
    rating_upper: Mapped[float | None]
    rating_count: Mapped[int] = mapped_column(server_default=text("0"))
    #: How much further it brought students, 3 being as expected; never shown to the mentor.
    private_mean: Mapped[float | None]
    #: Requests of the last months: how many there were, how many had an answer, and how fast.
    requests_asked: Mapped[int] = mapped_column(server_default=text("0"))
    requests_answered: Mapped[int] = mapped_column(server_default=text("0"))
    answer_hours: Mapped[float | None]
    #: The share of them that had an answer within a day.
    prompt_share: Mapped[float | None]
    #: A digest of the imported values: an import leaves rows alone whose digest is the same.
    fingerprint: Mapped[str]
    #: Columns that the mentor has set in the bot: no import changes them any more.
    own: Mapped[list[str]] = mapped_column(server_default="{}")
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)

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
        CheckConstraint("paused_until IS NULL OR status = 'paused'", name="only_a_pause_ends"),
        CheckConstraint(
            "rating_lower <= rating_mean AND rating_mean <= rating_upper", name="bounds_hold_the_mean"
        ),
        CheckConstraint("requests_answered BETWEEN 0 AND requests_asked", name="answers_are_of_requests"),
        CheckConstraint("photo_url ~ '^https://'", name="photo_is_at_an_address"),
        CheckConstraint(subset("goals", GOALS), name="goals_are_known"),
        CheckConstraint(subset("formats", FORMATS), name="formats_are_known"),
        CheckConstraint(subset("helps_levels", LEVELS), name="helps_levels_are_known"),
    )

"""What the table refuses is refused as a row, before any statement could fail on it."""

import dataclasses
import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import Base, MentorProfile
from db.queries.imports import COLUMNS
from recommender.mentor_file import MentorRow, RowProblem
from recommender.model import DirectionKey, Format, Goal, Level, PriceUnit, SkillKey, Tier
from usecases.incoming_mentors import IncomingMentor, derived_id, incoming

_GOOD = MentorRow(
    line=7,
    external_id="m1",
    name="Anna",
    telegram="anna_codes",
    title="Developer",
    company="Acme",
    about="I review code",
    photo_url="https://example.org/anna.jpg",
    directions=(DirectionKey("backend"),),
    skills=(SkillKey("python"),),
    free_skills=("варка кофе",),
    years=7.5,
    level=Level.SENIOR,
    helps_levels=(Level.JUNIOR, Level.MIDDLE),
    goals=(Goal.CV,),
    formats=(Format.ONE_OFF,),
    languages=("ru", "en"),
    timezone="Europe/Moscow",
    price=Decimal("3000.5"),
    currency="RUB",
    price_unit=PriceUnit.HOUR,
    capacity=3,
    tier=Tier.COMMON,
    reviews_count=2,
    rating_sum=9.5,
)

#: The CHECK that refuses it ("" for a type's own limits), what is changed, the column that is blamed.
_BAD: list[tuple[str, dict[str, Any], str]] = [
    ("has_a_face", {"name": ""}, "name"),
    ("has_a_face", {"title": ""}, "title"),
    ("can_be_found", {"directions": (), "skills": (), "free_skills": ()}, "skills"),
    ("price_is_not_negative", {"price": Decimal(-1)}, "price"),
    ("", {"price": Decimal(10) ** 10}, "price"),
    ("", {"price": Decimal("9999999999.999")}, "price"),
    ("", {"price": Decimal("Infinity")}, "price"),
    ("capacity_is_not_negative", {"capacity": -1}, "capacity"),
    ("", {"capacity": 2**31}, "capacity"),
    ("years_are_not_negative", {"years": -0.5}, "years"),
    ("currency_is_a_code", {"currency": "rub"}, "currency"),
    ("currency_is_a_code", {"currency": "RUB\n"}, "currency"),
    ("stars_are_one_to_five", {"rating_sum": 10.1}, "rating_sum"),
    ("stars_are_one_to_five", {"rating_sum": 1.9}, "rating_sum"),
    ("stars_are_one_to_five", {"rating_sum": float("nan")}, "rating_sum"),
    ("stars_are_one_to_five", {"reviews_count": -1, "rating_sum": -1.0}, "reviews_count"),
    ("", {"reviews_count": 2**31, "rating_sum": 2.0**32}, "reviews_count"),
    ("photo_is_at_an_address", {"photo_url": "http://example.org/anna.jpg"}, "photo_url"),
    ("", {"about": "a\x00b"}, "about"),
    ("", {"company": "\ud800"}, "company"),
    ("", {"free_skills": ("a\x00b",)}, "skills"),
]

#: PostgreSQL takes these, and nobody could compute with them.
_NOT_NUMBERS: list[tuple[dict[str, Any], str]] = [
    ({"price": Decimal("NaN")}, "price"),
    ({"years": float("nan")}, "years"),
    ({"years": float("inf")}, "years"),
]

#: Enums of the model: a row of a file cannot have another value.
_CANNOT_BE = {"goals_are_known", "formats_are_known", "helps_levels_are_known"}

#: Of columns that no file fills.
_NOT_IMPORTED = {"only_a_pause_ends", "bounds_hold_the_mean", "answers_are_of_requests"}


def _record(row: MentorRow) -> IncomingMentor:
    found = incoming(row)
    assert isinstance(found, IncomingMentor)
    return found


def _fingerprint(row: MentorRow) -> Any:
    return _record(row).values[COLUMNS.index("fingerprint")]


@pytest.mark.parametrize(
    ("changes", "column"), [*(case[1:] for case in _BAD), *_NOT_NUMBERS], ids=lambda value: repr(value)[:40]
)
def test_what_cannot_be_stored_is_a_problem_of_its_row(changes: dict[str, Any], column: str) -> None:
    found = incoming(dataclasses.replace(_GOOD, **changes))
    assert isinstance(found, RowProblem)
    assert (found.line, found.column) == (7, column)


async def test_the_table_refuses_each_of_them_indeed(engine: AsyncEngine) -> None:
    good = dict(zip(COLUMNS, _record(_GOOD).values, strict=False))
    for constraint, changes, _ in _BAD:
        async with engine.connect() as connection:
            with pytest.raises((DBAPIError, UnicodeEncodeError), match=constraint or None):
                await connection.execute(insert(MentorProfile).values(**good | changes))


def test_every_constraint_of_the_table_is_among_them() -> None:
    checks = [
        each for each in Base.metadata.tables["mentors"].constraints if isinstance(each, CheckConstraint)
    ]
    names = {str(check.name).removeprefix("ck_mentors_") for check in checks}
    assert names == {constraint for constraint, _, _ in _BAD if constraint} | _CANNOT_BE | _NOT_IMPORTED


def test_an_id_too_long_for_the_index_is_a_problem() -> None:
    found = incoming(dataclasses.replace(_GOOD, external_id="я" * 600))
    assert isinstance(found, RowProblem)
    assert found.column == "external_id"


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"line": 8}, True),
        ({"price": Decimal("3000.50")}, True),
        ({"price": Decimal("3000.501")}, True),
        ({"years": 8}, False),
        ({"capacity": None}, False),
        ({"about": ""}, False),
        ({"photo_url": None}, False),
        ({"skills": (SkillKey("go"),)}, False),
        ({"skills": (), "free_skills": ("python", "варка кофе")}, False),
    ],
)
def test_the_fingerprint_tells_what_would_be_stored(changes: dict[str, Any], same: bool) -> None:
    assert (_fingerprint(dataclasses.replace(_GOOD, **changes)) == _fingerprint(_GOOD)) is same


def test_a_mentor_without_a_picture_has_the_fingerprint_of_before_there_were_pictures() -> None:
    plain = _record(dataclasses.replace(_GOOD, photo_url=None))
    values = dict(zip(COLUMNS, plain.values, strict=False))
    told: dict[str, object] = {}
    for name, value in values.items():
        # The list's own word for a tier is told, and stored nowhere.
        told |= {"tier": _GOOD.tier} if name == "reviews_count" else {}
        told |= {} if name in {"photo_url", "fingerprint"} else {name: value}
    digest = hashlib.blake2b(json.dumps(told, ensure_ascii=False, default=str).encode(), digest_size=16)
    assert values["fingerprint"] == digest.hexdigest()


def test_a_derived_id_depends_on_the_handle_or_else_on_name_and_title_alone() -> None:
    other = dataclasses.replace(_GOOD, company="Other", about="", telegram="Anna_Codes")
    assert derived_id(_GOOD) == derived_id(other) == "telegram:anna_codes"
    nameless = dataclasses.replace(_GOOD, telegram=None, external_id=None)
    shouted = dataclasses.replace(nameless, name=" ANNA", title="developer", skills=())
    assert derived_id(nameless) == derived_id(shouted) == _record(nameless).external_id
    assert derived_id(nameless) != derived_id(dataclasses.replace(nameless, title="Designer"))
    assert derived_id(nameless) != derived_id(dataclasses.replace(nameless, name="Ann", title="a Developer"))

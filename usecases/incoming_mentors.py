"""A mentor of a file as a row of the table ``mentors``: its id, its digest, what the table would refuse."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from db.queries.imports import COLUMNS
from recommender.mentor_file import MentorRow, RowProblem

_MOST_INTEGER = 2**31 - 1
_MOST_PRICE = 10**10
#: An entry of PostgreSQL's index has to fit into a third of a page.
_LONGEST_ID_BYTES = 1_000
_CENTS = Decimal("0.01")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class IncomingMentor:
    """A row that the table takes; ``values`` are as :func:`db.queries.imports.stage` wants them."""

    line: int
    external_id: str
    values: tuple[Any, ...]


def incoming(row: MentorRow) -> IncomingMentor | RowProblem:
    """The row as it is stored, or why the table would not take it."""
    external_id = row.external_id or derived_id(row)
    found = _refusal(row)
    if found is not None:
        return RowProblem(row.line, *found, external_id)
    values = _values(row, external_id)
    # A mentor without a picture keeps the digest of the time when there was no such column.
    told = {name: value for name, value in values.items() if name != "photo_url" or value is not None}
    values["fingerprint"] = _digest(json.dumps(told, ensure_ascii=False, default=str))
    stored = tuple(values[name] for name in COLUMNS)
    folded = [_folded(skill) for skill in row.free_skills]
    return IncomingMentor(row.line, external_id, (*stored, row.line, folded))


def derived_id(row: MentorRow) -> str:
    """The id of a row that states none: the same in every import in which its handle, or else its name and
    title, are the same.
    """
    if row.telegram:
        return f"telegram:{row.telegram.lower()}"
    return "auto:" + _digest(json.dumps([_folded(row.name), _folded(row.title)], ensure_ascii=False))


def _values(row: MentorRow, external_id: str) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "name": row.name,
        "telegram": row.telegram,
        "title": row.title,
        "company": row.company,
        "about": row.about,
        "photo_url": row.photo_url,
        "directions": list(row.directions),
        "skills": list(row.skills),
        "free_skills": list(row.free_skills),
        "years": None if row.years is None else float(row.years),
        "level": row.level,
        "helps_levels": list(row.helps_levels),
        "goals": list(row.goals),
        "formats": list(row.formats),
        "languages": list(row.languages),
        "timezone": row.timezone,
        "price": None if row.price is None else row.price.quantize(_CENTS, ROUND_HALF_EVEN),
        "currency": row.currency,
        "price_unit": row.price_unit,
        "capacity": row.capacity,
        # Kept in the digest, and nowhere else: who is elite is said by criteria (usecases/standings.py).
        "tier": row.tier,
        "reviews_count": row.reviews_count,
        "rating_sum": float(row.rating_sum),
    }


def _refusal(row: MentorRow) -> tuple[str | None, str] | None:
    """The first constraint of the table that the row would break: the column and a sentence."""
    for name, text in _texts(row):
        bad = _UNSTORABLE.search(text)
        if bad:
            return name, f"has the character {bad[0]!a}, which cannot be stored; remove it"
    return next(((name, message) for name, holds, message in _CONSTRAINTS if not holds(row)), None)


def _texts(row: MentorRow) -> Iterator[tuple[str, str]]:
    yield "external_id", row.external_id or ""
    yield "name", row.name
    yield "telegram", row.telegram or ""
    yield "title", row.title
    yield "company", row.company
    yield "about", row.about
    yield "photo_url", row.photo_url or ""
    yield "skills", "".join(row.free_skills)
    yield "languages", "".join(row.languages)
    yield "timezone", row.timezone or ""


def _within(value: float | Decimal | None, most: float) -> bool:
    return value is None or (math.isfinite(value) and 0 <= value <= most)


def _is_secure(address: str | None) -> bool:
    return address is None or address.startswith("https://")


def _stars(row: MentorRow) -> bool:
    return row.reviews_count <= row.rating_sum <= 5 * row.reviews_count


def _fits_an_index(row: MentorRow) -> bool:
    return len((row.external_id or row.telegram or "").encode()) <= _LONGEST_ID_BYTES


#: The constraints of the table, in words. The reader of files refuses nearly all of this first and more
#: precisely; whatever it lets through must still be a refused row, and not a statement that fails.
_CONSTRAINTS: tuple[tuple[str | None, Callable[[MentorRow], bool], str], ...] = (
    ("external_id", _fits_an_index, f"the id has more than {_LONGEST_ID_BYTES} bytes; give a shorter one"),
    ("name", lambda row: row.name != "", "is empty; every mentor needs a name"),
    ("title", lambda row: row.title != "", "is empty; every mentor needs a title"),
    (
        "skills",
        lambda row: bool(row.directions or row.skills or row.free_skills),
        "no skill and no direction; give at least one of either",
    ),
    (
        "price",
        lambda row: _within(row.price, _MOST_PRICE - 1),
        f"must be a number from 0 to below {_MOST_PRICE:,}; leave it empty if unknown",
    ),
    (
        "capacity",
        lambda row: _within(row.capacity, _MOST_INTEGER),
        "must be a whole number from 0 to 2147483647",
    ),
    ("years", lambda row: _within(row.years, math.inf), "must be a number, 0 or more"),
    (
        "photo_url",
        lambda row: _is_secure(row.photo_url),
        "must begin with https://; leave it empty if unknown",
    ),
    (
        "currency",
        lambda row: re.fullmatch("[A-Z]{3}", row.currency) is not None,
        "must be a code of three letters, such as RUB",
    ),
    (
        "reviews_count",
        lambda row: _within(row.reviews_count, _MOST_INTEGER),
        "must be a whole number from 0 to 2147483647",
    ),
    ("rating_sum", _stars, "must be between one and five stars for each of reviews_count"),
)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()

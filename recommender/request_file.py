"""Students' requests read from JSON lines: the questionnaire's answers by name, however spelled."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from recommender import mentor_values as values
from recommender.lines import BadLineError, read_lines
from recommender.mentor_values import BadValueError
from recommender.model import DirectionKey, PriceUnit, Request
from recommender.taxonomy import Taxonomy

FIELDS: Final = (
    "id",
    "directions",
    "goals",
    "level",
    "skills",
    "budget",
    "price_unit",
    "formats",
    "languages",
    "timezone",
    "about",
    "wishes",
)
"""The fields of a line; all may be missing or null but one of directions, skills and about."""

_BETWEEN: Final = re.compile(r"[,;|\n]+")

T = TypeVar("T")


def read_requests(path: Path, taxonomy: Taxonomy) -> list[Request]:
    """The requests of a file, in its order; without an id, the line number is one.

    Raises BadFileError with every bad line: no JSON object, an unknown field or value, an id that was there
    before or has blanks in it, or nothing to rank by.
    """
    return read_lines(path, partial(_request, taxonomy=taxonomy, lines_of_ids={}))


def _request(number: int, line: str, *, taxonomy: Taxonomy, lines_of_ids: dict[str, int]) -> Request:
    answers = _Answers(_object(line), taxonomy)
    budget, unit, currency = answers.money()
    skills, free_skills = taxonomy.sort_skills(answers.listed("skills"))
    request = Request(
        id=_new_id(answers.text("id") or str(number), number, lines_of_ids),
        directions=answers.directions(),
        goals=answers.read_list("goals", values.goals),
        level=answers.read("level", values.level, None),
        skills=skills,
        free_skills=free_skills,
        budget=budget,
        price_unit=unit,
        currency=currency,
        formats=answers.read_list("formats", values.formats),
        languages=answers.read_list("languages", values.languages),
        timezone=answers.read("timezone", values.timezone, None),
        about=answers.text("about"),
        wishes=answers.read_list("wishes", values.wishes),
    )
    if not (request.directions or request.skills or request.free_skills or request.about.strip()):
        raise BadLineError(None, "nothing to rank by; give directions, skills or about")
    return request


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError(None, f"no JSON ({error}); write one object in braces on each line") from error
    if not isinstance(found, dict):
        raise BadLineError(None, "no JSON object; write the answers by name in braces")
    unknown = sorted(set(found) - set(FIELDS))
    if unknown:
        raise BadLineError(unknown[0], f"there is no such field; fields are {', '.join(FIELDS)}")
    return found


def _new_id(request_id: str, number: int, lines_of_ids: dict[str, int]) -> str:
    if request_id.split() != [request_id]:
        raise BadLineError("id", f"{request_id!r} has blanks in it; write an id without any")
    first = lines_of_ids.setdefault(request_id, number)
    if first != number:
        raise BadLineError("id", f"{request_id!r} is in line {first} already; give each request its own")
    return request_id


@dataclass(frozen=True, slots=True)
class _Answers:
    """The values of one line by field."""

    values: Mapping[str, Any]
    taxonomy: Taxonomy

    def text(self, field: str) -> str:
        """A text or a number as text; empty where there is none."""
        value = self.values.get(field)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadLineError(field, "this should be a text in quotes")
        return str(value)

    def listed(self, field: str) -> tuple[str, ...]:
        """A list of texts, or one text with commas."""
        value = self.values.get(field)
        entries = _BETWEEN.split(value) if isinstance(value, str) else value or ()
        if not isinstance(entries, list | tuple) or not all(isinstance(one, str) for one in entries):
            raise BadLineError(field, "this should be a list of texts in square brackets")
        return tuple(one.strip() for one in entries if one.strip())

    def read(self, field: str, parse: Callable[[str], T], missing: T) -> T:
        """One text turned into a value."""
        text = self.text(field).strip()
        return _parsed(field, parse, text) if text else missing

    def read_list(self, field: str, parse: Callable[[str], tuple[T, ...]]) -> tuple[T, ...]:
        """Each text of a list turned into values, each once."""
        found = (one for text in self.listed(field) for one in _parsed(field, parse, text))
        return tuple(dict.fromkeys(found))

    def directions(self) -> tuple[DirectionKey, ...]:
        """The directions by any of their names, or those a title speaks of."""
        return self.read_list("directions", self._directions)

    def _directions(self, text: str) -> tuple[DirectionKey, ...]:
        whole = self.taxonomy.find_direction(text)
        found = self.taxonomy.directions_in(text) if whole is None else (whole,)
        if not found:
            known = ", ".join(self.taxonomy.directions)
            raise BadValueError(f"there is no direction {text[:60]!r}; write one of {known}")
        return found

    def money(self) -> tuple[float | None, PriceUnit, str]:
        """Budget, its unit and currency; a text may name all three ("100 $ в месяц")."""
        unit = self.read("price_unit", values.price_unit, None)
        amount = self.values.get("budget")
        if isinstance(amount, str) and amount.strip():
            said = _parsed("budget", values.price, amount)
            budget = None if said.amount is None else float(said.amount)
            return budget, unit or said.unit or PriceUnit.HOUR, said.currency or "RUB"
        return _budget(amount), unit or PriceUnit.HOUR, "RUB"


def _budget(amount: Any) -> float | None:
    if amount is None or amount == "":
        return None
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < math.inf:
        raise BadLineError("budget", f"{amount!r} is no amount; write a number such as 5000, or 0 for free")
    return float(amount)


def _parsed(field: str, parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except BadValueError as error:
        raise BadLineError(field, str(error)) from error

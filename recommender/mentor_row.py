"""One record of a mentor file brought to the recommender's vocabulary, or refused with a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from recommender import mentor_values as values
from recommender.mentor_values import BadValueError, Price, is_empty
from recommender.model import DirectionKey, Format, Goal, Level, PriceUnit, SkillKey, Tier
from recommender.taxonomy import Taxonomy

MAX_EXTERNAL_ID = 200
MAX_NAME = 200
MAX_TITLE = 300
MAX_COMPANY = 200
MAX_ABOUT = 10_000
MAX_SKILLS = 300
MAX_SKILL = 100

# NUL and other control characters, what could not be decoded, and halves of characters out of JSON.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")
# What a spreadsheet would run: =1+1, @SUM(1), -cmd|' /C calc'!A0. Not "@name", "+3", "- a list".
_FORMULA = re.compile(r"\s*(?:=\s*[\w(+\-\"'@$]|[+\-@][^\W\d_][\w.]*\(|[+\-@].*\|.*!)")
_BETWEEN_DIRECTIONS = re.compile(r"[,;|\n]+")

Skills = tuple[tuple[SkillKey, ...], tuple[str, ...]]
_NO_SKILLS: Skills = ((), ())
_NO_DIRECTIONS: tuple[DirectionKey, ...] = ()

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorRow:
    """One good row of a mentor file: normalised, ready for storing. ``line`` is where its record begins.

    ``skills`` and ``directions`` are keys of the taxonomy, ``free_skills`` what the taxonomy does not know,
    as written. ``telegram`` is a user name without "@". The rest is as in :class:`recommender.model.Mentor`.
    """

    line: int
    external_id: str | None
    name: str
    telegram: str | None
    title: str
    company: str
    about: str
    photo_url: str | None
    directions: tuple[DirectionKey, ...]
    skills: tuple[SkillKey, ...]
    free_skills: tuple[str, ...]
    years: float | None
    level: Level | None
    helps_levels: tuple[Level, ...]
    goals: tuple[Goal, ...]
    formats: tuple[Format, ...]
    languages: tuple[str, ...]
    timezone: str | None
    price: Decimal | None
    currency: str
    price_unit: PriceUnit
    capacity: int | None
    tier: Tier
    reviews_count: int
    rating_sum: float


class RefusedError(Exception):
    """The row cannot be used: the column at fault, and what is wrong and how to mend it."""

    def __init__(self, column: str | None, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


class RowReader:
    """Reads the rows of one file; remembers the ids it has met."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._lines_of_ids: dict[str, int] = {}
        self._directions = lru_cache(4096)(self._read_directions)

    def read(self, line: int, texts: Mapping[str, str]) -> MentorRow:
        """The row of a record's cells, by the names of our columns; :class:`RefusedError` if it is bad."""
        cells = _Cells(texts)
        cells.check_characters()
        skills, free_skills = cells.read("skills", self._read_skills, _NO_SKILLS)
        price = cells.price()
        reviews_count, rating_sum = cells.rating()
        row = MentorRow(
            line=line,
            external_id=cells.line_of_text("external_id", MAX_EXTERNAL_ID) or None,
            name=cells.needed("name", MAX_NAME),
            telegram=cells.read("telegram", values.telegram, None),
            title=cells.needed("title", MAX_TITLE),
            company=cells.line_of_text("company", MAX_COMPANY),
            about=cells.text("about", MAX_ABOUT),
            photo_url=cells.read("photo_url", values.photo_url, None),
            directions=self._directions_of(cells, skills),
            skills=skills,
            free_skills=free_skills,
            years=cells.read("years", values.years, None),
            level=cells.read("level", values.level, None),
            helps_levels=cells.read("helps_levels", values.levels, ()),
            goals=cells.read("goals", values.goals, ()),
            formats=cells.read("formats", values.formats, ()),
            languages=cells.read("languages", values.languages, ()),
            timezone=cells.read("timezone", values.timezone, None),
            price=price.amount,
            currency=price.currency or "RUB",
            price_unit=price.unit or PriceUnit.HOUR,
            capacity=cells.read("capacity", values.capacity, None),
            tier=cells.read("tier", values.tier, Tier.COMMON),
            reviews_count=reviews_count,
            rating_sum=rating_sum,
        )
        self._check_useful(row)
        self._check_new(row)
        return row

    def _read_skills(self, cell: str) -> Skills:
        known, free = self._taxonomy.read_skills(cell)
        if len(known) + len(free) > MAX_SKILLS:
            raise BadValueError(f"{len(known) + len(free)} skills; list at most {MAX_SKILLS}")
        too_long = next((skill for skill in free if len(skill) > MAX_SKILL), None)
        if too_long is not None:
            raise BadValueError(
                f"the skill {too_long[:40]!r}… has {len(too_long)} characters; write at most {MAX_SKILL},"
                " and put commas between skills"
            )
        return known, free

    def _read_directions(self, cell: str) -> tuple[DirectionKey, ...]:
        found: dict[DirectionKey, None] = {}
        for entry in filter(str.strip, _BETWEEN_DIRECTIONS.split(cell)):
            whole = self._taxonomy.find_direction(entry)
            keys = (whole,) if whole is not None else self._taxonomy.directions_in(entry)
            if not keys:
                known = ", ".join(self._taxonomy.directions)
                raise BadValueError(f"there is no direction «{entry.strip()[:60]}»; write {known}")
            found.update(dict.fromkeys(keys))
        return tuple(found)

    def _directions_of(self, cells: "_Cells", skills: tuple[SkillKey, ...]) -> tuple[DirectionKey, ...]:
        """The directions given, else those the title speaks of, else the one most of the skills belong to."""
        given = cells.read("directions", self._directions, _NO_DIRECTIONS)
        title = cells.line_of_text("title", MAX_TITLE)
        return given or self._taxonomy.directions_in(title) or self._most_frequent(skills)

    def _most_frequent(self, skills: tuple[SkillKey, ...]) -> tuple[DirectionKey, ...]:
        firsts = [key for skill in skills for key in self._taxonomy.skills[skill].directions[:1]]
        return (max(firsts, key=firsts.count),) if firsts else ()

    def _check_useful(self, row: MentorRow) -> None:
        if not (row.directions or row.skills or row.free_skills):
            raise RefusedError(
                "skills", "no skills and no directions, and the title tells neither; fill in one of the two"
            )

    def _check_new(self, row: MentorRow) -> None:
        if row.external_id is None:
            return
        first = self._lines_of_ids.setdefault(row.external_id, row.line)
        if first != row.line:
            raise RefusedError(
                "external_id",
                f"{row.external_id!r} is in line {first} too; remove one of the two, or give it another id",
            )


class _Cells:
    """The cells of one row by the names of our columns."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {column: text for column, text in texts.items() if not is_empty(text)}

    def check_characters(self) -> None:
        """Nothing unreadable, and nothing a spreadsheet would run."""
        if _UNREADABLE.search("".join(self._texts.values())) is not None:
            self._refuse_unreadable()
        for column, text in self._texts.items():
            if text.lstrip()[:1] in "=+-@" and _FORMULA.match(text):
                raise RefusedError(column, "a spreadsheet formula; write the value itself")

    def _refuse_unreadable(self) -> None:
        for column, text in self._texts.items():
            found = _UNREADABLE.search(text)
            if found is not None:
                what = (
                    "text that is no UTF-8"
                    if found[0] == "\ufffd"
                    else f"the character U+{ord(found[0]):04X}"
                )
                raise RefusedError(column, f"{what} at place {found.start() + 1}; type the text anew")

    def read(self, column: str, parse: Callable[[str], T], default: T) -> T:
        """The value of a cell; the default where it is empty."""
        text = self._texts.get(column)
        if text is None:
            return default
        try:
            return parse(text)
        except BadValueError as error:
            raise RefusedError(column, str(error)) from error

    def text(self, column: str, limit: int) -> str:
        """A text of several lines."""
        text = self._texts.get(column, "").replace("\r\n", "\n").strip()
        if len(text) > limit:
            raise RefusedError(column, f"{len(text):,} characters; write at most {limit:,}")
        return text

    def line_of_text(self, column: str, limit: int) -> str:
        """A text of one line."""
        return " ".join(self.text(column, limit).split())

    def needed(self, column: str, limit: int) -> str:
        """A text of one line that must be there."""
        text = self.line_of_text(column, limit)
        if not text:
            raise RefusedError(column, "empty; every mentor needs one")
        return text

    def price(self) -> Price:
        """The price, and its currency and unit from their own columns or from beside the number."""
        price = self.read("price", values.price, Price(None, None, None))
        currency = self.read("currency", values.currency, price.currency)
        unit = self.read("price_unit", values.price_unit, price.unit)
        for column, own, beside in (("currency", currency, price.currency), ("price_unit", unit, price.unit)):
            if beside is not None and own != beside:
                raise RefusedError(column, f"{own} here, but the price says {beside}; correct one of the two")
        if unit is PriceUnit.OFFER_SHARE and price.amount is not None and price.amount > values.MAX_SHARE:
            raise RefusedError(
                "price", f"{price.amount} percent of an offer; write at most {values.MAX_SHARE}"
            )
        return Price(price.amount, currency, unit)

    def rating(self) -> tuple[int, float]:
        """The number of reviews and the sum of their stars; reviews without stars count 0."""
        count = self.read("reviews_count", values.count, None)
        total = self.read("rating_sum", values.stars, None)
        average = self.read("rating", values.stars, None)
        if total is None and average:
            total = self._sum_of(average, count)
        if total is None or not (total or count):
            return 0, 0.0
        if not count or not count <= total <= 5 * count:
            raise RefusedError(
                "rating_sum", f"{total:g} stars for {count or 0} reviews; each review has from 1 to 5 stars"
            )
        return count, total

    def _sum_of(self, average: float, count: int | None) -> float:
        if count is None:
            raise RefusedError("rating", "a rating without the number of reviews; add reviews_count")
        if not 1 <= average <= 5:
            raise RefusedError("rating", f"{average:g} is no average of stars; it must be from 1 to 5")
        return round(average * count, 4)

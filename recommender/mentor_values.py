"""Single cells of a mentor file: each function turns what people write into the model's value.

What cannot be understood raises :class:`BadValueError`, whose text says what is wrong and how to mend it.
The words themselves are in ``mentor_file.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import available_timezones

from recommender.model import Format, Goal, Level, PriceUnit, Tier, Wish
from recommender.phrases import PhraseIndex, words_of
from recommender.words import fold

_NUMBER = r"\d{1,3}(?:[ '.,]\d{3})+(?!\d)(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_AMOUNT = re.compile(rf"(?<![\d-])(?P<number>{_NUMBER})\s*(?P<thousands>(?:к|k|тыс|тысяч\w*)(?![^\W\d_]))?")
_RANGE_THOUSANDS = re.compile(rf"(?:{_NUMBER})\s*[-–—]\s*(?:{_NUMBER})\s*(?:к|k|тыс|тысяч\w*)(?![^\W\d_])")
_NEGATIVE = re.compile(r"^\s*[-−]\s*\d")
_WHOLE = re.compile(r"(\d{1,9})(?:[.,]0+)?")
_DECIMAL = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
_ENTRIES = re.compile(r"[,;|/\n]+")
_TELEGRAM = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:t|telegram)\.me/|tg://resolve\?domain=|@)?([a-z][a-z0-9_]{3,31})/?",
    re.IGNORECASE,
)
_WEB_ADDRESS = re.compile(r"https://[^\s/?#@\\]+\.[^\s/?#@\\]+(?:[/?#]\S*)?", re.IGNORECASE)
_OFFSET = re.compile(
    r"(?P<base>utc|gmt|мск|msk)?\s*(?P<sign>[+\-−])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?"
)
_SYMBOLS = re.compile(r"[$€₽₸₾֏£₴₺₪%]|zł")

# Longer cells are not looked up: most are, and every cell of a large file is asked.
_LONGEST_EMPTY = 20

MAX_PRICE = Decimal(100_000_000)
MAX_SHARE = Decimal(300)
MAX_YEARS = 70
MAX_COUNT = 1_000_000
MAX_CAPACITY = 1_000
MAX_ADDRESS = 2_000


class BadValueError(Exception):
    """The cell cannot be understood."""


class Price(NamedTuple):
    """What a price cell says; ``currency`` and ``unit`` None where it does not say."""

    amount: Decimal | None
    currency: str | None
    unit: PriceUnit | None


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Mapping[str, list[str]]]:
    """The tables of ``mentor_file.toml``."""
    return tomllib.loads(files("recommender").joinpath("mentor_file.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def named(table: str) -> PhraseIndex[str]:
    """The values of one table, found by their key or any of their names."""
    return PhraseIndex(
        (name, key)
        for key, names in vocabulary()[table].items()
        for name in (key.replace("_", " "), *(name for name in names if words_of(name)))
    )


@lru_cache(maxsize=1)
def _empty_cells() -> frozenset[str]:
    return frozenset({"", *vocabulary()["empty"]})


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing: blank, a dash, "n/a"."""
    return cell.isspace() if len(cell) > _LONGEST_EMPTY else cell.strip().lower() in _empty_cells()


@lru_cache(maxsize=4096)
def telegram(cell: str) -> str:
    """The user name without "@", from a name or a link."""
    match = _TELEGRAM.fullmatch(cell.strip().partition("?start")[0])
    if match is None:
        raise BadValueError(
            f"{_shown(cell)} is no Telegram name; write @name (4 to 32 Latin letters, digits or _) or https://t.me/name"
        )
    return match[1]


def photo_url(cell: str) -> str:
    """The address of a picture; only https, since others read it."""
    address = cell.strip()
    if len(address) > MAX_ADDRESS:
        raise BadValueError(f"{len(address):,} characters; write at most {MAX_ADDRESS:,}")
    if _WEB_ADDRESS.fullmatch(address) is None:
        raise BadValueError(f"{_shown(cell)} is no address of a picture; write https://… or leave it empty")
    return "https" + address[len("https") :]


@lru_cache(maxsize=4096)
def price(cell: str) -> Price:
    """The lowest amount the cell names, with the currency and unit it names beside it."""
    text = fold(cell).replace("’", "'")
    beside = (_currency_in(text), _unit_in(text))
    if named("prices").whole(text) == "free":
        return Price(Decimal(0), *beside)
    if named("prices").whole(text) == "unknown":
        return Price(None, None, None)
    amount = _AMOUNT.search(text)
    if amount is None or _NEGATIVE.match(text):
        raise BadValueError(
            f"{_shown(cell)} is no price; write a number such as 5000, 0 for free, or leave it empty"
        )
    value = _decimal(amount["number"])
    if amount["thousands"] or _RANGE_THOUSANDS.search(text):
        value *= 1000
    limit = MAX_SHARE if beside[1] is PriceUnit.OFFER_SHARE else MAX_PRICE
    if value > limit:
        raise BadValueError(f"{_shown(cell)} is more than {limit:,}; correct the number")
    return Price(value, *beside)


def _decimal(number: str) -> Decimal:
    """5 000, 5,000.50 and 5,5 as people mean them: a mark before exactly three digits parts thousands."""
    plain = re.sub(r"[ '.,](?=\d{3}(?!\d))", "", number)
    return Decimal(plain.replace(",", "."))


def _currency_in(text: str) -> str | None:
    for key, names in vocabulary()["currencies"].items():
        if any(symbol in names for symbol in _SYMBOLS.findall(text)):
            return key
    # Glued to a number, as in "5000р", a word would not stand alone.
    spans = named("currencies").spans(words_of(re.sub(r"(?<=\d)(?=[^\W\d_])", " ", text)))
    return spans[0].value if spans else None


def _unit_in(text: str) -> PriceUnit | None:
    if "%" in text:
        return PriceUnit.OFFER_SHARE
    spans = named("price_units").spans(words_of(re.sub(r"(?<=\d)(?=[^\W\d_])", " ", text)))
    return PriceUnit(spans[0].value) if spans else None


@lru_cache(maxsize=1024)
def currency(cell: str) -> str:
    """An ISO 4217 code, from a code, a symbol or a word."""
    found = _currency_in(fold(cell))
    if found is None:
        known = ", ".join(vocabulary()["currencies"])
        raise BadValueError(f"{_shown(cell)} is no known currency; write one of {known}")
    return found


@lru_cache(maxsize=1024)
def price_unit(cell: str) -> PriceUnit:
    """What the price is for."""
    found = _unit_in(fold(cell))
    if found is None:
        raise BadValueError(f"{_shown(cell)} is no unit of price; write one of {', '.join(PriceUnit)}")
    return found


@lru_cache(maxsize=1024)
def years(cell: str) -> float:
    """Years of experience; the lower end of a range."""
    match = _DECIMAL.search(cell)
    value = float(match[0].replace(",", ".")) if match else -1.0
    if not 0 <= value <= MAX_YEARS or _NEGATIVE.match(cell):
        raise BadValueError(
            f"{_shown(cell)} is no number of years from 0 to {MAX_YEARS}; write one such as 5"
        )
    return value


@lru_cache(maxsize=1024)
def count(cell: str) -> int:
    """A whole number of reviews or sessions."""
    return _whole(cell, MAX_COUNT)


@lru_cache(maxsize=1024)
def capacity(cell: str) -> int:
    """A whole number of free places."""
    return _whole(cell, MAX_CAPACITY)


def _whole(cell: str, limit: int) -> int:
    match = _WHOLE.fullmatch("".join(cell.split()))
    if match is None or int(match[1]) > limit:
        raise BadValueError(f"{_shown(cell)} is no whole number from 0 to {limit:,}; write one such as 3")
    return int(match[1])


@lru_cache(maxsize=1024)
def stars(cell: str) -> float:
    """A number that is not negative: a sum of stars, or their average."""
    match = _DECIMAL.fullmatch(cell.strip())
    if match is None:
        raise BadValueError(f"{_shown(cell)} is no number; write one such as 4.8")
    return float(match[0].replace(",", "."))


@lru_cache(maxsize=1024)
def level(cell: str) -> Level:
    """The highest level the cell names."""
    found = [Level(key) for key in _found("levels", cell) if key != "any"]
    if not found:
        raise BadValueError(f"{_shown(cell)} is no level; write one of {', '.join(Level)}")
    return max(found, key=lambda one: one.rank)


@lru_cache(maxsize=4096)
def levels(cell: str) -> tuple[Level, ...]:
    """The levels the cell lists, in ascending order."""
    keys = _listed("levels", cell, "level", Level)
    return tuple(Level) if "any" in keys else tuple(one for one in Level if one in keys)


@lru_cache(maxsize=4096)
def goals(cell: str) -> tuple[Goal, ...]:
    """The goals the cell lists."""
    return tuple(map(Goal, _listed("goals", cell, "goal", Goal)))


@lru_cache(maxsize=4096)
def formats(cell: str) -> tuple[Format, ...]:
    """The forms of work the cell lists."""
    return tuple(map(Format, _listed("formats", cell, "form of work", Format)))


@lru_cache(maxsize=64)
def wishes(cell: str) -> tuple[Wish, ...]:
    """What was missing in an earlier shortlist."""
    return tuple(map(Wish, _listed("wishes", cell, "wish", Wish)))


@lru_cache(maxsize=4096)
def languages(cell: str) -> tuple[str, ...]:
    """ISO 639-1 codes of the languages the cell lists; what is in brackets ("B2") is put aside."""
    plain = re.sub(r"\([^)]*\)", " ", cell)
    return tuple(_listed("languages", plain, "language", vocabulary()["languages"]))


@lru_cache(maxsize=64)
def tier(cell: str) -> Tier:
    """The mentor's list."""
    key = named("tiers").whole(cell)
    if key is None:
        raise BadValueError(f"{_shown(cell)} is no tier; write one of {', '.join(Tier)}")
    return Tier(key)


def _found(table: str, text: str) -> list[str]:
    whole = named(table).whole(text)
    return [whole] if whole else [span.value for span in named(table).spans(words_of(text))]


def _listed(table: str, cell: str, what: str, known: Iterable[str]) -> list[str]:
    """The values of a list, each once; every entry must name at least one."""
    keys: dict[str, None] = {}
    for entry in filter(str.strip, _ENTRIES.split(cell)):
        found = _found(table, entry)
        if not found:
            raise BadValueError(f"{_shown(entry)} is no known {what}; write {', '.join(known)}")
        keys.update(dict.fromkeys(found))
    return list(keys)


@lru_cache(maxsize=4096)
def timezone(cell: str) -> str:
    """An IANA name, from one, a city, an abbreviation or an offset from UTC or Moscow."""
    text = fold(cell).strip()
    zone = _iana_names().get(text.replace(" ", "_")) or named("timezones").whole(text)
    if zone is None:
        zone = _place_in(text) or _at_offset(text)
    if zone is None:
        raise BadValueError(
            f"{_shown(cell)} is no known time zone; write an IANA name such as Europe/Moscow, or UTC+3"
        )
    return zone


def _place_in(text: str) -> str | None:
    """A city beside its offset, "(UTC+05:00) Екатеринбург": the city knows more. But "МСК+2" is an offset."""
    if _OFFSET.fullmatch(text):
        return None
    spans = named("timezones").spans(words_of(text))
    return spans[0].value if spans else None


def _at_offset(text: str) -> str | None:
    match = _OFFSET.search(text)
    if match is None:
        return "Etc/UTC" if text in {"utc", "gmt"} else None
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    minutes = minutes if match["sign"] == "+" else -minutes
    if match["base"] in {"мск", "msk"}:
        minutes += 3 * 60
    return _zone_of(minutes)


def _zone_of(minutes: int) -> str | None:
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    known = vocabulary()["offsets"].get(f"{sign}{hours:02}:{rest:02}")
    if known is not None:
        return str(known)
    # The names of Etc/GMT count westward: Etc/GMT+5 is five hours behind UTC.
    name = f"Etc/GMT{'+' if minutes < 0 else '-'}{hours}"
    return name if rest == 0 and name in available_timezones() else None


@lru_cache(maxsize=1)
def _iana_names() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name or name == "UTC"}


def _shown(cell: str) -> str:
    """The cell as an error shows it: quoted, and not too long."""
    text = " ".join(cell.split())
    return f"«{text[:60]}…»" if len(text) > 60 else f"«{text}»"

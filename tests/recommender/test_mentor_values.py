"""Single cells of a mentor file: what people write, and what it means."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import mentor_values as values
from recommender.mentor_values import BadValueError, Price
from recommender.model import Format, Goal, Level, PriceUnit, Tier


@pytest.mark.parametrize(
    ("cell", "amount", "currency", "unit"),
    [
        ("5000", "5000", None, None),
        ("5 000 ₽", "5000", "RUB", None),
        ("5\xa0000", "5000", None, None),
        ("5'000", "5000", None, None),
        ("5,000.50", "5000.50", None, None),
        ("5.000,50", "5000.50", None, None),
        ("5,5", "5.5", None, None),
        ("от 5000", "5000", None, None),
        ("3000-5000", "3000", None, None),
        ("3 000 – 5 000 руб.", "3000", "RUB", None),
        ("3-5 тыс", "3000", None, None),
        ("5к", "5000", None, None),
        ("5k rub", "5000", "RUB", None),
        ("1500р", "1500", "RUB", None),
        ("5000 руб/час", "5000", "RUB", PriceUnit.HOUR),
        ("25 000 ₽ в месяц", "25000", "RUB", PriceUnit.MONTH),
        ("$50", "50", "USD", None),
        ("€40 per hour", "40", "EUR", PriceUnit.HOUR),
        ("50 USD/session", "50", "USD", PriceUnit.SESSION),
        ("2000 тенге", "2000", "KZT", None),
        ("50% от оффера", "50", None, PriceUnit.OFFER_SHARE),
        ("бесплатно", "0", None, None),
        ("0", "0", None, None),
    ],
)
def test_a_price_is_read_with_what_stands_beside_it(
    cell: str, amount: str, currency: str | None, unit: PriceUnit | None
) -> None:
    assert values.price(cell) == Price(Decimal(amount), currency, unit)


def test_a_negotiable_price_is_unknown() -> None:
    assert values.price("по договорённости") == Price(None, None, None)


@pytest.mark.parametrize("cell", ["дорого", "-5", "1 000 000 000", "400%", "₽"])
def test_what_is_no_price_is_refused(cell: str) -> None:
    with pytest.raises(BadValueError):
        values.price(cell)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("@anna_dev", "anna_dev"),
        ("anna_dev", "anna_dev"),
        ("https://t.me/anna_dev", "anna_dev"),
        ("http://www.t.me/anna_dev/", "anna_dev"),
        ("t.me/anna_dev", "anna_dev"),
        ("telegram.me/anna_dev", "anna_dev"),
        ("https://t.me/anna_dev?start=x", "anna_dev"),
        ("tg://resolve?domain=anna_dev", "anna_dev"),
    ],
)
def test_a_telegram_name_is_read_from_a_name_or_a_link(cell: str, name: str) -> None:
    assert values.telegram(cell) == name


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("https://example.org/a.jpg", "https://example.org/a.jpg"),
        (" HTTPS://example.org ", "https://example.org"),
        ("https://пример.рф/фото?size=2#x", "https://пример.рф/фото?size=2#x"),
    ],
)
def test_the_address_of_a_picture_is_read(cell: str, address: str) -> None:
    assert values.photo_url(cell) == address


@pytest.mark.parametrize(
    "cell",
    [
        "http://example.org/a.jpg",
        "a.jpg",
        "C:\\photos\\a.jpg",
        "https://",
        "https:///a.jpg",
        "https://localhost/a.jpg",
        "https://somebody@example.org/a.jpg",
        "https://example.org/a b.jpg",
        "javascript:alert(1)",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_what_is_no_address_of_a_picture_is_refused(cell: str) -> None:
    with pytest.raises(BadValueError, match="write"):
        values.photo_url(cell)


@pytest.mark.parametrize(
    "cell",
    ["+7 999 123-45-67", "анна", "@a", "https://t.me/+AbCd", "https://example.com/anna", "anna dev", "1anna"],
)
def test_what_is_no_telegram_name_is_refused(cell: str) -> None:
    with pytest.raises(BadValueError, match="Telegram"):
        values.telegram(cell)


@pytest.mark.parametrize(
    ("cell", "zone"),
    [
        ("Europe/Moscow", "Europe/Moscow"),
        ("europe/moscow", "Europe/Moscow"),
        ("МСК", "Europe/Moscow"),
        ("Москва", "Europe/Moscow"),
        ("Санкт-Петербург", "Europe/Moscow"),
        ("UTC+3", "Europe/Moscow"),
        ("GMT+03:00", "Europe/Moscow"),
        ("+3", "Europe/Moscow"),
        ("UTC +0300", "Europe/Moscow"),
        ("МСК+2", "Asia/Yekaterinburg"),
        ("МСК-1", "Europe/Kaliningrad"),
        ("(UTC+05:00) Екатеринбург", "Asia/Yekaterinburg"),
        ("Asia/Tbilisi (UTC+4)", "Asia/Tbilisi"),
        ("UTC", "UTC"),
        ("GMT", "Etc/UTC"),
        ("UTC-5", "Etc/GMT+5"),
        ("UTC+1", "Etc/GMT-1"),
        ("UTC+5:30", "Asia/Kolkata"),
    ],
)
def test_a_time_zone_is_read_from_a_name_a_city_or_an_offset(cell: str, zone: str) -> None:
    assert values.timezone(cell) == zone


@pytest.mark.parametrize("cell", ["Луна", "UTC+99", "UTC+3:17", "5", "../etc/passwd"])
def test_what_is_no_time_zone_is_refused(cell: str) -> None:
    with pytest.raises(BadValueError, match="time zone"):
        values.timezone(cell)


@pytest.mark.parametrize(
    ("cell", "years"), [("5+ лет", 5), ("более 10 лет", 10), ("7,5", 7.5), ("3-5", 3), ("0", 0)]
)
def test_years_are_read_at_their_lower_end(cell: str, years: float) -> None:
    assert values.years(cell) == years


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("Senior", Level.SENIOR),
        ("сеньор", Level.SENIOR),
        ("Middle+", Level.MIDDLE),
        ("Middle/Senior", Level.SENIOR),
        ("Тимлид", Level.LEAD),
        ("Head of", Level.HEAD),
    ],
)
def test_the_level_is_the_highest_named(cell: str, level: Level) -> None:
    assert values.level(cell) is level


def test_lists_are_read_in_words_and_keys() -> None:
    assert values.levels("senior, джун") == (Level.JUNIOR, Level.SENIOR)
    assert values.levels("все уровни") == tuple(Level)
    assert values.goals("Собеседования; resume, резюме") == (Goal.INTERVIEWS, Goal.CV)
    assert values.formats("разово / регулярно") == (Format.ONE_OFF, Format.REGULAR)
    assert values.languages("Русский, English (B2)") == ("ru", "en")
    assert values.tier("Elite") is Tier.ELITE
    assert values.currency("руб.") == "RUB"
    assert values.price_unit("за час") is PriceUnit.HOUR
    assert values.count("12.0") == 12


@pytest.mark.parametrize(
    ("parse", "cell"),
    [
        (values.years, "с 2015"),
        (values.years, "-3"),
        (values.level, "космонавт"),
        (values.level, "любой"),
        (values.levels, "junior, космонавт"),
        (values.goals, "стать космонавтом"),
        (values.formats, "во сне"),
        (values.languages, "клингонский"),
        (values.tier, "золотой"),
        (values.currency, "ракушки"),
        (values.price_unit, "век"),
        (values.capacity, "2.5"),
        (values.capacity, "5000"),
        (values.count, "-1"),
        (values.stars, "пять"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_what_to_write(parse: object, cell: str) -> None:
    assert callable(parse)
    with pytest.raises(BadValueError, match="write"):
        parse(cell)


@pytest.mark.parametrize("cell", ["", "  ", "-", "—", "N/A", "null", "Не указано"])
def test_a_cell_that_says_nothing_is_empty(cell: str) -> None:
    assert values.is_empty(cell)


@pytest.mark.parametrize("cell", ["0", "да", "- и ещё", "нет опыта"])
def test_a_cell_that_says_something_is_not_empty(cell: str) -> None:
    assert not values.is_empty(cell)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_cell_ever_raises_anything_else(cell: str) -> None:
    for parse in (values.price, values.telegram, values.timezone, values.years, values.count, values.goals):
        with suppress(BadValueError):
            parse(cell)

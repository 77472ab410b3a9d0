"""The drawn card: always a picture of the same size, the same bytes, and never a box for a letter."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.views.cards import SIZE, Face, cut, draw, drawable, wrapped

ANNA = Face(
    ribbon="Новый ментор",
    name="Анна Ветрова",
    title="Senior Python-разработчик",
    company="Ромашка",
    directions=("Бэкенд", "DevOps"),
    price="3\u00a0000 ₽/час",
)
EVERYTHING_LONG = Face(
    ribbon="Новый ментор",
    name="Константин-Александр Преображенский-Вознесенский " * 4,
    title="Руководитель направления разработки высоконагруженных систем " * 5,
    company="Государственная корпорация " * 8,
    directions=("Инженерия данных",) * 22,
    price="9\u00a0999\u00a0999\u00a0999,99 KZT за встречу",
)
NOTHING = Face(ribbon="", name="", title="", company="", directions=(), price="")
UNKNOWN_SCRIPT = replace(ANNA, name="李小龍 🚀", company="🏢", directions=("🙂", "李"))
#: Telegram makes every picture smaller that is larger; and it is carried in a row of the outbox.
LARGEST = 150_000


def pixels(face: Face) -> Image.Image:
    with Image.open(BytesIO(draw(face))) as image:
        assert image.format == "JPEG"
        return image.convert("RGB")


@pytest.mark.parametrize(
    "face", [ANNA, EVERYTHING_LONG, NOTHING, UNKNOWN_SCRIPT], ids=lambda face: face.name[:9]
)
def test_whatever_stands_on_it_a_card_is_a_picture_of_one_size_and_small(face: Face) -> None:
    assert pixels(face).size == SIZE
    assert len(draw(face)) <= LARGEST


def test_the_same_mentor_gives_the_same_bytes() -> None:
    assert draw(ANNA) == draw(replace(ANNA))
    assert draw(ANNA) != draw(replace(ANNA, name="Анна Ветровая"))


def test_each_thing_that_is_told_is_seen() -> None:
    for name in ("ribbon", "name", "title", "company", "price"):
        assert draw(replace(ANNA, **{name: ""})) != draw(ANNA), name
    assert draw(replace(ANNA, directions=ANNA.directions[:1])) != draw(ANNA)


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("Анна Ветрова", "Анна Ветрова"),
        ("Ёжик Äpfel Ștefan Łódź Nguyễn", "Ёжик Äpfel Ștefan Łódź Nguyễn"),
        ("Ґудзь Өмір Қайрат Әлия", "Ґудзь Өмір Қайрат Әлия"),
        ("3\u00a0000 ₽ 50 € 20 £ 9 ₸", "3 000 ₽ 50 € 20 £ 9 ₸"),
        ("«Рога» — “C++”… №1 ½", "«Рога» — “C++”… №1 ½"),
        ("Li 🙂 Wei", "Li Wei"),
        ("👩🏽‍💻 Ann", "Ann"),
        ("𝐀𝐧𝐧𝐚", "Anna"),
        ("и\u0306ог", "йог"),
        ("a\u202eb\u200bc\u0000d", "abcd"),
        ("мен\u00adтор", "ментор"),
        ("李小龍", ""),
        ("  a \n b\t c ", "a b c"),
    ],
)
def test_letters_are_kept_and_what_would_be_a_box_is_not(written: str, drawn: str) -> None:
    assert drawable(written) == drawn


def test_nothing_is_drawn_for_what_is_left_out() -> None:
    assert draw(replace(ANNA, name="Анна 🙂 Ветрова")) == draw(ANNA)
    assert draw(replace(ANNA, company="🏢")) == draw(replace(ANNA, company=""))
    assert draw(replace(ANNA, directions=("Бэкенд", "🙂"))) == draw(replace(ANNA, directions=("Бэкенд",)))


def test_where_nothing_of_the_name_is_left_the_title_stands_in_its_place() -> None:
    nameless = replace(ANNA, name="李小龍")
    assert draw(nameless) == draw(replace(ANNA, name=ANNA.title, title=""))


def test_a_card_stands_out_on_a_dark_chat_and_on_a_light_one() -> None:
    for direction in map(str, range(40)):
        image = pixels(replace(ANNA, directions=(direction,)))
        for corner in ((2, 2), (SIZE[0] - 3, SIZE[1] - 3), (2, SIZE[1] - 3), (SIZE[0] - 3, 2)):
            red, green, blue = image.getpixel(corner)  # type: ignore[misc]
            light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
            # Telegram's own grounds are about 25 and 255.
            assert 38 < light < 200, (direction, corner, light)


def test_words_are_wrapped_between_them_and_cut_where_they_do_not_fit() -> None:
    pen, font = ImageDraw.Draw(Image.new("L", (1, 1))), ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    width = pen.textlength("one two three", font)
    assert wrapped(pen, "one two three four", font, width, 2) == ["one two three", "four"]
    assert wrapped(pen, "one two three four", font, width, 1)[0].endswith("…")
    assert wrapped(pen, "", font, width, 2) == []
    for text in ("one two three four", "abcdefghijklmnopqrstuvwxyz", "i" * 500):
        for line in wrapped(pen, text, font, width, 3):
            assert pen.textlength(line, font) <= width
    assert cut(pen, "abc", font, 0) == "…"

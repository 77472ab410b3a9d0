"""The drawn card of a newcomer who brought no picture: the same mentor gives the same bytes.

It has a ground of its own, dark enough to stand out on a light chat and bright enough on a dark one.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zlib import crc32

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)

BOLD, MEDIUM = "InterDisplay-Bold.otf", "Inter-Medium.otf"

Colour = tuple[int, int, int]
_Font = ImageFont.FreeTypeFont

WHITE: Colour = (255, 255, 255)
#: The ground at the top left and at the bottom right, and what is set off from it.
PALETTES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((49, 46, 129), (109, 40, 217), (196, 181, 253)),
    ((12, 74, 110), (2, 132, 199), (125, 211, 252)),
    ((6, 78, 59), (5, 150, 105), (110, 231, 183)),
    ((131, 24, 67), (219, 39, 119), (251, 182, 216)),
    ((124, 45, 18), (217, 87, 20), (254, 205, 161)),
    ((30, 41, 59), (71, 85, 135), (165, 180, 252)),
)

_MARGIN = 72
_RIGHT = SIZE[0] - _MARGIN
_DISC = 208
_TEXT_LEFT = _MARGIN + _DISC + 56
_TOP = 156
_MIDDLE_OF_DISC = (_MARGIN + _DISC / 2, _TOP + _DISC / 2)
_BOTTOM = SIZE[1] - _MARGIN
_CHIP_HEIGHT, _CHIP_PADDING, _CHIP_GAP = 56, 26, 14
_BEFORE_PRICE = 40
_UNDER_NAME = 10
#: From large to small; the last takes what does not fit with an ellipsis.
_NAME_SIZES = (76, 66, 56)
_PRICE_SIZES = (56, 46, 38)
_QUALITY = 90
#: How much larger shapes are drawn for the sake of their edges.
_FINER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What stands on a card, in words."""

    ribbon: str
    name: str
    title: str
    company: str
    directions: Sequence[str]
    price: str


def draw(face: Face) -> bytes:
    """The card as a JPEG. Characters that the fonts do not have, such as emoji, are left out."""
    dark, bright, accent = _palette(face)
    image = _ground(dark, bright, accent).copy()
    pen = ImageDraw.Draw(image)
    pen.text((_MARGIN, _MARGIN), drawable(face.ribbon), accent, typeface(BOLD, 34), anchor="lt")
    # Of a name in another script nothing may be left: then the title stands in its place.
    said = [text for text in (drawable(face.name), drawable(face.title)) if text]
    if said:
        pen.text(_MIDDLE_OF_DISC, _initials(said[0]), dark, typeface(BOLD, 88), anchor="mm")
        _who(pen, said[0], "".join(said[1:]), drawable(face.company), accent)
    chips = [name for name in map(drawable, face.directions) if name]
    _chips(image, chips, _price(pen, drawable(face.price)) - _BEFORE_PRICE)
    return jpeg(image)


def jpeg(image: Image.Image) -> bytes:
    """A picture as it is sent."""
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()


def drawable(text: str) -> str:
    """What the fonts have of a text, composed, in one line."""
    return " ".join("".join(map(_drawn, unicodedata.normalize("NFC", text))).split())


@lru_cache(maxsize=4096)
def _drawn(character: str) -> str:
    """A character as it is drawn: itself, or a plainer form of the same, or nothing."""
    if character.isspace() or _is_drawable(character):
        return character
    return "".join(filter(_is_drawable, unicodedata.normalize("NFKC", character)))


def _is_drawable(character: str) -> bool:
    # What has no shape of its own would be a box or nothing: marks, joiners, directions of writing.
    if unicodedata.category(character)[0] in "CM":
        return False
    font = typeface(MEDIUM, 32)
    return bytes(font.getmask(character)) != _box()


@lru_cache(maxsize=1)
def _box() -> bytes:
    """The shape of a character that the font does not have."""
    return bytes(typeface(MEDIUM, 32).getmask("\U0010fffd"))


@lru_cache(maxsize=32)
def typeface(name: str, size: int) -> _Font:
    # The basic layout is in every build of Pillow: the better one depends on a library of the system.
    data = BytesIO((files(__package__) / "fonts" / name).read_bytes())
    return ImageFont.truetype(data, size, layout_engine=ImageFont.Layout.BASIC)


def _palette(face: Face) -> tuple[Colour, Colour, Colour]:
    """The same for all of a direction."""
    key = face.directions[0] if face.directions else face.title
    return PALETTES[crc32(key.encode()) % len(PALETTES)]


@lru_cache(maxsize=len(PALETTES))
def _ground(dark: Colour, bright: Colour, accent: Colour) -> Image.Image:
    """What all cards of a palette share: from one colour to the other aslant, two discs of light in the
    corner, and the disc of the initials.
    """
    image = aslant(SIZE, dark, bright)
    for radius, strength in ((330, 20), (210, 20)):
        fill(image, (1130 - radius, 40 - radius, 1130 + radius, 40 + radius), radius, WHITE, strength)
    fill(image, (_MARGIN, _TOP, _MARGIN + _DISC, _TOP + _DISC), _DISC // 2, accent)
    return image


def aslant(size: tuple[int, int], dark: Colour, bright: Colour) -> Image.Image:
    """From one colour at the top left to another at the bottom right."""
    small = Image.new("RGB", (2, 2))
    middle = _between(dark, bright, 0.5)
    for place, colour in (((0, 0), dark), ((1, 0), middle), ((0, 1), middle), ((1, 1), bright)):
        small.putpixel(place, colour)
    # A small picture made large is smooth.
    return small.resize(size, Image.Resampling.BICUBIC, box=(0.5, 0.5, 1.5, 1.5))


def fill(
    image: Image.Image, box: tuple[int, int, int, int], radius: int, colour: Colour, strength: int = 255
) -> None:
    """A rounded shape with smooth edges, which Pillow itself does not draw: drawn larger and made small."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER), 0)
    whole = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(whole, radius * _FINER, fill=strength)
    image.paste(colour, (left, top), mask.resize(size, Image.Resampling.BOX))


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isalnum())[:2].upper()


def _who(pen: ImageDraw.ImageDraw, name: str, title: str, company: str, accent: Colour) -> None:
    """Name, title and company under each other, right of the disc and level with it if they are short."""
    width = _RIGHT - _TEXT_LEFT
    size, names = _fitting(pen, name, width, most=2)
    small = typeface(MEDIUM, 36)
    lines = [(line, WHITE, typeface(BOLD, size), round(size * 1.16)) for line in names]
    lines += [(line, WHITE, small, 48) for line in wrapped(pen, title, small, width, 2)]
    lines += [(line, accent, small, 48) for line in wrapped(pen, company, small, width, 1)]
    y = max(_TOP - 12, _TOP + (_DISC - sum(height for *_, height in lines) - _UNDER_NAME) // 2)
    for place, (line, colour, font, height) in enumerate(lines, start=1):
        pen.text((_TEXT_LEFT, y + height // 2), line, colour, font, anchor="lm")
        y += height + (_UNDER_NAME if place == len(names) else 0)


def _fitting(pen: ImageDraw.ImageDraw, text: str, width: int, most: int) -> tuple[int, list[str]]:
    """The lines of a name and their size: as few as can be, and as large as these can be."""
    for count in range(1, most + 1):
        for size in _NAME_SIZES:
            lines = wrapped(pen, text, typeface(BOLD, size), width, count)
            if not any(line.endswith("…") for line in lines):
                return size, lines
    return _NAME_SIZES[-1], wrapped(pen, text, typeface(BOLD, _NAME_SIZES[-1]), width, most)


def wrapped(pen: ImageDraw.ImageDraw, text: str, font: _Font, width: float, most: int) -> list[str]:
    """At most so many lines of a width; where something is missing, the last one ends with an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        if len(lines) == most - 1:
            return [*lines, cut(pen, " ".join(words), font, width)]
        count = _fit(pen, words, font, width)
        lines.append(cut(pen, " ".join(words[:count]), font, width))
        words = words[count:]
    return lines


def _fit(pen: ImageDraw.ImageDraw, words: Sequence[str], font: _Font, width: float) -> int:
    """How many of the first words stand on a line: one at least."""
    count = 1
    while count < len(words) and pen.textlength(" ".join(words[: count + 1]), font) <= width:
        count += 1
    return count


def cut(pen: ImageDraw.ImageDraw, text: str, font: _Font, width: float) -> str:
    """A text that is not wider, with an ellipsis where something is missing."""
    if pen.textlength(text, font) <= width:
        return text
    kept = text
    while kept and pen.textlength(f"{kept}…", font) > width:
        kept = kept[:-1]
    return f"{kept.rstrip(' ,;:-—')}…"


def _price(pen: ImageDraw.ImageDraw, price: str) -> float:
    """Draw the price at the bottom right; where it begins."""
    width = SIZE[0] / 2
    sizes = [size for size in _PRICE_SIZES if pen.textlength(price, typeface(BOLD, size)) <= width]
    font = typeface(BOLD, sizes[0] if sizes else _PRICE_SIZES[-1])
    words = cut(pen, price, font, width)
    pen.text((_RIGHT, _BOTTOM - _CHIP_HEIGHT / 2), words, WHITE, font, anchor="rm")
    return _RIGHT - pen.textlength(words, font)


def _chips(image: Image.Image, names: Sequence[str], end: float) -> None:
    """Directions side by side at the bottom left; those for which there is no room are counted."""
    pen, font = ImageDraw.Draw(image), typeface(MEDIUM, 30)
    top, x = _BOTTOM - _CHIP_HEIGHT, _MARGIN
    for label in _labels(pen, names, font, end - _MARGIN):
        right = x + round(_chip_width(pen, label, font))
        fill(image, (x, top, right, _BOTTOM), _CHIP_HEIGHT // 2, WHITE, 44)
        pen.text(((x + right) / 2, top + _CHIP_HEIGHT / 2), label, WHITE, font, anchor="mm")
        x = right + _CHIP_GAP


def _labels(pen: ImageDraw.ImageDraw, names: Sequence[str], font: _Font, width: float) -> list[str]:
    """As many names as have room, and how many more there are."""
    for count in range(len(names), 0, -1):
        more = [f"+{len(names) - count}"] if count < len(names) else []
        labels = [*names[:count], *more]
        over = sum(_chip_width(pen, label, font) + _CHIP_GAP for label in labels) - _CHIP_GAP - width
        if over <= 0:
            return labels
        if count == 1:
            return [cut(pen, names[0], font, pen.textlength(names[0], font) - over), *more]
    return []


def _chip_width(pen: ImageDraw.ImageDraw, label: str, font: _Font) -> float:
    return pen.textlength(label, font) + 2 * _CHIP_PADDING

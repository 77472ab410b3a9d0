"""The drawn course of a mentor's rating over the last months: the same numbers give the same bytes.

Its ground is that of the cards, so that it stands out on a light chat and on a dark one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, pi, sin

from PIL import Image, ImageChops, ImageDraw

from bot.views.cards import (
    BOLD,
    MEDIUM,
    PALETTES,
    WHITE,
    Colour,
    aslant,
    cut,
    drawable,
    fill,
    jpeg,
    typeface,
    wrapped,
)

SIZE = (1000, 460)

_DARK, _BRIGHT, _ACCENT = PALETTES[0]
_GOLD: Colour = (253, 204, 77)

_MARGIN = 48
_RIGHT = SIZE[0] - _MARGIN
_HEADER = 80
#: The first and the last month, and the highest and the lowest line.
_FIRST, _LAST = 168, SIZE[0] - 84
_TOP, _BOTTOM = 168, 338
_GRID_LEFT = 132
_SIGNS = _GRID_LEFT - 26
_MONTHS, _COUNTS = 378, 416
#: Where months are closer than this, not every one has its label.
_LABEL_ROOM = 64
_LABEL_GAP = 8
_NOTHING_LINE = 46
#: How strong the light below the line is at its highest, of 255.
_LIGHT = 140
#: How much larger shapes are drawn for the sake of their edges.
_FINER = 4

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Trend:
    """A rating by months, oldest first, and what is said about it.

    ``means`` are stars from 1 to 5, None where there is no review yet by then; ``counts`` are the reviews up
    to then. ``point`` is the mark before decimals.
    """

    title: str
    months: Sequence[str]
    means: Sequence[float | None]
    counts: Sequence[int]
    summary: str
    point: str = "."

    def __post_init__(self) -> None:
        if not len(self.months) == len(self.means) == len(self.counts):
            raise ValueError(
                f"{len(self.months)} months, {len(self.means)} means and {len(self.counts)} counts: "
                "there is one of each for a month"
            )
        if not all(1 <= mean <= 5 for mean in self.means if mean is not None):
            raise ValueError(f"a mean is from 1 to 5 stars, or None: {list(self.means)}")


@dataclass(frozen=True, slots=True)
class Axis:
    """The lowest and the highest line, in halves of a star."""

    low: int
    high: int

    def lines(self) -> list[float]:
        """The stars that have a line: each half where there are few."""
        step = 1 if self.high - self.low <= 3 else 2
        return [half / 2 for half in range(self.low, self.high + 1, step)]

    def y(self, stars: float) -> int:
        """How far down a number of stars is."""
        return _BOTTOM - round((_BOTTOM - _TOP) * (stars * 2 - self.low) / (self.high - self.low))


def draw_trend(trend: Trend) -> bytes:
    """The chart as a JPEG. Characters that the fonts do not have, such as emoji, are left out."""
    known = [(place, mean) for place, mean in enumerate(trend.means) if mean is not None]
    axis = axis_for([mean for _, mean in known])
    image = aslant(SIZE, _DARK, _BRIGHT)
    _grid(image, axis, trend.point)
    _months(image, trend)
    if known:
        xs = _xs(trend)
        _header(image, trend, known[-1][1])
        _line(image, [(xs[place], axis.y(mean)) for place, mean in known])
    else:
        _nothing(image, trend)
    return jpeg(image)


def axis_for(means: Sequence[float]) -> Axis:
    """The narrowest axis with all means on it: at least one star wide, in halves of a star up to one and a
    half, in whole stars beyond; from 1 to 5 where there is nothing.
    """
    if not means:
        return Axis(2, 10)
    least, most = min(means), max(means)
    low, high = floor(least * 2), ceil(most * 2)
    if high - low > 3:
        return Axis(2 * floor(least), 2 * ceil(most))
    while high - low < 2:
        # Wider on the side where the data is closer to the edge.
        if high == 10 or (low > 2 and least * 2 - low <= high - most * 2):
            low -= 1
        else:
            high += 1
    return Axis(low, high)


def _xs(trend: Trend) -> list[int]:
    """How far right the months are: the newest at the end, also where it is the only one."""
    count = len(trend.months)
    return [_LAST - round(_apart(trend) * (count - 1 - place)) for place in range(count)]


def _apart(trend: Trend) -> float:
    return (_LAST - _FIRST) / max(1, len(trend.months) - 1)


def _shown(stars: float, point: str) -> str:
    return f"{stars:.1f}".replace(".", drawable(point))


def _grid(image: Image.Image, axis: Axis, point: str) -> None:
    """A light line for each star, with its value and a small star at the left."""
    for stars in axis.lines():
        y = axis.y(stars)
        fill(image, (_GRID_LEFT, y - 1, _RIGHT, y + 1), 1, WHITE, 44)
        label = f"{stars:.0f}" if stars.is_integer() else _shown(stars, point)
        _write(image, (_SIGNS - 16, y), label, 26, _ACCENT, anchor="rm")
        _polygon(image, _star((_SIGNS, y), 10), _ACCENT)


def _months(image: Image.Image, trend: Trend) -> None:
    """Under each month its name and how many reviews there were; where there are many, under every second
    one or fewer, and always under the newest.
    """
    step = ceil(_LABEL_ROOM / _apart(trend))
    width = min(_apart(trend) * step, 2 * (SIZE[0] - _LAST)) - _LABEL_GAP
    months = list(zip(_xs(trend), trend.months, trend.means, trend.counts, strict=True))
    for x, month, mean, count in months[::-1][::step]:
        _write(image, (x, _MONTHS), month, 26, WHITE, width=width)
        if mean is not None:
            _write(image, (x, _COUNTS), str(count), 24, _ACCENT, width=width)
    if any(mean is not None for mean in trend.means):
        _bubble(image, (_SIGNS, _COUNTS), _ACCENT)


def _header(image: Image.Image, trend: Trend, newest: float) -> None:
    """Title and summary at the left; the newest value at the right, large, after a star."""
    value = _shown(newest, trend.point)
    length = typeface(BOLD, 92).getlength(value)
    _write(image, (_RIGHT, _HEADER), value, 92, WHITE, BOLD, "rm")
    star = _RIGHT - length - 56
    _polygon(image, _star((star, _HEADER + 4), 42), _GOLD)
    width = star - 80 - _MARGIN
    _write(image, (_MARGIN, _HEADER - 22), trend.title, 38, WHITE, BOLD, "lm", width)
    _write(image, (_MARGIN, _HEADER + 26), trend.summary, 28, _ACCENT, anchor="lm", width=width)


def _nothing(image: Image.Image, trend: Trend) -> None:
    """Where there is no review yet, the summary stands on a plate in the middle of the grid."""
    _write(image, (_MARGIN, _HEADER), trend.title, 38, WHITE, BOLD, "lm", _RIGHT - _MARGIN)
    pen, font = ImageDraw.Draw(image), typeface(MEDIUM, 32)
    lines = wrapped(pen, drawable(trend.summary), font, _RIGHT - _GRID_LEFT - 120, 3)
    if not lines:
        return
    x, y = (_GRID_LEFT + _RIGHT) // 2, (_TOP + _BOTTOM) // 2
    half = round(max(map(font.getlength, lines)) / 2) + 36, len(lines) * _NOTHING_LINE // 2 + 18
    fill(image, (x - half[0], y - half[1], x + half[0], y + half[1]), 28, _DARK, 170)
    for place, line in enumerate(lines):
        _write(image, (x, y + _NOTHING_LINE * (place - (len(lines) - 1) / 2)), line, 32, WHITE)


def _line(image: Image.Image, points: Sequence[tuple[int, int]]) -> None:
    """From point to point, a light below it that fades downwards, and a dot on each; the newest is golden."""
    newest = points[-1]
    below = [(points[0][0], _BOTTOM), *points, (newest[0], _BOTTOM)]
    area = _mask(lambda pen: pen.polygon(_finer(below), 255))
    image.paste(_ACCENT, (0, 0), ImageChops.multiply(area, _fading(min(y for _, y in points))))
    line = _mask(lambda pen: pen.line(_finer(points), 255, 5 * _FINER, joint="curve"))
    image.paste(_ACCENT, (0, 0), line)
    for point in points[:-1]:
        _dot(image, point, 8, WHITE)
    _dot(image, newest, 22, _GOLD, 80)
    _dot(image, newest, 11, _GOLD)


def _fading(top: int) -> Image.Image:
    """From light at a height to nothing at the lowest line."""
    fading = Image.new("L", (1, SIZE[1]), 0)
    for y in range(top, _BOTTOM):
        fading.putpixel((0, y), round(_LIGHT * (_BOTTOM - y) / (_BOTTOM - top)))
    return fading.resize(SIZE)


def _write(
    image: Image.Image,
    at: _Point,
    text: str,
    size: int,
    colour: Colour,
    face: str = MEDIUM,
    anchor: str = "mm",
    width: float = SIZE[0],
) -> None:
    """A line of text, cut where it is wider."""
    pen, font = ImageDraw.Draw(image), typeface(face, size)
    pen.text(at, cut(pen, drawable(text), font, width), colour, font, anchor=anchor)


def _dot(image: Image.Image, middle: _Point, radius: int, colour: Colour, strength: int = 255) -> None:
    x, y = map(round, middle)
    fill(image, (x - radius, y - radius, x + radius, y + radius), radius, colour, strength)


def _star(middle: _Point, radius: float) -> list[_Point]:
    """The ten corners of a star, the first one upwards."""
    reaches = (radius, radius * 0.46) * 5
    turns = [pi * place / 5 for place in range(10)]
    x, y = middle
    return [
        (x + reach * sin(turn), y - reach * cos(turn)) for reach, turn in zip(reaches, turns, strict=True)
    ]


def _bubble(image: Image.Image, middle: _Point, colour: Colour) -> None:
    """A speech bubble: what stands right of it counts reviews."""
    x, y = map(round, middle)
    fill(image, (x - 12, y - 11, x + 12, y + 6), 5, colour)
    _polygon(image, [(x - 7, y + 4), (x + 3, y + 4), (x - 7, y + 12)], colour)


def _polygon(image: Image.Image, corners: Sequence[_Point], colour: Colour) -> None:
    image.paste(colour, (0, 0), _mask(lambda pen: pen.polygon(_finer(corners), 255)))


def _mask(shape: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    """A shape with smooth edges: drawn larger and made small."""
    mask = Image.new("L", (SIZE[0] * _FINER, SIZE[1] * _FINER), 0)
    shape(ImageDraw.Draw(mask))
    return mask.reduce(_FINER)


def _finer(points: Sequence[_Point]) -> list[_Point]:
    return [(x * _FINER, y * _FINER) for x, y in points]

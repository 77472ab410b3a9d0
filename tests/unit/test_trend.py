"""The chart of a rating: always a picture of the same size, the same bytes, and an axis that does not lie."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.views.trend import SIZE, Trend, axis_for, draw_trend

HALF_A_YEAR = ("апр", "май", "июн", "июл", "авг", "сен")
USUAL = Trend(
    title="Ваш рейтинг",
    months=HALF_A_YEAR,
    means=(4.2, 4.4, 4.3, 4.55, 4.6, 4.72),
    counts=(3, 5, 8, 11, 14, 19),
    summary="19 отзывов, за полгода +0,5",
    point=",",
)
EMPTY = replace(USUAL, means=(None,) * 6, counts=(0,) * 6, summary="Отзывов пока нет")
LONG = "Преображенский-Вознесенский, руководитель " * 9
#: It is carried in a row of the outbox.
LARGEST = 120_000
#: What only the newest dot and the star beside the newest value are.
GOLD = (253, 204, 77)


def of(*means: float | None) -> Trend:
    """A chart of some months."""
    return replace(
        USUAL, months=[f"м{place}" for place in range(len(means))], means=means, counts=range(len(means))
    )


CASES = {
    "usual": USUAL,
    "nothing yet": EMPTY,
    "nothing yet, and a long word about it": replace(EMPTY, summary=LONG),
    "nothing yet, and no word about it": replace(EMPTY, summary=""),
    "no months at all": of(),
    "one month": of(4.0),
    "one review, the last month": of(None, None, None, None, None, 4.0),
    "none in the beginning": of(None, None, 5.0, 4.5, 4.67, 4.75),
    "all equal": of(*[4.5] * 6),
    "all the best": of(*[5.0] * 6),
    "all the worst": of(*[1.0] * 6),
    "from one end to the other": of(1.0, 5.0, 1.0, 5.0, 1.0, 5.0),
    "ten years": of(*[4.0, 4.5] * 60),
    "long texts": replace(USUAL, title=LONG, summary=LONG, months=[LONG] * 6, counts=[10**30] * 6),
    "nothing to read": replace(USUAL, title="", summary="", months=[""] * 6),
    "an unknown script": replace(USUAL, title="李小龍 🚀", summary="🙂", months=["九月"] * 6),
}


def pixels(trend: Trend) -> Image.Image:
    with Image.open(BytesIO(draw_trend(trend))) as image:
        assert image.format == "JPEG"
        return image.convert("RGB")


def golden(trend: Trend) -> list[tuple[int, int]]:
    """Where it is golden."""
    image = pixels(trend)
    columns, rows = range(0, SIZE[0], 2), range(0, SIZE[1], 2)
    return [(x, y) for x in columns for y in rows if near(image.getpixel((x, y)), GOLD)]


def near(one: object, other: Sequence[int]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 24 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("trend", CASES.values(), ids=CASES)
def test_whatever_stands_on_it_a_chart_is_a_picture_of_one_size_and_small(trend: Trend) -> None:
    assert pixels(trend).size == SIZE
    assert len(draw_trend(trend)) <= LARGEST


@pytest.mark.parametrize("trend", CASES.values(), ids=CASES)
def test_the_same_numbers_give_the_same_bytes(trend: Trend) -> None:
    assert draw_trend(trend) == draw_trend(replace(trend))


def test_each_thing_that_is_told_is_seen() -> None:
    others = (
        replace(USUAL, title="Рейтинг"),
        replace(USUAL, summary="19 отзывов"),
        replace(USUAL, months=("мар", *HALF_A_YEAR[1:])),
        replace(USUAL, means=(4.5, *USUAL.means[1:])),
        replace(USUAL, counts=(2, *USUAL.counts[1:])),
        replace(USUAL, point="."),
        replace(USUAL, means=(None, *USUAL.means[1:])),
    )
    assert len({draw_trend(trend) for trend in (USUAL, *others)}) == len(others) + 1


def test_without_reviews_there_is_the_grid_and_the_summary_and_nothing_golden() -> None:
    assert golden(EMPTY) == []
    assert draw_trend(EMPTY) != draw_trend(replace(EMPTY, summary=""))


def test_months_before_the_first_review_have_a_label_and_no_line() -> None:
    unknown = [None] * 4
    up, down, before = of(*unknown, 4.0, 5.0), of(*unknown, 5.0, 4.0), of(*unknown, None, 4.5)
    left = (0, 130, SIZE[0] // 2, SIZE[1])
    assert len({pixels(trend).crop(left).tobytes() for trend in (up, down, before)}) == 1
    renamed = replace(up, months=["янв", *up.months[1:]])
    assert pixels(renamed).crop(left).tobytes() != pixels(up).crop(left).tobytes()


def test_one_review_is_one_dot_at_the_right() -> None:
    dot = [(x, y) for x, y in golden(of(None, None, 4.0)) if y > 150]
    assert dot
    assert all(x > SIZE[0] * 0.85 for x, _ in dot)
    assert dot == [(x, y) for x, y in golden(of(4.0)) if y > 150]


def test_a_better_rating_is_higher() -> None:
    heights = [
        sum(y for _, y in dot) / len(dot)
        for newest in (1.0, 2.0, 3.5, 5.0)
        if (dot := [place for place in golden(of(1.0, 5.0, newest)) if place[1] > 150])
    ]
    assert len(heights) == 4
    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize(
    ("means", "lines"),
    [
        ([], [1, 2, 3, 4, 5]),
        ([4.0], [3.5, 4, 4.5]),
        ([4.5, 4.5], [4, 4.5, 5]),
        ([5.0], [4, 4.5, 5]),
        ([1.0], [1, 1.5, 2]),
        ([4.2, 4.72], [4, 4.5, 5]),
        ([3.1, 3.4], [2.5, 3, 3.5]),
        ([3.2, 3.4], [3, 3.5, 4]),
        ([3.6, 4.9], [3.5, 4, 4.5, 5]),
        ([3.4, 4.6], [3, 4, 5]),
        ([1.0, 5.0], [1, 2, 3, 4, 5]),
    ],
)
def test_the_axis_has_a_line_for_each_star_and_for_the_halves_where_it_is_narrow(
    means: list[float], lines: list[float]
) -> None:
    assert axis_for(means).lines() == lines


@given(st.lists(st.floats(1, 5), min_size=1))
def test_the_axis_holds_all_means_within_one_to_five_and_is_at_least_a_star_wide(means: list[float]) -> None:
    lines = axis_for(means).lines()
    assert 1 <= lines[0] <= min(means) <= max(means) <= lines[-1] <= 5
    assert lines[-1] - lines[0] >= 1
    assert 3 <= len(lines) <= 5


@pytest.mark.parametrize("mean", [0.0, 5.1, float("nan")])
def test_a_mean_that_is_no_number_of_stars_is_refused(mean: float) -> None:
    with pytest.raises(ValueError, match="from 1 to 5 stars"):
        of(mean)


def test_months_without_a_mean_or_a_count_are_refused() -> None:
    with pytest.raises(ValueError, match="6 months, 6 means and 5 counts"):
        replace(USUAL, counts=(1, 2, 3, 4, 5))


def test_a_chart_stands_out_on_a_dark_chat_and_on_a_light_one() -> None:
    image = pixels(USUAL)
    for corner in ((2, 2), (SIZE[0] - 3, SIZE[1] - 3), (2, SIZE[1] - 3), (SIZE[0] - 3, 2)):
        red, green, blue = image.getpixel(corner)  # type: ignore[misc]
        # Telegram's own grounds are about 25 and 255.
        assert 38 < 0.2126 * red + 0.7152 * green + 0.0722 * blue < 200, corner

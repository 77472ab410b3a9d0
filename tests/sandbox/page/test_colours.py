"""What is written can be read, in light and in dark."""

from __future__ import annotations

import pytest

from tests.sandbox.page.stage import OpenPage

pytestmark = pytest.mark.browser


# (ink, surfaces from the bottom up): what must be read on what.
READ = [
    ("text", ["page"]),
    ("muted", ["page"]),
    ("muted", ["hover"]),
    ("muted", ["raised"]),
    ("accent", ["page"]),
    ("danger", ["raised"]),
    ("text", ["bubble-in"]),
    ("text", ["bubble-out"]),
    ("meta-in", ["bubble-in"]),
    ("meta-out", ["bubble-out"]),
    ("link", ["bubble-in"]),
    ("link", ["bubble-out"]),
    ("link", ["bubble-in", "quote"]),
    ("link", ["bubble-out", "code"]),
    ("reaction-ink", ["reaction"]),
    ("reaction-out-ink", ["reaction-out"]),
    ("accent", ["hover"]),
    ("white", ["wall-2", "key"]),
    ("white", ["wall-2", "pill"]),
    ("white", ["primary"]),
    ("white", ["success"]),
    ("white", ["danger-fill"]),
    ("white", ["accent-fill"]),
    ("white", ["badge"]),
    ("white", ["chosen"]),
]
RESOLVE = """names => names.map((name) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = name === "white" ? "white" : `var(--${name})`;
  const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
  probe.remove();
  return parts;
})"""


def laid_over(below: list[float], above: list[float]) -> list[float]:
    alpha = above[3] if len(above) > 3 else 1.0
    return [alpha * top + (1 - alpha) * bottom for bottom, top in zip(below, above[:3], strict=False)]


def luminance(colour: list[float]) -> float:
    """WCAG's relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_all_text_has_the_contrast_of_wcag_aa(theme: str, open_page: OpenPage) -> None:
    page = await open_page()
    await page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
    weak = {}
    for ink, surfaces in READ:
        base, *layers = await page.evaluate(RESOLVE, surfaces)
        for layer in layers:
            base = laid_over(base, layer)
        [colour] = await page.evaluate(RESOLVE, [ink])
        ratio = contrast(colour[:3], base[:3])
        if ratio < 4.5:
            weak[f"{ink} on {surfaces}"] = round(ratio, 2)
    assert weak == {}

"""The worked example of docs/recommender.md, with the taxonomy as shipped."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from recommender.model import Limit, Risk, RiskKind
from recommender.query import understand
from recommender.ranking import recommend
from recommender.scoring import score
from recommender.snapshot import compile_snapshot
from recommender.taxonomy import load_default
from recommender.weights import WEIGHTS
from tests.recommender.catalogues import AT, ids, mentor, request

LEAD = (
    "go kafka java python sql postgresql redis docker kubernetes linux git ci_cd"
    " rest_api microservices rabbitmq mongodb"
)
MENTORS = (
    mentor(
        1,
        title="Go-разработчик",
        skills="go postgresql docker",
        price=4500.0,
        goals="next_grade",
        level="lead",
    ),
    mentor(
        2,
        title="Backend Team Lead",
        skills=LEAD,
        price=3500.0,
        goals="next_grade interviews",
        level="lead",
        reviews_count=8,
        rating_sum=39.0,
    ),
    mentor(3, title="Backend developer", skills="python django postgresql", level="lead"),
    mentor(
        4, title="Frontend developer", skills="react", directions="frontend", price=2000.0, level="senior"
    ),
)


PAGE = (Path(__file__).parents[2] / "docs" / "recommender.md").read_text(encoding="utf-8")
COMPILED = compile_snapshot(MENTORS, load_default(), at=AT)
ASKED = request(directions="backend", skills="go kafka", budget=4000.0, level="middle", goals="next_grade")


def test_the_worked_example_is_true() -> None:
    shortlist = recommend(COMPILED, ASKED)
    assert ids(shortlist.cards) == [2, 1, 3]
    assert [card.score for card in shortlist.cards] == pytest.approx([0.871, 0.733, 0.426], abs=5e-4)
    assert shortlist.relaxed == (Limit.BUDGET, Limit.SKILLS)
    assert shortlist.cards[1].risks[0] == Risk(RiskKind.OVER_BUDGET, value=500.0)
    assert shortlist.cards[2].risks[0] == Risk(RiskKind.MISSING_SKILLS, ("go", "kafka"))


def row(first: str, values: Iterable[float], last: str) -> str:
    """A row of the page's table: three decimals, without those that say nothing."""
    cells = [f"{value:.3f}".rstrip("0").rstrip(".") for value in values]
    return " | ".join((f"| {first}", *cells, f"{last} |".lstrip()))


def test_the_table_on_the_page_is_true() -> None:
    measured = score(COMPILED, understand(COMPILED, ASKED))
    assert f"\n| | {' | '.join(measured.fits)} | score |\n" in PAGE
    assert row("share", measured.shares.values(), "") in PAGE
    for card in recommend(COMPILED, ASKED).cards:
        place = COMPILED.row_of(card.mentor_id)
        values = [float(fit.values[place]) for fit in measured.fits.values()]
        assert row(str(card.mentor_id), values, f"**{card.score:.3f}**") in PAGE


def test_the_weights_on_the_page_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| (\w+) \| (0\.\d\d) \|", PAGE, flags=re.MULTILINE))
    assert {name: float(weight) for name, weight in told.items()} == dict(WEIGHTS)

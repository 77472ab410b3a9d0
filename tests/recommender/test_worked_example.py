"""The worked example of docs/recommender.md, with the taxonomy as shipped."""

import pytest

from recommender.model import Limit, Risk, RiskKind
from recommender.ranking import recommend
from recommender.snapshot import compile_snapshot
from recommender.taxonomy import load_default
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


def test_the_worked_example_is_true() -> None:
    compiled = compile_snapshot(MENTORS, load_default(), at=AT)
    asked = request(
        directions="backend", skills="go kafka", budget=4000.0, level="middle", goals="next_grade"
    )
    shortlist = recommend(compiled, asked)
    assert ids(shortlist.cards) == [2, 1, 3]
    assert [card.score for card in shortlist.cards] == pytest.approx([0.883, 0.734, 0.412], abs=5e-4)
    assert shortlist.relaxed == (Limit.BUDGET, Limit.SKILLS)
    assert shortlist.cards[1].risks[0] == Risk(RiskKind.OVER_BUDGET, value=500.0)
    assert shortlist.cards[2].risks[0] == Risk(RiskKind.MISSING_SKILLS, ("go", "kafka"))

"""What was missing in an earlier shortlist moves the next one the right way."""

from typing import Any

import pytest

from recommender.model import Wish
from recommender.query import understand
from recommender.ranking import recommend
from recommender.scoring import score
from recommender.weights import WEIGHTS, WISHED, Block
from tests.recommender.catalogues import mentor, request, snapshot

CLOSE, CHEAP, PROMPT, BALANCED = 1, 2, 3, 4
# Each is best in one thing, but for the last. All are a little over the budget, so that no limit decides.
CATALOGUE = snapshot(
    mentor(
        CLOSE,
        skills="python django",
        about="Разбираю деревья",
        price=5900.0,
        reviews_count=10,
        rating_sum=34.0,
    ),
    mentor(CHEAP, skills="python", goals="cv", price=4050.0),
    mentor(
        PROMPT,
        skills="python flask",
        goals="cv",
        price=5900.0,
        reviews_count=10,
        rating_sum=46.0,
        requests_asked=20,
        requests_answered=20,
        answer_hours=1.0,
    ),
    mentor(BALANCED, skills="python flask", goals="cv", price=4400.0, reviews_count=20, rating_sum=99.0),
)
ASKED: dict[str, Any] = {
    "directions": "backend",
    "skills": "python django",
    "goals": "cv",
    "budget": 4000.0,
    "about": "нужны деревья",
}


def scores(**given: Any) -> dict[int, float]:
    """Everybody's score, the best first."""
    cards = recommend(CATALOGUE, request(**{**ASKED, **given}), k=4).cards
    return {card.mentor_id: card.score for card in cards}


@pytest.mark.parametrize(
    ("wishes", "leader"),
    [("", BALANCED), ("cheaper", CHEAP), ("closer", CLOSE), ("responsive", PROMPT)],
)
def test_who_grants_the_wish_comes_to_lead(wishes: str, leader: int) -> None:
    assert next(iter(scores(wishes=wishes))) == leader


@pytest.mark.parametrize(
    ("wishes", "better"), [("cheaper", CHEAP), ("closer", CLOSE), ("responsive", PROMPT)]
)
def test_who_grants_the_wish_gains_on_all_others(wishes: str, better: int) -> None:
    before, after = scores(), scores(wishes=wishes)
    for other in {CLOSE, CHEAP, PROMPT, BALANCED} - {better}:
        assert after[better] - after[other] > before[better] - before[other] + 0.01


def test_without_a_wish_everything_is_as_it_was() -> None:
    shares = score(CATALOGUE, understand(CATALOGUE, request(**ASKED))).shares
    total = sum(WEIGHTS[block] for block in shares)
    assert shares == pytest.approx({block: WEIGHTS[block] / total for block in shares})


@pytest.mark.parametrize("wish", Wish)
def test_a_wish_multiplies_its_own_blocks_once(wish: Wish) -> None:
    plain = score(CATALOGUE, understand(CATALOGUE, request(**ASKED))).shares
    wished = score(CATALOGUE, understand(CATALOGUE, request(**ASKED, wishes=(wish, wish)))).shares
    scale = wished[Block.GOALS] / plain[Block.GOALS]
    assert sum(wished.values()) == pytest.approx(1)
    for block in plain:
        assert wished[block] / plain[block] / scale == pytest.approx(WISHED[wish].get(block, 1))


def test_who_wishes_for_cheaper_without_a_budget_gets_the_same_list() -> None:
    assert scores(budget=None, wishes="cheaper") == scores(budget=None)


def test_wishes_add_up() -> None:
    both = scores(wishes="cheaper closer")
    assert both[CLOSE] > both[PROMPT] > 0
    assert both[CHEAP] > scores(wishes="closer")[CHEAP]

"""How often and how soon a mentor answers: the block's value, its reason and its risk."""

import numpy as np
import pytest

from recommender.model import Mentor, MentorId, Reason, ReasonKind, Risk, RiskKind
from recommender.ranking import explain, recommend
from recommender.response import response
from tests.recommender.catalogues import ids, mentor, request, snapshot


def answering(number: int, asked: int, answered: int, hours: float | None) -> Mentor:
    return mentor(number, requests_asked=asked, requests_answered=answered, answer_hours=hours)


@pytest.mark.parametrize(
    ("asked", "answered", "hours", "expected"),
    [
        (0, 0, np.nan, 0.7 * 0.75),
        (6, 6, 0.0, 8.8 / 10),
        (6, 6, 24.0, 8.8 / 10 * 0.75),
        (6, 6, 72.0, 8.8 / 10 * 0.625),
        (6, 3, 24.0, 5.8 / 10 * 0.75),
        (6, 0, np.nan, 2.8 / 10 * 0.75),
        (1, 0, np.nan, 2.8 / 5 * 0.75),
        (6, 6, -1.0, 8.8 / 10),
    ],
)
def test_the_rate_under_its_prior_times_the_speed(
    asked: int, answered: int, hours: float, expected: float
) -> None:
    assert response(np.array([asked]), np.array([answered]), np.array([hours]))[0] == pytest.approx(expected)


def test_whom_nobody_asked_yet_stands_in_the_middle() -> None:
    compiled = snapshot(answering(1, 10, 10, 2.0), answering(2, 0, 0, None), answering(3, 10, 3, 40.0))
    assert ids(recommend(compiled, request()).cards) == [1, 2, 3]


def test_more_answers_than_requests_are_as_many() -> None:
    compiled = snapshot(answering(1, 5, 9, 2.0), answering(2, 5, 5, 2.0), answering(3, -1, -2, None))
    values = {
        int(number): float(compiled.people.response[row]) for row, number in enumerate(compiled.people.ids)
    }
    assert values[1] == values[2]
    assert values[3] == pytest.approx(0.525)


@pytest.mark.parametrize(
    ("asked", "answered", "hours", "fast"),
    [
        (3, 3, 24.0, True),
        (3, 3, 24.1, False),
        (2, 2, 1.0, False),
        (5, 4, 1.0, True),
        (10, 7, 1.0, False),
        (3, 3, None, False),
    ],
)
def test_fast_answers_are_a_reason(asked: int, answered: int, hours: float | None, fast: bool) -> None:
    card = explain(snapshot(answering(1, asked, answered, hours)), request(), MentorId(1))
    assert card is not None
    reason = Reason(ReasonKind.ANSWERS_FAST, value=hours, weight=card.parts["response"])
    assert card.reasons == ((reason,) if fast else ())


@pytest.mark.parametrize(
    ("asked", "answered", "per_cent"),
    [(4, 2, None), (9, 4, 44.0), (3, 1, 33.0), (3, 0, 0.0), (2, 0, None), (0, 0, None)],
)
def test_rare_answers_are_a_risk(asked: int, answered: int, per_cent: float | None) -> None:
    card = explain(snapshot(answering(1, asked, answered, None)), request(), MentorId(1))
    assert card is not None
    expected = [] if per_cent is None else [Risk(RiskKind.RARELY_ANSWERS, value=per_cent)]
    assert [risk for risk in card.risks if risk.kind is not RiskKind.NO_REVIEWS] == expected

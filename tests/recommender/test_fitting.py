"""Lists that nobody asked for: nothing is given up, and a newcomer is among the best or not told of."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.fitting import best_of, fitting
from recommender.model import Mentor, MentorId, Request
from recommender.ranking import explain_all, recommend
from recommender.snapshot import Snapshot
from recommender.weights import PARENT
from tests.recommender.catalogues import (
    AT,
    UNTIMED,
    catalogues,
    ids,
    mentor,
    request,
    requests,
    snapshot,
    taxonomy,
)
from tests.recommender.oracle import Oracle


def standing(mentors: list[Mentor], asked: Request) -> list[MentorId]:
    """Who may be shown, breaks no limit and knows a picked skill, by the slow model."""
    oracle = Oracle(mentors, asked, taxonomy(), AT)
    return [
        one.id
        for one in mentors
        if one.active and one.capacity != 0 and not oracle.broken(one) and _knows_something(oracle, one)
    ]


def _knows_something(oracle: Oracle, one: Mentor) -> bool:
    picked = oracle.picked()
    return not picked or any(oracle.likeness(one, name) > PARENT for name in picked)


def scores(compiled: Snapshot, asked: Request, mentor_ids: list[MentorId]) -> dict[MentorId, float]:
    """What the ranking gives each of them, rounded as it compares them."""
    return {key: round(card.score, 4) for key, card in explain_all(compiled, asked, mentor_ids).items()}


@UNTIMED
@given(catalogues(), requests(), st.integers(1, 5))
def test_exactly_those_who_break_nothing_are_on_the_list(
    mentors: list[Mentor], asked: Request, k: int
) -> None:
    found = fitting(snapshot(*mentors), asked, k=k)
    able = standing(mentors, asked)
    assert set(ids(found.cards)) <= set(able)
    assert len(set(ids(found.cards))) == len(found.cards) == min(k, len(able))
    assert found.relaxed == ()


@UNTIMED
@given(catalogues(), requests())
def test_where_three_stand_and_nobody_is_only_near_the_list_is_the_one_that_is_asked_for(
    mentors: list[Mentor], asked: Request
) -> None:
    compiled = snapshot(*mentors)
    oracle = Oracle(mentors, asked, taxonomy(), AT)
    near = any(not oracle.broken(one) and not _knows_something(oracle, one) for one in mentors)
    if len(standing(mentors, asked)) >= 3 and not near:
        assert fitting(compiled, asked).cards == recommend(compiled, asked).cards


@UNTIMED
@given(catalogues(), requests(), st.data())
def test_the_best_of_a_few_is_told_of_only_among_the_best_of_all(
    mentors: list[Mentor], asked: Request, data: st.DataObject
) -> None:
    compiled = snapshot(*mentors)
    known = [one.id for one in mentors]
    few = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
    among = data.draw(st.integers(1, 4))
    able = scores(compiled, asked, standing(mentors, asked))
    found = ids(best_of(compiled, asked, few, among=among).cards)
    candidates = {key: value for key, value in able.items() if key in few}
    if not candidates:
        assert found == []
        return
    top = max(candidates.values())
    better = sum(value > top + 2e-4 for value in able.values())
    as_good = sum(value > top - 2e-4 for value in able.values()) - 1
    if better >= among:
        assert found == []
    elif as_good < among:
        assert len(found) == 1
    if found:
        assert candidates[MentorId(found[0])] >= top - 2e-4


@pytest.mark.parametrize(
    ("asked", "told_of"),
    [
        ({"skills": "java"}, {1}),
        ({"skills": "spring"}, set()),
        ({"skills": "spring react"}, {3}),
        ({"skills": "javascript"}, {3}),
        ({"free_skills": ("Camel",)}, {2}),
        ({}, {1, 2, 3}),
    ],
    ids=["the very skill", "its parent", "one of two", "a child", "words of the profile", "nothing picked"],
)
def test_who_knows_only_near_things_is_not_told_of(asked: dict[str, Any], told_of: set[int]) -> None:
    compiled = snapshot(
        mentor(1, skills="java"),
        mentor(2, skills="sql", about="Работал с Apache Camel"),
        mentor(3, skills="react"),
    )
    wanted = request(directions="backend", **asked)
    assert set(ids(fitting(compiled, wanted).cards)) == told_of
    for number in (1, 2, 3):
        assert ids(best_of(compiled, wanted, [MentorId(number)]).cards) == [number] * (number in told_of)


def test_nobody_excluded_counts() -> None:
    compiled = snapshot(
        *(mentor(number, reviews_count=number, rating_sum=5.0 * number) for number in range(1, 6))
    )
    asked = request(directions="backend")
    assert ids(fitting(compiled, asked, k=2, excluded=[MentorId(5)]).cards) == [4, 3]
    assert ids(best_of(compiled, asked, [MentorId(2)]).cards) == []
    assert ids(best_of(compiled, asked, [MentorId(2)], excluded=[MentorId(5)]).cards) == [2]
    assert ids(best_of(compiled, asked, [MentorId(5)], excluded=[MentorId(5)]).cards) == []


def test_a_newcomer_of_another_direction_is_not_told_of() -> None:
    compiled = snapshot(mentor(1, directions="frontend"), mentor(2))
    assert ids(best_of(compiled, request(directions="backend"), [MentorId(1)]).cards) == []
    assert ids(best_of(compiled, request(), [MentorId(1)]).cards) == [1]


def test_an_unknown_mentor_is_nobody() -> None:
    assert best_of(snapshot(mentor(1)), request(), [MentorId(2)]).cards == ()
    assert best_of(snapshot(), request(directions="backend"), [MentorId(2)]).cards == ()
    assert fitting(snapshot(), request()).cards == ()

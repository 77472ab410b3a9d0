"""What a compiled catalogue promises, and what the questionnaire asks of it."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from recommender.model import DirectionKey, MentorId, Stars
from recommender.ranking import recommend
from recommender.snapshot import compile_snapshot
from tests.recommender.catalogues import AT, ids, mentor, request, snapshot, taxonomy


def arrays(value: object) -> list[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """All arrays of a dataclass, however deep."""
    if isinstance(value, np.ndarray):
        return [value]
    if is_dataclass(value):
        return [one for field in fields(value) for one in arrays(getattr(value, field.name))]
    return []


def test_all_arrays_are_read_only() -> None:
    found = arrays(snapshot(mentor(1, skills="java", about="Учу", languages="ru"), mentor(2)))
    assert len(found) > 20
    assert not any(array.flags.writeable for array in found)


def test_the_version_is_the_content() -> None:
    one, other = mentor(1, skills="java"), mentor(2)
    version = snapshot(one, other).version
    assert snapshot(other, one).version == version
    assert snapshot(one).version != version
    assert snapshot(replace(one, about="Новое"), other).version != version


def test_what_people_see_is_the_platform_s_mean_where_it_has_one() -> None:
    rated = Stars(mean=4.9, lower=4.7, upper=5.1, count=9)
    unrated = Stars(mean=4.8, lower=4.5, upper=5.1, count=0)
    compiled = snapshot(
        mentor(1, reviews_count=4, rating_sum=16.0, rating=rated),
        mentor(2, reviews_count=4, rating_sum=16.0),
        mentor(3, reviews_count=4),
        mentor(4, reviews_count=4, rating=unrated),
    )
    people = compiled.people
    rows = np.argsort(people.ids)
    assert people.reviews[rows].tolist() == [9, 4, 4, 0]
    assert people.average[rows].tolist() == pytest.approx([4.9, 4.0, np.nan, np.nan], nan_ok=True)
    assert people.stars[rows].tolist() == pytest.approx([4.9, (24 + 8) / 7, 4.8, 4.8])
    assert int(people.ids[0]) == 1


def test_the_version_tells_ratings_apart() -> None:
    one = mentor(1, rating=Stars(mean=4.9, lower=4.7, upper=5.1, count=9))
    assert one.rating is not None
    other = replace(one, rating=replace(one.rating, count=10))
    assert snapshot(one).version == snapshot(replace(one)).version != snapshot(other).version


def test_who_is_in_and_who_is_eligible() -> None:
    compiled = snapshot(mentor(1), mentor(2, active=False), mentor(3, capacity=0), mentor(4, capacity=2))
    assert len(compiled) == 4
    assert compiled.eligible == 2
    assert MentorId(3) in compiled
    assert MentorId(5) not in compiled
    assert sorted(ids(recommend(compiled, request()).cards)) == [1, 4]


def test_an_empty_catalogue_answers() -> None:
    empty = snapshot()
    assert recommend(empty, request(directions="backend", skills="java", about="Учу Java")).cards == ()
    assert empty.direction_counts() == {}
    assert empty.frequent_skills((), 5) == ()
    assert not empty.matters("budget", request())


def test_two_mentors_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="two mentors have the id 7"):
        snapshot(mentor(7), mentor(7, skills="java"))


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        compile_snapshot([], taxonomy(), at=datetime(2026, 2, 1, tzinfo=UTC).replace(tzinfo=None))


def test_time_zones_are_read_at_the_snapshot_s_moment() -> None:
    one = mentor(1, timezone="Europe/Berlin")
    winter = compile_snapshot([one], taxonomy(), at=AT)
    summer = compile_snapshot([one], taxonomy(), at=datetime(2026, 7, 1, tzinfo=UTC))
    assert (winter.terms.zone[0], summer.terms.zone[0]) == (1.0, 2.0)
    assert winter.version != summer.version


def test_directions_are_counted_among_the_eligible_most_frequent_first() -> None:
    compiled = snapshot(
        mentor(1, directions="design"),
        mentor(2, directions="backend design"),
        mentor(3, directions="frontend", active=False),
    )
    assert list(compiled.direction_counts().items()) == [("design", 2), ("backend", 1)]


def test_frequent_skills_tell_candidates_apart() -> None:
    compiled = snapshot(
        mentor(1, skills="sql java interview_preparation"),
        mentor(2, skills="sql java figma"),
        mentor(3, skills="sql python"),
        mentor(4, skills="sql python figma"),
        mentor(5, directions="design", skills="react"),
    )
    backend = (DirectionKey("backend"),)
    assert compiled.frequent_skills(backend, 10) == ("java", "python", "figma", "sql")
    assert compiled.frequent_skills(backend, 2) == ("java", "python")
    assert "react" in compiled.frequent_skills((), 10)


ALL_FIELDS = (
    "directions",
    "goals",
    "level",
    "skills",
    "budget",
    "formats",
    "languages",
    "timezone",
    "about",
)


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_with_three_mentors_no_question_matters(field: str) -> None:
    compiled = snapshot(*(mentor(number, price=1000.0 * number) for number in range(1, 4)))
    assert not compiled.matters(field, request())


DIFFERENT: dict[str, dict[str, Any]] = {
    "directions": {"directions": "design"},
    "goals": {"goals": "cv"},
    "level": {"level": "senior"},
    "skills": {"skills": "java"},
    "budget": {"price": 5000.0},
    "formats": {"formats": "regular"},
    "languages": {"languages": "en"},
    "timezone": {"timezone": "Europe/Moscow"},
    "about": {"about": "Учу"},
}


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_a_question_matters_where_mentors_differ_in_it(field: str) -> None:
    alike = [mentor(number) for number in range(1, 6)]
    assert not snapshot(*alike).matters(field, request())
    assert snapshot(*alike, mentor(6, **DIFFERENT[field])).matters(field, request())


def test_a_question_is_judged_among_those_who_can_still_be_shown() -> None:
    backend = [mentor(number, price=3000.0) for number in range(1, 6)]
    design = [mentor(number, directions="design", price=1000.0 * number) for number in range(6, 12)]
    compiled = snapshot(*backend, *design)
    assert compiled.matters("budget", request())
    assert not compiled.matters("budget", request(directions="backend"))
    assert compiled.matters("budget", request(directions="design"))


def test_an_answer_already_given_does_not_hide_its_question() -> None:
    compiled = snapshot(*(mentor(number, price=1000.0 * number) for number in range(1, 8)))
    assert compiled.matters("budget", request(budget=1000.0))


def test_a_question_about_nothing_known_is_refused() -> None:
    with pytest.raises(ValueError, match="no question is about 'shoe_size'"):
        snapshot().matters("shoe_size", request())

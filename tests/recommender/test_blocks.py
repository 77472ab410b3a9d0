"""Each block of the score by tables that can be checked by hand against docs/recommender.md."""

import math
from dataclasses import replace

import pytest

from recommender.model import Mentor, MentorId, ReasonKind, Request
from recommender.query import understand
from recommender.ranking import explain, recommend
from recommender.scoring import score
from recommender.skills import focus
from recommender.weights import WEIGHTS, Block
from tests.recommender.catalogues import ids, mentor, request, snapshot


def value(block: Block, one: Mentor, asked: Request) -> float:
    """The block's value for the only mentor there is."""
    compiled = snapshot(one)
    return float(score(compiled, understand(compiled, asked)).fits[block].values[0])


def test_the_weights_add_up_to_one() -> None:
    assert math.isclose(sum(WEIGHTS.values()), 1)


@pytest.mark.parametrize(
    ("title", "directions", "skills", "expected"),
    [
        ("", "backend", "java sql", 1.0),
        ("", "backend", "java react figma vue", 0.6 + 0.4 * 0.5),
        ("Backend developer", "backend", "java sql", 1.0),
        ("Дизайнер", "backend design", "java sql", 0.6 + 0.4 * 0.5),
        ("", "backend", "figma", 0.6),
        ("", "frontend", "java react", 0.4),
        ("", "frontend", "react", 0.0),
        ("Бэкенд-разработчик", "", "", 0.6 + 0.4 * 0.5),
    ],
)
def test_a_direction_is_named_and_proven(title: str, directions: str, skills: str, expected: float) -> None:
    one = mentor(1, title=title, directions=directions, skills=skills)
    assert value(Block.DIRECTION, one, request(directions="backend")) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("directions", "skills", "expected"),
    [
        ("frontend", "react vue", 0.6 * 0.5),
        ("frontend", "", 0.6 * 0.5),
        ("frontend", "react html", 0.6 * 0.5 + 0.4),
        ("backend frontend", "java react", 0.6 * 0.5),
        ("backend", "java", 0.0),
        ("design", "react", 0.6),
    ],
)
def test_naming_a_near_direction_earns_half_of_naming(directions: str, skills: str, expected: float) -> None:
    one = mentor(1, directions=directions, skills=skills)
    assert value(Block.DIRECTION, one, request(directions="design")) == pytest.approx(expected)


def test_of_several_directions_the_best_counts_most() -> None:
    one = mentor(1, directions="backend", skills="java")
    asked = request(directions="backend design")
    assert value(Block.DIRECTION, one, asked) == pytest.approx(0.7 * 1 + 0.3 * 0.5)


@pytest.mark.parametrize(
    ("skills", "expected", "why"),
    [
        ("python", 1.0, "the very skill"),
        ("django", 0.75, "a child knows the parent"),
        ("sql", 0.0, "something else"),
        ("", 0.0, "nothing"),
    ],
)
def test_skills_near_a_parent(skills: str, expected: float, why: str) -> None:
    assert value(Block.SKILLS, mentor(1, skills=skills), request(skills="python")) == expected, why


@pytest.mark.parametrize(
    ("skills", "expected"), [("django", 1.0), ("python", 0.5), ("flask", 0.25), ("flask python", 0.5)]
)
def test_skills_near_a_child(skills: str, expected: float) -> None:
    assert value(Block.SKILLS, mentor(1, skills=skills), request(skills="django")) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"free_skills": ("Apache Camel",)}, 1.0),
        ({"title": "Developer, Apache Camel"}, 1.0),
        ({"about": "Лет пять на Apache Camel."}, 0.625),
        ({"about": "Apache вчера, Camel сегодня"}, 0.0),
        ({"free_skills": ("Apache", "Camel")}, 0.0),
        ({"free_skills": ("ApacheCamelot",)}, 0.0),
    ],
)
def test_a_free_skill_is_found_word_for_word(fields: dict[str, str], expected: float) -> None:
    asked = request(free_skills=("apache camel",))
    assert value(Block.SKILLS, mentor(1, **fields), asked) == expected


def test_java_is_not_found_inside_javascript() -> None:
    compiled = snapshot(
        mentor(1, skills="javascript", about="Пишу на JavaScript", free_skills=("JavaScripting",)),
        mentor(2, skills="java"),
    )
    for asked in (request(skills="java"), request(free_skills=("Java",)), request(about="Учу Java")):
        measured = score(compiled, understand(compiled, asked))
        row = compiled.row_of(MentorId(1))
        assert measured.fits[Block.SKILLS].values[row] == 0
        assert ids(recommend(compiled, asked).cards)[0] == 2


def test_a_free_skill_the_taxonomy_knows_is_that_skill() -> None:
    assert value(Block.SKILLS, mentor(1, skills="python"), request(free_skills=("питон",))) == 1.0


def test_a_rare_skill_weighs_more_than_a_frequent_one() -> None:
    frequent = [mentor(number, skills="sql") for number in range(2, 30)]
    compiled = snapshot(mentor(1, skills="java"), *frequent)
    assert ids(recommend(compiled, request(skills="java sql")).cards)[0] == 1


def test_a_list_of_184_skills_does_not_win_by_its_length() -> None:
    everything = mentor(
        1, skills="java spring sql python", free_skills=tuple(f"Skill{number}" for number in range(180))
    )
    expert = mentor(2, skills="java spring sql")
    two_of_three = mentor(3, skills="java spring")
    compiled = snapshot(everything, expert, two_of_three)
    assert ids(recommend(compiled, request(skills="java spring sql")).cards) == [2, 3, 1]


def test_a_skill_of_the_title_is_not_damped() -> None:
    many = tuple(f"Skill{number}" for number in range(60))
    listed = value(Block.SKILLS, mentor(1, skills="java", free_skills=many), request(skills="java"))
    titled = value(Block.SKILLS, mentor(1, title="Java developer", free_skills=many), request(skills="java"))
    assert listed == pytest.approx(focus(61))
    assert titled == 1.0


@pytest.mark.parametrize(
    ("own", "expected"),
    [("interviews cv", 1.0), ("interviews", 0.5), ("raise", 0.0), ("", 0.4)],
)
def test_goals_shared(own: str, expected: float) -> None:
    asked = request(goals="interviews cv other")
    assert value(Block.GOALS, mentor(1, goals=own), asked) == pytest.approx(expected)


def test_a_listed_skill_may_say_the_goal() -> None:
    one = mentor(1, skills="interview_preparation")
    assert value(Block.GOALS, one, request(goals="interviews")) == 1.0


def test_the_goal_other_says_nothing() -> None:
    compiled = snapshot(mentor(1))
    assert Block.GOALS not in score(compiled, understand(compiled, request(goals="other"))).fits


@pytest.mark.parametrize(
    ("student", "fields", "expected"),
    [
        ("middle", {"level": "junior"}, 0.0),
        ("middle", {"level": "middle"}, 0.9 * 0.5),
        ("middle", {"level": "senior"}, 0.9 * 0.9),
        ("middle", {"level": "lead"}, 0.9 * 1.0),
        ("novice", {"level": "head"}, 0.9 * 0.65),
        ("head", {"level": "head"}, 0.9 * 1.0),
        ("middle", {"level": "lead", "helps_levels": "junior middle"}, 1.0),
        ("middle", {"level": "senior", "helps_levels": "middle"}, 0.95),
        ("middle", {"level": "lead", "helps_levels": "junior"}, 0.3),
        ("middle", {"level": "junior", "helps_levels": "middle"}, 0.0),
        ("middle", {}, 0.9 * 0.5),
        ("middle", {"years": 12.0}, 0.9 * 0.75),
    ],
)
def test_the_mentor_is_above_the_student_but_not_absurdly(
    student: str, fields: dict[str, str], expected: float
) -> None:
    assert value(Block.LEVEL, mentor(1, **fields), request(level=student)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("budget", "unit", "price", "price_unit", "expected"),
    [
        (4000, "hour", 4000, "session", 1.0),
        (4000, "hour", 0, "hour", 1.0),
        (4000, "hour", 5000, "hour", 0.8),
        (4000, "hour", 8000, "hour", 0.5),
        (16000, "month", 5000, "hour", 0.8),
        (4000, "hour", 16000, "month", 1.0),
        (1000, "hour", 1300, "hour", 1 / 1.1),
        (0, "hour", 1500, "hour", 2 / 3),
        (0, "hour", 0, "hour", 1.0),
        (4000, "hour", None, "hour", 0.3),
        (4000, "hour", 50, "offer_share", 0.3),
        (100, "offer_share", 50, "offer_share", 1.0),
        (50, "offer_share", 100, "offer_share", 2 / 3),
        (50, "offer_share", 3000, "hour", 0.3),
    ],
)
def test_budget(budget: float, unit: str, price: float | None, price_unit: str, expected: float) -> None:
    one = mentor(1, price=price, price_unit=price_unit)
    asked = request(budget=float(budget), price_unit=unit)
    assert value(Block.BUDGET, one, asked) == pytest.approx(expected)


@pytest.mark.parametrize(("currency", "expected"), [("USD", 1.0), ("EUR", 2 / 3), ("XXX", 0.3)])
def test_prices_in_other_currencies(currency: str, expected: float) -> None:
    one = mentor(1, price=100.0, currency=currency)
    asked = request(budget={"USD": 9000.0, "EUR": 20000 / 3, "XXX": 9000.0}[currency])
    assert value(Block.BUDGET, one, asked) == pytest.approx(expected)


@pytest.mark.parametrize(("own", "expected"), [("regular", 1.0), ("one_off", 0.0), ("", 0.5)])
def test_formats(own: str, expected: float) -> None:
    assert value(Block.FORMAT, mentor(1, formats=own), request(formats="regular")) == expected


def test_a_share_of_the_offer_is_pay_after_the_offer() -> None:
    one = mentor(1, price=50.0, price_unit="offer_share")
    assert value(Block.FORMAT, one, request(formats="after_offer")) == 1.0


@pytest.mark.parametrize(("own", "expected"), [("ru en", 1.0), ("de", 0.0), ("", 0.5)])
def test_languages(own: str, expected: float) -> None:
    assert value(Block.LANGUAGE, mentor(1, languages=own), request(languages="en fr")) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Moscow", 1.0),
        ("Asia/Yekaterinburg", 1.0),
        ("Asia/Novosibirsk", 4 / 6),
        ("Asia/Vladivostok", 1 / 6),
        ("America/New_York", 0.0),
        (None, 0.5),
        ("Nowhere/Land", 0.5),
    ],
)
def test_time_zones(zone: str | None, expected: float) -> None:
    asked = request(timezone="Europe/Moscow")
    assert value(Block.TIMEZONE, mentor(1, timezone=zone), asked) == pytest.approx(expected)


def test_clocks_are_compared_the_short_way_round_the_day() -> None:
    one = mentor(1, timezone="Pacific/Auckland")
    assert value(Block.TIMEZONE, one, request(timezone="Pacific/Honolulu")) == 1.0


def test_own_words_are_matched_by_stems_in_russian_and_english() -> None:
    compiled = snapshot(
        mentor(1, about="Разбираем собеседования и портфолио"),
        mentor(2, about="I review portfolios and negotiate offers"),
        mentor(3, about="Учу рисовать"),
    )
    russian = recommend(compiled, request(about="боюсь собеседований"))
    english = recommend(compiled, request(about="negotiating an offer"))
    assert ids(russian.cards)[0] == 1
    assert ids(english.cards)[0] == 2
    reason = next(one for one in russian.cards[0].reasons if one.kind is ReasonKind.WORDS)
    assert reason.keys == ("собеседований",)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("гроза", None),
        ("шторм", ("шторм",)),
        ("гроза и радуга", ("гроза", "радуга")),
        ("грозами, грозой, грозы", None),
        ("сейчас нужен ментор", None),
    ],
)
def test_a_single_word_is_a_reason_only_where_it_is_rare(about: str, expected: tuple[str] | None) -> None:
    both = [mentor(number, about="Гроза и радуга, сейчас нужен ментор") for number in range(1, 8)]
    rest = [mentor(number) for number in range(8, 60)]
    compiled = snapshot(*both, mentor(60, about="Шторм"), *rest)
    cards = recommend(compiled, request(about=about)).cards
    keys = [reason.keys for card in cards for reason in card.reasons if reason.kind is ReasonKind.WORDS]
    assert set(keys[:1]) == ({expected} if expected else set())


def test_words_nobody_uses_say_nothing() -> None:
    compiled = snapshot(mentor(1, about="Учу рисовать"))
    assert Block.WORDS not in score(compiled, understand(compiled, request(about="квантовая физика"))).fits


def test_skills_and_directions_in_own_words_are_weaker_evidence() -> None:
    compiled = snapshot(mentor(1, skills="python"), mentor(2, directions="design", skills="figma"))
    said = explain(compiled, request(about="хочу бэкендером, учу Python"), MentorId(1))
    assert said is not None
    weak = (
        WEIGHTS[Block.SKILLS]
        / 2
        / (
            WEIGHTS[Block.SKILLS] / 2
            + WEIGHTS[Block.DIRECTION] / 2
            + WEIGHTS[Block.WORDS]
            + WEIGHTS[Block.QUALITY]
            + WEIGHTS[Block.RESPONSE]
        )
    )
    assert said.parts["skills"] == pytest.approx(weak)
    assert recommend(compiled, request(about="хочу бэкендером, учу Python")).relaxed == ()
    assert ReasonKind.SKILLS in {reason.kind for reason in said.reasons}


def test_beside_leadership_alone_the_trade_in_own_words_counts_nearly_as_an_answer() -> None:
    compiled = snapshot(
        mentor(1, directions="leadership frontend", reviews_count=20, rating_sum=100.0),
        mentor(2, directions="leadership backend"),
        mentor(3, directions="leadership design", reviews_count=20, rating_sum=100.0),
    )
    asked = request(directions="leadership", about="Стал тимлидом, сам бэкендер")
    cards = recommend(compiled, asked).cards
    assert ids(cards)[0] == 2
    reason = next(one for one in cards[0].reasons if one.kind is ReasonKind.DIRECTION)
    assert set(reason.keys) == {"leadership", "backend"}
    values = score(compiled, understand(compiled, asked)).fits[Block.DIRECTION].values
    named = 0.6 / 1.8
    assert sorted(values) == pytest.approx([named, named, named + 0.8 * 0.6 / 1.8])


def test_beside_leadership_alone_skills_in_own_words_count_nearly_as_picked() -> None:
    compiled = snapshot(mentor(1, directions="leadership", skills="java"), mentor(2, directions="leadership"))
    about = "веду команду на Java"
    alone = understand(compiled, request(directions="leadership", about=about))
    beside = understand(compiled, request(directions="leadership backend", about=about))
    assert score(compiled, alone).fits[Block.SKILLS].strength == 0.8
    assert score(compiled, beside).fits[Block.SKILLS].strength == 0.5


def test_a_question_left_out_leaves_its_block_out() -> None:
    compiled = snapshot(mentor(1))
    measured = score(compiled, understand(compiled, request()))
    assert set(measured.fits) == {Block.QUALITY, Block.RESPONSE}
    assert sum(measured.shares.values()) == pytest.approx(1.0)


def test_words_that_nobody_says_do_not_drown_the_skills_that_some_have() -> None:
    one = mentor(1, skills="python")
    alone = request(skills="python")
    beside = replace(alone, free_skills=("самодельный фреймворк",))
    assert value(Block.SKILLS, one, beside) == value(Block.SKILLS, one, alone) == 1
    assert value(Block.SKILLS, one, replace(beside, skills=())) == 0

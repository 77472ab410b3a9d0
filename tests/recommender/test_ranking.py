"""What holds of every shortlist, whatever the catalogue and the request, checked against the slow model."""

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.model import (
    Format,
    Limit,
    Mentor,
    MentorId,
    PriceUnit,
    Reason,
    ReasonKind,
    Request,
    Risk,
    RiskKind,
    Shortlist,
    Tier,
)
from recommender.ranking import explain, recommend
from recommender.scoring import RELAXATION
from recommender.snapshot import compile_snapshot
from recommender.surprise import surprise
from recommender.taxonomy import load_default
from recommender.words import stems, tokens
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
from tests.recommender.oracle import (
    Oracle,
    close,
    comparable,
    directions_of,
    formats_of,
    goals_of,
    says,
    skills_of,
)

RISK_OF = {
    Limit.TIMEZONE: {RiskKind.FAR_TIMEZONE},
    Limit.FORMAT: {RiskKind.OTHER_FORMAT},
    Limit.LEVEL: {RiskKind.LEVEL_TOO_LOW, RiskKind.LEVEL_NOT_HELPED},
    Limit.BUDGET: {RiskKind.OVER_BUDGET, RiskKind.PRICE_UNKNOWN},
    Limit.SKILLS: {RiskKind.MISSING_SKILLS},
    Limit.DIRECTION: {RiskKind.OTHER_DIRECTION},
    Limit.LANGUAGE: {RiskKind.OTHER_LANGUAGE},
}


def eligible(mentors: list[Mentor]) -> list[Mentor]:
    return [one for one in mentors if one.active and one.capacity != 0]


def answer(mentors: list[Mentor], asked: Request) -> tuple[Shortlist, Oracle, dict[int, Mentor]]:
    oracle = Oracle(mentors, asked, taxonomy(), AT)
    return recommend(snapshot(*mentors), asked), oracle, {one.id: one for one in mentors}


@UNTIMED
@given(catalogues(), requests())
def test_three_mentors_stand_wherever_three_are_eligible(mentors: list[Mentor], asked: Request) -> None:
    shown = ids(recommend(snapshot(*mentors), asked).cards)
    assert len(shown) == min(3, len(eligible(mentors)))
    assert len(set(shown)) == len(shown)
    assert set(shown) <= {one.id for one in eligible(mentors)}


@UNTIMED
@given(catalogues(), requests(), st.integers(1, 12))
def test_a_longer_list_has_as_many_as_there_are(mentors: list[Mentor], asked: Request, k: int) -> None:
    shown = ids(recommend(snapshot(*mentors), asked, k=k).cards)
    assert len(shown) == len(set(shown)) == min(k, len(eligible(mentors)))


@UNTIMED
@given(catalogues(), requests())
def test_a_relaxed_limit_is_named_and_broken_by_somebody_shown(mentors: list[Mentor], asked: Request) -> None:
    shortlist, oracle, known = answer(mentors, asked)
    broken = {limit for card in shortlist.cards for limit in oracle.broken(known[card.mentor_id])}
    assert set(shortlist.relaxed) == broken
    assert list(shortlist.relaxed) == [limit for limit in dict.fromkeys(RELAXATION) if limit in broken]


@UNTIMED
@given(catalogues(), requests())
def test_no_limit_is_relaxed_while_three_stand_without(mentors: list[Mentor], asked: Request) -> None:
    shortlist, oracle, known = answer(mentors, asked)
    stages = sorted(oracle.stage(one) for one in eligible(mentors))
    assert [oracle.stage(known[card.mentor_id]) for card in shortlist.cards] == stages[:3]


@UNTIMED
@given(catalogues(), requests())
def test_who_breaks_a_limit_carries_its_risk(mentors: list[Mentor], asked: Request) -> None:
    shortlist, oracle, known = answer(mentors, asked)
    for card in shortlist.cards:
        kinds = {risk.kind for risk in card.risks}
        for limit in oracle.broken(known[card.mentor_id]):
            assert kinds & RISK_OF[limit]


@UNTIMED
@given(catalogues(), requests())
def test_scores_equal_the_slow_model(mentors: list[Mentor], asked: Request) -> None:
    compiled, oracle = snapshot(*mentors), Oracle(mentors, asked, taxonomy(), AT)
    for one in mentors:
        card = explain(compiled, asked, one.id)
        assert card is not None
        assert close(card.parts, oracle.parts(one))
        assert math.isclose(card.score, math.fsum(card.parts.values()))
        assert 0 <= card.score <= 1 + 1e-9


@UNTIMED
@given(catalogues(), requests())
def test_the_first_card_is_the_best_of_those_who_stand_first(mentors: list[Mentor], asked: Request) -> None:
    shortlist, oracle, known = answer(mentors, asked)
    if not shortlist.cards:
        return
    first = oracle.stage(known[shortlist.cards[0].mentor_id])
    rivals = [one for one in eligible(mentors) if oracle.stage(one) == first]
    best = max(sum(oracle.parts(one).values()) for one in rivals)
    assert shortlist.cards[0].score == pytest.approx(best, abs=1e-5)


@UNTIMED
@given(catalogues(), requests(), st.randoms(use_true_random=False))
def test_the_order_of_import_does_not_matter(mentors: list[Mentor], asked: Request, random: Random) -> None:
    shuffled = list(mentors)
    random.shuffle(shuffled)
    assert snapshot(*shuffled).version == snapshot(*mentors).version
    assert recommend(snapshot(*shuffled), asked) == recommend(snapshot(*mentors), asked)


@UNTIMED
@given(catalogues(), requests())
def test_every_reason_is_true_of_the_mentor(mentors: list[Mentor], asked: Request) -> None:
    shortlist, oracle, known = answer(mentors, asked)
    for card in shortlist.cards:
        for reason in card.reasons:
            assert reason_holds(reason, known[card.mentor_id], asked, oracle), reason
        weights = [reason.weight for reason in card.reasons]
        assert weights == sorted(weights, reverse=True)


@UNTIMED
@given(catalogues(), requests())
def test_every_risk_is_true_of_the_mentor(mentors: list[Mentor], asked: Request) -> None:
    shortlist, oracle, known = answer(mentors, asked)
    for card in shortlist.cards:
        assert len({risk.kind for risk in card.risks}) == len(card.risks)
        for risk in card.risks:
            assert risk_holds(risk, known[card.mentor_id], asked, oracle), risk


def reason_holds(reason: Reason, one: Mentor, asked: Request, oracle: Oracle) -> bool:
    """Checked from the mentor and the request alone."""
    keys = set(reason.keys)
    price = comparable(one.price, one.price_unit, one.currency, asked)
    budget = comparable(asked.budget, asked.price_unit, asked.currency, asked)
    own_text = {
        *stems(" ".join((one.title, one.about, *one.free_skills))),
        *(
            stem
            for key in one.skills
            for name in taxonomy().skills[key].names.values()
            for stem in stems(name)
        ),
    }
    holds = {
        ReasonKind.DIRECTION: keys
        == {*oracle.directions(), *oracle.trades()} & directions_of(one, taxonomy()),
        ReasonKind.SKILLS: keys <= set(oracle.asked())
        and all(key in skills_of(one, taxonomy()) or says(one, key) for key in keys),
        ReasonKind.RELATED_SKILLS: keys <= skills_of(one, taxonomy()),
        ReasonKind.GOALS: keys == {str(goal) for goal in oracle.wanted_goals() & goals_of(one)},
        ReasonKind.LEVEL: bool(one.level and asked.level and one.level.rank > asked.level.rank)
        and keys == {one.level}
        and reason.value == one.years,
        ReasonKind.BUDGET: None not in (price, budget) and 0 < (price or 0) <= (budget or 0),
        ReasonKind.FREE_OF_CHARGE: one.price == 0 and budget is not None,
        ReasonKind.FORMAT: keys == {str(one) for one in set(asked.formats) & formats_of(one)},
        ReasonKind.LANGUAGE: keys == set(asked.languages) & set(one.languages),
        ReasonKind.TIMEZONE: reason.value == oracle.apart(one) and (reason.value or 0) <= 2,
        ReasonKind.WORDS: keys <= set(tokens(asked.about))
        and set(stems(" ".join(keys))) <= own_text
        and (len(keys) > 1 or len(oracle.mentors) <= 5),
        ReasonKind.RATING: keys == {str(shown(one)[0])}
        and shown(one)[0] >= 3
        and reason.value == shown(one)[1],
        ReasonKind.ANSWERS_FAST: reason.value == one.answer_hours
        and (one.answer_hours or 0) <= 24
        and one.requests_asked >= 3
        and one.requests_answered >= 0.8 * one.requests_asked,
    }
    return holds[reason.kind] and (bool(keys) or reason.kind not in _WITH_KEYS)


_WITH_KEYS = set(ReasonKind) - {
    ReasonKind.BUDGET,
    ReasonKind.FREE_OF_CHARGE,
    ReasonKind.TIMEZONE,
    ReasonKind.ANSWERS_FAST,
}


def shown(one: Mentor) -> tuple[int, float]:
    """The number of reviews and the stars that people see; NaN where there are none."""
    average = one.rating_sum / one.reviews_count if one.rating_sum else math.nan
    if one.rating is None:
        return one.reviews_count, average
    return one.rating.count, one.rating.mean if one.rating.count else average


def risk_holds(risk: Risk, one: Mentor, asked: Request, oracle: Oracle) -> bool:
    """Checked from the mentor and the request alone."""
    keys = set(risk.keys)
    price = comparable(one.price, one.price_unit, one.currency, asked)
    lacking = {name for name in oracle.picked() if oracle.likeness(one, name) < 0.625}
    holds = {
        RiskKind.OTHER_DIRECTION: keys == directions_of(one, taxonomy()) and not keys & set(asked.directions),
        RiskKind.MISSING_SKILLS: keys == lacking,
        RiskKind.OVER_BUDGET: price is not None and _is_over_by(risk.value, price, asked),
        RiskKind.PRICE_UNKNOWN: price is None
        and (not keys or (keys == {"offer_share"} and risk.value == one.price)),
        RiskKind.OTHER_FORMAT: keys == {str(own) for own in formats_of(one)}
        and not keys & set(asked.formats),
        RiskKind.LEVEL_TOO_LOW: bool(one.level and asked.level and one.level.rank < asked.level.rank)
        and keys == {one.level},
        RiskKind.LEVEL_NOT_HELPED: keys == {str(own) for own in one.helps_levels}
        and asked.level not in one.helps_levels,
        RiskKind.OTHER_LANGUAGE: keys == set(one.languages) and not keys & set(asked.languages),
        RiskKind.FAR_TIMEZONE: risk.value == oracle.apart(one) and (risk.value or 0) > 4,
        RiskKind.NO_REVIEWS: shown(one)[0] == 0,
        RiskKind.LOW_RATING: shown(one)[0] > 0 and risk.value == shown(one)[1] and risk.value < 4.8,
        RiskKind.RARELY_ANSWERS: one.requests_asked >= 3
        and one.requests_answered < one.requests_asked / 2
        and risk.value == round(100 * one.requests_answered / one.requests_asked),
        RiskKind.LONG_SILENT: risk.value == one.confirmed_days and (risk.value or 0) > 90,
    }
    return holds[risk.kind]


def _is_over_by(value: float | None, price: float, asked: Request) -> bool:
    """Whether a price is this much over the budget, in the student's unit and currency."""
    budget = comparable(asked.budget, asked.price_unit, asked.currency, asked)
    rate = {"RUB": 1, "USD": 90}[asked.currency]
    unit = 4 / rate if asked.price_unit is PriceUnit.MONTH else 1 / rate
    over = (price - (budget or 0)) * (1 if asked.price_unit is PriceUnit.OFFER_SHARE else unit)
    return value is not None and over > 0 and math.isclose(value, over, abs_tol=0.01)


@UNTIMED
@given(catalogues(), requests(), st.data())
def test_nobody_seen_comes_back_until_everybody_was_seen(
    mentors: list[Mentor], asked: Request, data: st.DataObject
) -> None:
    compiled = snapshot(*mentors)
    able = [one.id for one in eligible(mentors)]
    seen = data.draw(st.lists(st.sampled_from(able), unique=True)) if able else []
    shortlist = recommend(compiled, asked, seen=seen)
    shown = ids(shortlist.cards)
    unseen = len(able) - len(seen)
    assert len(set(shown[:unseen]) & set(seen)) == 0
    assert len(shown) == min(3, len(able))
    assert shortlist.started_over == (len(set(shown) & set(seen)) > 0)


@UNTIMED
@given(catalogues(), requests(), st.data())
def test_nobody_excluded_is_shown(mentors: list[Mentor], asked: Request, data: st.DataObject) -> None:
    excluded = data.draw(st.lists(st.integers(1, 1000), max_size=5))
    excluded += [one.id for one in mentors[:2]]
    shown = ids(recommend(snapshot(*mentors), asked, excluded=[MentorId(one) for one in excluded]).cards)
    assert not set(shown) & set(excluded)
    assert len(shown) == min(3, len([one for one in eligible(mentors) if one.id not in excluded]))


@UNTIMED
@given(catalogues(), requests(), st.integers(0, 2**32))
def test_a_surprise_is_eligible_and_says_its_true_chance(
    mentors: list[Mentor], asked: Request, seed: int
) -> None:
    compiled = snapshot(*mentors)
    drawn = surprise(compiled, asked, rng=np.random.default_rng(seed))
    assert len(drawn.cards) == min(1, len(eligible(mentors)))
    for card in drawn.cards:
        chances = [
            surprise(compiled, asked, rng=np.random.default_rng(other)).cards[0].mentor_id
            for other in range(12)
        ]
        assert len(set(chances)) <= round(1 / card.propensity)
        assert card.mentor_id in {one.id for one in eligible(mentors)}


def test_a_surprise_is_from_another_direction_and_drawn_evenly() -> None:
    compiled = snapshot(
        *(mentor(number) for number in range(1, 6)),
        *(mentor(number, directions="design") for number in range(6, 10)),
        mentor(10, directions="design", price=90_000.0),
        mentor(11, directions="design", reviews_count=9, rating_sum=18.0),
    )
    asked = request(directions="backend", budget=3000.0)
    drawn = [surprise(compiled, asked, rng=np.random.default_rng(seed)) for seed in range(400)]
    counts = {number: sum(ids(one.cards) == [number] for one in drawn) for number in range(1, 12)}
    assert {number for number, count in counts.items() if count} == {6, 7, 8, 9}
    assert {one.cards[0].propensity for one in drawn} == {0.25}
    assert min(counts[number] for number in (6, 7, 8, 9)) > 60
    assert all(one.relaxed == () for one in drawn)


def test_a_surprise_starts_over_when_everybody_was_seen() -> None:
    compiled = snapshot(mentor(1), mentor(2))
    drawn = surprise(compiled, request(), rng=np.random.default_rng(1), seen=[MentorId(1), MentorId(2)])
    assert drawn.started_over
    assert drawn.cards[0].propensity == 0.5


def test_an_empty_request_ranks_by_quality() -> None:
    compiled = snapshot(
        mentor(1, reviews_count=10, rating_sum=35.0),
        mentor(2),
        mentor(3, reviews_count=30, rating_sum=150.0),
    )
    assert ids(recommend(compiled, request()).cards) == [3, 2, 1]


def test_elite_mentors_have_no_advantage_in_the_common_list() -> None:
    common = [mentor(number, skills="java") for number in range(1, 8)]
    mixed = [replace(one, tier=Tier.ELITE) if one.id % 2 else one for one in common]
    asked = request(skills="java")
    assert ids(recommend(snapshot(*mixed), asked).cards) == ids(recommend(snapshot(*common), asked).cards)


def test_limits_are_given_up_one_at_a_time_and_who_keeps_them_comes_first() -> None:
    compiled = snapshot(
        mentor(1, price=3000.0, formats="one_off"),
        mentor(2, price=3500.0, formats="regular"),
        mentor(3, price=2000.0, formats="regular", reviews_count=9, rating_sum=30.0),
        mentor(4, price=2000.0, formats="regular", directions="design"),
    )
    shortlist = recommend(compiled, request(directions="backend", budget=3000.0, formats="regular"))
    assert ids(shortlist.cards) == [3, 1, 2]
    assert shortlist.relaxed == (Limit.FORMAT, Limit.BUDGET)
    assert Risk(RiskKind.OVER_BUDGET, value=500.0) in shortlist.cards[2].risks
    assert Risk(RiskKind.OTHER_FORMAT, ("one_off",)) in shortlist.cards[1].risks


@pytest.mark.parametrize(
    ("budget", "prices", "shown"),
    [
        (3000.0, (25_000.0, 4600.0, 4500.0, 3100.0), [4, 3, 2]),
        (0.0, (25_000.0, 3000.0, 6000.0, 0.0), [4, 2, 3]),
        (1000.0, (3001.0, 90_000.0, 3000.0, 1500.0), [4, 3, 1]),
        (0.0, (None, 3000.0, 6000.0, 9000.0), [2, 3, 1]),
    ],
)
def test_who_is_a_little_over_the_budget_comes_before_who_is_far_over(
    budget: float, prices: tuple[float | None, ...], shown: list[int]
) -> None:
    stars = ((40, 200.0), (20, 100.0), (20, 100.0), (9, 40.0))
    mentors = [
        mentor(number, price=price, reviews_count=count, rating_sum=total)
        for number, (price, (count, total)) in enumerate(zip(prices, stars, strict=True), 1)
    ]
    shortlist = recommend(snapshot(*mentors), request(budget=budget))
    assert (ids(shortlist.cards), shortlist.relaxed) == (shown, (Limit.BUDGET,))


def test_a_limit_nobody_breaks_is_not_said_to_be_relaxed() -> None:
    compiled = snapshot(
        mentor(1, timezone="Europe/Moscow"), mentor(2, timezone="Europe/Moscow", price=9000.0)
    )
    shortlist = recommend(compiled, request(timezone="Europe/Moscow", budget=3000.0))
    assert shortlist.relaxed == (Limit.BUDGET,)


def test_where_nobody_has_the_direction_those_of_a_near_one_come_first() -> None:
    taxonomy = load_default()
    others = [mentor(number, directions="design marketing", skills="sql") for number in range(1, 5)]
    near = [
        mentor(5, directions="data_science", skills="sql"),
        mentor(6, directions="data_engineering", skills="sql"),
    ]
    compiled = compile_snapshot([*others, *near], taxonomy, at=AT)
    shortlist = recommend(compiled, request(directions="analytics"), k=2)
    assert sorted(ids(shortlist.cards)) == [5, 6]
    assert shortlist.relaxed == (Limit.DIRECTION,)
    assert {risk.kind for card in shortlist.cards for risk in card.risks} >= {RiskKind.OTHER_DIRECTION}


@UNTIMED
@given(catalogues(), requests())
def test_a_skill_is_named_once_among_the_reasons(mentors: list[Mentor], asked: Request) -> None:
    for card in recommend(snapshot(*mentors), asked).cards:
        kinds = {ReasonKind.SKILLS, ReasonKind.RELATED_SKILLS}
        named = [key for reason in card.reasons if reason.kind in kinds for key in reason.keys]
        assert len(named) == len(set(named))


def test_three_copies_of_one_mentor_do_not_fill_the_list() -> None:
    alike = [mentor(number, skills="java spring", company="Ромашка") for number in range(1, 6)]
    other = mentor(6, skills="java sql", company="Лютик")
    shown = ids(recommend(snapshot(*alike, other), request(directions="backend", skills="java")).cards)
    assert 6 in shown[1:]


def test_reasons_name_what_the_student_picked() -> None:
    one = mentor(
        1, skills="java sql", goals="interviews cv", level="senior", years=7.0, free_skills=("Apache Camel",)
    )
    asked = request(
        directions="backend",
        skills="java python",
        free_skills=("apache camel",),
        goals="interviews raise",
        level="junior",
    )
    card = explain(snapshot(one), asked, MentorId(1))
    assert card is not None
    found = {reason.kind: reason for reason in card.reasons}
    assert found[ReasonKind.SKILLS].keys == ("java", "apache camel")
    assert found[ReasonKind.GOALS].keys == ("interviews",)
    assert (found[ReasonKind.LEVEL].keys, found[ReasonKind.LEVEL].value) == (("senior",), 7.0)
    assert card.risks == (Risk(RiskKind.MISSING_SKILLS, ("python",)), Risk(RiskKind.NO_REVIEWS))


def test_a_price_as_a_share_of_the_offer_is_told_where_it_cannot_be_compared() -> None:
    one = mentor(1, price=100.0, price_unit="offer_share")
    card = explain(snapshot(one), request(budget=3000.0), MentorId(1))
    assert card is not None
    assert card.risks[0] == Risk(RiskKind.PRICE_UNKNOWN, ("offer_share",), 100.0)


@pytest.mark.parametrize(
    ("asked", "shown", "relaxed"),
    [
        ({"budget": 3000.0}, [2, 3, 4], ()),
        ({"budget": 3000.0, "formats": "regular"}, [2, 3, 4], ()),
        ({"budget": 3000.0, "formats": "regular after_offer"}, [1, 2, 4], ()),
        ({"budget": 0.0}, [4, 2, 1], (Limit.BUDGET,)),
        ({"budget": 0.0, "formats": "regular after_offer"}, [4, 1, 2], (Limit.BUDGET,)),
        ({"budget": 50.0, "price_unit": "offer_share"}, [1, 2, 3], ()),
    ],
)
def test_a_share_of_the_offer_is_within_a_money_budget_only_for_who_would_pay_after_it(
    asked: dict[str, str], shown: list[int], relaxed: tuple[Limit, ...]
) -> None:
    best = {"reviews_count": 40, "rating_sum": 200.0}
    compiled = snapshot(
        mentor(1, price=50.0, price_unit="offer_share", **best),
        mentor(2, price=2500.0),
        mentor(3, reviews_count=9, rating_sum=36.0),
        mentor(4, price=0.0, reviews_count=9, rating_sum=30.0),
    )
    shortlist = recommend(compiled, request(**asked))
    assert (sorted(ids(shortlist.cards)), shortlist.relaxed) == (sorted(shown), relaxed)


def test_a_share_of_the_offer_that_breaks_the_budget_is_named_early_and_otherwise_late() -> None:
    one = mentor(1, price=80.0, price_unit="offer_share", helps_levels="junior")
    asked = request(budget=3000.0, level="middle")
    shortlist = recommend(snapshot(one), asked)
    assert shortlist.relaxed == (Limit.LEVEL, Limit.BUDGET)
    unknown = Risk(RiskKind.PRICE_UNKNOWN, ("offer_share",), 80.0)
    others = [Risk(RiskKind.LEVEL_NOT_HELPED, ("junior",)), Risk(RiskKind.NO_REVIEWS)]
    assert list(shortlist.cards[0].risks) == [unknown, *others]
    later = recommend(snapshot(one), replace(asked, formats=(Format.AFTER_OFFER,)))
    assert later.relaxed == (Limit.LEVEL,)
    assert list(later.cards[0].risks) == [others[0], unknown, others[1]]


def test_explaining_a_stranger_gives_nothing() -> None:
    assert explain(snapshot(mentor(1)), request(), MentorId(2)) is None


def test_explaining_says_what_the_shortlist_said() -> None:
    compiled = snapshot(*(mentor(number, skills="java", level="lead") for number in range(1, 4)))
    asked = request(directions="backend", skills="java", level="middle")
    for card in recommend(compiled, asked).cards:
        explained = explain(compiled, asked, card.mentor_id)
        assert explained == replace(card, position=1)


def test_positions_count_from_one_and_chance_plays_no_part() -> None:
    cards = recommend(snapshot(mentor(1), mentor(2), mentor(3)), request(directions="backend")).cards
    assert [(card.position, card.propensity) for card in cards] == [(1, 1.0), (2, 1.0), (3, 1.0)]


def test_the_model_and_the_catalogue_are_named() -> None:
    compiled = snapshot(mentor(1))
    assert recommend(compiled, request()).model_version == f"content-2/{compiled.version}"

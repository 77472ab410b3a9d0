"""Metrics against values computed by hand."""

import math

import pytest

from recommender.metrics import METRICS, coverage, evaluate, mean, per_query

RANKING = ["a", "b", "c", "d", "e"]
JUDGED = {"b": 1, "d": 3, "x": 2, "c": 0, "a": -1}


@pytest.mark.parametrize(
    ("name", "k", "expected"),
    [
        ("precision", 1, 0.0),
        ("precision", 2, 1 / 2),
        ("precision", 10, 2 / 10),
        ("recall", 1, 0.0),
        ("recall", 4, 2 / 3),
        ("mrr", 1, 0.0),
        ("mrr", 5, 1 / 2),
        ("map", 2, (1 / 2) / 3),
        ("map", 5, (1 / 2 + 2 / 4) / 3),
        ("ndcg", 1, 0.0),
        ("ndcg", 2, (1 / math.log2(3)) / (3 + 2 / math.log2(3))),
        ("ndcg", 4, (1 / math.log2(3) + 3 / math.log2(5)) / (3 + 2 / math.log2(3) + 1 / 2)),
    ],
)
def test_one_query(name: str, k: int, expected: float) -> None:
    assert METRICS[name](RANKING, JUDGED, k) == pytest.approx(expected)


@pytest.mark.parametrize("name", METRICS)
def test_a_perfect_ranking_is_worth_one(name: str) -> None:
    assert METRICS[name](["d", "x", "b"], JUDGED, 3) == pytest.approx(1)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(("ranking", "judged"), [([], JUDGED), (RANKING, {}), (RANKING, {"a": 0})])
def test_nothing_shown_or_nothing_relevant_is_worth_nothing(
    name: str, ranking: list[str], judged: dict[str, int]
) -> None:
    assert METRICS[name](ranking, judged, 3) == 0


def test_queries_come_first_and_the_mean_last() -> None:
    values = per_query(
        METRICS["precision"], {"q1": ["a"], "unjudged": ["a"]}, {"q1": {"a": 1}, "missing": {"a": 1}}, 1
    )
    assert values == {"q1": 1.0, "missing": 0.0}
    assert mean(values) == 0.5
    assert mean({}) == 0


def test_metrics_below_one_are_refused() -> None:
    with pytest.raises(ValueError, match="k is 0"):
        per_query(METRICS["recall"], {}, {}, 0)


def test_coverage_counts_each_document_once() -> None:
    assert coverage({"q1": ["a", "b"], "q2": ["a", "c"]}, 6, 2) == 0.5
    assert coverage({}, 0, 2) == 0


def test_evaluation_has_every_metric() -> None:
    found = evaluate({"q1": ["a", "b"]}, {"q1": {"a": 1, "z": 0}}, 1)
    assert found == {"precision": 1, "recall": 1, "ndcg": 1, "map": 1, "mrr": 1, "coverage": 1 / 3}

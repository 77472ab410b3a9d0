"""How good rankings are against judgments: one value per query first, the mean over queries last.

A ranking is the documents shown, best first, each once. Judgments map documents to grades; a grade above 0 is
relevant, a document without one is not. A query that was judged but has no ranking counts 0 everywhere, and
so does one without any relevant document (as trec_eval -c has it).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

Ranking = Sequence[str]
Judgments = Mapping[str, int]
Metric = Callable[[Ranking, Judgments, int], float]


def precision(ranking: Ranking, judgments: Judgments, k: int) -> float:
    """``relevant among the first k / k``.

    >>> precision(["a", "b", "c"], {"a": 1, "c": 2}, 2)
    0.5
    """
    return sum(judgments.get(one, 0) > 0 for one in ranking[:k]) / k


def recall(ranking: Ranking, judgments: Judgments, k: int) -> float:
    """``relevant among the first k / all relevant``; 0 where nothing is relevant.

    >>> recall(["a", "b", "c"], {"a": 1, "c": 2, "d": 1, "e": 1}, 3)
    0.5
    """
    relevant = _relevant(judgments)
    return sum(judgments.get(one, 0) > 0 for one in ranking[:k]) / relevant if relevant else 0.0


def ndcg(ranking: Ranking, judgments: Judgments, k: int) -> float:
    """``DCG / DCG of the ideal ranking``, where ``DCG = sum of grade / log2(position + 1)`` over the first k.

    Grades are gains as they are (Järvelin and Kekäläinen, 2002, and trec_eval), not ``2 ** grade - 1``.

    >>> round(ndcg(["a", "b", "c"], {"a": 1, "c": 2}, 3), 3)
    0.76
    """
    ideal = _dcg(sorted((max(grade, 0) for grade in judgments.values()), reverse=True)[:k])
    return _dcg([max(judgments.get(one, 0), 0) for one in ranking[:k]]) / ideal if ideal else 0.0


def average_precision(ranking: Ranking, judgments: Judgments, k: int) -> float:
    """``sum over relevant positions i <= k of precision at i / all relevant``; its mean over queries is MAP.

    >>> round(average_precision(["a", "b", "c"], {"a": 1, "c": 2}, 3), 3)
    0.833
    """
    relevant = _relevant(judgments)
    hits = [place for place, one in enumerate(ranking[:k], 1) if judgments.get(one, 0) > 0]
    return sum(nth / place for nth, place in enumerate(hits, 1)) / relevant if relevant else 0.0


def reciprocal_rank(ranking: Ranking, judgments: Judgments, k: int) -> float:
    """``1 / position of the first relevant one``, 0 if it is not among the first k; its mean is MRR.

    >>> reciprocal_rank(["b", "a"], {"a": 1}, 10)
    0.5
    """
    places = (place for place, one in enumerate(ranking[:k], 1) if judgments.get(one, 0) > 0)
    return 1 / next(places, math.inf)


def coverage(rankings: Mapping[str, Ranking], catalogue_size: int, k: int) -> float:
    """``documents among the first k of any query / documents in the catalogue``; 0 for an empty catalogue.

    >>> coverage({"q1": ["a", "b"], "q2": ["a", "c"]}, 4, 1)
    0.25
    """
    shown = {one for ranking in rankings.values() for one in ranking[:k]}
    return len(shown) / catalogue_size if catalogue_size else 0.0


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {
        "precision": precision,
        "recall": recall,
        "ndcg": ndcg,
        "map": average_precision,
        "mrr": reciprocal_rank,
    }
)
"""The metrics of one query by the name their mean is known under."""


def per_query(
    metric: Metric, rankings: Mapping[str, Ranking], qrels: Mapping[str, Judgments], k: int
) -> dict[str, float]:
    """One value for each judged query, in the order of the judgments. Raises ValueError for k below 1."""
    if k < 1:
        raise ValueError(f"k is {k}; metrics are at 1 or more")
    return {query: metric(rankings.get(query, ()), judgments, k) for query, judgments in qrels.items()}


def mean(values: Mapping[str, float]) -> float:
    """The mean over queries; 0 without any.

    >>> mean({"q1": 1.0, "q2": 0.5})
    0.75
    """
    return sum(values.values()) / len(values) if values else 0.0


def evaluate(rankings: Mapping[str, Ranking], qrels: Mapping[str, Judgments], k: int) -> dict[str, float]:
    """Every metric's mean at k, and the coverage of all documents that judgments or rankings name."""
    means = {name: mean(per_query(metric, rankings, qrels, k)) for name, metric in METRICS.items()}
    known = {one for judgments in qrels.values() for one in judgments}
    known.update(one for ranking in rankings.values() for one in ranking)
    return {**means, "coverage": coverage(rankings, len(known), k)}


def _relevant(judgments: Judgments) -> int:
    return sum(grade > 0 for grade in judgments.values())


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))

"""How long a whole shortlist takes on one core: ranking, relaxation, diversity, reasons and risks.

Beside it, in the same run, one numpy matrix-vector product over as many rows of 128 float32 features.
"""

import os

# Read by the linear algebra libraries as numpy loads them.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.market import mentors, requests
from recommender.model import Request
from recommender.ranking import recommend
from recommender.snapshot import compile_snapshot
from recommender.taxonomy import load_default

_SIZES: Final = (10_000, 100_000)
_REQUESTS: Final = 200
_FEATURES: Final = 128
_AT: Final = datetime(2026, 2, 1, 12, tzinfo=UTC)


def main() -> None:
    """Measure each size and print the table."""
    table = Table(title="A whole shortlist of three, one core, full questionnaire", title_justify="left")
    for column in ("mentors", "p50, ms", "p99, ms", "matrix-vector product, p50, ms", "ratio"):
        table.add_column(column, justify="right")
    asked = requests(_REQUESTS, seed=7)
    for size in _SIZES:
        shortlists = _shortlists(size, asked)
        product = float(np.median(_products(size)))
        middle, slow = np.percentile(shortlists, (50, 99))
        table.add_row(
            f"{size:,}", f"{middle:.2f}", f"{slow:.2f}", f"{product:.3f}", f"{middle / product:.1f}"
        )
    Console().print(table)


def _shortlists(size: int, asked: Sequence[Request]) -> list[float]:
    """Milliseconds for each request, after a few unmeasured ones."""
    snapshot = compile_snapshot(mentors(size, seed=1), load_default(), at=_AT)
    for request in asked[:20]:
        recommend(snapshot, request)
    return [_milliseconds(partial(recommend, snapshot, request)) for request in asked]


def _products(size: int) -> list[float]:
    rng = np.random.default_rng(3)
    matrix = rng.random((size, _FEATURES), dtype=np.float32)
    vectors = rng.random((_REQUESTS, _FEATURES), dtype=np.float32)
    return [_milliseconds(partial(np.matmul, matrix, vector)) for vector in vectors]


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()

"""The choice of rows against a plain sort and a plain double loop."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.selection import best, diversified, likeness
from tests.recommender.catalogues import UNTIMED, mentor, snapshot

SKILLS = ("java", "java sql", "python sql", "react", "")

totals = st.lists(st.sampled_from((0.1, 0.2, 0.5, 0.9)), min_size=1, max_size=40)


@UNTIMED
@given(totals, st.integers(1, 50))
def test_the_best_are_those_of_a_full_sort_with_ties_by_row(values: list[float], count: int) -> None:
    scores = np.array(values, dtype=np.float32)
    rows = np.arange(len(values))
    expected = sorted(range(len(values)), key=lambda row: (-values[row], row))[:count]
    assert best(scores, rows, count) == expected


@UNTIMED
@given(st.lists(st.sampled_from(SKILLS), min_size=1, max_size=8), st.integers(0, 2), st.data())
def test_diversity_is_maximal_marginal_relevance(
    skills: list[str], already: int, data: st.DataObject
) -> None:
    compiled = snapshot(*(mentor(number, skills=one) for number, one in enumerate(skills, 1)))
    values = data.draw(st.lists(st.integers(0, 100), min_size=len(skills), max_size=len(skills)))
    scores = np.array([value / 100 for value in values], dtype=np.float32)
    ranked = best(scores, np.arange(len(skills)), len(skills))
    chosen, candidates = ranked[:already], ranked[already:]
    alike = likeness(compiled)

    expected = list(chosen)
    for _ in range(3):
        open_ = [row for row in candidates if row not in expected]
        if open_:
            gains = [
                0.93 * float(scores[row]) - (1 - 0.93) * max((alike(row, one) for one in expected), default=0)
                for row in open_
            ]
            expected.append(open_[gains.index(max(gains))])
    assert diversified(compiled, scores, candidates, 3, chosen) == expected[already:]


def test_likeness_is_of_skills_directions_and_company() -> None:
    compiled = snapshot(
        mentor(1, skills="java sql", company="Ромашка"),
        mentor(2, skills="java python", company=" ромашка"),
        mentor(3, skills="figma", directions="backend design"),
        mentor(4, directions="frontend", skills="react"),
    )
    alike = likeness(compiled)
    rows = {int(number): row for row, number in enumerate(compiled.people.ids)}
    assert alike(rows[1], rows[2]) == 0.5 * (1 / 3) + 0.3 + 0.2
    assert alike(rows[1], rows[3]) == 0.3 * 0.5
    assert alike(rows[1], rows[4]) == 0

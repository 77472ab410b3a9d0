"""Who knows what: skills of mentors, how near skills are to each other, and how long a list is too long."""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.model import Mentor, SkillKey
from recommender.taxonomy import Taxonomy
from recommender.vectors import Incidence, Vocabulary, frozen
from recommender.weights import CHILD, EXACT, FOCUS_PIVOT, FOCUS_SLOPE, LARGEST_FAMILY, PARENT, SIBLING

Near = tuple[tuple[float, tuple[int, ...]], ...]
"""Skills near a skill by likeness, the least like first."""


@dataclass(frozen=True, slots=True)
class SkillIndex:
    """Skills by number (``keys``), who has them (listed or in the title), and how focused each list is.

    ``focus`` has shape (n,) and damps what a long list answers for; a skill of the title is not damped.
    """

    keys: tuple[SkillKey, ...]
    numbers: Mapping[SkillKey, int]
    near: Mapping[SkillKey, Near]
    had: Incidence
    titled: Incidence
    focus: NDArray[np.float32]

    def match(self, key: SkillKey) -> NDArray[np.float32]:
        """How far each row's skills answer for an asked one, before focus: the best likeness; shape (n,)."""
        match = np.zeros(len(self.focus), dtype=np.float32)
        for likeness, numbers in self.near.get(key, ()):
            for number in numbers:
                match[self.had.rows_of(number)] = likeness
        return match

    def rarity(self, key: SkillKey) -> float:
        """``ln(1 + n / (1 + df))``: what an asked skill weighs."""
        number = self.numbers.get(key)
        return rarity(0 if number is None else len(self.had.rows_of(number)), len(self.focus))

    def titled_rows(self, key: SkillKey) -> NDArray[np.int32]:
        """The rows whose title says the skill."""
        number = self.numbers.get(key)
        return np.zeros(0, dtype=np.int32) if number is None else self.titled.rows_of(number)


def rarity(count: int, total: int) -> float:
    """``ln(1 + n / (1 + df))`` for a skill that ``count`` of ``total`` mentors have.

    >>> round(rarity(56, 726), 2), round(rarity(247, 726), 2)
    (2.62, 1.37)
    """
    return math.log(1 + (total or 1) / (1 + count))


def focus(length: int) -> float:
    """What each of ``length`` listed skills counts for: ``1 / (1 + slope * log2(length / pivot))``, up to 1.

    After pivoted length normalisation (Singhal et al., 1996), with a logarithm because lists have long tails.

    >>> focus(8), round(focus(17), 2), round(focus(184), 2)
    (1.0, 0.79, 0.47)
    """
    return 1.0 if length <= FOCUS_PIVOT else 1 / (1 + FOCUS_SLOPE * math.log2(length / FOCUS_PIVOT))


class SkillDraft:
    """Skills collected mentor by mentor, in the order of import."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._numbers = Vocabulary()
        self._numbers.number_all(taxonomy.skills)
        self._owners = array("i")
        self._items = array("i")
        self._title_owners = array("i")
        self._title_items = array("i")
        self._focus = array("f")

    def add(self, mentor: Mentor) -> None:
        """Take one mentor's skills, listed and in the title."""
        titled = self._numbers.number_all(self._taxonomy.skills_in(mentor.title))
        had = {*self._numbers.number_all(mentor.skills), *titled}
        row = len(self._focus)
        self._items.extend(had)
        self._owners.extend([row] * len(had))
        self._title_items.extend(titled)
        self._title_owners.extend([row] * len(titled))
        self._focus.append(focus(len(had) + len(mentor.free_skills)))

    def index(self, order: NDArray[np.int64], row_of: NDArray[np.int64]) -> SkillIndex:
        """The index, rows in the given order; ``row_of`` is its inverse."""
        numbers = dict(self._numbers)
        return SkillIndex(
            keys=tuple(SkillKey(key) for key in numbers),
            numbers={SkillKey(key): number for key, number in numbers.items()},
            near=_neighbourhoods(self._taxonomy, numbers),
            had=_incidence(self._owners, self._items, row_of, len(numbers)),
            titled=_incidence(self._title_owners, self._title_items, row_of, len(numbers)),
            focus=frozen(np.array(self._focus, dtype=np.float32)[order]),
        )


def _incidence(owners: "array[int]", items: "array[int]", row_of: NDArray[np.int64], size: int) -> Incidence:
    rows = row_of[np.array(owners, dtype=np.int64)]
    return Incidence.of(rows, np.array(items, dtype=np.int64), len(row_of), size)


def _neighbourhoods(taxonomy: Taxonomy, numbers: Mapping[str, int]) -> dict[SkillKey, Near]:
    children: defaultdict[SkillKey, list[SkillKey]] = defaultdict(list)
    for skill in taxonomy.skills.values():
        for parent in skill.parents:
            children[parent].append(skill.key)
    return {SkillKey(key): _near(SkillKey(key), taxonomy, children, numbers) for key in numbers}


def _near(
    key: SkillKey,
    taxonomy: Taxonomy,
    children: Mapping[SkillKey, list[SkillKey]],
    numbers: Mapping[str, int],
) -> Near:
    skill = taxonomy.skills.get(key)
    parents = skill.parents if skill else ()
    families = [children[parent] for parent in parents if len(children[parent]) <= LARGEST_FAMILY]
    groups: tuple[tuple[float, Iterable[SkillKey]], ...] = (
        (SIBLING, (one for family in families for one in family)),
        (PARENT, parents),
        (CHILD, _descendants(key, children)),
        (EXACT, (key,)),
    )
    return tuple((likeness, tuple(sorted(numbers[one] for one in set(group)))) for likeness, group in groups)


def _descendants(key: SkillKey, children: Mapping[SkillKey, list[SkillKey]]) -> set[SkillKey]:
    found: set[SkillKey] = set()
    waiting = [*children.get(key, ())]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(children.get(one, ()))
    return found

"""Array types, and the sparse relation between rows and items that everything is looked up in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32] | NDArray[np.float64]
Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)
Integers = NDArray[np.int32] | NDArray[np.int64]


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, read-only from now on."""
    array.flags.writeable = False
    return array


def starts_of(owners: Integers, size: int) -> NDArray[np.int64]:
    """Where each owner's run begins in a list sorted by owner; shape (size + 1,)."""
    counts = np.bincount(owners, minlength=size)
    return np.concatenate(([0], np.cumsum(counts)))


def runs(values: NDArray[Scalar], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[Scalar]:
    """The runs of ``values`` that begin at ``starts``, one after the other.

    >>> runs(np.array([10, 11, 12, 13]), np.array([2, 0]), np.array([2, 1])).tolist()
    [12, 13, 10]
    """
    shifts = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    joined: NDArray[Scalar] = values[np.arange(len(shifts)) + shifts]
    return joined


@dataclass(frozen=True, slots=True)
class Incidence:
    """Which items each row has, both ways (CSR and CSC without values).

    ``items[row_starts[r]:row_starts[r + 1]]`` are row r's items, and item i's rows are
    ``rows[item_starts[i]:item_starts[i + 1]]``, both ascending.
    """

    row_starts: NDArray[np.int64]
    items: NDArray[np.int32]
    item_starts: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Integers, items: Integers, n_rows: int, n_items: int) -> Self:
        """From pairs in any order, repetitions allowed; shapes (m,)."""
        wide = max(n_items, 1)
        pairs = np.unique(rows.astype(np.int64) * wide + items)
        by_row, of_row = np.divmod(pairs, wide)
        by_item = np.argsort(of_row, kind="stable")
        return cls(
            frozen(starts_of(by_row, n_rows)),
            frozen(of_row.astype(np.int32)),
            frozen(starts_of(of_row, n_items)),
            frozen(by_row[by_item].astype(np.int32)),
        )

    def items_of(self, row: int) -> NDArray[np.int32]:
        """The items of one row, ascending."""
        return self.items[self.row_starts[row] : self.row_starts[row + 1]]

    def rows_of(self, item: int) -> NDArray[np.int32]:
        """The rows that have an item, ascending."""
        return self.rows[self.item_starts[item] : self.item_starts[item + 1]]

    def counts(self, rows: Integers) -> NDArray[np.int64]:
        """How many of the rows have each item; shape (n_items,)."""
        chosen = np.zeros(len(self.row_starts) - 1, dtype=np.bool_)
        chosen[rows] = True
        owners = np.repeat(chosen, np.diff(self.row_starts))
        return np.bincount(self.items[owners], minlength=len(self.item_starts) - 1)


class Vocabulary(dict[str, int]):
    """Numbers for words in order of first use."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def number_all(self, words: Iterable[str]) -> list[int]:
        """The number of each word, new ones included."""
        return list(map(self.__getitem__, words))

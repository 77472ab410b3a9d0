"""What mentors wrote, indexed for two questions: who says this phrase, and who speaks of these stems."""

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.model import Mentor, SkillKey
from recommender.taxonomy import Taxonomy
from recommender.vectors import Vocabulary, frozen, runs, starts_of
from recommender.weights import (
    BM25_B,
    BM25_K1,
    COMMONEST,
    EXACT,
    MENTIONED,
    RAREST,
    TELLING,
    TELLING_ALONE,
    TITLE_TERMS,
    WORDS_ENOUGH,
)
from recommender.words import is_stop_word, stem, tokens

_BREAK: Final = 0
"""Stands between two texts of one mentor, so that no phrase runs across."""
_NO_STEM: Final = -1


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Every word of every profile in order (titles and own skills first, then the profile text).

    ``words`` are word numbers, shape (m,); ``row_starts`` (n + 1,) and ``about_starts`` (n,) point into it;
    ``places[word_starts[w]:word_starts[w + 1]]`` are the places of word w, ascending.
    """

    vocabulary: dict[str, int]
    words: NDArray[np.int32]
    row_starts: NDArray[np.int64]
    about_starts: NDArray[np.int64]
    word_starts: NDArray[np.int64]
    places: NDArray[np.int32]

    def match(self, phrase: Sequence[str]) -> NDArray[np.float32]:
        """How far each row says the phrase, word for word; shape (n,).

        EXACT in the title or among the mentor's own skills, MENTIONED in the profile text, else 0.
        """
        match = np.zeros(len(self.about_starts), dtype=np.float32)
        places = self._places(phrase)
        rows = np.searchsorted(self.row_starts, places, side="right") - 1
        match[rows] = MENTIONED
        match[rows[places < self.about_starts[rows]]] = EXACT
        return match

    def _places(self, phrase: Sequence[str]) -> NDArray[np.int64]:
        """Where the phrase begins."""
        numbers = [self.vocabulary.get(word, _BREAK) for word in phrase]
        if not numbers or _BREAK in numbers:
            return np.zeros(0, dtype=np.int64)
        rarest = min(range(len(numbers)), key=lambda i: self._count(numbers[i]))
        places = self._places_of(numbers[rarest]) - rarest
        for ahead, number in enumerate(numbers):
            inside = (places >= 0) & (places + ahead < len(self.words))
            places = places[inside]
            places = places[self.words[places + ahead] == number]
        return places

    def _count(self, number: int) -> int:
        return int(self.word_starts[number + 1] - self.word_starts[number])

    def _places_of(self, number: int) -> NDArray[np.int64]:
        run = slice(int(self.word_starts[number]), int(self.word_starts[number + 1]))
        return self.places[run].astype(np.int64)


@dataclass(frozen=True, slots=True)
class StemIndex:
    """Which rows speak of a stem, and how much it tells (Okapi BM25 without the factor k1 + 1).

    ``impacts`` go with ``rows``; stem s has the run ``starts[s]:starts[s + 1]``. ``idf`` has shape (stems,).
    """

    vocabulary: dict[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    impacts: NDArray[np.float32]
    idf: NDArray[np.float64]
    n_rows: int

    def known(self, stems: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the stems that some but not most profiles have, each once, rarest first."""
        known = sorted({one for one in stems if one in self.vocabulary})
        useful = (number for one in known if self.share(number := self.vocabulary[one]) <= COMMONEST)
        return tuple(sorted(useful, key=lambda number: -self.idf[number]))

    def share(self, number: int) -> float:
        """The share of all profiles that have a stem; 0 where there are too few profiles to tell."""
        count = int(self.starts[number + 1] - self.starts[number])
        return count / self.n_rows if self.n_rows > RAREST else 0.0

    def match(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """How much each row speaks of the stems, in [0, 1], shape (n,).

        ``sum of idf * tf / (tf + k1 * (1 - b + b * length / mean length))`` over the stems (Robertson and
        Zaragoza, The Probabilistic Relevance Framework, 2009), divided by the idf of the rarest WORDS_ENOUGH.
        """
        match = np.zeros(self.n_rows, dtype=np.float32)
        for number in numbers:
            run = slice(int(self.starts[number]), int(self.starts[number + 1]))
            match[self.rows[run]] += self.impacts[run]
        full = float(self.idf[list(numbers[:WORDS_ENOUGH])].sum())
        return np.minimum(match / np.float32(full), np.float32(1.0), out=match) if full else match

    def impact(self, number: int, row: int) -> float:
        """What one stem adds for one row; 0 where the row does not have it."""
        start, end = int(self.starts[number]), int(self.starts[number + 1])
        place = start + int(np.searchsorted(self.rows[start:end], row))
        return float(self.impacts[place]) if place < end and self.rows[place] == row else 0.0

    def telling(self, number: int) -> bool:
        """Whether having this stem is worth mentioning."""
        return self.share(number) <= TELLING

    def rare(self, number: int) -> bool:
        """Whether having this stem is worth mentioning alone."""
        return self.share(number) <= TELLING_ALONE


class TextDraft:
    """Texts collected mentor by mentor, in the order of import."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._word_numbers = Vocabulary({"": _BREAK})
        self._skill_numbers = Vocabulary()
        self._words = array("i")
        self._title_ends, self._abouts, self._ends = array("q"), array("q"), array("q")
        self._skills, self._skill_counts = array("i"), array("i")

    def add(self, mentor: Mentor) -> None:
        """Index one mentor's title, own skills and profile text; the names of known skills as stems only."""
        self._append(mentor.title)
        self._title_ends.append(len(self._words))
        for skill in mentor.free_skills:
            self._append(skill)
        self._abouts.append(len(self._words))
        self._append(mentor.about)
        self._ends.append(len(self._words))
        self._skills.extend(self._skill_numbers.number_all(mentor.skills))
        self._skill_counts.append(len(mentor.skills))

    def _append(self, text: str) -> None:
        self._words.extend(self._word_numbers.number_all(tokens(text)))
        self._words.append(_BREAK)

    def phrases(self, order: NDArray[np.int64]) -> PhraseIndex:
        """The index of phrases, rows in the given order."""
        ends = np.array(self._ends, dtype=np.int64)
        starts = np.concatenate(([0], ends))[:-1]
        lengths = (ends - starts)[order]
        row_starts = np.concatenate(([0], np.cumsum(lengths)))
        words = runs(np.array(self._words, dtype=np.int32), starts[order], lengths)
        abouts = np.array(self._abouts, dtype=np.int64) - starts
        return PhraseIndex(
            vocabulary=dict(self._word_numbers),
            words=frozen(words),
            row_starts=frozen(row_starts),
            about_starts=frozen(abouts[order] + row_starts[:-1]),
            word_starts=frozen(starts_of(words, len(self._word_numbers))),
            places=frozen(np.argsort(words, kind="stable").astype(np.int32)),
        )

    def stems(self, row_of: NDArray[np.int64]) -> StemIndex:
        """The index of stems; ``row_of[i]`` is the row of the i-th mentor added."""
        numbers = Vocabulary()
        terms = self._terms(numbers, row_of)
        lengths = np.bincount(terms[1], terms[2], minlength=len(row_of)).astype(np.float64)
        stems, rows, frequencies = _added_up(*terms)
        starts = starts_of(stems, len(numbers))
        idf = _idf(np.diff(starts), len(row_of))
        return StemIndex(
            vocabulary=dict(numbers),
            starts=frozen(starts),
            rows=frozen(rows.astype(np.int32)),
            impacts=frozen((idf[stems] * _saturated(frequencies, lengths, rows)).astype(np.float32)),
            idf=frozen(idf),
            n_rows=len(row_of),
        )

    def _terms(
        self, numbers: Vocabulary, row_of: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
        """Stem, row and weight of every word and skill name; new stems get their numbers."""
        # 32 bits are enough, and this is where compiling needs most memory.
        rows = row_of.astype(np.int32)
        word_rows = np.repeat(rows, np.diff(self._ends, prepend=0))
        stem_of_word = np.array([_number(word, numbers) for word in self._word_numbers], dtype=np.int32)
        stems = stem_of_word[np.array(self._words, dtype=np.int32)]
        useful = stems != _NO_STEM
        named, named_rows = self._skill_names(numbers, rows)
        return (
            np.concatenate((stems[useful], named)),
            np.concatenate((word_rows[useful], named_rows)),
            np.concatenate((self._word_weights()[useful], np.ones(len(named), dtype=np.float32))),
        )

    def _word_weights(self) -> NDArray[np.float32]:
        """TITLE_TERMS for the words of titles, 1 for all others."""
        weights = np.ones(len(self._words), dtype=np.float32)
        ends = np.array(self._title_ends, dtype=np.int64)
        starts = np.concatenate(([0], np.array(self._ends, dtype=np.int64)))[:-1]
        weights[runs(np.arange(len(weights)), starts, ends - starts)] = TITLE_TERMS
        return weights

    def _skill_names(
        self, numbers: Vocabulary, rows: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The stems of all mentors' skill names, and the rows they are for."""
        names = [self._stems_of(SkillKey(skill), numbers) - {_NO_STEM} for skill in self._skill_numbers]
        sizes = np.array([len(stems) for stems in names], dtype=np.int64)
        flat = np.fromiter(chain.from_iterable(names), dtype=np.int32, count=int(sizes.sum()))
        skills = np.array(self._skills, dtype=np.int32)
        having = np.repeat(np.repeat(rows, self._skill_counts), sizes[skills])
        return runs(flat, (np.cumsum(sizes) - sizes)[skills], sizes[skills]), having

    def _stems_of(self, skill: SkillKey, numbers: Vocabulary) -> set[int]:
        """The stems of a skill's names, each once: two languages must not count twice."""
        known = self._taxonomy.skills.get(skill)
        names = known.names.values() if known else (skill,)
        return {_number(word, numbers) for name in names for word in tokens(name)}


def _number(word: str, numbers: Vocabulary) -> int:
    """The number of a word's stem, _NO_STEM for a word that says nothing."""
    return _NO_STEM if is_stop_word(word) else numbers[stem(word)]


def _added_up(
    stems: NDArray[np.int32], rows: NDArray[np.int32], weights: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Each pair of stem and row once, in that order, with the sum of its weights."""
    wide = int(rows.max(initial=0)) + 1
    pairs = stems * np.int64(wide) + rows
    order = np.argsort(pairs, kind="stable")
    pairs = pairs[order]
    firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
    sums: NDArray[np.float32] = np.add.reduceat(weights[order], firsts)
    stem, row = np.divmod(pairs[firsts], wide)
    return stem, row, sums


def _saturated(
    frequencies: NDArray[np.float32], lengths: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """``tf / (tf + k1 * (1 - b + b * length / mean length))`` for each pair of stem and row."""
    mean = lengths.sum() / max(len(lengths), 1) or 1.0
    saturated: NDArray[np.float64] = frequencies / (
        frequencies + BM25_K1 * (1 - BM25_B + BM25_B * lengths[rows] / mean)
    )
    return saturated


def _idf(counts: NDArray[np.int64], n_rows: int) -> NDArray[np.float64]:
    """``ln(1 + (n - df + 1/2) / (df + 1/2))`` with a floor under df; shape of ``counts``."""
    floored = np.clip(counts, min(RAREST, n_rows), None)
    by_count = {int(df): math.log(1 + (n_rows - df + 0.5) / (df + 0.5)) for df in np.unique(floored)}
    return np.array([by_count[int(df)] for df in floored], dtype=np.float64)

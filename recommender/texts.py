"""What mentors wrote, indexed for two questions: who says this phrase, and who speaks of these stems."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.model import Mentor, SkillKey
from recommender.taxonomy import Taxonomy
from recommender.vectors import Vocabulary, frozen, starts_of
from recommender.weights import (
    BM25_B,
    BM25_K1,
    COMMONEST,
    EXACT,
    MENTIONED,
    RAREST,
    TELLING,
    TITLE_TERMS,
    WORDS_ENOUGH,
)
from recommender.words import stem, stop_words, tokens

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


class _StemOfWord(dict[str, int]):
    """The number of each word's stem, found once; _NO_STEM for words that say nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = Vocabulary()

    def __missing__(self, word: str) -> int:
        useful = len(word) > 1 and word not in stop_words()
        number = self[word] = self.numbers[stem(word)] if useful else _NO_STEM
        return number


class _StemsOfSkill(dict[SkillKey, frozenset[int]]):
    """The stems of each skill's names, each once: two languages must not count twice."""

    def __init__(self, taxonomy: Taxonomy, stem_of_word: _StemOfWord) -> None:
        super().__init__()
        self._taxonomy = taxonomy
        self._stem_of_word = stem_of_word

    def __missing__(self, skill: SkillKey) -> frozenset[int]:
        known = self._taxonomy.skills.get(skill)
        names = known.names.values() if known else (skill,)
        stems = self[skill] = frozenset(self._stem_of_word[word] for name in names for word in tokens(name))
        return stems


class TextDraft:
    """Texts collected mentor by mentor, in the order of import."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._word_numbers = Vocabulary({"": _BREAK})
        self._words = array("i")
        self._ends = array("q")
        self._abouts = array("q")
        self._stems = array("i")
        self._stem_rows = array("i")
        self._frequencies = array("f")
        self._lengths = array("f")
        self._stem_of_word = _StemOfWord()
        self._stems_of_skill = _StemsOfSkill(taxonomy, self._stem_of_word)

    def add(self, mentor: Mentor) -> None:
        """Index one mentor's title, own skills and profile text; the names of known skills as stems only."""
        title = tokens(mentor.title)
        own = [tokens(skill) for skill in mentor.free_skills]
        about = tokens(mentor.about)
        for text in (title, *own):
            self._append(text)
        self._abouts.append(len(self._words))
        self._append(about)
        self._ends.append(len(self._words))
        self._count(title, (word for text in (*own, about) for word in text), mentor.skills)

    def _append(self, text: list[str]) -> None:
        self._words.extend(self._word_numbers.number_all(text))
        self._words.append(_BREAK)

    def _count(self, title: Iterable[str], rest: Iterable[str], skills: Iterable[SkillKey]) -> None:
        number_of = self._stem_of_word.__getitem__
        terms = Counter(map(number_of, rest))
        for number in map(number_of, title):
            terms[number] += TITLE_TERMS
        terms.update(chain.from_iterable(map(self._stems_of_skill.__getitem__, skills)))
        terms.pop(_NO_STEM, None)
        self._stem_rows.extend([len(self._lengths)] * len(terms))
        self._stems.extend(terms)
        self._frequencies.extend(terms.values())
        self._lengths.append(terms.total())

    def phrases(self, order: NDArray[np.int64]) -> PhraseIndex:
        """The index of phrases, rows in the given order."""
        ends = np.array(self._ends, dtype=np.int64)
        starts = np.concatenate(([0], ends))[:-1]
        lengths = (ends - starts)[order]
        row_starts = np.concatenate(([0], np.cumsum(lengths)))
        moved = np.repeat(starts[order] - row_starts[:-1], lengths)
        words = np.array(self._words, dtype=np.int32)[np.arange(len(moved)) + moved]
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
        size = len(self._stem_of_word.numbers)
        stems = np.array(self._stems, dtype=np.int32)
        added = np.array(self._stem_rows, dtype=np.int32)
        starts = starts_of(stems, size)
        idf = _idf(np.diff(starts), len(row_of))
        by_stem = np.lexsort((row_of[added], stems))
        return StemIndex(
            vocabulary=dict(self._stem_of_word.numbers),
            starts=frozen(starts),
            rows=frozen(row_of[added][by_stem].astype(np.int32)),
            impacts=frozen((self._saturated(added) * idf[stems])[by_stem].astype(np.float32)),
            idf=frozen(idf),
            n_rows=len(row_of),
        )

    def _saturated(self, added: NDArray[np.int32]) -> NDArray[np.float64]:
        frequencies = np.array(self._frequencies, dtype=np.float64)
        lengths = np.array(self._lengths, dtype=np.float64)
        mean = lengths.sum() / max(len(lengths), 1) or 1.0
        return frequencies / (frequencies + BM25_K1 * (1 - BM25_B + BM25_B * lengths[added] / mean))


def _idf(counts: NDArray[np.int64], n_rows: int) -> NDArray[np.float64]:
    """``ln(1 + (n - df + 1/2) / (df + 1/2))`` with a floor under df; shape of ``counts``."""
    floored = np.clip(counts, min(RAREST, n_rows), None)
    by_count = {int(df): math.log(1 + (n_rows - df + 0.5) / (df + 0.5)) for df in np.unique(floored)}
    return np.array([by_count[int(df)] for df in floored], dtype=np.float64)

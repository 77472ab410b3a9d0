"""Finding known phrases in text by whole words: the matcher under the taxonomy."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from recommender.words import fold, inflected, located, tokens

K = TypeVar("K", bound=Hashable)
Form = TypeVar("Form", str, tuple[str, ...])

Words = tuple[str, ...]

_NOT_NAME = re.compile(r"[^\w+#]|_")
_SEPARATORS = ",;/|()[]•·:\n"
_SHORTEST_JOINED = 4


@dataclass(frozen=True, slots=True)
class Span(Generic[K]):
    """A phrase found: what it means, and the first and one past the last of its words."""

    value: K
    start: int
    end: int


class PhraseClashError(ValueError):
    """The same words were given two meanings."""

    def __init__(self, phrase: str, values: tuple[object, object]) -> None:
        super().__init__(f"{phrase!r} means both {values[0]!r} and {values[1]!r}")
        self.phrase = phrase
        self.values = values


def squashed(text: str) -> str:
    """The text as one word, without spaces and punctuation: ``Node.js``, ``node js``, ``NodeJS`` are one."""
    return _NOT_NAME.sub("", fold(text))


def words_of(text: str) -> Words:
    """The text's words as phrases are compared by."""
    return tuple(inflected(word) for word in tokens(text))


def _spellings(phrase: str) -> Iterator[Words]:
    """The ways one phrase is written: as given, split at its punctuation, joined into one word."""
    words = words_of(phrase)
    yield words
    split = tuple(inflected(part) for word in words for part in re.split(r"[./]", word) if part)
    if not phrase.lstrip().startswith("."):
        yield split
    joined = squashed(phrase)
    if len(words) + len(split) > 2 and len(joined) >= _SHORTEST_JOINED:
        yield (inflected(joined),)


class PhraseIndex(Generic[K]):
    """Phrases and what they mean; looks up a whole text, or finds them inside one, the longest first.

    >>> index = PhraseIndex([("java", 1), ("java script", 2)])
    >>> [(span.value, span.start, span.end) for span in index.spans(["java", "script", "java"])]
    [(2, 0, 2), (1, 2, 3)]
    """

    def __init__(self, phrases: Iterable[tuple[str, K]] = ()) -> None:
        self._values: dict[Words, K] = {}
        self._whole: dict[str, K] = {}
        self._longest: dict[str, int] = {}
        for phrase, value in phrases:
            self._add(phrase, value)

    def _add(self, phrase: str, value: K) -> None:
        self._claim(self._whole, squashed(phrase), phrase, value)
        for words in _spellings(phrase):
            if words:
                self._claim(self._values, words, phrase, value)
                self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    @staticmethod
    def _claim(table: dict[Form, K], key: Form, phrase: str, value: K) -> None:
        if table.setdefault(key, value) != value:
            raise PhraseClashError(phrase, (table[key], value))

    def whole(self, text: str) -> K | None:
        """What the whole text means, however it is spaced, punctuated or inflected."""
        exact = self._whole.get(squashed(text))
        return self._values.get(words_of(text)) if exact is None else exact

    @property
    def squashed(self) -> Mapping[str, K]:
        """Every phrase as one word, with its meaning: what a misspelling is compared with."""
        return self._whole

    def spans(self, words: Sequence[str]) -> list[Span[K]]:
        """The phrases among the words, from left to right, the longest at each place, never overlapping."""
        found = []
        place = 0
        while place < len(words):
            span = self._at(words, place)
            if span is None:
                place += 1
            else:
                found.append(span)
                place = span.end
        return found

    def _at(self, words: Sequence[str], start: int) -> Span[K] | None:
        for length in range(self._longest.get(words[start], 0), 0, -1):
            value = self._values.get(tuple(words[start : start + length]))
            if value is not None and start + length <= len(words):
                return Span(value, start, start + length)
        return None


class Text:
    """A text taken apart once: its words as phrases are compared by, and which of them stand alone."""

    def __init__(self, text: str) -> None:
        self._folded = fold(text)
        self._located = located(self._folded)
        self.words: Words = tuple(inflected(token.word) for token in self._located)

    def alone(self, start: int, end: int) -> bool:
        """Whether these words are a whole item of a list: ``Go`` in "Java, Go, C" and in "Backend (Go)"."""
        before = self._folded[: self._located[start].start].rstrip(" \t")
        after = self._folded[self._located[end - 1].end :].lstrip(" \t")
        return (not before or before[-1] in _SEPARATORS) and (not after or after[0] in _SEPARATORS)

    def beside(self, start: int, end: int, wanted: Callable[[str], bool]) -> bool:
        """Whether the word just before or just after these is a wanted one."""
        near = (*self.words[max(start - 1, 0) : start], *self.words[end : end + 1])
        return any(wanted(word) for word in near)

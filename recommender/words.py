"""Whole words of Russian and English text: the one place that decides where a word begins and ends.

Everything that looks for something inside text goes through here, so that "java" is never found inside
"javascript" nor "go" inside "django".
"""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import snowballstemmer

# Names with punctuation in them that are one word; everything else splits at whatever is no letter or digit.
_TOKEN = re.compile(
    r"""
    (?<![^\W_])\.net\b      # .NET, but not the end of a domain
    | asp\.net\b
    | [a-z][a-z0-9]*\.js\b  # node.js, vue.js
    | ci/cd\b
    | [aа]/[bбв]\b          # A/B, А/Б
    | [cfс](?:\+\+|\#)      # C++, C#, F#; people type the Russian letter too
    | [^\W_]+
    """,
    re.VERBOSE,
)
_CYRILLIC = re.compile(r"[а-я]+")
_LATIN = re.compile(r"[a-z]+")
_SHORTEST_STEM = 3
_SHORTEST_INFLECTED = 4


class Token(NamedTuple):
    """A word and where it stands in the folded text."""

    word: str
    start: int
    end: int


def fold(text: str) -> str:
    """The text with case, ё and look-alike forms (full width, ligatures, combining marks) put aside.

    >>> fold("Ёлка ＡＢＣ")
    'елка abc'
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")


def located(folded: str) -> list[Token]:
    """The words of an already folded text, with their places."""
    return [Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(folded)]


def tokens(text: str) -> list[str]:
    """Whole words, casefolded, ё as е; ``c++``, ``c#``, ``.net``, ``node.js``, ``ci/cd`` stay one.

    >>> tokens("Senior C++/Node.js-разработчик")
    ['senior', 'c++', 'node.js', 'разработчик']
    """
    return _TOKEN.findall(fold(text))


def stems(text: str) -> list[str]:
    """Stemmed Russian and English words without stop words and single letters, in order of appearance.

    >>> stems("Готовлю к собеседованиям and interviews")
    ['готовл', 'собеседован', 'interview']
    """
    return [stem(word) for word in tokens(text) if not is_stop_word(word)]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball stem of a folded Russian or English word; anything else (``c++``, ``k8s``) as it is."""
    # A stemmer keeps the word it works on inside itself, so threads must not share one.
    if _CYRILLIC.fullmatch(word):
        return str(snowballstemmer.stemmer("russian").stemWord(word))
    if _LATIN.fullmatch(word):
        return str(snowballstemmer.stemmer("english").stemWord(word))
    return word


def inflected(word: str) -> str:
    """The form under which names are compared: Russian words lose their endings, others keep theirs.

    Russian names are inflected in running text; English ones are not, and stemming would merge
    different names (``reactive`` with ``react``).
    """
    if not _CYRILLIC.fullmatch(word):
        return word
    stemmed = stem(word)
    # "Наём" would be cut down to "на", and found in every sentence.
    return stemmed if len(stemmed) >= _SHORTEST_STEM else word


@lru_cache(maxsize=65_536)
def is_stop_word(word: str) -> bool:
    """Whether a folded word says nothing about a text: a single letter, or another form of a stop word."""
    return len(word) < 2 or word in stop_words() or stem(word) in _stop_stems()


@lru_cache(maxsize=1)
def _stop_stems() -> frozenset[str]:
    # Of shorter words too little is left: "про" and "прое" would be one.
    return frozenset(stem(word) for word in stop_words() if len(word) >= _SHORTEST_INFLECTED)


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Words that say nothing about a text, from ``stop_words.txt`` (one line per group, folded)."""
    text = files("recommender").joinpath("stop_words.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(fold(word) for line in lines for word in line.split())

"""Directions and skills under every name people give them, read from ``taxonomy.toml``.

Two ways of finding a name, because short names lie: an *entry* (the whole text is the name, as in a field
of skills) knows every alias; *running text* (a title, a profile) knows only unambiguous ones. A
name listed under ``entry_only`` ("go", "r", "product") is found in running text only as an item of a list
("Java, Go") or next to a role ("Go-разработчик").
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Generic, Protocol, Self, TypeVar

from rapidfuzz import fuzz, process

from recommender.model import DirectionKey, SkillKey
from recommender.phrases import PhraseClashError, PhraseIndex, Span, Text, squashed, words_of
from recommender.taxonomy_toml import Direction, Skill, TaxonomyError, TaxonomySource

__all__ = ["Direction", "Skill", "Taxonomy", "TaxonomyError", "load_default"]

_VERSION = re.compile(r"\s+v?\d+(?:\.[\dx]+)*\+?\s*$")
_BETWEEN_ENTRIES = re.compile(r"[,;|\n•·]+")
# The same, but for commas inside "Python (Django, FastAPI)"; looking ahead from every comma takes its time.
_BETWEEN_BRACKETED_ENTRIES = re.compile(r"[;|\n•·]+|,(?![^()]*\))")
# Between the parts of one entry, tried only where the entry as a whole is unknown.
_BETWEEN_PARTS = re.compile(r"[,/&()\[\]:]|(?<!\+)\+(?!\+)|\s+(?:и|and|или|or)\s+")
_NEAR = 75.0
_CACHED = 65_536

Key = TypeVar("Key", bound=str)
Key_co = TypeVar("Key_co", covariant=True)


class Taxonomy:
    """The directions and skills in file order, and every way of finding one by name. Immutable."""

    def __init__(self, source: TaxonomySource, version: str) -> None:
        self.directions: Mapping[DirectionKey, Direction] = MappingProxyType(source.directions())
        self.skills: Mapping[SkillKey, Skill] = MappingProxyType(source.skills())
        self.version = version
        self._roles = frozenset(word for role in source.roles() for word in words_of(role))
        self._skill_names = _Names[SkillKey](self.skills.values())
        self._direction_names = _Names[DirectionKey](self.directions.values())
        named = ((text, (key,)) for text, key in self._direction_names.running)
        self._titles = PhraseIndex[tuple[DirectionKey, ...]]([*named, *source.titles().items()])
        # Lists of mentors repeat the same few thousand spellings and titles.
        self._entry = lru_cache(_CACHED)(self._read_entry)
        self._title = lru_cache(_CACHED)(self._read_title)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The taxonomy written in a TOML text; :class:`TaxonomyError` says what to mend."""
        source = TaxonomySource(text)
        try:
            return cls(source, hashlib.sha256(text.encode()).hexdigest()[:12])
        except PhraseClashError as clash:
            new = clash.values[1]
            where = source.where(new if isinstance(new, str) else clash.phrase)
            raise TaxonomyError(f"{where}: {clash}; remove the name from one of them") from clash

    def find_skill(self, text: str) -> SkillKey | None:
        """The skill whose name or alias the whole text is, however it is cased, spaced or inflected.

        A version after the name is put aside ("Python 3.12", "Angular 2+").
        """
        return self._skill_names.find(text) or self._skill_names.find(_VERSION.sub("", text))

    def find_direction(self, text: str) -> DirectionKey | None:
        """The direction whose name or alias the whole text is; the first, where a title speaks of several."""
        found = self._direction_names.find(text)
        if found is not None:
            return found
        several = self._titles.whole(text)
        return several[0] if several else None

    def read_skills(self, text: str) -> tuple[tuple[SkillKey, ...], tuple[str, ...]]:
        """A field of skills, separated by commas and the like: the known ones, and the rest as written.

        >>> load_default().read_skills("Golang, JS/TS, варка кофе")
        (('go', 'javascript', 'typescript'), ('варка кофе',))
        """
        between = _BETWEEN_BRACKETED_ENTRIES if "(" in text else _BETWEEN_ENTRIES
        return self.sort_skills(between.split(text))

    def sort_skills(self, entries: Iterable[str]) -> tuple[tuple[SkillKey, ...], tuple[str, ...]]:
        """The entries told apart into known skills and unknown texts, each once, in order of appearance."""
        known: dict[SkillKey, None] = {}
        free: dict[str, str] = {}
        for entry in entries:
            keys = self._entry(entry)
            known.update(dict.fromkeys(keys))
            if not keys and (plain := " ".join(entry.split())):
                free.setdefault(squashed(plain) or plain, plain)
        return tuple(known), tuple(free.values())

    def _read_entry(self, entry: str) -> tuple[SkillKey, ...]:
        """One skill, or several written as one ("JS/TS", "Python (Django)") if every part is known."""
        whole = self.find_skill(entry)
        if whole is not None:
            return (whole,)
        parts = [self.find_skill(part) for part in _BETWEEN_PARTS.split(entry) if part.strip()]
        known = tuple(part for part in parts if part is not None)
        return known if len(known) == len(parts) else ()

    def skills_in(self, text: str) -> tuple[SkillKey, ...]:
        """The skills named inside free text by whole words, in order of appearance, each once."""
        return tuple(dict.fromkeys(span.value for span in self._skill_spans(Text(text))))

    def directions_in(self, text: str) -> tuple[DirectionKey, ...]:
        """The directions a free title speaks of, in order of appearance, each once.

        A skill next to a role speaks for its first direction: "Python-разработчик" is backend.
        """
        return self._title(text)

    def _read_title(self, title: str) -> tuple[DirectionKey, ...]:
        found = sorted(self._title_spans(Text(title)), key=lambda place_and_key: place_and_key[0])
        return tuple(dict.fromkeys(key for _, key in found))

    def _title_spans(self, text: Text) -> Iterator[tuple[int, DirectionKey]]:
        named = self._titles.spans(text.words)
        yield from ((span.start, key) for span in named for key in span.value)
        taken = _places(named)
        for short in self._direction_names.short_spans(text, self._is_role):
            if short.start not in taken:
                yield short.start, short.value
        for skill in self._skill_spans(text):
            directions = self.skills[skill.value].directions[:1]
            if skill.start not in taken and text.beside(skill.start, skill.end, self._is_role):
                yield from ((skill.start, key) for key in directions)

    def _skill_spans(self, text: Text) -> list[Span[SkillKey]]:
        return self._skill_names.spans(text, self._is_role)

    def _is_role(self, word: str) -> bool:
        return word in self._roles

    def nearest_skills(self, text: str, limit: int = 3) -> tuple[SkillKey, ...]:
        """The skills whose names look most like a misspelt one, best first; empty if nothing is near."""
        names = self._skill_names.squashed
        # A skill has several names, so more hits than skills are asked for.
        hits = process.extract(
            squashed(text), names.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=8 * limit
        )
        return tuple(dict.fromkeys(names[name] for name, _, _ in hits))[:limit]

    def skill_name(self, key: str, language: str) -> str:
        """The skill's name in "ru" or "en"; the key itself if there is no such skill."""
        skill = self.skills.get(SkillKey(key))
        return skill.names.get(language, key) if skill else key

    def direction_name(self, key: str, language: str) -> str:
        """The direction's name in "ru" or "en"; the key itself if there is no such direction."""
        direction = self.directions.get(DirectionKey(key))
        return direction.names.get(language, key) if direction else key


class _Named(Protocol[Key_co]):
    """What has names: a direction or a skill."""

    @property
    def key(self) -> Key_co: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...
    @property
    def entry_only(self) -> tuple[str, ...]: ...


class _Names(Generic[Key]):
    """The names of all directions or all skills, apart by where they may be looked for."""

    def __init__(self, named: Collection[_Named[Key]]) -> None:
        short = [(text, one.key) for one in named for text in one.entry_only]
        hidden = {squashed(text) for text, _ in short}
        every = [(text, one.key) for one in named for text in (*one.names.values(), *one.aliases)]
        self.running = [(text, key) for text, key in every if squashed(text) not in hidden]
        keys = [(one.key.replace("_", " "), one.key) for one in named]
        self._entries = PhraseIndex[Key]([*every, *short, *keys])
        self._running = PhraseIndex[Key](self.running)
        self._short = PhraseIndex[Key](short)

    @property
    def squashed(self) -> Mapping[str, Key]:
        """Every name as one word."""
        return self._entries.squashed

    def find(self, entry: str) -> Key | None:
        """What a whole entry names."""
        return self._entries.whole(entry)

    def spans(self, text: Text, is_role: Callable[[str], bool]) -> list[Span[Key]]:
        """The names in running text, from left to right."""
        found = self._running.spans(text.words)
        taken = _places(found)
        short = [span for span in self.short_spans(text, is_role) if span.start not in taken]
        return sorted([*found, *short], key=lambda span: span.start)

    def short_spans(self, text: Text, is_role: Callable[[str], bool]) -> list[Span[Key]]:
        """The ambiguous names that stand where they can mean only this."""
        return [
            span
            for span in self._short.spans(text.words)
            if text.alone(span.start, span.end) or text.beside(span.start, span.end, is_role)
        ]


def _places(spans: Iterable[Span[Key]] | Iterable[Span[tuple[DirectionKey, ...]]]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


@lru_cache(maxsize=1)
def load_default() -> Taxonomy:
    """The taxonomy of ``taxonomy.toml`` beside this module."""
    return Taxonomy.parse(files("recommender").joinpath("taxonomy.toml").read_text(encoding="utf-8"))

"""Reading ``taxonomy.toml``: every mistake an operator can make in it becomes a sentence with its place."""

import re
import tomllib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from recommender.model import DirectionKey, SkillKey

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGES = ("ru", "en")
_TABLES = frozenset({"directions", "skills", "titles", "roles"})
_DIRECTION_FIELDS = frozenset({"name", "ru", "en", "aliases", "entry_only"})
_SKILL_FIELDS = _DIRECTION_FIELDS | {"parents", "directions"}


class TaxonomyError(Exception):
    """The taxonomy cannot be used: the message says where, what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Direction:
    """A field of work. ``names`` has "ru" and "en"; ``entry_only``: aliases not for running text."""

    key: DirectionKey
    names: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    entry_only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skill:
    """Something a mentor can teach. The first of ``directions`` is the one it speaks for in a title."""

    key: SkillKey
    names: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    entry_only: tuple[str, ...] = ()
    parents: tuple[SkillKey, ...] = ()
    directions: tuple[DirectionKey, ...] = ()


class TaxonomySource:
    """The TOML text taken apart and checked; ``where`` finds a key's line for later complaints."""

    def __init__(self, text: str) -> None:
        self._text = text
        try:
            self._tables: dict[str, object] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise TaxonomyError(f"taxonomy: not valid TOML: {error}; mend the text there") from error
        unknown = sorted(self._tables.keys() - _TABLES)
        if unknown:
            raise self._error(unknown[0], f"no such table; there are {', '.join(sorted(_TABLES))}")

    def where(self, key: str) -> str:
        """``taxonomy: line 12, python`` for the line that defines the key, the key alone if there is none."""
        defined = re.compile(rf"^\s*(?:\[(?:\w+\.)?{re.escape(key)}\]|[\"']?{re.escape(key)}[\"']?\s*=)")
        for number, line in enumerate(self._text.splitlines(), start=1):
            if defined.match(line):
                return f"taxonomy: line {number}, {key}"
        return f"taxonomy: {key}"

    def directions(self) -> dict[DirectionKey, Direction]:
        """The directions in file order."""
        return {
            DirectionKey(key): Direction(
                DirectionKey(key),
                self._names(key, fields),
                self._texts(key, fields, "aliases"),
                self._texts(key, fields, "entry_only"),
            )
            for key, fields in self._entries("directions", _DIRECTION_FIELDS)
        }

    def skills(self) -> dict[SkillKey, Skill]:
        """The skills in file order, their parents and directions known and their parents without a cycle."""
        skills = {
            SkillKey(key): self._skill(key, fields) for key, fields in self._entries("skills", _SKILL_FIELDS)
        }
        for skill in skills.values():
            self._check_known(skill.key, skill.parents, skills, "parent skill")
        self._check_cycles(skills)
        return skills

    def _skill(self, key: str, fields: Mapping[str, object]) -> Skill:
        directions = self._texts(key, fields, "directions")
        self._check_known(key, directions, self._table("directions"), "direction")
        return Skill(
            SkillKey(key),
            self._names(key, fields),
            self._texts(key, fields, "aliases"),
            self._texts(key, fields, "entry_only"),
            tuple(map(SkillKey, self._texts(key, fields, "parents"))),
            tuple(map(DirectionKey, directions)),
        )

    def titles(self) -> dict[str, tuple[DirectionKey, ...]]:
        """Phrases of titles that speak of other or several directions than their words do."""
        titles = self._table("titles")
        for title in titles:
            self._check_known(
                title, self._texts(title, titles, title), self._table("directions"), "direction"
            )
        return {title: tuple(map(DirectionKey, self._texts(title, titles, title))) for title in titles}

    def roles(self) -> tuple[str, ...]:
        """Words for a person who does something: next to one, a short name of a skill is the skill."""
        return self._texts("roles", self._tables, "roles")

    def _table(self, name: str) -> Mapping[str, object]:
        table = self._tables.get(name, {})
        if not isinstance(table, dict):
            raise self._error(name, f"must be a table; begin it with [{name}]")
        return table

    def _entries(self, table: str, known: frozenset[str]) -> Iterator[tuple[str, Mapping[str, object]]]:
        for key, fields in self._table(table).items():
            if not _KEY.fullmatch(key):
                raise self._error(key, "a key is small Latin letters, digits and _, beginning with a letter")
            if not isinstance(fields, dict):
                raise self._error(key, 'must be a table, such as { name = "Python" }')
            for field in sorted(fields.keys() - known):
                raise self._error(key, f"unknown field {field!r}; there are {', '.join(sorted(known))}")
            yield key, fields

    def _names(self, key: str, fields: Mapping[str, object]) -> dict[str, str]:
        names = {language: fields.get(language, fields.get("name")) for language in _LANGUAGES}
        good = {language: name for language, name in names.items() if isinstance(name, str) and name.strip()}
        if len(good) < len(_LANGUAGES):
            raise self._error(key, "needs a name: give name = …, or both ru = … and en = …")
        return good

    def _texts(self, key: str, fields: Mapping[str, object], field: str) -> tuple[str, ...]:
        texts = fields.get(field, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
            raise self._error(key, f'{field} must be a list of texts, such as ["one", "two"]')
        return tuple(texts)

    def _check_known(self, key: str, wanted: tuple[str, ...], known: Container[str], what: str) -> None:
        for other in wanted:
            if other not in known:
                raise self._error(key, f"there is no {what} {other!r}; add it or correct the spelling")

    def _check_cycles(self, skills: Mapping[SkillKey, Skill]) -> None:
        try:
            TopologicalSorter({skill.key: skill.parents for skill in skills.values()}).prepare()
        except CycleError as error:
            cycle = [str(key) for key in error.args[1]]
            raise self._error(
                cycle[0], f"is its own ancestor ({' → '.join(cycle)}); remove one of these parents"
            ) from error

    def _error(self, key: str, complaint: str) -> TaxonomyError:
        return TaxonomyError(f"{self.where(key)}: {complaint}")

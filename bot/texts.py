"""Every text a person reads, from the .ftl files beside this module."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource
from markupsafe import Markup

from recommender.taxonomy import Taxonomy
from usecases.people import LANGUAGES

Argument = str | int | float
"""What a text may be given. A :class:`markupsafe.Markup` is HTML already, any other string is escaped."""


_MARK = re.compile("\ue000([a-z_]+)\ue001")


class MissingTextError(LookupError):
    """No such text, or one that cannot be formatted."""


class Translator:
    """The texts of one language."""

    def __init__(self, language: str, bundle: FluentBundle, taxonomy: Taxonomy) -> None:
        self.language = language
        self._bundle = bundle
        self._taxonomy = taxonomy
        # A screen has two dozen texts, and but for strings and a few small numbers they are always the same.
        self._marked = lru_cache(maxsize=2048)(self._formatted)

    def __call__(self, text_id: str, **arguments: Argument) -> Markup:
        """A text as HTML for Telegram; plain strings among the arguments are escaped."""
        # The files themselves are trusted to be HTML: they are ours.
        return Markup(self._format(text_id, {name: _safe(value) for name, value in arguments.items()}))  # noqa: S704

    def plain(self, text_id: str, **arguments: Argument) -> str:
        """A text without markup, for buttons, toasts and what is copied."""
        return self._format(text_id, arguments)

    def option(self, field: str, key: str) -> str:
        """The name of an option of the questionnaire, or of anything of the same kind."""
        if field == "directions":
            return self._taxonomy.direction_name(key, self.language)
        if field in {"skills", "free_skills"}:
            return self._taxonomy.skill_name(key, self.language)
        if field == "budget" and key != "0":
            return self.plain("option-budget", amount=grouped(int(key)))
        return self.plain(f"option-{field}-{key}".replace("_", "-"))

    def options(self, field: str, keys: tuple[str, ...]) -> str:
        """Several names in one phrase."""
        return ", ".join(self.option(field, key) for key in keys)

    def has(self, text_id: str) -> bool:
        """Whether there is such a text."""
        return self._bundle.has_message(text_id)

    def _format(self, text_id: str, arguments: Mapping[str, Argument]) -> str:
        # Strings go in afterwards: the library refuses long ones, and a profile full of "<" is long.
        marked = tuple(
            (name, f"\ue000{name}\ue001" if isinstance(value, str) else value)
            for name, value in arguments.items()
        )
        text = self._marked(text_id, marked)
        return _MARK.sub(lambda mark: str(arguments[mark[1]]), text) if arguments else text

    def _formatted(self, text_id: str, arguments: tuple[tuple[str, Argument], ...]) -> str:
        if not self._bundle.has_message(text_id):
            raise MissingTextError(f"{text_id} is not in {self.language}.ftl")
        pattern = self._bundle.get_message(text_id).value
        if pattern is None:
            raise MissingTextError(f"{text_id} in {self.language}.ftl has no text")
        text, errors = self._bundle.format_pattern(pattern, dict(arguments))
        if errors:
            raise MissingTextError(f"{text_id} in {self.language}.ftl: {errors[0]}")
        return str(text)


def translators(taxonomy: Taxonomy) -> dict[str, Translator]:
    """A translator for each language there is."""
    return {language: Translator(language, _bundle(language), taxonomy) for language in LANGUAGES}


def source(language: str) -> str:
    """The .ftl file of a language."""
    return (files(__package__) / "locales" / f"{language}.ftl").read_text(encoding="utf-8")


def grouped(number: float) -> str:
    """12345.5 as "12 345,5": digits in threes, held together by no-break spaces."""
    whole, _, rest = f"{round(number, 2):,.2f}".partition(".")
    fraction = rest.rstrip("0")
    return whole.replace(",", "\u00a0") + (f",{fraction}" if fraction else "")


@lru_cache
def _bundle(language: str) -> FluentBundle:
    # Isolation marks are invisible characters around each argument: they would end up in what is copied.
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(source(language)))
    return bundle


def _safe(value: Argument) -> Argument:
    return escape(value, quote=False) if isinstance(value, str) and not isinstance(value, Markup) else value

"""Help and languages."""

from collections.abc import Mapping

from bot.texts import Translator
from bot.views.callbacks import LanguageTap
from bot.views.view import View, button, keyboard

#: Commands in the menu, in this order; the texts are ``command-…``.
COMMANDS = (
    "start",
    "new",
    "saved",
    "surprise",
    "elite",
    "notifications",
    "my",
    "rules",
    "cancel",
    "language",
    "privacy",
    "help",
)


def help_view(t: Translator) -> View:
    """/help."""
    return View(t("help"))


def language_view(t: Translator, translators: Mapping[str, Translator]) -> View:
    """Each language by its own name."""
    choices = [
        button(other.plain("language-name"), LanguageTap.model_validate({"code": code}))
        for code, other in translators.items()
    ]
    return View(t("language-ask"), keyboard([choices]))

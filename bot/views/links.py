"""Where a link to one mentor leads, and one that leads nowhere."""

from dataclasses import replace

from bot.texts import Translator
from bot.views import mentor as words
from bot.views.callbacks import HereTap
from bot.views.shortlist import mentor_view
from bot.views.view import View, button, keyboard, paragraphs, shortened
from usecases.links import GoneScreen
from usecases.shortlists import MentorScreen


def unknown_link_view(start: View, t: Translator, *, to_profile: bool = False) -> View:
    """What /start shows, under a word that this link leads nowhere."""
    word = t("link-unknown-claim" if to_profile else "link-unknown")
    return replace(start, text=paragraphs(word, start.text))


def link_view(screen: MentorScreen | GoneScreen, t: Translator) -> View:
    """The mentor's page, or that they take nobody and the way to somebody else."""
    if isinstance(screen, MentorScreen):
        return mentor_view(screen, t)
    find = button(t.plain("button-find-other"), HereTap())
    name = shortened(screen.name, words.LONGEST_NAME)
    text = t("link-closed", name=name) if name else t("link-gone")
    return View(paragraphs(text, t("link-kept") if screen.unagreed else None), keyboard([[find]]))

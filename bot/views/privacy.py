"""What is kept, and the way to have it forgotten."""

from bot.texts import Translator
from bot.views.callbacks import ForgetTap, HereTap
from bot.views.view import View, button, keyboard, paragraphs
from usecases.privacy import KeptScreen


def kept_view(screen: KeptScreen, t: Translator) -> View:
    """/privacy."""
    agreed = screen.consented_at
    text = paragraphs(
        t("privacy-title"),
        t(
            "privacy-kept",
            name=screen.first_name + (f" (@{screen.username})" if screen.username else ""),
            questionnaires=screen.questionnaires,
            searches=screen.searches,
            events=screen.events,
            saved=screen.saved,
            dismissed=screen.dismissed,
            failed=screen.failed,
        ),
        t("privacy-consent", date=agreed.strftime("%d.%m.%Y")) if agreed else None,
        t("privacy-why"),
    )
    return View(text, keyboard([[button(t.plain("button-forget"), ForgetTap(sure=False))]]))


def forget_view(t: Translator) -> View:
    """/forget: are you sure?"""
    sure = button(t.plain("button-forget-sure"), ForgetTap(sure=True))
    keep = button(t.plain("button-keep"), HereTap())
    return View(t("forget-ask"), keyboard([[sure], [keep]]))


def forgotten_view(t: Translator) -> View:
    """Done."""
    return View(t("forgotten"))

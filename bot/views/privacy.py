"""What is kept, the way to take it along, and the way to have it forgotten."""

import json

from bot.texts import Translator
from bot.views.callbacks import ExportTap, ForgetTap, HereTap
from bot.views.view import FileView, View, button, keyboard, paragraphs
from usecases.privacy import Export, KeptScreen


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
            subscriptions=screen.subscriptions,
            requests=screen.requests,
            reviews=screen.reviews,
            failed=screen.failed,
            messages=screen.messages,
        ),
        t("privacy-consent", date=agreed.strftime("%d.%m.%Y")) if agreed else None,
        t("privacy-why"),
    )
    take_along = button(t.plain("button-export"), ExportTap())
    forget = button(t.plain("button-forget"), ForgetTap(sure=False))
    return View(text, keyboard([[take_along], [forget]]))


def export_view(export: Export, t: Translator) -> FileView:
    """/export: one file of JSON, a list of rows for each table."""
    content = json.dumps(export.tables, ensure_ascii=False, indent=2).encode()
    return FileView(f"shortlist-{export.on.isoformat()}.json", content, t("export-caption"))


def forget_view(t: Translator) -> View:
    """/forget: are you sure?"""
    sure = button(t.plain("button-forget-sure"), ForgetTap(sure=True))
    keep = button(t.plain("button-keep"), HereTap())
    return View(t("forget-ask"), keyboard([[sure], [keep]]))


def forgotten_view(t: Translator) -> View:
    """Done."""
    return View(t("forgotten"))

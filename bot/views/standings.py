"""The elite and its list, mentors below the bar, and the rules for both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aiogram.types import CopyTextButton, InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views import mentor as words
from bot.views.callbacks import BarCaseTap, HereTap, MentorTap, ProfileTap
from bot.views.draft import LONGEST as LONGEST_COPY
from bot.views.view import Row, View, as_json, button, in_rows, keyboard, lines, paragraphs, shortened
from recommender import standing
from usecases.letters import Wording
from usecases.ratings import ANSWERS_OF
from usecases.request_clock import PAUSE_AT, STRIKES_FOR, WORD_AT
from usecases.standings import HELD_FOR, BarCase, EliteScreen

_LONGEST_NAME, _LONGEST_TITLE = 80, 90
_LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class StandingLetters:
    """:class:`usecases.standings.StandingWords`; moderators read the platform's own language, ``main``."""

    translators: Mapping[str, Translator]
    main: Translator

    def elite(self, language: str, mentor_id: int, *, gained: bool) -> Wording:
        """Elite now, or not any more."""
        t = self.translators[language]
        show = button(t.plain("button-my-show"), ProfileTap(action="show", mentor=mentor_id))
        text = paragraphs(t("elite-gained" if gained else "elite-lost"), _elite_criteria(t))
        return Wording(text=text, keyboard=as_json(keyboard([[show]])))

    def case(self, case: BarCase) -> Wording:
        """A mentor below the bar."""
        view = bar_case_view(case, self.main)
        return Wording(text=view.text, keyboard=as_json(view.keyboard))

    def decided(self, language: str, mentor_id: int, decision: Literal["pause", "remove", "undo"]) -> Wording:
        """What moderators decided."""
        t = self.translators[language]
        show = button(t.plain("button-my-show"), ProfileTap(action="show", mentor=mentor_id))
        text = t(f"bar-told-{decision}", days=HELD_FOR.days)
        return Wording(text=text, keyboard=as_json(keyboard([[show]])))


def rules_view(t: Translator) -> View:
    """/rules: what is asked of mentors, and what follows."""
    return View(
        paragraphs(
            t("rules-title"),
            t("rules-answers", word=WORD_AT, pause=PAUSE_AT, days=STRIKES_FOR.days),
            t(
                "rules-bar",
                reviews=standing.BAR_REVIEWS,
                upper=_number(standing.BAR_UPPER, t),
                no_shows=standing.BAR_NO_SHOWS,
                days=standing.BAR_NO_SHOW_DAYS,
            ),
            _elite_criteria(t),
            t("rules-places"),
        )
    )


def _elite_criteria(t: Translator) -> Markup:
    return t(
        "rules-elite",
        reviews=standing.ELITE_REVIEWS,
        lower=_number(standing.ELITE_LOWER, t),
        private=_number(standing.ELITE_PRIVATE, t),
        percent=round(standing.ELITE_ANSWERS * 100),
        hours=round(standing.PROMPT_HOURS),
        window=ANSWERS_OF.days,
    )


def elite_view(screen: EliteScreen, t: Translator) -> View:
    """The elite, each a button."""
    find: Row = [button(t.plain("button-find-mine"), HereTap())]
    if not screen.mentors:
        return View(paragraphs(t("elite-title"), t("elite-none"), _elite_criteria(t)), keyboard([find]))
    listed = [
        lines(
            t(
                "elite-line",
                number=number,
                name=words.name(mentor),
                title=shortened(mentor.title, _LONGEST_TITLE),
            ),
            t("card-facts", price=words.price(mentor, t), rating=words.rating(mentor, t)),
        )
        for number, mentor in enumerate(screen.mentors, start=1)
    ]
    buttons = [
        button(
            t.plain("button-mentor", number=number),
            MentorTap(action="open", search=screen.search_id, mentor=mentor.id),
        )
        for number, mentor in enumerate(screen.mentors, start=1)
    ]
    text = paragraphs(t("elite-title"), *listed, t("elite-hint"))
    return View(text, keyboard([*in_rows(buttons, 5), find]))


def bar_case_view(case: BarCase, t: Translator, toast: str | None = None) -> View:
    """A mentor below the bar, with the evidence; and what was decided."""
    name = shortened(case.name, _LONGEST_NAME)
    text = paragraphs(
        lines(t("bar-title", name=name), t("card-title", title=shortened(case.title, _LONGEST_TITLE))),
        lines(*(_reason(reason, case, t) for reason in case.reasons)),
        *(t("opinion-words", words=shortened(each, _LONGEST_WORDS)) for each in case.words),
        t("bar-hint") if case.decision is None else _decided(case, t),
    )
    return View(text, keyboard(_rows(case, name, t)), toast)


def _reason(reason: str, case: BarCase, t: Translator) -> Markup:
    return t(
        f"bar-{reason.replace('_', '-')}",
        count=case.reviews,
        mean=_number(case.mean, t),
        upper=_number(case.upper, t, digits=2),
        no_shows=case.no_shows,
        days=standing.BAR_NO_SHOW_DAYS,
    )


def _decided(case: BarCase, t: Translator) -> Markup:
    return t(f"bar-decided-{case.decision}", name=case.decided_by or "", days=HELD_FOR.days)


def _rows(case: BarCase, name: str, t: Translator) -> list[Row]:
    if case.decision is None:
        return [
            [_tap("button-bar-talk", "talk", case, t)],
            [_tap("button-bar-pause", "pause", case, t), _tap("button-bar-remove", "remove", case, t)],
        ]
    undo: Row = [_tap("button-bar-undo", "undo", case, t)]
    if case.decision != "talk":
        return [undo]
    message = shortened(t.plain("bar-draft", name=name), LONGEST_COPY)
    copy = InlineKeyboardButton(text=t.plain("button-copy"), copy_text=CopyTextButton(text=message))
    chat: Row = []
    if case.telegram:
        url = f"https://t.me/{case.telegram.removeprefix('@')}"
        chat = [InlineKeyboardButton(text=t.plain("button-open-chat"), url=url)]
    return [[copy], chat, undo]


def _tap(label: str, action: str, case: BarCase, t: Translator) -> InlineKeyboardButton:
    return button(t.plain(label), BarCaseTap.model_validate({"action": action, "case": case.id}))


def _number(value: float, t: Translator, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace(".", "," if t.language == "ru" else ".")

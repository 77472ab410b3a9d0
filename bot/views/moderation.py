"""What moderators see of the delivery's troubles, and the buttons that decide them."""

from collections.abc import Mapping, Sequence

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views.callbacks import UndecidedTap
from bot.views.view import Row, View, as_json, button, keyboard, lines, paragraphs, shortened, without_markup
from usecases.letters import Wording
from usecases.moderation import Case, Decision, Verdict

_LONGEST_EXCERPT = 200
_LONGEST_REASON = 160
_LONGEST_NAME = 80
#: What Telegram's words for a refusal mean, by what is in them.
CAUSES: Mapping[str, tuple[str, ...]] = {
    "chat-not-found": ("chat not found",),
    "kicked": ("bot was kicked", "bot is not a member"),
    "no-rights": ("not enough rights", "need administrator rights", "have no rights", "chat_write_forbidden"),
    "too-long": ("message is too long", "caption is too long", "text is too long"),
    "entities": ("can't parse entities",),
}


class ModeratorsWords:
    """The language of the moderators' group is the platform's own."""

    def __init__(self, t: Translator) -> None:
        self._t = t

    def unsure(self, case: Case) -> Wording:
        """A post that may or may not be there."""
        return _wording(_drawn([case], 0, self._t))

    def parked(self, cases: Sequence[Case], rest: int) -> Wording:
        """What Telegram refused."""
        return _wording(_drawn(cases, rest, self._t))


def decided_toast(t: Translator, *, done: bool) -> str:
    """What whoever tapped is told: it is done, or somebody was quicker."""
    return t.plain("toast-decided" if done else "toast-decided-before")


def verdict_toast(verdict: Verdict, t: Translator) -> str:
    """The same of what the delivery could not decide."""
    return decided_toast(t, done=verdict.decided)


def verdict_view(verdict: Verdict, t: Translator) -> View:
    """The message after a tap: what was decided and by whom, and what is left to decide."""
    return _drawn(verdict.cases, 0, t).saying(verdict_toast(verdict, t))


def _drawn(cases: Sequence[Case], rest: int, t: Translator) -> View:
    """Each case by what it is now: it may have been given up anew since."""
    places = [f" {number}" for number, _ in enumerate(cases, 1)] if len(cases) > 1 else [""]
    unsure = all(_is_unsure(case) for case in cases)
    open_cases = [case for case in cases if _is_open(case)]
    text = paragraphs(
        t("unsure-title") if unsure else t("parked-title", count=len(cases)),
        *(_told(place, case, t) for place, case in zip(places, cases, strict=False)),
        t("unsure-hint") if unsure and open_cases else None,
        t("parked-rest", count=rest) if rest else None,
    )
    rows = [_buttons(place, case, t) for place, case in zip(places, cases, strict=False) if _is_open(case)]
    return View(text, keyboard(rows))


def _told(place: str, case: Case, t: Translator) -> Markup:
    sort = case.kind if case.kind in {"edit", "delete"} else case.priority
    what = t.plain(f"case-{sort}")
    head = t("case-head", place=f"{place.strip()}. " if place else "", what=what, chat=str(case.chat_id))
    # What a person is told is between them and the bot; what all of a channel read is not.
    excerpt = t("case-excerpt", text=_excerpt(case.text)) if case.once and case.text else None
    return lines(head, _about(case, t), excerpt, _reason(case, t), _decided(case, t))


def _about(case: Case, t: Translator) -> Markup | None:
    """Who it is for, or about, where that is known."""
    if case.person:
        name = shortened(case.person, _LONGEST_NAME)
        return t("case-person", id=str(case.chat_id), name=name)
    return t("case-mentor", name=shortened(case.mentor, _LONGEST_NAME)) if case.mentor else None


def _reason(case: Case, t: Translator) -> Markup | None:
    """Telegram's own words, and before them what they mean, where that is known."""
    if not case.reason:
        return None
    reason, folded = shortened(case.reason, _LONGEST_REASON), case.reason.casefold()
    for cause, phrases in CAUSES.items():
        if any(phrase in folded for phrase in phrases):
            return t("case-reason-known", cause=t(f"cause-{cause}"), reason=reason)
    return t("case-reason", reason=reason)


def _decided(case: Case, t: Translator) -> Markup | None:
    if _is_open(case):
        return None
    if case.decision is None:
        return t("decided-otherwise")
    return t(f"decided-{case.decision}", name=case.decided_by or "")


def _buttons(place: str, case: Case, t: Translator) -> Row:
    if case.state == "unsure":
        return [
            _button(t.plain("button-post-there", place=place), "there", case),
            _button(t.plain("button-post-again", place=place), "post", case),
        ]
    return [
        _button(t.plain("button-retry", place=place), "retry", case),
        _button(t.plain("button-drop", place=place), "drop", case),
    ]


def _button(label: str, decision: Decision, case: Case) -> InlineKeyboardButton:
    return button(label, UndecidedTap(decision=decision, row=case.id, told=case.told))


def _is_open(case: Case) -> bool:
    """Whether it is still to be decided here: what was given up anew comes in a message of its own."""
    return case.state in {"unsure", "parked"} and case.decision is None


def _is_unsure(case: Case) -> bool:
    return case.state == "unsure" or case.decision in {"there", "post"}


def _excerpt(text: str) -> str:
    return shortened(without_markup(text), _LONGEST_EXCERPT)


def _wording(view: View) -> Wording:
    return Wording(text=view.text, keyboard=as_json(view.keyboard))

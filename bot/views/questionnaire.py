"""The questionnaire as the student sees it."""

from typing import Literal, assert_never

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views.callbacks import BeginTap, LatestTap, QuestionTap, ReviewTap
from bot.views.shortlist import shortlist_view
from bot.views.view import Row, View, button, in_rows, keyboard, lines, paragraphs, shortened
from usecases.questions import QUESTIONS, REVIEW, Answers, Question, Step, answer_names
from usecases.screens import (
    Notice,
    NoticeKind,
    Option,
    OptionGroup,
    QuestionScreen,
    ReviewScreen,
    Screen,
    WelcomeBackScreen,
)
from usecases.shortlists import ShortlistScreen

#: Notices that a tap can bring: said as a toast over the screen, not in it.
_TOASTS = {NoticeKind.TOO_MANY, NoticeKind.STALE}
_LONGEST_TOAST = 200
_LONGEST_ECHO = 300
_LONGEST_LABEL = 30


def screen_view(screen: Screen, t: Translator) -> View:
    """Wherever the student is."""
    match screen:
        case QuestionScreen():
            return question_view(screen, t)
        case ReviewScreen():
            return review_view(screen, t)
        case WelcomeBackScreen():
            return welcome_back_view(screen, t)
        case ShortlistScreen():
            return shortlist_view(screen, t)
        case _:
            assert_never(screen)


def question_view(screen: QuestionScreen, t: Translator) -> View:
    """One question: what is asked, what is chosen, and the way on and back."""
    title = t(f"ask-{screen.step}")
    head = (
        t("question-editing", title=title)
        if screen.editing
        else t("question-head", number=screen.number, total=screen.total, title=title)
    )
    said = _said(screen.notice, t)
    text = paragraphs(
        t("hello") if screen.first_time and not said else None,
        said,
        lines(head, t(f"hint-{screen.step}")),
        t("written", words=shortened(screen.written, _LONGEST_ECHO)) if screen.written else None,
    )
    rows: list[Row] = []
    for group in screen.groups:
        rows += in_rows([_option(screen, group, option, t) for option in group.options], _width(group))
    return View(text, keyboard([*rows, _ways(screen, t)]), _toast(screen.notice, t))


def review_view(screen: ReviewScreen, t: Translator) -> View:
    """All answers, one button each."""
    answers = [
        t(
            "review-line",
            title=t(f"review-{question.step}"),
            answer=_answer(question, screen.answers, t),
        )
        for question in QUESTIONS
    ]
    edits = [
        button(
            t.plain(f"button-edit-{question.step}"),
            _review_tap(screen, "edit", question.step),
        )
        for question in QUESTIONS
    ]
    text = paragraphs(_said(screen.notice, t), lines(t("review-title"), *answers), t("review-hint"))
    rows = [*in_rows(edits, 2), [button(t.plain("button-show"), _review_tap(screen, "show"))]]
    return View(text, keyboard(rows), _toast(screen.notice, t))


def _review_tap(screen: ReviewScreen, action: Literal["edit", "show"], option: str = "") -> QuestionTap:
    return QuestionTap(
        questionnaire=screen.questionnaire_id, step=REVIEW, action=action, option=option, since=screen.since
    )


def welcome_back_view(screen: WelcomeBackScreen, t: Translator) -> View:
    """Nothing runs: what can be done."""
    text = _said(screen.notice, t) or t("welcome-back")
    return View(text, keyboard(_ways_in(screen, t)), _toast(screen.notice, t))


def _ways_in(screen: WelcomeBackScreen, t: Translator) -> list[Row]:
    new: Row = [button(t.plain("button-new"), BeginTap(after=screen.newest_id))]
    if not screen.done_id:
        return [new]
    latest = button(t.plain("button-latest"), LatestTap())
    edit = button(t.plain("button-edit"), ReviewTap())
    return [[latest], [edit], new]


def _option(
    screen: QuestionScreen, group: OptionGroup, option: Option, t: Translator
) -> InlineKeyboardButton:
    # An answer that goes on by itself is never taken off, only replaced by another one.
    on = True if screen.goes_on else not option.chosen
    name = shortened(option.text, _LONGEST_LABEL) or t.option(group.name, option.key)
    label = t.plain("option-chosen", option=name) if option.chosen else name
    field = "" if group is screen.groups[0] else group.name
    data = QuestionTap(
        questionnaire=screen.questionnaire_id,
        step=screen.step,
        action="set",
        field="free_skills" if option.text else field,
        option=option.key,
        on=on,
        since=screen.since,
    )
    return button(label, data)


def _width(group: OptionGroup) -> int:
    match group.name:
        case "skills" | "formats":
            return 2
        case "budget":
            return 3
        case _:
            return 2 if len(group.options) > 5 else 1


def _ways(screen: QuestionScreen, t: Translator) -> Row:
    """Back, and on: "skip" while nothing is chosen, "next" once something is."""

    def way(label: str, action: str) -> InlineKeyboardButton:
        data = QuestionTap.model_validate(
            {
                "questionnaire": screen.questionnaire_id,
                "step": screen.step,
                "action": action,
                "since": screen.since,
            }
        )
        return button(t.plain(label), data)

    back = [way("button-keep", "back")] if screen.editing else []
    back = [way("button-back", "back")] if screen.can_go_back else back
    chosen = bool(screen.written) or any(option.chosen for group in screen.groups for option in group.options)
    if chosen:
        return [*back, way("button-done" if screen.editing else "button-next", "next")]
    return [*back, way(_skip_label(screen.step, editing=screen.editing), "skip")]


def _skip_label(step: Step, *, editing: bool) -> str:
    match step:
        case Step.DIRECTION:
            return "button-skip-direction"
        case Step.BUDGET:
            return "button-skip-any"
        case Step.ABOUT if not editing:
            return "button-skip-about"
        case _:
            return "button-skip"


def _answer(question: Question, answers: Answers, t: Translator) -> str:
    if question.step is Step.ABOUT:
        words = " ".join(answers.get("about", ()))
        return shortened(words, _LONGEST_ECHO) or t.plain("review-nothing")
    named = [
        value if name == "free_skills" else t.option(name, value)
        for name in answer_names(question)
        for value in answers.get(name, ())
    ]
    return ", ".join(named) or t.plain("review-nothing")


def _said(notice: Notice | None, t: Translator) -> Markup | None:
    if notice is None or notice.kind in _TOASTS:
        return None
    said = t.options(notice.field, notice.options) or notice.words
    return t(f"notice-{notice.kind}", limit=notice.limit, words=shortened(said, _LONGEST_ECHO))


def _toast(notice: Notice | None, t: Translator) -> str | None:
    if notice is None or notice.kind not in _TOASTS:
        return None
    text = t.plain(f"notice-{notice.kind}", limit=notice.limit, words=notice.words)
    return shortened(text, _LONGEST_TOAST)

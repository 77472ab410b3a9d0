"""Reviews: asked for, read by everybody, by the mentor and by moderators."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views import mentor as words
from bot.views.callbacks import (
    AnswerTap,
    MentorTap,
    MissTap,
    ProfileTap,
    RateTap,
    RejectTap,
    RequestsTap,
    RequestTap,
    ReviewCaseTap,
    ReviewPageTap,
    ReviewsTap,
    TraitTap,
)
from bot.views.moderation import decided_toast
from bot.views.requests import student_view
from bot.views.view import (
    LONGEST_MESSAGE,
    Row,
    View,
    as_json,
    button,
    in_rows,
    keyboard,
    lines,
    paragraphs,
    shortened_text,
)
from usecases.letters import Wording
from usecases.requests import RequestScreen
from usecases.reviews import (
    LONGEST_REPLY,
    LONGEST_WORDS,
    MISS_REASONS,
    REJECT_REASONS,
    TRAITS,
    AnswerScreen,
    Figure,
    MissScreen,
    Page,
    PublicReview,
    ReviewCase,
    ReviewScreen,
    ReviewsScreen,
    ReviewVerdict,
    TalkScreen,
)

_STAR, _NO_STAR = "★", "☆"
_MOST_TRAITS = 5
#: Of one review among several, so that a page of them fits into a message.
_LONGEST_SHOWN = 700
_LONGEST_CASE = 2000


@dataclass(frozen=True, slots=True)
class ReviewLetters:
    """:class:`usecases.reviews.ReviewWords`; moderators read the platform's own language, ``main``."""

    translators: Mapping[str, Translator]
    main: Translator

    def to_mentor(self, language: str, review: PublicReview) -> Wording:
        """What everybody may read, with a button to answer."""
        view = answer_view(AnswerScreen(review, "none"), self.translators[language])
        return Wording(text=view.text, keyboard=as_json(view.keyboard))

    def case(self, case: ReviewCase) -> Wording:
        """To moderators."""
        view = case_view(case, self.main)
        return Wording(text=view.text, keyboard=as_json(view.keyboard))

    def superseded(self, case: ReviewCase) -> Wording:
        """In place of a review that has changed since."""
        title = self.main("opinion-case-title", mentor=case.mentor)
        return Wording(text=paragraphs(title, self.main("opinion-superseded")))

    def gone(self) -> Wording:
        """In place of a review whose author has been forgotten."""
        return Wording(text=self.main("opinion-case-gone"))

    def refused(self, language: str, mentor: str, case: ReviewCase, *, reply: bool) -> Wording:
        """It is not published, and why."""
        t = self.translators[language]
        if reply:
            rows = [[button(t.plain("button-review-answer"), AnswerTap(review=case.id))]]
            refused = _why(case.reply_reject_reason, t)
            return Wording(text=t("answer-refused", reason=refused), keyboard=as_json(keyboard(rows)))
        key = "opinion-refused-void" if case.state == "void" else "opinion-refused"
        text = t(key, name=mentor, reason=_why(case.reject_reason, t))
        if case.state == "void":
            return Wording(text=text)
        change = button(t.plain("button-review-words"), ReviewPageTap(request=case.request, page="words"))
        return Wording(text=text, keyboard=as_json(keyboard([[change]])))


# --- a student's review ------------------------------------------------------------------------------------


def talk_view(screen: TalkScreen, t: Translator) -> View:
    """What "did you talk?" leads to."""
    match screen:
        case ReviewScreen():
            return review_view(screen, t)
        case MissScreen():
            return miss_view(screen, t)
        case RequestScreen():
            return student_view(screen, t)
        case _:
            assert_never(screen)


def miss_view(screen: MissScreen, t: Translator) -> View:
    """Why did you not talk?"""
    card = screen.request.card
    reasons = [
        button(t.plain(f"miss-{reason.replace('_', '-')}"), MissTap(request=card.id, reason=reason))
        for reason in MISS_REASONS
    ]
    back = button(t.plain("button-back"), RequestTap(action="look", request=card.id))
    text = t("miss-ask", name=words.name(card.mentor))
    return View(text, keyboard([*in_rows(reasons, 2), [back]]))


def review_view(screen: ReviewScreen, t: Translator, *, aloud: bool = False) -> View:
    """A page of a review. ``aloud``: for a message that answers no tap."""
    toast = None if screen.changed else t.plain("opinion-closed")
    if screen.page == "done":
        said = t("opinion-thanks" if screen.changed else "opinion-closed") if aloud else None
        return View(paragraphs(said, _whole(screen, t)), keyboard(_done_rows(screen, t)), toast)
    text = paragraphs(_notice(screen, t), _asked(screen, t))
    return View(text, keyboard([*_choices(screen, t), _onward(screen, t)]), toast)


def _notice(screen: ReviewScreen, t: Translator) -> Markup | None:
    if screen.notice is None:
        return None
    return t(f"notice-{screen.notice.kind}", limit=screen.notice.limit, words="")


def _asked(screen: ReviewScreen, t: Translator) -> Markup:
    name = words.name(screen.mentor)
    if screen.page == "words":
        return t("opinion-ask-words", name=name, limit=LONGEST_WORDS)
    return t(f"opinion-ask-{screen.page}", name=name)


def _choices(screen: ReviewScreen, t: Translator) -> list[Row]:
    match screen.page:
        case "stars":
            return [[_figure(_stars(value), "stars", value, screen)] for value in range(5, 0, -1)]
        case "progress":
            return [
                [_figure(t.plain(f"progress-{value}"), "progress", value, screen)]
                for value in range(5, 0, -1)
            ]
        case "traits":
            return in_rows([_trait(trait, screen, t) for trait in TRAITS], 2)
        case "nps":
            return in_rows([_figure(str(value), "nps", value, screen) for value in range(11)], 6)
        case "words" | "done":
            return []
        case _:
            assert_never(screen.page)


def _figure(label: str, figure: Figure, value: int, screen: ReviewScreen) -> InlineKeyboardButton:
    chosen = getattr(screen, figure) == value
    data = RateTap(request=screen.request_id, figure=figure, value=value)
    return button(f"✓ {label}" if chosen else label, data)


def _trait(trait: str, screen: ReviewScreen, t: Translator) -> InlineKeyboardButton:
    chosen = trait in screen.traits
    label = t.plain(f"trait-{trait}")
    data = TraitTap.model_validate({"request": screen.request_id, "trait": trait, "on": not chosen})
    return button(t.plain("option-chosen", option=label) if chosen else label, data)


def _onward(screen: ReviewScreen, t: Translator) -> Row:
    """The next page, which every figure leads to by itself."""
    match screen.page:
        case "traits":
            return [_to("button-next", "nps", screen, t)]
        case "nps":
            return [_to("button-skip", "words", screen, t)]
        case "words":
            return [_to("button-review-without-words", "done", screen, t)]
        case _:
            return []


def _to(label: str, page: Page, screen: ReviewScreen, t: Translator) -> InlineKeyboardButton:
    return button(t.plain(label), ReviewPageTap(request=screen.request_id, page=page))


def _whole(screen: ReviewScreen, t: Translator) -> Markup:
    """All of it, with what has become of it."""
    traits = ", ".join(t.plain(f"trait-{trait}") for trait in screen.traits)
    state = "void" if screen.void else "held" if screen.held else screen.words_state
    until = f"{screen.until:%d.%m}" if screen.until else ""
    return paragraphs(
        lines(
            t("opinion-title", name=words.name(screen.mentor)),
            t("opinion-stars", stars=_stars(screen.stars or 0)),
            t("opinion-progress", value=t.plain(f"progress-{screen.progress}")) if screen.progress else None,
            t("opinion-traits", traits=traits) if traits else None,
            None if screen.nps is None else t("opinion-nps", value=screen.nps),
        ),
        t("opinion-words", words=screen.words) if screen.words else None,
        t(f"opinion-state-{state}"),
        t("opinion-until", day=until) if screen.editable else None,
    )


def _done_rows(screen: ReviewScreen, t: Translator) -> list[Row]:
    mine: Row = [button(t.plain("button-requests"), RequestsTap())]
    if not screen.editable:
        return [mine]
    changes = [
        _to("button-review-stars", "stars", screen, t),
        _to("button-review-progress", "progress", screen, t),
        _to("button-review-traits", "traits", screen, t),
        _to("button-review-words" if screen.words else "button-review-add-words", "words", screen, t),
    ]
    return [*in_rows(changes, 2), mine]


# --- read by everybody -------------------------------------------------------------------------------------


def reviews_view(screen: ReviewsScreen, t: Translator, *, own: bool = False) -> View:
    """A page of what is said of a mentor."""
    head = lines(
        t("reviews-title", name=words.name(screen.mentor)),
        words.rating(screen.mentor, t),
        _named(screen, t),
    )
    told = [_read(each, t) for each in screen.reviews] or [t("reviews-none")]
    text = paragraphs(head, *told)
    if len(text) > LONGEST_MESSAGE:
        text = paragraphs(head, *(_read(each, t, _LONGEST_SHOWN // 3) for each in screen.reviews))
    return View(text, keyboard([_turn(screen, t, own=own), [_way_back(screen, t, own=own)]]))


def _named(screen: ReviewsScreen, t: Translator) -> Markup | None:
    named = [
        t.plain("trait-count", trait=t.plain(f"trait-{trait}"), count=count)
        for trait, count in screen.traits[:_MOST_TRAITS]
    ]
    return t("reviews-traits", traits=", ".join(named)) if named else None


def _read(review: PublicReview, t: Translator, longest: int = _LONGEST_SHOWN) -> Markup:
    return lines(
        t("opinion-head", stars=_stars(review.stars), day=f"{review.on:%d.%m.%Y}"),
        t("opinion-words", words=shortened_text(review.words, longest)) if review.words else None,
        t("opinion-reply", words=shortened_text(review.reply, longest)) if review.reply else None,
    )


def _turn(screen: ReviewsScreen, t: Translator, *, own: bool) -> Row:
    def page(label: str, number: int) -> InlineKeyboardButton:
        tap = ReviewsTap(search=screen.search_id, mentor=screen.mentor.id, page=number, own=own)
        return button(t.plain(label), tap)

    back = [page("button-newer", screen.page - 1)] if screen.page else []
    return [*back, *([page("button-older", screen.page + 1)] if screen.more else [])]


def _way_back(screen: ReviewsScreen, t: Translator, *, own: bool) -> InlineKeyboardButton:
    if own:
        show = ProfileTap(action="show", mentor=screen.mentor.id)
        return button(t.plain("button-my-show"), show)
    look = MentorTap(action="look", search=screen.search_id, mentor=screen.mentor.id)
    return button(t.plain("button-to-mentor"), look)


# --- read and answered by the mentor -----------------------------------------------------------------------


def answer_view(screen: AnswerScreen, t: Translator) -> View:
    """A review before its mentor."""
    traits = ", ".join(t.plain(f"trait-{trait}") for trait in screen.review.traits)
    notice = screen.notice
    said = None if notice is None else t(f"notice-{notice.kind}", limit=notice.limit, words="")
    text = paragraphs(
        said,
        t("answer-title"),
        _read(screen.review, t),
        t("opinion-traits", traits=traits) if traits else None,
        t("answer-ask", limit=LONGEST_REPLY) if screen.typing else t(f"answer-{screen.reply_state}"),
    )
    if screen.typing or screen.reply_state not in {"none", "rejected"}:
        return View(text)
    return View(
        text, keyboard([[button(t.plain("button-review-answer"), AnswerTap(review=screen.review.id))]])
    )


# --- read by moderators ------------------------------------------------------------------------------------


def case_view(case: ReviewCase, t: Translator, verdict: ReviewVerdict | None = None) -> View:
    """A review before the moderators, as it is now."""
    toast = None if verdict is None else _toast_of(verdict, t)
    return View(_case_text(case, t), keyboard(_case_rows(case, t) if case.is_open else []), toast)


def _toast_of(verdict: ReviewVerdict, t: Translator) -> str:
    if verdict is ReviewVerdict.CHANGED:
        return t.plain("opinion-changed")
    return decided_toast(t, done=verdict is ReviewVerdict.DECIDED)


def reject_view(case: ReviewCase, t: Translator) -> View:
    """Why not?"""
    reasons = [
        button(
            t.plain(_reject_id(reason)),
            RejectTap(review=case.id, revision=case.revision, reason=reason),
        )
        for reason in REJECT_REASONS
    ]
    back = button(t.plain("button-back"), _case_tap("show", case))
    return View(_case_text(case, t), keyboard([*in_rows(reasons, 2), [back]]))


def gone_view(t: Translator) -> View:
    """Its author has been forgotten, and so has the review."""
    return View(t("opinion-case-gone"), toast=t.plain("toast-decided-before"))


def _case_text(case: ReviewCase, t: Translator) -> Markup:
    traits = ", ".join(t.plain(f"trait-{trait}") for trait in case.traits)
    answers = case.is_open and case.subject == "reply"
    return paragraphs(
        lines(
            t("opinion-case-reply" if answers else "opinion-case-title", mentor=case.mentor),
            t("opinion-case-about", stars=_stars(case.stars), student=case.student, days=case.known_days),
            t("opinion-traits", traits=traits) if traits else None,
        ),
        t("opinion-words", words=shortened_text(case.words, _LONGEST_CASE)) if case.words else None,
        t("opinion-reply", words=case.reply) if case.reply else None,
        t(f"opinion-held-{case.held_for.replace('_', '-')}")
        if case.state == "held" and case.held_for
        else None,
        _decided(case, t),
    )


def _decided(case: ReviewCase, t: Translator) -> Markup | None:
    """What was decided of the review and of the answer to it, by whom."""
    if case.is_open or case.decided_by is None:
        return None
    name = case.decided_by
    words = case.words_state == "published"
    reply = case.reply_state == "published"
    return lines(
        t("opinion-decided-publish", name=name) if words else None,
        t("opinion-decided-reject", name=name, reason=_why(case.reject_reason, t))
        if case.reject_reason
        else None,
        t("answer-decided-publish", name=name) if reply else None,
        t("answer-decided-reject", name=name, reason=_why(case.reply_reject_reason, t))
        if case.reply_reject_reason
        else None,
    ) or t("opinion-decided-count", name=name)


def _why(reason: str | None, t: Translator) -> str:
    return t.plain(_reject_id(reason or "other"))


def _case_rows(case: ReviewCase, t: Translator) -> list[Row]:
    held = case.state == "held"
    publish = "button-review-count" if held and not case.words else "button-review-publish"
    refuse = "button-review-void" if held else "button-review-refuse"
    return [
        [
            button(t.plain(publish), _case_tap("publish", case)),
            button(t.plain(refuse), _case_tap("refuse", case)),
        ]
    ]


def _case_tap(action: str, case: ReviewCase) -> ReviewCaseTap:
    return ReviewCaseTap.model_validate({"action": action, "review": case.id, "revision": case.revision})


def _reject_id(reason: str) -> str:
    return f"reject-{reason.replace('_', '-')}"


def _stars(count: int) -> str:
    return _STAR * count + _NO_STAR * (5 - count)

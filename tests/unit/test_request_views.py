"""Every screen and letter of requests, reviews and standings at its largest, as Telegram takes it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from aiogram.types import InlineKeyboardMarkup

from bot.texts import Translator
from bot.views.mine import student_requests_view
from bot.views.missing import MissingLetters, missing_view
from bot.views.requests import (
    RequestLetters,
    declined_view,
    draft_view,
    later_view,
    mentor_view,
    question_view,
    refuse_view,
    reply_view,
    student_view,
    waiting_view,
    writing_view,
)
from bot.views.reviews import (
    ReviewLetters,
    answer_view,
    case_view,
    gone_view,
    reject_view,
    review_view,
    reviews_view,
    talk_view,
)
from bot.views.standings import StandingLetters, bar_case_view, elite_view, rules_view
from bot.views.view import View
from tests.unit import at_most
from tests.unit.limits import buttons, telegram_takes
from tests.unit.test_views import HUGE, REQUEST, RU, TRANSLATORS, mentor, nasty
from usecases.letters import Wording
from usecases.mine import StudentScreen
from usecases.missing import ANSWERS, MissingScreen
from usecases.request_answers import QuestionScreen, WaitingScreen
from usecases.request_states import OPEN, State
from usecases.request_writing import DraftScreen, Refusal, RefusedScreen, ReplyScreen, WordsScreen
from usecases.requests import News, RequestCard, RequestNotice, RequestScreen
from usecases.reviews import (
    PAGES,
    READ_AT_ONCE,
    TRAITS,
    AnswerScreen,
    MissScreen,
    ReviewsScreen,
    ReviewVerdict,
)
from usecases.screens import Notice, NoticeKind
from usecases.standings import LISTED, EliteScreen

#: Those that are sent through the bot: a mentor outside it reads none.
THROUGH_THE_BOT = [state for state in State if state not in {State.OUTSIDE, State.REACHED, State.UNREACHED}]
TO_MENTOR = (News.NEW, News.WAITS, News.REPLIED)


def mine(card: RequestCard, notice: RequestNotice | None = None) -> RequestScreen:
    """A request before its student."""
    return RequestScreen(card, for_mentor=False, notice=notice)


def theirs(card: RequestCard, notice: RequestNotice | None = None) -> RequestScreen:
    """A request before its mentor."""
    return RequestScreen(card, for_mentor=True, notice=notice)


def request_screens(t: Translator) -> Iterator[tuple[str, View]]:
    """Every state on either side, every letter, and every step before a request is sent."""
    person, words_ = mentor(), nasty(2000)
    for state, notice in product(State, (None, *RequestNotice)):
        card = at_most.request(person, words_, state=state, answers=REQUEST)
        yield f"request {state} {notice}", student_view(mine(card, notice), t, aloud=True)
    for state, notice in product(THROUGH_THE_BOT, (None, *RequestNotice)):
        card = at_most.request(person, words_, state=state, answers=REQUEST)
        yield f"asked {state} {notice}", mentor_view(theirs(card, notice), t, aloud=True)
    for state in THROUGH_THE_BOT:
        card = at_most.request(person, words_, state=state, answers=REQUEST)
        yield f"refuse {state}", refuse_view(theirs(card), t)
        yield f"later {state}", later_view(theirs(card), t)
        yield f"declined {state}", declined_view(theirs(card, RequestNotice.DECLINED), t)
    card = at_most.request(person, words_, answers=REQUEST)
    letters = RequestLetters({t.language: t})
    for news in News:
        write = letters.to_mentor if news in TO_MENTOR else letters.to_student
        yield f"letter {news}", as_view(write(t.language, card, news))
    for count, paused in ((2, False), (4, True)):
        yield f"unanswered {count}", as_view(letters.unanswered(t.language, HUGE, count, paused=paused))
    draft = DraftScreen(HUGE, person, nasty(1000), REQUEST, has_username=False, outside=False)
    yield "draft", draft_view(draft, t, aloud=True)
    for notice in (None, Notice(NoticeKind.TOO_SHORT, 10), Notice(NoticeKind.TOO_LONG, 1000)):
        yield f"own words {notice}", writing_view(WordsScreen(HUGE, person, nasty(1000), notice), t)
        yield f"reply {notice}", reply_view(ReplyScreen(mine(card), notice), t)
        yield (
            f"question {notice}",
            question_view(QuestionScreen(theirs(card), notice), t),
        )
    for why in Refusal:
        yield f"refused {why}", writing_view(RefusedScreen(HUGE, person, why), t, on_list=True)
    waiting = tuple(theirs(each) for each in (card, replace(card, state=State.ASKED)) * 3)
    yield "waiting", waiting_view(WaitingScreen(HUGE, waiting), t)
    yield "nobody waits", waiting_view(WaitingScreen(HUGE, ()), t)
    live = tuple(mine(card) for _ in range(6))
    yield "mine", student_requests_view(StudentScreen(live, live, 999, is_mentor=False), t)
    yield "none of mine", student_requests_view(StudentScreen((), (), 0, is_mentor=True), t)
    for answer in ANSWERS:
        for budget in (None, 1_000_000):
            yield f"missing {answer} {budget}", missing_view(MissingScreen(HUGE, answer, budget), t)
    yield "what was missing", as_view(MissingLetters({t.language: t}).what_was_missing(t.language, HUGE))


def review_screens(t: Translator) -> Iterator[tuple[str, View]]:
    """Every page of a review, and what is read of it."""
    person, said = mentor(), nasty(2000)
    for page in PAGES:
        yield f"opinion {page}", review_view(at_most.review(person, said, page=page), t, aloud=True)
    for state in ("none", "waiting", "published", "rejected"):
        yield f"opinion {state}", review_view(at_most.review(person, said, words_state=state), t)
    for given in ({"held": True}, {"void": True}, {"editable": False, "changed": False}):
        yield f"opinion {given}", review_view(at_most.review(person, said, **given), t)
    card = at_most.request(person, said, state=State.ACCEPTED)
    yield "missed", talk_view(MissScreen(mine(card)), t)
    some = (at_most.public_review(said),) * READ_AT_ONCE
    traits = tuple((trait, 999) for trait in TRAITS)
    yield "opinions", reviews_view(ReviewsScreen(HUGE, person, traits, some, 1, more=True), t)
    yield "no opinions", reviews_view(ReviewsScreen(0, person, (), (), 0, more=False), t, own=True)
    for state, typing in product(("none", "waiting", "published", "rejected"), (True, False)):
        yield f"answer {state} {typing}", answer_view(AnswerScreen(some[0], state, typing), t)
    held: dict[str, Any] = {"state": "held", "held_for": "burst"}
    for words, given in ((said, {}), ("", held), (said, {**held, "held_for": "same_words"})):
        case = at_most.review_case(words, **given)
        yield f"opinion case {given}", case_view(case, t)
        yield f"opinion case why {given}", reject_view(case, t)
    over = {"words_state": "published", "reply_state": "none", "decided_by": said[:200]}
    yield "opinion case over", case_view(at_most.review_case(said, **over), t, ReviewVerdict.DECIDED)
    refused = {**over, "words_state": "rejected", "reject_reason": "personal_data"}
    yield "opinion case refused", case_view(at_most.review_case(said, **refused), t, ReviewVerdict.BEFORE)
    yield "opinion case gone", gone_view(t)
    letters = ReviewLetters({t.language: t}, t)
    for state, reply in product(("counted", "void"), (True, False)):
        case = at_most.review_case(said, state=state)
        yield f"refusal {state} {reply}", as_view(letters.refused(t.language, said[:200], case, reply=reply))


def standing_screens(t: Translator) -> Iterator[tuple[str, View]]:
    """The elite, and mentors below the bar."""
    yield "elite", elite_view(EliteScreen(HUGE, (mentor(),) * LISTED), t)
    yield "no elite", elite_view(EliteScreen(0, ()), t)
    for decision in (None, "talk", "pause", "remove"):
        case = at_most.bar_case(nasty(2000), decision=decision, decided_by=nasty(200))
        yield f"bar {decision}", bar_case_view(case, t)
    letters = StandingLetters({t.language: t}, t)
    for gained in (True, False):
        yield f"elite {gained}", as_view(letters.elite(t.language, HUGE, gained=gained))
    for told in ("pause", "remove", "undo"):
        yield f"told {told}", as_view(letters.decided(t.language, HUGE, told))


def as_view(wording: Wording) -> View:
    """A letter as a screen."""
    markup = None if wording.keyboard is None else InlineKeyboardMarkup.model_validate(wording.keyboard)
    return View(wording.text, markup)


def all_screens() -> Iterator[tuple[str, View]]:
    for language, t in TRANSLATORS.items():
        for name, view in (*request_screens(t), *review_screens(t), *standing_screens(t)):
            yield f"{language} {name}", view
        yield f"{language} rules", rules_view(t)


def test_every_screen_is_one_that_telegram_takes() -> None:
    for name, view in all_screens():
        telegram_takes(name, view)


def test_what_a_student_wrote_is_read_as_it_was_written() -> None:
    card = at_most.request(mentor(), nasty(1000))
    shown = telegram_takes("request", mentor_view(theirs(card), RU))
    assert nasty(1000).strip() in shown


@pytest.mark.parametrize("state", THROUGH_THE_BOT)
def test_a_contact_is_shown_only_once_the_mentor_has_accepted(state: State) -> None:
    accepted = state in {State.ACCEPTED, State.TALKED, State.GOING_ON, State.FINISHED}
    student = replace(at_most.request(mentor(), "слова").student, username="the_student")
    card = at_most.request(mentor(telegram="the_mentor"), "слова для ментора", state=state, student=student)
    for view, handle in (
        (student_view(mine(card), RU), "the_mentor"),
        (mentor_view(theirs(card), RU), "the_student"),
    ):
        links = [each.url for each in buttons(view) if each.url]
        shown = handle in view.text or any(handle in url for url in links)
        assert shown == accepted, view.text


@pytest.mark.parametrize("state", OPEN)
def test_a_request_that_waits_can_always_be_accepted_refused_and_withdrawn(state: State) -> None:
    card = at_most.request(mentor(), "слова для ментора", state=state)
    students = [each.text for each in buttons(student_view(mine(card), RU))]
    mentors = [each.text for each in buttons(mentor_view(theirs(card), RU))]
    assert "↩️ Отозвать" in students
    assert {"✅ Принять", "✕ Отказать"} <= set(mentors)

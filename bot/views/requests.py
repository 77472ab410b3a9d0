"""Requests as students and mentors see them: drafts, letters, and what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from aiogram.filters.callback_data import CallbackData
from aiogram.types import CopyTextButton, InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views import draft as drafts
from bot.views import mentor as words
from bot.views.callbacks import (
    DeclineTap,
    GoesOnTap,
    LatestTap,
    ListTap,
    MentorTap,
    OutsideTap,
    PauseTap,
    PostponeTap,
    ProfileTap,
    RequestAction,
    RequestsTap,
    RequestTap,
    TalkTap,
    WaitingTap,
    WriteTap,
)
from bot.views.view import Row, View, as_json, button, in_rows, keyboard, lines, paragraphs, shortened
from recommender.model import Request, Wish
from usecases.letters import Wording
from usecases.profiles import PAUSES
from usecases.request_answers import DECLINE_REASONS, QuestionScreen, WaitingScreen
from usecases.request_states import LONGEST_POSTPONED, OPEN, Event, State, transition
from usecases.request_writing import (
    MOST_OPEN,
    DraftScreen,
    RefusedScreen,
    ReplyScreen,
    WordsScreen,
    WritingScreen,
)
from usecases.requests import (
    LONGEST,
    LONGEST_COPIED,
    LONGEST_QUESTION,
    SHORTEST,
    News,
    RequestCard,
    RequestNotice,
    RequestScreen,
)
from usecases.screens import Notice

_LONGEST_STUDENT = 60
_LONGEST_ECHO = 300
_MOST_SKILLS = 6
_LONGEST_LABEL = 28


# --- letters -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestLetters:
    """:class:`usecases.requests.RequestWords` in every language."""

    translators: Mapping[str, Translator]

    def draft(self, language: str, mentor_name: str, request: Request, longest: int) -> str:
        """A first message."""
        return drafts.draft(mentor_name, request, self.translators[language], longest)

    def to_mentor(self, language: str, card: RequestCard, news: News | None) -> Wording:
        """The same as its buttons draw it again, under what is new."""
        t = self.translators[language]
        return _wording(mentor_view(RequestScreen(card, for_mentor=True), t, news))

    def to_student(self, language: str, card: RequestCard, news: News) -> Wording:
        """What the mentor or the clock has to say."""
        t = self.translators[language]
        name = words.name(card.mentor)
        match news:
            case News.ACCEPTED | News.ASKED:
                return _wording(student_view(RequestScreen(card, for_mentor=False), t, news))
            case News.OUTSIDE:
                return _wording(View(t("news-outside", name=name), keyboard(_outside_rows(card, t))))
            case News.TALKED:
                return _wording(View(t("news-talked", name=name), keyboard([_talk_row(card, t)])))
            case News.GOES_ON:
                return _wording(View(t("news-goes-on", name=name), keyboard([_goes_on_row(card, t)])))
            case _:
                text = t(f"news-{news}", name=name, day=_day(card.postponed_to), reason=_reason(card, t))
                return _wording(View(text, keyboard(_news_rows(card, news, t))))

    def forgotten(self, language: str) -> Wording:
        """In place of a request whose student has been forgotten."""
        return Wording(text=self.translators[language]("request-forgotten"))

    def unanswered(self, language: str, mentor_id: int, count: int, *, paused: bool) -> Wording:
        """To a mentor who lets requests expire."""
        t = self.translators[language]
        action = "active" if paused else "pause"
        label = "button-my-return" if paused else "button-my-pause"
        tap = ProfileTap.model_validate({"action": action, "mentor": mentor_id})
        text = t("unanswered-paused" if paused else "unanswered", count=count)
        return _wording(View(text, keyboard([[button(t.plain(label), tap)]])))


def _wording(view: View) -> Wording:
    return Wording(text=view.text, keyboard=as_json(view.keyboard))


def _news_rows(card: RequestCard, news: News, t: Translator) -> list[Row]:
    others = _act("button-request-others", "others", card, t)
    look = _act("button-request-look", "look", card, t)
    if news is News.ASKED_AGAIN:
        return [[_act("button-request-reply", "reply", card, t)], [look]]
    if news is News.POSTPONED:
        return [[others], [look]]
    return [[others], [look]] if card.state in OPEN else [[others]]


def _outside_rows(card: RequestCard, t: Translator) -> list[Row]:
    return [
        [
            button(t.plain("button-outside-reached"), OutsideTap(request=card.id, answer="reached")),
            button(t.plain("button-outside-silent"), OutsideTap(request=card.id, answer="silent")),
        ],
        [button(t.plain("button-outside-not-written"), OutsideTap(request=card.id, answer="not_written"))],
    ]


def _talk_row(card: RequestCard, t: Translator) -> Row:
    return [
        button(t.plain("button-talk-yes"), TalkTap(request=card.id, answer="yes")),
        button(t.plain("button-talk-not-yet"), TalkTap(request=card.id, answer="not_yet")),
        button(t.plain("button-talk-no"), TalkTap(request=card.id, answer="no")),
    ]


def _goes_on_row(card: RequestCard, t: Translator) -> Row:
    return [
        button(t.plain("button-goes-on"), GoesOnTap(request=card.id, on=True)),
        button(t.plain("button-goes-on-no"), GoesOnTap(request=card.id, on=False)),
    ]


# --- writing -----------------------------------------------------------------------------------------------


def writing_view(screen: WritingScreen, t: Translator, *, on_list: bool = False) -> View:
    """What "Write" leads to. ``on_list``: it was tapped on a list, and leads back there."""
    match screen:
        case DraftScreen():
            return draft_view(screen, t, on_list=on_list)
        case WordsScreen():
            return words_view(screen, t)
        case RefusedScreen():
            return refused_view(screen, t, on_list=on_list)
        case RequestScreen():
            return student_view(screen, t, on_list=on_list)
        case _:
            assert_never(screen)


def draft_view(screen: DraftScreen, t: Translator, *, on_list: bool = False, aloud: bool = False) -> View:
    """A request before it is sent: all that the mentor will read."""
    tap = WriteTap(action="send", search=screen.search_id, mentor=screen.mentor.id)
    edit = WriteTap(action="edit", search=screen.search_id, mentor=screen.mentor.id)
    text = paragraphs(
        t("request-words-kept") if aloud else None,
        t("request-title", name=words.name(screen.mentor)),
        t("request-words", words=screen.words),
        None if screen.outside else _answers(screen.answers, t),
        t("request-outside" if screen.outside else "request-no-contact-yet"),
        None if screen.outside or screen.has_username else t("request-no-username"),
    )
    send = "button-request-contact" if screen.outside else "button-request-send"
    rows: list[Row] = [
        [button(t.plain(send), tap)],
        [button(t.plain("button-request-edit"), edit)],
        [_back(screen.search_id, screen.mentor.id, t, on_list=on_list)],
    ]
    return View(text, keyboard(rows))


def words_view(screen: WordsScreen, t: Translator) -> View:
    """Words of one's own are asked for."""
    draft = WriteTap(action="draft", search=screen.search_id, mentor=screen.mentor.id)
    text = paragraphs(
        _said(screen.notice, t),
        t("request-ask-words", name=words.name(screen.mentor), shortest=SHORTEST, longest=LONGEST),
        t("request-words-now", words=screen.words),
    )
    return View(text, keyboard([[button(t.plain("button-back"), draft)]]))


def refused_view(screen: RefusedScreen, t: Translator, *, on_list: bool = False) -> View:
    """Why it cannot be sent."""
    text = t(f"refusal-{screen.why}", name=words.name(screen.mentor), count=MOST_OPEN)
    mine = button(t.plain("button-requests"), RequestsTap())
    latest = button(t.plain("button-latest"), LatestTap())
    back = _back(screen.search_id, screen.mentor.id, t, on_list=on_list)
    return View(text, keyboard([[mine, latest], [back]]))


def reply_view(screen: ReplyScreen | RequestScreen, t: Translator, *, aloud: bool = False) -> View:
    """A reply to the mentor's question is asked for, or what has become of it."""
    if isinstance(screen, RequestScreen):
        return student_view(screen, t, aloud=aloud)
    card = screen.request.card
    text = paragraphs(
        _said(screen.notice, t),
        t("request-ask-reply", name=words.name(card.mentor), limit=LONGEST),
        t("request-question", words=card.question),
    )
    return View(text, keyboard([[_act("button-back", "look", card, t)]]))


# --- the student's side ------------------------------------------------------------------------------------


def student_view(
    screen: RequestScreen,
    t: Translator,
    news: News | None = None,
    *,
    aloud: bool = False,
    on_list: bool = False,
) -> View:
    """A request as its student sees it."""
    card = screen.card
    if card.state is State.OUTSIDE:
        return _outside_view(card, t, on_list=on_list)
    said = t(f"request-notice-{screen.notice}") if aloud and screen.notice else None
    text = paragraphs(
        said,
        t(f"news-{news}-title", name=words.name(card.mentor)) if news else _title(card, t),
        _for_student(card, t),
        None if news is News.ASKED else t("request-words", words=card.words),
        _conversation(card, t),
    )
    rows = [*_student_rows(card, t), _ways(card, t)]
    return View(text, keyboard(rows), _toast(screen, t))


def _title(card: RequestCard, t: Translator) -> Markup:
    return t("request-title", name=words.name(card.mentor))


def _for_student(card: RequestCard, t: Translator) -> Markup:
    """The state in a sentence, with the contact from the mentor's yes on."""
    if card.accepted:
        said = t(f"request-is-{_id(card.state)}", until="", day="", reason="")
        return lines(said, _mentor_contact(card, t))
    if card.outside and card.state is State.WITHDRAWN:
        return t("request-is-not-written")
    until = None if card.until is None else _time(card.until)
    return t(
        f"request-is-{_id(card.state)}",
        until=until or "",
        day=_day(card.postponed_to),
        reason=_reason(card, t),
    )


def _student_rows(card: RequestCard, t: Translator) -> list[Row]:
    reply = [_act("button-request-reply", "reply", card, t)] if card.state is State.ASKED else []
    withdraw = [_act("button-request-withdraw", "withdraw", card, t)] if card.is_open else []
    if card.state is State.ACCEPTED:
        talked = button(t.plain("button-talked"), TalkTap(request=card.id, answer="yes"))
        not_talked = button(t.plain("button-not-talked"), TalkTap(request=card.id, answer="no"))
        return [_chat(card, t), [talked, not_talked]]
    if card.state is State.TALKED:
        review = TalkTap(request=card.id, answer="yes")
        return [_chat(card, t), [button(t.plain("button-review"), review)]]
    without = (State.EXPIRED, State.DECLINED, State.CLOSED, State.UNREACHED, State.WITHDRAWN, State.MISSED)
    others = [_act("button-request-others", "others", card, t)] if card.state in (*OPEN, *without) else []
    return [reply, others, withdraw]


def _outside_view(card: RequestCard, t: Translator, *, on_list: bool) -> View:
    """A first message, ready to copy, and the way to the mentor."""
    # Not that of the person behind the profile: they have not said yes.
    url = _url(card.mentor.telegram)
    short = len(card.words) <= LONGEST_COPIED
    copy: Row = []
    if short:
        copy = [InlineKeyboardButton(text=t.plain("button-copy"), copy_text=CopyTextButton(text=card.words))]
    chat = [InlineKeyboardButton(text=t.plain("button-open-chat"), url=url)] if url else []
    text = paragraphs(
        t("contact-title", name=words.name(card.mentor)),
        t("contact-draft" if short else "contact-draft-long", draft=card.words),
        t("contact-how-link" if url else "contact-how-nolink"),
        t("contact-asked-later"),
    )
    back = [_back(card.search_id, card.mentor.id, t, on_list=on_list)]
    return View(text, keyboard([copy, chat, back]))


def _ways(card: RequestCard, t: Translator) -> Row:
    to_list = [button(t.plain("button-to-list"), ListTap(search=card.search_id))] if card.search_id else []
    return [button(t.plain("button-requests"), RequestsTap()), *to_list]


def _chat(card: RequestCard, t: Translator) -> Row:
    url = _url(card.mentor.telegram or card.mentor_username)
    return [InlineKeyboardButton(text=t.plain("button-open-chat"), url=url)] if url else []


def _url(handle: str | None) -> str | None:
    return f"https://t.me/{handle.removeprefix('@')}" if handle else None


def _mentor_contact(card: RequestCard, t: Translator) -> Markup:
    handle = card.mentor.telegram or card.mentor_username
    if not handle and card.mentor_person is None:
        return t("request-contact-gone")
    return t("request-contact", contact=_contact(handle, card.mentor_person, words.name(card.mentor)))


def _contact(handle: str | None, person_id: int | None, name: str) -> Markup:
    """How to write to somebody: by @username, or by a link that the client may know."""
    if handle:
        return Markup("@{}").format(handle.removeprefix("@"))
    return Markup('<a href="tg://user?id={}">{}</a>').format(person_id, name)


# --- the mentor's side -------------------------------------------------------------------------------------


def mentor_view(
    screen: RequestScreen, t: Translator, news: News | None = None, *, aloud: bool = False
) -> View:
    """A request as its mentor sees it."""
    card = screen.card
    said = t(f"request-notice-{screen.notice}") if aloud and screen.notice else None
    text = paragraphs(
        said,
        t(f"mentor-news-{news}" if news else "request-from", name=_student_name(card)),
        t("request-words", words=card.words),
        _answers(card.answers, t),
        _conversation(card, t),
        _for_mentor(card, t),
    )
    return View(text, keyboard(_mentor_rows(card, t)), _toast(screen, t))


def _for_mentor(card: RequestCard, t: Translator) -> Markup:
    if card.accepted:
        contact = _contact(card.student.username, card.student.id, _student_name(card))
        return lines(t(_after_yes(card.state)), t("request-contact", contact=contact), _hitch(card, t))
    until = _time(card.until) if card.until else ""
    return t(
        f"request-to-{_id(card.state)}",
        until=until,
        day=_day(card.postponed_to),
        reason=_reason(card, t),
    )


def _hitch(card: RequestCard, t: Translator) -> Markup | None:
    """What may keep the two from each other."""
    if card.student.away:
        return t("request-student-away")
    return None if card.student.username else t("request-contact-may-fail")


def _after_yes(state: State) -> str:
    match state:
        case State.ACCEPTED:
            return "request-to-accepted"
        case State.MISSED:
            return "request-to-missed"
        case _:
            return "request-to-over"


def _mentor_rows(card: RequestCard, t: Translator) -> list[Row]:
    if card.accepted:
        return [_student_chat(card, t)]
    rows: dict[Event, InlineKeyboardButton] = {
        Event.ACCEPT: _act("button-request-accept", "accept", card, t),
        Event.ASK: _act("button-request-ask", "ask", card, t),
        Event.POSTPONE: _act("button-request-later", "later", card, t),
        Event.DECLINE: _act("button-request-refuse", "refuse", card, t),
    }
    if card.question:
        # There is one question.
        del rows[Event.ASK]
    return in_rows([each for event, each in rows.items() if card.state in transition(event).sources], 2)


def _student_chat(card: RequestCard, t: Translator) -> Row:
    if not card.student.username:
        return []
    url = f"https://t.me/{card.student.username}"
    return [InlineKeyboardButton(text=t.plain("button-open-student"), url=url)]


def later_view(screen: RequestScreen, t: Translator) -> View:
    """Until when?"""
    card = screen.card
    if card.state not in transition(Event.POSTPONE).sources:
        return mentor_view(screen.saying(RequestNotice.MOVED_ON), t)
    days = [card.today + timedelta(days=ahead) for ahead in range(1, LONGEST_POSTPONED.days + 1)]
    choices = [button(_weekday(day, t), PostponeTap(request=card.id, day=day)) for day in days]
    back = _act("button-back", "open", card, t)
    text = t("request-later", name=_student_name(card))
    return View(text, keyboard([*in_rows(choices, 2), [back]]), _toast(screen, t))


def refuse_view(screen: RequestScreen, t: Translator) -> View:
    """Why not?"""
    card = screen.card
    if card.state not in transition(Event.DECLINE).sources:
        return mentor_view(screen.saying(RequestNotice.MOVED_ON), t)
    reasons = [
        button(t.plain(f"decline-{reason.replace('_', '-')}"), DeclineTap(request=card.id, reason=reason))
        for reason in DECLINE_REASONS
    ]
    back = _act("button-back", "open", card, t)
    text = t("request-refuse", name=_student_name(card))
    return View(text, keyboard([*in_rows(reasons, 2), [back]]))


def declined_view(screen: RequestScreen, t: Translator) -> View:
    """The request once it was refused; who is on a break is offered one."""
    view = mentor_view(screen, t)
    if screen.card.decline_reason != "on_a_break" or screen.notice is not RequestNotice.DECLINED:
        return view
    months = [
        button(
            t.plain("button-my-months", months=count), PauseTap(mentor=screen.card.mentor.id, months=count)
        )
        for count in PAUSES
    ]
    return View(paragraphs(view.text, t("request-offer-pause")), keyboard([months]), view.toast)


def question_view(screen: QuestionScreen | RequestScreen, t: Translator, *, aloud: bool = False) -> View:
    """A question to the student is asked for, or what has become of the request."""
    if isinstance(screen, RequestScreen):
        return mentor_view(screen, t, aloud=aloud)
    card = screen.request.card
    text = paragraphs(
        _said(screen.notice, t),
        t("request-ask-question", name=_student_name(card), limit=LONGEST_QUESTION),
        t("request-words", words=card.words),
    )
    return View(text, keyboard([[_act("button-back", "open", card, t)]]))


def waiting_view(screen: WaitingScreen, t: Translator) -> View:
    """The requests that wait for a mentor, and the students whom the mentor has taken."""
    to_profile = button(
        t.plain("button-my-show"), ProfileTap.model_validate({"action": "show", "mentor": screen.mentor_id})
    )
    waiting = [_waiting_line(each.card, t) for each in screen.requests]
    taken = [t("taken-line", name=_student_name(each.card)) for each in screen.taken]
    text = paragraphs(
        lines(t("waiting-title"), *waiting) if waiting else t("waiting-none"),
        lines(t("taken-title"), *taken) if taken else None,
    )
    buttons = [
        button(_short(_student_name(each.card)), RequestTap(action="open", request=each.card.id))
        for each in (*screen.requests, *screen.taken)
    ]
    return View(text, keyboard([*in_rows(buttons, 2), [to_profile]]))


def _waiting_line(card: RequestCard, t: Translator) -> Markup:
    key = "waiting-line-asked" if card.state is State.ASKED else "waiting-line"
    until = _time(card.until) if card.until else ""
    return t(key, name=_student_name(card), until=until)


# --- shared ------------------------------------------------------------------------------------------------


def _answers(request: Request, t: Translator) -> Markup | None:
    """The answers of the questionnaire in short."""
    named = [t.option("skills", key) for key in request.skills] + list(request.free_skills)
    said = [
        t.options("directions", request.directions),
        t.option("level", request.level) if request.level else "",
        words.names("goals", request.goals, t),
        ", ".join(named[:_MOST_SKILLS]),
        _budget(request, t),
        words.names("formats", request.formats, t),
    ]
    told = " · ".join(part for part in said if part)
    return t("request-answers", answers=told) if told else None


def _budget(request: Request, t: Translator) -> str:
    """What the student named: where cheaper ones were sought for them, the sum may be ours."""
    if request.budget is None or Wish.CHEAPER in request.wishes:
        return ""
    return t.option("budget", str(round(request.budget)))


def _conversation(card: RequestCard, t: Translator) -> Markup | None:
    if not card.question:
        return None
    return lines(
        t("request-question", words=card.question),
        t("request-reply", words=card.reply) if card.reply else None,
    )


def _said(notice: Notice | None, t: Translator) -> Markup | None:
    if notice is None:
        return None
    return t(f"notice-{notice.kind}", limit=notice.limit, words=shortened(notice.words, _LONGEST_ECHO))


def _reason(card: RequestCard, t: Translator) -> str:
    reason = card.decline_reason
    return t.plain(f"declined-{reason.replace('_', '-')}") if reason else ""


def _back(search_id: int, mentor_id: int, t: Translator, *, on_list: bool) -> InlineKeyboardButton:
    look: CallbackData = MentorTap(action="look", search=search_id, mentor=mentor_id)
    return button(t.plain("button-to-mentor"), ListTap(search=search_id) if on_list else look)


def _act(label: str, action: RequestAction, card: RequestCard, t: Translator) -> InlineKeyboardButton:
    return button(t.plain(label), RequestTap(action=action, request=card.id))


def _toast(screen: RequestScreen, t: Translator) -> str | None:
    return t.plain(f"request-notice-{screen.notice}") if screen.notice else None


def _student_name(card: RequestCard) -> str:
    return shortened(card.student.name, _LONGEST_STUDENT)


def _short(label: str) -> str:
    return shortened(label, _LONGEST_LABEL)


def _time(at: datetime) -> str:
    return f"{at:%d.%m, %H:%M}"


def _day(day: date | None) -> str:
    return f"{day:%d.%m}" if day else ""


def _weekday(day: date, t: Translator) -> str:
    return t.plain("request-day", weekday=t.plain(f"weekday-{day.isoweekday()}"), day=_day(day))


def _id(state: State) -> str:
    return state.replace("_", "-")


def to_waiting(mentor_id: int, count: int, t: Translator) -> InlineKeyboardButton:
    """The requests that wait, counted on the button; without any, the students there are."""
    label = t.plain("button-waiting", count=count) if count else t.plain("button-taken")
    return button(label, WaitingTap(mentor=mentor_id))


def states_in_words(cards: Sequence[RequestCard], t: Translator) -> list[Markup]:
    """One line each, for a student's list."""
    return [
        t(
            "requests-line",
            number=number,
            name=words.name(card.mentor),
            state=t.plain(f"request-state-{_id(card.state)}"),
        )
        for number, card in enumerate(cards, start=1)
    ]

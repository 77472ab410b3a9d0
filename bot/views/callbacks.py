"""What buttons carry: absolute values, so that tapping twice does nothing twice. At most 64 bytes each."""

from datetime import date
from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field, PlainSerializer

from usecases.missing import Answer as MissingAnswer
from usecases.moderation import Decision
from usecases.profile_data import OptionField
from usecases.request_answers import DeclineReason
from usecases.request_writing import OutsideAnswer
from usecases.reviews import Figure, MissReason, Page, RejectReason, Trait
from usecases.shortlists import DismissReason
from usecases.subscriptions import Setting, Subject

#: A row's number, 0 for none. What PostgreSQL could not hold was never on a button.
Id = Annotated[int, Field(ge=0, lt=2**63)]
#: A day as 2026-03-02.
Day = Annotated[date, PlainSerializer(date.isoformat)]


class QuestionTap(CallbackData, prefix="q"):
    """A button of the questionnaire, for one questionnaire and one step: :class:`usecases.screens.Tap`."""

    questionnaire: Id
    step: str
    action: Literal["set", "next", "skip", "back", "edit", "show"]
    field: str = ""
    option: str = ""
    on: bool = True
    since: Id = 0


class BeginTap(CallbackData, prefix="begin"):
    """A new questionnaire, if ``after`` still is the newest."""

    after: Id


class ReviewTap(CallbackData, prefix="review"):
    """ "Change my answers"."""


class LatestTap(CallbackData, prefix="latest"):
    """ "My shortlist"."""


class MoreTap(CallbackData, prefix="more"):
    """ "Three more" after a search."""

    search: Id


class ListTap(CallbackData, prefix="list"):
    """Back to the list of a search, 0 for the bookmarks."""

    search: Id


class MentorTap(CallbackData, prefix="m"):
    """A button about one mentor of one search (0: of the bookmarks). ``on_list``: tapped on the list."""

    action: Literal["open", "look", "write", "save", "unsave", "dismiss", "restore"]
    search: Id
    mentor: Id
    on_list: bool = False


class WriteTap(CallbackData, prefix="w"):
    """A request to one mentor of one search (0: of the bookmarks), before it is sent."""

    action: Literal["send", "edit", "draft"]
    search: Id
    mentor: Id


#: Those from ``accept`` on are the mentor's; ``later`` and ``refuse`` ask when and why.
RequestAction = Literal["look", "withdraw", "reply", "others", "accept", "ask", "later", "refuse", "open"]


class RequestTap(CallbackData, prefix="r"):
    """A button of a request: what it wishes, or a menu."""

    action: RequestAction
    request: Id


class DeclineTap(CallbackData, prefix="rn"):
    """Why a mentor does not take a student."""

    request: Id
    reason: DeclineReason


class PostponeTap(CallbackData, prefix="rp"):
    """Until when a mentor wants to think."""

    request: Id
    day: Day


class OutsideTap(CallbackData, prefix="ro"):
    """What became of a message to a mentor who is not in the bot."""

    request: Id
    answer: OutsideAnswer


class TalkTap(CallbackData, prefix="rt"):
    """Did you talk?"""

    request: Id
    answer: Literal["yes", "not_yet", "no"]


class MissTap(CallbackData, prefix="rm"):
    """Why they did not talk."""

    request: Id
    reason: MissReason


class GoesOnTap(CallbackData, prefix="rg"):
    """Whether they go on."""

    request: Id
    on: bool


class RateTap(CallbackData, prefix="v"):
    """A figure of a review."""

    request: Id
    figure: Figure
    value: Annotated[int, Field(ge=0, le=10)]


class TraitTap(CallbackData, prefix="vt"):
    """A trait of a review, on or off."""

    request: Id
    trait: Trait
    on: bool


class ReviewPageTap(CallbackData, prefix="vp"):
    """A page of a review; that of the words waits for them."""

    request: Id
    page: Page


class AnswerTap(CallbackData, prefix="va"):
    """A mentor answers a review."""

    review: Id


class ReviewsTap(CallbackData, prefix="vs"):
    """What is said of a mentor of a search; ``own``: of oneself."""

    search: Id
    mentor: Id
    page: Annotated[int, Field(ge=0, lt=1000)] = 0
    own: bool = False


class ReviewCaseTap(CallbackData, prefix="vc"):
    """What moderators decide about a review as they saw it; ``refuse`` asks why."""

    action: Literal["publish", "refuse", "show"]
    review: Id
    revision: Id


class RejectTap(CallbackData, prefix="vr"):
    """Why words are not published."""

    review: Id
    revision: Id
    reason: RejectReason


class BarCaseTap(CallbackData, prefix="bar"):
    """What moderators decide about a mentor below the bar."""

    action: Literal["talk", "pause", "remove", "undo"]
    case: Id


class MissingTap(CallbackData, prefix="ms"):
    """What was missing in a shortlist."""

    asked: Id
    answer: MissingAnswer


class MissingNextTap(CallbackData, prefix="mn"):
    """The shortlist that minds it."""

    asked: Id


class RequestsTap(CallbackData, prefix="rq"):
    """One's own requests, as a student."""


class WaitingTap(CallbackData, prefix="rw"):
    """The requests that wait for a mentor."""

    mentor: Id


class DismissTap(CallbackData, prefix="no"):
    """Why a mentor is not for this student."""

    search: Id
    mentor: Id
    reason: DismissReason


class UndecidedTap(CallbackData, prefix="case"):
    """What moderators decide about a row of the outbox. ``told`` is when they were told of it."""

    decision: Decision
    row: Id
    told: Id


class ForgetTap(CallbackData, prefix="forget"):
    """Forget everything; the first tap asks whether that is meant."""

    sure: bool


class ExportTap(CallbackData, prefix="export"):
    """All that is kept, as a file."""


class HereTap(CallbackData, prefix="here"):
    """Back to where the student is."""


class LanguageTap(CallbackData, prefix="lang"):
    """A language chosen."""

    code: Literal["ru", "en"]


#: ``leave`` asks, ``left`` does.
ProfileAction = Literal[
    "show",
    "active",
    "pause",
    "leave",
    "left",
    "edit",
    "price",
    "free",
    "about",
    "places",
    "formats",
    "levels",
    "goals",
    "languages",
    "skills",
    "rating",
]


class ProfileTap(CallbackData, prefix="my"):
    """A button of a mentor's own profile: a state it wishes, or a menu."""

    action: ProfileAction
    mentor: Id


class PauseTap(CallbackData, prefix="pause"):
    """A pause of so many months from today on."""

    mentor: Id
    months: int


class PauseDayTap(CallbackData, prefix="until"):
    """A pause until a day."""

    mentor: Id
    day: Day


class MonthTap(CallbackData, prefix="month"):
    """The calendar at the month of a day."""

    mentor: Id
    day: Day


class PlacesTap(CallbackData, prefix="places"):
    """How many students a mentor still takes."""

    mentor: Id
    count: int


class ProfileOptionTap(CallbackData, prefix="mine"):
    """An option of one's own profile, on or off."""

    mentor: Id
    field: OptionField
    option: str
    on: bool


class ClaimTap(CallbackData, prefix="claim"):
    """ "It is mine", of the profile under one's @username."""

    mentor: Id


class ClaimLinkTap(CallbackData, prefix="claim-by"):
    """ "It is mine", of the profile that a link is for."""

    token: Annotated[str, Field(pattern="^[A-Za-z0-9_-]+$")]


class SubscribeTap(CallbackData, prefix="sub"):
    """Under a list: more of its kind by itself, or no more."""

    name: Subject
    on: bool
    search: Id


class NotifyTap(CallbackData, prefix="notify"):
    """One thing of /notifications, at its new value."""

    name: Setting
    value: Annotated[int, Field(ge=0, lt=24)]


class NotifyAskTap(CallbackData, prefix="when"):
    """Which day, or which hour?"""

    name: Literal["weekday", "hour"]


class NotifyBackTap(CallbackData, prefix="notified"):
    """Back to /notifications."""

"""What the questionnaire shows: frozen data, drawn by the views."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from usecases.questions import Answers, Step
from usecases.shortlists import ShortlistScreen


class NoticeKind(StrEnum):
    """A word about what was just done."""

    TOO_MANY = "too-many"
    TOO_MANY_GOALS = "too-many-goals"
    TOO_MANY_SKILLS = "too-many-skills"
    TOO_LONG = "too-long"
    TOO_SHORT = "too-short"
    TOO_LONG_SKILL = "too-long-skill"
    TAP_PLEASE = "tap-please"
    TEXT_PLEASE = "text-please"
    UNKNOWN_DIRECTION = "unknown-direction"
    UNKNOWN_SKILLS = "unknown-skills"
    UNKNOWN_SKILLS_NEAR = "unknown-skills-near"
    NOT_A_NUMBER = "not-a-number"
    OTHER_CURRENCY = "other-currency"
    STALE = "stale"
    NOTED = "noted"
    NOT_UNDERSTOOD = "not-understood"
    UNKNOWN_COMMAND = "unknown-command"
    CANCELLED = "cancelled"
    CANCELLED_KEPT = "cancelled-kept"
    NOTHING_TO_CANCEL = "nothing-to-cancel"


@dataclass(frozen=True, slots=True)
class Notice:
    """``limit`` a number to name, ``words`` what the student wrote; ``options`` of the field ``field``."""

    kind: NoticeKind
    limit: int = 0
    words: str = ""
    field: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One button. ``text`` is set where the option is the student's own words, not a known key."""

    key: str
    chosen: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """The buttons of one field."""

    name: str
    many: bool
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class QuestionScreen:
    """The current question, drawn from its row. What ``since`` is, :class:`Tap` says."""

    questionnaire_id: int
    step: Step
    number: int
    total: int
    groups: tuple[OptionGroup, ...]
    written: str = ""
    goes_on: bool = False
    can_go_back: bool = False
    editing: bool = False
    first_time: bool = False
    since: int = 0
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class ReviewScreen:
    """All answers, each with a button to change it."""

    questionnaire_id: int
    answers: Answers
    since: int = 0
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class WelcomeBackScreen:
    """Nothing runs. ``newest_id`` is the newest questionnaire, ``done_id`` the last finished one, or 0."""

    newest_id: int
    done_id: int
    notice: Notice | None = None


Screen = QuestionScreen | ReviewScreen | WelcomeBackScreen | ShortlistScreen


@dataclass(frozen=True, slots=True)
class Tap:
    """A button of the questionnaire, as it was drawn.

    ``field`` "" is the question's first. ``since`` tells a button from one that was drawn before something
    that must not be undone by a tap that comes again: at a question, a typed answer; at the review of a
    finished questionnaire, a copy of it.
    """

    questionnaire_id: int
    step: str
    action: Literal["set", "next", "skip", "back", "edit", "show"]
    field: str = ""
    option: str = ""
    on: bool = True
    since: int = 0

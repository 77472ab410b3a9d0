"""What buttons carry: absolute values, so that tapping twice does nothing twice. At most 64 bytes each."""

from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from usecases.moderation import Decision
from usecases.shortlists import DismissReason

#: A row's number, 0 for none. What PostgreSQL could not hold was never on a button.
Id = Annotated[int, Field(ge=0, lt=2**63)]


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

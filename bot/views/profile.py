"""A mentor's own profile: the panel, its menus, and whose profile it is."""

from datetime import date, timedelta
from typing import assert_never

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views import mentor as words
from bot.views.calendar import month_rows
from bot.views.callbacks import (
    ClaimLinkTap,
    ClaimTap,
    HereTap,
    MonthTap,
    PauseDayTap,
    PauseTap,
    PlacesTap,
    ProfileAction,
    ProfileOptionTap,
    ProfileTap,
    RequestsTap,
)
from bot.views.requests import to_waiting
from bot.views.shortlist import at_length
from bot.views.view import (
    LONGEST_MESSAGE,
    Row,
    View,
    button,
    in_rows,
    keyboard,
    lines,
    paragraphs,
    shortened,
    shortened_text,
)
from recommender.model import PriceUnit, Request
from usecases.claims import MineScreen, NoProfileScreen, OfferScreen
from usecases.profile_data import (
    LONGEST_ABOUT,
    LONGEST_SKILLS,
    MOST_PLACES,
    OPTIONS,
    OptionField,
    TypingScreen,
)
from usecases.profiles import LONGEST_PAUSE, PAUSES, PanelScreen
from usecases.shortlists import MentorScreen, Place

_LONGEST_ABOUT = 1000
_LONGEST_ECHO = 300


def mine_view(screen: MineScreen, t: Translator) -> View:
    """The profile, the one that could be theirs, or how to come by one."""
    match screen:
        case PanelScreen():
            return panel_view(screen, t)
        case OfferScreen():
            return offer_view(screen, t)
        case NoProfileScreen():
            return no_profile_view(screen, t)
        case _:
            assert_never(screen)


def panel_view(screen: PanelScreen, t: Translator) -> View:
    """What students see, what came of it, and what can be done."""
    below = t("my-seen-so" if screen.is_seen else "my-unseen")
    top = paragraphs(lines(t("my-title"), _status(screen, t)), _figures(screen, t), below)
    return View(_with_profile(top, screen, t), keyboard(_panel_buttons(screen, t)), _toast(screen, t))


def edit_view(screen: PanelScreen, t: Translator, *, aloud: bool = False) -> View:
    """What can be changed. ``aloud``: the notice is in the text, for a message that answers no tap."""
    said = t(f"profile-{screen.notice}") if aloud and screen.notice else None
    unknown = (
        t("my-unknown-skills", words=shortened(", ".join(screen.unknown), _LONGEST_ECHO))
        if screen.unknown
        else None
    )
    top = paragraphs(said, unknown, t("my-edit" if screen.is_seen else "my-edit-unseen"))
    changes = [
        _tap("button-my-price", "price", screen, t),
        _tap("button-my-places", "places", screen, t),
        _tap("button-my-formats", "formats", screen, t),
        _tap("button-my-levels", "levels", screen, t),
        _tap("button-my-goals", "goals", screen, t),
        _tap("button-my-skills", "skills", screen, t),
        _tap("button-my-languages", "languages", screen, t),
        _tap("button-my-about", "about", screen, t),
    ]
    back = _tap("button-back", "show", screen, t)
    return View(_with_profile(top, screen, t), keyboard([*in_rows(changes, 2), [back]]), _toast(screen, t))


def typing_view(screen: TypingScreen, t: Translator) -> View:
    """A text is asked for."""
    panel, notice = screen.panel, screen.notice
    said = (
        t(f"notice-{notice.kind}", limit=notice.limit, words=shortened(notice.words, _LONGEST_ECHO))
        if notice
        else None
    )
    cancel = _tap("button-my-cancel", "edit", panel, t)
    match screen.field:
        case "price":
            asked = t(f"my-ask-price-{_unit(panel)}")
            now = t("my-now", value=words.price(panel.mentor, t))
            row: Row = [_tap("button-my-free", "free", panel, t), cancel]
        case "about":
            asked = t("my-ask-about", limit=LONGEST_ABOUT)
            about = shortened_text(panel.mentor.about, _LONGEST_ABOUT)
            now = t("mentor-about", about=about) if about else Markup()
            row = [cancel]
        case "skills":
            asked = t("my-ask-skills", limit=LONGEST_SKILLS)
            skills = shortened(_skills(panel, t), LONGEST_SKILLS)
            now = t("my-now-skills", skills=skills) if skills else Markup()
            row = [cancel]
        case _:
            assert_never(screen.field)
    return View(paragraphs(said, asked, now), keyboard([row]))


def places_view(screen: PanelScreen, t: Translator) -> View:
    """How many more students?"""
    choices = [
        button(
            _chosen(str(count), t) if count == screen.mentor.capacity else str(count),
            PlacesTap(mentor=screen.mentor.id, count=count),
        )
        for count in range(MOST_PLACES + 1)
    ]
    back = _tap("button-back", "edit", screen, t)
    return View(t("my-ask-places"), keyboard([*in_rows(choices, 6), [back]]), _toast(screen, t))


def options_view(screen: PanelScreen, field: OptionField, t: Translator) -> View:
    """Options of a field, each on or off."""
    name, chosen, width = _options_of(screen, field)
    choices = [
        button(
            _chosen(t.option(name, option), t) if option in chosen else t.option(name, option),
            ProfileOptionTap(mentor=screen.mentor.id, field=field, option=option, on=option not in chosen),
        )
        for option in OPTIONS[field]
    ]
    done = _tap("button-done", "edit", screen, t)
    return View(t(f"my-ask-{field}"), keyboard([*in_rows(choices, width), [done]]), _toast(screen, t))


def pause_view(screen: PanelScreen, t: Translator) -> View:
    """How long?"""
    mentor = screen.mentor.id
    months = [
        button(t.plain("button-my-months", months=count), PauseTap(mentor=mentor, months=count))
        for count in PAUSES
    ]
    other = button(t.plain("button-my-day"), MonthTap(mentor=mentor, day=screen.today))
    back = _tap("button-back", "show", screen, t)
    return View(t("my-pause"), keyboard([months, [other], [back]]))


def calendar_view(screen: PanelScreen, shown: date, t: Translator) -> View:
    """A day from tomorrow to a year from now."""
    mentor = screen.mentor.id
    rows = month_rows(
        shown,
        screen.today + timedelta(days=1),
        screen.today + LONGEST_PAUSE,
        t,
        choose=lambda day: PauseDayTap(mentor=mentor, day=day),
        turn_to=lambda day: MonthTap(mentor=mentor, day=day),
    )
    back = _tap("button-back", "pause", screen, t)
    return View(t("my-calendar"), keyboard([*rows, [back]]), _toast(screen, t))


def leave_view(screen: PanelScreen, t: Translator) -> View:
    """Are you sure?"""
    sure = _tap("button-my-left", "left", screen, t)
    pause = _tap("button-my-pause", "pause", screen, t)
    back = _tap("button-back", "show", screen, t)
    return View(t("my-leave"), keyboard([[sure], [pause], [back]]))


def offer_view(screen: OfferScreen, t: Translator) -> View:
    """ "Is it yours?" """
    mentor, token = screen.mentor, screen.token
    yes = ClaimLinkTap(token=token) if token else ClaimTap(mentor=mentor.id)
    text = paragraphs(
        t("claim-ask"),
        lines(t("mentor-head", name=words.name(mentor)), words.title(mentor, t)),
        t("claim-why"),
    )
    return View(
        text,
        keyboard(
            [[button(t.plain("button-claim-yes"), yes)], [button(t.plain("button-claim-no"), HereTap())]]
        ),
    )


def no_profile_view(screen: NoProfileScreen, t: Translator) -> View:
    """Why there is none, and what can be done."""
    return View(t(f"no-profile-{screen.why}", username=screen.username))


def _options_of(screen: PanelScreen, field: OptionField) -> tuple[str, tuple[str, ...], int]:
    """The name of a field's options among the texts, those that are chosen, and how many fit in a row."""
    match field:
        case "formats":
            return "formats", screen.mentor.formats, 2
        case "levels":
            return "level", screen.levels, 2
        case "goals":
            return "goals", screen.mentor.goals, 2
        case "languages":
            return "languages", screen.mentor.languages, 3
        case _:
            assert_never(field)


def _skills(screen: PanelScreen, t: Translator) -> str:
    """All of them, as they would be typed."""
    return ", ".join((*(t.option("skills", key) for key in screen.mentor.skills), *screen.mentor.free_skills))


def _status(screen: PanelScreen, t: Translator) -> Markup:
    asked = t("my-asked") if screen.is_asked else None
    if screen.status == "active" and screen.mentor.capacity == 0:
        return lines(t("status-full"), asked)
    if screen.status == "active" and screen.held:
        return lines(t("status-held"), asked)
    if screen.status == "paused" and screen.paused_until:
        return t("status-paused-until", day=f"{screen.paused_until:%d.%m.%Y}")
    return lines(t(f"status-{screen.status}"), asked)


def _figures(screen: PanelScreen, t: Translator) -> Markup:
    figures = screen.figures
    advice = t(f"advice-{screen.advice}") if screen.advice else None
    if not (figures.shown or figures.opened or figures.written_to):
        return lines(t("my-figures-none"), advice)
    return lines(
        t("my-figures-shown", count=figures.shown),
        t("my-figures-more", opened=figures.opened, saved=figures.saved),
        t("my-figures-requests", written=figures.written_to, accepted=figures.accepted),
        advice,
    )


def _with_profile(top: Markup, screen: PanelScreen, t: Translator) -> Markup:
    """The profile as students see it below what is said, shortened where there is no room."""
    place = Place(screen.mentor, None, saved=False, dismissed=False)
    seen = MentorScreen(0, place, Request(), screen.utc_offset)
    places = screen.mentor.capacity
    # What decides who sees the profile, and is not written in it.
    unseen = lines(
        t("my-levels", levels=t.options("level", screen.levels)) if screen.levels else None,
        None if places is None else t("my-places", count=places),
    )
    text = paragraphs(top, at_length(seen, t, _LONGEST_ABOUT), unseen)
    return text if len(text) <= LONGEST_MESSAGE else paragraphs(top, at_length(seen, t, 0), unseen)


def _panel_buttons(screen: PanelScreen, t: Translator) -> list[Row]:
    """What came of the profile first, then what can be done with it."""
    if screen.status in {"removed", "expelled"}:
        return []
    has_students = screen.waiting or screen.taken
    waiting: Row = [to_waiting(screen.mentor.id, screen.waiting, t)] if has_students else []
    student: Row = [button(t.plain("button-requests-own"), RequestsTap())] if screen.writes_too else []
    rating: Row = [_tap("button-my-rating", "rating", screen, t)]
    return [waiting, rating, *_status_buttons(screen, t), student]


def _status_buttons(screen: PanelScreen, t: Translator) -> list[Row]:
    edit = _tap("button-my-edit", "edit", screen, t)
    leave = _tap("button-my-leave", "leave", screen, t)
    back = _tap("button-my-return", "active", screen, t)
    match screen.status:
        case "active":
            yes: Row = [_tap("button-my-active", "active", screen, t)] if screen.is_asked else []
            return [yes, [_tap("button-my-pause", "pause", screen, t), edit], [leave]]
        case "paused":
            return [[back], [_tap("button-my-prolong", "pause", screen, t)], [edit], [leave]]
        case "stale":
            return [[back], [edit], [leave]]
        case "left":
            return [[back]]
        case "removed" | "expelled":
            return []
        case _:
            assert_never(screen.status)


def _tap(label: str, action: ProfileAction, screen: PanelScreen, t: Translator) -> InlineKeyboardButton:
    return button(t.plain(label), ProfileTap(action=action, mentor=screen.mentor.id))


def _chosen(option: str, t: Translator) -> str:
    return t.plain("option-chosen", option=option)


def _toast(screen: PanelScreen, t: Translator) -> str | None:
    return t.plain(f"profile-{screen.notice}") if screen.notice else None


def _unit(screen: PanelScreen) -> str:
    """What a typed sum is the price of."""
    unit = screen.mentor.price_unit
    return PriceUnit.HOUR if unit is PriceUnit.OFFER_SHARE else unit

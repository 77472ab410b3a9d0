"""Shortlists and the mentors on them, as the student sees them."""

import math
from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views import mentor as words
from bot.views.callbacks import (
    DismissTap,
    HereTap,
    LatestTap,
    ListTap,
    MentorTap,
    MoreTap,
    ReviewsTap,
    ReviewTap,
    SubscribeTap,
)
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
from recommender.model import Card, Limit, Reason, ReasonKind, Risk, RiskKind
from usecases.catalogue import MentorCard
from usecases.questions import LONGEST_SKILL
from usecases.shortlists import (
    DISMISS_REASONS,
    MentorScreen,
    Place,
    SavedScreen,
    ShortlistScreen,
)
from usecases.subscriptions import Subject

_REASONS_ON_A_CARD = 2
_RISKS_ON_A_CARD = 2
_LONGEST_ABOUT = 1500
_LONGEST_NAME_ON_A_BUTTON = 24
_LONGEST_TITLE = 120
_LONGEST_TITLE_OF_SAVED = 90
_MOST_SKILLS = 25
_MOST_LANGUAGES = 8
_MOST_SAVED = 20

#: Lists that come by themselves.
_UNASKED = {"digest", "newcomer"}

#: What the facts line of a card says anyway.
_SAID_BY_FACTS = {ReasonKind.FREE_OF_CHARGE}

#: Who lacks these is no answer to what was asked, only near it.
_PROMISED = {Limit.DIRECTION, Limit.SKILLS}

#: What the student themself asked for: said first.
_ASKED = {ReasonKind.SKILLS, ReasonKind.RELATED_SKILLS, ReasonKind.GOALS, ReasonKind.WORDS}


def shortlist_view(screen: ShortlistScreen, t: Translator, toast: str | None = None) -> View:
    """The cards in one message, a row of buttons each."""
    if not screen.places:
        if screen.kind == "surprise":
            return View(t("surprise-empty"), keyboard([_way_back(screen, t)]), toast)
        change = button(t.plain("button-change"), ReviewTap())
        return View(t("shortlist-empty"), keyboard([[change]]), toast)
    if screen.kind in _UNASKED and len(screen.places) == 1:
        return _one_mentor_view(screen, screen.places[0], t, toast)
    cards = [_card(number, place, t) for number, place in enumerate(screen.places, start=1)]
    text = paragraphs(lines(_title(screen, t), _remarks(screen, t)), *cards, _legend(screen, t))
    rows = [
        _card_buttons(screen.search_id, number, place, t)
        for number, place in enumerate(screen.places, start=1)
    ]
    return View(text, keyboard([*rows, _list_buttons(screen, t), _subscribe(screen, t)]), toast)


def _one_mentor_view(screen: ShortlistScreen, place: Place, t: Translator, toast: str | None) -> View:
    """A list of one that nobody asked for: no number, and buttons that say themselves what they do."""
    text = paragraphs(_title(screen, t), _card(None, place, t))
    rows = _buttons_of_one(screen.search_id, place, t)
    return View(text, keyboard([*rows, _subscribe(screen, t)]), toast)


def mentor_view(screen: MentorScreen, t: Translator, toast: str | None = None) -> View:
    """ "More about this one"."""
    text = at_length(screen, t, _LONGEST_ABOUT)
    if len(text) > LONGEST_MESSAGE:
        text = at_length(screen, t, 0)
    return View(text, keyboard(_mentor_buttons(screen, t)), toast)


def dismiss_view(screen: MentorScreen, t: Translator) -> View:
    """Why not this one?"""
    mentor = screen.place.mentor
    reasons = [
        button(
            t.plain(f"dismiss-{reason.replace('_', '-')}"),
            DismissTap(search=screen.search_id, mentor=mentor.id, reason=reason),
        )
        for reason in DISMISS_REASONS
    ]
    look = MentorTap(action="look", search=screen.search_id, mentor=mentor.id)
    back = (
        button(t.plain("button-to-mentor"), look)
        if screen.by_link
        else button(t.plain("button-to-list"), ListTap(search=screen.search_id))
    )
    return View(t("dismiss-ask", name=words.name(mentor)), keyboard([*in_rows(reasons, 2), [back]]))


def saved_view(screen: SavedScreen, t: Translator, toast: str | None = None) -> View:
    """The bookmarks, each a button."""
    if not screen.mentors:
        return View(t("saved-empty"), toast=toast)
    shown = screen.mentors[:_MOST_SAVED]
    listed = [
        t(
            "saved-line" if mentor.active else "saved-line-gone",
            number=number,
            name=words.name(mentor),
            title=shortened(mentor.title, _LONGEST_TITLE_OF_SAVED),
        )
        for number, mentor in enumerate(shown, start=1)
    ]
    buttons = [
        button(
            t.plain("button-saved", number=number, name=shortened(mentor.name, _LONGEST_NAME_ON_A_BUTTON)),
            MentorTap(action="open", search=0, mentor=mentor.id),
        )
        for number, mentor in enumerate(shown, start=1)
    ]
    more = len(screen.mentors) - len(shown)
    text = paragraphs(t("saved-title"), lines(*listed), t("saved-cut", count=more) if more else None)
    return View(text, keyboard(in_rows(buttons, 2)), toast)


def _title(screen: ShortlistScreen, t: Translator) -> Markup:
    if screen.kind == "digest":
        return t("digest-title", count=len(screen.places))
    if screen.kind == "newcomer":
        return t("newcomer-title")
    if screen.kind == "link":
        return t("link-title")
    if screen.kind == "surprise":
        return t("surprise-title" if screen.has_shortlist else "surprise-title-first")
    if screen.is_more:
        return t("shortlist-more")
    count = sum(1 for place in screen.places if place.card and _is_about_it(place.card))
    if count == len(screen.places) or not _PROMISED & set(screen.relaxed):
        return t("shortlist-title", count=len(screen.places))
    return t("shortlist-few", count=count) if count else t("shortlist-near")


def _legend(screen: ShortlistScreen, t: Translator) -> Markup | None:
    """What the signs on the buttons mean, while there are any."""
    return None if all(place.dismissed for place in screen.places) else t("legend")


def _is_about_it(card: Card) -> bool:
    """Whether it is the direction asked for, and something of the skills."""
    other = any(item.kind is RiskKind.OTHER_DIRECTION for item in card.risks)
    return not other and not _has_nothing_asked(card)


def _remarks(screen: ShortlistScreen, t: Translator) -> Markup:
    limits = ", ".join(t.plain(f"limit-{limit}") for limit in screen.relaxed)
    return lines(
        t("relaxed", limits=limits) if limits else None,
        t("started-over") if screen.started_over else None,
    )


def _card(number: int | None, place: Place, t: Translator) -> Markup:
    mentor = place.mentor
    name = words.name(mentor)
    numbered = name if number is None else t.plain("card-numbered", number=number, name=name)
    if place.dismissed:
        return t("card-dismissed", name=numbered)
    return lines(
        t("mentor-head", name=numbered),
        words.title(mentor, t, _LONGEST_TITLE),
        t("card-facts", price=words.price(mentor, t), rating=words.rating(mentor, t)),
        words.liveliness(mentor, t),
        _why(place.card, t) if mentor.active and place.card else t("card-gone"),
        _risks(place.card, t) if place.card else None,
    )


def _why(card: Card, t: Translator) -> Markup | None:
    """One line: two reasons, joined."""
    said = [words.reason(item, t) for item in _worth_saying(card)[:_REASONS_ON_A_CARD]]
    return t("card-why", why=Markup("; ").join(said)) if said else None


def _worth_saying(card: Card) -> list[Reason]:
    """What was asked for first, and the strongest first among equals; what all share comes last."""
    said = [item for item in card.reasons if item.kind not in _SAID_BY_FACTS]
    return sorted(
        said,
        key=lambda item: (
            item.kind is ReasonKind.LANGUAGE,
            item.kind is ReasonKind.DIRECTION,
            item.kind not in _ASKED,
        ),
    )


def _risks(card: Card, t: Translator) -> Markup | None:
    """The gravest two, and whatever must never be left out; not what the facts line has said."""
    worth = [item for item in card.risks if not _is_said_by_facts(item)]
    others = [item for item in worth if not _is_decisive(item, card)]
    room = _RISKS_ON_A_CARD - (len(worth) - len(others))
    left_out = others[max(room, 0) :]
    said = [words.risk(item, t) for item in worth if item not in left_out]
    return t("card-risk", risk=Markup("; ").join(said)) if said else None


def _is_said_by_facts(item: Risk) -> bool:
    # That a share of the offer cannot be held against a budget is more than the price says.
    return item.kind is RiskKind.NO_REVIEWS or (item.kind is RiskKind.PRICE_UNKNOWN and not item.keys)


def _is_decisive(item: Risk, card: Card) -> bool:
    """Whether a student would not even write if they knew: money, language, no skill asked for."""
    match item.kind:
        case RiskKind.OVER_BUDGET | RiskKind.PRICE_UNKNOWN | RiskKind.OTHER_LANGUAGE:
            return True
        case RiskKind.MISSING_SKILLS:
            return _has_nothing_asked(card)
        case _:
            return False


def _has_nothing_asked(card: Card) -> bool:
    kinds = {item.kind for item in card.risks} | {item.kind for item in card.reasons}
    return RiskKind.MISSING_SKILLS in kinds and ReasonKind.SKILLS not in kinds


def _card_buttons(search_id: int, number: int, place: Place, t: Translator) -> Row:
    mentor = place.mentor
    if place.dismissed:
        back = MentorTap(action="restore", search=search_id, mentor=mentor.id, on_list=True)
        return [button(_restore_label(mentor.name, t), back)]
    save = MentorTap(
        action="unsave" if place.saved else "save", search=search_id, mentor=mentor.id, on_list=True
    )
    write = MentorTap(action="write", search=search_id, mentor=mentor.id, on_list=True)
    return [
        button(
            t.plain("button-mentor", number=number),
            MentorTap(action="open", search=search_id, mentor=mentor.id),
        ),
        *([button(t.plain("button-write"), write)] if mentor.active else []),
        button(t.plain("button-unsave" if place.saved else "button-save"), save),
        button(t.plain("button-dismiss"), MentorTap(action="dismiss", search=search_id, mentor=mentor.id)),
    ]


def _buttons_of_one(search_id: int, place: Place, t: Translator) -> list[Row]:
    """Those of a card, with words: nothing says there what the signs mean."""
    buttons = _card_buttons(search_id, 1, place, t)
    if place.dismissed:
        return [buttons]
    labels = [
        "button-mentor-long",
        *(["button-write-long"] if place.mentor.active else []),
        "button-unsave-long" if place.saved else "button-save-long",
        "button-dismiss-long",
    ]
    said = [
        each.model_copy(update={"text": t.plain(label)}) for each, label in zip(buttons, labels, strict=True)
    ]
    return in_rows(said, 2)


def _list_buttons(screen: ShortlistScreen, t: Translator) -> Row:
    if screen.kind in _UNASKED:
        return []
    if screen.kind == "link":
        return [_find_mine(t)]
    if screen.kind == "surprise":
        more = button(t.plain("button-surprise-more"), MoreTap(search=screen.search_id))
        return [more, *_way_back(screen, t)]
    return [
        button(t.plain("button-more"), MoreTap(search=screen.search_id)),
        button(t.plain("button-change"), ReviewTap()),
    ]


def _find_mine(t: Translator) -> InlineKeyboardButton:
    """To the questionnaire, for who came by a link and has no list."""
    return button(t.plain("button-find-mine"), HereTap())


def _subscribe(screen: ShortlistScreen, t: Translator) -> Row:
    """The end of what comes by itself, and its beginning; once, under the first of what was asked for."""
    name: Subject = "digest" if screen.kind == "digest" else "newcomers"
    tap = SubscribeTap(name=name, on=not screen.subscribed, search=screen.search_id)
    if screen.kind in _UNASKED:
        return [button(t.plain("button-unsubscribe" if screen.subscribed else "button-resubscribe"), tap)]
    offered = screen.kind == "shortlist" and not screen.is_more and not screen.subscribed
    return [button(t.plain("button-subscribe"), tap)] if offered else []


def _way_back(screen: ShortlistScreen, t: Translator) -> Row:
    return [button(t.plain("button-latest"), LatestTap())] if screen.has_shortlist else []


def _restore_label(name: str, t: Translator) -> str:
    return t.plain("button-restore", name=shortened(name, _LONGEST_NAME_ON_A_BUTTON))


def at_length(screen: MentorScreen, t: Translator, longest_about: int) -> Markup:
    """All that a student reads about one mentor."""
    mentor, card = screen.place.mentor, screen.place.card
    whole_years = round(mentor.years or 0)
    years = t("mentor-facts-years", years=whole_years) if whole_years else None
    facts = [
        t("card-facts", price=words.price(mentor, t), rating=words.rating(mentor, t)),
        years,
        words.liveliness(mentor, t),
        t("mentor-elite") if mentor.elite else None,
    ]
    about = shortened_text(mentor.about, longest_about) if mentor.about and longest_about else ""
    return paragraphs(
        lines(t("mentor-head", name=words.name(mentor)), words.title(mentor, t), *facts),
        None if mentor.active else t("card-gone"),
        _bullets("mentor-why", [words.reason(item, t) for item in _reasons(screen)], t),
        _bullets("mentor-risks", [words.risk(item, t) for item in card.risks] if card else [], t),
        _details(screen, t),
        t("mentor-about", about=about) if about else None,
        t("link-kept") if screen.unagreed else None,
    )


def _reasons(screen: MentorScreen) -> Sequence[Reason]:
    """None for who came by a link and has asked for nothing: the language alone is no reason."""
    reasons = screen.place.card.reasons if screen.place.card else ()
    asked = any(item.kind is not ReasonKind.LANGUAGE for item in reasons)
    return reasons if asked or not screen.by_link else ()


def _bullets(title: str, items: list[Markup], t: Translator) -> Markup | None:
    return lines(t(title), *(t("mentor-line", line=item) for item in items)) if items else None


def _details(screen: MentorScreen, t: Translator) -> Markup:
    mentor, offset = screen.place.mentor, screen.utc_offset
    return lines(
        _skills(screen.place, t),
        words.helps_with(mentor, t),
        t("mentor-formats", formats=words.names("formats", mentor.formats, t)) if mentor.formats else None,
        _languages(mentor, t),
        None if math.isnan(offset) else t("mentor-timezone", offset=words.offset(offset, t)),
    )


def _languages(mentor: MentorCard, t: Translator) -> Markup | None:
    spoken = words.names("languages", mentor.languages[:_MOST_LANGUAGES], t)
    return t("mentor-languages", languages=spoken) if spoken else None


def _skills(place: Place, t: Translator) -> Markup | None:
    """What the student asked for first, then the rest."""
    mentor = place.mentor
    matched = [
        key
        for item in (place.card.reasons if place.card else ())
        for key in item.keys
        if key in mentor.skills
    ]
    named = [t.option("skills", key) for key in dict.fromkeys((*matched, *mentor.skills))]
    named += [shortened(text, LONGEST_SKILL) for text in mentor.free_skills]
    if not named:
        return None
    shown = ", ".join(named[:_MOST_SKILLS])
    rest = len(named) - _MOST_SKILLS
    return t("mentor-skills", skills=t("mentor-skills-more", skills=shown, count=rest) if rest > 0 else shown)


def _mentor_buttons(screen: MentorScreen, t: Translator) -> list[Row]:
    place, search = screen.place, screen.search_id
    mentor = place.mentor
    to_list = button(t.plain("button-to-list"), ListTap(search=search))
    back: Row = [_find_mine(t) if screen.by_link else to_list]
    if place.dismissed:
        restore = MentorTap(action="restore", search=search, mentor=mentor.id)
        return [[button(_restore_label(mentor.name, t), restore)], back]
    save = MentorTap(action="unsave" if place.saved else "save", search=search, mentor=mentor.id)
    write = MentorTap(action="write", search=search, mentor=mentor.id)
    dismiss = MentorTap(action="dismiss", search=search, mentor=mentor.id)
    read = ReviewsTap(search=search, mentor=mentor.id)
    return [
        [button(t.plain("button-write-long"), write)] if mentor.active else [],
        [button(t.plain("button-reviews"), read)] if mentor.reviews_count else [],
        [
            button(t.plain("button-unsave-long" if place.saved else "button-save-long"), save),
            button(t.plain("button-dismiss-long"), dismiss),
        ],
        back,
    ]

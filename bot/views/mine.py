"""/my: a student's requests, and how a mentor's rating went."""

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views import mentor as words
from bot.views.callbacks import HereTap, ListTap, ProfileTap, RequestTap, ReviewsTap
from bot.views.profile import mine_view as profile_view
from bot.views.requests import states_in_words
from bot.views.trend import Trend, draw_trend
from bot.views.view import PhotoView, Row, View, button, in_rows, keyboard, lines, paragraphs, shortened
from recommender.standing import EliteCriterion
from usecases.claims import MineScreen
from usecases.mine import StudentScreen, TrendScreen
from usecases.requests import RequestCard

_LONGEST_ON_A_BUTTON = 24


def mine_view(screen: MineScreen | StudentScreen, t: Translator) -> View:
    """A student's requests, a mentor's profile, or the way to either."""
    return student_requests_view(screen, t) if isinstance(screen, StudentScreen) else profile_view(screen, t)


def student_requests_view(screen: StudentScreen, t: Translator) -> View:
    """Requests with their states, each a button; and the bookmarks."""
    live = [each.card for each in screen.live]
    past = [each.card for each in screen.past]
    if not live and not past:
        text = t("requests-none")
    else:
        text = paragraphs(_listed("requests-live", live, t), _listed("requests-past", past, t))
    saved: Row = [button(t.plain("button-requests-saved", count=screen.saved), ListTap(search=0))]
    ways: Row = [button(t.plain("button-find-mine"), HereTap())]
    rows = [*in_rows([_button(card) for card in (*live, *past)], 2), saved if screen.saved else [], ways]
    return View(paragraphs(text, None if screen.is_mentor else t("requests-mentor")), keyboard(rows))


def _listed(title: str, cards: list[RequestCard], t: Translator) -> Markup | None:
    return lines(t(title), *states_in_words(cards, t)) if cards else None


def _button(card: RequestCard) -> InlineKeyboardButton:
    return button(
        shortened(card.mentor.name, _LONGEST_ON_A_BUTTON), RequestTap(action="look", request=card.id)
    )


def trend_view(screen: TrendScreen, t: Translator) -> PhotoView:
    """The rating drawn, with what the elite still asks for."""
    mentor = screen.mentor
    picture = draw_trend(
        Trend(
            title=t.plain("trend-title"),
            months=[t.plain("month-short", month=day.month) for day in screen.days],
            means=screen.means,
            counts=screen.counts,
            summary=t.plain("trend-summary", count=mentor.reviews_count),
            point="," if t.language == "ru" else ".",
        )
    )
    text = paragraphs(words.rating(mentor, t), _to_elite(screen, t))
    read = button(t.plain("button-reviews"), ReviewsTap(search=0, mentor=mentor.id, own=True))
    show = button(t.plain("button-my-show"), ProfileTap(action="show", mentor=mentor.id))
    return PhotoView(picture, text, keyboard([[read], [show]]))


def _to_elite(screen: TrendScreen, t: Translator) -> Markup:
    """What is missing to the elite, of what a mentor may know."""
    if screen.mentor.elite:
        return t("trend-elite")
    if not screen.lacks:
        return t("trend-nearly")
    said = [
        t("trend-lacks-reviews", count=screen.reviews_to_go)
        if each is EliteCriterion.REVIEWS
        else t(f"trend-lacks-{each}")
        for each in screen.lacks
    ]
    return lines(t("trend-lacks"), *said)

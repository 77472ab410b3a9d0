"""One mentor in words: facts, reasons and risks, shared by the list and the card."""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from bot.texts import Translator, grouped
from bot.views.view import shortened
from recommender.model import PriceUnit, Reason, ReasonKind, Risk, RiskKind
from recommender.rating import PRIOR_REVIEWS
from usecases.catalogue import MentorCard

_CURRENCIES = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸", "BYN": "Br", "GEL": "₾", "GBP": "£"}

#: Which names a kind's keys have; kinds that are not here have none, or plain words.
_FIELDS: dict[ReasonKind | RiskKind, str] = {
    ReasonKind.DIRECTION: "directions",
    ReasonKind.SKILLS: "skills",
    ReasonKind.RELATED_SKILLS: "skills",
    ReasonKind.GOALS: "goals",
    ReasonKind.FORMAT: "formats",
    ReasonKind.LANGUAGE: "languages",
    RiskKind.MISSING_SKILLS: "skills",
    RiskKind.OTHER_FORMAT: "formats",
    RiskKind.OTHER_LANGUAGE: "languages",
}
_MOSCOW = 3
_MOST_KEYS = 4
_LONGEST_KEY = 50
LONGEST_NAME = 80
_LONGEST_TITLE = 300
_LONGEST_COMPANY = 80
_WHOLE_FROM = 30
#: Longer than so many hours is told in days.
_HOURS_TOLD = 36
_BETWEEN_WORDS = {"goals", "formats"}


def price(mentor: MentorCard, t: Translator) -> Markup:
    """What it costs, in the mentor's own currency and unit."""
    if mentor.price is None:
        return t("price-unknown")
    if mentor.price == 0:
        return t("price-free")
    unit = mentor.price_unit.replace("_", "-")
    if mentor.price_unit is PriceUnit.OFFER_SHARE:
        return t(f"price-{unit}", amount=_amount(mentor.price))
    currency = _CURRENCIES.get(mentor.currency, mentor.currency)
    return t(f"price-{unit}", amount=_amount(mentor.price), currency=currency)


def rating(mentor: MentorCard, t: Translator) -> Markup:
    """The stars with their count, or that there are none."""
    if mentor.rating is None:
        return t("rating-none")
    mean = f"{mentor.rating:.1f}".replace(".", "," if t.language == "ru" else ".")
    few = mentor.reviews_count < PRIOR_REVIEWS
    return t("rating-few" if few else "rating", mean=mean, count=mentor.reviews_count)


def liveliness(mentor: MentorCard, t: Translator) -> Markup | None:
    """When they last said that they take students, and how fast they usually answer; as far as known."""
    confirmed = mentor.confirmed_on and t.plain("card-confirmed", day=f"{mentor.confirmed_on:%d.%m.%Y}")
    said = [part for part in (confirmed, _answers(mentor.answer_hours, t)) if part]
    return t("card-life", life=" · ".join(said)) if said else None


def _answers(hours: float | None, t: Translator) -> str:
    if hours is None:
        return ""
    if hours < 1:
        return t.plain("card-answers-soon")
    if hours <= _HOURS_TOLD:
        return t.plain("card-answers-hours", count=round(hours))
    return t.plain("card-answers-days", count=round(hours / 24))


def name(mentor: MentorCard) -> str:
    """What they are called: an import may bring a whole line."""
    return shortened(mentor.name, LONGEST_NAME)


def title(mentor: MentorCard, t: Translator, longest: int = _LONGEST_TITLE) -> Markup:
    """What they do, and where."""
    what = shortened(mentor.title, longest)
    if mentor.company:
        return t("card-title-company", title=what, company=shortened(mentor.company, _LONGEST_COMPANY))
    return t("card-title", title=what)


def offset(hours: float, t: Translator) -> str:
    """Hours from UTC as "+5:30", in Russian as hours from Moscow; "" for none."""
    minutes = round((hours - (_MOSCOW if t.language == "ru" else 0)) * 60)
    whole, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"{sign}{whole}" + (f":{rest:02}" if rest else "") if minutes else ""


def names(field: str, keys: Sequence[str], t: Translator) -> str:
    """Several options within a sentence."""
    return ", ".join(_inline(field, option_or_text(field, key, t)) for key in keys)


def helps_with(mentor: MentorCard, t: Translator) -> Markup | None:
    """A line of what they help with: a goal reads otherwise there than on the student's button."""
    if not mentor.goals:
        return None
    goals = [t.plain(f"helps-{goal.replace('_', '-')}") for goal in mentor.goals]
    return t("mentor-goals", goals=", ".join(goals))


def reason(item: Reason, t: Translator) -> Markup:
    """One reason, in the student's own words where it has any."""
    # Less than an hour is told as such.
    value = round(item.value or 0) if item.kind is ReasonKind.ANSWERS_FAST else _rounded(item.value)
    return t(f"reason-{_id(item.kind)}", keys=_keys(item.kind, item.keys, t), value=value)


def risk(item: Risk, t: Translator) -> Markup:
    """One risk, with its figure."""
    return t(_risk_id(item), keys=_keys(item.kind, item.keys, t), value=_rounded(item.value))


def option_or_text(field: str, key: str, t: Translator) -> str:
    """The name of a known option, or the key itself: languages and free skills may be anything."""
    known = field != "languages" or t.has(f"option-languages-{key}")
    return t.option(field, key) if known else key


def _risk_id(item: Risk) -> str:
    if item.kind is RiskKind.OTHER_FORMAT and not item.keys:
        return "risk-other-format-unknown"
    if item.kind is RiskKind.PRICE_UNKNOWN and item.keys:
        return "risk-price-share"
    return f"risk-{_id(item.kind)}"


def _keys(kind: ReasonKind | RiskKind, keys: Sequence[str], t: Translator) -> str:
    field = _FIELDS.get(kind)
    shown = [shortened(key, _LONGEST_KEY) for key in keys[:_MOST_KEYS]]
    return names(field, shown, t) if field else ", ".join(shown)


def _inline(field: str, label: str) -> str:
    """A button's "First job" as "first job"; "CV" stays as it is."""
    lowered = field in _BETWEEN_WORDS and label[1:2].islower()
    return label[:1].lower() + label[1:] if lowered else label


def _id(kind: ReasonKind | RiskKind) -> str:
    return kind.value.replace("_", "-")


def _rounded(value: float | None) -> int | float:
    rounded = round(value or 0, 1)
    # Tenths tell something of stars and of hours, nothing of roubles and days.
    return round(rounded) if rounded >= _WHOLE_FROM else rounded if rounded % 1 else int(rounded)


def _amount(value: Decimal) -> str:
    return grouped(float(value))

"""Every screen at its largest: what Telegram takes, and nothing a person wrote becomes markup."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from markupsafe import Markup

from bot.texts import translators
from bot.views import mentor as words
from bot.views.callbacks import BeginTap, DismissTap, ListTap, MentorTap, MoreTap, QuestionTap
from bot.views.common import help_view, language_view
from bot.views.questionnaire import question_view, review_view, screen_view, welcome_back_view
from bot.views.shortlist import (
    dismiss_view,
    mentor_view,
    saved_view,
    shortlist_view,
)
from bot.views.view import View, shortened
from recommender.model import (
    Card,
    Limit,
    MentorId,
    PriceUnit,
    Reason,
    ReasonKind,
    Request,
    Risk,
    RiskKind,
)
from recommender.taxonomy import load_default
from tests.unit.limits import buttons, telegram_takes
from usecases.catalogue import MentorCard
from usecases.people import LANGUAGES
from usecases.questions import (
    LONGEST_SKILL,
    QUESTIONS,
    REVIEW,
    Answers,
    Question,
    Step,
    free_skill_option,
)
from usecases.screens import (
    Notice,
    NoticeKind,
    Option,
    OptionGroup,
    QuestionScreen,
    ReviewScreen,
    WelcomeBackScreen,
)
from usecases.shortlists import (
    DISMISS_REASONS,
    MentorScreen,
    Place,
    SavedScreen,
    ShortlistScreen,
)

TAXONOMY = load_default()
TRANSLATORS = translators(TAXONOMY)
RU = TRANSLATORS["ru"]
HUGE = 2**53
NASTY = "<b>&amp;</i> 🙂 \u202eиб"


def nasty(length: int) -> str:
    return (NASTY * (length // len(NASTY) + 1))[:length]


FREE_SKILLS = tuple(f"{number}{nasty(LONGEST_SKILL - 1)}" for number in range(10))


def mentor(**given: object) -> MentorCard:
    """A mentor with everything as long as an import lets it be."""
    values = {
        "id": MentorId(HUGE),
        "name": nasty(200),
        "title": nasty(300),
        "company": nasty(200),
        "about": nasty(10_000),
        "telegram": "a" * 32,
        "directions": tuple(TAXONOMY.directions),
        "skills": tuple(TAXONOMY.skills)[:300],
        "free_skills": tuple(nasty(100) for _ in range(50)),
        "years": 60.0,
        "goals": ("first_job", "interviews", "next_grade", "switch", "raise", "cv", "code_review", "leading"),
        "formats": ("one_off", "regular", "after_offer"),
        "languages": tuple(f"{number:02}" for number in range(50)),
        "timezone": "America/Argentina/ComodRivadavia",
        "price": Decimal("9999999999.99"),
        "currency": "RUB",
        "price_unit": PriceUnit.HOUR,
        "capacity": None,
        "reviews_count": 2_000_000,
        "rating": 4.97,
        "elite": True,
        "confirmed_on": date(2026, 3, 2),
        "answer_hours": 30.0,
        "active": True,
    }
    return MentorCard(**{**values, **given})  # type: ignore[arg-type]


KEYS = {
    ReasonKind.DIRECTION: tuple(TAXONOMY.directions),
    ReasonKind.SKILLS: FREE_SKILLS,
    ReasonKind.RELATED_SKILLS: tuple(TAXONOMY.skills)[:30],
    ReasonKind.GOALS: ("first_job", "interviews", "cv"),
    ReasonKind.FORMAT: ("one_off", "regular", "after_offer"),
    ReasonKind.LANGUAGE: ("ru", "en", "de"),
    ReasonKind.WORDS: (nasty(1000), nasty(1000), nasty(1000)),
    RiskKind.MISSING_SKILLS: FREE_SKILLS,
    RiskKind.OTHER_FORMAT: ("one_off", "regular"),
    RiskKind.OTHER_LANGUAGE: tuple(f"{number:02}" for number in range(50)),
}
CARD = Card(
    mentor_id=MentorId(HUGE),
    position=1,
    score=1.0,
    reasons=tuple(Reason(kind, KEYS.get(kind, ()), 12345.678) for kind in ReasonKind),
    risks=tuple(Risk(kind, KEYS.get(kind, ()), 12345.678) for kind in RiskKind),
)
REQUEST = Request(free_skills=FREE_SKILLS, about=nasty(1000))
ANSWERS: Answers = {
    "directions": ("information_architecture",),
    "goals": ("first_job", "interviews", "cv"),
    "level": ("lead",),
    "skills": (),
    "free_skills": FREE_SKILLS,
    "budget": ("1000000",),
    "formats": ("one_off", "regular", "after_offer"),
    "about": (nasty(1000),),
}


def shortlist(*places: Place, kind: str = "shortlist") -> ShortlistScreen:
    return ShortlistScreen(
        search_id=HUGE,
        kind=kind,  # type: ignore[arg-type]
        places=places,
        request=REQUEST,
        relaxed=tuple(Limit),
        started_over=True,
        is_more=False,
    )


def question(step: Step, notice: Notice | None = None) -> QuestionScreen:
    """A question with as many options as it can have."""
    options = {
        "directions": tuple(TAXONOMY.directions)[:24],
        "skills": tuple(sorted(TAXONOMY.skills, key=len)[-18:]),
        "budget": ("0", "3000", "5000", "7000", "10000", "999999"),
    }
    found = next(each for each in QUESTIONS if each.step is step)
    groups = []
    for field in found.fields:
        keys = options.get(field.name) or field.options or ()
        chosen = [Option(key, chosen=True) for key in keys]
        if field.name == "skills":
            chosen += [Option(free_skill_option(text), chosen=True, text=text) for text in FREE_SKILLS]
        groups.append(OptionGroup(field.name, field.most > 1, tuple(chosen)))
    return QuestionScreen(
        questionnaire_id=HUGE,
        step=step,
        number=6,
        total=6,
        groups=tuple(groups),
        written=nasty(1000) if step is Step.ABOUT else "",
        since=999,
        goes_on=found.goes_on,
        can_go_back=True,
        first_time=True,
        notice=notice,
    )


def screens() -> Iterator[tuple[str, View]]:
    place = Place(mentor(), CARD, saved=True, dismissed=False)
    gone = Place(mentor(active=False), None, saved=True, dismissed=False)
    put_away = Place(mentor(), CARD, saved=True, dismissed=True)
    notices = [None, *(Notice(kind, limit=10**6, words=nasty(300)) for kind in NoticeKind)]
    for language, t in TRANSLATORS.items():
        for step, notice in product(Step, notices):
            yield f"{language} {step} {notice}", question_view(question(step, notice), t)
        for notice in notices:
            yield f"{language} review {notice}", review_view(ReviewScreen(HUGE, ANSWERS, HUGE, notice), t)
            yield f"{language} back {notice}", welcome_back_view(WelcomeBackScreen(HUGE, HUGE, notice), t)
        for name, one in {"place": place, "gone": gone, "put away": put_away}.items():
            yield f"{language} list {name}", shortlist_view(shortlist(one, one, one), t)
            yield f"{language} mentor {name}", mentor_view(MentorScreen(HUGE, one, REQUEST, 5.75), t)
            yield f"{language} dismiss {name}", dismiss_view(MentorScreen(HUGE, one, REQUEST), t)
        yield f"{language} surprise", shortlist_view(shortlist(place, kind="surprise"), t)
        yield f"{language} nobody", shortlist_view(shortlist(), t)
        yield f"{language} no surprise", shortlist_view(shortlist(kind="surprise"), t)
        yield f"{language} saved", saved_view(SavedScreen((mentor(), mentor(active=False)) * 40), t)
        yield f"{language} none saved", saved_view(SavedScreen(()), t)
        yield f"{language} help", help_view(t)
        yield f"{language} language", language_view(t, TRANSLATORS)


SCREENS = dict(screens())


def test_every_screen_is_one_that_telegram_takes() -> None:
    for name, view in SCREENS.items():
        shown = telegram_takes(name, view)
        if "mentor place" in name:
            assert "<b>&amp;</i>" in shown


@pytest.mark.parametrize("question_", QUESTIONS, ids=lambda each: each.step)
def test_every_tap_of_a_question_fits_into_64_bytes(question_: Question) -> None:
    typed: dict[str, list[str]] = {
        "directions": list(map(str, TAXONOMY.directions)),
        "skills": list(map(str, TAXONOMY.skills)),
        "budget": ["1000000"],
    }
    for field in question_.fields:
        keys = [*(field.options or ()), *typed.get(field.name, ())]
        shown = "" if field is question_.fields[0] else field.name
        for key, on in product(keys, (True, False)):
            _packed(QuestionTap, question_.step, "set", field=shown, option=key, on=on, since=999)
    _packed(
        QuestionTap,
        "skills",
        "set",
        field="free_skills",
        option=free_skill_option(nasty(50)),
        on=False,
        since=999,
    )
    for action in ("next", "skip", "back"):
        _packed(QuestionTap, question_.step, action, since=999)
    _packed(QuestionTap, REVIEW, "edit", option=question_.step, since=HUGE)
    _packed(QuestionTap, REVIEW, "show", since=HUGE)


def _packed(kind: type[QuestionTap], step: str, action: str, **given: object) -> None:
    tap = kind.model_validate({"questionnaire": HUGE, "step": step, "action": action, **given})
    assert kind.unpack(tap.pack()) == tap
    assert len(tap.pack().encode()) <= 64


@pytest.mark.parametrize("action", ["open", "look", "write", "save", "unsave", "dismiss", "restore"])
def test_every_tap_about_a_mentor_fits_into_64_bytes(action: str) -> None:
    for on_list in (True, False):
        given = {"action": action, "search": HUGE, "mentor": HUGE, "on_list": on_list}
        assert len(MentorTap.model_validate(given).pack().encode()) <= 64


def test_every_other_tap_fits_into_64_bytes() -> None:
    taps = [BeginTap(after=HUGE), MoreTap(search=HUGE), ListTap(search=HUGE)]
    packed = [tap.pack() for tap in taps]
    packed += [DismissTap(search=HUGE, mentor=HUGE, reason=reason).pack() for reason in DISMISS_REASONS]
    assert max(len(each.encode()) for each in packed) <= 64


@pytest.mark.parametrize("number", ["-1", str(2**63), "1e5", "", "x"])
def test_a_number_that_no_row_can_have_is_no_tap(number: str) -> None:
    for data, kind in (
        (f"q:{number}:goals:next:::1:0", QuestionTap),
        (f"m:open:{number}:1:0", MentorTap),
        (f"m:open:1:{number}:0", MentorTap),
        (f"more:{number}", MoreTap),
    ):
        with pytest.raises(ValueError):
            kind.unpack(data)


def reasons(*kinds: ReasonKind) -> Card:
    given = tuple(Reason(kind, KEYS.get(kind, ())[:1], weight=1 - n / 100) for n, kind in enumerate(kinds))
    return Card(MentorId(1), 1, 1.0, reasons=given)


@pytest.mark.parametrize(
    ("kinds", "first", "second"),
    [
        ((ReasonKind.DIRECTION, ReasonKind.LEVEL, ReasonKind.GOALS), "reason-goals", "reason-level"),
        ((ReasonKind.DIRECTION, ReasonKind.BUDGET, ReasonKind.WORDS), "reason-words", "reason-budget"),
        ((ReasonKind.DIRECTION, ReasonKind.SKILLS, ReasonKind.GOALS), "reason-skills", "reason-goals"),
        ((ReasonKind.DIRECTION, ReasonKind.RATING), "reason-rating", "reason-direction"),
        ((ReasonKind.DIRECTION, ReasonKind.FREE_OF_CHARGE), "reason-direction", None),
        ((ReasonKind.LANGUAGE, ReasonKind.DIRECTION), "reason-direction", "reason-language"),
    ],
)
def test_the_reason_begins_with_what_the_student_asked(
    kinds: tuple[ReasonKind, ...], first: str, second: str | None
) -> None:
    view = shortlist_view(shortlist(Place(mentor(), reasons(*kinds), saved=False, dismissed=False)), RU)
    why = next(line for line in view.text.split("\n") if line.startswith("✅"))
    places = [why.find(_beginning(text_id)) for text_id in (first, second) if text_id]
    assert -1 not in places
    assert places == sorted(places)


def _beginning(text_id: str) -> str:
    return str(RU(text_id, keys="", value=5)).partition(":")[0]


def card_of(*risks: Risk) -> str:
    place = Place(mentor(), Card(MentorId(1), 1, 1.0, risks=risks), saved=False, dismissed=False)
    return next(
        (line for line in shortlist_view(shortlist(place), RU).text.split("\n") if line.startswith("⚠️")), ""
    )


def test_a_card_says_the_two_gravest_risks() -> None:
    risks = (
        Risk(RiskKind.OTHER_DIRECTION),
        Risk(RiskKind.OTHER_FORMAT, ("one_off",)),
        Risk(RiskKind.LONG_SILENT, (), 200),
    )
    assert card_of(*risks) == "⚠️ другое направление; другой формат: разово"


def test_that_nothing_of_the_skills_is_there_is_never_left_out() -> None:
    risks = (
        Risk(RiskKind.OTHER_DIRECTION),
        Risk(RiskKind.LEVEL_TOO_LOW),
        Risk(RiskKind.MISSING_SKILLS, ("python",)),
        Risk(RiskKind.OVER_BUDGET, (), 500),
    )
    assert card_of(*risks) == "⚠️ в анкете нет: Python; дороже бюджета на 500 ₽"
    assert card_of(Risk(RiskKind.OTHER_LANGUAGE, ("en",)), *risks) == (
        "⚠️ другой язык: английский; в анкете нет: Python; дороже бюджета на 500 ₽"
    )


def test_a_share_of_the_offer_is_said_not_to_compare_with_the_budget() -> None:
    risks = (Risk(RiskKind.OTHER_DIRECTION), Risk(RiskKind.PRICE_UNKNOWN, ("offer_share",), 10.0))
    assert card_of(*risks) == ("⚠️ другое направление; цена — доля от оффера, с бюджетом не сравнить")


def titled(relaxed: tuple[Limit, ...], *cards: Card, language: str = "ru") -> str:
    places = [Place(mentor(), card, saved=False, dismissed=False) for card in cards]
    screen = replace(shortlist(*places), relaxed=relaxed, started_over=False)
    return shortlist_view(screen, TRANSLATORS[language]).text.partition("\n")[0]


FITS = Card(MentorId(1), 1, 1.0)
OTHER_DIRECTION = replace(FITS, risks=(Risk(RiskKind.OTHER_DIRECTION),))
NO_SKILLS = replace(FITS, risks=(Risk(RiskKind.MISSING_SKILLS, ("python",)),))
ONE_SKILL = replace(NO_SKILLS, reasons=(Reason(ReasonKind.SKILLS, ("go",)),))


@pytest.mark.parametrize(
    ("relaxed", "cards", "title"),
    [
        ((Limit.BUDGET,), (FITS, FITS), "Вам подходят 2 ментора"),
        ((Limit.SKILLS,), (ONE_SKILL, FITS), "Вам подходят 2 ментора"),
        ((Limit.SKILLS,), (NO_SKILLS, NO_SKILLS), "Точного совпадения нет. Вот кто ближе всего"),
        (
            (Limit.SKILLS, Limit.DIRECTION),
            (OTHER_DIRECTION,) * 3,
            "Точного совпадения нет. Вот кто ближе всего",
        ),
        ((Limit.SKILLS,), (ONE_SKILL, NO_SKILLS), "Вам подходит 1 ментор. Остальные — ближе всего"),
        (
            (Limit.DIRECTION,),
            (FITS, FITS, OTHER_DIRECTION),
            "Вам подходят 2 ментора. Остальные — ближе всего",
        ),
    ],
)
def test_a_title_promises_no_more_than_there_is(
    relaxed: tuple[Limit, ...], cards: tuple[Card, ...], title: str
) -> None:
    assert titled(relaxed, *cards) == f"<b>{title}</b>"


def test_a_title_in_english_promises_no_more_either() -> None:
    near = titled((Limit.SKILLS,), NO_SKILLS, language="en")
    assert near == "<b>Nobody fits exactly. These come closest</b>"


def test_what_goes_over_the_budget_is_said_behind_a_graver_risk() -> None:
    risks = (
        Risk(RiskKind.OTHER_DIRECTION),
        Risk(RiskKind.FAR_TIMEZONE, (), 5),
        Risk(RiskKind.OVER_BUDGET, (), 500),
    )
    assert card_of(*risks) == "⚠️ другое направление; дороже бюджета на 500 ₽"


def test_a_card_does_not_repeat_what_its_facts_say() -> None:
    assert card_of(Risk(RiskKind.PRICE_UNKNOWN), Risk(RiskKind.NO_REVIEWS)) == ""


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (Risk(RiskKind.OVER_BUDGET, (), 12345.678), "дороже бюджета на 12\u00a0346 ₽"),
        (Risk(RiskKind.LONG_SILENT, (), 200.4), "не выходит на связь 200 дней"),
        (
            Risk(RiskKind.PRICE_UNKNOWN, ("offer_share",), 10.0),
            "цена — доля от оффера, с бюджетом не сравнить",
        ),
        (Risk(RiskKind.PRICE_UNKNOWN), "цена не указана"),
        (Risk(RiskKind.OTHER_FORMAT), "другой формат"),
        (Risk(RiskKind.OTHER_FORMAT, ("one_off",)), "другой формат: разово"),
        (Risk(RiskKind.FAR_TIMEZONE, (), 5.5), "разница во времени 5,5 ч"),
        (Risk(RiskKind.MISSING_SKILLS, ("<b>", "python")), "в анкете нет: &lt;b&gt;, Python"),
    ],
)
def test_a_risk_is_said_with_its_figure(item: Risk, text: str) -> None:
    assert words.risk(item, RU) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"price": None}, "цена не указана"),
        ({"price": Decimal(0)}, "бесплатно"),
        ({"price": Decimal("4500.00")}, "4\u00a0500 ₽/час"),
        ({"price": Decimal("99.5"), "currency": "USD"}, "99,5 $/час"),
        ({"price": Decimal(5), "currency": "CHF", "price_unit": PriceUnit.SESSION}, "5 CHF за встречу"),
        ({"price": Decimal(30000), "price_unit": PriceUnit.MONTH}, "30\u00a0000 ₽ в месяц"),
        ({"price": Decimal(10), "price_unit": PriceUnit.OFFER_SHARE}, "10 % от оффера"),
    ],
)
def test_a_price_is_said_in_its_own_unit(given: dict[str, object], text: str) -> None:
    assert words.price(mentor(**given), RU) == text


@pytest.mark.parametrize(
    ("hours", "russian", "english"),
    [
        (3, "МСК", "UTC+3"),
        (5, "МСК+2", "UTC+5"),
        (5.5, "МСК+2:30", "UTC+5:30"),
        (0, "МСК−3", "UTC"),
        (-3.5, "МСК−6:30", "UTC−3:30"),
    ],
)
def test_a_time_zone_is_said_as_hours_from_where_the_reader_counts(
    hours: float, russian: str, english: str
) -> None:
    place = Place(mentor(about=""), None, saved=False, dismissed=False)
    for language, said in (("ru", russian), ("en", english)):
        text = mentor_view(MentorScreen(1, place, REQUEST, hours), TRANSLATORS[language]).text
        assert re.search(rf"(Часовой пояс|Time zone):</b> {re.escape(said)}$", text, re.MULTILINE)


def test_a_time_zone_that_is_unknown_is_not_said() -> None:
    place = Place(mentor(), None, saved=False, dismissed=False)
    assert "Часовой пояс" not in mentor_view(MentorScreen(1, place, REQUEST), RU).text


def test_a_mentor_without_reviews_is_said_to_have_none() -> None:
    assert words.rating(mentor(rating=None, reviews_count=0), RU) == "отзывов пока нет"


def test_a_mentor_who_takes_nobody_cannot_be_written_to() -> None:
    gone = mentor(active=False)
    place = Place(gone, None, saved=True, dismissed=False)
    for view in (
        shortlist_view(shortlist(place), RU),
        mentor_view(MentorScreen(1, place, REQUEST), RU),
    ):
        assert "Сейчас не берёт новых учеников" in view.text
        assert not [each for each in buttons(view) if "✍️" in each.text or each.url]


def test_the_first_question_says_in_two_sentences_what_is_kept() -> None:
    view = screen_view(question(Step.DIRECTION), RU)
    promise = view.text.partition("<i>")[2].partition("</i>")[0]
    assert promise.count(".") == 2
    assert "храню" in promise


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("один два", 8, "один два"),
        ("один  два\nтри", 9, "один два…"),
        ("слово", 3, "сл…"),
        ("a, b", 3, "a…"),
    ],
)
def test_a_text_is_cut_behind_a_word(text: str, longest: int, expected: str) -> None:
    assert shortened(text, longest) == expected


def test_a_reason_with_nothing_of_its_own_is_plain() -> None:
    assert words.reason(Reason(ReasonKind.LEVEL, ("senior",), 7.0), RU) == Markup("опытнее вас")


@pytest.mark.parametrize("language", LANGUAGES)
def test_goals_read_as_words_of_a_sentence(language: str) -> None:
    assert words.names("goals", ("cv", "first_job"), TRANSLATORS[language]) in (
        "резюме и портфолио, первая работа",
        "CV and portfolio, first job",
    )

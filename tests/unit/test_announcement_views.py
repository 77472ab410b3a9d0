"""What the channel reads: every post is one that Telegram takes, and says what a student wants to know."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from bot.texts import translators
from bot.views.announcements import LONGEST_CAPTION, ChannelWords, shown_length
from bot.views.links import link_view
from recommender.model import MentorId, PriceUnit
from recommender.taxonomy import load_default
from sandbox.entities import formatted_text
from usecases.announcements import MOST_LISTED, Newcomer
from usecases.catalogue import MentorCard
from usecases.letters import Wording
from usecases.links import GoneScreen

TAXONOMY = load_default()
TRANSLATORS = translators(TAXONOMY)
RU = ChannelWords(TRANSLATORS["ru"], "shortlist_bot")
EN = ChannelWords(TRANSLATORS["en"], "shortlist_bot")
NASTY = "<b>&amp;</i> 🙂 \u202eиб"


def nasty(length: int) -> str:
    return (NASTY * (length // len(NASTY) + 1))[:length]


def mentor(number: int = 7, **given: Any) -> MentorCard:
    values = {
        "id": MentorId(number),
        "name": "Анна Ветрова",
        "title": "Senior Python-разработчик",
        "company": "Ромашка",
        "about": "Помогаю расти до мидла: ревью, план, собеседования.",
        "telegram": "anna_codes",
        "directions": ("backend",),
        "skills": ("python", "postgresql"),
        "free_skills": ("варка кофе",),
        "years": 9.0,
        "goals": ("interviews", "cv"),
        "formats": ("regular",),
        "languages": ("ru",),
        "timezone": "Europe/Moscow",
        "price": Decimal(3000),
        "currency": "RUB",
        "price_unit": PriceUnit.HOUR,
        "capacity": 2,
        "reviews_count": 0,
        "rating": None,
        "elite": False,
        "confirmed_on": None,
        "answer_hours": None,
        "active": True,
    }
    return MentorCard(**{**values, **given})


def huge(number: int = 2**53, **given: Any) -> MentorCard:
    """As long as an import lets it be."""
    return mentor(
        number,
        name=nasty(200),
        title=nasty(300),
        company=nasty(200),
        about=nasty(10_000),
        directions=tuple(TAXONOMY.directions),
        skills=tuple(sorted(TAXONOMY.skills, key=len))[-300:],
        free_skills=tuple(nasty(100) for _ in range(50)),
        goals=(
            "first_job",
            "interviews",
            "next_grade",
            "switch",
            "raise",
            "cv",
            "code_review",
            "leading",
            "other",
        ),
        formats=("one_off", "regular", "after_offer"),
        languages=tuple(nasty(40) for _ in range(50)),
        price=Decimal("9999999999.99"),
        price_unit=PriceUnit.MONTH,
        capacity=1000,
        **given,
    )


def plain(wording: Wording, longest: int = 4096) -> tuple[str, list[Any]]:
    """As Telegram shows it, which refuses what is too long or broken."""
    shown, entities = formatted_text(wording.text, "HTML", None, max_length=longest, what="caption")
    return shown, list(entities)


def buttons(wording: Wording) -> list[dict[str, Any]]:
    assert wording.keyboard is not None
    return [button for row in wording.keyboard["inline_keyboard"] for button in row]


def test_a_post_says_what_they_help_with_the_price_the_form_the_places_and_the_languages() -> None:
    shown, _ = plain(RU.edited(mentor()))
    assert shown.split("\n") == [
        "👋 Новый ментор: Анна Ветрова",
        "Senior Python-разработчик · Ромашка",
        "",
        "С чем поможет: подготовка к собеседованиям, резюме и портфолио",
        "Цена: 3\u00a0000 ₽/час",
        "Формат: регулярно",
        "Свободных мест: 2",
        "Языки: русский",
        "Навыки: Python, PostgreSQL, варка кофе",
        "",
        "Помогаю расти до мидла: ревью, план, собеседования.",
    ]


def test_goals_read_well_after_what_a_mentor_helps_with() -> None:
    helper = mentor(goals=("leading", "code_review", "next_grade"))
    shown = {each: plain(each.edited(helper))[0].split("\n") for each in (RU, EN)}
    assert "С чем поможет: руководство людьми, ревью кода или проекта, рост до следующего грейда" in shown[RU]
    assert "Helps with: leading people, code or project review, growing to the next grade" in shown[EN]


def test_what_is_unknown_is_left_out() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("skills", "free_skills", "goals", "formats", "languages"), ())
    bare = mentor(company="", about="", capacity=None, price=None, **nothing)
    assert plain(EN.edited(bare))[0].split("\n") == [
        "👋 New mentor: Анна Ветрова",
        "Senior Python-разработчик",
        "",
        "Price: price not stated",
    ]


def test_the_button_opens_the_bot_on_the_mentor_and_says_where_from() -> None:
    assert buttons(RU.post(Newcomer(mentor(), None))) == [
        {"text": "Открыть анкету", "url": "https://t.me/shortlist_bot?start=m7_c"}
    ]


def test_who_takes_nobody_has_a_line_on_top_and_a_button_to_somebody_else() -> None:
    closed = RU.edited(mentor(active=False))
    assert plain(closed)[0].split("\n")[:2] == [
        "⏸ Сейчас не набирает учеников",
        "👋 Новый ментор: Анна Ветрова",
    ]
    # Places that nobody can have are not for sale.
    assert "Свободных мест" not in plain(closed)[0]
    assert [each["text"] for each in buttons(closed)] == ["Подобрать другого"]
    assert RU.edited(mentor()).text == RU.post(Newcomer(mentor(), None)).text


def test_their_own_picture_goes_before_a_drawn_card() -> None:
    assert RU.post(Newcomer(mentor(), "https://example.org/a.jpg")).photo == "https://example.org/a.jpg"
    drawn = RU.post(Newcomer(mentor(), None)).photo
    assert isinstance(drawn, bytes)
    assert drawn.startswith(b"\xff\xd8")


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
@pytest.mark.parametrize("active", [True, False])
def test_the_longest_post_is_one_that_telegram_takes(words: ChannelWords, active: bool) -> None:
    shown, entities = plain(words.edited(huge(active=active)), LONGEST_CAPTION)
    assert shown_length(words.edited(huge(active=active)).text) <= LONGEST_CAPTION
    assert "<b>&amp;</i>" in shown
    assert {each["type"] for each in entities} <= {"bold", "blockquote", "expandable_blockquote"}
    assert len(json.dumps(words.edited(huge()).keyboard)) < 10_000


def test_as_much_of_their_own_words_as_there_is_room_for() -> None:
    long = "слово " * 1000
    shown, _ = plain(RU.edited(mentor(about=long)), LONGEST_CAPTION)
    assert shown.endswith("слово…")
    assert 280 < len(shown.rsplit("\n", 1)[1]) <= 300


def test_a_digest_lists_by_direction_who_came_first_and_links_each() -> None:
    wording, count = RU.digest(
        [
            mentor(1, name="Анна", title="Бэкендер"),
            mentor(2, name="Борис", title="Тестировщик", directions=("qa", "backend"), price=Decimal(0)),
            mentor(3, name="Вера", title="Кто угодно", directions=()),
            mentor(4, name="Глеб", title="Гофер", price=None),
        ]
    )
    assert count == 4
    shown, entities = plain(wording)
    qa = TAXONOMY.direction_name("qa", "ru")
    assert shown.split("\n") == [
        "👋 И ещё 4 новых ментора",
        "",
        TAXONOMY.direction_name("backend", "ru"),
        "• Анна — Бэкендер, 3\u00a0000 ₽/час",
        "• Глеб — Гофер, цена не указана",
        "",
        qa,
        "• Борис — Тестировщик, бесплатно",
        "",
        "Разное",
        "• Вера — Кто угодно, 3\u00a0000 ₽/час",
        "",
        "Нажмите на имя, чтобы открыть анкету.",
    ]
    links = [each["url"] for each in entities if each["type"] == "text_link"]
    assert links == [f"https://t.me/shortlist_bot?start=m{number}_d" for number in (1, 4, 2, 3)]
    assert [each["text"] for each in buttons(wording)] == ["Подобрать мне ментора"]


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_a_digest_takes_as_many_as_telegram_shows_in_their_order(words: ChannelWords) -> None:
    directions = tuple(TAXONOMY.directions)
    long = [huge(2**53 + number, active=True) for number in range(200)]
    wording, count = words.digest(long)
    shown, entities = plain(wording)
    assert 20 < count < MOST_LISTED
    assert len(wording.text.encode()) < 32_768
    numbers = [int(each["url"].split("=m")[1][:-2]) for each in entities if each["type"] == "text_link"]
    assert numbers == [2**53 + number for number in range(count)]
    short = [mentor(number, directions=(directions[number % len(directions)],)) for number in range(1, 200)]
    wording, count = words.digest(short)
    assert len(plain(wording)[1]) <= 100
    assert shown_length(wording.text) < 4096
    assert count > 40
    assert shown


@pytest.mark.parametrize(
    ("count", "title"), [(1, "1 новый ментор"), (3, "3 новых ментора"), (5, "5 новых менторов")]
)
def test_a_digest_counts_in_good_russian(count: int, title: str) -> None:
    wording, _ = RU.digest([mentor(number) for number in range(count)])
    assert plain(wording)[0].startswith(f"👋 И ещё {title}\n")


def test_a_link_to_nobody_is_a_kind_word_and_a_way_on() -> None:
    for screen, start in ((GoneScreen(nasty(200)), "<b>&amp;</i>"), (GoneScreen(""), "Этого ментора")):
        view = link_view(screen, TRANSLATORS["ru"])
        shown, entities = formatted_text(view.text, "HTML", None, max_length=4096, what="message")
        assert shown.startswith(start)
        assert not entities
        assert view.keyboard is not None
        assert [button.text for row in view.keyboard.inline_keyboard for button in row] == [
            "Подобрать другого"
        ]


def test_labels_of_buttons_are_short() -> None:
    for words in (RU, EN):
        wordings = [words.edited(mentor()), words.edited(mentor(active=False)), words.digest([mentor()])[0]]
        for wording in wordings:
            assert all(len(each["text"]) <= 30 for each in buttons(wording))
            assert all(
                re.fullmatch(r"[A-Za-z0-9_-]{1,64}", each["url"].split("=")[1]) for each in buttons(wording)
            )

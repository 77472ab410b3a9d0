"""The drafted first message, whatever the answers are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import translators
from bot.views.draft import LONGEST, draft
from recommender.model import DirectionKey, Goal, Level, Request, SkillKey
from recommender.taxonomy import load_default
from usecases.people import LANGUAGES

TAXONOMY = load_default()
TRANSLATORS = translators(TAXONOMY)
RU = TRANSLATORS["ru"]

requests = st.builds(
    Request,
    directions=st.lists(st.sampled_from(sorted(TAXONOMY.directions)), max_size=1).map(tuple),
    goals=st.lists(st.sampled_from(Goal), max_size=3, unique=True).map(tuple),
    level=st.none() | st.sampled_from(Level),
    skills=st.lists(st.sampled_from(sorted(TAXONOMY.skills)), max_size=10, unique=True).map(tuple),
    free_skills=st.lists(st.text(min_size=1, max_size=50), max_size=10).map(tuple),
    about=st.text(max_size=1000),
)


@settings(deadline=None)
@given(name=st.text(min_size=1, max_size=200), request=requests, language=st.sampled_from(LANGUAGES))
def test_any_draft_fits_into_a_copy_button(name: str, request: Request, language: str) -> None:
    assert 1 <= len(draft(name, request, TRANSLATORS[language])) <= LONGEST


@settings(deadline=None)
@given(request=requests)
def test_a_draft_says_who_writes_where_that_is_known(request: Request) -> None:
    written = draft("Ира", request, RU)
    assert written.startswith("Здравствуйте, Ира!")
    if request.level:
        assert RU.plain(f"draft-level-{request.level}") in written


def test_a_draft_says_who_i_am_what_i_want_what_holds_me_back_and_how_to_help() -> None:
    request = Request(
        directions=(DirectionKey("backend"),),
        goals=(Goal.FIRST_JOB, Goal.CV),
        level=Level.JUNIOR,
        skills=(SkillKey("python"), SkillKey("postgresql")),
        about="Теряюсь на собеседованиях",
    )
    assert draft("Анна", request, RU) == (
        "Здравствуйте, Анна! Я джун, направление — Бэкенд. Цель: первая работа, резюме и портфолио."
        " Мой вопрос: Теряюсь на собеседованиях. Поможете разобраться? Темы: Python, PostgreSQL."
    )


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request(), "Hello Ira! Could you help, and what would you need from me?"),
        (
            Request(level=Level.NOVICE),
            "Hello Ira! I am learning from scratch. Could you help, and what would you need from me?",
        ),
        (
            Request(directions=(DirectionKey("qa"),), goals=(Goal.CV,), free_skills=("Zeta",)),
            "Hello Ira! My direction is QA. My goal: CV and portfolio. Could you help me with Zeta?",
        ),
    ],
)
def test_what_was_skipped_is_not_missed_in_the_draft(request_: Request, expected: str) -> None:
    assert draft("Ira", request_, TRANSLATORS["en"]) == expected


def test_long_own_words_are_cut_behind_a_word_before_anything_else_gives_way() -> None:
    request = Request(level=Level.MIDDLE, skills=(SkillKey("python"),), about="слово " * 160)
    written = draft("Ира", request, RU)
    assert "слово… Поможете разобраться? Темы: Python." in written
    assert LONGEST - 10 < len(written) <= LONGEST


def test_skills_give_way_one_by_one() -> None:
    request = Request(free_skills=("Ю" * 50, "Щ" * 50, "Ъ" * 50), goals=(Goal.SWITCH, Goal.LEADING))
    written = draft("Ира" * 13, request, RU)
    assert [letter * 50 in written for letter in "ЮЩЪ"] == [True, True, False]
    assert len(written) <= LONGEST

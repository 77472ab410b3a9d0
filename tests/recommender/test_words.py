"""Where a word begins and ends."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.words import located, stem, stems, stop_words, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Senior C++/C# developer", ["senior", "c++", "c#", "developer"]),
        ("ASP.NET, .NET и Node.js", ["asp.net", ".net", "и", "node.js"]),
        ("CI/CD, A/B-тесты", ["ci/cd", "a/b", "тесты"]),
        ("А/Б тест", ["а/б", "тест"]),
        ("Ёлка", ["елка"]),
        ("back-end", ["back", "end"]),
        ("example.net", ["example", "net"]),
        ("ＰＹＴＨＯＮ", ["python"]),
        ("snake_case", ["snake", "case"]),
        ("1С:Предприятие 8.3", ["1с", "предприятие", "8", "3"]),
        ("", []),
        ("🙂 …", []),
    ],
)
def test_words_are_cut_where_people_cut_them(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("собеседования и собеседованию", ["собеседован", "собеседован"]),
        ("interviews for the interview", ["interview", "interview"]),
        ("C++ и k8s", ["c++", "k8s"]),
        ("я и ты, a and b", []),
    ],
)
def test_stems_are_of_both_languages_and_without_stop_words(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Сейчас хочу найти первую работу, нужен ментор, желательно бесплатно",
        "нужна помощь наставника по вопросам",
        "I need a mentor who speaks, right now, for free, living anywhere first",
        "подскажите, как научиться, я начинающая",
    ],
)
def test_how_people_ask_says_nothing_about_what_they_ask(text: str) -> None:
    assert set(stems(text)) <= {"anywher"}


def test_short_stop_words_take_no_longer_words_with_them() -> None:
    assert stems("про проект на наём") == ["проект", "на"]


def test_stop_words_are_folded_and_have_no_comments() -> None:
    assert {"еще", "and", "что"} <= stop_words()
    assert "#" not in stop_words()


def test_a_stem_of_something_else_is_the_thing_itself() -> None:
    assert stem("ci/cd") == "ci/cd"


@settings(deadline=None)
@given(st.text())
def test_words_stand_in_the_text_in_order_and_never_overlap(text: str) -> None:
    folded = text.lower()
    found = located(folded)
    assert all(folded[token.start : token.end] == token.word for token in found)
    assert all(left.end <= right.start for left, right in pairwise(found))

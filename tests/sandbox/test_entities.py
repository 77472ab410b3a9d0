"""HTML as Telegram reads it: a table to check by hand, and two truths for any text."""

from __future__ import annotations

import html
from typing import Any

import pytest
from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration
from hypothesis import given
from hypothesis import strategies as st

from sandbox.entities import formatted_text, parse_html, utf16_length
from sandbox.errors import ApiError

Found = tuple[Any, ...]

READ: list[tuple[str, str, list[Found]]] = [
    ("plain", "plain", []),
    ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
    ("<i>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
    ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
    ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", n, 1) for n in range(3)]),
    (
        '<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>',
        "ab",
        [("spoiler", 0, 1), ("spoiler", 1, 1)],
    ),
    (
        '<a href="https://example.org/?a=1&amp;b=2">x</a>',
        "x",
        [("text_link", 0, 1, "https://example.org/?a=1&b=2")],
    ),
    ("<a href='example.org'>x</a>", "x", [("text_link", 0, 1, "http://example.org/")]),
    ('<a href="tg://user?id=42">x</a>', "x", [("text_mention", 0, 1, 42)]),
    ('<a href="nowhere">x</a>', "x", []),
    (
        '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
        "👍",
        [("custom_emoji", 0, 2, "5368324170671202286")],
    ),
    (
        '<tg-time unix="1647531900" format="wDT">now</tg-time>',
        "now",
        [("date_time", 0, 3, 1647531900, "wDT")],
    ),
    ("<code>a</code>", "a", [("code", 0, 1)]),
    ("<pre>a</pre>", "a", [("pre", 0, 1)]),
    ('<pre><code class="language-python">a</code></pre>', "a", [("pre", 0, 1, "python")]),
    ('<code class="language-python">a</code>', "a", [("code", 0, 1)]),
    ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ("<B>a</B>", "a", [("bold", 0, 1)]),
    ("<b>a</>", "a", [("bold", 0, 1)]),
    ("<b>a<i>b<u>c</u></i></b>", "abc", [("bold", 0, 3), ("italic", 1, 2), ("underline", 2, 1)]),
    ("😀<b>😀</b>", "😀😀", [("bold", 2, 2)]),
    ("&lt;b&gt; &amp;&quot; &#1078; &#x436; &nbsp; & &", '<b> &" ж ж &nbsp; & &', []),
    ("<b>x</b>  ", "x", [("bold", 0, 1)]),
    ("  <b>x </b>  ", "x", [("bold", 0, 1)]),
    ("a <b> </b>", "a", []),
]

FOUND: list[tuple[str, list[Found]]] = [
    ("/start", [("bot_command", 0, 6)]),
    ("😀 /help@some_bot!", [("bot_command", 3, 14)]),
    ("either/or and 1/2", []),
    ("write @somebody_here", [("mention", 6, 14)]),
    ("see https://example.org/a?b=c.", [("url", 4, 25)]),
    ("t.me/somebody", [("url", 0, 13)]),
    ("a.b@example.org", [("email", 0, 15)]),
    ("#менторы", [("hashtag", 0, 8)]),
    ("C# and #1", []),
    ("<code>/start @somebody_here</code>", [("code", 0, 21)]),
    ("<b>/start</b>", [("bold", 0, 6), ("bot_command", 0, 6)]),
]


def read(source: str) -> tuple[str, list[Found]]:
    """The text, and of each entity its values in the order of the fields."""
    text, entities = formatted_text(source, "HTML", None, max_length=4096, what="message")
    return text, [tuple(map(plain, entity.values())) for entity in entities]


def plain(value: object) -> object:
    return value["id"] if isinstance(value, dict) else value


@pytest.mark.parametrize(("source", "text", "entities"), READ, ids=[row[0] for row in READ])
def test_html_is_read_as_telegram_reads_it(source: str, text: str, entities: list[Found]) -> None:
    assert read(source) == (text, entities)


@pytest.mark.parametrize(("source", "entities"), FOUND, ids=[row[0] for row in FOUND])
def test_links_are_found_in_plain_text(source: str, entities: list[Found]) -> None:
    assert read(source)[1] == entities


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text, quote=False)) == (text, [])


@given(st.text(alphabet="<>/&ab ='\"#;x1👍\n"))
def test_any_html_is_read_or_refused_in_telegrams_words(source: str) -> None:
    refusal = "Bad Request: can't parse entities: "
    try:
        text, entities = parse_html(source)
    except ApiError as error:
        text, entities, refusal = "", [], error.description
    assert refusal.startswith("Bad Request: can't parse entities: ")
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= utf16_length(text) for e in entities)


@given(
    st.lists(
        st.tuples(st.sampled_from(["bold", "italic", "code", "spoiler"]), st.text(min_size=1)), max_size=8
    )
)
def test_what_aiogram_writes_is_read_back(parts: list[tuple[str, str]]) -> None:
    text, entities = "", []
    for kind, part in parts:
        entities.append(MessageEntity(type=kind, offset=utf16_length(text), length=utf16_length(part)))
        text += part
    read_text, found = parse_html(html_decoration.unparse(text, entities))
    assert read_text == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == [
        (e.type, e.offset, e.length) for e in entities
    ]

"""Mentor files: what people really have, and everything that can be wrong with it."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.mentor_file import (
    MentorFile,
    MentorFileError,
    MentorRow,
    RowProblem,
    as_mentor,
    open_mentor_file,
)
from recommender.model import MentorId, PriceUnit
from recommender.taxonomy import load_default

TAXONOMY = load_default()
HEADER = "name,title,skills\n"

Opened = Callable[[bytes | str], MentorFile]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def write_and_open(content: bytes | str) -> MentorFile:
        path = tmp_path / "mentors.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_mentor_file(path, TAXONOMY)

    return write_and_open


def rows(file: MentorFile) -> list[MentorRow]:
    found = list(file)
    assert [item for item in found if isinstance(item, RowProblem)] == []
    return [item for item in found if isinstance(item, MentorRow)]


def only_problem(file: MentorFile) -> RowProblem:
    problems = [item for item in file if isinstance(item, RowProblem)]
    assert len(problems) == 1
    return problems[0]


def names(file: MentorFile) -> list[str]:
    return [item.name for item in file if isinstance(item, MentorRow)]


def test_what_a_marketplace_exports_comes_in_with_nothing_but_aliases(opened: Opened) -> None:
    file = opened(
        "Имя;Должность;Компания;Часовой пояс;Цена;Валюта;Навыки;Отзывы;Сессии;Рейтинг;Хобби\n"
        "Анна;Senior Python-разработчик;Вектор;МСК;5 000;₽;Python, Го, Постгрес, варка кофе;3;10;4,9;лыжи\n"
    )
    (row,) = rows(file)
    assert (row.name, row.title, row.company) == ("Анна", "Senior Python-разработчик", "Вектор")
    assert row.directions == ("backend",)
    assert row.skills == ("python", "go", "postgresql")
    assert row.free_skills == ("варка кофе",)
    assert (row.price, row.currency, row.price_unit) == (Decimal(5000), "RUB", PriceUnit.HOUR)
    assert row.timezone == "Europe/Moscow"
    assert (row.reviews_count, row.rating_sum) == (3, 14.7)
    assert file.unknown_columns == ("Хобби",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_delimiters_and_line_ends_are_recognised(
    opened: Opened, encoding: str, delimiter: str, line_end: str
) -> None:
    lines = [["имя", "должность", "навыки"], ["Пётр", "Тестировщик", '"SQL, Git"']]
    text = line_end.join(delimiter.join(cells) for cells in lines) + line_end
    (row,) = rows(opened(text.encode(encoding)))
    assert (row.line, row.name, row.skills) == (2, "Пётр", ("sql", "git"))


def test_a_windows_file_in_capitals_is_read(opened: Opened) -> None:
    (row,) = rows(opened("name;title\nАННА;ТЕСТИРОВЩИК\n".encode("cp1251")))
    assert row.name == "АННА"


def test_json_lines_hold_lists_numbers_and_nothing(opened: Opened) -> None:
    text = json.dumps(
        {"name": "A", "title": "QA", "skills": ["Go", "C/C++"], "price": 5000, "about": None, "x": 1}
    )
    file = opened(f"\n{text}\n")
    (row,) = rows(file)
    assert (row.line, row.skills, row.price, row.about) == (2, ("go", "cpp"), Decimal(5000), "")
    assert file.unknown_columns == ("x",)


def test_a_field_of_several_lines_keeps_them_and_the_line_numbers_stay_right(opened: Opened) -> None:
    first, second = rows(opened('name,title,about\nA,QA,"one\ntwo ""q"", three"\n\nB,QA,\n'))
    assert (first.line, first.about) == (2, 'one\ntwo "q", three')
    assert second.line == 5


def test_empty_columns_at_the_end_do_not_count(opened: Opened) -> None:
    assert names(opened("name,title,skills,,\nA,QA,Go,,\nB,QA,Go\n")) == ["A", "B"]


def test_directions_come_from_their_column_then_the_title_then_the_skills(opened: Opened) -> None:
    file = opened(
        "name,title,directions,skills\n"
        'A,Продакт,"QA, data_science",\n'
        "B,Тимлид backend,,Figma\n"
        'C,Просто хороший человек,-,"Figma, UX, Go"\n'
        "D,Человек,,Чаепитие\n"
    )
    assert [row.directions for row in rows(file)] == [
        ("qa", "data_science"),
        ("leadership", "backend"),
        ("design",),
        (),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "complaint"),
    [
        ("name", "", "empty"),
        ("name", "x" * 201, "at most 200"),
        ("title", " — ", "empty"),
        ("title", "x" * 301, "at most 300"),
        ("company", "x" * 201, "at most 200"),
        ("about", "x" * 10_001, "at most 10,000"),
        ("external_id", "x" * 201, "at most 200"),
        ("skills", "x" * 101, "at most 100"),
        ("skills", ",".join(f"s{number}" for number in range(301)), "at most 300"),
        ("directions", "кулинария", "no direction «кулинария»"),
        ("telegram", "+7 999", "no Telegram name"),
        ("price", "дорого", "no price"),
        ("price", "5 000 ₽ и ещё", None),
        ("currency", "ракушки", "no known currency"),
        ("years", "сто", "no number of years"),
        ("level", "бог", "no level"),
        ("helps_levels", "боги", "no known level"),
        ("goals", "полёт", "no known goal"),
        ("formats", "во сне", "no known form of work"),
        ("languages", "эльфийский", "no known language"),
        ("timezone", "Марс", "no known time zone"),
        ("capacity", "много", "no whole number"),
        ("tier", "платина", "no tier"),
        ("photo_url", "http://example.org/a.jpg", "no address of a picture; write https://"),
        ("photo_url", "https://example.org/a.jpg", None),
        ("reviews_count", "-1", "no whole number"),
        ("rating_sum", "5", "5 stars for 0 reviews"),
        ("rating", "4.9", "add reviews_count"),
        ("about", "a\x00b", "U+0000"),
        ("about", "a\x07b", "U+0007"),
        ("name", "=1+1", "formula"),
        ("name", '=HYPERLINK("x")', "formula"),
        ("about", "@SUM(A1)", "formula"),
        ("about", "-cmd|' /C calc'!A0", "formula"),
        ("about", "+cmd|' /C calc'!A0", "formula"),
        ("about", "- список\n- дел (много)", None),
        ("about", "@anna_dev", None),
        ("timezone", "+3", None),
        ("telegram", "@anna_dev", None),
        ("price", "-", None),
    ],
)
def test_a_bad_cell_is_refused_with_its_column_and_what_to_write(
    opened: Opened, column: str, cell: str, complaint: str | None
) -> None:
    cells = {"name": "A", "title": "QA", "skills": "Go", column: cell}
    out = io.StringIO()
    writer = csv.DictWriter(out, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    writer.writerow(
        cells | {"name": "B", "title": "QA", column: {"name": "B", "title": "QA"}.get(column, "")}
    )
    file = opened(out.getvalue())
    assert names(file)[-1] == "B"
    problems = [item for item in file if isinstance(item, RowProblem)]
    if complaint is None:
        assert problems == []
    else:
        assert [(problem.line, problem.column) for problem in problems] == [(2, column)]
        assert complaint in problems[0].message


@pytest.mark.parametrize(
    ("cells", "column", "complaint"),
    [
        ({"price": "$50", "currency": "RUB"}, "currency", "the price says USD"),
        ({"price": "5000/час", "price_unit": "month"}, "price_unit", "the price says hour"),
        ({"price": "5000", "price_unit": "offer_share"}, "price", "percent"),
        ({"reviews_count": "2", "rating_sum": "11"}, "rating_sum", "11 stars for 2 reviews"),
        ({"reviews_count": "2", "rating_sum": "1"}, "rating_sum", "1 stars for 2 reviews"),
        ({"reviews_count": "2", "rating": "7"}, "rating", "must be from 1 to 5"),
        ({"title": "Человек", "skills": ""}, "skills", "no skills and no directions"),
    ],
)
def test_cells_that_contradict_each_other_are_refused(
    opened: Opened, cells: dict[str, str], column: str, complaint: str
) -> None:
    problem = only_problem(opened(json.dumps({"name": "A", "title": "QA", "skills": "Go"} | cells)))
    assert problem.column == column
    assert complaint in problem.message


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, (0, 0.0)),
        ({"reviews_count": "2", "rating_sum": "9"}, (2, 9.0)),
        ({"reviews_count": "4", "rating": "4,75"}, (4, 19.0)),
        ({"reviews_count": "0", "rating": "0"}, (0, 0.0)),
        ({"reviews_count": "0", "rating_sum": "0"}, (0, 0.0)),
        ({"reviews_count": "7"}, (0, 0.0)),
    ],
)
def test_reviews_count_only_with_their_stars(
    opened: Opened, cells: dict[str, str], expected: tuple[int, float]
) -> None:
    (row,) = rows(opened(json.dumps({"name": "A", "title": "QA"} | cells)))
    assert (row.reviews_count, row.rating_sum) == expected


def test_a_second_row_with_the_same_id_is_refused_naming_the_first(opened: Opened) -> None:
    problem = only_problem(opened("id,name,title\n7,A,QA\n8,B,QA\n7,C,QA\n"))
    assert (problem.line, problem.column) == (4, "external_id")
    assert "line 2" in problem.message


def test_an_id_of_a_refused_row_is_free_for_a_later_one(opened: Opened) -> None:
    assert names(opened("id,name,title\n7,,QA\n7,C,QA\n")) == ["C"]


@pytest.mark.parametrize(
    ("body", "good", "problem_line", "complaint"),
    [
        ("A,QA\nB,QA,Go\n", ["B"], 2, "2 columns, the header has 3"),
        ("A,QA,Go,JS\nB,QA,Go\n", ["B"], 2, "4 columns, the header has 3"),
        ('A,"QA,Go\nB,QA,Go\nC,QA,Go\n', ["B", "C"], 2, "not closed"),
        ('A,"QA,Go\nB,"QA",Go\nC,QA,Go\n', ["B", "C"], 2, "not closed"),
        ('A,"QA,Go\nB,QA,"Go"\nC,"QA",Go\n', ["B", "C"], 2, "not closed"),
        ('A,QA,Go\nB,"QA,Go\n', ["A"], 3, "not valid CSV"),
        ('A,"QA" x,Go\nB,QA,Go\n', ["B"], 2, "not valid CSV"),
        ('A,"QA,Go\nB,QA\nC,QA,Go\n', ["C"], 2, "lines 2 to 3 were left out"),
        ("A,QA," + "x" * 200_000 + "\nB,QA,Go\n", ["B"], 2, "field limit"),
        ("A,QA," + "x" * 10_000_000 + "\nB,QA,Go\n", ["B"], 2, "longer than 1,000,000"),
        ('A,"' + "x\n" * 400 + '",Go\nB,QA,Go\n', ["B"], 2, "not closed"),
    ],
)
def test_a_torn_row_is_reported_and_never_costs_the_good_ones(
    opened: Opened, body: str, good: list[str], problem_line: int, complaint: str
) -> None:
    file = opened(HEADER + body)
    assert names(file) == good
    problem = only_problem(file)
    assert problem.line == problem_line
    assert complaint in problem.message


def test_a_quote_open_for_thousands_of_rows_costs_only_its_own(opened: Opened) -> None:
    many = "".join(f"M{number},QA,Go\n" for number in range(2_000))
    file = opened(HEADER + 'A,"QA,Go\n' + many)
    assert len(names(file)) == 2_000
    assert only_problem(file).line == 2


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{bad", "not valid JSON"),
        ("[1, 2]", "must be one JSON object"),
        ('"text"', "must be one JSON object"),
        ('{"name": {"first": "A"}}', "name must be a text"),
        ('{"name": true}', "name must be a text"),
        ('{"skills": [["Go"]]}', "skills must be a text"),
        ('{"price": NaN}', "NaN is no value"),
        ('{"name": "A", "имя": "B", "title": "QA"}', "given twice"),
        ('{"name": "A", "title": "QA", "about": "\\ud800"}', "U+D800"),
        ('{"about": ' + "[" * 5_000 + "]" * 5_000 + "}", ""),
        ('{"about": "' + "x" * 1_000_001 + '"}', "longer than 1,000,000"),
    ],
    ids=lambda value: value[:20],
)
def test_a_broken_json_line_is_refused_and_the_next_is_read(
    opened: Opened, line: str, complaint: str
) -> None:
    file = opened('{"name": "A", "title": "QA"}\n' + line + '\n{"name": "B", "title": "QA"}\n')
    assert names(file) == ["A", "B"]
    problem = only_problem(file)
    assert problem.line == 2
    assert complaint in problem.message


def test_a_few_bytes_that_are_no_utf8_refuse_their_row_only(opened: Opened) -> None:
    good = "".join(f"Пётр{number},Тестировщик,Git\n" for number in range(5)).encode()
    file = opened(HEADER.encode() + good + b"A\xff,QA,Go\n")
    assert len(names(file)) == 5
    problem = only_problem(file)
    assert (problem.line, problem.column) == (7, "name")
    assert "UTF-8" in problem.message


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n \n", "is empty"),
        (b"PK\x03\x04rest of a spreadsheet", "no text"),
        (bytes(range(32)) * 10, "no text"),
        ("имя,должность\nПётр,Тестировщик и ещё немного русского текста\n".encode("koi8-r"), "neither UTF-8"),
        ("name;title\nПётр;Тестировщик\n".encode("cp866"), "neither UTF-8"),
        (b"name,skills\nA,Go\n", "no column title"),
        (b"hello\n", "no column name or title"),
        ("name,title,имя\nA,QA,B\n".encode(), "'name' and 'имя' both mean name"),
        (b"name,title,name\nA,QA,B\n", "both mean name"),
        (b'name,"title\nA,QA\n', "line 1"),
        (b'[{"name": "A"}]', "JSON array"),
        (b"[\n", "JSON array"),
    ],
)
def test_a_file_that_is_unreadable_as_a_whole_is_refused(
    opened: Opened, content: bytes, complaint: str
) -> None:
    with pytest.raises(MentorFileError, match=complaint):
        opened(content)


def test_a_directory_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MentorFileError, match="directory"):
        open_mentor_file(tmp_path, TAXONOMY)
    with pytest.raises(MentorFileError, match="no such file"):
        open_mentor_file(tmp_path / "nothing.csv", TAXONOMY)


def test_a_header_alone_is_a_file_without_rows(opened: Opened) -> None:
    assert list(opened(HEADER)) == []


def test_the_position_goes_from_nothing_to_the_whole_file(opened: Opened) -> None:
    file = opened(HEADER + "".join(f"M{number},QA,Go\n" for number in range(3_000)))
    assert file.position == 0
    positions = [file.position for _ in file]
    assert positions == sorted(positions)
    assert file.position == file.total_bytes


def test_a_file_can_be_read_twice(opened: Opened) -> None:
    file = opened("id,name,title\n7,A,QA\n")
    assert rows(file) == rows(file)


def test_a_row_becomes_the_recommender_s_mentor(opened: Opened) -> None:
    (row,) = rows(opened(json.dumps({"name": "A", "title": "QA", "skills": "Go", "price": 0, "capacity": 2})))
    mentor = as_mentor(row, MentorId(5))
    assert (mentor.id, mentor.title, mentor.skills) == (5, "QA", ("go",))
    assert (mentor.price, mentor.capacity, mentor.active) == (0.0, 2, True)


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells, cells, cells), max_size=8))
def test_whatever_the_cells_hold_each_row_is_good_or_refused(
    opened: Opened, table: list[tuple[str, str, str, str, str]]
) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["name", "title", "skills", "timezone", "price"])
    writer.writerows(table)
    found = list(opened(out.getvalue()))
    assert len(found) <= len(table)
    for item in found:
        assert item.line >= 2
        if isinstance(item, MentorRow):
            assert item.name
            assert item.title
            assert item.timezone is None or ZoneInfo(item.timezone)
        else:
            assert item.message

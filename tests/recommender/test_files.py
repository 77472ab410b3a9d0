"""Requests, runs and qrels on disk, and the command line over them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from recommender.lines import BadFileError
from recommender.model import Format, Goal, Level, PriceUnit
from recommender.request_file import read_requests
from recommender.trec import read_qrels, read_run, write_run
from tests.recommender.catalogues import request, taxonomy


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_request_says_everything_the_questionnaire_asks(tmp_path: Path) -> None:
    answers = {
        "id": "q1",
        "directions": ["Бэкенд"],
        "goals": ["interviews"],
        "level": "junior",
        "skills": ["питон", "Apache Camel"],
        "budget": 5000,
        "price_unit": "session",
        "formats": ["regular"],
        "languages": ["ru"],
        "timezone": "Europe/Moscow",
        "about": "Хочу работать",
        "wishes": ["cheaper", "responsive"],
    }
    path = write(tmp_path / "requests.jsonl", json.dumps(answers, ensure_ascii=False), "", '{"about": "Go"}')
    first, second = read_requests(path, taxonomy())
    assert first == request(
        id="q1",
        directions="backend",
        goals=(Goal.INTERVIEWS,),
        level=Level.JUNIOR,
        skills="python",
        free_skills=("Apache Camel",),
        budget=5000.0,
        price_unit=PriceUnit.SESSION,
        formats=(Format.REGULAR,),
        languages="ru",
        timezone="Europe/Moscow",
        about="Хочу работать",
        wishes="cheaper responsive",
    )
    assert second == request(id="3", about="Go")


def test_answers_may_be_spelled_freely(tmp_path: Path) -> None:
    line = (
        '{"id": 7, "directions": "backend, дизайн", "skills": "JS, SQL", "level": null, "budget": "",'
        ' "wishes": "Дешевле, quick answers, cheaper"}'
    )
    (found,) = read_requests(write(tmp_path / "requests.jsonl", line), taxonomy())
    assert found == request(
        id="7", directions="backend design", skills="javascript sql", wishes="cheaper responsive"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nope", "no JSON"),
        ("[1]", "write the answers by name in braces"),
        ("{}", "give directions, skills or about"),
        ('{"level": "junior"}', "give directions, skills or about"),
        ('{"about": "x", "id": "a b"}', "id: 'a b' has blanks in it"),
        ('{"about": "x", "id": "first"}', "id: 'first' is in line 1 already"),
        ('{"directions": ["космос"]}', "directions: there is no direction 'космос'; write one of backend"),
        ('{"about": "x", "goals": ["спать"]}', "goals: «спать» is no known goal"),
        ('{"about": "x", "level": "царь"}', "level: «царь» is no level"),
        ('{"about": "x", "budget": -1}', "budget: -1 is no amount"),
        ('{"about": "x", "budget": NaN}', "budget: nan is no amount"),
        ('{"about": "x", "budget": true}', "budget: True is no amount"),
        (
            '{"about": "x", "wishes": ["всё"]}',
            "wishes: «всё» is no known wish; write cheaper, closer, respon",
        ),
        ('{"about": "x", "wishes": 3}', "wishes: this should be a list of texts"),
        ('{"about": "x", "timezone": "Луна"}', "timezone: «Луна» is no known time zone"),
        ('{"about": "x", "shoe": 1}', "shoe: there is no such field; fields are id, directions"),
        ('{"about": ["x"]}', "about: this should be a text in quotes"),
        ('{"skills": [1]}', "skills: this should be a list of texts"),
        ('{"skills": {"a": 1}}', "skills: this should be a list of texts"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_a_bad_request_is_told_with_its_line_and_how_to_mend_it(tmp_path: Path, line: str, said: str) -> None:
    path = write(tmp_path / "requests.jsonl", '{"about": "x", "id": "first"}', line)
    with pytest.raises(BadFileError) as caught:
        read_requests(path, taxonomy())
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{path}:2: ")
    assert said in str(problem)


def test_all_bad_lines_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "requests.jsonl", "nope", '{"about": "x"}', "{}")
    with pytest.raises(BadFileError) as caught:
        read_requests(path, taxonomy())
    assert [problem.line for problem in caught.value.problems] == [1, 3]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "there is nothing in it"), (b"\xff\xfe\x00", "this is no UTF-8"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "requests.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadFileError, match=said):
        read_requests(path, taxonomy())


def test_a_byte_order_mark_is_no_part_of_the_first_request(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"about": "x"}\r\n')
    assert read_requests(path, taxonomy()) == [request(id="1", about="x")]


def test_a_run_is_read_back_in_the_order_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "out.run"
    write_run(path, [("q1", [("a", 0.5), ("b", 0.7), ("c", 0.7)]), ("q2", [("b", 0.1)])], "test")
    assert path.read_text() == (
        "q1 Q0 a 1 0.500000 test\nq1 Q0 b 2 0.499999 test\nq1 Q0 c 3 0.499998 test\nq2 Q0 b 1 0.100000 test\n"
    )
    assert read_run(path) == {"q1": ["a", "b", "c"], "q2": ["b"]}
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_is_ordered_by_score_and_ties_by_rank(tmp_path: Path) -> None:
    path = write(tmp_path / "a.run", "q Q0 low 1 0.1 t", "q Q0 second 3 0.5 t", "q Q0 first 2 0.5 t")
    assert read_run(path) == {"q": ["first", "second", "low"]}


def test_names_with_blanks_are_not_written_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="blanks"):
        write_run(tmp_path / "out.run", [("q1", [("a b", 1.0)])], "test")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be written"):
        write_run(tmp_path / "missing" / "out.run", [], "test")
    with pytest.raises(BadFileError, match="cannot be written"):
        write_run(tmp_path, [], "test")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("q Q0 a 1", "4 fields where there should be 6: query Q0 document rank score tag"),
        ("q Q0 a x 1 t", "rank: 'x' is not a whole number"),
        ("q Q0 a 1 nan t", "score: 'nan' is not a number"),
        ("q Q0 first 1 1 t", "document: 'first' is given for query 'q' in line 1 already"),
    ],
)
def test_a_bad_line_of_a_run_is_told(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(BadFileError) as caught:
        read_run(write(tmp_path / "a.run", "q Q0 first 1 2.0 t", line))
    assert f"a.run:2: {said}" in str(caught.value)


def test_qrels_are_read_and_bad_lines_told(tmp_path: Path) -> None:
    good = write(tmp_path / "qrels.txt", "q1 0 a 2", "q1 0 b 0", "q2 0 a -1")
    assert read_qrels(good) == {"q1": {"a": 2, "b": 0}, "q2": {"a": -1}}
    with pytest.raises(BadFileError, match=r"grade: '1\.5' is not a whole number"):
        read_qrels(write(tmp_path / "bad.txt", "q1 0 a 1.5"))


def recommender(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "recommender", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


MENTORS = (
    "external_id,name,title,skills,price",
    'm 1,Иван,Java developer,"Java, Spring",3000',
    'm2,Пётр,Frontend-разработчик,"JS, React",4000',
    ',Анна,Продакт-менеджер,"A/B-тесты, SQL",',
)


def test_rank_and_evaluate_from_the_command_line(tmp_path: Path) -> None:
    mentors = write(tmp_path / "mentors.csv", *MENTORS)
    requests = write(tmp_path / "requests.jsonl", '{"id": "q1", "skills": ["джава"]}', '{"about": "React"}')
    run = tmp_path / "out.run"
    ranked = recommender("rank", "--mentors", mentors, "--requests", requests, "-k", "2", "--run", run)
    assert ranked.returncode == 0, ranked.stderr
    rankings = read_run(run)
    assert (rankings["q1"][0], rankings["2"][0]) == ("m%201", "m2")
    assert [len(ranking) for ranking in rankings.values()] == [2, 2]

    qrels = write(tmp_path / "qrels.txt", "q1 0 m%201 1", "2 0 m2 1")
    evaluated = recommender("evaluate", "--qrels", qrels, "--run", run, "-k", "1", "-k", "2", "--json")
    values = json.loads(evaluated.stdout)
    assert (values["queries"], values["ndcg@1"], values["precision@2"]) == (2, 1.0, 0.5)
    assert "ndcg" in recommender("evaluate", "--qrels", qrels, "--run", run).stdout


def test_all_bad_lines_of_both_files_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    mentors = write(tmp_path / "mentors.csv", *MENTORS, "m4,,No name,SQL,", "m5,Имя,Title,SQL,дорого")
    requests = write(tmp_path / "requests.jsonl", "nope", '{"skills": ["SQL"], "level": "царь"}')
    run = tmp_path / "out.run"
    ranked = recommender("rank", "--mentors", mentors, "--requests", requests, "--run", run)
    assert ranked.returncode == 2
    told = ranked.stderr.splitlines()
    assert [line.split(": ")[0] for line in told] == [
        f"{mentors}:5",
        f"{mentors}:6",
        f"{requests}:1",
        f"{requests}:2",
    ]
    assert not run.exists()


def test_a_missing_file_ends_with_code_2(tmp_path: Path) -> None:
    evaluated = recommender("evaluate", "--qrels", tmp_path / "no.txt", "--run", tmp_path / "no.run")
    assert evaluated.returncode == 2
    assert len(evaluated.stderr.splitlines()) == 2

"""``import-mentors`` as an operator meets it: files as they come, what is printed, and the exit code."""

import asyncio
import io
import os
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.import_command import run_import
from recommender.taxonomy import load_default

_HEADER = "external_id,name,title,skills,price,about\n"
_ANNA = "m1,Anna,Backend developer,Python,3000,\n"
_BORIS = "m2,Boris,QA engineer,Selenium,2000,\n"
_GOOD = ["Anna", "Boris"]


class Operator:
    """Runs the command on bytes and reads what it said."""

    def __init__(self, engine: AsyncEngine, path: Path) -> None:
        self.engine = engine
        self.path = path
        self.stdout = ""

    async def run(
        self,
        content: str | bytes,
        *,
        dry_run: bool = False,
        strict: bool = False,
        deactivate_missing: bool = False,
    ) -> int:
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        return await self.run_on(
            self.path, dry_run=dry_run, strict=strict, deactivate_missing=deactivate_missing
        )

    async def run_on(
        self, path: Path, *, dry_run: bool = False, strict: bool = False, deactivate_missing: bool = False
    ) -> int:
        said = io.StringIO()
        code = await run_import(
            self.engine,
            path,
            load_default(),
            dry_run=dry_run,
            strict=strict,
            deactivate_missing=deactivate_missing,
            console=Console(file=said, width=100),
        )
        self.stdout = said.getvalue()
        return code

    async def names(self) -> list[str]:
        async with self.engine.connect() as connection:
            return list(await connection.scalars(text("SELECT name FROM mentors ORDER BY id")))


@pytest.fixture
def operator(engine: AsyncEngine, tmp_path: Path) -> Operator:
    return Operator(engine, tmp_path / "mentors.csv")


#: A file, who of it is stored, and the lines and columns that are named.
_BROKEN: dict[str, tuple[str | bytes, list[str], list[str]]] = {
    "a quote that is never closed": (
        _HEADER + _ANNA + 'm3,"Clara,Designer,Figma,,\n' + _BORIS,
        _GOOD,
        ["3: "],
    ),
    "a quote in the middle of a field": (
        _HEADER + _ANNA + 'm3,"Clara" Klein,Designer,Figma,,\n' + _BORIS,
        _GOOD,
        ["3: "],
    ),
    "quotes as they should be": (
        _HEADER + 'm1,Anna,"Developer, ""senior""",Python,,"two\nlines"\n' + _BORIS,
        _GOOD,
        [],
    ),
    "too many columns": (_HEADER + _ANNA + "m3,Clara,Designer,Figma,1,,,,more\n" + _BORIS, _GOOD, ["3: "]),
    "too few columns": (_HEADER + _ANNA + "m3,Clara\n" + _BORIS, _GOOD, ["3: "]),
    "a byte that is no UTF-8": (
        (_HEADER + _ANNA + "m3,Зоя,Designer,Figma,,почти всё здесь по-русски\n").encode()
        + b"m4,Cl\xffra,Designer,Figma,,\n"
        + _BORIS.encode(),
        ["Anna", "Зоя", "Boris"],
        ["4: name: "],
    ),
    "UTF-8 with a mark": (b"\xef\xbb\xbf" + (_HEADER + _ANNA).encode(), ["Anna"], []),
    "cp1251 and semicolons": (
        "Имя;Должность;Навыки\nЗоя;Разработчик;Python\n".encode("cp1251"),
        ["Зоя"],
        [],
    ),
    "the same id twice": (
        _HEADER + _ANNA + "m1,Clara,Designer,Figma,,\n" + _BORIS,
        _GOOD,
        ["3: external_id: 'm1' is in line 2 too"],
    ),
    "the same derived id twice": (
        _HEADER + _ANNA + _BORIS + ",Clara,Designer,Figma,,\n,clara,designer,Sketch,,\n",
        ["Anna", "Boris", "Clara"],
        ["5: external_id: no id, and the same name and title as line 4"],
    ),
    "an id that another row's telegram gave already": (
        "external_id,name,telegram,title,skills\n,Anna,anna_codes,Developer,Python\n"
        "telegram:anna_codes,Clara,,Designer,Figma\n",
        ["Anna"],
        ["3: external_id: 'telegram:anna_codes' is the id of line 2 too"],
    ),
    "NUL": (_HEADER + _ANNA + "m3,Cl\x00ra,Designer,Figma,,\n" + _BORIS, _GOOD, ["3: name: "]),
    "half a character out of JSON": (
        '{"name": "Anna", "title": "Developer", "skills": ["Python"]}\n'
        '{"name": "\\ud800", "title": "Designer", "skills": "Figma"}\n',
        ["Anna"],
        ["2: name: "],
    ),
    "a formula": (
        _HEADER + _ANNA + 'm3,"=HYPERLINK(""http://x"")",Designer,Figma,,\n' + _BORIS,
        _GOOD,
        ["3: name: a spreadsheet formula"],
    ),
    "10 MB in one field": (
        _HEADER + _ANNA + f"m3,Clara,Designer,Figma,,{'x' * 10_000_000}\n" + _BORIS,
        _GOOD,
        ["3: "],
    ),
    "10 MB in one quoted field of many lines": (
        _HEADER + _ANNA + 'm3,Clara,Designer,Figma,,"' + ("x" * 39_999 + "\n") * 250 + '"\n' + _BORIS,
        _GOOD,
        ["3: "],
    ),
    "a price that is none": (
        _HEADER + _ANNA + "m3,Clara,Designer,Figma,-5,\n" + _BORIS,
        _GOOD,
        ["3: price: "],
    ),
    "a name that is missing": (_HEADER + _ANNA + "m3,,Designer,Figma,,\n" + _BORIS, _GOOD, ["3: name: "]),
    "neither skill nor direction": (
        _HEADER + _ANNA + "m3,Clara,Человек,,,\n" + _BORIS,
        _GOOD,
        ["3: skills: "],
    ),
    "a line that is no JSON": (
        '{"name": "Anna", "title": "Developer", "skills": "Python"}\n{"name": \n',
        ["Anna"],
        ["2: "],
    ),
}


@pytest.mark.parametrize(("content", "stored", "problems"), _BROKEN.values(), ids=_BROKEN.keys())
async def test_good_rows_of_a_broken_file_are_stored_and_each_bad_one_is_named(
    operator: Operator,
    capsys: pytest.CaptureFixture[str],
    content: str | bytes,
    stored: list[str],
    problems: list[str],
) -> None:
    assert await operator.run(content) == 0
    assert await operator.names() == stored
    told = capsys.readouterr().err.splitlines()
    assert [line[: len(f"{operator.path}:{start}")] for line, start in zip(told, problems, strict=True)] == [
        f"{operator.path}:{start}" for start in problems
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\n", "the file is empty"),
        (b"PK\x03\x04" + bytes(range(32)) * 20, "no text"),
        ("Имя;Должность;Навыки\nЗоя;Разработчик;Python\n".encode("koi8-r"), "save the file as UTF-8"),
        (b"skills,price\nPython,1\n", "name"),
        (b"name,title,skills,name\nAnna,Developer,Python,Anna\n", "remove one"),
        (b'[{"name": "Anna"}]', "JSON array"),
    ],
)
async def test_a_file_that_cannot_be_read_at_all_is_refused_with_a_sentence(
    operator: Operator, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    assert await operator.run(content) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"{operator.path}: ")
    assert told in error
    assert error.count("\n") == 1
    assert operator.stdout == ""


@pytest.mark.parametrize(("name", "told"), [("", "is a directory"), ("absent.csv", "no such file")])
async def test_a_directory_or_nothing_is_refused_with_a_sentence(
    operator: Operator, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    assert await operator.run_on(tmp_path / name) == 2
    assert told in capsys.readouterr().err


async def test_a_strict_import_that_is_refused_exits_with_1_and_names_every_problem(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    content = _HEADER + "m3,,Designer,Figma,,\n" + _ANNA + "m4,Dina,Designer,Figma,cheap,\n"
    assert await operator.run(content, strict=True) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.removeprefix(f"{operator.path}:")[:9] for line in told[:2]] == ["2: name: ", "4: price:"]
    assert told[2].startswith("Nothing was imported: 2 rows were refused, and the import is strict.")
    assert operator.stdout == ""
    assert await operator.names() == []


async def test_a_file_without_a_good_row_exits_with_1_and_removes_nobody(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    await operator.run(_HEADER + _ANNA)
    assert await operator.run(_HEADER, deactivate_missing=True) == 1
    assert "no mentor removed: there is no good row in the file" in capsys.readouterr().err
    await operator.run(_HEADER + _ANNA)
    assert "unchanged" in operator.stdout


async def test_the_summary_says_what_was_done(operator: Operator, capsys: pytest.CaptureFixture[str]) -> None:
    await operator.run(_HEADER + _ANNA + _BORIS)
    clara = "m3,Clara,Designer,Figma [bold] :smile:,,\n"
    content = "external_id,name,title,skills,price,hobby\n" + _ANNA.replace("3000", "3500") + clara
    assert await operator.run(content, deactivate_missing=True, dry_run=True) == 0
    dry = operator.stdout
    assert "Nothing was stored" in dry
    assert await operator.names() == _GOOD
    assert await operator.run(content, deactivate_missing=True) == 0
    rows = [line.strip("│ ").split("│") for line in operator.stdout.splitlines() if "│" in line]
    assert {name.strip(): count.strip() for name, count in rows} == {
        "added": "1",
        "updated": "1",
        "returned": "0",
        "unchanged": "0",
        "deactivated": "1",
        "to be announced in the channel": "1",
        "rows refused": "0",
        "Figma [bold] :smile:": "1",
    }
    assert "Left out, not known as columns: hobby" in operator.stdout
    told_dry = [line for line in dry.splitlines()[1:] if not line.startswith("Nothing was stored")]
    assert told_dry == operator.stdout.splitlines()[1:]
    assert capsys.readouterr().err == ""


async def test_the_first_mentors_are_announced_if_the_operator_says_so(
    engine: AsyncEngine, database: URL, tmp_path: Path
) -> None:
    (tmp_path / "mentors.csv").write_text(_HEADER + _ANNA + _BORIS, encoding="utf-8")
    address = database.render_as_string(hide_password=False)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "import-mentors", str(tmp_path / "mentors.csv"), "--announce"),
        cwd=tmp_path,
        env={**os.environ, "DATABASE_URL": address, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    assert re.search(r"to be announced in the channel\s*│\s*2", said.decode())
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM announcements")) == 2


async def test_mentors_who_seem_missing_are_kept_and_told_of_while_a_row_is_refused(
    operator: Operator,
) -> None:
    await operator.run(_HEADER + _ANNA + _BORIS)
    assert await operator.run(_HEADER + _ANNA + "Boris\n", deactivate_missing=True) == 0
    assert "not among the good rows: 1. None was deactivated" in " ".join(operator.stdout.split())


async def test_twenty_unknown_skills_are_named_and_the_others_counted(operator: Operator) -> None:
    skills = ", ".join(f"щзх {number:02}" for number in range(23))
    await operator.run(_HEADER + f'm1,Anna,Developer,"{skills}",,\n')
    assert "щзх 19" in operator.stdout
    assert "щзх 20" not in operator.stdout
    assert "and 3 more" in operator.stdout


async def test_a_terminal_is_never_sent_what_a_file_has_for_it(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    await operator.run(_HEADER + _ANNA + "m3,Clara,Designer,Figma,[red]5\x1b[31m,\n")
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert f"{operator.path}:3: price: " in told

"""docs/import.md says what the import does."""

import re
from pathlib import Path

from recommender.mentor_values import vocabulary

_PAGE = Path(__file__).parents[2] / "docs" / "import.md"
_ROW = re.compile(r"\| `(?P<column>\w+)` \| .+ \| (?P<aliases>[^|]+) \|")


def test_the_documented_columns_and_names_are_those_of_the_code() -> None:
    text = _PAGE.read_text(encoding="utf-8")
    documented = {row["column"]: row["aliases"].split(", ") for row in _ROW.finditer(text)}
    assert documented == vocabulary()["columns"]

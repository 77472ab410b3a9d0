"""Draw what the docs show of the code: ``python -m docs.draw`` writes it between its marks."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from usecases.request_states import diagram, table, timetable

_HERE = Path(__file__).parent
_MARKED = "<!-- {name} -->\n{drawn}<!-- /{name} -->"


def _fenced() -> Iterator[str]:
    yield "```mermaid"
    yield from diagram()
    yield "```"


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what is drawn between which marks."""

    path: Path
    parts: Mapping[str, Callable[[], Iterator[str]]]

    def drawn(self, text: str) -> str:
        """The page's text with its parts drawn anew.

        Raises:
            ValueError: the marks of a part are not on the page.
        """
        for name, part in self.parts.items():
            fresh = _MARKED.format(name=name, drawn="".join(f"{line}\n" for line in part()))
            before = re.search(_MARKED.format(name=name, drawn=".*"), text, flags=re.S)
            if before is None:
                raise ValueError(f"{self.path.name} has no part marked <!-- {name} -->")
            text = text.replace(before[0], fresh)
        return text


PAGES = (
    Page(
        _HERE / "requests.md",
        {"states": _fenced, "transitions": table, "timetable": timetable},
    ),
)


def main() -> None:
    """Draw all pages."""
    for page in PAGES:
        page.path.write_text(page.drawn(page.path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

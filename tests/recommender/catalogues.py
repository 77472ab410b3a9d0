"""A small taxonomy, short ways of writing mentors and requests, and hypothesis strategies for both."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st

from recommender.model import (
    DirectionKey,
    Format,
    Goal,
    Level,
    Mentor,
    MentorId,
    PriceUnit,
    Request,
    SkillKey,
    Stars,
    Wish,
)
from recommender.snapshot import Snapshot, compile_snapshot
from recommender.taxonomy import Taxonomy

UNTIMED: Final = settings(deadline=None, max_examples=80)
"""How hypothesis looks for counterexamples here: without a clock, for machines differ."""

AT: Final = datetime(2026, 2, 1, 12, tzinfo=UTC)

_TOML: Final = """
roles = ["developer", "разработчик", "lead"]

[directions.backend]
ru = "Бэкенд"
en = "Backend"
aliases = ["Бэкендер"]

[directions.frontend]
ru = "Фронтенд"
en = "Frontend"
aliases = []

[directions.design]
ru = "Дизайн"
en = "Design"
aliases = ["Дизайнер"]

[directions.leadership]
ru = "Руководство"
en = "Leadership"
aliases = ["Тимлид"]

[skills]
java = { name = "Java", directions = ["backend"], aliases = [] }
spring = { name = "Spring", directions = ["backend"], aliases = [], parents = ["java"] }
python = { name = "Python", directions = ["backend"], aliases = ["Питон"] }
django = { name = "Django", directions = ["backend"], aliases = [], parents = ["python"] }
flask = { name = "Flask", directions = ["backend"], aliases = [], parents = ["python"] }
sql = { name = "SQL", directions = ["backend"], aliases = [] }
javascript = { name = "JavaScript", directions = ["frontend"], aliases = ["JS"] }
react = { name = "React", directions = ["frontend"], aliases = [], parents = ["javascript"] }
vue = { name = "Vue.js", directions = ["frontend"], aliases = [], parents = ["javascript"] }
html = { name = "HTML", directions = ["frontend", "design"], aliases = [] }
figma = { name = "Figma", directions = ["design"], aliases = [] }
interview_preparation = { ru = "Подготовка к собеседованию", en = "Interview preparation", aliases = [] }
"""


@lru_cache(maxsize=1)
def taxonomy() -> Taxonomy:
    """Four directions, two of them near each other and one no trade, and a dozen skills."""
    return Taxonomy.parse(_TOML)


def mentor(number: int, **fields: Any) -> Mentor:
    """A mentor with this id, who is a backend developer unless said otherwise."""
    fields.setdefault("directions", "backend")
    return Mentor(id=MentorId(number), **_split(fields))


def request(**fields: Any) -> Request:
    """A request; fields of several keys are written with blanks between."""
    return Request(**_split(fields))


def snapshot(*mentors: Mentor) -> Snapshot:
    """The mentors compiled with the small taxonomy."""
    return compile_snapshot(mentors, taxonomy(), at=AT)


def ids(cards: Iterable[Any]) -> list[int]:
    """Who is on the cards, in their order."""
    return [card.mentor_id for card in cards]


def _split(fields: dict[str, Any]) -> dict[str, Any]:
    kinds = {"goals": Goal, "formats": Format, "helps_levels": Level, "wishes": Wish}
    several = ("directions", "skills", "languages", *kinds)
    for name in several:
        value = fields.get(name)
        if isinstance(value, str):
            fields[name] = tuple(kinds.get(name, str)(key) for key in value.split())
    for name, kind in (("level", Level), ("price_unit", PriceUnit)):
        if isinstance(fields.get(name), str):
            fields[name] = kind(fields[name])
    return fields


_DIRECTIONS: Final = ("backend", "frontend", "design", "leadership")
_KNOWN: Final = "java spring python django flask sql javascript react vue html figma interview_preparation"
_SKILLS: Final = tuple(_KNOWN.split())
_FREE: Final = ("Apache Camel", "Camel", "COBOL", "REXX")
_ZONES: Final = ("Europe/Moscow", "Asia/Vladivostok", "America/New_York", "Europe/Belgrade", "Nowhere/Land")
_TITLES: Final = ("", "Java developer", "Фронтенд-разработчик", "Дизайнер", "React lead", "Backend")
_ABOUTS: Final = (
    "",
    "Помогу подготовиться к собеседованию",
    "Учу Python и Django, разбираю код",
    "Хочу стать бэкендером, знаю Java",
    "Рисую в Figma, перехожу в дизайн, боюсь собеседований",
    "Работал с Apache Camel и COBOL",
)


_RATINGS: Final = (
    Stars(mean=4.8, lower=4.53, upper=5.07, count=0),
    Stars(mean=4.95, lower=4.8, upper=5.1, count=14),
    Stars(mean=3.4, lower=3.1, upper=3.7, count=3),
)


def _some(values: Sequence[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


_MENTORS: Final = st.fixed_dictionaries(
    {
        "title": st.sampled_from(_TITLES),
        "company": st.sampled_from(("", "Ромашка", "Лютик")),
        "about": st.sampled_from(_ABOUTS),
        "directions": _some([DirectionKey(key) for key in _DIRECTIONS], 2),
        "skills": _some([SkillKey(key) for key in _SKILLS], 6),
        "free_skills": _some(_FREE, 2),
        "years": _maybe(st.sampled_from((0.0, 2.0, 4.0, 12.0))),
        "level": _maybe(st.sampled_from(Level)),
        "helps_levels": _some(list(Level), 3),
        "goals": _some(list(Goal), 3),
        "formats": _some(list(Format), 2),
        "languages": _some(("ru", "en", "de"), 2),
        "timezone": _maybe(st.sampled_from(_ZONES)),
        "price": _maybe(st.sampled_from((0.0, 1500.0, 3000.0, 3500.0, 20000.0))),
        "currency": st.sampled_from(("RUB", "RUB", "USD", "XXX")),
        "price_unit": st.sampled_from(PriceUnit),
        "capacity": _maybe(st.integers(0, 3)),
        "reviews": st.sampled_from(
            ((0, 0.0), (4, 0.0), (1, 2.0), (3, 13.5), (12, 54.0), (12, 60.0), (30, 144.0))
        ),
        "rating": st.sampled_from((None, None, *_RATINGS)),
        "answers": st.sampled_from(
            ((0, 0, None), (2, 2, 1.0), (5, 5, 3.5), (5, 4, 60.0), (8, 2, 20.0), (4, 0, None))
        ),
        "confirmed_days": _maybe(st.sampled_from((0.0, 30.0, 200.0))),
        "active": st.sampled_from((True, True, True, False)),
    }
)
_REQUESTS: Final = st.fixed_dictionaries(
    {
        "directions": _some([DirectionKey(key) for key in _DIRECTIONS], 2),
        "goals": _some(list(Goal), 3),
        "level": _maybe(st.sampled_from(Level)),
        "skills": _some([SkillKey(key) for key in _SKILLS], 3),
        "free_skills": _some(_FREE, 2),
        "budget": _maybe(st.sampled_from((0.0, 2000.0, 3000.0, 12000.0))),
        "price_unit": st.sampled_from(PriceUnit),
        "currency": st.sampled_from(("RUB", "RUB", "USD")),
        "formats": _some(list(Format), 2),
        "languages": _some(("ru", "en", "fr"), 2),
        "timezone": _maybe(st.sampled_from(_ZONES)),
        "about": st.sampled_from(_ABOUTS),
        "wishes": _some(list(Wish), 2),
    }
)


def _named(first: int, found: list[dict[str, Any]]) -> list[Mentor]:
    mentors = []
    for place, fields in enumerate(found):
        count, total = fields["reviews"]
        asked, answered, hours = fields["answers"]
        mentors.append(
            Mentor(
                id=MentorId(first + 7 * place),
                reviews_count=count,
                rating_sum=total,
                requests_asked=asked,
                requests_answered=answered,
                answer_hours=hours,
                **{name: value for name, value in fields.items() if name not in ("reviews", "answers")},
            )
        )
    return mentors


def catalogues() -> st.SearchStrategy[list[Mentor]]:
    """Up to eight mentors of any kind."""
    return st.builds(_named, st.integers(1, 500), st.lists(_MENTORS, max_size=8))


def requests() -> st.SearchStrategy[Request]:
    """Any request, the empty one included."""
    return _REQUESTS.map(lambda fields: Request(**fields))

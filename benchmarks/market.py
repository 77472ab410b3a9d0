"""Invented mentors and students with the proportions of a real market, as many as a benchmark asks for."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.model import (
    DirectionKey,
    Format,
    Goal,
    Level,
    Mentor,
    MentorId,
    Request,
    SkillKey,
)
from recommender.taxonomy import load_default

_DIRECTIONS: Final = {
    "leadership": 379,
    "product": 226,
    "project": 225,
    "backend": 144,
    "marketing": 101,
    "design": 95,
    "frontend": 79,
    "business_analysis": 69,
    "system_analysis": 54,
    "qa": 49,
    "mobile": 45,
    "hr": 42,
    "data_science": 36,
    "devops": 29,
    "gamedev": 22,
    "data_engineering": 18,
    "one_c": 10,
    "security": 8,
}
_PRICES: Final = (2916, 3456, 3645, 4374, 5102, 5109, 6000, 7291, 10207, 36454)
_LENGTHS: Final = (3, 7, 10, 12, 14, 17, 20, 24, 29, 37, 184)
_ZONES: Final = ("Europe/Moscow",) * 16 + (
    "Asia/Yekaterinburg",
    "Asia/Krasnoyarsk",
    "Europe/Kaliningrad",
    "Europe/Belgrade",
    "Europe/Samara",
    "Asia/Tbilisi",
    "Asia/Vladivostok",
    "America/New_York",
    "Europe/Berlin",
)
_TEXT: Final = (
    "помогу подготовиться к собеседованию составить резюме найти первую работу вырасти до следующего "
    "грейда разобрать архитектуру сервиса провести ревью кода поставить процессы в команде запустить "
    "продукт посчитать экономику выбрать стек перейти в другую роль получить оффер опыт больше "
    "десяти лет в крупных компаниях стартапах банках ритейле работал с высокими нагрузками "
    "распределёнными системами проводил сотни интервью нанимал руководил отделом строил команды с "
    "нуля люблю объяснять сложное простыми словами отвечаю быстро занимаюсь индивидуально составляю "
    "план даю обратную связь домашние задания практика проекты портфолио"
)
_WORDS: Final = tuple(_TEXT.split())


@lru_cache(maxsize=1)
def _homes() -> dict[DirectionKey, tuple[SkillKey, ...]]:
    """The skills of each direction, in the taxonomy's order."""
    taxonomy = load_default()
    return {
        key: tuple(skill.key for skill in taxonomy.skills.values() if key in skill.directions)
        for key in taxonomy.directions
    }


def mentors(count: int, seed: int) -> Iterator[Mentor]:
    """So many invented mentors, the same for the same seed."""
    rng = np.random.default_rng(seed)
    for number in range(1, count + 1):
        yield _mentor(MentorId(number), rng)


def _mentor(mentor_id: MentorId, rng: np.random.Generator) -> Mentor:
    directions = _directions(rng)
    reviews = 0 if rng.random() < 0.584 else int(rng.geometric(0.22))
    level = list(Level)[int(rng.choice(6, p=(0.0, 0.02, 0.18, 0.4, 0.25, 0.15)))]
    return Mentor(
        id=mentor_id,
        title=f"{level} {load_default().direction_name(directions[0], 'en')}",
        company=f"Company {rng.integers(300)}" if rng.random() < 0.86 else "",
        about=" ".join(_some(_WORDS, int(rng.integers(20, 90)), rng)),
        directions=directions,
        skills=_skills(directions, rng),
        years=float(rng.integers(1, 20)),
        level=level,
        goals=tuple(Goal(one) for one in _some(tuple(Goal), int(rng.integers(0, 5)), rng)),
        formats=tuple(Format(one) for one in _some(tuple(Format), int(rng.integers(0, 3)), rng)),
        languages=("ru", "en") if rng.random() < 0.2 else ("ru",),
        timezone=_ZONES[int(rng.integers(len(_ZONES)))],
        price=None if rng.random() < 0.05 else float(_PRICES[int(rng.integers(len(_PRICES)))]),
        capacity=int(rng.integers(0, 7)),
        reviews_count=reviews,
        rating_sum=float(np.minimum(5, rng.poisson(0.2, reviews) * -1 + 5).sum()) if reviews else 0.0,
        confirmed_days=float(rng.integers(0, 200)),
    )


def _directions(rng: np.random.Generator) -> tuple[DirectionKey, ...]:
    weights: NDArray[np.float64] = np.array(list(_DIRECTIONS.values()), dtype=np.float64)
    keys = rng.choice(list(_DIRECTIONS), int(rng.integers(1, 4)), replace=False, p=weights / weights.sum())
    return tuple(DirectionKey(str(key)) for key in keys)


def _skills(directions: tuple[DirectionKey, ...], rng: np.random.Generator) -> tuple[SkillKey, ...]:
    step = int(rng.integers(len(_LENGTHS) - 1))
    # Only one list in ten thousand is as long as the longest.
    longest = _LENGTHS[step + 1] if step < len(_LENGTHS) - 2 or rng.random() < 0.001 else 50
    length = int(rng.integers(_LENGTHS[step], longest))
    home = [skill for key in directions for skill in _homes()[key]]
    # The first skills of a direction are the frequent ones.
    places = np.minimum(rng.exponential(len(home) / 4, length).astype(int), len(home) - 1)
    return tuple(dict.fromkeys(home[place] for place in places))


def _some(values: tuple[str, ...], count: int, rng: np.random.Generator) -> list[str]:
    return [values[int(place)] for place in rng.choice(len(values), min(count, len(values)), replace=False)]


def requests(count: int, seed: int) -> list[Request]:
    """So many invented students who answer everything, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return [_request(number, rng) for number in range(count)]


def _request(number: int, rng: np.random.Generator) -> Request:
    directions = _directions(rng)[:1]
    home = _homes()[directions[0]]
    return Request(
        id=str(number),
        directions=directions,
        goals=tuple(Goal(one) for one in _some(tuple(Goal), 2, rng)),
        level=list(Level)[int(rng.integers(4))],
        skills=tuple(SkillKey(one) for one in _some(home[:20], 4, rng)),
        budget=float(rng.integers(3, 11) * 1000),
        formats=(list(Format)[int(rng.integers(3))],),
        languages=("ru",),
        timezone=_ZONES[int(rng.integers(len(_ZONES)))],
        about=" ".join(_some(_WORDS, 15, rng)),
    )

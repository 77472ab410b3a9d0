"""Write mentors.csv, newcomers.csv and later.csv: invented mentors after the distributions of a real market.

python -m demo.make_mentors [--rows N] [--seed S] [--out FILE] [--newcomers FILE] [--later FILE]

The same for the same seed. The newcomers come after the others, so that the channel has whom to announce, and
the later ones after some days, when students have answered: two of them fit what many students ask for.
"""

import argparse
import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import accumulate
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

from demo import prose
from demo.market import Plan, plans
from recommender.model import DirectionKey, Level, SkillKey
from recommender.taxonomy import Taxonomy, load_default

ROWS = 400
SEED = 2026
FILE = Path(__file__).with_name("mentors.csv")
NEWCOMERS = 13
#: So many of them are there from the start.
AT_THE_START = 6
NEWCOMERS_SEED = 31
NEWCOMERS_FILE = Path(__file__).with_name("newcomers.csv")
LATER_FILE = Path(__file__).with_name("later.csv")
COLUMNS = (
    "external_id", "name", "telegram", "title", "company", "directions", "skills", "years", "level",
    "helps_levels", "goals", "formats", "languages", "timezone", "price", "currency", "price_unit",
    "capacity", "about", "tier", "reviews_count", "rating_sum", "sessions",
)  # fmt: skip

#: Whom a person at the demo can play: the local Telegram has her as somebody with this handle.
VERA = {
    "external_id": "demo-vera",
    "name": "Вера Новикова",
    "telegram": "@vera_mentor",
    "title": "Senior Python Developer",
    "company": "Облачный Дом",
    "directions": "Бэкенд",
    "skills": "Python, PostgreSQL, FastAPI, Docker, Код-ревью, Подготовка к собеседованию",
    "years": "8",
    "level": "senior",
    "helps_levels": "novice, junior, middle",
    "goals": "interviews, code_review, next_grade",
    "formats": "one_off, regular",
    "languages": "ru, en",
    "timezone": "Europe/Moscow",
    "price": "3500",
    "currency": "RUB",
    "price_unit": "hour",
    "capacity": "3",
    "about": "Восемь лет пишу сервисы на Python. Разберу ваш код и резюме, проведу пробное собеседование"
    " и составлю план роста до middle.",
}
#: Who fits a student of the backend with Python who prepares for interviews.
TIMUR = {
    "external_id": "demo-timur",
    "name": "Тимур Ольховский",
    "telegram": "@demo_olkhovsky",
    "title": "Python-разработчик, провожу собеседования",
    "company": "Вереск Софт",
    "directions": "Бэкенд",
    "skills": "Python, PostgreSQL, Django, FastAPI, SQL, Docker, Подготовка к собеседованию",
    "years": "7",
    "level": "senior",
    "helps_levels": "novice, junior, middle",
    "goals": "interviews, first_job, next_grade, cv",
    "formats": "one_off, regular",
    "languages": "ru, en",
    "timezone": "Europe/Moscow",
    "price": "3000",
    "currency": "RUB",
    "price_unit": "hour",
    "about": "Провёл больше сотни собеседований на бэкенд. Устрою пробное, покажу, где теряете баллы,"
    " и подскажу, как проектировать сервисы на Python увереннее.",
}
#: And who fits one of the frontend.
ALISA = {
    "external_id": "demo-alisa",
    "name": "Алиса Рябинкина",
    "telegram": "@demo_ryabinkina",
    "title": "Senior Frontend-разработчик (React)",
    "company": "Мастерская Интерфейсов",
    "directions": "Фронтенд",
    "skills": "JavaScript, TypeScript, React, HTML, CSS, Код-ревью, Подготовка к собеседованию",
    "years": "8",
    "level": "senior",
    "helps_levels": "novice, junior, middle",
    "goals": "interviews, first_job, code_review, cv",
    "formats": "one_off, regular",
    "languages": "ru",
    "timezone": "Europe/Samara",
    "price": "2900",
    "currency": "RUB",
    "price_unit": "hour",
    "about": "Помогаю дойти до первой работы во фронтенде: разбираю учебные проекты, готовлю к собеседованию,"
    " учу читать чужой код.",
}
#: What a newcomer has not got yet, and a place for the first student.
_NEW = {"capacity": "3", "tier": "common", "reviews_count": "0", "rating_sum": "0", "sessions": "0"}

Pool = tuple[list[SkillKey], list[float]]

_DEFAULT_WEIGHT = 3.0
_WITH_COMPANY = 0.86
_ALIAS, _SMALL, _UNKNOWN = 0.25, 0.12, 0.15
_GOAL_OF_SKILL = {
    "interview_preparation": "interviews",
    "mock_interview": "interviews",
    "cv_writing": "cv",
    "job_search": "first_job",
    "career_growth": "next_grade",
    "career_change": "switch",
    "salary_negotiation": "raise",
    "code_review": "code_review",
}
_LEVELS_OF_YEARS = ((4, Level.MIDDLE), (9, Level.SENIOR), (100, Level.LEAD))


def mentors(rows: int = ROWS, seed: int = SEED, *, first: int = 1) -> Iterator[dict[str, str]]:
    """That many rows of the file, by its columns, numbered from ``first``."""
    # Reproducible invention is the point here, not secrecy.
    rng = Random(seed)  # noqa: S311
    material = tomllib.loads(files("demo").joinpath("mentors.toml").read_text(encoding="utf-8"))
    writer = _Writer(material, load_default(), rng)
    for number, plan in enumerate(plans(rows, material, rng), start=first):
        yield writer.row(number, plan)


def newcomers() -> Iterator[dict[str, str]]:
    """Those whom the channel has to announce from the start: nobody has met them yet."""
    yield from _new(VERA, *_drawn_newcomers()[:AT_THE_START])


def later() -> Iterator[dict[str, str]]:
    """Those who come after some days, the ones that fit many students first: so they are announced soon."""
    yield from _new(TIMUR, ALISA, *_drawn_newcomers()[AT_THE_START:])


def _drawn_newcomers() -> list[dict[str, str]]:
    return list(mentors(NEWCOMERS, NEWCOMERS_SEED, first=ROWS + 1))


def _new(*rows: Mapping[str, str]) -> Iterator[dict[str, str]]:
    return ({**row, **_NEW} for row in rows)


@dataclass
class _Writer:
    """Turns plans into rows."""

    material: Mapping[str, Any]
    taxonomy: Taxonomy
    rng: Random
    pools: dict[tuple[str, ...], Pool] = field(default_factory=dict)

    def row(self, number: int, plan: Plan) -> dict[str, str]:
        rng = self.rng
        who = prose.person(number, self.material, rng)
        skills = self._skills(plan)
        names = [self.taxonomy.skill_name(key, "ru") for key in self._own(skills, plan)]
        years = rng.randint(7, 22) if "leadership" in plan.directions else rng.randint(2, 15)
        level = self._level(years, plan)
        company = rng.choice(self.material["companies"]["names"])
        direction = self.taxonomy.direction_name(plan.main, "ru")
        row = {
            "external_id": f"demo-{number:04}",
            "name": who.name,
            "telegram": f"@{who.handle}" if rng.random() < 0.8 else f"https://t.me/{who.handle}",
            "title": prose.title(plan, level, names[0], company, self.material, rng),
            "company": company if rng.random() < _WITH_COMPANY else "",
            "directions": self._directions(plan),
            "skills": ", ".join(self._spelt(skills)),
            "years": rng.choice((str(years), str(years), f"{years}+")),
            "level": level,
            "helps_levels": ", ".join(one for one in Level if one.rank < level.rank or one is Level.NOVICE),
            "goals": ", ".join(self._goals(skills, plan)),
            "formats": self._formats(),
            "languages": rng.choice(("ru", "ru", "ru", "ru, en", "Русский, английский")),
            "timezone": self._timezone(),
            "capacity": rng.choice(("", "0", "1", "2", "2", "3", "3", "4", "5", "6", "7")),
            "about": prose.about(who, years, names, direction, self.material, rng),
            "sessions": str(plan.sessions),
        }
        return {**row, **self._price(plan), **self._reviews(plan)}

    def _directions(self, plan: Plan) -> str:
        language = self.rng.choice(("ru", "ru", "en", "key"))
        keys = plan.directions
        return ", ".join(
            key if language == "key" else self.taxonomy.direction_name(key, language) for key in keys
        )

    def _skills(self, plan: Plan) -> list[SkillKey]:
        """Career skills by their shares, the rest from the mentor's directions by how often each is named."""
        pool, _ = self._pool(plan.directions)
        chosen: dict[SkillKey, None] = {self.rng.choice(self._own(pool, plan)): None}
        for key, share in self.material["career_skills"].items():
            if self.rng.random() < share:
                chosen[SkillKey(key)] = None
        neighbours = tuple(self.material["neighbours"][plan.main])
        for directions in (plan.directions, plan.directions + neighbours, tuple(self.material["directions"])):
            self._draw(chosen, plan.skills, directions)
        keys = list(chosen)[: plan.skills]
        self.rng.shuffle(keys)
        return keys

    def _draw(self, chosen: dict[SkillKey, None], wanted: int, directions: tuple[str, ...]) -> None:
        """Draw until enough are chosen, or as many as one may ask of this pool."""
        pool, weights = self._pool(directions)
        for _ in range(4):
            missing = min(wanted, len(pool)) - len(chosen)
            if missing > 0:
                chosen.update(dict.fromkeys(self.rng.choices(pool, cum_weights=weights, k=missing)))

    def _pool(self, directions: tuple[str, ...]) -> Pool:
        """The skills of these directions, with running sums of their weights; the main one's count double."""
        if directions not in self.pools:
            weights = self.material["skill_weights"]
            pool = [
                key for key, skill in self.taxonomy.skills.items() if set(directions) & set(skill.directions)
            ]
            own = [directions[0] in self.taxonomy.skills[key].directions[:1] for key in pool]
            shares = [
                sqrt(weights.get(key, _DEFAULT_WEIGHT)) * (1 + mine)
                for key, mine in zip(pool, own, strict=True)
            ]
            self.pools[directions] = (pool, list(accumulate(shares)))
        return self.pools[directions]

    def _own(self, skills: list[SkillKey], plan: Plan) -> list[SkillKey]:
        """The skills that speak for the main direction."""
        main = DirectionKey(plan.main)
        return [key for key in skills if self.taxonomy.skills[key].directions[:1] == (main,)]

    def _spelt(self, keys: list[SkillKey]) -> Iterator[str]:
        """The skills as this mentor happens to write them; now and then one that nobody knows."""
        language = self.rng.choice(("ru", "ru", "en"))
        for key in keys:
            skill = self.taxonomy.skills[key]
            plain = [alias for alias in skill.aliases[:4] if not set(alias) & set(",;|/&")]
            text = skill.names[language]
            if plain and self.rng.random() < _ALIAS:
                text = self.rng.choice(plain)
            yield text.lower() if self.rng.random() < _SMALL else text
        if self.rng.random() < _UNKNOWN:
            yield self.rng.choice(self.material["free_skills"]["names"])

    def _level(self, years: int, plan: Plan) -> Level:
        if "leadership" in plan.directions and years > 9:
            return self.rng.choice((Level.LEAD, Level.HEAD))
        return next(level for most, level in _LEVELS_OF_YEARS if years <= most)

    def _goals(self, skills: list[SkillKey], plan: Plan) -> list[str]:
        goals = {_GOAL_OF_SKILL[key]: None for key in skills if key in _GOAL_OF_SKILL}
        if "leadership" in plan.directions:
            goals["leading"] = None
        return list(goals) or [self.rng.choice(("next_grade", "first_job", "code_review"))]

    def _formats(self) -> str:
        shares = (("one_off", 0.85), ("regular", 0.75), ("after_offer", 0.12))
        return ", ".join(name for name, share in shares if self.rng.random() < share) or "one_off"

    def _timezone(self) -> str:
        zones: Mapping[str, Any] = self.material["timezones"]
        names = [name for name, _ in zones["main"]]
        shares = [share for _, share in zones["main"]]
        (zone,) = self.rng.choices([*names, ""], weights=[*shares, 1 - sum(shares)])
        zone = zone or self.rng.choice(zones["others"])
        spellings = zones["spellings"].get(zone)
        return str(self.rng.choice(spellings) if spellings and self.rng.random() < 0.3 else zone)

    def _price(self, plan: Plan) -> dict[str, str]:
        """Mostly roubles an hour; some by month, by meeting or as a share of the offer, a few free."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.02:
            return {"price": "бесплатно", "currency": "", "price_unit": ""}
        if kind < 0.05:
            return {
                "price": f"{rng.randrange(50, 121, 10)}%",
                "currency": "",
                "price_unit": "offer_share",
            }
        if kind < 0.10:
            return {"price": str(plan.price * 5), "currency": "RUB", "price_unit": "month"}
        text = str(plan.price)
        if kind < 0.25:
            text = rng.choice(
                (f"{plan.price:,} ₽".replace(",", " "), f"от {plan.price}", f"{plan.price} руб")
            )
        return {"price": text, "currency": "RUB", "price_unit": "session" if kind > 0.95 else "hour"}

    def _reviews(self, plan: Plan) -> dict[str, str]:
        stars = self.rng.choices((5, 4, 3, 2, 1), weights=(86, 9, 3, 1, 1), k=plan.reviews)
        good = plan.reviews >= 10 and sum(stars) >= 4.8 * plan.reviews
        return {
            "tier": "elite" if good and self.rng.random() < 0.7 else "common",
            "reviews_count": str(plan.reviews),
            "rating_sum": str(sum(stars)),
        }


def write(rows: Iterable[Mapping[str, str]], out: Path) -> None:
    """Write a file, a row at a time."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.make_mentors", description="Invent mentors.")
    parser.add_argument("--rows", type=int, default=ROWS, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="other mentors for another seed")
    parser.add_argument("--out", type=Path, default=FILE, help="the CSV file to write (default: %(default)s)")
    parser.add_argument(
        "--newcomers", type=Path, default=NEWCOMERS_FILE, help="the other CSV file (default: %(default)s)"
    )
    parser.add_argument(
        "--later", type=Path, default=LATER_FILE, help="the third CSV file (default: %(default)s)"
    )
    arguments = parser.parse_args()
    write(mentors(arguments.rows, arguments.seed), arguments.out)
    write(newcomers(), arguments.newcomers)
    write(later(), arguments.later)


if __name__ == "__main__":
    main()

"""What demo mentors are called and what they write about themselves, out of the sentences of mentors.toml."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from demo.market import Plan
from recommender.model import Level

_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_GRADES = {
    Level.MIDDLE: ("Middle", "Middle+"),
    Level.SENIOR: ("Senior", "Senior", "Старший", "Ведущий"),
    Level.LEAD: ("Lead", "Senior", "Ведущий"),
    Level.HEAD: ("Lead", "Principal"),
}
_IN_ENGLISH = 0.08
_WITH_TAIL = 0.45
_LEADS = 0.66


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    name: str
    handle: str
    woman: bool


def person(number: int, material: Mapping[str, Any], rng: Random) -> Person:
    """Somebody whose handle nobody has: it begins with "demo" and ends with the number."""
    woman = rng.random() < 0.45
    first = rng.choice(material["people"]["women" if woman else "men"])
    surname: str = rng.choice(material["people"]["surnames"])
    latin = "".join(material["people"]["latin"][letter] for letter in surname.lower())
    return Person(f"{first} {_of_woman(surname) if woman else surname}", f"demo_{latin}_{number}", woman)


def _of_woman(surname: str) -> str:
    if surname.endswith(("ий", "ый", "ой")):
        return f"{surname[:-2]}ая"
    return surname if surname.endswith("чук") else f"{surname}а"


def years_in_words(years: int) -> str:
    """5 лет, 1 год, 3 года."""
    if years % 10 == 1 and years % 100 != 11:
        return f"{years} год"
    if years % 10 in (2, 3, 4) and years % 100 not in (12, 13, 14):
        return f"{years} года"
    return f"{years} лет"


def title(
    plan: Plan, level: Level, skill: str, company: str, material: Mapping[str, Any], rng: Random
) -> str:
    """A free title as people write them: in Russian, in English, or both."""
    leads = "leadership" in plan.directions and rng.random() < _LEADS
    text: str = rng.choice(material["titles"][plan.main]["lead" if leads else "plain"])
    if rng.random() < _WITH_TAIL:
        text = f"{text}{rng.choice((' | ', ', ', ' / '))}{rng.choice(material['title_tails']['texts'])}"
    return text.format(
        grade=rng.choice(_GRADES[level]),
        skill=skill,
        company=company,
        domain=f"опыт в {rng.choice(material['domains']['in'])}",
        other=_other_title(plan, material, rng),
    )


def _other_title(plan: Plan, material: Mapping[str, Any], rng: Random) -> str:
    plain = [text for text in material["titles"][plan.directions[-1]]["plain"] if "{" not in text]
    return str(rng.choice(plain))


def about(
    who: Person,
    years: int,
    skills: Sequence[str],
    direction: str,
    material: Mapping[str, Any],
    rng: Random,
) -> str:
    """One to four sentences in the person's own voice, a few of them in English."""
    texts = material["about"]
    sentences = _in_english(texts, rng) if rng.random() < _IN_ENGLISH else _in_russian(texts, rng)
    first, second = (*rng.sample(list(skills), min(2, len(skills))), skills[0])[:2]
    domain = f"в {rng.choice(material['domains']['in'])}"
    return _gendered(" ".join(sentences), who.woman).format(
        years=years_in_words(years),
        years_en="a year" if years == 1 else f"{years} years",
        skill_a=first,
        skill_b=second,
        direction=_inside_a_sentence(direction),
        domain=domain,
        domain_in=domain.removeprefix("в "),
    )


def _inside_a_sentence(name: str) -> str:
    """«Управление командой» begins small there; «DevOps», «1С» and «HR и рекрутинг» do not change."""
    return name if name[0].isascii() else name[0].lower() + name[1:]


def _in_russian(texts: Mapping[str, Any], rng: Random) -> list[str]:
    length = rng.randint(1, 4)
    kinds = ["opening", "help", "style", "closing"]
    if length == 1:
        return [rng.choice(texts[rng.choice(kinds[:2])])]
    kept = sorted(rng.sample(range(4), length))
    return [rng.choice(texts[kinds[index]]) for index in kept]


def _in_english(texts: Mapping[str, Any], rng: Random) -> list[str]:
    count = rng.randint(2, 4)
    kept = sorted(rng.sample(range(len(texts["english"])), count))
    return [texts["english"][index] for index in kept]


def _gendered(text: str, woman: bool) -> str:
    return _CHOICE.sub(lambda match: match[2] if woman else match[1], text)

"""A request as one snapshot understands it: numbers instead of names, and what was only said in words."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import Catalogue
from recommender.model import DirectionKey, Goal, Request, SkillKey
from recommender.skills import rarity
from recommender.traits import GOALS_OF_SKILLS
from recommender.weights import NO_TRADES, RECOGNISED, RECOGNISED_TRADE
from recommender.words import stems, tokens


@dataclass(frozen=True, slots=True)
class Asked:
    """One asked skill: ``key`` of the taxonomy, or None for a free one, which is looked for as a phrase.

    ``label`` is what the student called it, ``picked`` False where it was only recognised in their words.
    ``match`` is how far each row answers for it, shape (n,), and ``titled`` the rows whose title says it.
    """

    label: str
    key: SkillKey | None
    picked: bool
    weight: float
    match: NDArray[np.float32]
    titled: NDArray[np.int64] | NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Query:
    """The request and what it asks for; ``named`` is False for directions only recognised in words.

    ``trades`` are the directions recognised in words beside picked ones that are no trade, and
    ``recognised`` is what the skills and trades count for that were only recognised. Goals are without
    "other", which says nothing about a mentor.
    """

    request: Request
    directions: tuple[DirectionKey, ...]
    named: bool
    trades: tuple[DirectionKey, ...]
    recognised: float
    goals: tuple[Goal, ...]
    asked: tuple[Asked, ...]
    stems: tuple[int, ...]

    @property
    def picked(self) -> tuple[Asked, ...]:
        """The skills the student picked or typed as skills."""
        return tuple(one for one in self.asked if one.picked)


def understand(snapshot: Catalogue, request: Request) -> Query:
    """Read a request by a snapshot's taxonomy and vocabulary."""
    heard = snapshot.taxonomy.directions_in(request.about)
    directions = request.directions or heard
    tradeless = bool(request.directions) and NO_TRADES.issuperset(request.directions)
    recognised = RECOGNISED_TRADE if tradeless else RECOGNISED
    mentioned = snapshot.taxonomy.skills_in(request.about)
    goals = request.goals or (GOALS_OF_SKILLS[key] for key in mentioned if key in GOALS_OF_SKILLS)
    skills = [key for key in mentioned if key not in GOALS_OF_SKILLS]
    return Query(
        request=request,
        directions=tuple(dict.fromkeys(directions)),
        named=bool(request.directions),
        trades=tuple(key for key in heard if key not in NO_TRADES) if tradeless else (),
        recognised=recognised,
        goals=tuple(goal for goal in dict.fromkeys(goals) if goal is not Goal.OTHER),
        asked=tuple(_asked(snapshot, request, skills, recognised)),
        stems=snapshot.stems.known(stems(request.about)),
    )


def _asked(
    snapshot: Catalogue, request: Request, mentioned: list[SkillKey], recognised: float
) -> Iterable[Asked]:
    found = {text: snapshot.taxonomy.find_skill(text) for text in request.free_skills}
    picked = dict.fromkeys((*request.skills, *(key for key in found.values() if key)))
    yield from (_known(snapshot, key, 1.0, picked=True) for key in picked)
    unknown = {tuple(tokens(text)): text for text, key in found.items() if key is None}
    yield from (_free(snapshot, text, phrase) for phrase, text in unknown.items() if phrase)
    yield from (_known(snapshot, key, recognised, picked=False) for key in mentioned if key not in picked)


def _known(snapshot: Catalogue, key: SkillKey, strength: float, *, picked: bool) -> Asked:
    return Asked(
        label=key,
        key=key,
        picked=picked,
        weight=snapshot.skills.rarity(key) * strength,
        match=snapshot.skills.match(key),
        titled=snapshot.skills.titled_rows(key),
    )


def _free(snapshot: Catalogue, text: str, phrase: tuple[str, ...]) -> Asked:
    match = snapshot.phrases.match(phrase)
    having = int(np.count_nonzero(match))
    return Asked(
        label=text,
        key=None,
        picked=True,
        # Words that nobody says tell nobody apart, and would only drown the skills that do.
        weight=rarity(having, len(snapshot)) if having else 0.0,
        match=match,
        titled=np.zeros(0, dtype=np.int64),
    )

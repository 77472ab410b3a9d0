"""How a market of mentors is spread: sessions, reviews, prices, skills and directions, drawn together.

Every quantity is drawn by strata (one value from each n-th of its distribution), so that even 400 mentors
have the market's deciles.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from random import Random
from typing import Any

Points = Sequence[tuple[float, float]]

# How far the number of reviews strays from the number of sessions. No more than the gap between the shares of
# mentors without reviews (58 %) and without sessions (17.5 %), or somebody never met would be reviewed.
_REVIEW_NOISE = 0.38
# How far a lower price goes with more sessions: Spearman's -0.18.
_PRICE_PULL = 0.19


@dataclass(frozen=True, slots=True)
class Plan:
    """What the market decides about one mentor."""

    directions: tuple[str, ...]
    sessions: int
    reviews: int
    price: int
    skills: int

    @property
    def main(self) -> str:
        """The direction the mentor's title is about."""
        return self.directions[0]


def plans(rows: int, market: Mapping[str, Any], rng: Random) -> Iterator[Plan]:
    """The plans of that many mentors."""
    shapes = market["distributions"]
    sessions = strata(rows, rng)
    reviews = ranks([place + rng.uniform(-_REVIEW_NOISE, _REVIEW_NOISE) for place in sessions])
    prices = ranks([rng.random() - _PRICE_PULL * place for place in sessions])
    skills = strata(rows, rng)
    for index, directions in enumerate(draw_directions(rows, market, rng)):
        met = quantile(shapes["sessions"], sessions[index])
        yield Plan(
            directions=directions,
            sessions=met,
            reviews=min(met, quantile(shapes["reviews"], reviews[index])),
            price=quantile(shapes["price"], prices[index]),
            skills=quantile(shapes["skills"], skills[index]),
        )


def strata(count: int, rng: Random) -> list[float]:
    """One place in [0, 1) from each n-th of it, in random order."""
    places = [(number + rng.random()) / count for number in range(count)]
    rng.shuffle(places)
    return places


def ranks(values: Sequence[float]) -> list[float]:
    """The place in (0, 1) of each value among all."""
    order = sorted(range(len(values)), key=values.__getitem__)
    places = [0.0] * len(values)
    for rank, index in enumerate(order):
        places[index] = (rank + 0.5) / len(values)
    return places


def quantile(points: Points, place: float) -> int:
    """The whole number at a place of a distribution given by points of its inverse."""
    index = min(bisect_right([share for share, _ in points], place), len(points) - 1)
    (left, low), (right, high) = points[index - 1], points[index]
    return round(low + (high - low) * (place - left) / (right - left))


def draw_directions(rows: int, market: Mapping[str, Any], rng: Random) -> list[tuple[str, ...]]:
    """Each mentor's directions, the main one first; in all, each is named as often as the market names it."""
    shares: Mapping[str, tuple[float, float]] = market["directions"]
    mains = _by_share(rows, {name: main for name, (main, _) in shares.items()}, rng)
    found: list[list[str]] = [[main] for main in mains]
    for name, (_, named) in shares.items():
        wanted = round(rows * named) - mains.count(name)
        for index in _readiest(mains, name, market["neighbours"], wanted, rng):
            found[index].append(name)
    return [tuple(names) for names in found]


def _by_share(rows: int, shares: Mapping[str, float], rng: Random) -> list[str]:
    names = list(shares)
    drawn = [name for name in names for _ in range(round(rows * shares[name]))]
    drawn += rng.choices(names, weights=list(shares.values()), k=max(rows - len(drawn), 0))
    rng.shuffle(drawn)
    return drawn[:rows]


def _readiest(
    mains: Sequence[str],
    name: str,
    neighbours: Mapping[str, Mapping[str, float]],
    wanted: int,
    rng: Random,
) -> list[int]:
    """A weighted draw without replacement (Efraimidis and Spirakis): the smallest of exponential variates."""
    waits = [
        (-log(1.0 - rng.random()) / neighbours[main][name], index)
        for index, main in enumerate(mains)
        if name in neighbours[main]
    ]
    return [index for _, index in sorted(waits)[: max(wanted, 0)]]

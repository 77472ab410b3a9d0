"""Prices made comparable: one currency, one unit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from recommender.model import PriceUnit

SESSIONS_A_MONTH: Final = 4
"""A price per month pays for a session a week; a session is taken to last an hour."""

DEFAULT_RATES: Final[Mapping[str, float]] = MappingProxyType(
    {
        "RUB": 1.0,
        "USD": 90.0,
        "EUR": 100.0,
        "KZT": 0.18,
        "BYN": 28.0,
        "GEL": 33.0,
        "RSD": 0.85,
        "AMD": 0.23,
        "UZS": 0.007,
        "TRY": 2.2,
        "AED": 24.5,
        "ILS": 25.0,
    }
)
"""Roubles for one unit of a currency: rounded, good enough to compare a price with a budget."""


def per_session(
    amount: float, unit: PriceUnit, currency: str, rates: Mapping[str, float] = DEFAULT_RATES
) -> float | None:
    """Roubles for one session, or None where that cannot be said: a share of the offer, an unknown currency.

    >>> per_session(20_000, PriceUnit.MONTH, "RUB")
    5000.0
    """
    rate = rates.get(currency.upper())
    if rate is None or unit is PriceUnit.OFFER_SHARE:
        return None
    return amount * rate / _sessions(unit)


def from_session(roubles: float, unit: PriceUnit, currency: str, rates: Mapping[str, float]) -> float:
    """The reverse of :func:`per_session`: roubles for one session in another unit and currency.

    >>> from_session(500, PriceUnit.MONTH, "RUB", DEFAULT_RATES)
    2000.0
    """
    return roubles * _sessions(unit) / rates[currency.upper()]


def _sessions(unit: PriceUnit) -> int:
    return SESSIONS_A_MONTH if unit is PriceUnit.MONTH else 1

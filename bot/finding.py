"""One line of ``check``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``remedy`` empty: it is well."""

    what: str
    state: str
    remedy: str = ""

"""Time zones as hours from UTC at one moment."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def hours_from_utc(name: str | None, at: datetime) -> float:
    """The offset of an IANA time zone at a moment, in hours; NaN for an unknown or missing name.

    >>> from datetime import UTC
    >>> hours_from_utc("Asia/Kolkata", datetime(2026, 2, 1, tzinfo=UTC))
    5.5
    """
    if not name:
        return math.nan
    try:
        offset = at.astimezone(ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return math.nan
    return math.nan if offset is None else offset.total_seconds() / 3600

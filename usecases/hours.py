"""The platform's local hours: days and slots of its time zone, where clocks may be put forward and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The date on the wall at a moment."""
    return at.astimezone(zone).date()


def at_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC) a day's hour begins.

    An hour that is skipped in spring begins when the clocks have been put forward; one that comes twice in
    autumn, when it comes first.
    """
    # Through UTC and back: a wall time that does not exist comes out as the one an hour later.
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def is_between(at: datetime, zone: ZoneInfo, first: int, last: int) -> bool:
    """Whether the wall shows ``first`` o'clock or later, and not yet ``last``."""
    return first <= at.astimezone(zone).hour < last


def first_between(at: datetime, zone: ZoneInfo, first: int, last: int) -> datetime:
    """``at``, if that is between these hours; otherwise the next time it is ``first`` o'clock."""
    if is_between(at, zone, first, last):
        return at
    today = local_day(at, zone)
    opens = at_hour(today, first, zone)
    return opens if opens > at else at_hour(today + timedelta(days=1), first, zone)


def latest_slot(at: datetime, zone: ZoneInfo, weekday: int, hour: int) -> datetime:
    """The newest beginning of an hour of a weekday (1 is Monday) that is not after ``at``, in UTC."""
    today = local_day(at, zone)
    day = today - timedelta(days=(today.isoweekday() - weekday) % 7)
    slot = at_hour(day, hour, zone)
    return slot if slot <= at else at_hour(day - timedelta(days=7), hour, zone)

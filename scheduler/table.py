"""The one table of what happens by itself: its name, how often it comes, and what it does.

Every trigger is an interval. When something is due is said by rows and the database's clock, never by the
clock of the machine that a trigger reads: that one may be wrong, or another one than the demo's.
"""

from dataclasses import dataclass
from datetime import UTC

from apscheduler.triggers.interval import IntervalTrigger

from scheduler.ticks import Tick, Work


@dataclass(frozen=True, slots=True)
class Line:
    """One line; its function comes from where everything is put together."""

    name: str
    seconds: int
    does: str


#: In the order in which they run where several are due: a newcomer is announced before students are told.
TABLE = (
    Line("announcements", 60, "posts newcomers in the channel, and edits posts of those who stop or return"),
    Line("newcomers", 60, "tells students who agreed to it of a newcomer who fits them"),
    Line("digest", 30, "sends the weekly three mentors to students who agreed to it"),
    Line("activity", 300, "asks mentors whether they still mentor, and hides the silent ones"),
    Line("reminders", 60, "comes back to what was put off until now"),
    Line("requests", 60, "closes requests to mentors whom an import has removed, and tells their students"),
    Line("reviews", 3600, "shows moderators reviews that wait for them and were not shown yet"),
    Line("ratings", 3600, "computes all ratings anew, and how fast mentors answer"),
    Line("standings", 600, "once a night: who is elite, and who is below the bar"),
    Line("moderation", 30, "shows moderators what the delivery could not decide"),
    Line("housekeeping", 3600, "drops old messages, runs of ticks, broken updates and reminders"),
)
NAMES = tuple(line.name for line in TABLE)


def ticks(**works: Work) -> tuple[Tick, ...]:
    """The table with its functions, given by the ticks' names.

    Raises:
        ValueError: there is a function too many, or too few.
    """
    if works.keys() != set(NAMES):
        raise ValueError(f"not the ticks of the table: {sorted(works.keys() ^ set(NAMES))}")
    return tuple(
        Tick(line.name, IntervalTrigger(seconds=line.seconds, timezone=UTC), works[line.name], line.does)
        for line in TABLE
    )

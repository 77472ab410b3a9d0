"""The one table of what happens by itself: its name, when it comes, what is run, and what it does.

Every trigger is an interval. When something is due is said by rows and the database's clock, never by the
clock of the machine that a trigger reads: that one may be wrong, or another one than the demo's.
"""

from datetime import UTC

from apscheduler.triggers.interval import IntervalTrigger

from scheduler.ticks import Tick, Work

#: In the order in which they run where several are due: a newcomer is announced before students are told.
NAMES = ("announcements", "newcomers", "digest", "activity", "reminders", "moderation", "housekeeping")


def ticks(
    *,
    announcements: Work | None = None,
    newcomers: Work | None = None,
    digest: Work | None = None,
    activity: Work | None = None,
    reminders: Work | None = None,
    moderation: Work | None = None,
    housekeeping: Work | None = None,
) -> tuple[Tick, ...]:
    """Every tick there is a function for."""
    table = (
        ("announcements", 60, announcements, "posts newcomers in the channel, and edits posts of the closed"),
        ("newcomers", 60, newcomers, "tells students who agreed to it of a newcomer who fits them"),
        ("digest", 30, digest, "sends the weekly three mentors to students who agreed to it"),
        ("activity", 300, activity, "asks mentors whether they still mentor, and hides the silent ones"),
        ("reminders", 60, reminders, "comes back to what was put off until now"),
        ("moderation", 30, moderation, "shows moderators what the delivery could not decide"),
        ("housekeeping", 3600, housekeeping, "drops old rows of the outbox, of ticks and of broken updates"),
    )
    return tuple(
        Tick(name, IntervalTrigger(seconds=seconds, timezone=UTC), work, does)
        for name, seconds, work, does in table
        if work is not None
    )

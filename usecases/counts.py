"""What one run of a clock's tick came to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """``matched`` were looked at because something is due, ``enqueued`` got a message, ``skipped`` wait."""

    matched: int = 0
    enqueued: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.matched + other.matched, self.enqueued + other.enqueued, self.skipped + other.skipped
        )

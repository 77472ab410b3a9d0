"""The life of a request: its states, what leads from one to the next, and when the clock has its turn.

Everything that moves a request goes through :data:`TRANSITIONS`; what is not in it is refused. The clock's
steps are counted from ``turn_at``, the moment a request came into its state, and each from the one before it:
a bot that was away for a week still reminds before it gives up. docs/requests.md is drawn from here. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a request is. The first four wait for an answer, and each of them holds a place."""

    #: The mentor has it.
    SENT = "sent"
    #: The mentor has asked something, and the student is to reply.
    ASKED = "asked"
    #: The student has replied: the mentor's turn again.
    REPLIED = "replied"
    #: The mentor has asked for time until a day.
    POSTPONED = "postponed"
    #: Both have the other's contact.
    ACCEPTED = "accepted"
    #: The student says that they talked; a review may be written.
    TALKED = "talked"
    #: The mentor is not in the bot: the student has the public link.
    OUTSIDE = "outside"

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    #: The mentor never answered.
    EXPIRED = "expired"
    #: The student never said what became of it.
    LAPSED = "lapsed"
    #: The mentor takes nobody any more.
    CLOSED = "closed"
    #: Accepted, and they never talked.
    MISSED = "missed"
    GOING_ON = "going_on"
    FINISHED = "finished"
    #: A mentor who is not in the bot answered, or did not.
    REACHED = "reached"
    UNREACHED = "unreached"


class Actor(StrEnum):
    """Who moves a request."""

    STUDENT = "student"
    MENTOR = "mentor"
    CLOCK = "clock"


class Event(StrEnum):
    """What moves a request."""

    ACCEPT = "accept"
    ASK = "ask"
    DECLINE = "decline"
    POSTPONE = "postpone"
    REPLY = "reply"
    WITHDRAW = "withdraw"
    TALK = "talk"
    MISS = "miss"
    GO_ON = "go_on"
    STOP = "stop"
    REACH = "reach"
    FAIL = "fail"
    EXPIRE = "expire"
    LAPSE = "lapse"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Transition:
    """From each of the sources to the target, by whom."""

    event: Event
    by: Actor
    sources: tuple[State, ...]
    target: State


_MENTORS_TURN = (State.SENT, State.REPLIED, State.POSTPONED)
OPEN: Final = (State.SENT, State.ASKED, State.REPLIED, State.POSTPONED)
#: Students whom a mentor has taken, and of whom nobody has said that it is over.
TAKEN: Final = (State.ACCEPTED, State.TALKED)
LIVE: Final = (*OPEN, State.ACCEPTED, State.TALKED, State.OUTSIDE)

TRANSITIONS: Final = (
    Transition(Event.ACCEPT, Actor.MENTOR, OPEN, State.ACCEPTED),
    Transition(Event.DECLINE, Actor.MENTOR, OPEN, State.DECLINED),
    # One question, and time to think once before it and once after: who needs more takes it, and talks.
    Transition(Event.ASK, Actor.MENTOR, (State.SENT, State.POSTPONED), State.ASKED),
    Transition(Event.POSTPONE, Actor.MENTOR, (State.SENT, State.REPLIED), State.POSTPONED),
    Transition(Event.REPLY, Actor.STUDENT, (State.ASKED,), State.REPLIED),
    Transition(Event.WITHDRAW, Actor.STUDENT, (*OPEN, State.OUTSIDE), State.WITHDRAWN),
    Transition(Event.TALK, Actor.STUDENT, (State.ACCEPTED,), State.TALKED),
    Transition(Event.MISS, Actor.STUDENT, (State.ACCEPTED,), State.MISSED),
    Transition(Event.GO_ON, Actor.STUDENT, (State.TALKED,), State.GOING_ON),
    Transition(Event.STOP, Actor.STUDENT, (State.TALKED,), State.FINISHED),
    Transition(Event.REACH, Actor.STUDENT, (State.OUTSIDE,), State.REACHED),
    Transition(Event.FAIL, Actor.STUDENT, (State.OUTSIDE,), State.UNREACHED),
    Transition(Event.EXPIRE, Actor.CLOCK, _MENTORS_TURN, State.EXPIRED),
    Transition(
        Event.LAPSE,
        Actor.CLOCK,
        (State.ASKED, State.ACCEPTED, State.TALKED, State.OUTSIDE),
        State.LAPSED,
    ),
    Transition(Event.CLOSE, Actor.CLOCK, OPEN, State.CLOSED),
)
_BY_EVENT: Mapping[Event, Transition] = {each.event: each for each in TRANSITIONS}


def transition(event: Event) -> Transition:
    """The one line of the table for an event."""
    return _BY_EVENT[event]


class Step(StrEnum):
    """What the clock does."""

    REMIND_MENTOR = "remind_mentor"
    #: The student is told that there is no answer yet, and offered others.
    TELL_LATE = "tell_late"
    EXPIRE = "expire"
    REMIND_STUDENT = "remind_student"
    ASK_OUTSIDE = "ask_outside"
    ASK_TALKED = "ask_talked"
    ASK_GOES_ON = "ask_goes_on"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Due:
    """A step, and so long after the one before it."""

    step: Step
    after: timedelta


_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
_AWAITED = (Due(Step.REMIND_MENTOR, _DAY), Due(Step.TELL_LATE, _DAY), Due(Step.EXPIRE, 3 * _DAY))
#: "Did you talk?" is asked again so many times.
_ASKED_AGAIN = 3

TIMETABLE: Final[Mapping[State, tuple[Due, ...]]] = {
    State.SENT: _AWAITED,
    State.REPLIED: _AWAITED,
    # Counted from the morning of the day that the mentor named.
    State.POSTPONED: (
        Due(Step.REMIND_MENTOR, timedelta()),
        Due(Step.TELL_LATE, 9 * _HOUR),
        Due(Step.EXPIRE, _DAY),
    ),
    State.ASKED: (Due(Step.REMIND_STUDENT, _DAY), Due(Step.LAPSE, 4 * _DAY)),
    State.ACCEPTED: (
        Due(Step.ASK_TALKED, 3 * _DAY),
        *(Due(Step.ASK_TALKED, _WEEK) for _ in range(_ASKED_AGAIN)),
        Due(Step.LAPSE, _WEEK),
    ),
    State.TALKED: (Due(Step.ASK_GOES_ON, 30 * _DAY), Due(Step.LAPSE, 2 * _WEEK)),
    State.OUTSIDE: (Due(Step.ASK_OUTSIDE, 3 * _DAY), Due(Step.LAPSE, _WEEK)),
}

#: The longest a mentor may ask for.
LONGEST_POSTPONED = _WEEK
#: A step that comes no later than this counts as if it had come in time.
_IN_TIME = _HOUR


def next_step(state: State, turn_at: datetime, steps: int) -> tuple[Step, datetime] | None:
    """The clock's next step, the ``steps``-th in this state, and when it is due; None: it has none."""
    planned = TIMETABLE.get(state, ())
    return None if steps >= len(planned) else (planned[steps].step, turn_at + planned[steps].after)


def stepped_at(due_at: datetime, at: datetime) -> datetime:
    """From when the step after one that was due is counted: from then, or from now where it came late."""
    return due_at if at - due_at <= _IN_TIME else at


def answer_until(state: State, turn_at: datetime, steps: int) -> datetime | None:
    """When a request that waits for the mentor, or for the student's reply, is over without it."""
    if state not in OPEN:
        return None
    until = turn_at
    for due in TIMETABLE[state][steps:]:
        until += due.after
    return until


def diagram() -> Iterator[str]:
    """The states and what leads from one to the other, as Mermaid draws them; line by line."""
    yield "stateDiagram-v2"
    yield f"    [*] --> {State.SENT}: send"
    yield f"    [*] --> {State.OUTSIDE}: write"
    for each in TRANSITIONS:
        for source in each.sources:
            yield f"    {source} --> {each.target}: {each.event} ({each.by})"
    for state in State:
        if state not in LIVE:
            yield f"    {state} --> [*]"


def table() -> Iterator[str]:
    """The same as a table in Markdown."""
    yield "| event | by | from | to |"
    yield "|---|---|---|---|"
    for each in TRANSITIONS:
        yield f"| {each.event} | {each.by} | {', '.join(each.sources)} | {each.target} |"


def timetable() -> Iterator[str]:
    """What the clock does in each state, as a table in Markdown."""
    yield "| state | the clock's steps, each counted from the one before |"
    yield "|---|---|"
    for state, planned in TIMETABLE.items():
        yield f"| {state} | {'; '.join(f'{each.step} {_spoken(each.after)}' for each in planned)} |"


def _spoken(after: timedelta) -> str:
    if not after:
        return "at once"
    hours = round(after / _HOUR)
    return f"after {hours} h" if hours <= 48 else f"after {hours // 24} days"

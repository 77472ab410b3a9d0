"""The table of a request's life: every pair of state and event, every step of the clock, and its page."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from db import models
from docs.draw import PAGES, Page
from usecases.request_states import (
    LIVE,
    OPEN,
    TIMETABLE,
    TRANSITIONS,
    Actor,
    Event,
    State,
    Step,
    answer_until,
    next_step,
    stepped_at,
    transition,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

#: What may be, by hand; all else may not.
LEGAL = {
    ("sent", "accept"): "accepted",
    ("sent", "ask"): "asked",
    ("sent", "decline"): "declined",
    ("sent", "postpone"): "postponed",
    ("sent", "withdraw"): "withdrawn",
    ("sent", "expire"): "expired",
    ("sent", "close"): "closed",
    ("asked", "accept"): "accepted",
    ("asked", "decline"): "declined",
    ("asked", "reply"): "replied",
    ("asked", "withdraw"): "withdrawn",
    ("asked", "lapse"): "lapsed",
    ("asked", "close"): "closed",
    ("replied", "accept"): "accepted",
    ("replied", "decline"): "declined",
    ("replied", "postpone"): "postponed",
    ("replied", "withdraw"): "withdrawn",
    ("replied", "expire"): "expired",
    ("replied", "close"): "closed",
    ("postponed", "accept"): "accepted",
    ("postponed", "ask"): "asked",
    ("postponed", "decline"): "declined",
    ("postponed", "withdraw"): "withdrawn",
    ("postponed", "expire"): "expired",
    ("postponed", "close"): "closed",
    ("accepted", "talk"): "talked",
    ("accepted", "miss"): "missed",
    ("accepted", "lapse"): "lapsed",
    ("talked", "go_on"): "going_on",
    ("talked", "stop"): "finished",
    ("talked", "lapse"): "lapsed",
    ("outside", "withdraw"): "withdrawn",
    ("outside", "reach"): "reached",
    ("outside", "fail"): "unreached",
    ("outside", "lapse"): "lapsed",
}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_an_event_leads_where_the_table_says_or_nowhere(state: State, event: Event) -> None:
    line = transition(event)
    target = line.target if state in line.sources else None
    assert target == LEGAL.get((state, event))


def test_the_states_are_those_of_the_schema() -> None:
    assert tuple(State) == models.REQUEST_STATES
    assert models.OPEN_REQUESTS == OPEN
    assert models.LIVE_REQUESTS == LIVE


def test_each_event_has_one_line_and_one_actor() -> None:
    assert sorted(each.event for each in TRANSITIONS) == sorted(Event)
    assert {each.by for each in TRANSITIONS} == set(Actor)


@pytest.mark.parametrize("state", LIVE)
def test_every_live_state_has_an_end_that_the_clock_brings(state: State) -> None:
    last = TIMETABLE[state][-1].step
    assert last in {Step.EXPIRE, Step.LAPSE}
    assert state in transition(Event.EXPIRE if last is Step.EXPIRE else Event.LAPSE).sources


@pytest.mark.parametrize("state", [each for each in State if each not in LIVE])
def test_what_is_over_stays_so(state: State) -> None:
    assert state not in TIMETABLE
    assert not [each for each in TRANSITIONS if state in each.sources]


@pytest.mark.parametrize(
    ("state", "hours"),
    [
        ("sent", [24, 48, 120]),
        ("replied", [24, 48, 120]),
        ("postponed", [0, 9, 33]),
        ("asked", [24, 120]),
        ("outside", [72, 240]),
        ("accepted", [72, 240, 408, 576, 744]),
        ("talked", [720, 1056]),
    ],
)
def test_the_clock_has_its_steps_after_so_many_hours(state: str, hours: list[int]) -> None:
    at, due = NOON, []
    for steps in range(len(hours)):
        coming = next_step(State(state), at, steps)
        assert coming is not None
        at = coming[1]
        due.append((at - NOON) // HOUR)
    assert due == hours
    assert next_step(State(state), at, len(hours)) is None


@pytest.mark.parametrize(
    ("late", "counted_from"),
    [(timedelta(), 0), (timedelta(minutes=1), 0), (HOUR, 0), (HOUR + timedelta(seconds=1), 3601)],
)
def test_a_step_that_came_late_puts_off_the_next(late: timedelta, counted_from: int) -> None:
    assert (stepped_at(NOON, NOON + late) - NOON).total_seconds() == counted_from


@pytest.mark.parametrize(
    ("state", "steps", "days"),
    [("sent", 0, 5), ("sent", 1, 4), ("sent", 2, 3), ("asked", 0, 5), ("accepted", 0, None)],
)
def test_until_when_an_answer_is_waited_for(state: str, steps: int, days: int | None) -> None:
    until = answer_until(State(state), NOON, steps)
    assert until == (None if days is None else NOON + days * DAY)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.name)
def test_what_is_drawn_from_the_code_stands_in_the_docs(page: Page) -> None:
    """``python -m docs.draw`` draws it anew."""
    assert page.drawn(page.path.read_text(encoding="utf-8")) == page.path.read_text(encoding="utf-8")

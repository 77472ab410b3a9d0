"""docs/criteria.md and /rules say the numbers of the code."""

from pathlib import Path

import pytest

from recommender import standing
from usecases import request_clock, request_states, suspicion
from usecases.ratings import ANSWERS_OF
from usecases.standings import HELD_FOR

_PAGE = " ".join((Path(__file__).parents[2] / "docs" / "criteria.md").read_text(encoding="utf-8").split())
_OPEN_FOR = sum(
    (due.after for due in request_states.TIMETABLE[request_states.State.SENT]),
    start=request_clock.STRIKES_FOR * 0,
)


@pytest.mark.parametrize(
    "sentence",
    [
        f"A request is open for {_OPEN_FOR.days} days",
        f"within {request_clock.STRIKES_FOR.days} days the {request_clock.WORD_AT}nd brings a word, "
        f"the {request_clock.PAUSE_AT}th a pause",
        f"at least {standing.BAR_REVIEWS} verified reviews and an upper bound of the stars under "
        f"{standing.BAR_UPPER:g}",
        f"at least {standing.BAR_NO_SHOWS} no-shows in {standing.BAR_NO_SHOW_DAYS} days",
        f"**pause** ({HELD_FOR.days} days,",
        f"at least {standing.ELITE_REVIEWS} verified reviews,",
        f"a lower bound of the public stars of at least {standing.ELITE_LOWER:g},",
        f'("how much further did it bring you", 3 is as expected) of at least {standing.ELITE_PRIVATE:g},',
        f"an answer within {standing.PROMPT_HOURS:g} hours to at least {standing.ELITE_ANSWERS:.0%} of the "
        f"requests of the last {ANSWERS_OF.days} days".replace("%", " %"),
        f"when {suspicion.BURST} reviews of one mentor come within "
        f"{suspicion.BURST_WITHIN.total_seconds() / 3600:g} hours from people whom the bot had known "
        f"for less than {suspicion.NEW_ACCOUNT.days} days",
        f"(from {suspicion.TELLING} characters on)",
    ],
)
def test_the_page_says_what_the_code_does(sentence: str) -> None:
    assert sentence in _PAGE

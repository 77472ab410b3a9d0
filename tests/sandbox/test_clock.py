"""The clock of the local Telegram, which people set forward to see what happens in ninety days."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from aiogram.exceptions import TelegramBadRequest

from sandbox.client import SimClient, SimClientError
from sandbox.clock import PATIENCE
from sandbox.server import LocalTelegram

from .conftest import TOKEN, Clock, Stage, bot_at
from .test_persons import keyboard

ANYA = 1001
DAY = 86_400


async def test_it_runs_with_the_real_one_until_it_is_set(stage: Stage) -> None:
    assert await stage.sim.clock() == {"now": stage.clock.now, "ahead": 0}
    stage.clock.move(hours=1)
    assert (await stage.sim.clock())["now"] == stage.clock.now


async def test_it_goes_forward_step_by_step_and_back(stage: Stage) -> None:
    start = stage.clock.now
    assert await stage.sim.set_clock(forward=DAY) == {"now": start + DAY, "ahead": DAY}
    assert await stage.sim.set_clock(forward=0.5) == {"now": start + DAY + 0.5, "ahead": DAY + 0.5}
    assert await stage.sim.set_clock(ahead=-60) == {"now": start - 60, "ahead": -60}


async def test_messages_of_both_sides_and_edits_bear_its_date(stage: Stage) -> None:
    await stage.sim.set_clock(forward=90 * DAY)
    expected = int(stage.clock.now) + 90 * DAY
    written = await stage.sim.send_text(ANYA, "/start")
    answered = await stage.bot.send_message(ANYA, "x")
    await stage.sim.set_clock(forward=5)
    await answered.edit_text("y").as_(stage.bot)
    raw = (await stage.raw("getUpdates"))["result"][0]["message"]
    assert {written.message.date, int(answered.date.timestamp()), raw["date"]} == {expected}
    shown = stage.telegram.world.as_people_see(stage.telegram.world.message(ANYA, answered.message_id))
    assert shown["edit_date"] == expected + 5


async def test_rules_that_count_hours_follow_it(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "/start")
    sent = await stage.bot.send_message(ANYA, "x")
    await stage.sim.set_clock(forward=3 * DAY)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await stage.bot.delete_message(ANYA, sent.message_id)


async def test_an_update_that_waits_is_not_lost_by_a_leap(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "still here")
    await stage.sim.set_clock(forward=90 * DAY)
    assert len(await stage.bot.get_updates()) == 1


async def test_a_tap_waits_for_its_answer_in_real_time(stage: Stage) -> None:
    await stage.sim.send_text(ANYA, "/start")
    await stage.bot.send_message(ANYA, "x", reply_markup=keyboard("Go", data="go"))
    tapped = await stage.sim.tap(ANYA, "Go")
    await stage.sim.set_clock(forward=DAY)
    assert await stage.bot.answer_callback_query(tapped.callback_query_id, text="here")
    assert (await stage.sim.wait_for_answer(tapped.callback_query_id)).text == "here"


async def test_those_who_watch_are_told(stage: Stage) -> None:
    await stage.sim.set_clock(forward=DAY)
    event = await stage.sim.wait_for(lambda event: event.type == "clock")
    assert (event.fields["now"], event.fields["ahead"]) == (stage.clock.now + DAY, DAY)


@pytest.mark.parametrize("ahead", [4e9, -4e9, float("inf")])
async def test_a_leap_beyond_reason_gets_a_sentence(stage: Stage, ahead: float) -> None:
    with pytest.raises(SimClientError, match="a hundred years"):
        await stage.sim.set_clock(ahead=ahead)
    assert (await stage.sim.clock())["ahead"] == 0


async def test_without_seconds_it_stays(stage: Stage) -> None:
    with pytest.raises(SimClientError, match='the body needs "forward", a number'):
        await stage.sim.set_clock()


async def test_it_survives_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "telegram.json"
    async with LocalTelegram(TOKEN, state=state, clock=Clock()) as telegram, SimClient(telegram.url) as sim:
        await sim.set_clock(forward=90 * DAY)
    async with LocalTelegram(TOKEN, state=state, clock=Clock()) as telegram, SimClient(telegram.url) as sim:
        assert (await sim.clock())["ahead"] == 90 * DAY


async def test_a_state_from_before_there_was_a_clock_is_read(tmp_path: Path) -> None:
    state = tmp_path / "telegram.json"
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        bot = bot_at(telegram.url)
        await sim.send_text(ANYA, "/start")
        await bot.session.close()
    old = json.loads(state.read_text("utf-8"))
    del old["ahead"]
    state.write_text(json.dumps(old), "utf-8")
    async with LocalTelegram(TOKEN, state=state) as telegram:
        assert telegram.clock.ahead == 0


async def test_who_asks_for_it_is_answered_when_the_bot_that_follows_has_come_as_far(stage: Stage) -> None:
    sim = stage.sim
    await sim.follow_clock(0)
    setting = asyncio.create_task(sim.set_clock(forward=DAY, wait=True))
    while (await sim.clock())["ahead"] != DAY:
        pass
    await sim.follow_clock(DAY / 2)
    assert not setting.done()
    await sim.follow_clock(DAY)
    assert (await setting)["ahead"] == DAY
    # Nobody waits who has not asked for it.
    assert (await sim.set_clock(forward=DAY))["ahead"] == 2 * DAY


async def test_what_a_bot_sends_on_its_way_is_dated_by_how_far_it_has_come(stage: Stage) -> None:
    start = int(stage.clock.now)
    await stage.sim.send_text(ANYA, "/start")
    await stage.sim.set_clock(forward=2 * DAY)
    await stage.sim.follow_clock(DAY)
    assert (await stage.bot.send_message(ANYA, "by day")).date.timestamp() == start + DAY
    assert (await stage.sim.clock())["now"] == stage.clock.now + 2 * DAY
    stage.clock.now += PATIENCE
    late = await stage.bot.send_message(ANYA, "it has stopped following")
    assert late.date.timestamp() == int(stage.clock.now) + 2 * DAY


async def test_nobody_waits_for_a_bot_that_does_not_follow(stage: Stage) -> None:
    assert (await stage.sim.set_clock(forward=DAY, wait=True))["ahead"] == DAY

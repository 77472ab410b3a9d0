"""Flood limits: off until asked for; then as many messages as Telegram lets through, and no more."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramRetryAfter

from sandbox.client import SimClientError
from sandbox.world import CHANNEL

from .conftest import Stage

CROWD = range(6001, 6041)


async def meet(stage: Stage) -> None:
    for number in CROWD:
        await stage.sim.add_person(number)
        await stage.sim.send_text(number, "/start")


async def refused_after(stage: Stage, chats: list[int]) -> tuple[int, int]:
    """How many messages pass, and for how many seconds the bot is then stopped."""
    for passed, chat in enumerate(chats):
        try:
            await stage.bot.send_message(chat, "x")
        except TelegramRetryAfter as refused:
            return passed, refused.retry_after
    return len(chats), 0


async def test_they_are_off_at_first(stage: Stage) -> None:
    await meet(stage)
    assert await refused_after(stage, [*CROWD, *[CHANNEL] * 40]) == (80, 0)
    assert await stage.sim.limits() == {
        "on": False,
        "per_second": 30,
        "per_chat": 1,
        "chat_burst": 3,
        "per_group_minute": 20,
        "refused": 0,
    }


async def test_thirty_pass_in_a_second(stage: Stage) -> None:
    await meet(stage)
    await stage.sim.limits(on=True)
    assert await refused_after(stage, list(CROWD)) == (30, 1)


async def test_a_window_slides(stage: Stage) -> None:
    await meet(stage)
    await stage.sim.limits(on=True, per_second=2)
    passed = []
    for tenths in range(25):
        stage.ticks.now = 1000 + tenths / 10
        try:
            await stage.bot.send_message(CROWD[tenths], "x")
        except TelegramRetryAfter:
            continue
        passed.append(tenths)
    assert passed == [0, 1, 12, 13, 24]


async def test_a_short_burst_to_one_person_passes(stage: Stage) -> None:
    await meet(stage)
    await stage.sim.limits(on=True)
    assert await refused_after(stage, [CROWD[0]] * 5) == (3, 3)
    stage.ticks.move(seconds=3)
    assert await refused_after(stage, [CROWD[0]] * 5) == (3, 3)


async def test_twenty_a_minute_pass_to_a_channel_and_then_the_whole_bot_is_stopped(stage: Stage) -> None:
    await meet(stage)
    await stage.sim.limits(on=True)
    assert await refused_after(stage, [CHANNEL] * 25) == (20, 60)
    assert await refused_after(stage, [CROWD[0]]) == (0, 60)
    await stage.bot.get_updates()
    assert (await stage.sim.limits())["refused"] == 2
    stage.ticks.move(seconds=60)
    assert await refused_after(stage, [CROWD[0], CHANNEL]) == (2, 0)


async def test_only_messages_are_counted(stage: Stage) -> None:
    await meet(stage)
    await stage.sim.limits(on=True, per_second=1)
    sent = await stage.bot.send_message(CROWD[0], "x")
    await stage.bot.send_chat_action(CROWD[0], "typing")
    await sent.edit_text("y").as_(stage.bot)
    await stage.bot.get_me()
    assert (await stage.sim.limits())["refused"] == 0


async def test_turned_off_they_let_a_stopped_bot_go_on(stage: Stage) -> None:
    await meet(stage)
    await stage.sim.limits(on=True)
    assert await refused_after(stage, [CHANNEL] * 21) == (20, 60)
    assert (await stage.sim.limits(on=False))["on"] is False
    assert await refused_after(stage, [CHANNEL] * 40) == (40, 0)


async def test_a_limit_of_nothing_or_an_unknown_one_gets_a_sentence(stage: Stage) -> None:
    with pytest.raises(SimClientError, match='"per_second" must be more than nothing'):
        await stage.sim.limits(per_second=0)
    with pytest.raises(SimClientError, match='"per_chat" must be more than nothing, and less than a million'):
        await stage.sim.limits(per_chat=float("inf"))
    with pytest.raises(SimClientError, match="there is no limit per_day"):
        await stage.sim.limits(per_day=1)

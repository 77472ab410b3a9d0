"""getUpdates: confirmed by offset, again until then, one poll at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import TelegramConflictError, TelegramNetworkError
from aiogram.types import Update

from sandbox.server import LocalTelegram

from .conftest import TOKEN, Stage, bot_at

ANYA = 1001


def texts(updates: list[Update]) -> list[str | None]:
    return [update.message.text for update in updates if update.message]


async def send(stage: Stage, *words: str) -> None:
    for word in words:
        await stage.sim.send_text(ANYA, word)


async def test_updates_come_in_order_and_their_ids_are_a_sequence(stage: Stage) -> None:
    await send(stage, "a", "b", "c")
    updates = await stage.bot.get_updates()
    assert texts(updates) == ["a", "b", "c"]
    first = updates[0].update_id
    assert [update.update_id for update in updates] == [first, first + 1, first + 2]


async def test_an_update_is_delivered_again_until_an_offset_confirms_it(stage: Stage) -> None:
    await send(stage, "a", "b")
    first = (await stage.bot.get_updates())[0].update_id
    assert texts(await stage.bot.get_updates()) == ["a", "b"]
    assert texts(await stage.bot.get_updates(offset=first + 1)) == ["b"]
    assert texts(await stage.bot.get_updates()) == ["b"]


async def test_a_negative_offset_keeps_the_newest_only(stage: Stage) -> None:
    await send(stage, "a", "b", "c")
    assert texts(await stage.bot.get_updates(offset=-1)) == ["c"]
    assert texts(await stage.bot.get_updates()) == ["c"]


@pytest.mark.parametrize(("limit", "given"), [(1, 1), (2, 2), (100, 100), (101, 100), (None, 100)])
async def test_at_most_a_hundred_updates_come_at_once(stage: Stage, limit: int | None, given: int) -> None:
    for number in range(101):
        stage.telegram.persons.send(ANYA, ANYA, {"text": str(number)})
    assert len(await stage.bot.get_updates(limit=limit)) == given


async def test_updates_older_than_a_day_are_gone(stage: Stage) -> None:
    await send(stage, "old")
    stage.clock.move(hours=24.1)
    await send(stage, "new")
    assert texts(await stage.bot.get_updates()) == ["new"]


async def test_a_long_poll_ends_when_something_comes(stage: Stage) -> None:
    poll = asyncio.create_task(stage.bot.get_updates(timeout=50))
    await stage.telegram.updates.polled.wait()
    await send(stage, "hello")
    assert texts(await poll) == ["hello"]


async def test_a_long_poll_ends_empty_when_its_time_is_over(stage: Stage) -> None:
    assert await stage.bot.get_updates(timeout=1) == []


async def test_a_second_poll_ends_the_older_one_with_409(stage: Stage) -> None:
    older = asyncio.create_task(stage.bot.get_updates(timeout=50))
    await stage.telegram.updates.polled.wait()
    newer = asyncio.create_task(stage.bot.get_updates(timeout=50))
    with pytest.raises(TelegramConflictError) as refused:
        await older
    assert refused.value.message == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await send(stage, "for the newer")
    assert texts(await newer) == ["for the newer"]


async def test_setting_a_webhook_ends_a_waiting_poll_with_409(stage: Stage) -> None:
    poll = asyncio.create_task(stage.bot.get_updates(timeout=50))
    await stage.telegram.updates.polled.wait()
    await stage.bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await poll


async def test_allowed_updates_are_remembered_from_one_call_to_the_next(stage: Stage) -> None:
    await stage.bot.get_updates(allowed_updates=["callback_query"])
    await stage.bot.get_updates()
    await send(stage, "not wanted")
    assert await stage.bot.get_updates() == []


async def test_allowed_updates_do_not_touch_what_already_waits(stage: Stage) -> None:
    await send(stage, "early")
    assert texts(await stage.bot.get_updates(allowed_updates=["callback_query"])) == ["early"]


async def test_an_empty_list_of_allowed_updates_means_the_usual_ones(stage: Stage) -> None:
    await stage.bot.get_updates(allowed_updates=["callback_query"])
    await stage.bot.get_updates(allowed_updates=[])
    await send(stage, "wanted")
    assert texts(await stage.bot.get_updates()) == ["wanted"]


@pytest.mark.parametrize("kind", ["message_reaction", "message_reaction_count", "chat_member"])
def test_some_updates_come_only_when_named(telegram: LocalTelegram, kind: str) -> None:
    assert telegram.updates.put(kind, {}, ANYA) is None
    telegram.updates.allow([kind])
    assert telegram.updates.put(kind, {}, ANYA) is not None


async def test_a_poison_update_stands_in_the_middle_of_a_batch(stage: Stage) -> None:
    await send(stage, "before")
    await stage.sim.put_update({"message": {"date": "yesterday"}})
    await send(stage, "after")
    raw = (await stage.raw("getUpdates"))["result"]
    assert [update["message"].get("text") for update in raw] == ["before", None, "after"]


async def test_an_update_repeated_under_its_old_id_comes_although_it_was_confirmed(stage: Stage) -> None:
    await send(stage, "again")
    update_id = (await stage.bot.get_updates())[0].update_id
    await stage.bot.get_updates(offset=update_id + 1)
    assert await stage.sim.repeat_update(update_id) == update_id
    repeated = await stage.bot.get_updates(offset=update_id + 1)
    assert [update.update_id for update in repeated] == [update_id]
    assert await stage.bot.get_updates(offset=update_id + 1) == []


async def test_an_update_repeated_under_a_new_id_is_otherwise_the_same(stage: Stage) -> None:
    await send(stage, "again")
    old = (await stage.raw("getUpdates"))["result"][0]
    new_id = await stage.sim.repeat_update(old["update_id"], new_id=True)
    new = (await stage.raw("getUpdates"))["result"][1]
    assert new_id == old["update_id"] + 1
    assert new == old | {"update_id": new_id}


async def test_delete_webhook_can_drop_what_waits(stage: Stage) -> None:
    await send(stage, "forget me")
    await stage.bot.delete_webhook(drop_pending_updates=True)
    assert await stage.bot.get_updates() == []


async def test_a_stopping_server_lets_the_long_poll_go() -> None:
    telegram = LocalTelegram(TOKEN)
    await telegram.start()
    bot = bot_at(telegram.url)
    poll: asyncio.Task[Any] = asyncio.create_task(bot.get_updates(timeout=50))
    await telegram.updates.polled.wait()
    await telegram.stop()
    assert await poll == []
    await bot.session.close()


async def test_the_newest_update_comes_once_more_under_its_id_while_it_is_not_confirmed(stage: Stage) -> None:
    await send(stage, "a", "b")
    newest = (await stage.bot.get_updates())[-1].update_id
    assert await stage.sim.duplicate_updates() == [newest]
    assert sorted(str(text) for text in texts(await stage.bot.get_updates())) == ["a", "b", "b"]


async def test_confirmed_updates_come_once_more_under_new_ids(stage: Stage) -> None:
    await send(stage, "a", "b", "c")
    last = (await stage.bot.get_updates())[-1].update_id
    await stage.bot.get_updates(offset=last + 1)
    assert await stage.sim.duplicate_updates(2) == [last + 1, last + 2]
    assert texts(await stage.bot.get_updates(offset=last + 1)) == ["b", "c"]


async def test_shuffled_updates_come_out_of_order_and_none_is_missing(stage: Stage) -> None:
    await stage.sim.shuffle_updates(on=True)
    await send(stage, *"abcdef")
    mixed = [str(text) for text in texts(await stage.bot.get_updates())]
    assert (mixed != list("abcdef"), sorted(mixed)) == (True, list("abcdef"))
    await stage.sim.shuffle_updates(on=False)
    assert texts(await stage.bot.get_updates()) == list("abcdef")


async def test_two_updates_are_always_swapped(stage: Stage) -> None:
    await stage.sim.shuffle_updates(on=True)
    await send(stage, "a", "b")
    for _ in range(5):
        assert texts(await stage.bot.get_updates()) == ["b", "a"]


async def test_while_telegram_is_down_a_poll_gets_nothing_and_nothing_is_lost(stage: Stage) -> None:
    await stage.sim.down(down=True)
    await send(stage, "waits")
    with pytest.raises(TelegramNetworkError):
        await stage.bot.get_updates()
    await stage.sim.down(down=False)
    assert texts(await stage.bot.get_updates()) == ["waits"]

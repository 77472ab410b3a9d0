"""Long polling: what is confirmed when, and what is survived."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import pytest

from bot.poller import ALLOWED_UPDATES, Poller, UnauthorizedError
from sandbox.server import LocalTelegram
from tests.bot.telegrams import Answer, Telegram, html, ok, refused, telegram

Take = Callable[[Any], Awaitable[None]]
Drop = Callable[[], Awaitable[None]]

_WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it"


def batch(*numbers: int) -> Answer:
    """These updates, with nothing in them."""
    return ok([{"update_id": number} for number in numbers])


async def nothing() -> None:
    """No webhook to drop."""


class Middle(Random):
    """Jitter without chance."""

    def random(self) -> float:
        return 0.5


async def polled(fake: Telegram, take: Take, stop: asyncio.Event, drop: Drop = nothing) -> list[float]:
    """Poll until stopped; returns the pauses that were made."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    url = f"{fake.url}/bot42:test/getUpdates"
    await Poller(url, take, drop, random=Middle(), timeout=0, sleep=sleep).run(stop)
    return pauses


async def run(
    *answers: Answer, take: Take | None = None, drop: Drop = nothing
) -> tuple[list[Any], Telegram, list[float]]:
    """Poll these answers to their end; returns what was taken, the calls and the pauses."""
    stop = asyncio.Event()
    taken: list[Any] = []

    async def keep(update: Any) -> None:
        taken.append(update)

    def end() -> Any:
        stop.set()
        return ok([])

    async with telegram(*answers, after=end) as fake:
        pauses = await polled(fake, take or keep, stop, drop)
    return taken, fake, pauses


def offsets(fake: Telegram) -> list[int | None]:
    """The offset of each call."""
    return [call.get("offset") for call in fake.calls]


async def test_a_batch_is_confirmed_by_the_call_behind_it() -> None:
    taken, fake, _ = await run(batch(5, 6), batch(7))
    assert [update["update_id"] for update in taken] == [5, 6, 7]
    assert offsets(fake) == [None, 7, 8, 8]
    assert fake.calls[0]["allowed_updates"] == list(ALLOWED_UPDATES)


async def test_nothing_is_confirmed_before_it_is_handled() -> None:
    begun, held = asyncio.Event(), asyncio.Event()
    stop = asyncio.Event()

    async def take(_: Any) -> None:
        begun.set()
        await held.wait()

    async with telegram(batch(5), after=lambda: ok([])) as fake:
        polling = asyncio.create_task(polled(fake, take, stop))
        await begun.wait()
        assert offsets(fake) == [None]
        stop.set()
        held.set()
        await polling
    assert offsets(fake) == [None, 6]


@pytest.mark.parametrize(
    "broken",
    [html(502), None, refused(500, "Internal Server Error"), ok("no list"), refused(409, "Conflict: …")],
    ids=["html", "reset", "500", "no list", "409"],
)
async def test_a_broken_answer_is_survived(broken: Answer) -> None:
    taken, _, pauses = await run(batch(5), broken, batch(6))
    assert [update["update_id"] for update in taken] == [5, 6]
    assert pauses == [0.375]


@pytest.mark.parametrize(
    ("conflict", "drops"), [(_WEBHOOK, 1), ("Conflict: terminated by other getUpdates request", 0)]
)
async def test_only_a_webhook_that_is_in_the_way_is_dropped(conflict: str, drops: int) -> None:
    dropped: list[bool] = []

    async def drop() -> None:
        dropped.append(True)

    taken, _, pauses = await run(refused(409, conflict), batch(5), drop=drop)
    assert (len(dropped), len(taken), pauses) == (drops, 1, [0.375])


async def test_pauses_grow_and_are_forgotten_after_a_success() -> None:
    _, _, pauses = await run(*(html(502) for _ in range(9)), batch(5), html(502))
    assert pauses == [0.375, 0.75, 1.5, 3.0, 6.0, 12.0, 22.5, 22.5, 22.5, 0.375]


async def test_a_pause_that_telegram_names_is_kept_exactly() -> None:
    _, _, pauses = await run(refused(429, "Too Many Requests: retry after 17", retry_after=17), batch(5))
    assert pauses == [17.0]


@pytest.mark.parametrize("code", [401, 404])
async def test_an_unknown_token_ends_in_a_sentence(code: int) -> None:
    with pytest.raises(UnauthorizedError, match="Telegram does not know this BOT_TOKEN"):
        await run(refused(code, "Unauthorized"))


async def test_an_update_without_an_id_does_not_hide_those_behind_it() -> None:
    taken, fake, _ = await run(ok([{"message": {}}, "nonsense", {"update_id": 6}]), batch(7))
    assert len(taken) == 4
    assert offsets(fake)[:2] == [None, 7]


async def test_updates_without_any_id_are_not_asked_for_in_a_rush() -> None:
    _, _, pauses = await run(ok(["nonsense"]), ok([None]), batch(7))
    assert pauses == [0.375, 0.75]


async def test_ids_that_start_anew_after_a_quiet_week_are_followed() -> None:
    _, fake, _ = await run(batch(900), batch(5))
    assert offsets(fake) == [None, 901, 6, 6]


async def test_what_does_not_end_after_a_stop_is_left_unconfirmed_with_all_behind_it() -> None:
    begun, stop = asyncio.Event(), asyncio.Event()

    async def take(update: Any) -> None:
        if update["update_id"] == 7:
            begun.set()
            await asyncio.Event().wait()

    async with telegram(batch(8, 5, 7, 6), after=lambda: ok([])) as fake:
        polling = asyncio.create_task(polled(fake, take, stop))
        await begun.wait()
        stop.set()
        await polling
    assert offsets(fake) == [None, 7]


async def test_a_stop_does_not_wait_for_a_poll_that_brings_nothing() -> None:
    stop = asyncio.Event()
    async with LocalTelegram("42:test") as local:
        url = f"{local.url}/bot42:test/getUpdates"
        poller = Poller(url, lambda _: asyncio.sleep(0), nothing, random=Middle())
        polling = asyncio.create_task(poller.run(stop))
        await local.updates.polled.wait()
        stop.set()
        await polling


async def test_a_stop_while_telegram_is_away_ends_all_the_same() -> None:
    stop = asyncio.Event()

    async def take(_: Any) -> None:
        stop.set()

    async with telegram(batch(5), after=lambda: html(502)) as fake:
        await polled(fake, take, stop)
    assert offsets(fake) == [None, 6]

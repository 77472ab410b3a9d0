"""The way of one update through the intake, with every part of it played."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError, TelegramNetworkError
from aiogram.methods import SendMessage
from aiogram.types import Update

from bot.intake import Intake, Turns, number_of, person_of

BOT = Bot("42:test")
CALL = SendMessage(chat_id=1, text="x")


def message(number: int, person: int = 1, text: str = "hello") -> dict[str, Any]:
    """A text as Telegram sends it."""
    sender = {"id": person, "is_bot": False, "first_name": "Аня"}
    chat = {"id": person, "type": "private", "first_name": "Аня"}
    body = {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": text}
    return {"update_id": number, "message": body}


class Played:
    """An intake whose surroundings keep what they are told."""

    def __init__(self, handle: Callable[[Update], Awaitable[None]], in_flight: int = 20) -> None:
        self.aside: list[tuple[int | None, str, str]] = []
        self.whose: list[int | None] = []
        self.apologies: list[int] = []
        self.blocked: list[int] = []
        self.pauses: list[float] = []
        self.store_errors: list[Exception] = []
        self.intake = Intake(
            BOT, handle, self._keep, self._sorry, self._block, in_flight=in_flight, sleep=self._sleep
        )

    async def _keep(self, number: int | None, person_id: int | None, body: str, error: str) -> None:
        if self.store_errors:
            raise self.store_errors.pop(0)
        self.whose.append(person_id)
        self.aside.append((number, body, error))

    async def _sorry(self, update: Update) -> None:
        self.apologies.append(update.update_id)

    async def _block(self, person_id: int) -> None:
        self.blocked.append(person_id)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


async def fine(_: Update) -> None:
    """A handler that has nothing to do."""


def failing(*errors: Exception | None) -> Callable[[Update], Awaitable[None]]:
    """A handler that raises these, one a call."""
    left = list(errors)

    async def handle(_: Update) -> None:
        error = left.pop(0)
        if error is not None:
            raise error

    return handle


def nested(depth: int) -> Any:
    """So many objects within each other."""
    inside: Any = {}
    for _ in range(depth):
        inside = {"reply_to_message": inside}
    return inside


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ({"update_id": 7, "message": {"message_id": "not a number"}}, 7),
        ({"message": {}}, None),
        ({"update_id": "seven"}, None),
        ({"update_id": True, "message": {}}, None),
        ({"update_id": 2**70, "message": {}}, None),
        ({"update_id": 8, "message": nested(60)}, 8),
        ({"update_id": 9, "message": nested(5000)}, 9),
        ({"update_id": 10, "message": {"text": "x" * 1_000_000}}, 10),
        ({"update_id": 11, "message": {"text": "half \ud83d an emoji, and NUL \x00"}}, 11),
        ([1, 2], None),
        ("text", None),
        (None, None),
    ],
    ids=[
        "wrong type",
        "no id",
        "id in words",
        "id is true",
        "id too large",
        "nested",
        "nested deeply",
        "huge",
        "half an emoji, NUL",
        "list",
        "string",
        "null",
    ],
)
async def test_what_cannot_be_parsed_is_set_aside(raw: Any, number: int | None) -> None:
    played = Played(fine)
    await played.intake.take(raw)
    [(kept, body, error)] = played.aside
    assert kept == number
    assert error.startswith("cannot be parsed")
    body.encode()
    error.encode()
    assert played.apologies == []


async def test_an_update_whose_handler_raises_is_set_aside_and_the_person_told() -> None:
    played = Played(failing(RuntimeError("boom"), None))
    await played.intake.take(message(1, person=77))
    await played.intake.take(message(2))
    assert played.whose == [77]
    assert [(number, error) for number, _, error in played.aside] == [(1, "RuntimeError: boom")]
    assert json.loads(played.aside[0][1]) == message(1, person=77)
    assert played.apologies == [1]


async def test_what_is_set_aside_has_nothing_that_others_wrote() -> None:
    """A message that is tapped, or replied to, is its writer's own."""
    theirs = {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "secret"}
    sender = {"id": 1, "is_bot": False, "first_name": "Аня"}
    tap = {"id": "1", "from": sender, "chat_instance": "1", "data": "r:open:1", "message": theirs}
    replied = message(2, text="mine")
    replied["message"] |= {"reply_to_message": theirs, "quote": {"text": "secret", "position": 0}}
    played = Played(failing(RuntimeError(), RuntimeError()))
    await played.intake.take({"update_id": 1, "callback_query": tap})
    await played.intake.take(replied)
    for _, body, _ in played.aside:
        assert "secret" not in body
        assert '"message_id": 7' in body
    assert "r:open:1" in played.aside[0][1]
    assert "mine" in played.aside[1][1]


async def test_a_blocked_bot_is_remembered_not_set_aside() -> None:
    played = Played(failing(TelegramForbiddenError(CALL, "Forbidden: bot was blocked by the user")))
    await played.intake.take(message(1, person=77))
    assert (played.blocked, played.aside, played.apologies) == ([77], [], [])


async def test_a_reply_that_is_never_taken_is_set_aside_without_another_one() -> None:
    played = Played(failing(TelegramNetworkError(CALL, "reset")))
    await played.intake.take(message(1))
    assert [number for number, _, _ in played.aside] == [1]
    assert played.apologies == []


async def test_an_update_waits_while_the_database_is_away() -> None:
    away = ConnectionRefusedError("connection refused")
    played = Played(failing(*[away] * 8, None))
    await played.intake.take(message(1))
    assert played.aside == []
    assert played.pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


async def test_setting_aside_waits_for_the_database_as_well() -> None:
    played = Played(fine)
    played.store_errors = [ConnectionResetError()]
    await played.intake.take("nonsense")
    assert len(played.aside) == 1


async def test_what_cannot_even_be_set_aside_does_not_hold_up_the_rest() -> None:
    played = Played(fine)
    played.store_errors = [ValueError("no room")]
    await played.intake.take("nonsense")
    assert (played.aside, played.pauses) == ([], [])


async def test_a_missing_file_is_a_fault_and_no_reason_to_wait() -> None:
    played = Played(failing(FileNotFoundError(2, "No such file or directory", "texts.ftl")))
    await played.intake.take(message(1))
    assert len(played.aside) == 1


async def test_each_person_is_served_in_order_while_others_go_on() -> None:
    held = asyncio.Event()
    order: list[tuple[int, int]] = []

    async def handle(update: Update) -> None:
        assert update.message is not None
        assert update.message.from_user is not None
        person = update.message.from_user.id
        if person == 1 and not held.is_set():
            await held.wait()
        order.append((person, update.update_id))

    played = Played(handle)
    slow = [asyncio.create_task(played.intake.take(message(number, person=1))) for number in range(1, 6)]
    await asyncio.gather(*(played.intake.take(message(10 + person, person)) for person in range(2, 40)))
    assert order == [(person, 10 + person) for person in range(2, 40)]
    held.set()
    await asyncio.gather(*slow)
    assert order[38:] == [(1, number) for number in range(1, 6)]


async def test_never_more_at_once_than_there_are_places() -> None:
    at_once = most = 0

    async def handle(_: Update) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1

    played = Played(handle, in_flight=3)
    await asyncio.gather(*(played.intake.take(message(number, person=number)) for number in range(1, 50)))
    assert most == 3


async def test_a_cancelled_update_frees_its_place_and_its_turn() -> None:
    begun, never = asyncio.Event(), asyncio.Event()
    calls: list[int] = []

    async def handle(update: Update) -> None:
        calls.append(update.update_id)
        if update.update_id == 1:
            begun.set()
            await never.wait()

    played = Played(handle, in_flight=1)
    stuck = asyncio.create_task(played.intake.take(message(1)))
    await begun.wait()
    stuck.cancel()
    await asyncio.gather(stuck, return_exceptions=True)
    await played.intake.take(message(2))
    assert calls == [1, 2]


async def test_turns_forget_whoever_does_not_wait() -> None:
    turns = Turns()
    async with turns.of(5):
        pass
    assert vars(turns) == {"_locks": {}, "_waiting": {}}


@pytest.mark.parametrize(
    ("raw", "person"),
    [
        (message(1, person=5), 5),
        ({"update_id": 1, "callback_query": {"from": {"id": 6}}}, 6),
        ({"update_id": 1, "message": {"from": {"id": "six"}}}, 0),
        ({"update_id": 1, "message": {"chat": {"id": 7}}}, 0),
        ([], 0),
    ],
)
def test_the_person_is_read_from_the_raw_update(raw: Any, person: int) -> None:
    assert person_of(raw) == person


@pytest.mark.parametrize(
    ("raw", "number"), [({"update_id": 0}, 0), ({"update_id": -1}, None), ({"update_id": 1.0}, None)]
)
def test_only_a_whole_number_can_be_an_updates_id(raw: Any, number: int | None) -> None:
    assert number_of(raw) == number


async def test_the_handler_gets_a_tap_without_the_buttons_around_it() -> None:
    seen: list[Update] = []

    async def handle(update: Update) -> None:
        seen.append(update)

    played = Played(handle)
    below = message(1)["message"] | {"reply_markup": {"inline_keyboard": "whatever a client sends"}}
    tap = {"id": "1", "from": below["from"], "chat_instance": "1", "data": "x", "message": below}
    await played.intake.take({"update_id": 1, "callback_query": tap})
    assert seen[0].callback_query is not None
    assert seen[0].callback_query.data == "x"
    assert "reply_markup" in below

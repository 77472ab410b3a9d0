"""What becomes of messages in the outbox, whatever Telegram says."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.queries import clock
from sandbox.client import Message
from sandbox.world import CHANNEL, MODERATORS
from tests.bot import stored
from tests.bot.conftest import NOON
from tests.bot.world import Student, World
from usecases.letters import Letter, Priority, Wording, post

KEYBOARD = {"inline_keyboard": [[{"text": "Открыть", "callback_data": "x"}]]}
#: As small as a picture can be.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060606000"
    "000005000 1a5f645400000000049454e44ae426082".replace(" ", "")
)


@pytest.fixture
async def person(world: World) -> Student:
    student = world.student()
    await student.write("/start")
    await world.client.clear_calls()
    return student


def letter(key: str, chat: int = 1001, words: str = "", photo: Any = None, **more: Any) -> Letter:
    wording = Wording(text=words or key, keyboard=KEYBOARD, photo=photo)
    return Letter(chat_id=chat, dedupe_key=key, priority=Priority.REMINDER, wording=wording, **more)


async def write(world: World, *letters: Letter) -> dict[str, int]:
    async with world.app.engine.begin() as connection:
        return await post(connection, letters)


async def row(world: World, key: str) -> Any:
    async with world.app.engine.connect() as connection:
        found = await connection.execute(text("SELECT * FROM outbox WHERE dedupe_key = :key"), {"key": key})
        return found.one()


async def later(world: World, minutes: float) -> None:
    async with world.app.engine.begin() as connection:
        await clock.stand_at(connection, NOON + timedelta(minutes=minutes))


async def states(world: World) -> dict[str, str]:
    async with world.app.engine.connect() as connection:
        found = await connection.execute(text("SELECT dedupe_key, state::text FROM outbox"))
        return {each[0]: each[1] for each in found}


async def texts(world: World, chat: int = 1001) -> list[str]:
    return [message.text for message in await world.client.transcript(chat) if message.by_bot]


async def newest(world: World, chat: int = 1001) -> Message:
    return await world.client.newest(chat)


async def test_a_message_goes_out_once_with_its_keyboard(world: World, person: Student) -> None:
    await write(world, letter("hello", words="<b>hello</b>"))
    assert await world.deliver() == 1
    assert await world.deliver() == 0
    message = await newest(world)
    assert (message.text, message.buttons, message.entities[0]["type"]) == ("hello", ("Открыть",), "bold")
    kept = await row(world, "hello")
    assert (kept.state, kept.sent_message_id, kept.attempts) == ("sent", message.message_id, 1)
    assert kept.sent_at == NOON


async def test_a_picture_goes_out_with_its_caption_and_is_not_kept(world: World, person: Student) -> None:
    await write(world, letter("picture", photo=PICTURE))
    await world.deliver()
    message = await newest(world)
    assert (message.text, message.buttons) == ("picture", ("Открыть",))
    assert message.photo_url
    kept = await row(world, "picture")
    assert (kept.state, kept.photo) == ("sent", None)


async def test_a_message_and_a_picture_are_edited_and_deleted(world: World, person: Student) -> None:
    ids = await write(world, letter("words"), letter("picture", photo=PICTURE))
    await world.deliver()
    await write(
        world,
        letter("new words", kind="edit", target=ids["words"]),
        letter("new caption", kind="edit", target=ids["picture"]),
    )
    assert await world.deliver() == 2
    assert (await texts(world))[-2:] == ["new words", "new caption"]
    await write(world, letter("away", kind="delete", target=ids["picture"]))
    await world.deliver()
    assert (await texts(world))[-1:] == ["new words"]
    await write(world, letter("too late", kind="edit", target=ids["picture"]))
    await world.deliver()
    assert (await row(world, "too late")).state == "cancelled"


async def test_an_edit_that_changes_nothing_is_done(world: World, person: Student) -> None:
    ids = await write(world, letter("words"))
    await world.deliver()
    await write(world, letter("edit", words="words", kind="edit", target=ids["words"]))
    await world.deliver()
    assert (await row(world, "edit")).state == "sent"


async def test_a_delete_of_what_is_not_there_is_done(world: World, person: Student) -> None:
    ids = await write(world, letter("words"))
    await world.deliver()
    await write(world, *(letter(key, kind="delete", target=ids["words"]) for key in ("once", "twice")))
    await world.deliver()
    assert await states(world) == {"words": "sent", "once": "sent", "twice": "sent"}


async def test_an_edit_of_what_never_went_out_is_put_away(world: World, person: Student) -> None:
    ids = await write(world, letter("late", due_at=NOON - timedelta(hours=1), expires_at=NOON))
    await write(world, letter("edit", kind="edit", target=ids["late"]))
    assert await world.deliver() == 0
    assert await states(world) == {"late": "expired", "edit": "cancelled"}


async def test_a_person_who_blocked_the_bot_gets_nothing_more_until_they_write(
    world: World, person: Student
) -> None:
    await world.client.add_fault("blocked", chat_id=1001)
    await write(world, letter("first"), letter("second"), letter("for another", MODERATORS))
    await world.deliver()
    assert await states(world) == {"first": "cancelled", "second": "cancelled", "for another": "sent"}
    assert (await stored.person(world.app.engine)).blocked_at == NOON
    await write(world, letter("third"))
    await world.deliver()
    assert (await row(world, "third")).state == "cancelled"
    assert len(await world.client.calls(method="sendMessage", chat_id=1001)) == 1
    await person.write("/help")
    await write(world, letter("fourth"))
    await world.deliver()
    assert (await row(world, "fourth")).state == "sent"


@pytest.mark.parametrize("description", ["chat not found", "user is deactivated", "PEER_ID_INVALID"])
async def test_a_person_who_is_gone_gets_nothing_more(
    world: World, person: Student, description: str
) -> None:
    await world.client.add_fault("bad_request", description=description, chat_id=1001)
    await write(world, letter("first"), letter("second"))
    await world.deliver()
    assert await states(world) == {"first": "cancelled", "second": "cancelled"}
    assert (await stored.person(world.app.engine)).blocked_at == NOON


@pytest.mark.parametrize("kind", ["blocked", "not_found"])
async def test_what_a_channel_does_not_take_is_parked(world: World, kind: str) -> None:
    await world.client.add_fault(kind, chat_id=CHANNEL)
    await write(world, letter("post", CHANNEL), letter("next post", CHANNEL))
    await world.deliver()
    assert await states(world) == {"post": "parked", "next post": "sent"}
    assert (await row(world, "post")).last_error


async def test_a_message_that_telegram_refuses_is_parked_with_the_reason(
    world: World, person: Student
) -> None:
    await write(world, letter("bad", words="<b>not closed"), letter("good"))
    assert await world.deliver() == 1
    assert await states(world) == {"bad": "parked", "good": "sent"}
    assert "can't parse entities" in (await row(world, "bad")).last_error


async def test_what_is_no_message_at_all_is_parked(world: World, person: Student) -> None:
    broken = Wording(text="secret", keyboard={"inline_keyboard": "none"})
    await write(world, Letter(chat_id=1001, dedupe_key="bad", priority=Priority.REPLY, wording=broken))
    await world.deliver()
    kept = await row(world, "bad")
    assert kept.state == "parked"
    assert "secret" not in kept.last_error


async def test_a_group_that_moved_is_followed(world: World) -> None:
    await write(world, letter("first", MODERATORS), letter("second", MODERATORS))
    await world.client.add_fault("migrate", chat_id=MODERATORS, to=-1009000000009)
    assert await world.deliver() == 2
    assert (await texts(world, -1009000000009))[-2:] == ["first", "second"]
    await write(world, letter("third", MODERATORS))
    await world.deliver()
    assert (await row(world, "third")).chat_id == -1009000000009
    assert (await row(world, "first")).attempts == 1


async def test_a_picture_that_telegram_cannot_fetch_goes_as_words(world: World, person: Student) -> None:
    await world.client.add_fault(
        "bad_request", description="failed to get HTTP URL content", method="sendPhoto"
    )
    ids = await write(world, letter("picture", photo="https://example.org/a.jpg"))
    assert await world.deliver() == 1
    assert ((await newest(world)).text, (await newest(world)).photo_url) == ("picture", None)
    await write(world, letter("edit", kind="edit", target=ids["picture"]))
    await world.deliver()
    assert (await newest(world)).text == "edit"


async def test_a_picture_that_telegram_refuses_for_another_reason_is_parked(
    world: World, person: Student
) -> None:
    await world.client.add_fault("bad_request", description="PHOTO_INVALID_DIMENSIONS", method="sendPhoto")
    await write(world, letter("picture", photo=PICTURE))
    await world.deliver()
    assert (await row(world, "picture")).state == "parked"


@pytest.mark.parametrize(
    ("kind", "fields"), [("error", {"code": 500}), ("html", {"code": 502}), ("reset_before", {})]
)
async def test_what_telegram_cannot_take_now_goes_out_later(
    world: World, person: Student, kind: str, fields: dict[str, int]
) -> None:
    await world.client.add_fault(kind, **fields)
    await write(world, letter("first"), letter("second"))
    assert await world.deliver() == 0
    first = await row(world, "first")
    assert (first.state, first.attempts) == ("waiting", 1)
    assert NOON < first.next_at < NOON + timedelta(seconds=2)
    await later(world, 1)
    assert await world.deliver() == 2
    assert (await texts(world))[-2:] == ["first", "second"], "in their order"


@pytest.mark.parametrize(("kind", "code"), [("error", 500), ("error", 503), ("html", 503), ("html", 413)])
async def test_a_post_that_a_server_in_trouble_refused_goes_out_later(
    world: World, kind: str, code: int
) -> None:
    await world.client.add_fault(kind, code=code)
    await write(world, letter("post", CHANNEL, once=True))
    await world.deliver()
    await later(world, 1)
    assert await world.deliver() == 1


@pytest.mark.parametrize(("kind", "code"), [("html", 502), ("html", 504), ("error", 502), ("error", 504)])
async def test_a_post_that_a_proxy_has_no_answer_for_may_be_there(world: World, kind: str, code: int) -> None:
    await world.client.add_fault(kind, code=code)
    await write(world, letter("post", CHANNEL, once=True))
    await world.deliver()
    assert await states(world) == {"post": "unsure"}


@pytest.mark.parametrize("fault", ["reset_after", "reset_before"])
async def test_a_post_whose_answer_was_lost_is_for_people_to_decide(world: World, fault: str) -> None:
    await world.client.add_fault(fault, chat_id=CHANNEL)
    await write(world, letter("post", CHANNEL, once=True), letter("next post", CHANNEL, once=True))
    await world.deliver()
    assert await states(world) == {"post": "unsure", "next post": "sent"}
    assert (await row(world, "post")).started_at == NOON


async def test_a_message_whose_answer_was_lost_is_sent_again(world: World, person: Student) -> None:
    await world.client.add_fault("reset_after")
    await write(world, letter("hello"))
    await world.deliver()
    await later(world, 1)
    await world.deliver()
    assert (await texts(world))[-2:] == ["hello", "hello"]


async def test_a_wait_costs_no_attempt_and_then_all_of_it_goes(world: World, person: Student) -> None:
    await world.client.add_fault("flood", retry_after=1)
    await write(world, letter("first"), letter("second"), letter("post", CHANNEL, once=True))
    assert await world.deliver() == 3
    assert {(await row(world, key)).attempts for key in ("first", "second", "post")} == {1}


async def test_what_telegram_never_takes_is_parked_while_others_get_through(
    world: World, person: Student
) -> None:
    await world.client.add_fault("error", code=500, chat_id=CHANNEL, times=None)
    await write(world, letter("cursed", CHANNEL))
    for attempt in range(1, 13):
        assert (await row(world, "cursed")).state == "waiting", attempt
        await later(world, attempt * 10)
        await write(world, letter(f"other {attempt}"))
        await world.deliver()
    assert (await row(world, "cursed")).state == "parked"

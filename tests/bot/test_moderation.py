"""The moderators' group: what the delivery could not decide is told once and decided by a tap."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.wiring import create_app
from db.models import NOW, Announcement, MentorProfile, MovedChat, OutboxMessage, Person
from recommender.taxonomy import load_default
from sandbox.client import Message
from sandbox.world import MODERATORS
from scheduler.pace import Pace
from tests.bot.test_replies import rows
from tests.bot.world import World
from tests.catalogues import mentor
from usecases.counts import Counts
from usecases.letters import Letter, Priority, Wording, post

MODERATOR = 3001
CHANNEL = -1003000000001


@pytest.fixture
def world(world: World, engine: AsyncEngine) -> World:
    """The same, with a moderators' group."""
    return with_moderators(world, engine, MODERATORS)


def with_moderators(world: World, engine: AsyncEngine, chat_id: int | None) -> World:
    app = create_app(
        world.app.bot,
        engine,
        load_default(),
        seed=1,
        monotonic=lambda: 0.0,
        pace=Pace(None),
        moderators_chat_id=chat_id,
    )
    return world.restarted(app)


async def given_up(
    engine: AsyncEngine, state: str, count: int = 1, *, chat: int = 77, first: int = 1, reason: str = "No <b>"
) -> list[int]:
    """Letters that the sender gave up; their ids."""
    letters = [
        Letter(
            chat_id=chat,
            dedupe_key=f"test:{number}",
            priority=Priority.POST if state == "unsure" else Priority.REMINDER,
            wording=Wording(text=f"<b>Ментор &amp; Ко {number}</b>"),
            once=state == "unsure",
        )
        for number in range(first, first + count)
    ]
    async with engine.begin() as connection:
        ids = list((await post(connection, letters)).values())
    async with engine.begin() as connection:
        statement = update(OutboxMessage).where(OutboxMessage.id.in_(ids))
        await connection.execute(statement.values(state=state, last_error=reason, told_at=None, attempts=1))
    return ids


async def states(engine: AsyncEngine, ids: Sequence[int]) -> list[str]:
    return [row.state for row in await rows(engine) if row.id in ids]


async def told(world: World) -> Counts:
    """The tick, and what it wrote delivered."""
    counts = await world.tick("moderation")
    await world.deliver()
    return counts


async def tap(world: World, label: str, message: Message | None = None, rendering: int | None = None) -> str:
    """A moderator taps; returns the toast."""
    message_id = None if message is None else message.message_id
    tapped = await world.client.tap(
        MODERATORS, label, message_id=message_id, rendering=rendering, person=MODERATOR
    )
    await world.work()
    return (await world.client.wait_for_answer(tapped.callback_query_id)).text or ""


async def test_an_unsure_post_is_told_of_once_with_what_it_says(world: World, engine: AsyncEngine) -> None:
    await given_up(engine, "unsure", chat=CHANNEL)
    assert await told(world) == Counts(matched=1, enqueued=1)
    message = await world.client.newest(MODERATORS)
    assert "Неизвестно, вышел ли пост" in message.text
    assert "Ментор & Ко 1" in message.text
    assert message.buttons == ("✅ Пост на месте", "📣 Опубликовать")
    assert await told(world) == Counts()
    assert len(await world.client.transcript(MODERATORS)) == 1


@pytest.mark.parametrize(
    ("label", "state", "said"),
    [
        ("✅ Пост на месте", "sent", "✅ Пост на месте — Модератор"),
        ("📣 Опубликовать", "waiting", "🔁 Публикую снова — Модератор"),
    ],
)
async def test_a_tap_decides_about_a_post_and_says_who_did(
    world: World, engine: AsyncEngine, label: str, state: str, said: str
) -> None:
    ids = await given_up(engine, "unsure", chat=CHANNEL)
    await told(world)
    assert await tap(world, label) == "Готово"
    assert await states(engine, ids) == [state]
    message = await world.client.newest(MODERATORS)
    assert said in message.text
    assert message.buttons == ()


async def test_a_stale_tap_never_posts_twice(world: World, engine: AsyncEngine) -> None:
    ids = await given_up(engine, "unsure", chat=CHANNEL)
    await told(world)
    first = await world.client.newest(MODERATORS)
    await tap(world, "📣 Опубликовать")
    await world.deliver()
    assert await states(engine, ids) == ["sent"]
    assert await tap(world, "📣 Опубликовать", first, 0) == "Это уже решено"
    assert await states(engine, ids) == ["sent"]
    # It gets lost once more: the buttons of the first message are from another time.
    async with engine.begin() as connection:
        statement = update(OutboxMessage).where(OutboxMessage.id.in_(ids))
        await connection.execute(statement.values(state="unsure", sent_at=None, told_at=None))
    assert await tap(world, "📣 Опубликовать", first, 0) == "Это уже решено"
    assert await states(engine, ids) == ["unsure"]
    await told(world)
    assert await tap(world, "✅ Пост на месте") == "Готово"
    assert len(await world.client.transcript(MODERATORS)) == 2


async def test_what_telegram_refused_is_told_of_together_and_decided_one_by_one(
    world: World, engine: AsyncEngine
) -> None:
    ids = await given_up(engine, "parked", 3)
    assert await told(world) == Counts(matched=3, enqueued=3)
    message = await world.client.newest(MODERATORS)
    assert "Не доставлено 3 сообщения" in message.text
    assert message.text.count("Причина: No <b>") == 3
    assert "Ментор" not in message.text, "what a person is told is not for moderators"
    assert message.buttons[:2] == ("🔁 Повторить 1", "🗑 Убрать 1")
    await tap(world, "🔁 Повторить 2")
    await tap(world, "🗑 Убрать 3")
    assert await states(engine, ids) == ["parked", "waiting", "cancelled"]
    message = await world.client.newest(MODERATORS)
    assert message.buttons == ("🔁 Повторить 1", "🗑 Убрать 1")
    assert "🔁 Отправляю ещё раз — Модератор" in message.text
    assert "🗑 Убрано — Модератор" in message.text
    assert message.text.count("Причина: No <b>") == 3
    assert await tap(world, "🗑 Убрать 2", message, 0) == "Это уже решено"
    assert await states(engine, ids) == ["parked", "waiting", "cancelled"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("Bad Request: chat not found", "такого чата нет, или бота в нём нет."),
        ("Forbidden: bot was kicked from the channel chat", "бота нет в этом канале или группе."),
        ("Forbidden: bot is not a member of the channel chat", "бота нет в этом канале или группе."),
        ("Bad Request: not enough rights to send text messages to the chat", "боту не хватает прав"),
        ("Bad Request: need administrator rights in the channel chat", "боту не хватает прав"),
        ("Bad Request: message is too long", "сообщение длиннее, чем принимает Телеграм."),
        ("Bad Request: message caption is too long", "сообщение длиннее, чем принимает Телеграм."),
        ("Bad Request: can't parse entities: Unsupported start tag", "Телеграм не разобрал разметку"),
    ],
)
async def test_telegrams_words_are_explained_and_kept(
    world: World, engine: AsyncEngine, reason: str, said: str
) -> None:
    await given_up(engine, "parked", reason=reason)
    await told(world)
    message = await world.client.newest(MODERATORS)
    assert f"Причина: {said}" in message.text
    kept = [each for each in message.entities if each["type"] == "code"][-1]
    assert message.text[kept["offset"] :][: kept["length"]] == reason


async def test_moderators_see_whom_a_message_was_for_and_none_of_its_words(
    world: World, engine: AsyncEngine
) -> None:
    student = world.student()
    await student.write("/start")
    await given_up(engine, "parked", chat=student.id)
    await told(world)
    message = await world.client.newest(MODERATORS)
    assert "Кому: Аня" in message.text
    [link] = [each for each in message.entities if each["type"] == "text_mention"]
    assert link["user"]["id"] == student.id
    assert "Ментор" not in message.text
    await tap(world, "🗑 Убрать")
    assert "Кому: Аня" in (await world.client.newest(MODERATORS)).text


async def test_moderators_see_whom_a_post_and_its_edit_are_about(world: World, engine: AsyncEngine) -> None:
    [post_id] = await given_up(engine, "parked", chat=CHANNEL)
    letter = Letter(
        chat_id=CHANNEL,
        dedupe_key="edit",
        priority=Priority.DIGEST,
        wording=Wording(text="edited"),
        kind="edit",
        target=post_id,
    )
    async with engine.begin() as connection:
        [edit_id] = (await post(connection, [letter])).values()
        await connection.execute(
            update(OutboxMessage).where(OutboxMessage.id == edit_id).values(state="parked", last_error="no")
        )
        [vera] = (
            await connection.execute(
                insert(MentorProfile).values(**mentor(100, name="Вера <b>")).returning(MentorProfile.id)
            )
        ).scalars()
        await connection.execute(
            insert(Announcement).values(mentor_id=vera, form="post", announced_at=NOW, outbox_id=post_id)
        )
    assert (await told(world)).enqueued == 2
    assert (await world.client.newest(MODERATORS)).text.count("О ком: Вера <b>") == 2


async def test_a_thousand_refusals_are_no_flood(world: World, engine: AsyncEngine) -> None:
    ids = await given_up(engine, "parked", 1000)
    assert await told(world) == Counts(matched=1000, enqueued=24, skipped=976)
    assert await told(world) == Counts(matched=976, skipped=976)
    messages = await world.client.transcript(MODERATORS)
    assert [len(message.buttons) for message in messages] == [16, 16, 16]
    assert "И ещё 976 ждут очереди" in messages[0].text
    for number in range(1, 9):
        await tap(world, f"🗑 Убрать {number}", messages[0])
    assert (await states(engine, ids)).count("cancelled") == 8
    assert (await told(world)).enqueued == 8


async def test_what_is_given_up_again_is_told_of_again(world: World, engine: AsyncEngine) -> None:
    ids = await given_up(engine, "parked")
    await told(world)
    await tap(world, "🔁 Повторить")
    async with engine.begin() as connection:
        statement = update(OutboxMessage).where(OutboxMessage.id.in_(ids))
        await connection.execute(statement.values(state="parked", last_error="again", told_at=None))
    assert await told(world) == Counts(matched=1, enqueued=1)
    assert "Причина: again" in (await world.client.newest(MODERATORS)).text
    assert await tap(world, "🗑 Убрать") == "Готово"


async def test_a_stale_tap_leaves_the_other_cases_of_its_message_alone(
    world: World, engine: AsyncEngine
) -> None:
    ids = await given_up(engine, "parked", 3)
    await told(world)
    first = await world.client.newest(MODERATORS)
    await tap(world, "🔁 Повторить 1")
    async with engine.begin() as connection:
        statement = update(OutboxMessage).where(OutboxMessage.id == ids[0])
        await connection.execute(statement.values(state="parked", told_at=None))
    await world.forward(timedelta(minutes=1))
    await told(world)
    assert await tap(world, "🗑 Убрать 1", first, 0) == "Это уже решено"
    assert await states(engine, ids) == ["parked"] * 3
    [first, second] = await world.client.transcript(MODERATORS)
    assert first.buttons == ("🔁 Повторить 2", "🗑 Убрать 2", "🔁 Повторить 3", "🗑 Убрать 3")
    assert second.buttons == ("🔁 Повторить", "🗑 Убрать")
    await tap(world, "🗑 Убрать 3", first)
    assert await states(engine, ids) == ["parked", "parked", "cancelled"]


async def test_trouble_with_the_moderators_own_group_is_no_loop(world: World, engine: AsyncEngine) -> None:
    await given_up(engine, "parked")
    await world.client.add_fault("bad_request", description="Bad Request: not enough rights", times=None)
    await told(world)
    assert [row.state for row in await rows(engine)] == ["parked", "parked"]
    for _ in range(3):
        assert (await told(world)).enqueued == 0
    assert len(await rows(engine)) == 2


async def test_without_a_group_nothing_is_told(world: World, engine: AsyncEngine) -> None:
    await given_up(engine, "parked", 2)
    assert await with_moderators(world, engine, None).tick("moderation") == Counts(matched=2, skipped=2)
    assert len(await rows(engine)) == 2


async def test_a_tap_from_anywhere_else_decides_nothing(world: World, engine: AsyncEngine) -> None:
    ids = await given_up(engine, "parked")
    await told(world)
    student = world.student()
    await student.write("/start")
    row = (await rows(engine))[0]
    data = f"case:drop:{row.id}:{int(row.told_at.timestamp() * 1000)}"
    assert await student.forge(data)
    assert await states(engine, ids) == ["parked"]
    elsewhere = with_moderators(world, engine, -1002000000099)
    await elsewhere.client.tap(MODERATORS, "🗑 Убрать", person=MODERATOR)
    await elsewhere.work()
    assert await states(engine, ids) == ["parked"]


async def test_a_group_that_has_moved_is_still_the_moderators(world: World, engine: AsyncEngine) -> None:
    before = -4001
    async with engine.begin() as connection:
        await connection.execute(insert(MovedChat).values(old_id=before, new_id=MODERATORS))
    moved = with_moderators(world, engine, before)
    ids = await given_up(engine, "parked")
    await told(moved)
    assert await tap(moved, "🗑 Убрать") == "Готово"
    assert await states(engine, ids) == ["cancelled"]


async def test_nothing_is_kept_of_moderators(world: World, engine: AsyncEngine) -> None:
    await given_up(engine, "parked")
    await told(world)
    await tap(world, "🗑 Убрать")
    async with engine.connect() as connection:
        assert (await connection.execute(select(Person.id))).all() == []

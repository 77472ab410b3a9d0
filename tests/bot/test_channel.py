"""The public channel: posts as its readers see them, links into the chat, reactions."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import Announcement, MentorProfile
from sandbox.client import Message
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.conftest import CHANNEL
from tests.bot.mentors import claimed
from tests.bot.stored import events, searches
from tests.bot.world import Student, World
from tests.catalogues import fill, mentor

WRITE, SAVE, DISMISS = "✍️ Написать", "☆ Сохранить", "✕ Не подходит"
FIND = "Подобрать мне ментора"


async def announce(world: World, *numbers: int, **given: Any) -> None:
    """Queue newcomers with these numbers."""
    engine = world.app.engine
    await fill(engine, [mentor(number, **given) for number in numbers])
    async with engine.begin() as connection:
        keys = [f"m{number}" for number in numbers]
        new = select(MentorProfile.id).where(MentorProfile.external_id.in_(keys))
        await connection.execute(insert(Announcement).from_select(["mentor_id"], new))
    await world.app.catalogue.refresh()


async def go_on(world: World) -> None:
    """A turn of the channel, and what comes of it is sent."""
    await world.tick("announcements")
    await world.deliver()


async def number_of(engine: AsyncEngine, number: int) -> int:
    async with engine.connect() as connection:
        found = select(MentorProfile.id).where(MentorProfile.external_id == f"m{number}")
        return (await connection.execute(found)).scalar_one()


async def change(world: World, number: int, **values: Any) -> None:
    async with world.app.engine.begin() as connection:
        statement = update(MentorProfile).where(MentorProfile.external_id == f"m{number}")
        await connection.execute(statement.values(**values))
    await world.app.catalogue.refresh()


async def follow(student: Student, link: str) -> Message:
    """Open a link in the chat with the bot, and see what comes."""
    await student.world.client.follow_link(student.id, link)
    await student.world.work()
    return await student.screen()


@pytest.fixture
async def post(world: World) -> Message:
    """A post about mentor 77."""
    await announce(world, 77, name="Анна Ветрова", about="Помогаю с ревью.")
    await go_on(world)
    return await world.client.newest(CHANNEL)


@pytest.fixture
def link(post: Message) -> str:
    return post.keyboard[0][0].url or ""


async def test_a_newcomer_is_posted_with_a_picture_and_a_button_into_the_chat(
    post: Message, link: str, engine: AsyncEngine
) -> None:
    assert post.photo_url
    assert post.text.startswith("👋 Новый ментор: Анна Ветрова\nBackend-разработчик")
    assert post.buttons == ("Открыть анкету",)
    assert link == f"https://t.me/shortlist_demo_bot?start=m{await number_of(engine, 77)}_c"


async def test_a_post_says_that_its_mentor_pauses_and_that_they_are_back(world: World, post: Message) -> None:
    await change(world, 77, status="paused")
    await go_on(world)
    closed = await world.client.newest(CHANNEL)
    assert (closed.message_id, closed.photo_url, closed.edits) == (post.message_id, post.photo_url, 1)
    assert closed.text == f"⏸ Сейчас не набирает учеников\n{post.text}"
    assert closed.buttons == ("Подобрать другого",)
    await change(world, 77, status="active")
    await go_on(world)
    again = await world.client.newest(CHANNEL)
    assert (again.text, again.buttons, again.edits) == (post.text, post.buttons, 2)
    assert len(await world.client.transcript(CHANNEL)) == 1


async def test_many_newcomers_are_six_posts_and_a_digest_whose_links_work(
    world: World, student: Student, engine: AsyncEngine
) -> None:
    # Three in the afternoon in Moscow.
    await announce(world, *range(101, 110))
    for _ in range(8):
        await go_on(world)
        await world.forward(timedelta(minutes=30))
    posts = await world.client.transcript(CHANNEL)
    assert len(posts) == 7
    digest = posts[-1]
    assert digest.text.startswith("👋 И ещё 3 новых ментора\n\nБэкенд\n• Ментор 107 — Backend-разработчик, ")
    links = [each["url"] for each in digest.entities if each["type"] == "text_link"]
    screen = await follow(student, links[2])
    assert screen.text.startswith("Ментор 109")
    assert [each.reason for each in await events(engine, "visit")] == ["digest"]


async def test_a_link_opens_the_mentor_for_somebody_new(
    student: Student, link: str, engine: AsyncEngine
) -> None:
    screen = await follow(student, link)
    assert screen.text.startswith("Анна Ветрова\nBackend-разработчик")
    assert screen.buttons == (WRITE, SAVE, DISMISS, FIND)
    # They have asked for nothing that somebody could fit.
    assert "Почему подходит" not in screen.text
    mentor_id = await number_of(engine, 77)
    (search,) = await searches(engine)
    assert (search.kind, search.request["languages"]) == ("link", ["ru"])
    assert [(each.kind, each.mentor_id, each.search_id, each.reason) for each in await events(engine)] == [
        ("search", None, search.id, None),
        ("impression", mentor_id, search.id, None),
        ("visit", mentor_id, search.id, "channel"),
    ]


async def test_the_same_link_again_shows_the_same_and_counts_nothing_twice(
    student: Student, link: str, engine: AsyncEngine
) -> None:
    first = await follow(student, link)
    before = await events(engine)
    again = await follow(student, link)
    assert (again.text, again.buttons) == (first.text, first.buttons)
    assert again.message_id != first.message_id
    assert await events(engine) == before
    # From another place it is another visit, and still the same search.
    await follow(student, link.removesuffix("c") + "d")
    assert [each.reason for each in await events(engine, "visit")] == ["channel", "digest"]
    assert len(await searches(engine)) == 1


async def test_the_buttons_of_a_page_opened_by_a_link_work(
    student: Student, link: str, engine: AsyncEngine
) -> None:
    await follow(student, link)
    assert (await student.tap(SAVE)).startswith("Сохранил")
    assert await student.buttons() == (WRITE, "★ Сохранено", DISMISS, FIND)
    await student.tap(WRITE)
    # Nothing has been agreed to yet: what is kept is said before it is.
    assert "Нажимая, вы с этим соглашаетесь" in await student.text()
    await student.tap("Показать ссылку")
    assert "Первое сообщение" in await student.text()
    await student.tap("← Назад")
    await student.tap(DISMISS)
    await student.tap("← Назад")
    assert await student.buttons() == (WRITE, "★ Сохранено", DISMISS, FIND)
    await student.tap(DISMISS)
    await student.tap("Дорого")
    assert await student.buttons() == ("Вернуть: Анна Ветрова", FIND)
    assert "ℹ️" not in await student.text()
    await student.tap("Вернуть: Анна Ветрова")
    await student.tap("ℹ️ 1")
    assert await student.buttons() == (WRITE, "★ Сохранено", DISMISS, FIND)
    kinds = [each.kind for each in await events(engine)]
    assert kinds == ["search", "impression", "visit", "save", "contact", "dismiss", "restore", "open"]


KEPT = "Я храню, что вы открывали эту анкету"


async def test_who_has_not_agreed_yet_reads_at_the_end_what_is_kept_and_where_to_see_it(
    student: Student, link: str
) -> None:
    last = (await follow(student, link)).text.split("\n\n")[-1]
    assert last.startswith(KEPT)
    assert last.endswith("/privacy")
    assert "Показов, открытий и других действий: " in (await student.write("/privacy")).text
    await follow(student, link)
    await student.tap(SAVE)
    assert KEPT in await student.text()
    await change(student.world, 77, status="paused")
    closed = await follow(student, link)
    assert closed.text.startswith("Анна Ветрова сейчас не набирает учеников.")
    assert KEPT in closed.text


async def test_who_has_agreed_is_not_told_again_what_is_kept(student: Student, link: str) -> None:
    await play(student, QUESTIONNAIRE)
    assert KEPT not in (await follow(student, link)).text
    await change(student.world, 77, status="paused")
    assert KEPT not in (await follow(student, link)).text


async def test_who_wants_somebody_found_gets_the_first_question(student: Student, link: str) -> None:
    await follow(student, link)
    await student.tap(FIND)
    assert "1 из " in await student.text()


async def test_who_has_answered_reads_why_the_mentor_fits_and_has_a_way_to_their_list(
    student: Student, link: str, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE)
    screen = await follow(student, link)
    assert "Почему подходит" in screen.text
    shortlist, opened = await searches(engine)
    assert (opened.kind, opened.request) == ("link", shortlist.request)
    await student.tap(FIND)
    assert "Мой подбор" in await student.buttons()


async def test_other_answers_make_the_same_link_another_search(
    student: Student, link: str, engine: AsyncEngine
) -> None:
    await follow(student, link)
    await play(student, QUESTIONNAIRE)
    await follow(student, link)
    assert [each.kind for each in await searches(engine)] == ["link", "shortlist", "link"]
    assert len(await events(engine, "visit")) == 1


async def test_a_running_questionnaire_is_not_disturbed(student: Student, link: str) -> None:
    await student.write("/start")
    await student.tap("Бэкенд")
    await follow(student, link)
    await student.tap(FIND)
    assert "2 из " in await student.text()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"status": "paused"}, "Анна Ветрова сейчас не набирает учеников."),
        ({"capacity": 0}, "Анна Ветрова сейчас не набирает учеников."),
        ({"status": "left"}, "Этого ментора в каталоге больше нет."),
    ],
)
async def test_a_link_to_somebody_who_takes_nobody_is_a_way_to_somebody_else(
    student: Student, link: str, engine: AsyncEngine, values: dict[str, Any], says: str
) -> None:
    await change(student.world, 77, **values)
    screen = await follow(student, link)
    assert screen.text.startswith(says)
    assert await searches(engine) == []
    assert [each.kind for each in await events(engine)] == ["visit"] * (values != {"status": "left"})
    await student.tap("Подобрать другого")
    assert "1 из " in await student.text()


@pytest.mark.parametrize("start", ["m999999_c", "m999999999999999999_c"])
async def test_a_link_to_nobody_is_a_kind_word(student: Student, start: str) -> None:
    assert (await follow(student, f"start={start}")).text.startswith("Этого ментора в каталоге больше нет.")


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("m1_z", "Такой ссылки я не знаю"),
        ("m1", "Такой ссылки я не знаю"),
        ("m_c", "Такой ссылки я не знаю"),
        ("mm1_c", "Такой ссылки я не знаю"),
        ("m9999999999999999999999_c", "Такой ссылки я не знаю"),
        ("hello", "Такой ссылки я не знаю"),
        ("claim_", "Такой ссылки я не знаю"),
        ("claim_x", "Такой ссылки на анкету нет"),
        ("channel", "👋 Я подберу вам ментора"),
    ],
)
async def test_a_link_that_nobody_made_is_a_kind_word_and_a_start(
    student: Student, start: str, says: str
) -> None:
    screen = await follow(student, f"start={start}")
    assert screen.text.startswith(says)
    assert "Отвечая на вопросы, вы с этим соглашаетесь" in screen.text
    assert "1 из " in screen.text
    assert "Бэкенд" in screen.buttons


async def test_an_unknown_link_does_not_disturb_who_has_a_list(student: Student) -> None:
    await play(student, QUESTIONNAIRE)
    screen = await follow(student, "start=claim_x")
    assert screen.text.startswith("Такой ссылки на анкету нет")
    assert "Мой подбор" in screen.buttons


async def test_a_mentor_with_a_profile_sees_it_whatever_the_link_says(world: World) -> None:
    vera = await claimed(world)
    assert (await follow(vera, "start=claim_x")).text.startswith("Ваша анкета ментора")


async def test_a_mentor_who_is_not_compiled_yet_is_shown_all_the_same(world: World, student: Student) -> None:
    await fill(world.app.engine, [mentor(88, name="Только что")])
    screen = await follow(student, f"start=m{await number_of(world.app.engine, 88)}_c")
    assert screen.text.startswith("Только что")
    assert WRITE in screen.buttons


async def reactions(engine: AsyncEngine) -> dict[str, int]:
    async with engine.connect() as connection:
        found = await connection.execute(select(Announcement.reactions))
        counts: dict[str, int] = found.scalar_one()
        return counts


async def test_reactions_under_a_post_are_counted(world: World, post: Message, engine: AsyncEngine) -> None:
    # Telegram tells of reactions only once it has been asked to.
    await world.work()
    for person in (1001, 1002):
        await world.client.react(CHANNEL, post.message_id, "👍", person=person)
    await world.client.react(CHANNEL, post.message_id, "🔥", person=2001)
    await world.work()
    assert await reactions(engine) == {"👍": 2, "🔥": 1}
    await world.client.react(CHANNEL, post.message_id, None, person=1001)
    await world.client.react(CHANNEL, post.message_id, "🔥", person=1002)
    await world.work()
    assert await reactions(engine) == {"🔥": 2}


async def test_reactions_that_are_not_plain_emoji_or_not_ours_do_no_harm(
    world: World, post: Message, engine: AsyncEngine
) -> None:
    kinds: list[dict[str, Any]] = [
        {"type": {"type": "custom_emoji", "custom_emoji_id": "5"}, "total_count": 3},
        {"type": {"type": "paid"}, "total_count": 1},
    ]
    at = int(datetime(2026, 3, 2).timestamp())  # noqa: DTZ001 - any day
    chat = {"id": CHANNEL, "type": "channel", "title": "x"}
    for message_id, where in ((post.message_id, chat), (post.message_id, chat | {"id": -7}), (999, chat)):
        counted = {"chat": where, "message_id": message_id, "date": at, "reactions": kinds}
        await world.client.put_update({"message_reaction_count": counted})
    await world.work()
    assert await reactions(engine) == {"custom:5": 3, "paid": 1}


@pytest.mark.parametrize(
    "reason",
    ["failed to get HTTP URL content", "wrong HTTP URL specified", "WEBPAGE_CURL_FAILED", "file is too big"],
)
async def test_a_picture_that_telegram_cannot_fetch_costs_the_picture_and_not_the_post(
    world: World, reason: str
) -> None:
    address = "https://example.org/gone.jpg"
    await world.client.add_fault("bad_request", method="sendPhoto", description=f"Bad Request: {reason}")
    await announce(world, 77, name="Анна Ветрова", photo_url=address)
    await go_on(world)
    (call,) = await world.client.calls(method="sendPhoto")
    assert call["params"]["photo"] == address
    shown = await world.client.newest(CHANNEL)
    assert (shown.photo_url, shown.buttons) == (None, ("Открыть анкету",))
    await change(world, 77, status="paused")
    await go_on(world)
    closed = await world.client.newest(CHANNEL)
    assert closed.message_id == shown.message_id
    assert closed.text == f"⏸ Сейчас не набирает учеников\n{shown.text}"

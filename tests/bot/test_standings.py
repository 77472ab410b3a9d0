"""Every night: the elite, mentors below the bar, and what moderators decide about them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import BarCase, ContactRequest, Person, Review
from sandbox.client import Message
from sandbox.world import MODERATORS
from tests.bot.conftest import NOON
from tests.bot.mentors import VERA, letters, profile
from tests.bot.requests import ANYA, decide, moderated, only_request, opened, written
from tests.bot.stored import events, searches
from tests.bot.world import World
from tests.catalogues import fill, mentor
from usecases.counts import Counts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "Здравствуйте! Помогите подготовиться к собеседованию."


@pytest.fixture
async def world(world: World) -> World:
    return await moderated(world)


async def past(
    engine: AsyncEngine,
    stars: Sequence[int],
    *,
    progress: int | None = 5,
    answered_in: timedelta = HOUR,
    traits: Sequence[str] = (),
    days_ago: int = 10,
    of: str = "vera",
) -> None:
    """Reviews of requests that are over, each by somebody else."""
    mentor_id = (await profile(engine, of)).id
    async with engine.begin() as connection:
        sent = NOON - days_ago * DAY
        for each in stars:
            people = insert(Person).values(id=await _next_person(connection), first_name="Бывший")
            person_id = (await connection.execute(people.returning(Person.id))).scalar_one()
            request = insert(ContactRequest).values(
                person_id=person_id,
                mentor_id=mentor_id,
                words=WORDS,
                answers={},
                state="going_on",
                sent_at=sent,
                answered_at=sent + answered_in,
                accepted_at=sent + answered_in,
                talked_at=sent + 3 * DAY,
                ended_at=sent + 3 * DAY,
            )
            request_id = (await connection.execute(request.returning(ContactRequest.id))).scalar_one()
            await connection.execute(
                insert(Review).values(
                    request_id=request_id,
                    person_id=person_id,
                    mentor_id=mentor_id,
                    stars=each,
                    progress=progress,
                    traits=list(traits),
                    created_at=sent + 3 * DAY,
                )
            )


async def _next_person(connection: Any) -> int:
    newest = await connection.scalar(select(Person.id).order_by(Person.id.desc()).limit(1))
    return max(newest or 0, 900_000) + 1


async def night(world: World) -> Counts:
    """The next one passes, and what it brought is delivered by noon."""
    await world.forward(DAY)
    counts = await world.tick("standings")
    await world.deliver()
    return counts


async def cases(engine: AsyncEngine) -> list[Row[Any]]:
    async with engine.connect() as connection:
        return list(await connection.execute(select(*BarCase.__table__.c).order_by(BarCase.id)))


async def group(world: World) -> Message:
    """The newest message of the moderators' group."""
    return await world.client.newest(MODERATORS)


# --- the elite ---------------------------------------------------------------------------------------------


async def test_who_meets_every_criterion_is_elite_the_next_morning_and_reads_it(
    world: World, engine: AsyncEngine
) -> None:
    await past(engine, [5] * 20)
    assert (await profile(engine)).tier == "common"
    await night(world)
    assert (await profile(engine)).tier == "elite"
    assert "с этой ночи вы в элите" in await world.student(VERA).text()


@pytest.mark.parametrize(
    "lacking",
    [
        {"stars": [5] * 19},
        {"stars": [5] * 15 + [3] * 5},
        {"stars": [5] * 20, "progress": 3},
        {"stars": [5] * 20, "progress": None},
        {"stars": [5] * 20, "answered_in": timedelta(hours=25)},
    ],
    ids=["a review", "stars", "progress", "any progress", "quick answers"],
)
async def test_who_lacks_one_criterion_is_not_elite(
    world: World, engine: AsyncEngine, lacking: dict[str, Any]
) -> None:
    await past(engine, **lacking)
    await night(world)
    assert (await profile(engine)).tier == "common"
    assert not [each for each in await letters(engine) if each.dedupe_key.startswith("elite:")]


async def test_the_elite_is_lost_as_it_was_gained(world: World, engine: AsyncEngine) -> None:
    await past(engine, [5] * 20)
    await night(world)
    await past(engine, [1, 1, 1], days_ago=4)
    await night(world)
    assert (await profile(engine)).tier == "common"
    assert "вас нет в списке /elite" in await world.student(VERA).text()


async def test_the_nights_work_is_done_once_a_night_and_made_up_for(
    world: World, engine: AsyncEngine
) -> None:
    await past(engine, [5] * 20)
    assert (await night(world)).enqueued == 1
    assert await world.tick("standings") == Counts()
    # Three nights without anybody to do it: the next run does what is due now.
    await past(engine, [1] * 6, days_ago=4)
    await world.forward(3 * DAY)
    assert (await world.tick("standings")).enqueued == 1
    assert (await profile(engine)).tier == "common"


async def test_no_import_makes_anybody_elite(world: World, engine: AsyncEngine) -> None:
    await fill(engine, [mentor(300, external_id="bought", tier="elite")])
    await night(world)
    assert (await profile(engine, "bought")).tier == "common"


async def test_the_elite_have_a_list_by_their_own_rating_which_is_logged(
    world: World, engine: AsyncEngine
) -> None:
    await fill(engine, [mentor(301, external_id="better", name="Глеб", about="")])
    await past(engine, [5] * 15 + [4] * 5)
    await past(engine, [5] * 30, of="better")
    await night(world)
    anya = world.student(ANYA)
    said = (await anya.write("/elite")).text
    assert said.index("1. Глеб") < said.index("2. Вера Новикова")
    shown = [row for row in await searches(engine) if row.kind == "elite"]
    assert len(shown) == 1
    impressions = [each for each in await events(engine, "impression") if each.search_id == shown[0].id]
    assert [each.position for each in impressions] == [1, 2]
    await anya.tap("ℹ️ 2")
    assert "🏅 Элита платформы" in await anya.text()
    await anya.tap("✍️ Написать")
    assert "📨 Отправить" in await anya.buttons()


async def test_a_list_without_elite_says_what_it_takes(world: World) -> None:
    said = (await world.student(ANYA).write("/elite")).text
    assert "Пока никто не набрал нужного" in said
    assert "Не меньше 20 отзывов" in said


async def test_being_elite_is_no_advantage_in_a_shortlist(world: World, engine: AsyncEngine) -> None:
    await past(engine, [5] * 20)
    await world.tick("ratings")
    before = await world.app.catalogue.refresh()
    common = before.people.quality.copy()
    await night(world)
    assert (await profile(engine)).tier == "elite"
    after = await world.app.catalogue.refresh()
    row = after.row_of((await profile(engine)).id)
    assert row is not None
    # A day older, and nothing else.
    assert after.people.quality[row] == pytest.approx(
        common[before.row_of((await profile(engine)).id)], abs=0.002
    )


# --- the bar -----------------------------------------------------------------------------------------------


async def below_the_bar(world: World, engine: AsyncEngine) -> Message:
    """Vera, whom moderators see with the evidence."""
    await past(engine, [1] * 8, progress=1)
    await night(world)
    return await group(world)


async def test_who_is_below_the_bar_is_put_to_the_moderators_with_the_evidence(
    world: World, engine: AsyncEngine
) -> None:
    told = await below_the_bar(world, engine)
    assert "Ментор ниже черты: Вера Новикова" in told.text
    assert "по 8 отзывам" in told.text
    assert told.buttons == ("💬 Поговорить", "⏸ Пауза", "🚫 Убрать")
    # Nothing is done by itself, and nobody is told twice.
    assert (await profile(engine)).status == "active"
    await night(world)
    assert len(await cases(engine)) == 1


@pytest.mark.parametrize(("stars", "count"), [([1] * 4, 0), ([1] * 8, 1), ([5] * 8, 0)])
async def test_the_bar_asks_for_enough_reviews_that_are_bad_enough(
    world: World, engine: AsyncEngine, stars: list[int], count: int
) -> None:
    await past(engine, stars)
    await night(world)
    assert len(await cases(engine)) == count


@pytest.mark.parametrize(("days_ago", "count", "found"), [(10, 3, 1), (10, 2, 0), (70, 3, 0)])
async def test_three_no_shows_within_sixty_days_are_below_the_bar(
    world: World, engine: AsyncEngine, days_ago: int, count: int, found: int
) -> None:
    await past(engine, [5] * count, traits=["late"], days_ago=days_ago)
    await night(world)
    assert [each.reasons for each in await cases(engine)] == [["no_shows"]] * found


async def test_moderators_talk_with_a_draft_and_hear_nothing_for_a_month(
    world: World, engine: AsyncEngine
) -> None:
    await below_the_bar(world, engine)
    assert await decide(world, "💬 Поговорить") == "Готово"
    told = await group(world)
    (copied,) = [button.copy_text for row in told.keyboard for button in row if button.copy_text]
    assert copied.startswith("Здравствуйте, Вера Новикова!")
    assert [button.url for row in told.keyboard for button in row if button.url] == [
        "https://t.me/Vera_Mentor"
    ]
    assert (await profile(engine)).status == "active"
    # And only if something has come since then.
    await past(engine, [1], days_ago=4)
    for _ in range(29):
        await night(world)
    assert len(await cases(engine)) == 1
    await night(world)
    await night(world)
    assert len(await cases(engine)) == 2


async def test_a_pause_by_moderators_holds_closes_what_waits_and_ends_by_itself(
    world: World, engine: AsyncEngine
) -> None:
    anya = await written(world.student(ANYA))
    await below_the_bar(world, engine)
    await decide(world, "⏸ Пауза")
    await world.deliver()
    vera = world.student(VERA)
    assert "Модераторы поставили вашу анкету на паузу на 30 дней" in await vera.text()
    assert (await only_request_of(engine, ANYA)).state == "closed"
    assert "больше не берёт учеников" in await anya.text()
    await vera.write("/my")
    assert "Пока паузу держат модераторы" in await vera.tap("▶️ Вернуться в подбор")
    assert (await profile(engine)).status == "paused"
    await world.forward(31 * DAY)
    await world.tick("reminders")
    assert (await profile(engine)).status == "active"


async def only_request_of(engine: AsyncEngine, person_id: int) -> Row[Any]:
    """The request of one student."""
    async with engine.connect() as connection:
        statement = select(*ContactRequest.__table__.c).where(ContactRequest.person_id == person_id)
        return (await connection.execute(statement)).one()


async def test_who_is_removed_by_moderators_stays_so_until_they_take_it_back(
    world: World, engine: AsyncEngine
) -> None:
    told = await below_the_bar(world, engine)
    await decide(world, "🚫 Убрать")
    await world.deliver()
    vera = world.student(VERA)
    assert "Модераторы убрали вашу анкету" in await vera.text()
    await vera.write("/my")
    assert await vera.buttons() == ()
    mentor_id = (await profile(engine)).id
    await vera.forge(f"my:active:{mentor_id}")
    assert (await profile(engine)).status == "expelled"
    assert await decide(world, "↩️ Отменить решение") == "Готово"
    assert (await profile(engine)).status == "active"
    # The case is open again, with its three buttons.
    assert (await group(world)).buttons == told.buttons
    await world.deliver()
    assert "ваша анкета снова в каталоге" in await vera.text()


async def test_of_two_moderators_the_first_decides(world: World, engine: AsyncEngine) -> None:
    told = await below_the_bar(world, engine)
    await decide(world, "⏸ Пауза")
    assert await decide(world, "🚫 Убрать", told, rendering=0) == "Это уже решено"
    assert (await profile(engine)).status == "paused"


async def test_a_mentor_who_left_meanwhile_is_not_brought_back_by_an_undo(
    world: World, engine: AsyncEngine
) -> None:
    await below_the_bar(world, engine)
    await decide(world, "⏸ Пауза")
    vera = world.student(VERA)
    await vera.forge(f"my:left:{(await profile(engine)).id}")
    await decide(world, "↩️ Отменить решение")
    assert (await profile(engine)).status == "left"


async def test_a_pause_of_ones_own_is_no_way_past_the_moderators(world: World, engine: AsyncEngine) -> None:
    await below_the_bar(world, engine)
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("⏸ Пауза…")
    await vera.tap("1 месяц")
    assert await decide(world, "🚫 Убрать") == "Готово"
    assert (await profile(engine)).status == "expelled"
    # Taken back, she is where she was.
    await decide(world, "↩️ Отменить решение")
    assert (await profile(engine)).status == "paused"


async def test_a_case_is_not_opened_again_without_anything_new(world: World, engine: AsyncEngine) -> None:
    await below_the_bar(world, engine)
    await decide(world, "💬 Поговорить")
    for _ in range(40):
        await night(world)
    assert len(await cases(engine)) == 1
    await past(engine, [1], days_ago=-30)
    await night(world)
    assert len(await cases(engine)) == 2


async def test_who_is_forgotten_is_quoted_no_more(world: World, engine: AsyncEngine) -> None:
    await past(engine, [1] * 8)
    async with engine.begin() as connection:
        await connection.execute(
            update(Review).values(words="Обещали одно, а вышло другое.", words_state="published")
        )
    await night(world)
    assert "Обещали одно" in (await group(world)).text
    async with engine.begin() as connection:
        await connection.execute(update(Review).values(words=None, words_state="none"))
    await decide(world, "💬 Поговорить")
    assert "Обещали одно" not in (await group(world)).text


async def test_the_rules_say_the_very_numbers(world: World) -> None:
    said = (await world.student(VERA).write("/rules")).text
    for each in ("4-я — пауза", "от 4,6", "от 3,9", "за 24 ч на 90 % заявок", "ниже 3,5", "не продаётся"):
        assert each in said


# --- what cards show ---------------------------------------------------------------------------------------


async def test_cards_show_when_a_mentor_confirmed_and_how_fast_they_answer(
    world: World, engine: AsyncEngine
) -> None:
    await past(engine, [5] * 3, answered_in=timedelta(hours=2, minutes=20))
    vera = world.student(VERA)
    await vera.forge(f"my:active:{(await profile(engine)).id}")
    await world.tick("ratings")
    anya = await opened(world.student(ANYA))
    assert "🕓 на связи 02.03.2026 · обычно отвечает за 2 часа" in await anya.text()
    assert "★ 4,9 по 3 отзывам" in await anya.text()


@pytest.mark.parametrize(
    ("answered_in", "said"),
    [
        (timedelta(minutes=20), "обычно отвечает в течение часа"),
        (timedelta(hours=36), "обычно отвечает за 36 часов"),
        (timedelta(hours=49), "обычно отвечает за 2 дня"),
    ],
)
async def test_answer_times_read_as_people_say_them(
    world: World, engine: AsyncEngine, answered_in: timedelta, said: str
) -> None:
    await past(engine, [5] * 3, answered_in=answered_in)
    await world.tick("ratings")
    assert said in await (await opened(world.student(ANYA))).text()


async def test_two_answers_tell_nothing_yet(world: World, engine: AsyncEngine) -> None:
    await past(engine, [5] * 2)
    await world.tick("ratings")
    assert "обычно отвечает" not in await (await opened(world.student(ANYA))).text()


async def test_ratings_that_have_not_moved_are_not_stored_again(world: World, engine: AsyncEngine) -> None:
    await past(engine, [5] * 3)
    assert (await world.tick("ratings")).enqueued == 25
    assert (await world.tick("ratings")).enqueued == 0


async def test_a_request_is_needed_for_the_figures_to_be_real(world: World, engine: AsyncEngine) -> None:
    await written(world.student(ANYA))
    await world.forward(2 * DAY)
    await world.tick("ratings")
    row = await profile(engine)
    assert (row.requests_asked, row.requests_answered, row.prompt_share) == (1, 0, 0.0)
    assert (await only_request(engine)).answered_at is None

"""Shortlists: three cards, logged before they are shown, and what is done with the mentors on them."""

from itertools import pairwise

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import MentorProfile
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.stored import events, searches, state
from tests.bot.world import Student, World
from tests.catalogues import fill, mentor

SKIPPED = ("Бэкенд", "Пропустить →", "Middle", "Пропустить →", "Не важно →", "Показать менторов →")


async def shortlist(student: Student) -> None:
    """A backend shortlist: there are six such mentors."""
    await student.write("/start")
    for label in SKIPPED:
        await student.tap(label)


async def names(student: Student) -> list[str]:
    lines = (await student.text()).split("\n")
    return [line.partition(". ")[2] for line in lines if line[:3] in {"1. ", "2. ", "3. "}]


async def only(engine: AsyncEngine, world: World, count: int) -> None:
    """A catalogue of so many mentors."""
    async with engine.begin() as connection:
        await connection.execute(
            update(MentorProfile).where(MentorProfile.id > count).values(status="removed")
        )
    await world.app.catalogue.refresh()


async def remove(engine: AsyncEngine, world: World, name: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            update(MentorProfile).where(MentorProfile.name == name).values(status="removed")
        )
    await world.app.catalogue.refresh()


async def test_a_shortlist_has_three_cards_with_a_reason_each(student: Student) -> None:
    await shortlist(student)
    text = await student.text()
    assert len(set(await names(student))) == 3
    assert text.count("✅") == 3
    assert (await student.buttons())[-3:-1] == ("Ещё три →", "Изменить ответы")


async def test_who_reads_english_gets_mentors_who_speak_it_and_a_word_about_the_others(
    world: World, engine: AsyncEngine
) -> None:
    await fill(engine, [mentor(100 + number, languages=["en"]) for number in range(2)])
    await world.app.catalogue.refresh()
    await world.client.add_person(5001, "Ann", language_code="en")
    ann = world.student(5001)
    await ann.write("/start")
    for label in ("Backend", "Skip →", "Middle", "Skip →", "Does not matter →", "Show me mentors →"):
        await ann.tap(label)
    assert set((await names(ann))[:2]) == {"Ментор 100", "Ментор 101"}
    assert (await ann.text()).count("another language: Russian") == 1
    assert [each.request["languages"] for each in await searches(engine, 5001)] == [["en"]]


async def test_who_reads_russian_gets_mentors_who_speak_it(student: Student, engine: AsyncEngine) -> None:
    await fill(engine, [mentor(100 + number, languages=["en"], price=0) for number in range(9)])
    await student.world.app.catalogue.refresh()
    await shortlist(student)
    assert not {f"Ментор {100 + number}" for number in range(9)} & set(await names(student))
    assert (await searches(engine))[0].request["languages"] == ["ru"]


async def test_another_language_chosen_later_leaves_the_search_as_it_is(
    student: Student, engine: AsyncEngine
) -> None:
    await shortlist(student)
    await student.write("/language")
    await student.tap("English")
    await student.tap("Change my answers")
    await student.tap("Show me mentors")
    assert len(await searches(engine)) == 1


async def test_every_card_is_logged_with_what_led_to_it(student: Student, engine: AsyncEngine) -> None:
    await shortlist(student)
    search = (await searches(engine))[0]
    assert (search.kind, search.previous_id, search.root_id) == ("shortlist", None, None)
    shown = await events(engine, "impression")
    assert [each.position for each in shown] == [1, 2, 3]
    for each in shown:
        assert each.search_id == search.id
        assert each.score == pytest.approx(sum(each.parts.values()), abs=1e-6)
        assert (each.propensity, each.model_version) == (1.0, search.model_version)
    assert [each.kind for each in await events(engine)] == [
        "search",
        "impression",
        "impression",
        "impression",
    ]


async def test_three_more_shows_nobody_twice_until_all_were_seen_and_then_says_so(student: Student) -> None:
    await shortlist(student)
    seen: list[str] = []
    for page in range(8):
        shown = await names(student)
        assert len(set(shown)) == 3
        assert not set(shown) & set(seen), page
        assert "начинаю сначала" not in await student.text()
        seen += shown
        await student.tap("Ещё три →")
    assert len(seen) == 24
    assert "Вы видели уже всех — начинаю сначала." in await student.text()
    assert await names(student) == seen[:3]


async def test_a_double_tap_on_three_more_makes_one_search(student: Student, engine: AsyncEngine) -> None:
    await shortlist(student)
    client = student.world.client
    for _ in range(2):
        await client.tap(student.id, "Ещё три →")
    await student.world.work()
    made = await searches(engine)
    assert [each.previous_id for each in made] == [None, made[0].id]
    assert len(await events(engine, "impression")) == 6


async def test_each_action_is_logged_once(student: Student, engine: AsyncEngine) -> None:
    await shortlist(student)
    message = (await student.screen()).message_id
    for label in ("ℹ️ 1", "☆ Сохранить", "★ Сохранено", "☆ Сохранить", "✍️ Написать", "← Назад"):
        edits = (await student.screen()).edits
        await student.tap(label)
        await student.tap(label, message_id=message, rendering=edits)
    edits = (await student.screen()).edits
    await student.tap("✕ Не подходит")
    await student.tap("Дорого")
    await student.tap("Дорого", message_id=message, rendering=edits + 1)
    await student.tap("Вернуть: " + (await names(student))[0].partition(" — ")[0])
    logged = [each for each in await events(engine) if each.kind not in {"search", "impression"}]
    assert [each.kind for each in logged] == [
        "open",
        "save",
        "unsave",
        "save",
        "contact",
        "dismiss",
        "restore",
    ]
    assert {each.mentor_id for each in logged} == {(await events(engine, "impression"))[0].mentor_id}
    assert {each.search_id for each in logged} == {(await searches(engine))[0].id}
    assert [each.reason for each in logged if each.reason] == ["too_dear"]


async def test_a_mentor_who_is_not_for_me_is_never_shown_again(student: Student) -> None:
    await shortlist(student)
    gone = (await names(student))[0]
    await student.tap("✕")
    assert f"Почему {gone} не подходит?" in await student.text()
    assert await student.tap("Не моя тема") == "Больше не покажу."
    assert f"1. {gone} — больше не покажу" in await student.text()
    for _ in range(9):
        await student.tap("Ещё три →")
        assert "больше не покажу" not in await student.text()
    for _ in range(3):
        await student.write("/surprise")
        assert "больше не покажу" not in await student.text()


async def test_a_saved_mentor_is_found_under_saved_and_told_when_gone(
    student: Student, engine: AsyncEngine
) -> None:
    await shortlist(student)
    name = (await names(student))[0]
    assert await student.tap("☆") == "Сохранил. Все сохранённые — /saved"
    assert f"1. {name} — Backend-разработчик" in (await student.write("/saved")).text
    await remove(engine, student.world, name)
    screen = await student.write("/saved")
    assert f"1. {name} — сейчас не берёт новых учеников" in screen.text
    await student.tap(f"1. {name}")
    assert "Сейчас не берёт новых учеников" in await student.text()
    assert "✍️ Написать" not in await student.buttons()
    await student.tap("★ Сохранено")
    await student.tap("← К списку")
    assert "Пока никого" in await student.text()


async def test_what_is_opened_from_the_bookmarks_is_logged_without_a_search(
    student: Student, engine: AsyncEngine
) -> None:
    await shortlist(student)
    name = (await names(student))[0]
    await student.tap("☆")
    await student.write("/saved")
    await student.tap(f"1. {name}")
    assert [each.search_id for each in await events(engine, "open")] == [None]
    await student.tap("← К списку")
    assert "Сохранённые менторы" in await student.text()


async def test_a_mentor_removed_between_drawing_and_tapping_is_told_so(
    student: Student, engine: AsyncEngine
) -> None:
    await shortlist(student)
    await remove(engine, student.world, (await names(student))[0])
    drawn = (await student.screen()).edits
    message = (await student.screen()).message_id
    await student.tap("✍️", message_id=message, rendering=drawn)
    assert "сейчас не берёт новых учеников" in await student.text()
    assert await events(engine, "contact") == []
    await student.tap("ℹ️ 1", message_id=message, rendering=drawn)
    assert "Сейчас не берёт новых учеников" in await student.text()
    await student.tap("← К списку")
    assert (await student.text()).count("Сейчас не берёт новых учеников") == 1


async def test_the_draft_is_to_copy_and_the_chat_a_tap_away(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE)
    name = (await names(student))[0]
    await student.tap("✍️")
    screen = await student.screen()
    copy = screen.button("📋 Скопировать").copy_text or ""
    assert copy.startswith(f"Здравствуйте, {name}! Я мидл, направление — Бэкенд.")
    assert "Боюсь собеседований" in copy
    assert "Зета" in copy
    assert copy in screen.text
    link = screen.button("Открыть чат с ментором").url or ""
    assert link == f"https://t.me/demo_mentor_{name.removeprefix('Ментор ')}"
    assert len(await events(engine, "contact")) == 1


async def test_a_mentor_without_a_link_has_a_draft_all_the_same(
    student: Student, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(MentorProfile).values(telegram=None))
    await shortlist(student)
    await student.tap("✍️")
    assert "Ссылки на чат в каталоге нет" in await student.text()
    assert await student.buttons() == ("📋 Скопировать", "← Назад")


async def test_nobody_is_over_the_budget_without_a_word(student: Student) -> None:
    await student.write("/start")
    for label in (
        "Бэкенд",
        "Пропустить →",
        "Middle",
        "Пропустить →",
        "Бесплатно",
        "Дальше →",
    ):
        await student.tap(label)
    if "Показать менторов →" in await student.buttons():
        await student.tap("Показать менторов →")
    text = await student.text()
    assert "уступил в этом: бюджет" in text
    cards = text.split("\n\n")[1:4]
    for card in cards:
        assert ("бесплатно" in card) != ("дороже бюджета на" in card), card
    assert sum("дороже бюджета" in card for card in cards) == 2


async def test_a_surprise_is_one_mentor_drawn_by_a_chance_that_is_logged(
    student: Student, engine: AsyncEngine
) -> None:
    await shortlist(student)
    await student.write("/surprise")
    assert "Вы искали не это, но вдруг" in await student.text()
    drawn = (await searches(engine))[-1]
    shown = [each for each in await events(engine, "impression") if each.search_id == drawn.id]
    assert (drawn.kind, len(shown)) == ("surprise", 1)
    assert 0 < shown[0].propensity < 1


async def test_the_same_surprise_message_again_shows_the_same_mentor(
    student: Student, engine: AsyncEngine
) -> None:
    await shortlist(student)
    await student.world.client.send_text(student.id, "/surprise")
    waiting = await student.world.updates()
    await student.world.work()
    first = await names(student)
    before = await state(engine)
    await student.world.app.intake.take(waiting[0])
    assert await names(student) == first
    assert await state(engine) == before


async def test_another_surprise_is_another_mentor_and_a_double_tap_one_search(
    student: Student, engine: AsyncEngine
) -> None:
    await shortlist(student)
    await student.write("/surprise")
    surprises = [await names(student)]
    for _ in range(3):
        client = student.world.client
        await client.tap(student.id, "Ещё сюрприз 🎲")
        await client.tap(student.id, "Ещё сюрприз 🎲")
        await student.world.work()
        surprises.append(await names(student))
    assert all(one != other for one, other in pairwise(surprises))
    made = [each for each in await searches(engine) if each.kind == "surprise"]
    assert len(made) == 4


async def test_a_surprise_without_a_shortlist_is_a_good_mentor(student: Student) -> None:
    await student.write("/start")
    await student.tap("Бэкенд")
    await student.write("/surprise")
    assert len(await names(student)) == 1
    assert (await student.text()).startswith("🎲 Вдруг это ваш ментор")
    assert (await student.buttons())[-1] == "Ещё сюрприз 🎲"


async def test_from_a_surprise_there_is_a_way_back_to_the_shortlist(
    student: Student, engine: AsyncEngine
) -> None:
    await shortlist(student)
    found = await names(student)
    await student.write("/surprise")
    await student.tap("Ещё сюрприз 🎲")
    await student.tap("Мой подбор")
    assert await names(student) == found


async def test_a_mentors_time_zone_is_told_in_hours(student: Student, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(MentorProfile).values(timezone="Asia/Yekaterinburg"))
    await shortlist(student)
    await student.tap("ℹ️ 1")
    assert "Часовой пояс: МСК+2" in await student.text()


async def test_back_from_a_draft_is_where_it_was_opened(student: Student) -> None:
    await shortlist(student)
    found = await names(student)
    await student.tap("✍️")
    await student.tap("← Назад")
    assert await names(student) == found
    await student.tap("ℹ️ 1")
    await student.tap("✍️ Написать")
    await student.tap("← Назад")
    assert "✍️ Написать" in await student.buttons()


async def test_a_surprise_for_somebody_who_has_agreed_to_nothing_is_the_first_screen(
    student: Student, engine: AsyncEngine
) -> None:
    assert "Я храню ваши ответы" in (await student.write("/surprise")).text
    assert await events(engine) == []
    assert await searches(engine) == []


@pytest.mark.parametrize("count", [0, 1, 2, 3])
async def test_a_small_catalogue_asks_one_question_and_shows_everybody(
    student: Student, engine: AsyncEngine, count: int
) -> None:
    await only(engine, student.world, count)
    assert "1 из 1" in (await student.write("/start")).text
    await student.tap("Пока не знаю →")
    assert len(await names(student)) == count
    if count == 0:
        assert "Пока показать некого." in await student.text()
        assert "Удивить пока некем" in (await student.write("/surprise")).text
        return
    await student.tap("Ещё три →")
    assert len(await names(student)) == count
    assert "Вы видели уже всех — начинаю сначала." in await student.text()
    for number in range(1, count + 1):
        await student.tap(f"ℹ️ {number}")
        await student.tap("✕ Не подходит")
        await student.tap("Другое")
    await student.tap("Ещё три →")
    assert "Пока показать некого." in await student.text()


async def test_a_catalogue_of_one_direction_does_not_ask_for_it(
    student: Student, engine: AsyncEngine
) -> None:
    await only(engine, student.world, 0)
    goals = ("interviews", "cv", "first_job")
    await fill(engine, [mentor(100 + number, goals=[goals[number % 3]]) for number in range(9)])
    await student.world.app.catalogue.refresh()
    first = (await student.write("/start")).text
    assert "Я храню ваши ответы" in first
    assert "Какое направление?" not in first
    assert "1 из" in first


async def test_my_shortlist_is_the_newest_one(student: Student) -> None:
    await shortlist(student)
    await student.tap("Ещё три →")
    newest = await names(student)
    await student.write("/start")
    await student.tap("Мой подбор")
    assert await names(student) == newest

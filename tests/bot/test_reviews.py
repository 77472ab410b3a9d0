"""Reviews in the chat: asked for, written, read by moderators, answered by the mentor, counted."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.wiring import create_app
from db.models import ContactRequest, Person
from db.queries import clock
from recommender.taxonomy import load_default
from sandbox.client import Message
from sandbox.world import MODERATORS
from scheduler.pace import Pace
from tests.bot.conftest import NOON, USERNAME
from tests.bot.mentors import VERA, profile
from tests.bot.requests import (
    ANYA,
    BORIS,
    accepted,
    decide,
    moderated,
    only_request,
    opened,
    pass_time,
    reviews,
    talked,
    written,
)
from tests.bot.world import Student, World
from usecases.reviews import EDITABLE
from usecases.suspicion import NEW_ACCOUNT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID = "Очень понятно объяснила, как проходят собеседования, и дала план."


@pytest.fixture
async def world(world: World) -> World:
    return await moderated(world)


async def rated(world: World, stars: int, person: int = ANYA, words: str | None = SAID) -> Student:
    """A student who has written a whole review of Vera."""
    student = await talked(world, person)
    await student.tap("★" * stars + "☆" * (5 - stars))
    await student.tap("👌 Как и ожидалось")
    await student.tap("дал план")
    await student.tap("Дальше →")
    await student.tap("9")
    if words is None:
        await student.tap("Без слов →")
    else:
        await student.write(words)
    return student


async def case(world: World) -> Message:
    """What moderators were told last."""
    await world.deliver()
    return await world.client.newest(MODERATORS)


async def known_for_long(engine: AsyncEngine) -> None:
    """Everybody there is has been known to the bot for a month."""
    async with engine.begin() as connection:
        await connection.execute(update(Person).values(created_at=NOON - 30 * DAY))


# --- written -----------------------------------------------------------------------------------------------


async def test_a_review_is_written_in_five_taps_and_a_text(world: World, engine: AsyncEngine) -> None:
    anya = await rated(world, 5)
    (row,) = await reviews(engine)
    assert (row.stars, row.progress, row.traits, row.nps, row.words) == (5, 3, ["plan"], 9, SAID)
    assert (row.state, row.words_state) == ("counted", "waiting")
    assert "Оценка учтена, слова читают модераторы" in await anya.text()
    assert (await only_request(engine)).state == "talked"


async def test_stars_count_at_once(world: World, engine: AsyncEngine) -> None:
    before = await profile(engine)
    anya = await talked(world)
    await anya.tap("★☆☆☆☆")
    after = await profile(engine)
    assert (before.rating_mean, after.rating_count) == (None, 1)
    # (5 · m + 1) / 6, where m is the platform's mean with this 1 in it: (50 · 4.8 + 1) / 51.
    assert after.rating_mean == pytest.approx((5 * (241 / 51) + 1) / 6)
    assert after.rating_lower < after.rating_mean < after.rating_upper


async def test_there_is_one_review_for_a_request_however_often_the_stars_are_tapped(
    world: World, engine: AsyncEngine
) -> None:
    anya = await talked(world)
    row = await only_request(engine)
    for stars in (5, 5, 3):
        await anya.forge(f"v:{row.id}:stars:{stars}")
    assert [each.stars for each in await reviews(engine)] == [3]
    assert (await profile(engine)).rating_count == 1


async def test_nobody_reviews_without_having_talked(world: World, engine: AsyncEngine) -> None:
    anya = await accepted(world)
    row = await only_request(engine)
    for data in (f"v:{row.id}:stars:5", f"vt:{row.id}:plan:1", f"vp:{row.id}:words"):
        assert "больше не работает" in await anya.forge(data)
    assert await reviews(engine) == []


@pytest.mark.parametrize("data", ["stars:0", "stars:6", "progress:0", "progress:6", "nps:11"])
async def test_figures_that_no_button_has_are_refused(world: World, engine: AsyncEngine, data: str) -> None:
    anya = await rated(world, 5)
    before = await reviews(engine)
    assert "больше не работает" in await anya.forge(f"v:{(await only_request(engine)).id}:{data}")
    assert await reviews(engine) == before


async def test_a_review_may_be_changed_for_fourteen_days(world: World, engine: AsyncEngine) -> None:
    anya = await rated(world, 5)
    await world.forward(EDITABLE - HOUR)
    await anya.tap("Оценка")
    await anya.tap("★★☆☆☆")
    assert [each.stars for each in await reviews(engine)] == [2]
    await world.forward(HOUR)
    row = await only_request(engine)
    assert await anya.forge(f"v:{row.id}:stars:5") == "Этот отзыв уже нельзя изменить."
    assert [each.stars for each in await reviews(engine)] == [2]
    assert "Оценка" not in await anya.buttons()


async def test_longest_words_are_taken_and_longer_ones_refused(world: World, engine: AsyncEngine) -> None:
    anya = await talked(world)
    await anya.tap("★★★★★")
    await anya.forge(f"vp:{(await only_request(engine)).id}:words")
    assert "Слишком длинно" in (await anya.write("я" * 2001)).text
    await anya.write("я" * 2000)
    assert [len(each.words) for each in await reviews(engine)] == [2000]


async def test_a_text_after_the_last_question_is_no_review(world: World, engine: AsyncEngine) -> None:
    anya = await rated(world, 5, words=None)
    await anya.write("А это уже не отзыв")
    assert [each.words for each in await reviews(engine)] == [None]


async def test_words_that_come_again_are_read_once(world: World, engine: AsyncEngine) -> None:
    anya = await rated(world, 5, words=None)
    await anya.tap("Добавить слова")
    await world.client.send_text(ANYA, SAID)
    updates = await world.updates()
    for each in (*updates, *updates):
        await world.app.intake.take(each)
    await world.confirm(updates)
    assert [(each.words, each.revision) for each in await reviews(engine)] == [(SAID, 1)]


# --- read by moderators ------------------------------------------------------------------------------------


async def test_words_are_read_by_everybody_only_once_moderators_have_published_them(
    world: World, engine: AsyncEngine
) -> None:
    await rated(world, 5)
    boris = await opened(world.student(BORIS))
    await boris.tap("⭐ Отзывы")
    assert SAID not in await boris.text()
    assert "дал план (1)" in await boris.text()
    told = await case(world)
    assert SAID in told.text
    assert await decide(world, "✅ Опубликовать") == "Готово"
    assert "✅ Опубликовано" in (await world.client.newest(MODERATORS)).text
    await opened(boris)
    await boris.tap("⭐ Отзывы")
    assert SAID in await boris.text()
    # Nobody is named.
    assert "Аня" not in await boris.text()


async def test_words_are_refused_with_a_reason_that_their_author_reads_and_the_stars_stay(
    world: World, engine: AsyncEngine
) -> None:
    anya = await rated(world, 4)
    await case(world)
    await decide(world, "🚫 Отклонить…")
    await decide(world, "чужие данные")
    (row,) = await reviews(engine)
    assert (row.words_state, row.reject_reason, row.state) == ("rejected", "personal_data", "counted")
    await world.deliver()
    assert "не опубликованы: чужие данные. Оценка учтена." in await anya.text()
    assert (await profile(engine)).rating_count == 1


async def test_words_changed_since_are_not_published_by_an_old_button(
    world: World, engine: AsyncEngine
) -> None:
    anya = await rated(world, 5)
    old = await case(world)
    await anya.tap("Изменить слова")
    await anya.write("Совсем другие слова, которых модераторы ещё не видели.")
    assert await decide(world, "✅ Опубликовать", old, rendering=0) == "Отзыв изменился. Вот как есть сейчас."
    assert [each.words_state for each in await reviews(engine)] == ["waiting"]
    await case(world)
    await decide(world, "✅ Опубликовать")
    assert [each.words_state for each in await reviews(engine)] == ["published"]


async def test_what_waits_is_shown_once_however_often_it_is_looked_at(world: World) -> None:
    await rated(world, 5)
    shown = await case(world)
    for _ in range(2):
        await world.tick("reviews")
        assert await world.deliver() == 0
    newest = (await world.client.transcript(MODERATORS))[-1]
    assert (newest.message_id, newest.buttons) == (shown.message_id, shown.buttons)


async def test_of_two_moderators_the_first_decides(world: World, engine: AsyncEngine) -> None:
    await rated(world, 5)
    told = await case(world)
    await decide(world, "✅ Опубликовать")
    assert await decide(world, "✅ Опубликовать", told, rendering=0) == "Это уже решено"
    assert [each.words_state for each in await reviews(engine)] == ["published"]


async def test_a_review_whose_author_was_forgotten_is_gone_for_moderators_too(
    world: World, engine: AsyncEngine
) -> None:
    anya = await rated(world, 1)
    await case(world)
    await anya.write("/forget")
    await anya.tap("Да, удалить всё")
    assert await reviews(engine) == []
    await decide(world, "✅ Опубликовать")
    assert "Автор удалил свои данные" in (await world.client.newest(MODERATORS)).text
    # And its star has gone with it.
    assert (await profile(engine)).rating_count == 0
    assert (await profile(engine)).rating_mean == pytest.approx(4.8)


# --- held --------------------------------------------------------------------------------------------------


async def burst(world: World, count: int, *, known: bool = False) -> list[Student]:
    """So many people who praise Vera within two days; new ones, or ``known`` for long."""
    students = []
    for number in range(count):
        await world.client.add_person(6000 + number, f"Новый {number}")
        students.append(await talked(world, 6000 + number))
    if known:
        async with world.app.engine.begin() as connection:
            at = await clock.now(connection)
            await connection.execute(update(Person).values(created_at=at - NEW_ACCOUNT))
    for student in students:
        await student.forge(f"v:{await request_of(world, student)}:stars:5")
    return students


async def request_of(world: World, student: Student) -> int:
    async with world.app.engine.connect() as connection:
        statement = select(ContactRequest.id).where(ContactRequest.person_id == student.id)
        return (await connection.execute(statement)).scalar_one()


async def test_three_reviews_from_new_accounts_at_once_are_held_all_of_them(
    world: World, engine: AsyncEngine
) -> None:
    await burst(world, 2)
    assert [each.state for each in await reviews(engine)] == ["counted", "counted"]
    assert (await profile(engine)).rating_count == 2


async def test_the_third_of_a_burst_holds_all_and_none_counts_until_moderators_say_so(
    world: World, engine: AsyncEngine
) -> None:
    await burst(world, 3)
    assert {(each.state, each.held_for) for each in await reviews(engine)} == {("held", "burst")}
    assert (await profile(engine)).rating_count == 0
    assert "это не первый отзыв о менторе от нового человека" in (await case(world)).text
    await decide(world, "✅ Засчитать")
    assert (await profile(engine)).rating_count == 1
    # What was decided is not held again by the next one.
    await world.client.add_person(6100, "Ещё новее")
    student = await talked(world, 6100)
    await student.tap("★★★★★")
    assert [each.state for each in await reviews(engine)].count("counted") >= 1


async def test_reviews_of_people_known_for_long_are_no_burst(world: World, engine: AsyncEngine) -> None:
    await burst(world, 3, known=True)
    assert {each.state for each in await reviews(engine)} == {"counted"}


async def test_a_held_review_that_is_refused_never_counts_and_cannot_be_changed(
    world: World, engine: AsyncEngine
) -> None:
    students = await burst(world, 3)
    await case(world)
    await decide(world, "🚫 Не засчитывать…")
    await decide(world, "выдумано")
    void = [each for each in await reviews(engine) if each.state == "void"]
    assert [each.reject_reason for each in void] == ["invented"]
    author = next(each for each in students if each.id == void[0].person_id)
    assert await author.forge(f"v:{void[0].request_id}:stars:4") == "Этот отзыв уже нельзя изменить."
    assert (await profile(engine)).rating_count == 0


async def test_the_same_words_again_are_held(world: World, engine: AsyncEngine) -> None:
    await known_for_long(engine)
    await rated(world, 5)
    await rated(world, 5, BORIS, words=SAID.upper().replace(",", " —"))
    assert [(each.state, each.held_for) for each in await reviews(engine)] == [
        ("counted", None),
        ("held", "same_words"),
    ]
    assert (await profile(engine)).rating_count == 1


async def test_short_words_may_be_the_same(world: World, engine: AsyncEngine) -> None:
    await rated(world, 5, words="Спасибо, всё отлично!")
    await rated(world, 5, BORIS, words="Спасибо, всё отлично!")
    assert {each.state for each in await reviews(engine)} == {"counted"}


# --- the mentor --------------------------------------------------------------------------------------------


async def test_the_mentor_is_told_of_stars_an_hour_later_and_never_of_the_private_part(
    world: World, engine: AsyncEngine
) -> None:
    anya = await rated(world, 4, words=None)
    vera = world.student(VERA)
    await pass_time(world, HOUR - timedelta(minutes=1))
    assert "О вас новый отзыв" not in await vera.text()
    # A change within the hour puts it off.
    await anya.tap("Оценка")
    await anya.tap("★★★☆☆")
    await pass_time(world, timedelta(minutes=1))
    assert "О вас новый отзыв" not in await vera.text()
    await pass_time(world, HOUR)
    said = await vera.text()
    assert "О вас новый отзыв" in said
    assert "★★★☆☆" in said
    assert "Отмечено: дал план" in said
    for private in ("Как и ожидалось", "9", "Продвинуло", "Посоветует"):
        assert private not in said.replace("09", "")


async def test_the_mentor_is_told_of_words_once_they_are_published(world: World, engine: AsyncEngine) -> None:
    await rated(world, 5)
    vera = world.student(VERA)
    await pass_time(world, 2 * HOUR)
    assert "О вас новый отзыв" not in await vera.text()
    await decide(world, "✅ Опубликовать")
    await pass_time(world, timedelta(minutes=1))
    assert SAID in await vera.text()


async def test_the_mentor_answers_once_and_moderators_read_that_too(
    world: World, engine: AsyncEngine
) -> None:
    await rated(world, 5)
    await case(world)
    await decide(world, "✅ Опубликовать")
    vera = world.student(VERA)
    await pass_time(world, HOUR)
    await vera.tap("↪️ Ответить")
    await vera.write("Спасибо, приходите ещё!")
    assert "Ваш ответ читают модераторы" in await vera.text()
    boris = await opened(world.student(BORIS))
    await boris.tap("⭐ Отзывы")
    assert "приходите ещё" not in await boris.text()
    assert "Ответ ментора на отзыв" in (await case(world)).text
    await decide(world, "✅ Опубликовать")
    await opened(boris)
    await boris.tap("⭐ Отзывы")
    assert "Ментор: Спасибо, приходите ещё!" in await boris.text()
    (row,) = await reviews(engine)
    await vera.forge(f"va:{row.id}")
    assert "Ваш ответ опубликован" in await vera.text()
    await vera.write("И ещё одно")
    assert [each.reply for each in await reviews(engine)] == ["Спасибо, приходите ещё!"]


async def test_an_answer_that_was_refused_may_be_written_anew(world: World, engine: AsyncEngine) -> None:
    await rated(world, 5)
    await case(world)
    await decide(world, "✅ Опубликовать")
    vera = world.student(VERA)
    await pass_time(world, HOUR)
    await vera.tap("↪️ Ответить")
    await vera.write("Сами вы такие")
    await case(world)
    await decide(world, "🚫 Отклонить…")
    await decide(world, "оскорбления")
    await world.deliver()
    assert "не опубликовали ваш ответ" in await vera.text()
    await vera.tap("↪️ Ответить")
    await vera.write("Спасибо!")
    assert [(each.reply, each.reply_state) for each in await reviews(engine)] == [("Спасибо!", "waiting")]
    # The student's words stand where they stood.
    assert [each.words_state for each in await reviews(engine)] == ["published"]


async def test_a_review_of_another_is_not_the_mentors_to_answer(world: World, engine: AsyncEngine) -> None:
    anya = await rated(world, 5)
    (row,) = await reviews(engine)
    assert "больше не работает" in await anya.forge(f"va:{row.id}")


async def test_a_mentor_reads_their_own_reviews_and_sees_how_the_rating_went(
    world: World, engine: AsyncEngine
) -> None:
    await rated(world, 5)
    await case(world)
    await decide(world, "✅ Опубликовать")
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("📈 Рейтинг и отзывы")
    shown = await vera.screen()
    assert shown.photo_url
    assert "★ 4,8 по 1 отзыву" in shown.text
    assert "ещё 19 отзывов" in shown.text
    await vera.tap("⭐ Отзывы")
    assert SAID in await vera.text()


async def test_reviews_come_in_pages(world: World, engine: AsyncEngine) -> None:
    await known_for_long(engine)
    people = [ANYA, BORIS, *(6000 + number for number in range(3))]
    for number, person in enumerate(people):
        if person >= 6000:
            await world.client.add_person(person, f"Имя {number}")
        await rated(world, 5, person, words=f"Отзыв номер {number}: всё было понятно и по делу, спасибо.")
        await known_for_long(engine)
        await case(world)
        await decide(world, "✅ Опубликовать")
    reader = await opened(world.student(ANYA))
    await reader.tap("⭐ Отзывы")
    assert "номер 4" in await reader.text()
    assert "номер 0" not in await reader.text()
    await reader.tap("Старше →")
    assert "номер 0" in await reader.text()
    await reader.tap("← Новее")
    assert "номер 4" in await reader.text()


async def test_without_a_moderators_group_stars_count_and_words_wait(
    world: World, engine: AsyncEngine
) -> None:
    alone = create_app(
        world.app.bot,
        engine,
        load_default(),
        seed=1,
        monotonic=lambda: 0.0,
        username=USERNAME,
        pace=Pace(None),
    )
    await alone.catalogue.refresh()
    await rated(world.restarted(alone), 5)
    (row,) = await reviews(engine)
    assert (row.state, row.words_state) == ("counted", "waiting")


async def test_a_request_that_was_written_before_is_still_reviewable_after_an_edit(world: World) -> None:
    """A student who closes the chat in the middle goes on where they were."""
    anya = await talked(world)
    await anya.tap("★★★★☆")
    await anya.write("/my")
    await anya.tap("Вера Новикова")
    await anya.tap("⭐ Мой отзыв")
    assert "Насколько это продвинуло вас?" in await anya.text()


async def test_the_request_of_a_reviewer_is_seen_by_nobody_else(world: World, engine: AsyncEngine) -> None:
    await rated(world, 5)
    boris = await written(world.student(BORIS))
    row = (await reviews(engine))[0]
    assert "больше не работает" in await boris.forge(f"vp:{row.request_id}:done")


# --- one word for one thing --------------------------------------------------------------------------------


async def answered(world: World) -> Student:
    """A student whose published words Vera has answered; the answer waits."""
    anya = await rated(world, 5)
    await case(world)
    await decide(world, "✅ Опубликовать")
    vera = world.student(VERA)
    await pass_time(world, HOUR)
    await vera.tap("↪️ Ответить")
    await vera.write("Спасибо, рада помочь!")
    return anya


async def test_new_words_are_decided_alone_and_what_was_answered_to_the_old_ones_goes(
    world: World, engine: AsyncEngine
) -> None:
    anya = await answered(world)
    old = await case(world)
    await anya.tap("Изменить слова")
    await anya.write("Передумала: на самом деле было скучно и долго.")
    await case(world)
    # The message before has no buttons any more, and a tap on what it showed decides nothing.
    assert "Отзыв изменился" in (await world.client.transcript(MODERATORS))[-2].text
    assert await decide(world, "✅ Опубликовать", old, rendering=0) == "Отзыв изменился. Вот как есть сейчас."
    newest = (await world.client.transcript(MODERATORS))[-1]
    await decide(world, "✅ Опубликовать", newest)
    (row,) = await reviews(engine)
    assert (row.words_state, row.reply, row.reply_state) == ("published", None, "none")
    await pass_time(world, HOUR)
    assert "было скучно" in await world.student(VERA).text()
    assert "↪️ Ответить" in await world.student(VERA).buttons()


async def test_a_double_tap_decides_one_thing(world: World, engine: AsyncEngine) -> None:
    await answered(world)
    told = await case(world)
    await decide(world, "✅ Опубликовать")
    assert await decide(world, "✅ Опубликовать", told, rendering=0) == "Это уже решено"
    (row,) = await reviews(engine)
    assert (row.words_state, row.reply_state) == ("published", "published")


async def test_a_refused_answer_says_so_with_its_reason_and_to_the_mentor(
    world: World, engine: AsyncEngine
) -> None:
    anya = await answered(world)
    await case(world)
    before = await anya.text()
    await decide(world, "🚫 Отклонить…")
    await decide(world, "реклама")
    said = (await world.client.newest(MODERATORS)).text
    assert "🚫 Ответ отклонён: реклама" in said
    assert "✅ Опубликовано" in said
    await world.deliver()
    assert "не опубликовали ваш ответ на отзыв: реклама" in await world.student(VERA).text()
    assert await anya.text() == before


async def test_words_after_the_time_for_changes_are_not_thanked_for(
    world: World, engine: AsyncEngine
) -> None:
    anya = await rated(world, 5, words=None)
    await anya.tap("Добавить слова")
    await world.forward(EDITABLE)
    assert "Этот отзыв уже нельзя изменить." in (await anya.write(SAID)).text
    assert [each.words for each in await reviews(engine)] == [None]


async def test_a_change_of_the_stars_leads_back_to_the_whole(world: World, engine: AsyncEngine) -> None:
    anya = await rated(world, 5)
    await anya.tap("Оценка")
    await anya.tap("★★★☆☆")
    assert (await anya.text()).startswith("Ваш отзыв")
    assert [each.stars for each in await reviews(engine)] == [3]

"""Commands in every state there is, in both languages."""

import re

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.stored import answers, person, questionnaires
from tests.bot.world import Student, World

WAYS_IN = ("Мой подбор", "Изменить ответы", "Новая анкета")


async def test_start_begins_and_then_goes_on_where_it_was(student: Student, engine: AsyncEngine) -> None:
    assert "Какое направление?" in (await student.write("/start")).text
    assert "Какое направление?" in (await student.write("/start")).text
    await student.tap("Бэкенд")
    assert "Чего хотите добиться?" in (await student.write("/start anything")).text
    assert len(await questionnaires(engine)) == 1


async def test_start_after_a_shortlist_says_what_can_be_done(student: Student) -> None:
    await play(student, QUESTIONNAIRE)
    screen = await student.write("/start")
    assert screen.text == "С возвращением! Подберём ментора?"
    assert screen.buttons == WAYS_IN


async def test_start_while_an_answer_is_changed_draws_that_question(student: Student) -> None:
    await play(student, QUESTIONNAIRE)
    await student.tap("Изменить ответы")
    await student.tap("Цель")
    assert "Меняем ответ · Чего хотите добиться?" in (await student.write("/start")).text
    await student.tap("Готово ✓")
    assert "Ваши ответы" in (await student.write("/start")).text


async def test_new_puts_a_new_questionnaire_in_place_of_the_running_one(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/new")
    await student.tap("Бэкенд")
    assert "1 из 6" in (await student.write("/new")).text
    assert [each.status for each in await questionnaires(engine)] == ["cancelled", "running"]
    assert await answers(engine) == {}


async def test_new_after_a_shortlist_keeps_the_old_answers(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE)
    await student.write("/new")
    screen = await student.write("/cancel")
    assert screen.text == "Отменил. Прежние ответы и подбор на месте."
    assert screen.buttons == WAYS_IN
    await student.tap("Изменить ответы")
    assert "Навыки: Зета" in await student.text()


async def test_cancel_twice_says_the_second_time_that_there_is_nothing(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    await student.tap("Бэкенд")
    assert (await student.write("/cancel")).text == "Анкета отменена. Захотите — начнём новую."
    screen = await student.write("/cancel")
    assert screen.text == "Отменять нечего: анкета не заполняется."
    assert screen.buttons == ("Новая анкета",)
    await student.tap("Новая анкета")
    assert "1 из 6" in await student.text()
    assert [each.status for each in await questionnaires(engine)] == ["cancelled", "running"]


async def test_cancel_before_anything_says_that_there_is_nothing(student: Student) -> None:
    assert (await student.write("/cancel")).text == "Отменять нечего: анкета не заполняется."
    await student.tap("Новая анкета")
    assert "Я храню ваши ответы" in await student.text()


async def test_cancel_while_changing_an_answer_drops_the_change(
    student: Student, engine: AsyncEngine
) -> None:
    await play(student, QUESTIONNAIRE)
    for label in ("Изменить ответы", "Уровень", "Senior"):
        await student.tap(label)
    await student.write("/cancel")
    await student.tap("Изменить ответы")
    assert "Уровень: Middle" in await student.text()
    await student.tap("Уровень")
    await student.tap("Junior")
    await student.tap("Показать менторов")
    assert (await answers(engine))["level"] == ["junior"]


async def test_new_questionnaire_tapped_twice_begins_one(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE)
    await student.write("/start")
    for _ in range(2):
        await student.world.client.tap(student.id, "Новая анкета")
    await student.world.work()
    assert [each.status for each in await questionnaires(engine)] == ["done", "running"]


async def test_help_names_the_commands(student: Student) -> None:
    assert "/surprise — " in (await student.write("/help")).text


async def test_an_unknown_command_is_no_answer(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE[:12])
    before = await answers(engine)
    for command in ("/foo", "/foo bar", "/start_over", "/foo@shortlist_bot"):
        screen = await student.write(command)
        assert "Такой команды нет. Что я умею — в /help" in screen.text
        assert "Что ещё важно?" in screen.text
    assert await answers(engine) == before


async def test_the_greeting_is_read_once_and_then_only_the_question(student: Student) -> None:
    assert "Я подберу вам ментора" in (await student.write("/foo")).text
    for text in ("/foo", "астрология"):
        screen = await student.write(text)
        assert "Я подберу вам ментора" not in screen.text
        assert "Какое направление?" in screen.text
    await student.world.client.send_sticker(student.id)
    await student.world.work()
    assert (await student.text()).startswith("Здесь нужен текст")
    assert "Я подберу вам ментора" in (await student.write("/start")).text


async def test_words_that_begin_like_a_path_are_an_answer(student: Student, engine: AsyncEngine) -> None:
    await play(student, QUESTIONNAIRE[:12])
    await student.write("/etc/hosts и сети: не понимаю")
    assert (await answers(engine))["about"] == ["/etc/hosts и сети: не понимаю"]


async def test_words_after_a_shortlist_are_told_what_can_be_done(student: Student) -> None:
    await play(student, QUESTIONNAIRE)
    screen = await student.write("спасибо!")
    assert screen.text == "Я понимаю кнопки и команды. Вот что можно сделать:"
    assert screen.buttons == WAYS_IN


async def test_words_at_the_review_ask_for_a_tap(student: Student) -> None:
    await play(student, QUESTIONNAIRE)
    for label in ("Изменить ответы", "Уровень", "Senior"):
        await student.tap(label)
    screen = await student.write("ещё Go")
    assert "Здесь нужно нажать на кнопку." in screen.text
    assert "Ваши ответы" in screen.text


async def test_a_language_chosen_draws_the_current_question_in_it(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    await student.tap("Бэкенд")
    assert (await student.write("/language")).buttons == ("Русский", "English")
    assert await student.tap("English") == "I speak English now."
    assert "What do you want to achieve?" in await student.text()
    assert (await person(engine)).language == "en"
    assert "Shortlist finds you an IT mentor" in (await student.write("/help")).text


async def test_an_english_telegram_is_spoken_to_in_english_all_the_way(world: World) -> None:
    await world.client.add_person(5001, "Ann", language_code="en-GB")
    student = world.student(5001)
    assert "I will find you an IT mentor" in (await student.write("/start")).text
    for label in (
        "Backend",
        "Interviews",
        "Next →",
        "Middle",
        "Skip →",
        "Does not matter →",
        "Show me mentors →",
    ):
        await student.tap(label)
    assert "mentors fit you" in await student.text()
    await student.tap("✍️")
    assert (await student.screen()).button("📋 Copy").copy_text
    await student.tap("← Back")
    await student.tap("ℹ️ 1")
    await student.tap("✕ Not for me")
    assert await student.tap("Too dear") == "I will not show this one again."
    said = [message.text for message in await world.client.transcript(5001) if message.by_bot]
    of_the_catalogue = {
        "Ментор",
        "разработчик",
        "Помогаю",
        "с",
        "карьерой",
        "Ревью",
        "кода",
        "и",
        "архитектура",
    }
    assert set(re.findall("[А-Яа-яЁё]+", " ".join(said))) <= of_the_catalogue


async def test_any_other_telegram_is_spoken_to_in_russian(world: World) -> None:
    for number, language in enumerate(("de", "uk", "pt-br"), start=5002):
        await world.client.add_person(number, "Max", language_code=language)
        assert "Какое направление?" in (await world.student(number).write("/start")).text

"""Who writes: remembered, blocked, back, and renamed."""

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.stored import answers, person
from tests.bot.world import Student
from usecases.people import People, PersonId, Stranger, spoken


async def test_blocking_is_remembered_and_coming_back_too(student: Student, engine: AsyncEngine) -> None:
    client = student.world.client
    await student.write("/start")
    await client.block(student.id)
    await student.world.work()
    assert (await person(engine)).blocked_at is not None
    await client.unblock(student.id)
    await student.world.work()
    assert (await person(engine)).blocked_at is None


async def test_who_was_away_goes_on_where_they_were(student: Student, engine: AsyncEngine) -> None:
    client = student.world.client
    await play(student, QUESTIONNAIRE[:3])
    await client.block(student.id)
    await client.unblock(student.id)
    await student.world.work()
    assert "✓ Собеседования" in (await student.write("/start")).buttons
    assert (await answers(engine))["goals"] == ["interviews"]


async def test_a_tap_of_somebody_who_blocks_at_once_is_stored_all_the_same(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    await student.world.client.tap(student.id, "Бэкенд")
    await student.world.client.block(student.id)
    await student.world.work()
    assert await answers(engine) == {"directions": ["backend"]}
    assert (await person(engine)).blocked_at is not None


def stranger(**given: str | None) -> Stranger:
    return Stranger(PersonId(1), given.get("name") or "Аня", given.get("username"), given.get("language"))


async def test_a_changed_name_is_stored_at_once(engine: AsyncEngine) -> None:
    people = People(engine, lambda: 0.0)
    await people.recognise(stranger())
    await people.recognise(stranger(name="Анна", username="anna"))
    stored = await person(engine, 1)
    assert (stored.first_name, stored.username) == ("Анна", "anna")


async def test_a_chosen_language_goes_before_that_of_telegram(engine: AsyncEngine) -> None:
    people = People(engine, lambda: 0.0)
    assert (await people.recognise(stranger(language="en"))).language == "en"
    await people.choose_language(PersonId(1), "ru")
    assert (await people.recognise(stranger(language="en"))).language == "ru"


async def test_another_process_hears_of_a_chosen_language_within_a_minute(engine: AsyncEngine) -> None:
    now = [0.0]
    here, there = People(engine, lambda: now[0]), People(engine, lambda: now[0])
    assert (await there.recognise(stranger())).language == "ru"
    await here.choose_language(PersonId(1), "en")
    now[0] = 61.0
    assert (await there.recognise(stranger())).language == "en"


async def test_the_memory_of_people_is_bounded(engine: AsyncEngine) -> None:
    people = People(engine, lambda: 0.0, remember_most=2)
    for number in range(5):
        known = await people.recognise(Stranger(PersonId(number + 1), "X", None, None))
        assert known.id == number + 1


def test_the_language_is_russian_unless_telegram_says_english() -> None:
    said = {None: "ru", "": "ru", "ru": "ru", "en": "en", "en-US": "en", "EN": "en", "de": "ru", "kk": "ru"}
    assert {code: spoken(code) for code in said} == said

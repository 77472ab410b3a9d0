"""A mentor's own profile: claimed, seen, paused, changed by taps and words, and left."""

import asyncio
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.views.activity import ActivityLetters
from bot.wiring import App, create_app
from db.models import ClaimLink, Event, Reminder
from db.queries import clock, profiles
from recommender.model import MentorId
from recommender.taxonomy import load_default
from tests.bot.acts import QUESTIONNAIRE, play
from tests.bot.conftest import NOON
from tests.bot.mentors import (
    DAY,
    VERA,
    add_vera,
    change,
    check_ins,
    claimed,
    letters,
    nobody_waits,
    pass_days,
    profile,
)
from tests.bot.stored import answers, person, questionnaires
from tests.bot.world import Student, World
from tests.catalogues import fill, mentor
from usecases.claims import Claims, NoProfile, NoProfileScreen
from usecases.people import PersonId
from usecases.profiles import Profiles
from usecases.written import skills_of

ANYA, BORIS = 1001, 1002
MOSCOW = ZoneInfo("Europe/Moscow")
TOKEN = "a-Secret_1"
ASKED = "Это ваша анкета?"
CLAIMED = "Готово, это ваша анкета. Команда /my всегда её покажет."


def own_profiles(world: World) -> Profiles:
    """What the buttons call, to be called at once or at odd times."""
    return Profiles(world.app.engine, MOSCOW, ActivityLetters(world.app.translators, "a_bot"), nobody_waits)


async def link(engine: AsyncEngine) -> str:
    """What a claim link for Vera's profile sends."""
    mentor_id = (await profile(engine)).id
    async with engine.begin() as connection:
        await connection.execute(insert(ClaimLink).values(mentor_id=mentor_id, token=TOKEN))
    return f"/start claim_{TOKEN}"


# --- whose is it -----------------------------------------------------------------------------------------


async def test_a_mentor_who_presses_start_learns_where_their_profile_is(world: World) -> None:
    assert "Вы сами ментор? Ваша анкета — /my" in (await world.student(VERA).write("/start")).text


async def test_a_mentor_known_by_username_is_asked_and_confirms_with_a_tap(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    vera = world.student(VERA)
    assert ASKED in (await vera.write("/my")).text
    assert "Вера Новикова" in await vera.text()
    assert (await profile(engine)).person_id is None
    assert await vera.tap("Да, моя") == CLAIMED
    assert (await profile(engine)).person_id == VERA
    assert "Ваша анкета ментора" in (await vera.write("/my")).text


async def test_who_says_it_is_not_theirs_goes_on_as_a_student(world: World, engine: AsyncEngine) -> None:
    await add_vera(engine)
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("Нет, не моя")
    assert "Какое направление?" in await vera.text()
    assert (await profile(engine)).person_id is None


async def test_a_profile_is_claimed_once_however_often_the_button_is_tapped(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    vera = world.student(VERA)
    await vera.write("/my")
    for _ in range(2):
        await world.client.tap(VERA, "Да, моя")
    await world.work()
    assert "Ваша анкета ментора" in await vera.text()
    assert (await profile(engine)).person_id == VERA


async def test_who_is_in_no_list_is_told_how_to_become_a_mentor(student: Student) -> None:
    assert (
        "Анкеты ментора с именем пользователя @anya_student в каталоге нет"
        in (await student.write("/my")).text
    )


async def test_who_has_no_username_is_told_so(world: World) -> None:
    await world.client.add_person(5001, "Макс")
    assert "нет имени пользователя" in (await world.student(5001).write("/my")).text


async def test_a_profile_the_platform_removed_is_not_offered(world: World, engine: AsyncEngine) -> None:
    await add_vera(engine, status="removed")
    assert "в каталоге нет" in (await world.student(VERA).write("/my")).text


async def test_of_two_profiles_under_one_username_the_one_that_is_shown_is_offered(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine, status="left", name="Вера прежняя")
    await fill(engine, [mentor(101, telegram="vera_mentor", name="Вера нынешняя")])
    vera = world.student(VERA)
    assert "Вера нынешняя" in (await vera.write("/my")).text
    await vera.tap("Да, моя")
    # She has hers: the other one is not offered.
    assert "Вера нынешняя" in (await vera.write("/my")).text


async def test_a_link_claims_a_profile_by_a_tap(world: World, engine: AsyncEngine) -> None:
    await add_vera(engine, telegram=None)
    anya = world.student(ANYA)
    assert ASKED in (await anya.write(await link(engine))).text
    async with engine.connect() as connection:
        assert await connection.scalar(select(ClaimLink.used_at)) is None
    assert await anya.tap("Да, моя") == CLAIMED
    assert (await profile(engine)).person_id == ANYA


async def test_a_used_link_is_refused_kindly_to_others_and_shows_its_owner_the_profile(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine, telegram=None)
    anya, boris = world.student(ANYA), world.student(BORIS)
    start = await link(engine)
    await boris.write(start)
    await anya.write(start)
    await anya.tap("Да, моя")
    assert "Ваша анкета ментора" in (await anya.write(start)).text
    assert "По этой ссылке анкету уже забрали" in (await boris.write(start)).text
    # And so is the tap on what he was offered before.
    offered = [each for each in await world.client.transcript(BORIS) if "Да, моя" in each.buttons]
    await boris.tap("Да, моя", message_id=offered[0].message_id)
    assert (await profile(engine)).person_id == ANYA
    said = [each.text for each in await world.client.transcript(BORIS)]
    assert sum("По этой ссылке анкету уже забрали" in each for each in said) == 2


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("unknown", "Такой ссылки на анкету нет"),
        ("taken", "Эту анкету уже забрал другой человек"),
        ("another", "У вас уже есть анкета"),
        ("removed", "Платформа убрала эту анкету"),
    ],
)
async def test_a_link_that_does_not_fit_says_why(
    world: World, engine: AsyncEngine, state: str, said: str
) -> None:
    await add_vera(engine)
    anya = world.student(ANYA)
    await anya.write("/help")
    if state == "taken":
        await world.student(VERA).write("/my")
        await world.student(VERA).tap("Да, моя")
    start = await link(engine)
    if state == "unknown":
        start += "x"
    if state == "another":
        await change(engine, "m1", person_id=ANYA)
    if state == "removed":
        await change(engine, status="removed")
    assert said in (await anya.write(start)).text
    assert (await profile(engine)).person_id == (VERA if state == "taken" else None)


async def test_of_two_who_claim_at_once_one_gets_it(world: World, engine: AsyncEngine) -> None:
    await add_vera(engine, telegram=None)
    for each in (ANYA, BORIS):
        await world.student(each).write("/help")
    await link(engine)
    claims = Claims(engine, own_profiles(world))
    seen = await asyncio.gather(
        *(claims.claim_by_link(PersonId(each), TOKEN) for each in (ANYA, BORIS) for _ in range(3))
    )
    owner = (await profile(engine)).person_id
    assert owner in (ANYA, BORIS)
    assert sum(hasattr(each, "mentor") for each in seen) == 3


async def test_who_comes_a_moment_later_does_not_take_a_profile_away(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    for each in (ANYA, VERA):
        await world.student(each).write("/help")
    row = await profile(engine)
    async with engine.begin() as before:
        assert await profiles.claim(before, row.id, ANYA)
        late = asyncio.create_task(Claims(engine, own_profiles(world)).claim(PersonId(VERA), row.id))
        await _until_somebody_waits(engine)
    assert await late == NoProfileScreen(NoProfile.TAKEN)
    assert (await profile(engine)).person_id == ANYA


_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def _until_somebody_waits(engine: AsyncEngine) -> None:
    """Until a transaction waits for another one's row."""
    async with asyncio.timeout(30), engine.connect() as connection:
        while not await connection.scalar(_WAITING):
            await connection.execute(text("SELECT pg_sleep(0.01)"))


async def test_a_link_is_spent_when_its_profile_is_claimed_by_username(
    world: World, engine: AsyncEngine
) -> None:
    await add_vera(engine)
    start = await link(engine)
    vera = world.student(VERA)
    await vera.write("/my")
    await vera.tap("Да, моя")
    assert "уже забрали" in (await world.student(ANYA).write(start)).text
    # And stays so when the profile is nobody's again.
    await change(engine, person_id=None)
    assert "уже забрали" in (await world.student(ANYA).write(start)).text


async def test_another_persons_buttons_do_nothing(
    world: World, engine: AsyncEngine, student: Student
) -> None:
    await claimed(world)
    mentor_id = (await profile(engine)).id
    await student.write("/start")
    before = await profile(engine)
    for data in (
        f"my:left:{mentor_id}",
        f"my:price:{mentor_id}",
        f"pause:{mentor_id}:3",
        f"until:{mentor_id}:2026-05-01",
        f"places:{mentor_id}:0",
        f"mine:{mentor_id}:formats:regular:0",
        f"claim:{mentor_id}",
    ):
        await student.forge(data)
    assert await profile(engine) == before
    assert (await person(engine)).asked_for is None


@pytest.mark.parametrize(
    "data",
    [
        "pause:{}:2",
        "until:{}:2028-05-01",
        "until:{}:2026-02-31",
        "places:{}:11",
        "mine:{}:formats:x:1",
        "mine:{}:languages:xx:1",
    ],
)
async def test_forged_values_are_refused(world: World, engine: AsyncEngine, data: str) -> None:
    vera = await claimed(world)
    before = await profile(engine)
    assert await vera.forge(data.format(before.id)) == "Эта кнопка больше не работает. Начните с /start"
    assert await profile(engine) == before


# --- the panel -------------------------------------------------------------------------------------------


async def test_the_panel_tells_how_often_students_saw_the_profile(
    world: World, engine: AsyncEngine, student: Student
) -> None:
    vera = await claimed(world, goals=["interviews", "cv"])
    assert "За последние 30 дней я вас никому не показывал." in await vera.text()
    await world.app.catalogue.refresh()
    await play(student, QUESTIONNAIRE)
    mentor_id = (await profile(engine)).id
    async with engine.begin() as connection:
        [shown] = (
            await connection.execute(
                select(*Event.__table__.c).where(Event.kind == "impression", Event.position == 1)
            )
        ).all()
        values = {key: value for key, value in shown._mapping.items() if key != "id"}
        for position, days in ((4, 0), (5, 29), (6, 31)):
            moved = {"mentor_id": mentor_id, "position": position, "at": NOON - days * DAY}
            await connection.execute(insert(Event).values(**(values | moved)))
        for kind in ("open", "open", "contact", "save"):
            await connection.execute(
                insert(Event).values(person_id=student.id, mentor_id=mentor_id, kind=kind)
            )
    said = (await vera.write("/my")).text
    assert "За последние 30 дней показал вас" in said
    async with engine.connect() as connection:
        shown_to = len(
            (
                await connection.scalars(
                    select(Event.id).where(
                        Event.mentor_id == mentor_id,
                        Event.kind == "impression",
                        Event.at >= NOON - 30 * DAY,
                    )
                )
            ).all()
        )
    assert f"показал вас {shown_to} раза." in said
    assert "Открыли анкету: 2, сохранили: 1." in said
    assert "Написали вам: 1, вы приняли: 0." in said


async def test_the_panel_shows_what_students_read(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world, about="Помогаю с <кодом>", capacity=2)
    said = await vera.text()
    for each in (
        "Вера Новикова",
        "Backend-разработчик",
        "3\u00a0500 ₽/час",
        "Помогаю с <кодом>",
    ):
        assert each in said
    assert "Кому помогаете: Учусь с нуля, Junior, Middle" in said
    assert "Свободных мест: 2" in said


async def test_a_very_long_profile_fits_a_message(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world, about="о" * 9000, title="т" * 900, free_skills=["навык " * 9] * 40)
    assert "Ваша анкета ментора" in await vera.text()


@pytest.mark.parametrize(
    ("given", "said", "buttons"),
    [
        ({}, "🟢 Вы в подборе", ("⏸ Пауза…", "✏️ Обновить данные", "Больше не менторю")),
        ({"capacity": 0}, "🟡 Свободных мест нет", ("⏸ Пауза…", "✏️ Обновить данные", "Больше не менторю")),
        (
            {"status": "paused"},
            "пока не вернётесь",
            ("▶️ Вернуться в подбор", "⏸ Продлить паузу…", "✏️ Обновить данные", "Больше не менторю"),
        ),
        (
            {"status": "stale"},
            "💤 Анкета скрыта",
            ("▶️ Вернуться в подбор", "✏️ Обновить данные", "Больше не менторю"),
        ),
        ({"status": "left"}, "Вы больше не менторите", ("▶️ Вернуться в подбор",)),
        ({"status": "removed"}, "Платформа убрала анкету", ()),
    ],
)
async def test_each_status_has_its_sentence_and_its_ways(
    world: World, engine: AsyncEngine, given: dict[str, Any], said: str, buttons: tuple[str, ...]
) -> None:
    vera = await claimed(world)
    if given:
        await change(engine, **given)
    screen = await vera.write("/my")
    assert said in screen.text
    rating = () if given.get("status") == "removed" else ("📈 Рейтинг и отзывы",)
    assert screen.buttons == (*rating, *buttons)


async def test_a_removed_profile_is_not_changed_by_old_buttons(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    shown = await vera.screen()
    await change(engine, status="removed")
    mentor_id = (await profile(engine)).id
    assert await vera.forge(f"my:active:{mentor_id}") == "Платформа убрала эту анкету из каталога."
    assert await vera.forge(f"places:{mentor_id}:3") == "Платформа убрала эту анкету из каталога."
    stored = await profile(engine)
    assert (stored.status, stored.capacity) == ("removed", None)
    assert shown.buttons


# --- a pause, and leaving --------------------------------------------------------------------------------


async def test_who_has_no_free_place_after_a_pause_is_asked_for_one(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world, capacity=0)
    await vera.tap("⏸ Пауза…")
    await vera.tap("1 месяц")
    await pass_days(world, 32)
    assert "в подборе вас пока не показываю" in await vera.text()
    await vera.tap("Места")
    await vera.tap("2")
    stored = await profile(engine)
    assert (stored.status, stored.capacity) == ("active", 2)


async def test_a_pause_of_months_ends_by_itself_with_a_word(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    assert await vera.tap("1 месяц") == "Поставил на паузу. Хорошего отдыха!"
    assert "⏸ Вы на паузе до 02.04.2026" in await vera.text()
    stored = await profile(engine)
    assert stored.status == "paused"
    assert MentorId(stored.id) not in await world.app.catalogue.refresh()
    assert await pass_days(world, 32) == [31]
    assert "Пауза закончилась, вы снова в подборе." in await vera.text()
    back = await profile(engine)
    assert (back.status, back.paused_until) == ("active", None)
    # That day she is not asked whether she still mentors, and 30 days later she is.
    assert await pass_days(world, 30) == [29]


async def test_a_pause_is_prolonged_from_the_word_that_it_ended(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    await vera.tap("1 месяц")
    await pass_days(world, 31)
    await vera.tap("⏸ Продлить паузу…")
    await vera.tap("3 месяца")
    assert "⏸ Вы на паузе до 02.07.2026" in await vera.text()
    assert (await profile(engine)).status == "paused"
    assert [each.done_at is None for each in await _reminders(engine)] == [False, True]


async def test_who_comes_back_earlier_hears_nothing_of_the_end(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    await vera.tap("1 месяц")
    await vera.tap("▶️ Вернуться в подбор")
    assert (await profile(engine)).status == "active"
    assert await pass_days(world, 29) == []
    assert [each.outcome for each in await _reminders(engine)] == ["dropped"]


async def test_a_pause_does_not_end_before_its_time(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    await vera.tap("1 месяц")
    async with engine.begin() as connection:
        mentor_id = (await profile(engine)).id
        assert await own_profiles(world).end_pause(connection, mentor_id) == "not paused"
    assert (await profile(engine)).status == "paused"


async def test_the_end_of_a_pause_is_not_told_at_night(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    await vera.tap("1 месяц")
    async with engine.begin() as connection:
        await clock.stand_at(connection, datetime.fromisoformat("2026-04-02T22:30:00+03:00"))
    await world.tick("reminders")
    assert (await profile(engine)).status == "active"
    assert [each.due_at for each in await letters(engine)] == [
        datetime.fromisoformat("2026-04-03T10:00:00+03:00")
    ]
    assert await world.deliver() == 0


async def test_who_blocked_the_bot_comes_back_without_a_letter(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    await vera.tap("1 месяц")
    await world.client.block(VERA)
    await world.work()
    await pass_days(world, 31)
    assert (await profile(engine)).status == "active"
    assert await letters(engine) == []


async def test_a_day_of_ones_own_is_chosen_from_a_calendar(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    await vera.tap("📅 Выбрать дату")
    screen = await vera.screen()
    march = [button.text for row in screen.keyboard for button in row]
    assert march[:2] == ["Март 2026", "›"]
    assert march[2:9] == ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"]
    # Today is Monday the 2nd: the week before is left out, and tomorrow is the first day to choose.
    assert march[9:12] == ["·", "3", "4"]
    assert march[-8:-1] == ["30", "31", *["·"] * 5]
    await vera.tap("›")
    await vera.tap("›")
    assert "Май 2026" in await vera.buttons()
    await vera.tap("15")
    assert "⏸ Вы на паузе до 15.05.2026" in await vera.text()
    assert (await profile(engine)).paused_until == datetime.fromisoformat("2026-05-15T10:00:00+03:00")


async def test_the_calendar_ends_a_year_from_now(world: World) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    await vera.tap("📅 Выбрать дату")
    for _ in range(12):
        await vera.tap("›")
    buttons = await vera.buttons()
    assert "Март 2027" in buttons
    assert "›" not in buttons
    assert [each for each in buttons if each.isdigit()] == ["1", "2"]
    for _ in range(12):
        await vera.tap("‹")
    assert "‹" not in await vera.buttons()


async def test_a_day_of_an_old_calendar_that_has_passed_changes_nothing(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    await vera.tap("📅 Выбрать дату")
    await world.forward(timedelta(days=40))
    assert await vera.tap("15") == "Этот день уже прошёл. Выберите другой."
    assert "Апрель 2026" in await vera.buttons()
    assert (await profile(engine)).status == "active"


async def test_leaving_asks_once_more_and_one_tap_returns(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("Больше не менторю")
    assert "Точно больше не менторите?" in await vera.text()
    assert (await profile(engine)).status == "active"
    await vera.tap("Да, больше не менторю")
    assert (await profile(engine)).status == "left"
    assert await pass_days(world, 120) == []
    await vera.write("/my")
    await vera.tap("▶️ Вернуться в подбор")
    assert (await profile(engine)).status == "active"


@pytest.mark.parametrize(
    ("taps", "answer"),
    [
        (("✅ Да, набираю",), "active"),
        (("⏸ Пауза…", "6 месяцев"), "paused"),
        (("Больше не менторю", "Да, больше не менторю"), "left"),
        (("✏️ Обновить данные", "Места", "3"), "updated"),
    ],
)
async def test_every_answer_closes_the_open_question(
    world: World, engine: AsyncEngine, taps: tuple[str, ...], answer: str
) -> None:
    vera = await claimed(world)
    await pass_days(world, 30)
    for label in taps:
        assert [each.answer for each in await check_ins(engine)] == [None]
        await vera.tap(label)
    assert [each.answer for each in await check_ins(engine)] == [answer]
    assert await pass_days(world, 20) == []


async def test_a_double_tap_pauses_once(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("⏸ Пауза…")
    for _ in range(2):
        await world.client.tap(VERA, "3 месяца")
    await world.work()
    assert "до 02.06.2026" in await vera.text()
    assert len(await _reminders(engine)) == 1


@pytest.mark.parametrize(
    ("today", "months", "until"),
    [
        ("2026-01-31", 1, date(2026, 2, 28)),
        ("2026-08-31", 6, date(2027, 2, 28)),
        ("2026-12-15", 1, date(2027, 1, 15)),
        ("2027-11-30", 3, date(2028, 2, 29)),
    ],
)
async def test_a_month_later_is_the_same_day_or_the_last_one(
    world: World, engine: AsyncEngine, today: str, months: int, until: date
) -> None:
    await claimed(world)
    async with engine.begin() as connection:
        await clock.stand_at(connection, datetime.fromisoformat(f"{today}T12:00:00+03:00"))
    mentor_id = (await profile(engine)).id
    assert (await own_profiles(world).pause_for(PersonId(VERA), mentor_id, months)).paused_until == until


async def _reminders(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        return list(await connection.execute(select(*Reminder.__table__.c).order_by(Reminder.id)))


# --- the data --------------------------------------------------------------------------------------------


async def at_the_fields(world: World, **given: Any) -> Student:
    """Vera, at what can be changed."""
    vera = await claimed(world, **given)
    await vera.tap("✏️ Обновить данные")
    return vera


@pytest.mark.parametrize(
    ("typed", "price"),
    [("4500", 4500), ("до 4 500 ₽", 4500), ("5к", 5000), ("от 2 до 3 тысяч", 3000), ("бесплатно", 0)],
)
async def test_a_price_is_typed_as_in_the_questionnaire(
    world: World, engine: AsyncEngine, typed: str, price: int
) -> None:
    vera = await at_the_fields(world)
    await vera.tap("Цена")
    assert "Сколько стоит час с вами?" in await vera.text()
    assert "Сейчас: 3\u00a0500 ₽/час." in await vera.text()
    assert "Обновил: студенты уже видят." in (await vera.write(typed)).text
    assert (await profile(engine)).price == price
    assert (await person(engine, VERA)).asked_for != "profile:price"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("дорого", "Не понял сумму «дорого»"),
        ("100 $", "Я считаю только в рублях"),
        ("-5", "Не понял сумму"),
        ("9" * 400, "Не понял сумму"),
        ("10% от оффера", "Не понял сумму «10% от оффера»"),
    ],
)
async def test_a_price_that_is_none_is_refused_and_asked_for_again(
    world: World, engine: AsyncEngine, typed: str, said: str
) -> None:
    vera = await at_the_fields(world)
    await vera.tap("Цена")
    screen = await vera.write(typed)
    assert said in screen.text
    assert "Сколько стоит час с вами?" in screen.text
    await vera.write("4500")
    assert (await profile(engine)).price == 4500


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("9000 за встречу", "session"),
        ("30 тыс. в месяц", "month"),
        ("4500₽/час", "hour"),
        ("4500", "session"),
    ],
)
async def test_a_price_is_for_what_the_words_say(
    world: World, engine: AsyncEngine, typed: str, unit: str
) -> None:
    vera = await at_the_fields(world, price_unit="session")
    await vera.tap("Цена")
    await vera.write(typed)
    assert (await profile(engine)).price_unit == unit


async def test_a_price_in_other_money_or_as_a_share_becomes_roubles_an_hour(
    world: World, engine: AsyncEngine
) -> None:
    vera = await at_the_fields(world, price=10, currency="USD", price_unit="offer_share")
    await vera.tap("Цена")
    await vera.write("4500")
    stored = await profile(engine)
    assert (stored.price, stored.currency, stored.price_unit) == (Decimal(4500), "RUB", "hour")


async def test_free_of_charge_is_a_tap(world: World, engine: AsyncEngine) -> None:
    vera = await at_the_fields(world)
    await vera.tap("Цена")
    assert await vera.tap("Бесплатно") == "Обновил: студенты уже видят."
    assert (await profile(engine)).price == 0
    assert (await person(engine, VERA)).asked_for is None


@pytest.mark.parametrize("instead", ["4500", "/my", "Отмена"])
async def test_an_old_question_about_the_price_makes_nothing_free(
    world: World, engine: AsyncEngine, instead: str
) -> None:
    vera = await at_the_fields(world, price=4500)
    await vera.tap("Цена")
    asked = await vera.screen()
    await (vera.tap(instead) if instead == "Отмена" else vera.write(instead))
    old = {"message_id": asked.message_id, "rendering": asked.edits}
    assert (
        await vera.tap("Бесплатно", **old)
        == "Это старая кнопка, цена осталась прежней. Изменить её — «Цена»."
    )
    assert (await profile(engine)).price == 4500
    drawn = next(each for each in await world.client.transcript(VERA) if each.message_id == asked.message_id)
    assert "4\u00a0500 ₽/час" in drawn.text
    assert "Цена" in drawn.buttons


async def test_who_taps_free_of_charge_twice_hears_of_no_old_button(
    world: World, engine: AsyncEngine
) -> None:
    vera = await at_the_fields(world)
    await vera.tap("Цена")
    asked = await vera.screen()
    old = {"message_id": asked.message_id, "rendering": asked.edits}
    assert [await vera.tap("Бесплатно", **old) for _ in range(2)] == ["Обновил: студенты уже видят.", ""]
    assert (await profile(engine)).price == 0


async def test_about_is_typed_shown_back_and_limited(world: World, engine: AsyncEngine) -> None:
    vera = await at_the_fields(world, about="Прежнее")
    await vera.tap("О себе")
    assert "Прежнее" in await vera.text()
    assert "здесь помещается 1\u00a0000 знаков" in (await vera.write("я" * 1001)).text
    await world.client.send_sticker(VERA)
    await world.work()
    assert "Здесь нужен текст" in await vera.text()
    written = "Помогаю <с нуля>\n\u202eи до оффера\x00"
    assert "Помогаю <с нуля>\nи до оффера" in (await vera.write(written)).text
    assert (await profile(engine)).about == "Помогаю <с нуля>\nи до оффера"
    await vera.tap("О себе")
    await vera.write("я" * 1000)
    assert (await profile(engine)).about == "я" * 1000


async def test_about_keeps_its_paragraphs_wherever_it_is_shown(
    world: World, engine: AsyncEngine, student: Student
) -> None:
    vera = await at_the_fields(world)
    await vera.tap("О себе")
    written = "Кому:  джунам.\n\n\n\nКак:\n— созвоны\n— ревью"
    shown = "Кому: джунам.\n\nКак:\n— созвоны\n— ревью"
    assert shown in (await vera.write(written)).text
    await vera.tap("О себе")
    assert shown in await vera.text()
    mentor_id = (await profile(engine)).id
    assert shown in (await student.write(f"/start m{mentor_id}_c")).text


async def test_skills_are_typed_as_in_the_questionnaire_and_replace_what_is_there(
    world: World, engine: AsyncEngine
) -> None:
    vera = await at_the_fields(world, skills=["java", "kubernetes"], free_skills=["Варка кофе"])
    await vera.tap("Навыки")
    assert "Сейчас (нажмите, чтобы скопировать): Java, Kubernetes, Варка кофе" in await vera.text()
    said = (await vera.write("питон, JS/TS, Zeta; питон, zeta\nЯдро <b>")).text
    assert "Обновил: студенты уже видят." in said
    assert "Не знаю «Zeta, Ядро <b>», но записал как есть" in said
    assert "Навыки: Python, JavaScript, TypeScript, Zeta, Ядро <b>" in said
    stored = await profile(engine)
    assert stored.skills == ["python", "javascript", "typescript"]
    assert stored.free_skills == ["Zeta", "Ядро <b>"]
    assert stored.own == ["free_skills", "skills"]
    await vera.tap("Навыки")
    assert "Не знаю" not in (await vera.write("Python")).text
    assert (await profile(engine)).free_skills == []


async def test_skills_as_they_are_shown_are_read_back_the_same(world: World, engine: AsyncEngine) -> None:
    every = list(load_default().skills)
    for start in range(0, len(every), 60):
        written = ", ".join(load_default().skill_name(key, "ru") for key in every[start : start + 60])
        known, unknown = skills_of(written, load_default())
        assert (list(known), unknown) == (every[start : start + 60], [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [(" , .", "Здесь нужен текст"), ("ж" * 51, "до 50 знаков"), ("Python, " * 300, "здесь помещается 2")],
)
async def test_skills_that_are_none_are_refused_and_the_old_ones_stay(
    world: World, engine: AsyncEngine, typed: str, said: str
) -> None:
    vera = await at_the_fields(world, directions=[], skills=["java"])
    await vera.tap("Навыки")
    screen = await vera.write(typed)
    assert said in screen.text
    assert "Напишите навыки через запятую" in screen.text
    assert (await profile(engine)).skills == ["java"]
    await vera.write("Python")
    assert (await profile(engine)).skills == ["python"]


async def test_goals_and_languages_are_switched_on_and_off(world: World, engine: AsyncEngine) -> None:
    vera = await at_the_fields(world, goals=["interviews", "cv"], languages=["ru", "de"])
    await vera.tap("С чем помогаю")
    await vera.tap("✓ Резюме и портфолио")
    await vera.tap("Первая работа")
    await vera.tap("Готово ✓")
    await vera.tap("Языки")
    await vera.tap("английский")
    await vera.tap("✓ русский")
    await vera.tap("Готово ✓")
    stored = await profile(engine)
    assert (stored.goals, stored.languages) == (["first_job", "interviews"], ["en", "de"])
    assert stored.own == ["goals", "languages"]
    assert "Языки: английский, немецкий" in await vera.text()


async def test_places_are_tapped(world: World, engine: AsyncEngine) -> None:
    vera = await at_the_fields(world, capacity=2)
    await vera.tap("Места")
    assert await vera.buttons() == ("0", "1", "✓ 2", *map(str, range(3, 11)), "← Назад")
    assert await vera.tap("0") == "Обновил. Студенты увидят это, когда вы снова будете в подборе."
    stored = await profile(engine)
    assert (stored.status, stored.capacity, stored.own) == ("active", 0, ["capacity"])
    await vera.tap("← Назад")
    assert "🟡 Свободных мест нет" in await vera.text()


@pytest.mark.parametrize("status", ["paused", "stale", "left"])
async def test_nobody_is_told_that_students_see_a_profile_that_is_hidden(
    world: World, engine: AsyncEngine, status: str
) -> None:
    vera = await claimed(world)
    await change(engine, status=status)
    await vera.tap("✏️ Обновить данные")
    assert "Студенты увидят изменения, когда вы снова будете в подборе." in await vera.text()
    await vera.tap("Цена")
    changed = (await vera.write("4500")).text
    assert "Обновил. Студенты увидят это, когда вы снова будете в подборе." in changed
    assert "уже видят" not in changed
    panel = (await vera.write("/my")).text
    assert "👇 Ваша анкета:" in panel
    assert "Так вас видят студенты" not in panel


async def test_who_returns_without_a_free_place_is_asked_for_one(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world, capacity=0)
    await change(engine, status="stale")
    await vera.write("/my")
    assert "отметьте свободные места" in await vera.tap("▶️ Вернуться в подбор")
    assert (await profile(engine)).status == "active"


async def test_options_are_switched_on_and_off(world: World, engine: AsyncEngine) -> None:
    vera = await at_the_fields(world, formats=["regular"], helps_levels=["junior"])
    await vera.tap("Формат")
    await vera.tap("Оплата после оффера")
    await vera.tap("✓ Регулярно")
    assert await vera.buttons() == ("Разово", "Регулярно", "✓ Оплата после оффера", "Готово ✓")
    await vera.tap("Готово ✓")
    await vera.tap("Кому помогаю")
    await vera.tap("Учусь с нуля")
    stored = await profile(engine)
    assert (stored.formats, stored.helps_levels) == (["after_offer"], ["novice", "junior"])


async def test_a_change_is_seen_by_students_at_once_and_counts_as_a_sign_of_life(
    world: World, engine: AsyncEngine
) -> None:
    vera = await at_the_fields(world)
    await world.forward(timedelta(days=20))
    await vera.tap("Места")
    await vera.tap("5")
    assert (await profile(engine)).confirmed_at == NOON + timedelta(days=20)
    assert await pass_days(world, 30) == [30]


# --- what is typed, and for whom -------------------------------------------------------------------------


@pytest.mark.parametrize("instead", ["Отмена", "/start", "/help", "/foo"])
async def test_any_other_tap_or_command_gives_the_next_text_back_to_the_questionnaire(
    world: World, engine: AsyncEngine, instead: str
) -> None:
    vera = await claimed(world)
    await play(vera, QUESTIONNAIRE[:9])
    await vera.write("/my")
    await vera.tap("✏️ Обновить данные")
    await vera.tap("Цена")
    await (vera.write(instead) if instead.startswith("/") else vera.tap(instead))
    await vera.write("4500")
    assert (await answers(engine, VERA))["budget"] == ["4500"]
    assert (await profile(engine)).price == 3500


async def test_a_tap_in_the_questionnaire_takes_back_what_the_profile_asked(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await play(vera, QUESTIONNAIRE[:9])
    await vera.write("/my")
    await vera.tap("✏️ Обновить данные")
    await vera.tap("Цена")
    await vera.tap("Бесплатно", message_id=(await _message(world, "Сколько готовы платить")).message_id)
    await vera.write("4500")
    assert (await answers(engine, VERA))["budget"] == ["4500"]
    assert (await profile(engine)).price == 3500


async def test_what_is_typed_for_the_profile_is_no_answer_of_the_questionnaire(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await play(vera, QUESTIONNAIRE[:12])
    before = await answers(engine, VERA)
    await vera.write("/my")
    await vera.tap("✏️ Обновить данные")
    await vera.tap("О себе")
    await vera.write("Восемь лет в разработке")
    assert await answers(engine, VERA) == before
    await vera.write("Боюсь собеседований")
    assert (await answers(engine, VERA))["about"] == ["Боюсь собеседований"]
    assert (await profile(engine)).about == "Восемь лет в разработке"


async def test_an_answer_that_comes_again_changes_nothing_and_is_no_other_answer(
    world: World, engine: AsyncEngine
) -> None:
    vera = await claimed(world)
    await play(vera, QUESTIONNAIRE[:12])
    before = await answers(engine, VERA)
    await vera.write("/my")
    await vera.tap("✏️ Обновить данные")
    await vera.tap("Цена")
    await world.client.send_text(VERA, "4500")
    [first] = await world.updates()
    await world.app.intake.take(first)
    await change(engine, price=9000)
    await world.work()
    assert (await profile(engine)).price == 9000
    assert await answers(engine, VERA) == before
    assert "Что обновить?" in await vera.text()


async def test_an_old_answer_that_comes_again_is_not_the_new_answer(
    world: World, engine: AsyncEngine
) -> None:
    vera = await at_the_fields(world)
    await vera.tap("Цена")
    await world.client.send_text(VERA, "4500")
    [first] = await world.updates()
    await world.work()
    await vera.tap("О себе")
    await world.app.intake.take(first)
    assert (await profile(engine)).about == ""
    await vera.write("Восемь лет в разработке")
    assert (await profile(engine)).about == "Восемь лет в разработке"


async def test_what_another_replica_asked_for_is_heard(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await vera.tap("✏️ Обновить данные")
    other = create_app(world.app.bot, engine, load_default(), seed=1, monotonic=lambda: 0.0)
    await write_to(other, vera, "/help")
    await vera.tap("Цена")
    await write_to(other, vera, "4500")
    assert (await profile(engine)).price == 4500


async def test_who_forgets_everything_while_asked_is_a_stranger(world: World, engine: AsyncEngine) -> None:
    vera = await at_the_fields(world)
    await vera.tap("Цена")
    await change(engine, person_id=None)
    assert ASKED in (await vera.write("4500")).text
    assert (await profile(engine)).price == 3500
    assert (await person(engine, VERA)).asked_for is None


async def test_a_mentor_can_be_a_student_too(world: World, engine: AsyncEngine) -> None:
    vera = await claimed(world)
    await world.app.catalogue.refresh()
    await play(vera, QUESTIONNAIRE)
    assert [each.status for each in await questionnaires(engine, VERA)] == ["done"]
    assert "Ваша анкета ментора" in (await vera.write("/my")).text


async def test_the_profile_speaks_english(world: World, engine: AsyncEngine) -> None:
    await world.client.set_language(VERA, "en")
    await add_vera(engine)
    vera = world.student(VERA)
    assert "Is this your profile?" in (await vera.write("/my")).text
    await vera.tap("Yes, it is mine")
    assert "You are in shortlists" in await vera.text()
    await vera.tap("⏸ A break…")
    await vera.tap("📅 Choose a day")
    assert "March 2026" in await vera.buttons()


async def write_to(app: App, mentor: Student, text: str) -> None:
    """Send a text that another replica takes."""
    await mentor.world.client.send_text(mentor.id, text)
    updates = await mentor.world.updates()
    for each in updates:
        await app.intake.take(each)
    await mentor.world.confirm(updates)


async def _message(world: World, words: str) -> Any:
    said = await world.client.transcript(VERA)
    return next(each for each in reversed(said) if words in each.text)

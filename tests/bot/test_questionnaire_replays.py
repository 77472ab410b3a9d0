"""What comes twice: a tap, a message, a whole batch after a crash. The answers stay what they were."""

from collections.abc import Sequence
from itertools import count

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.wiring import create_app
from recommender.taxonomy import load_default
from tests.bot.acts import ANSWERED, QUESTIONNAIRE, WANDERINGS, Act, Tap, do
from tests.bot.stored import answers, questionnaires, searches, state
from tests.bot.world import Student, World


@pytest.fixture
async def tireless(world: World) -> Student:
    """A student who is never too fast: each look at the clock is a second later."""
    ticks = count()
    app = create_app(
        world.app.bot,
        world.app.engine,
        load_default(),
        seed=1,
        monotonic=lambda: float(next(ticks)),
    )
    await app.catalogue.refresh()
    return world.restarted(app).student()


@pytest.mark.parametrize("acts", [QUESTIONNAIRE, WANDERINGS], ids=["questionnaire", "wanderings"])
async def test_any_batch_that_comes_again_changes_nothing(
    tireless: Student, engine: AsyncEngine, acts: Sequence[Act]
) -> None:
    """After each step some of the last updates come again, as after a crash before their confirmation."""
    handled = []
    for number, act in enumerate(acts):
        handled += await do(tireless, act)
        before = await state(engine)
        for length in (1, 2 + number * 7 % 15):
            for update in handled[-length:]:
                await tireless.world.app.intake.take(update)
            assert await state(engine) == before, (act, length)


async def test_the_undisturbed_questionnaire_is_stored_as_answered(
    student: Student, engine: AsyncEngine
) -> None:
    for act in QUESTIONNAIRE:
        await do(student, act)
    assert await answers(engine) == ANSWERED
    assert [each.status for each in await questionnaires(engine)] == ["done"]
    assert len(await searches(engine)) == 1


async def test_every_update_under_a_new_id_as_well_leads_to_the_same_answers(
    tireless: Student, engine: AsyncEngine
) -> None:
    for act in QUESTIONNAIRE:
        for update in await do(tireless, act):
            await tireless.world.app.intake.take(update | {"update_id": update["update_id"] + 10**6})
    assert await answers(engine) == ANSWERED
    assert len(await searches(engine)) == 1


async def test_a_crash_at_any_step_and_the_rest_of_the_session_once_more(
    tireless: Student, engine: AsyncEngine
) -> None:
    """The bot dies after each update: everything since the last confirmed one is handled again."""
    batch = []
    for number, act in enumerate(QUESTIONNAIRE):
        batch += await do(tireless, act)
        for update in batch:
            await tireless.world.app.intake.take(update)
        if number % 4 == 3:
            batch = []
    assert await answers(engine) == ANSWERED
    assert len(await searches(engine)) == 1


async def test_the_last_answer_that_comes_again_shows_the_shortlist(student: Student) -> None:
    for act in QUESTIONNAIRE:
        updates = await do(student, act)
    shown = await student.text()
    await student.world.app.intake.take(updates[0])
    assert await student.text() == shown
    assert "Вот кто ближе всего" in shown


async def test_a_cancel_that_comes_again_says_the_same(student: Student) -> None:
    await student.write("/start")
    await student.world.client.send_text(student.id, "/cancel")
    updates = await student.world.updates()
    for _ in range(2):
        await student.world.app.intake.take(updates[0])
        assert "Анкета отменена" in await student.text()


async def test_a_new_that_comes_again_after_an_answer_keeps_the_answer(
    student: Student, engine: AsyncEngine
) -> None:
    await student.write("/start")
    await student.world.client.send_text(student.id, "/new")
    updates = await student.world.updates()
    await student.world.work()
    await do(student, Tap("Бэкенд"))
    await student.world.app.intake.take(updates[0])
    assert await answers(engine) == {"directions": ["backend"]}
    assert [each.status for each in await questionnaires(engine)] == ["cancelled", "running"]

"""The clock of this Telegram on the page: set forward by a button, or day by day while somebody watches."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from sandbox.server import LocalTelegram
from tests.sandbox.page.stage import ANYA, DAY, NOON, PHONE, Bot, OpenPage, message

pytestmark = pytest.mark.browser

CLOCK = "**/sim/clock"
A_DAY = 667  # milliseconds: 90 of them are a minute
STEPS = [
    ("На час вперёд", DAY / 24, "пт, 15 января 2027", "+1 час"),
    ("На день вперёд", DAY, "сб, 16 января 2027", "+1 день"),
    ("На 7 дней вперёд", 7 * DAY, "пт, 22 января 2027", "+7 дней"),
    ("На 30 дней вперёд", 30 * DAY, "вс, 14 февраля 2027", "+30 дней"),
]


async def standing_still(context: BrowserContext, open_page: OpenPage, **how: Any) -> Page:
    """A page whose browser lets time pass only when told to."""
    await context.clock.install(time=NOON)
    page = await open_page(**how)
    await context.clock.pause_at(NOON + 60)
    return page


async def ahead(page: Page, telegram: LocalTelegram) -> float:
    """In days, as the server has it."""
    answer = await page.request.get(f"{telegram.url}/sim/clock")
    return float((await answer.json())["ahead"]) / DAY


@pytest.mark.parametrize(("label", "seconds", "day", "said"), STEPS)
async def test_a_button_sets_the_clock_forward(
    label: str, seconds: float, day: str, said: str, telegram: LocalTelegram, open_page: OpenPage
) -> None:
    page = await open_page()
    await expect(page.get_by_test_id("clock-ahead")).to_have_text("")
    await page.get_by_role("button", name=label, exact=True).click()
    await expect(page.get_by_test_id("clock-day")).to_have_text(day)
    await expect(page.get_by_test_id("clock-ahead")).to_have_text(said)
    assert await ahead(page, telegram) == seconds / DAY


async def test_days_are_named_from_where_the_clock_stands(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("До")
    page, other = await open_page(), await open_page()
    await expect(page.locator(".day")).to_have_text(["Сегодня"])
    await page.get_by_role("button", name="На день вперёд").click()
    for each in (page, other):
        await expect(each.locator(".day")).to_have_text(["Вчера"])
    await bot.say("После")
    for each in (page, other):
        await expect(each.locator(".day")).to_have_text(["Вчера", "Сегодня"])
    await expect(page.get_by_test_id(f"chat-{ANYA}").locator(".chat-time")).to_have_text("12:00")


async def test_ninety_days_pass_one_by_one_within_a_minute(
    telegram: LocalTelegram, open_page: OpenPage, context: BrowserContext
) -> None:
    page = await standing_still(context, open_page)
    async with page.expect_response(CLOCK):
        await page.get_by_test_id("clock-play").click()
    for _ in range(89):
        async with page.expect_response(CLOCK):
            await page.clock.run_for(A_DAY)
    for _ in range(2):  # the last day's own time, and a frame to draw in
        await page.clock.run_for(A_DAY)
    await expect(page.get_by_test_id("clock-play")).to_have_text("90 дней за минуту")
    await expect(page.get_by_test_id("clock-ahead")).to_have_text("+90 дней")
    assert await ahead(page, telegram) == 90


async def test_the_days_that_are_watched_begin_at_midday(
    telegram: LocalTelegram, open_page: OpenPage, context: BrowserContext
) -> None:
    page = await standing_still(context, open_page)
    await page.request.post(f"{telegram.url}/sim/clock", data={"forward": -10 * DAY / 24})
    async with page.expect_response(CLOCK):
        await page.get_by_test_id("clock-play").click()
    await page.clock.run_for(500)
    await page.get_by_test_id("clock-play").click()
    # It was two at night.
    assert await ahead(page, telegram) == 1


async def test_the_days_can_be_stopped(
    telegram: LocalTelegram, open_page: OpenPage, context: BrowserContext
) -> None:
    page = await standing_still(context, open_page)
    play = page.get_by_test_id("clock-play")
    async with page.expect_response(CLOCK):
        await play.click()
    await page.clock.run_for(500)
    await expect(play).to_have_text("Остановить: день 1 из 90")
    await play.click()
    await page.clock.run_for(5_000)
    await expect(play).to_have_text("90 дней за минуту")
    assert await ahead(page, telegram) == 1


async def test_days_that_the_server_does_not_take_stop_by_themselves(open_page: OpenPage) -> None:
    page = await open_page()
    await page.route(CLOCK, lambda route: route.abort())
    await page.get_by_test_id("clock-play").click()
    await expect(page.get_by_test_id("toast")).to_contain_text("Нет связи")
    await expect(page.get_by_test_id("clock-play")).to_have_text("90 дней за минуту")


async def test_on_a_phone_the_clock_is_beside_the_chat_and_days_can_be_watched_from_it(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage, context: BrowserContext
) -> None:
    sent = await bot.say("Привет")
    page = await standing_still(context, open_page, size=PHONE)
    await page.get_by_test_id("chat-clock").click()
    clock = page.get_by_role("dialog", name="Часы")
    async with page.expect_response(CLOCK):
        await clock.get_by_test_id("clock-play").click()
    await page.clock.run_for(500)
    await expect(clock.get_by_test_id("clock-day")).to_have_text("сб, 16 января 2027")
    await page.keyboard.press("Escape")
    await expect(clock).to_have_count(0)
    await expect(message(page, sent)).to_be_visible()
    await expect(page.get_by_test_id("watching")).to_have_text("Остановить: день 1 из 90")
    await page.get_by_test_id("watching").click()
    await page.clock.run_for(5_000)
    await expect(page.get_by_test_id("watching")).to_be_hidden()
    assert await ahead(page, telegram) == 1

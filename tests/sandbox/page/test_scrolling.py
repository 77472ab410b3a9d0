"""Scrolling, reconnecting, bursts."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import ClientSession
from playwright.async_api import BrowserContext, expect

from sandbox.server import LocalTelegram
from tests.sandbox.page.stage import ANYA, NOON, TOKEN, Bot, OpenPage, message, messages

pytestmark = pytest.mark.browser


async def test_the_newest_300_are_drawn_and_older_ones_on_the_way_up(
    telegram: LocalTelegram, open_page: OpenPage
) -> None:
    chat = telegram.world.chat(ANYA)
    for n in range(1, 451):
        telegram.world.add_message(chat, None, {"text": f"№ {n}"}, int(NOON))
    page = await open_page()
    await expect(messages(page)).to_have_count(300)
    await expect(message(page, 450)).to_be_in_viewport()
    await page.locator("#log").evaluate("(log) => { log.scrollTop = 0 }")
    await expect(message(page, 51)).to_be_attached()
    await page.locator("#log").evaluate("(log) => { log.scrollTop = 0 }")
    await expect(message(page, 1)).to_be_attached()
    await expect(messages(page)).to_have_count(450)


async def test_news_do_not_move_who_has_scrolled_up_but_are_counted(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    chat = telegram.world.chat(ANYA)
    for n in range(1, 81):
        telegram.world.add_message(chat, None, {"text": f"№ {n}"}, int(NOON))
    page = await open_page()
    await expect(page.get_by_test_id("jump")).to_be_hidden()
    await message(page, 20).scroll_into_view_if_needed()
    before = await message(page, 20).bounding_box()
    for n in range(2):
        await bot.say(f"Новое {n}")
    await expect(page.get_by_test_id("jump")).to_have_accessible_name("Вниз, новых: 2")
    assert await message(page, 20).bounding_box() == before
    await page.get_by_test_id("jump").click()
    await expect(message(page, 82)).to_be_in_viewport()
    await expect(page.get_by_test_id("jump")).to_be_hidden()
    await bot.say("Ещё")
    await expect(message(page, 83)).to_be_in_viewport()


async def test_after_a_restart_of_the_server_nothing_is_missing_and_nothing_doubled(
    tmp_path: Path, context: BrowserContext
) -> None:
    first = LocalTelegram(TOKEN, state=tmp_path / "state.json")
    async with first, ClientSession() as http:
        first.person(ANYA).started = True
        await Bot(first.url, http).say("До")
        page = await context.new_page()
        await page.goto(f"{first.url}/#{ANYA}/{ANYA}")
        await expect(messages(page)).to_have_count(1)
    await expect(page.locator("#offline")).to_be_visible()
    port = int(first.url.rpartition(":")[2])
    second = LocalTelegram(TOKEN, state=tmp_path / "state.json", port=port)
    async with second, ClientSession() as http:
        await Bot(second.url, http).say("После")
        await expect(page.locator("#offline")).to_be_hidden()
        await Bot(second.url, http).say("Потом")
        await expect(messages(page)).to_contain_text(["До", "После", "Потом"])
        await expect(messages(page)).to_have_count(3)


async def test_a_quick_burst_arrives_whole_and_in_order(bot: Bot, open_page: OpenPage) -> None:
    page = await open_page()
    sent = [await bot.say(f"№ {n}") for n in range(40)]
    await expect(messages(page)).to_have_count(40)
    shown = await messages(page).evaluate_all("rows => rows.map((row) => Number(row.dataset.messageId))")
    assert shown == sent

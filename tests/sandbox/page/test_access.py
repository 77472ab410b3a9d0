"""Keyboard, names, phone, theme."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, expect

from sandbox.world import CHANNEL, MODERATORS
from tests.sandbox.page.stage import ANYA, BORIS, MODERATOR, PHONE, Bot, OpenPage, button

pytestmark = pytest.mark.browser


async def test_arrows_move_in_the_chat_list_and_escape_goes_back_to_it(open_page: OpenPage) -> None:
    page = await open_page(MODERATOR)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id(f"chat-{MODERATOR}")).to_be_focused()
    await expect(page.get_by_text("Выберите чат слева")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_test_id(f"chat-{MODERATORS}")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=2)).to_have_text("Модераторы")


async def test_alt_and_a_digit_change_the_person(open_page: OpenPage) -> None:
    page = await open_page(ANYA)
    for key, person in (("Alt+2", BORIS), ("Alt+4", MODERATOR), ("Alt+1", ANYA)):
        await page.keyboard.press(key)
        await expect(page.get_by_test_id(f"person-{person}")).to_have_attribute("aria-pressed", "true")


async def test_everything_can_be_reached_by_tab_and_has_a_name(bot: Bot, open_page: OpenPage) -> None:
    await bot.call("setMyCommands", commands=[{"command": "help", "description": "Помощь"}])
    await bot.say("Есть /help и <code>код</code>", rows=[[button("Go"), button("Rust")]])
    page = await open_page()
    visible = await page.locator("button:visible, textarea:visible, [role=button]:visible").count()
    reached = set()
    for _ in range(visible + 4):
        await page.keyboard.press("Tab")
        reached.add(await page.evaluate("document.activeElement.outerHTML"))
    found = [html for html in reached if html.startswith(("<button", "<textarea", "<code"))]
    assert len(found) == visible
    unnamed = "all => all.filter((b) => !(b.getAttribute('aria-label') || b.textContent.trim())).length"
    assert await page.locator("button:visible").evaluate_all(unnamed) == 0


async def test_on_a_phone_a_chat_opens_over_the_list_and_back_leads_to_it(
    bot: Bot, open_page: OpenPage
) -> None:
    await bot.say("Привет")
    page = await open_page(size=PHONE)
    await expect(page.get_by_test_id(f"chat-{ANYA}")).to_be_hidden()
    await page.get_by_test_id("back").click()
    await expect(page.get_by_test_id("composer")).to_be_hidden()
    await page.get_by_test_id(f"chat-{CHANNEL}").click()
    await expect(page.get_by_test_id("unsubscribe")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_test_id(f"chat-{ANYA}")).to_be_visible()


async def test_nothing_is_wider_than_a_small_phone(bot: Bot, open_page: OpenPage) -> None:
    rows = [[button(f"Направление {n}-{m}") for m in range(3)] for n in range(3)]
    await bot.say("слово" * 60 + "\n<pre>" + "x" * 200 + "</pre>", rows=rows)
    page = await open_page(size=(320, 568))
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await page.locator("#log").evaluate("(log) => log.scrollWidth <= log.clientWidth")


async def test_the_theme_follows_the_system_until_it_is_chosen(
    open_page: OpenPage, context: BrowserContext
) -> None:
    page = await open_page()
    scheme = "getComputedStyle(document.documentElement).getPropertyValue('color-scheme')"
    await page.emulate_media(color_scheme="dark")
    await expect(page.get_by_test_id("theme")).to_have_accessible_name("Светлая тема")
    await page.get_by_test_id("theme").click()
    await expect(page.get_by_test_id("theme")).to_have_accessible_name("Тёмная тема")
    await page.reload()
    assert await page.evaluate(scheme) == "light"

"""«Неполадки»: what a developer breaks from the page, the bot meets."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientConnectionError
from playwright.async_api import Page, expect

from sandbox.server import LocalTelegram
from tests.sandbox.page.stage import ANYA, BORIS, TOKEN, Bot, OpenPage

pytestmark = pytest.mark.browser


async def opened(page: Page) -> Page:
    """With the panel unfolded."""
    await page.get_by_test_id("faults").locator("summary").click()
    await expect(page.get_by_test_id("fault-add")).to_be_visible()
    return page


async def answer(bot: Bot, chat: int) -> dict[str, Any]:
    """What Telegram says to a message, an error included."""
    url, message = f"{bot.url}/bot{TOKEN}/sendMessage", {"chat_id": chat, "text": "Привет"}
    async with bot.http.post(url, json=message) as response:
        said: dict[str, Any] = await response.json()
        return said


async def test_the_panel_is_folded_until_somebody_opens_it(open_page: OpenPage) -> None:
    page = await open_page()
    await expect(page.get_by_test_id("fault-add")).to_be_hidden()
    await page.get_by_test_id("faults").locator("summary").press("Enter")
    await expect(page.get_by_test_id("fault-add")).to_be_visible()


async def test_a_fault_added_here_strikes_whom_it_names_and_is_gone_after_its_times(
    bot: Bot, open_page: OpenPage
) -> None:
    page = await opened(await open_page())
    await page.get_by_label("Что случится").select_option("403, бот заблокирован")
    await page.get_by_label("Чат", exact=True).select_option("Аня")
    await page.get_by_label("Метод").fill("sendMessage")
    await page.get_by_test_id("fault-add").click()
    told = page.get_by_role("list", name="Действуют сейчас").get_by_role("listitem")
    await expect(told).to_have_text("403, бот заблокирован · sendMessage · Аня · ещё 1")
    await expect(page.get_by_test_id("faults-count")).to_have_text("1")
    assert (await answer(bot, BORIS))["ok"]
    assert (await answer(bot, ANYA))["description"] == "Forbidden: bot was blocked by the user"
    assert (await answer(bot, ANYA))["ok"]
    await expect(told).to_have_count(0)


async def test_every_kind_can_be_added_as_the_form_offers_it(
    telegram: LocalTelegram, open_page: OpenPage
) -> None:
    page = await opened(await open_page())
    kinds = page.get_by_label("Что случится")
    offered = await kinds.locator("option").evaluate_all("all => all.map((option) => option.value)")
    for added, kind in enumerate(offered, 1):
        await kinds.select_option(kind)
        await page.get_by_test_id("fault-add").click()
        await expect(page.get_by_test_id("faults-count")).to_have_text(str(added))
    assert [fault.kind for fault in telegram.troubles.faults.values()] == offered


async def test_faults_are_taken_back_one_by_one_or_all(telegram: LocalTelegram, open_page: OpenPage) -> None:
    page = await opened(await open_page())
    for _ in range(3):
        await page.get_by_label("Раз", exact=True).fill("")
        await page.get_by_test_id("fault-add").click()
    told = page.get_by_role("list", name="Действуют сейчас").get_by_role("listitem")
    await expect(told).to_have_text(["429, слишком много запросов · пока не убрать"] * 3)
    await told.first.get_by_role("button", name="Убрать неполадку").click()
    await expect(told).to_have_count(2)
    assert len(telegram.troubles.faults) == 2
    await page.get_by_test_id("faults-clear").click()
    await expect(page.get_by_test_id("faults-count")).to_be_hidden()
    assert not telegram.troubles.faults


async def test_a_telegram_that_is_down_answers_nobody_until_it_is_switched_on_again(
    bot: Bot, open_page: OpenPage
) -> None:
    page = await opened(await open_page())
    await page.get_by_test_id("down").check()
    await expect(page.get_by_test_id("faults-count")).to_have_text("1")
    with pytest.raises(ClientConnectionError):
        await answer(bot, ANYA)
    await page.reload()
    await page.get_by_test_id("faults").locator("summary").click()
    await expect(page.get_by_test_id("down")).to_be_checked()
    await page.get_by_test_id("down").uncheck()
    await expect(page.get_by_test_id("faults-count")).to_be_hidden()
    assert (await answer(bot, ANYA))["ok"]


async def test_limits_and_latency_are_set_here(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    page = await opened(await open_page())
    await page.get_by_test_id("limits").check()
    await page.get_by_label("Задержка каждого ответа, мс").fill("20")
    await page.get_by_label("Задержка каждого ответа, мс").press("Enter")
    await expect(page.get_by_test_id("faults-count")).to_have_text("2")
    assert telegram.troubles.latency == 0.02
    refused = 0
    while not refused:
        refused = (await answer(bot, ANYA)).get("error_code", 0)
    assert refused == 429
    await expect(page.get_by_text("отказов: 1")).to_be_visible()


async def test_what_the_server_refuses_is_said(open_page: OpenPage) -> None:
    page = await opened(await open_page())
    await page.get_by_label("Что случится").select_option("400 с описанием")
    await page.get_by_label("Описание", exact=True).fill("")
    await page.get_by_test_id("fault-add").click()
    await expect(page.get_by_test_id("toast")).to_contain_text('"description" of a fault cannot be')

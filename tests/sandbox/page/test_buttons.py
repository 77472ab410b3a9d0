"""Buttons under messages, and what their taps do."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, expect

from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL
from tests.sandbox.page.stage import ANYA, BORIS, NOON, PHONE, Bot, OpenPage, button, message, messages

pytestmark = pytest.mark.browser


async def test_a_tapped_button_spins_until_the_bot_answers_and_is_sent_once(
    bot: Bot, open_page: OpenPage
) -> None:
    sent = await bot.say("Выберите", rows=[[button("Go", "skill:go"), button("Rust", "skill:rust")]])
    page = await open_page()
    go = message(page, sent).get_by_role("button", name="Go", exact=True)
    await go.dblclick()
    await expect(go).to_have_attribute("aria-busy", "true")
    query = (await bot.update())["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("skill:go", ANYA)
    assert await bot.no_more_updates()
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Записала")
    await expect(page.get_by_test_id("toast")).to_have_text("Записала")
    await expect(go).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_is_a_dialog_that_escape_closes_and_the_chat_stays(
    bot: Bot, open_page: OpenPage
) -> None:
    await bot.say("Выберите", rows=[[button("Важное")]])
    page = await open_page()
    await page.get_by_role("button", name="Важное").click()
    query = (await bot.update())["callback_query"]["id"]
    await bot.call("answerCallbackQuery", callback_query_id=query, text="Прочтите", show_alert=True)
    await expect(page.get_by_role("alertdialog")).to_contain_text("Прочтите")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alertdialog")).to_have_count(0)
    await expect(page.get_by_role("button", name="Важное")).to_be_visible()


async def test_only_the_tab_that_tapped_shows_the_answer(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Выберите", rows=[[button("Go")]])
    tapping, watching = await open_page(), await open_page()
    await tapping.get_by_role("button", name="Go").click()
    query = (await bot.update())["callback_query"]["id"]
    await bot.call("answerCallbackQuery", callback_query_id=query, text="Записала")
    await expect(tapping.get_by_test_id("toast")).to_be_visible()
    await bot.say("Дальше")
    await expect(messages(watching)).to_have_count(2)
    await expect(watching.get_by_test_id("toast")).to_have_count(0)


async def test_an_edit_is_made_in_place_and_keeps_the_focus(bot: Bot, open_page: OpenPage) -> None:
    sent = await bot.say("Навыки", rows=[[button("Go", "on"), button("Rust")]])
    page = await open_page()
    await page.get_by_role("button", name="Go").focus()
    keyboard = {"inline_keyboard": [[button("✅ Go", "off"), button("Rust")]]}
    await bot.call("editMessageText", chat_id=ANYA, message_id=sent, text="Навыки: Go", reply_markup=keyboard)
    await expect(page.get_by_role("button", name="✅ Go")).to_be_focused()
    await expect(messages(page)).to_have_count(1)
    await expect(message(page, sent)).to_contain_text("Навыки: Go")
    await expect(message(page, sent)).to_contain_text("изменено")


async def test_a_tap_sends_what_the_button_said_when_it_was_drawn(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    sent = await bot.say("Вопрос 1", rows=[[button("Дальше", "step:1")]])
    page = await open_page()
    # Behind the page's back: no event tells it.
    telegram.world.message(ANYA, sent).edit({"text": "Вопрос 2"}, int(NOON))
    await page.get_by_role("button", name="Дальше").click()
    assert (await bot.update())["callback_query"]["data"] == "step:1"


async def test_a_deleted_message_goes(bot: Bot, open_page: OpenPage) -> None:
    first, second = await bot.say("Раз"), await bot.say("Два")
    page = await open_page()
    await expect(messages(page)).to_have_count(2)
    await bot.call("deleteMessage", chat_id=ANYA, message_id=first)
    await expect(messages(page)).to_have_count(1)
    await expect(message(page, second)).to_be_visible()


async def test_a_deep_link_button_in_the_channel_leads_to_the_bot(bot: Bot, open_page: OpenPage) -> None:
    url = "https://t.me/shortlist_demo_bot?start=m_12"
    await bot.say("Новый ментор", CHANNEL, [[button("Открыть", url=url)]])
    page = await open_page(BORIS, CHANNEL)
    await page.get_by_role("button", name="Открыть", exact=True).click()
    update = await bot.update()
    assert (update["message"]["text"], update["message"]["chat"]["id"]) == ("/start m_12", BORIS)
    await expect(page.get_by_role("heading", level=2)).to_have_text("Shortlist")
    await expect(messages(page)).to_have_count(1)


async def test_a_link_to_elsewhere_opens_a_tab_that_cannot_reach_back(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage, context: BrowserContext
) -> None:
    elsewhere = f"{telegram.url}/sim/state"
    await bot.say(f'<a href="{elsewhere}">текст</a>', rows=[[button("Кнопка", url=elsewhere)]])
    page = await open_page()
    for target in (page.get_by_role("button", name="Кнопка"), page.get_by_role("link", name="текст")):
        async with context.expect_page() as opened:
            await target.click()
        tab = await opened.value
        await tab.wait_for_url(elsewhere)
        assert await tab.evaluate("window.opener") is None


async def test_a_copy_button_copies_and_says_so(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Черновик", rows=[[button("Скопировать", copy_text={"text": "Здравствуйте, Вера!"})]])
    page = await open_page()
    await page.get_by_role("button", name="Скопировать").click()
    await expect(page.get_by_test_id("toast")).to_have_text("Скопировано")
    assert await page.evaluate("navigator.clipboard.readText()") == "Здравствуйте, Вера!"


async def test_copying_works_where_the_browser_has_no_clipboard_interface(
    bot: Bot, open_page: OpenPage, context: BrowserContext
) -> None:
    await context.add_init_script("delete Navigator.prototype.clipboard")
    await bot.say("Черновик", rows=[[button("Скопировать", copy_text={"text": "Здравствуйте, Вера!"})]])
    page = await open_page()
    await page.get_by_role("button", name="Скопировать").click()
    await page.get_by_test_id("composer").press("Control+v")
    await expect(page.get_by_test_id("composer")).to_have_value("Здравствуйте, Вера!")


async def test_a_command_in_the_channel_is_not_sent_by_who_only_reads(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Есть /saved", CHANNEL)
    page = await open_page(ANYA, CHANNEL)
    await page.get_by_role("button", name="/saved", exact=True).click()
    await expect(messages(page)).to_have_count(1)
    assert await bot.no_more_updates()


async def test_buttons_of_a_row_are_equal_and_wear_their_style(bot: Bot, open_page: OpenPage) -> None:
    long = "Пропустить этот вопрос, потому что я ещё не знаю, чего хочу от ментора и от карьеры"
    sent = await bot.say("?", rows=[[button("Да", style="success"), button(long, style="danger")]])
    page = await open_page(size=PHONE)
    short = message(page, sent).get_by_role("button", name="Да")
    wordy = message(page, sent).get_by_role("button", name=long)
    boxes = [await short.bounding_box(), await wordy.bounding_box()]
    assert [round(box["width"]) for box in boxes if box] == [round(boxes[0]["width"] if boxes[0] else 0)] * 2
    await expect(wordy).to_have_attribute("title", long)
    await expect(short).to_have_css("background-color", "rgb(36, 122, 60)")
    await expect(wordy).to_have_css("background-color", "rgb(197, 54, 47)")

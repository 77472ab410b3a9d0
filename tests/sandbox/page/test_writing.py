"""Writing and reading: texts, formats, photos, stickers, as a person sees and sends them."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, expect

from sandbox.server import LocalTelegram
from sandbox.world import MODERATORS
from tests.sandbox.page.stage import (
    ANYA,
    DAY,
    MODERATOR,
    NOON,
    VERA,
    Bot,
    Clock,
    OpenPage,
    button,
    message,
    messages,
)

pytestmark = pytest.mark.browser


async def test_start_sends_start_and_gives_way_to_the_composer(
    telegram: LocalTelegram, open_page: OpenPage
) -> None:
    page = await open_page()
    await expect(page.get_by_test_id("composer")).to_be_hidden()
    await page.get_by_test_id("start").click()
    await expect(messages(page)).to_have_count(1)
    await expect(messages(page)).to_contain_text("/start")
    await expect(page.get_by_test_id("start")).to_be_hidden()
    await expect(page.get_by_test_id("composer")).to_be_visible()
    assert [each.content["text"] for each in telegram.world.chat(ANYA).messages.values()] == ["/start"]


async def test_a_bare_address_opens_the_first_person_talking_to_the_bot(
    telegram: LocalTelegram, context: BrowserContext
) -> None:
    page = await context.new_page()
    await page.goto(telegram.url)
    await expect(page.get_by_test_id("start")).to_be_visible()
    await expect(page.get_by_test_id(f"person-{ANYA}")).to_have_attribute("aria-pressed", "true")


async def test_enter_sends_and_shift_enter_begins_a_line(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Привет")
    page = await open_page()
    composer = page.get_by_test_id("composer")
    await composer.fill("одна")
    await composer.press("Shift+Enter")
    await composer.press_sequentially("две")
    await composer.press("Enter")
    await expect(messages(page)).to_have_count(2)
    await expect(composer).to_have_value("")
    update = await bot.update()
    assert update["message"]["text"] == "одна\nдве"
    assert await bot.no_more_updates()


async def test_a_sent_message_is_seen_once_the_bot_has_answered(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Привет")
    page = await open_page()
    await page.get_by_test_id("composer").fill("Здравствуйте")
    await page.get_by_test_id("send").click()
    await expect(messages(page).last.get_by_label("доставлено")).to_be_visible()
    await bot.say("Чем помочь?")
    await expect(messages(page).nth(1).get_by_label("прочитано")).to_be_visible()


async def test_a_text_that_did_not_get_through_can_be_sent_again(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Привет")
    page = await open_page()
    await page.route("**/send", lambda route: route.abort())
    await page.get_by_test_id("composer").fill("Слышно?")
    await page.get_by_test_id("send").click()
    retry = page.get_by_role("button", name="Не отправлено. Повторить")
    await expect(retry).to_be_visible()
    await page.unroute("**/send")
    await retry.click()
    await expect(retry).to_be_hidden()
    await expect(messages(page)).to_have_count(2)
    assert (await bot.update())["message"]["text"] == "Слышно?"
    assert await bot.no_more_updates()


FORMATS = [
    ("<b>жирно</b>", "strong", "жирно"),
    ("<i>косо</i>", "em", "косо"),
    ("<u>снизу</u>", "u", "снизу"),
    ("<s>мимо</s>", "s", "мимо"),
    ("🎯👩🏽‍🎓 и <b>дальше</b>", "strong", "дальше"),
    ("<b>жирно и <i>косо</i></b>", "strong > em", "косо"),
    ("<code>a &lt; b</code>", "code", "a < b"),
    ('<pre><code class="language-go">x := 1\ny := 2</code></pre>', ".pre pre", "x := 1\ny := 2"),
    ('<pre><code class="language-go">x := 1</code></pre>', ".pre-head span", "go"),
    ("<blockquote>слова</blockquote>", "blockquote", "слова"),
    ('<a href="https://example.org/a?b=1">сюда</a>', 'a[href="https://example.org/a?b=1"]', "сюда"),
    ("см. https://example.org/x.", 'a[href="https://example.org/x"]', "https://example.org/x"),
    ("пишите @shortlist_channel", 'a[href="https://t.me/shortlist_channel"]', "@shortlist_channel"),
    ("тема #golang", ".tag", "#golang"),
    ("есть /saved для этого", "button.command", "/saved"),
]


async def test_formatting_is_drawn_where_it_stands(bot: Bot, open_page: OpenPage) -> None:
    sent = [await bot.say(html) for html, _, _ in FORMATS]
    page = await open_page()
    drawn = [
        await message(page, number).locator(f".text {selector}").text_content()
        for number, (_, selector, _) in zip(sent, FORMATS, strict=True)
    ]
    assert drawn == [text for _, _, text in FORMATS]


HOSTILE = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'


async def test_markup_in_names_texts_and_labels_stays_text(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    telegram.world.chat(MODERATORS).title = HOSTILE
    telegram.world.person(VERA).first_name = HOSTILE
    await bot.call("setMyCommands", commands=[{"command": "x", "description": HOSTILE}])
    keyboard = {"inline_keyboard": [[button(HOSTILE)]]}
    await bot.call("sendMessage", chat_id=MODERATORS, text=HOSTILE, reply_markup=keyboard)
    page = await open_page(MODERATOR, MODERATORS)
    await page.get_by_test_id("composer").fill("/")
    await expect(page.get_by_role("option")).to_contain_text(HOSTILE)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name=HOSTILE, exact=True).click()
    query = (await bot.update())["callback_query"]["id"]
    await bot.call("answerCallbackQuery", callback_query_id=query, text=HOSTILE)
    await expect(page.get_by_test_id("toast")).to_have_text(HOSTILE)
    assert await message(page, 1).locator(".text").text_content() == f"{HOSTILE}12:00"
    assert await page.evaluate("window.broken") is None


async def test_a_spoiler_and_a_long_quote_open_when_asked(bot: Bot, open_page: OpenPage) -> None:
    lines = "\n".join(f"строка {n}" for n in range(9))
    sent = await bot.say(f"<tg-spoiler>тайна</tg-spoiler>\n<blockquote expandable>{lines}</blockquote>")
    page = await open_page()
    await message(page, sent).get_by_role("button", name="Скрытый текст").press("Enter")
    await expect(message(page, sent).locator(".spoiler.open")).to_have_text("тайна")
    folded = await message(page, sent).locator(".quoted").bounding_box()
    await message(page, sent).get_by_role("button", name="Показать полностью").click()
    opened = await message(page, sent).locator(".quoted").bounding_box()
    assert folded is not None
    assert opened is not None
    assert opened["height"] > 2 * folded["height"]


async def test_a_command_in_a_text_is_sent_by_a_click(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Есть /saved")
    page = await open_page()
    await page.get_by_role("button", name="/saved", exact=True).click()
    update = await bot.update()
    assert update["message"]["text"] == "/saved"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_days_are_parted_and_named(
    telegram: LocalTelegram, bot: Bot, clock: Clock, open_page: OpenPage, context: BrowserContext
) -> None:
    await context.clock.set_fixed_time(NOON)
    for days in (40, 1, 0):
        clock.now = NOON - days * DAY
        await bot.say(f"{days} дней назад")
    page = await open_page()
    await expect(page.locator(".day")).to_have_text(["6 декабря 2026 г.", "Вчера", "Сегодня"])


async def test_photos_and_stickers_go_out_and_come_in(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Привет")
    page = await open_page()
    await page.get_by_test_id("composer").fill("Моё резюме")
    await page.get_by_test_id("attach").click()
    await page.get_by_test_id("attach-photo").click()
    assert (await bot.update())["message"]["caption"] == "Моё резюме"
    await expect(messages(page).last.get_by_role("img", name="Фотография")).to_be_visible()
    await messages(page).last.get_by_role("button", name="Открыть фотографию").click()
    await expect(page.get_by_role("dialog", name="Фотография")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_test_id("attach").click()
    await page.get_by_test_id("attach-sticker").click()
    await page.get_by_role("button", name="Стикер 🔥").click()
    assert (await bot.update())["message"]["sticker"]["emoji"] == "🔥"
    await expect(messages(page).last.get_by_role("img", name="Стикер")).to_have_text("🔥")

"""The chat page in a real browser, before a real local Telegram and a bot that does what the test says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL, MODERATORS
from tests.browser import chromium

TOKEN = "42:PAGE"
ANYA, BORIS, VERA, MODERATOR = 1001, 1002, 2001, 3001
NOON = 1_800_014_400.0
DAY = 86_400.0
PHONE, DESKTOP = (390, 844), (1280, 800)
PATIENCE = 15_000
EMPTY_ROWS: list[list[dict[str, Any]]] = []

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
module_fixture = pytest_asyncio.fixture(loop_scope="module")


class Clock:
    """Unix time of the server, moved by hand."""

    now = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Bot:
    """A bot without a library: calls methods, and takes updates one by one."""

    url: str
    http: ClientSession
    offset: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, method: str, **parameters: Any) -> Any:
        async with self.http.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def say(self, text: str, chat: int = ANYA, rows: list[list[dict[str, Any]]] = EMPTY_ROWS) -> int:
        """Sends HTML with an inline keyboard; the message's id."""
        markup = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
        sent = await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **markup)
        return int(sent["message_id"])

    async def update(self) -> dict[str, Any]:
        """The next update, waited for."""
        while not self.waiting:
            self.waiting = await self.call("getUpdates", offset=self.offset, timeout=10)
        update = self.waiting.pop(0)
        self.offset = update["update_id"] + 1
        return update

    async def no_more_updates(self) -> bool:
        return not self.waiting and not await self.call("getUpdates", offset=self.offset, timeout=0)


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with chromium() as browser:
        yield browser


@pytest.fixture
def clock() -> Clock:
    return Clock()


@module_fixture
async def telegram(clock: Clock) -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(TOKEN, clock=clock) as telegram:
        yield telegram


@module_fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    """Everybody has started it, so that it may write to them."""
    async with ClientSession() as http:
        for person in telegram.world.people.values():
            person.started = True
        yield Bot(telegram.url, http)


@module_fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
        permissions=["clipboard-read", "clipboard-write"],
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    context.set_default_timeout(PATIENCE)
    yield context
    await context.close()


@module_fixture
async def open_page(context: BrowserContext, telegram: LocalTelegram) -> AsyncIterator[OpenPage]:
    """Opens the page as somebody; at the end no page may have thrown anything."""
    problems: list[str] = []

    async def opened(person: int = ANYA, chat: int | None = None, size: tuple[int, int] = DESKTOP) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.goto(f"{telegram.url}/#{person}/{chat or person}")
        await expect(page.locator("#bottom > [data-bottom]:not([hidden])")).to_be_visible()
        await expect(page.locator("#offline")).to_be_hidden()
        return page

    yield opened
    assert problems == []


def messages(page: Page) -> Locator:
    return page.locator("[data-message-id]")


def message(page: Page, message_id: int) -> Locator:
    return page.locator(f'[data-message-id="{message_id}"]')


def button(text: str, data: str = "data", **more: Any) -> dict[str, Any]:
    return {"text": text, **({} if more.keys() & {"url", "copy_text"} else {"callback_data": data}), **more}


# Writing and reading


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


# Buttons


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


# Commands, menu, links


async def test_a_slash_lists_commands_and_enter_sends_the_chosen_one(bot: Bot, open_page: OpenPage) -> None:
    commands = [("start", "Начать"), ("saved", "Сохранённые"), ("surprise", "Неожиданный")]
    await bot.call("setMyCommands", commands=[{"command": c, "description": d} for c, d in commands])
    await bot.say("Привет")
    page = await open_page()
    for shown in (3, 0, 3):
        await page.get_by_test_id("commands").click()
        await expect(page.get_by_role("option")).to_have_count(shown)
    await page.get_by_test_id("composer").press_sequentially("s")
    await page.get_by_test_id("composer").press_sequentially("a")
    await expect(page.get_by_role("option")).to_have_text(["/savedСохранённые"])
    await page.keyboard.press("Enter")
    assert (await bot.update())["message"]["text"] == "/saved"
    await expect(page.get_by_role("option")).to_have_count(0)


async def test_a_draft_is_not_lost_to_the_commands_button(bot: Bot, open_page: OpenPage) -> None:
    await bot.call("setMyCommands", commands=[{"command": "help", "description": "Помощь"}])
    await bot.say("Привет")
    page = await open_page()
    await page.get_by_test_id("composer").fill("недописанное")
    await expect(page.get_by_test_id("commands")).to_be_hidden()
    await page.get_by_test_id("composer").fill("")
    await expect(page.get_by_test_id("commands")).to_be_visible()


async def test_starting_anew_from_the_menu_unblocks_the_bot(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    telegram.persons.block(ANYA)
    page = await open_page()
    await page.get_by_test_id("chat-menu").click()
    await page.get_by_test_id("menu-restart").click()
    await expect(messages(page)).to_contain_text(["/start"])
    await expect(page.get_by_test_id("composer")).to_be_visible()
    assert not telegram.world.person(ANYA).blocked


async def test_commands_set_later_appear_at_once(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Привет")
    page = await open_page()
    await expect(page.get_by_test_id("commands")).to_be_hidden()
    await bot.call("setMyCommands", commands=[{"command": "help", "description": "Помощь"}])
    await expect(page.get_by_test_id("commands")).to_be_visible()


async def test_blocking_the_bot_puts_an_unblock_button_in_place_of_the_composer(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    await bot.say("Привет")
    page = await open_page()
    await page.get_by_test_id("chat-menu").click()
    await page.get_by_test_id("menu-block").click()
    await expect(page.get_by_test_id("unblock")).to_be_visible()
    assert telegram.world.person(ANYA).blocked
    await page.reload()
    await page.get_by_test_id("unblock").click()
    await expect(page.get_by_test_id("composer")).to_be_visible()
    assert not telegram.world.person(ANYA).blocked


async def test_the_menu_starts_anew_and_changes_the_language(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    await bot.say("Привет")
    page = await open_page()
    await page.get_by_test_id("chat-menu").click()
    await page.get_by_test_id("menu-en").click()
    await page.get_by_test_id("chat-menu").click()
    await expect(page.get_by_test_id("menu-en")).to_have_attribute("aria-checked", "true")
    await page.get_by_test_id("menu-restart").click()
    update = await bot.update()
    assert (update["message"]["text"], update["message"]["from"]["language_code"]) == ("/start", "en")


LINKS = [
    ("https://t.me/shortlist_demo_bot?start=abc", "/start abc"),
    ("t.me/Shortlist_Demo_Bot?start=abc", "/start abc"),
    ("tg://resolve?domain=shortlist_demo_bot&start=abc", "/start abc"),
    ("https://t.me/shortlist_demo_bot?start=%D1%8F", "/start"),
]


@pytest.mark.parametrize(("link", "text"), LINKS)
async def test_a_pasted_link_is_followed(link: str, text: str, bot: Bot, open_page: OpenPage) -> None:
    page = await open_page(ANYA, CHANNEL)
    await page.get_by_test_id("open-link").click()
    await page.get_by_test_id("link-input").fill(link)
    await page.keyboard.press("Enter")
    assert (await bot.update())["message"]["text"] == text
    await expect(messages(page)).to_have_text(re.compile(re.escape(text)))
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_pasted_link_of_another_kind_is_refused_with_a_sentence(open_page: OpenPage) -> None:
    page = await open_page()
    await page.get_by_test_id("open-link").click()
    await page.get_by_test_id("link-input").fill("javascript:alert(1)")
    await page.get_by_test_id("link-open").click()
    await expect(page.get_by_role("alert")).to_contain_text("нужна вида https://t.me/")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


# People and chats

SEEN = [
    (ANYA, {ANYA, CHANNEL}),
    (VERA, {VERA, CHANNEL}),
    (MODERATOR, {MODERATOR, CHANNEL, MODERATORS}),
]


@pytest.mark.parametrize(("person", "chats"), SEEN)
async def test_each_person_sees_their_own_chats(person: int, chats: set[int], open_page: OpenPage) -> None:
    page = await open_page(person)
    shown = await page.locator("#chats button").evaluate_all("all => all.map((b) => b.dataset.testid)")
    assert set(shown) == {f"chat-{chat}" for chat in chats}


async def test_a_student_only_reads_the_channel_and_its_owner_posts(bot: Bot, open_page: OpenPage) -> None:
    student, owner = await open_page(ANYA, CHANNEL), await open_page(MODERATOR, CHANNEL)
    await expect(student.get_by_test_id("readonly")).to_be_visible()
    await expect(student.get_by_test_id("composer")).to_be_hidden()
    await owner.get_by_test_id("composer").fill("Новости")
    await owner.get_by_test_id("send").click()
    await expect(messages(student)).to_contain_text(["Новости"])
    await expect(messages(owner)).to_have_count(1)
    assert (await bot.update())["channel_post"]["text"] == "Новости"


async def test_unread_messages_are_counted_for_everybody_until_read(bot: Bot, open_page: OpenPage) -> None:
    page = await open_page(ANYA)
    for text in ("Запрос", "Ещё один"):
        await bot.say(text, VERA)
    vera = page.get_by_test_id(f"person-{VERA}")
    await expect(vera).to_have_accessible_name("Вера, ментор, непрочитанных: 2")
    await vera.click()
    await expect(messages(page)).to_have_count(2)
    await expect(vera).to_have_accessible_name("Вера, ментор")
    await page.get_by_test_id(f"person-{ANYA}").click()
    await expect(vera).to_have_accessible_name("Вера, ментор")


async def test_two_tabs_are_two_people(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Студенту", ANYA)
    await bot.say("Ментору", VERA)
    student, mentor = await open_page(ANYA), await open_page(VERA)
    await student.reload()
    await expect(messages(student)).to_contain_text(["Студенту"])
    await expect(messages(mentor)).to_contain_text(["Ментору"])


async def test_drafts_stay_with_their_chat(bot: Bot, open_page: OpenPage) -> None:
    await bot.say("Привет")
    await bot.say("Привет", BORIS)
    page = await open_page(ANYA)
    await page.get_by_test_id("composer").fill("недописанное")
    await page.get_by_test_id(f"person-{BORIS}").click()
    await expect(page.get_by_test_id("composer")).to_have_value("")
    await page.get_by_test_id(f"person-{ANYA}").click()
    await expect(page.get_by_test_id("composer")).to_have_value("недописанное")


async def test_a_person_who_comes_later_appears_with_their_messages(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    page = await open_page()
    telegram.person(5005, "Глеб").started = True
    await bot.say("Привет", 5005)
    await page.get_by_test_id("person-5005").click()
    await expect(messages(page)).to_have_count(1)


async def test_typing_is_shown_until_the_message_comes(bot: Bot, open_page: OpenPage) -> None:
    page = await open_page()
    await bot.call("sendChatAction", chat_id=ANYA, action="typing")
    await expect(page.locator("#chat-head .subtitle")).to_have_text("печатает")
    await bot.say("Готово")
    await expect(page.locator("#chat-head .subtitle")).to_have_text("бот @shortlist_demo_bot")


# Scrolling and reconnecting


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


# Keyboard, phone, colours


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
    await expect(page.get_by_test_id("readonly")).to_be_visible()
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


# (ink, surfaces from the bottom up): what must be read on what.
READ = [
    ("text", ["page"]),
    ("muted", ["page"]),
    ("muted", ["hover"]),
    ("muted", ["raised"]),
    ("accent", ["page"]),
    ("danger", ["raised"]),
    ("text", ["bubble-in"]),
    ("text", ["bubble-out"]),
    ("meta-in", ["bubble-in"]),
    ("meta-out", ["bubble-out"]),
    ("link", ["bubble-in"]),
    ("link", ["bubble-out"]),
    ("link", ["bubble-in", "quote"]),
    ("link", ["bubble-out", "code"]),
    ("white", ["wall-2", "key"]),
    ("white", ["wall-2", "pill"]),
    ("white", ["primary"]),
    ("white", ["success"]),
    ("white", ["danger-fill"]),
    ("white", ["accent-fill"]),
    ("white", ["badge"]),
    ("white", ["chosen"]),
]
RESOLVE = """names => names.map((name) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = name === "white" ? "white" : `var(--${name})`;
  const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
  probe.remove();
  return parts;
})"""


def laid_over(below: list[float], above: list[float]) -> list[float]:
    alpha = above[3] if len(above) > 3 else 1.0
    return [alpha * top + (1 - alpha) * bottom for bottom, top in zip(below, above[:3], strict=False)]


def luminance(colour: list[float]) -> float:
    """WCAG's relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_all_text_has_the_contrast_of_wcag_aa(theme: str, open_page: OpenPage) -> None:
    page = await open_page()
    await page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
    weak = {}
    for ink, surfaces in READ:
        base, *layers = await page.evaluate(RESOLVE, surfaces)
        for layer in layers:
            base = laid_over(base, layer)
        [colour] = await page.evaluate(RESOLVE, [ink])
        ratio = contrast(colour[:3], base[:3])
        if ratio < 4.5:
            weak[f"{ink} on {surfaces}"] = round(ratio, 2)
    assert weak == {}

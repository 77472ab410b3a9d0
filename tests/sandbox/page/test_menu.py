"""The bot's commands, the menu of the chat, links."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL, MODERATORS
from tests.sandbox.page.stage import ANYA, BORIS, MODERATOR, Bot, OpenPage, messages

pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize(
    ("person", "chat", "shown"),
    [(ANYA, ANYA, "/helpПомощь"), (BORIS, BORIS, "/helpHelp"), (MODERATOR, MODERATORS, "/queueОчередь")],
)
async def test_commands_are_those_of_the_chat_and_in_the_persons_language(
    person: int, chat: int, shown: str, telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    telegram.world.person(BORIS).language_code = "en"
    for command, description, scope in (
        ("help", "Помощь", {}),
        ("help", "Help", {"language_code": "en"}),
        ("queue", "Очередь", {"scope": {"type": "chat", "chat_id": MODERATORS}}),
    ):
        await bot.call("setMyCommands", commands=[{"command": command, "description": description}], **scope)
    await bot.say("Привет", chat)
    page = await open_page(person, chat)
    await page.get_by_test_id("commands").click()
    await expect(page.get_by_role("option")).to_have_text([shown])


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

"""Reactions: people's, the bot's, and the counts of a channel."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL, MODERATORS
from tests.sandbox.page.stage import ANYA, BORIS, MODERATOR, Bot, OpenPage, message

pytestmark = pytest.mark.browser

SMALL_PHONE = (320, 568)
REACTIONS = ["message_reaction", "message_reaction_count"]


async def react(page: Page, row: Locator, name: str) -> None:
    """By the picker that a message has beside it."""
    await row.hover()
    await row.get_by_role("button", name="Поставить реакцию").click()
    await page.get_by_test_id("reactions").get_by_role("button", name=name, exact=True).click()


def pill(row: Locator, name: str) -> Locator:
    return row.get_by_role("button", name=f"Реакция {name}:")


async def test_a_reaction_is_given_changed_and_taken_back(bot: Bot, open_page: OpenPage) -> None:
    await bot.call("getUpdates", allowed_updates=REACTIONS, timeout=0)
    row = message(page := await open_page(), await bot.say("Подойдёт?"))
    await react(page, row, "огонь")
    await expect(pill(row, "огонь")).to_have_accessible_name("Реакция огонь: 1")
    await expect(pill(row, "огонь")).to_have_attribute("aria-pressed", "true")
    await react(page, row, "сердце")
    await expect(pill(row, "сердце")).to_have_attribute("aria-pressed", "true")
    await expect(pill(row, "огонь")).to_have_count(0)
    await pill(row, "сердце").click()
    await expect(pill(row, "сердце")).to_have_count(0)
    told = [(await bot.update())["message_reaction"]["new_reaction"] for _ in range(3)]
    assert [[each["emoji"] for each in new] for new in told] == [["🔥"], ["❤"], []]


async def test_the_bots_own_reaction_is_counted_and_may_be_joined(bot: Bot, open_page: OpenPage) -> None:
    page = await open_page(MODERATOR, MODERATORS)
    sent = await bot.say("Новый ментор", MODERATORS)
    fire = [{"type": "emoji", "emoji": "🔥"}]
    await bot.call("setMessageReaction", chat_id=MODERATORS, message_id=sent, reaction=fire)
    own = pill(message(page, sent), "огонь")
    await expect(own).to_have_attribute("aria-pressed", "false")
    await own.click()
    await expect(own).to_have_accessible_name("Реакция огонь: 2")


async def test_in_the_channel_only_counts_are_told(bot: Bot, open_page: OpenPage) -> None:
    await bot.call("getUpdates", allowed_updates=REACTIONS, timeout=0)
    sent = await bot.say("Новый ментор", CHANNEL)
    for reader in (ANYA, BORIS):
        page = await open_page(reader, CHANNEL)
        await react(page, message(page, sent), "нравится")
        await expect(pill(message(page, sent), "нравится")).to_have_attribute("aria-pressed", "true")
    await expect(pill(message(page, sent), "нравится")).to_have_accessible_name("Реакция нравится: 2")
    await bot.update()
    update = await bot.update()
    counted = update["message_reaction_count"]
    assert [(each["type"]["emoji"], each["total_count"]) for each in counted["reactions"]] == [("👍", 2)]
    assert "user" not in counted


async def test_the_picker_is_reached_by_keyboard_alone_and_gives_the_focus_back(
    bot: Bot, open_page: OpenPage
) -> None:
    page = await open_page()
    row = message(page, await bot.say("Подойдёт?"))
    key = row.get_by_role("button", name="Поставить реакцию")
    await key.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="нравится", exact=True)).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(pill(row, "сердце")).to_be_visible()
    await expect(key).to_be_focused()


async def test_others_reactions_do_not_take_the_focus_away(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    page, sent = await open_page(ANYA, CHANNEL), await bot.say("Новый ментор", CHANNEL)
    row = message(page, sent)
    key = row.get_by_role("button", name="Поставить реакцию")
    await key.focus()
    telegram.persons.react(CHANNEL, BORIS, sent, "👍")
    await expect(pill(row, "нравится")).to_be_visible()
    await expect(key).to_be_focused()
    await pill(row, "нравится").focus()
    telegram.persons.react(CHANNEL, ANYA, sent, "🔥")
    await expect(pill(row, "огонь")).to_be_visible()
    await expect(pill(row, "нравится")).to_be_focused()


async def test_a_right_click_or_a_finger_held_down_opens_the_picker(bot: Bot, open_page: OpenPage) -> None:
    page = await open_page(size=SMALL_PHONE)
    row = message(page, await bot.say("Подойдёт?"))
    await row.locator(".text").click(button="right")
    await expect(page.get_by_test_id("reactions")).to_be_visible()
    box = await page.get_by_test_id("reactions").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SMALL_PHONE[0]


async def test_a_reaction_leaves_the_photo_above_it_alone(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    telegram.persons.send(ANYA, ANYA, telegram.persons.photo("Я"))
    [number] = telegram.world.chat(ANYA).messages
    page = await open_page()
    row = message(page, number)
    telegram.persons.react(ANYA, ANYA, number, "👍")
    await expect(pill(row, "нравится")).to_be_visible()
    await row.locator("img").evaluate("(image) => { image.seen = true }")
    telegram.persons.react(ANYA, ANYA, number, "🔥")
    await expect(pill(row, "огонь")).to_be_visible()
    assert await row.locator("img").evaluate("(image) => image.seen")


async def test_a_refused_reaction_is_said(telegram: LocalTelegram, bot: Bot, open_page: OpenPage) -> None:
    row = message(page := await open_page(), await bot.say("Подойдёт?"))
    telegram.persons.block(ANYA)
    await react(page, row, "огонь")
    await expect(page.get_by_test_id("toast")).to_contain_text("has blocked the bot")
    await expect(pill(row, "огонь")).to_have_count(0)

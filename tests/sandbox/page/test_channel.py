"""The channel as a channel: subscribers, views, the pinned message, nobody's bubbles."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL, MODERATORS
from tests.sandbox.page.stage import ANYA, BORIS, MODERATOR, NOON, PHONE, Bot, OpenPage, message, messages

pytestmark = pytest.mark.browser


async def test_subscribers_are_counted_in_the_head_as_one_says_it(
    telegram: LocalTelegram, open_page: OpenPage
) -> None:
    page = await open_page(MODERATOR, CHANNEL)
    head = page.locator("#chat-head .subtitle")
    await expect(head).to_have_text("4 подписчика")
    telegram.person(7001, "Новый")
    telegram.persons.subscribe(CHANNEL, 7001)
    await expect(head).to_have_text("5 подписчиков")
    for person in (7001, 1001, 1002, 2001):
        telegram.persons.unsubscribe(CHANNEL, person)
    await expect(head).to_have_text("1 подписчик")


async def test_a_reader_leaves_and_comes_back_and_the_owner_writes(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    page, owner = await open_page(ANYA, CHANNEL), await open_page(MODERATOR, CHANNEL)
    await expect(owner.get_by_test_id("composer")).to_be_visible()
    await page.get_by_test_id("unsubscribe").click()
    await expect(page.get_by_test_id("subscribe")).to_be_visible()
    assert ANYA not in telegram.world.chat(CHANNEL).members
    await bot.say("Без неё", CHANNEL)
    await page.get_by_test_id(f"chat-{ANYA}").click()
    await bot.say("Ещё", CHANNEL)
    await expect(page.get_by_test_id(f"chat-{CHANNEL}")).to_contain_text("Ещё")
    await expect(page.get_by_test_id(f"chat-{CHANNEL}").locator(".badge")).to_be_hidden()
    await page.get_by_test_id(f"chat-{CHANNEL}").click()
    await page.get_by_test_id("subscribe").click()
    await expect(page.get_by_test_id("unsubscribe")).to_be_visible()
    assert ANYA in telegram.world.chat(CHANNEL).members


async def test_each_reader_is_a_view_once(bot: Bot, open_page: OpenPage) -> None:
    sent = await bot.say("Новый ментор", CHANNEL)
    page = await open_page(ANYA, CHANNEL)
    await expect(message(page, sent).get_by_role("img", name="1 просмотр")).to_be_visible()
    await page.reload()
    await open_page(BORIS, CHANNEL)
    await expect(message(page, sent).get_by_role("img", name="2 просмотра")).to_be_visible()


async def test_posts_are_the_channels_own_and_bear_no_sender(bot: Bot, open_page: OpenPage) -> None:
    owner = await open_page(MODERATOR, CHANNEL)
    await bot.say("От бота", CHANNEL)
    await owner.get_by_test_id("composer").fill("От владельца")
    await owner.get_by_test_id("send").click()
    await expect(messages(owner)).to_have_count(2)
    await expect(owner.locator(".row.out")).to_have_count(0)
    await expect(owner.locator(".sender")).to_have_count(0)
    await expect(owner.locator(".side .avatar")).to_have_count(0)


async def test_the_pinned_message_stands_on_top_and_leads_to_itself_however_old(
    telegram: LocalTelegram, bot: Bot, open_page: OpenPage
) -> None:
    pinned = await bot.say("<b>Правила</b>\nканала", CHANNEL)
    chat = telegram.world.chat(CHANNEL)
    for n in range(450):
        telegram.world.add_message(chat, None, {"text": f"№ {n}"}, int(NOON))
    page = await open_page(ANYA, CHANNEL, size=PHONE)
    bar = page.get_by_test_id("pinned")
    await expect(bar).to_be_hidden()
    await bot.call("pinChatMessage", chat_id=CHANNEL, message_id=pinned)
    await expect(bar).to_have_accessible_name("Закреплённое сообщение Правила канала")
    await expect(message(page, pinned)).to_have_count(0)
    await bar.click()
    await expect(message(page, pinned)).to_be_in_viewport()
    await bot.call("unpinChatMessage", chat_id=CHANNEL, message_id=pinned)
    await expect(bar).to_be_hidden()


async def test_what_is_pinned_in_one_chat_stands_in_no_other(bot: Bot, open_page: OpenPage) -> None:
    pinned = await bot.say("Очередь", MODERATORS)
    await bot.call("pinChatMessage", chat_id=MODERATORS, message_id=pinned)
    page = await open_page(MODERATOR, MODERATORS)
    await expect(page.get_by_test_id("pinned")).to_be_visible()
    await page.get_by_test_id(f"chat-{CHANNEL}").click()
    await expect(page.get_by_test_id("pinned")).to_be_hidden()

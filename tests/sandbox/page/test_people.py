"""People and their chats."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL, MODERATORS
from tests.sandbox.page.stage import ANYA, BORIS, MODERATOR, VERA, Bot, OpenPage, messages

pytestmark = pytest.mark.browser


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
    await expect(student.get_by_test_id("unsubscribe")).to_be_visible()
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

"""Photos, albums and documents of the bot, and their large view."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from sandbox.photos import plain_picture
from sandbox.world import CHANNEL
from tests.sandbox.page.stage import ANYA, PHONE, Bot, OpenPage, message, messages

pytestmark = pytest.mark.browser


async def album(bot: Bot, count: int, caption: str = "", chat: int = ANYA) -> int:
    """So many different photos in one; the first one's id."""
    files = {f"p{n}": (f"{n}.png", plain_picture(40 + n, 30)) for n in range(count)}
    media: list[dict[str, Any]] = [{"type": "photo", "media": f"attach://{name}"} for name in files]
    media[0]["caption"] = caption
    sent = await bot.upload("sendMediaGroup", files, chat_id=chat, media=media)
    return int(sent[0]["message_id"])


def large(page: Page) -> Any:
    return page.get_by_test_id("photo-dialog")


async def test_a_photo_stands_over_its_caption_and_opens_large_with_it(bot: Bot, open_page: OpenPage) -> None:
    sent = await bot.upload(
        "sendPhoto", {"photo": ("x.png", plain_picture())}, chat_id=ANYA, caption="Вера, тимлид"
    )
    page = await open_page()
    row = message(page, sent["message_id"])
    photo, words = row.get_by_role("button", name="Открыть фотографию"), row.locator(".text")
    above, below = await photo.bounding_box(), await words.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]
    await photo.click()
    await expect(large(page).get_by_role("img")).to_have_js_property("naturalWidth", 320)
    await expect(large(page)).to_contain_text("Вера, тимлид")
    await large(page).get_by_role("button", name="Закрыть").click()
    await expect(large(page)).to_have_count(0)
    await expect(photo).to_be_focused()


@pytest.mark.parametrize(
    ("count", "rows"), [(2, [2]), (3, [1, 2]), (5, [2, 3]), (7, [1, 3, 3]), (10, [2, 2, 3, 3])]
)
async def test_an_album_is_one_message_whose_rows_are_full(
    count: int, rows: list[int], bot: Bot, open_page: OpenPage
) -> None:
    sent = await album(bot, count, "Все вместе")
    page = await open_page(size=PHONE)
    await expect(messages(page)).to_have_count(1)
    await expect(message(page, sent)).to_contain_text("Все вместе")
    cells = message(page, sent).locator(".album .photo-frame")
    await expect(cells).to_have_count(count)
    boxes = await cells.evaluate_all("all => all.map((cell) => cell.getBoundingClientRect().toJSON())")
    lines = [[box for box in boxes if box["y"] == top] for top in sorted({box["y"] for box in boxes})]
    assert [len(line) for line in lines] == rows
    assert len({round(line[-1]["right"] - line[0]["left"]) for line in lines}) == 1


async def test_arrows_lead_through_an_album_and_round(bot: Bot, open_page: OpenPage) -> None:
    await album(bot, 3, "Трое")
    page = await open_page()
    await page.get_by_role("button", name="Открыть фотографию 2 из 3").click()
    await expect(large(page)).to_contain_text("2 из 3")
    await page.keyboard.press("ArrowRight")
    await expect(large(page)).to_contain_text("3 из 3")
    await expect(large(page).get_by_role("img")).to_have_js_property("naturalWidth", 42)
    await large(page).get_by_role("button", name="Следующая").click()
    await expect(large(page)).to_contain_text("1 из 3 · Трое")
    await page.keyboard.press("ArrowLeft")
    await expect(large(page)).to_contain_text("3 из 3")
    await page.keyboard.press("Escape")
    await expect(large(page)).to_have_count(0)


async def test_two_albums_in_a_row_stay_two_and_one_that_loses_a_photo_closes_up(
    bot: Bot, open_page: OpenPage
) -> None:
    page = await open_page()
    first, second = await album(bot, 2), await album(bot, 3)
    await expect(messages(page)).to_have_count(2)
    await bot.call("deleteMessage", chat_id=ANYA, message_id=second + 1)
    await expect(message(page, second).locator(".photo-frame")).to_have_count(2)
    await expect(message(page, first).locator(".photo-frame")).to_have_count(2)


async def test_a_document_says_what_it_is_and_is_downloaded_under_its_name(
    bot: Bot, open_page: OpenPage, tmp_path: Path
) -> None:
    data = b"{}" * 700
    await bot.upload(
        "sendDocument", {"document": ("мои данные.json", data)}, chat_id=ANYA, caption="Всё ваше"
    )
    page = await open_page()
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Скачать: мои данные.json, 1,4 КБ").click()
    download = await started.value
    assert download.suggested_filename == "мои данные.json"
    await download.save_as(tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == data
    await expect(messages(page)).to_contain_text("Всё ваше")
    await expect(page.get_by_test_id(f"chat-{ANYA}")).to_contain_text("📎 Всё ваше")


async def test_only_a_change_of_the_words_is_called_an_edit(bot: Bot, open_page: OpenPage) -> None:
    sent = await bot.upload(
        "sendPhoto", {"photo": ("x.png", plain_picture())}, chat_id=CHANNEL, caption="Было"
    )
    where = {"chat_id": CHANNEL, "message_id": sent["message_id"]}
    page = await open_page(ANYA, CHANNEL)
    row = message(page, sent["message_id"])
    keyboard = {"inline_keyboard": [[{"text": "Кнопка", "callback_data": "x"}]]}
    await bot.call("editMessageReplyMarkup", **where, reply_markup=keyboard)
    await expect(row.get_by_role("button", name="Кнопка")).to_be_visible()
    await expect(row.get_by_text("изменено")).to_have_count(0)
    await bot.call("editMessageCaption", **where, caption="Сейчас не набирает")
    await expect(row).to_contain_text("Сейчас не набирает")
    await expect(row.get_by_text("изменено")).to_be_visible()
    another = {"type": "photo", "media": "attach://new"}
    await bot.upload("editMessageMedia", {"new": ("y.png", plain_picture(64, 48))}, **where, media=another)
    await expect(row.locator("img")).to_have_js_property("naturalWidth", 64)

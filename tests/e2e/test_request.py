"""From a student's request to a rating that moves: three people in one browser, and days that pass."""

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.client import SimClient
from tests.browser import chromium
from tests.e2e.conftest import ARTIFACTS, Demo

pytestmark = pytest.mark.browser

ANYA, VERA, MODERATOR = 1001, 2001, 3001
_MODERATORS = -1002000000001
_WAY = ("Бэкенд", "Собеседования", "Дальше →", "Junior", "Python", "PostgreSQL", "Дальше →", "Не важно →")
_DAY = 24 * 3600
_PATIENCE = 60_000.0
_SAID = "Разобрали мой код и провели пробное собеседование: теперь понятно, что учить."


async def _open(browser: Browser, demo: Demo, person: int, chat: int | None = None) -> Page:
    page = await browser.new_page(viewport={"width": 420, "height": 980}, device_scale_factor=2)
    page.set_default_timeout(_PATIENCE)
    await page.goto(f"{demo.address}/#{person}/{chat or person}")
    return page


def _newest(page: Page) -> Locator:
    return page.locator("[data-message-id]").last


async def _reads(page: Page, text: str) -> None:
    await expect(_newest(page)).to_contain_text(text, timeout=_PATIENCE)


async def _tap(page: Page, label: str, then: str) -> None:
    """Tap a button of the newest message; the next thing to be read there is ``then``."""
    await _newest(page).get_by_role("button", name=label).first.click()
    await _reads(page, then)


async def _write(page: Page, text: str, then: str) -> None:
    await page.get_by_test_id("composer").fill(text)
    await page.keyboard.press("Enter")
    await _reads(page, then)


async def _shot(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    await page.screenshot(path=ARTIFACTS / f"{name}.png", animations="disabled")


async def _shortlist(page: Page) -> None:
    """From Start to three mentors, Vera first among them."""
    await page.get_by_test_id("start").click()
    await _reads(page, "1 из 6")
    for label in _WAY:
        button = _newest(page).get_by_role("button", name=label, exact=True)
        await button.click()
        await expect(button).to_have_count(0)
    await _write(page, "Хочу пройти собеседование", "1. Вера Новикова")


async def test_a_student_writes_the_mentor_accepts_the_review_is_published_and_the_rating_moves(
    demo: Demo,
) -> None:
    async with chromium() as browser, SimClient(demo.address) as client:
        vera = await _open(browser, demo, VERA)
        await vera.get_by_test_id("start").click()
        await _reads(vera, "Вы сами ментор?")
        await _write(vera, "/my", "Это ваша анкета?")
        await _tap(vera, "Да, моя", "отзывов пока нет")

        anya = await _open(browser, demo, ANYA)
        await _shortlist(anya)
        await _tap(anya, "✍️", "Контакты вы получите оба")
        await _tap(anya, "✏️ Изменить текст", "от 10 до 1 000 знаков")
        await _write(anya, "Здравствуйте! Через месяц собеседование, поможете?", "Вот что получит ментор")
        await _shot(anya, "4-request")
        await _tap(anya, "📨 Отправить", "Ждём ответа ментора")

        await _reads(vera, "Новая заявка: Аня")
        await _shot(vera, "5-mentor")
        await _tap(vera, "✅ Принять", "Контакт: @anya_student")
        await _reads(anya, "Контакт: @vera_mentor")

        await client.set_clock(forward=4 * _DAY, wait=True)
        await _reads(anya, "Удалось поговорить")
        await _tap(anya, "✅ Да", "Как прошло?")
        await _tap(anya, "★★★★★", "Насколько это продвинуло вас?")
        await _tap(anya, "🚀 Намного дальше, чем ожидалось", "Что отметить?")
        await _tap(anya, "дал план", "Что отметить?")
        await _tap(anya, "Дальше →", "Посоветуете другу?")
        await _tap(anya, "10", "Расскажите в двух словах")
        await _write(anya, _SAID, "слова читают модераторы")

        moderator = await _open(browser, demo, MODERATOR, _MODERATORS)
        await _reads(moderator, _SAID)
        await _tap(moderator, "✅ Опубликовать", "✅ Опубликовано — Модератор")

        await client.set_clock(forward=_DAY, wait=True)
        await _reads(vera, _SAID)
        await _write(vera, "/my", "★ 4,8 по 1 отзыву")
        await _tap(vera, "📈 Рейтинг и отзывы", "До элиты")
        await _shot(vera, "6-rating")

        await _write(anya, "/my", "поговорили")
        await _tap(anya, "Подобрать мне ментора", "Изменить ответы")
        await _tap(anya, "Мой подбор", "по 1 отзыву")

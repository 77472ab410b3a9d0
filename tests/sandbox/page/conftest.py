"""The chat page in a real browser, before a real local Telegram and a bot that does what the test says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, BrowserContext, Page, expect

from sandbox.server import LocalTelegram
from tests.browser import chromium
from tests.sandbox.page.stage import ANYA, DESKTOP, TOKEN, Bot, Clock, OpenPage

PATIENCE = 15_000


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with chromium() as browser:
        yield browser


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(TOKEN, clock=clock) as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    """Everybody has started it, so that it may write to them."""
    async with ClientSession() as http:
        for person in telegram.world.people.values():
            person.started = True
        yield Bot(telegram.url, http)


@pytest.fixture
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


@pytest.fixture
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

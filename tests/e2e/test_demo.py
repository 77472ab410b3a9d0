"""From Start to a drafted message: in a browser, and through the HTTP API alone."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from sandbox.client import Message, SimClient, SimTimeoutError
from tests.browser import chromium
from tests.e2e.conftest import ARTIFACTS, Demo, demo_command, start_demo

_WAY = ("Бэкенд", "Собеседования", "Дальше →", "Junior", "Python", "PostgreSQL", "Дальше →", "Не важно →")
_CHANNEL = -1003000000001
#: Seconds: the bot is ready some time after the page, and a busy machine takes its own.
_PATIENCE = 60.0
#: Newcomers take their turns in the channel first.
_PATIENT_DAYS = 30
_WORDS = "Хочу уверенно проектировать сервисы и пройти собеседование"


async def _shot(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    await page.screenshot(path=ARTIFACTS / f"{name}.png", animations="disabled")


async def _from_start_to_write(page: Page) -> None:
    """Each step waits for what the one before it brings."""
    newest = page.locator("[data-message-id]").last
    await page.get_by_test_id("start").click()
    await expect(newest).to_contain_text("1 из 6")
    await _shot(page, "1-start")
    for label in _WAY:
        button = newest.get_by_role("button", name=label, exact=True)
        await button.click()
        await expect(button).to_have_count(0)
    await expect(newest).to_contain_text("6 из 6")
    await page.get_by_test_id("composer").fill(_WORDS)
    await page.keyboard.press("Enter")
    await expect(newest).to_contain_text("Вам подходят 3 ментора")
    await _shot(page, "2-shortlist")
    await newest.get_by_role("button", name="✍️").first.click()
    await expect(newest).to_contain_text("Первое сообщение для")
    await expect(newest.get_by_role("button", name="📋 Скопировать")).to_be_visible()
    await _shot(page, "3-write")


@pytest.mark.browser
async def test_student_gets_from_start_to_a_drafted_message_in_a_browser(demo: Demo) -> None:
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 420, "height": 980}, device_scale_factor=2)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(demo.address)
        await _from_start_to_write(page)
    assert complaints == []


async def _shortlist(client: SimClient, student: int) -> Message:
    """From Start to three mentors."""
    await client.send_text(student, "/start")
    await client.wait_for_message(student, lambda message: "1 из 6" in message.text)
    for label in _WAY:
        tapped = await client.tap(student, label)
        await client.wait_for_message(student, lambda message: message.edits > 0)
        assert (await client.wait_for_answer(tapped.callback_query_id)).text in {None, ""}
    await client.send_text(student, _WORDS)
    return await client.wait_for_message(student, lambda message: "Вам подходят" in message.text)


async def test_student_gets_there_through_the_http_api_alone(demo: Demo) -> None:
    async with SimClient(demo.address) as client:
        student = 1002
        cards = await _shortlist(client, student)
        assert [line[:2] for line in cards.text.splitlines() if re.match(r"\d\. ", line)] == [
            "1.",
            "2.",
            "3.",
        ]
        await client.tap(student, "✍️")
        draft = await client.wait_for_message(student, lambda message: "Первое сообщение" in message.text)
        copied = [button.copy_text for row in draft.keyboard for button in row if button.copy_text]
        assert len(copied) == 1
        assert 1 <= len(copied[0]) <= 256


async def test_days_pass_for_the_bot_as_they_do_in_the_chat(demo: Demo) -> None:
    async with SimClient(demo.address) as client:
        await client.set_clock(forward=24 * 3600)
        post = await client.wait_for_message(
            _CHANNEL, lambda message: "Новый ментор" in message.text, timeout=_PATIENCE
        )
        assert post.photo_url
        assert [button.text for row in post.keyboard for button in row] == ["Открыть анкету"]


async def test_who_agreed_is_told_personally_of_a_mentor_who_comes_some_days_later(demo: Demo) -> None:
    async with SimClient(demo.address) as client:
        student = 1003
        await client.add_person(student)
        assert "Тимур Ольховский" not in (await _shortlist(client, student)).text
        await client.tap(student, "🔔 Присылать новых менторов")
        await client.wait_for_message(
            student, lambda message: "🔔 Присылать новых менторов" not in message.buttons
        )
        told = await _told_of_a_newcomer(client, student)
        assert "Тимур Ольховский" in told.text
        assert "✅ знает то, что вы назвали: Python, PostgreSQL" in told.text


async def _told_of_a_newcomer(client: SimClient, student: int) -> Message:
    """What comes when days pass, no faster than the bot can live them."""
    for _ in range(_PATIENT_DAYS):
        await client.set_clock(forward=24 * 3600, wait=True)
        with suppress(SimTimeoutError):
            return await client.wait_for_message(
                student, lambda message: message.text.startswith("🆕"), timeout=1.0
            )
    raise AssertionError(f"nobody was told of in {_PATIENT_DAYS} days")


def test_ctrl_c_leaves_no_process_behind_and_the_next_start_finds_the_chat(tmp_path: Path) -> None:
    first = start_demo(tmp_path)
    assert first.stop() == []
    assert first.process.returncode == 0
    again = start_demo(tmp_path)
    assert again.stop() == []
    assert not list((tmp_path / "var" / "demo" / "pg").glob("postmaster.pid"))


def test_a_second_demo_on_the_same_data_is_told_so(demo: Demo) -> None:
    second = demo_command(demo.folder, "--port", "0")
    assert second.returncode == 1
    assert "running already" in second.stdout
    reset = demo_command(demo.folder, "--reset")
    assert reset.returncode == 1
    assert "Ctrl-C first" in reset.stdout

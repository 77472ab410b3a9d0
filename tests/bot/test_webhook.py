"""The webhook over HTTP: who may call, when it answers, what comes again."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.run import serve
from bot.settings import Settings, SettingsError
from bot.webhook import SECRET_HEADER, webhook_app, webhook_target
from sandbox.client import SimClient
from sandbox.server import LocalTelegram
from tests.bot.telegrams import Hang, ok, refused, telegram
from tests.catalogues import fill, varied

SECRET = "s3cret"
TOKEN = "42:test"
ME = {"id": 42, "is_bot": True, "first_name": "Shortlist", "username": "shortlist_bot"}
Take = Callable[[Any], Awaitable[None]]


@asynccontextmanager
async def listening(take: Take, longest: float = 50) -> AsyncIterator[str]:
    """A webhook at work; yields its address."""
    runner = web.AppRunner(webhook_app("/hook", SECRET, take, longest=longest), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def call(url: str, body: bytes = b'{"update_id": 1}', secret: str | None = SECRET) -> int:
    """What a call of the webhook is answered."""
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with ClientSession() as session, session.post(f"{url}/hook", data=body, headers=headers) as answer:
        return answer.status


class Kept:
    """Takes updates and remembers them."""

    def __init__(self) -> None:
        self.updates: list[Any] = []

    async def __call__(self, update: Any) -> None:
        self.updates.append(update)


@pytest.mark.parametrize("secret", [None, "", "wrong", "s3cre", "s3crets", "тайна"])
async def test_a_call_without_the_secret_is_refused(secret: str | None) -> None:
    kept = Kept()
    async with listening(kept) as url:
        assert await call(url, secret=secret) == 403
        assert await call(url) == 200
    assert kept.updates == [{"update_id": 1}]


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\xff\xfe\xfa", b"[" * 100_000])
async def test_what_is_no_json_is_taken_off_telegrams_hands(body: bytes) -> None:
    kept = Kept()
    async with listening(kept) as url:
        assert await call(url, body) == 200
    assert kept.updates == []


async def test_the_answer_comes_after_the_work() -> None:
    begun, held = asyncio.Event(), asyncio.Event()

    async def take(_: Any) -> None:
        begun.set()
        await held.wait()

    async with listening(take) as url:
        calling = asyncio.create_task(call(url))
        await begun.wait()
        assert not calling.done()
        held.set()
        assert await calling == 200


async def test_work_that_does_not_end_is_given_back_to_telegram() -> None:
    async with listening(lambda _: asyncio.Event().wait(), longest=0) as url:  # type: ignore[arg-type, return-value]
        assert await call(url) == 503


async def test_it_says_that_it_lives() -> None:
    async with listening(Kept()) as url, ClientSession() as session, session.get(f"{url}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok")


async def test_what_failed_comes_again_and_each_persons_updates_stay_in_order() -> None:
    taken: list[tuple[int, str]] = []
    failures = {"second": 2}
    complete = asyncio.Event()

    async def take(update: Any) -> None:
        message = update["message"]
        if failures.get(message["text"]):
            failures[message["text"]] -= 1
            raise RuntimeError("not now")
        taken.append((message["from"]["id"], message["text"]))
        if len(taken) == 4:
            complete.set()

    async with (
        listening(take) as url,
        LocalTelegram(TOKEN, sleep=lambda _: asyncio.sleep(0)) as local,
        SimClient(local.url) as client,
    ):
        local.webhook.set(f"{url}/hook", secret=SECRET, max_connections=40)
        for words in ("first", "second", "third"):
            await client.send_text(1001, words)
        await client.send_text(1002, "other")
        await complete.wait()
        await local.webhook.idle()
    assert [words for person, words in taken if person == 1001] == ["first", "second", "third"]
    assert len(local.updates) == 0


def settings(telegram: str, **given: Any) -> Settings:
    """For a bot before the local Telegram, with nothing of this machine in them."""
    values: dict[str, Any] = {
        "bot_token": SecretStr(TOKEN),
        "telegram_api_base": telegram,
        "webhook_secret": SecretStr(SECRET),
        "webhook_listen": "127.0.0.1:0",
    }
    return Settings(**{**values, **given})


async def free_port() -> int:
    """A port nobody listens on."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def test_the_whole_bot_answers_by_webhook_and_stops(engine: AsyncEngine) -> None:
    await fill(engine, varied(24))
    stop = asyncio.Event()
    address = f"127.0.0.1:{await free_port()}"
    async with LocalTelegram(TOKEN) as local, SimClient(local.url) as client:
        serving = asyncio.create_task(
            serve(
                settings(local.url, webhook_listen=address),
                engine,
                webhook=f"http://{address}/updates",
                stop=stop,
            )
        )
        sent = await client.send_text(1001, "/start")
        assert (await client.wait_for_message(1001, after=sent.event, timeout=20)).buttons
        stop.set()
        await serving
        target = local.webhook.target
    assert target is not None
    assert (target.url, target.secret) == (f"http://{address}/updates", SECRET)
    assert len(local.updates) == 0


async def test_an_occupied_port_is_said_in_a_sentence(engine: AsyncEngine) -> None:
    async with LocalTelegram(TOKEN) as local:
        taken = local.url.removeprefix("http://")
        with pytest.raises(
            SettingsError, match=rf"WEBHOOK_LISTEN: cannot listen on {taken} .*choose another"
        ):
            await serve(settings(local.url, webhook_listen=taken), engine, webhook="https://example.org")


async def test_an_address_telegram_refuses_is_said_in_a_sentence(engine: AsyncEngine) -> None:
    no_such_host = "Bad Request: bad webhook: no such host"
    async with telegram(ok(ME), after=lambda: refused(400, no_such_host)) as fake:
        with pytest.raises(
            SettingsError, match=r"--webhook https://example\.org/a: Telegram does not take it"
        ):
            await serve(settings(fake.url), engine, webhook="https://example.org/a")


@pytest.mark.parametrize(
    "answers",
    [(), (ME,), (ME, True, True, True)],
    ids=["who the bot is", "the menu", "the webhook"],
)
@pytest.mark.parametrize("webhook", [None, "https://example.org"], ids=["polling", "webhook"])
async def test_a_stop_does_not_wait_for_a_telegram_that_never_answers(
    engine: AsyncEngine, answers: tuple[Any, ...], webhook: str | None
) -> None:
    stop = asyncio.Event()
    async with telegram(*map(ok, answers), after=lambda: Hang(stop.set)) as fake:
        await serve(settings(fake.url), engine, webhook=webhook, stop=stop)
    assert len(fake.methods) == len(answers) + 1


async def test_a_token_that_telegram_does_not_know_is_said_in_a_sentence(engine: AsyncEngine) -> None:
    async with telegram(after=lambda: refused(401, "Unauthorized")) as fake:
        with pytest.raises(SettingsError, match="Telegram does not know this BOT_TOKEN"):
            await serve(settings(fake.url), engine)


@pytest.mark.parametrize(
    ("url", "registered", "path"),
    [
        ("https://example.org", "https://example.org/telegram", "/telegram"),
        ("https://example.org/", "https://example.org/telegram", "/telegram"),
        ("https://telegram.example.org", "https://telegram.example.org/telegram", "/telegram"),
        ("https://example.org?a=b", "https://example.org/telegram?a=b", "/telegram"),
        ("https://example.org/telegram", "https://example.org/telegram", "/telegram"),
        ("https://example.org/telegram/", "https://example.org/telegram/", "/telegram/"),
        ("https://example.org:8443/a/b?c=/d", "https://example.org:8443/a/b?c=/d", "/a/b"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a", "/a"),
        ("http://[::1]:8080", "http://[::1]:8080/telegram", "/telegram"),
        ("http://localhost/a", "http://localhost/a", "/a"),
    ],
)
def test_what_is_registered_is_what_is_listened_on(url: str, registered: str, path: str) -> None:
    assert webhook_target(url) == (registered, path)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "give an address such as https://bot"),
        ("example.org/telegram", "give an address such as https://bot"),
        ("https://", "give an address such as https://bot"),
        ("https:///telegram", "give an address such as https://bot"),
        ("https://example.org:port/a", "give an address such as https://bot"),
        ("https://example.org:0/a", "give an address such as https://bot"),
        ("https://[::1/a", "give an address such as https://bot"),
        ("https://example.org/a b", "give an address such as https://bot"),
        ("https://example.org/a\n", "give an address such as https://bot"),
        ("https://example.org/a#b", "give an address such as https://bot"),
        ("ftp://example.org/a", "give an address such as https://bot"),
        ("http://example.org/a", "Telegram calls https:// addresses only"),
        ("http://127.0.0.1.example.org", "Telegram calls https:// addresses only"),
        ("https://example.org/{name}", "a path may have A-Z"),
        ("https://example.org/a%20b", "a path may have A-Z"),
        ("https://example.org/путь", "a path may have A-Z"),
    ],
)
def test_an_address_telegram_could_not_call_is_refused_in_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=f"^--webhook {re.escape(url)}: {sentence}"):
        webhook_target(url)

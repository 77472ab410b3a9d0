"""python -m sandbox, as a person starts it."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from sandbox.client import SimClient
from sandbox.server import LocalTelegram

from .conftest import TOKEN

ROOT = Path(__file__).parents[2]
ANYA = 1001


async def started(*arguments: str) -> Process:
    command = (sys.executable, "-m", "sandbox", *arguments)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE, stderr=PIPE)


async def address(process: Process) -> str:
    """From the one line it prints when it is ready."""
    assert process.stdout
    line = (await process.stdout.readline()).decode().strip()
    assert line.startswith("Local Telegram for bot 42 at http://127.0.0.1:")
    return line.rsplit(" ", 1)[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_quietly_with_its_state_saved(tmp_path: Path, number: signal.Signals) -> None:
    arguments = ("--port", "0", "--token", TOKEN, "--state", str(tmp_path / "state.json"))
    process = await started(*arguments)
    async with SimClient(await address(process)) as sim:
        await sim.send_text(ANYA, "remember me")
        process.send_signal(number)
        output, errors = await process.communicate()
    assert (process.returncode, output, errors) == (0, b"", b"")
    async with LocalTelegram(TOKEN, state=tmp_path / "state.json") as telegram:
        assert [message.content["text"] for message in telegram.world.chats[ANYA].messages.values()] == [
            "remember me"
        ]


async def test_a_taken_port_gets_a_sentence() -> None:
    async with LocalTelegram(TOKEN) as telegram:
        port = telegram.url.rsplit(":", 1)[1]
        process = await started("--port", port, "--token", TOKEN)
        output, errors = await process.communicate()
    assert (process.returncode, output) == (1, b"")
    assert errors.decode().startswith(f"cannot listen on 127.0.0.1:{port} (address already in use)")
    assert "choose another --port" in errors.decode()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--port", "99999"), "cannot listen on 127.0.0.1:99999"),
        (("--token", "nonsense"), "'nonsense' is no token: it must look like 42:LETTERS"),
    ],
)
async def test_an_odd_argument_gets_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    process = await started(*arguments)
    output, errors = await process.communicate()
    assert (process.returncode, output) == (1, b"")
    assert errors.decode().startswith(sentence)
    assert errors.decode().count("\n") == 1


async def test_a_broken_state_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text("hello")
    process = await started("--port", "0", "--state", str(path))
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.decode().startswith(f"{path} is no state of a local Telegram")

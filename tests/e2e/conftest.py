"""The demo as a person starts it: real processes, a real database, a port of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "artifacts"
_STOPPED_WITHIN = 30


@dataclass(frozen=True)
class Demo:
    """A demo that is up."""

    process: "subprocess.Popen[str]"
    address: str
    folder: Path

    def stop(self) -> list[psutil.Process]:
        """Ctrl-C; returns the processes it had started that are still there."""
        started = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(_STOPPED_WITHIN)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return [process for process in started if process.is_running() and process.status() != "zombie"]


def demo_command(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """``python -m bot demo …`` in ``folder``, to its end."""
    command = [sys.executable, "-m", "bot", "demo", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def start_demo(folder: Path) -> Demo:
    """``python -m bot demo`` in ``folder``, up to the line with its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Open http" in line:
            return Demo(process, line.split()[1], folder)
    process.stdout.close()
    raise AssertionError(f"the demo ended with {process.wait()} before it was up")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A running demo, stopped afterwards."""
    running = start_demo(tmp_path_factory.mktemp("demo"))
    yield running
    if running.process.poll() is None:
        running.stop()

"""The embedded server goes when the last process that uses it goes, killed ones not counted."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from db.embedded import embedded_server

_HOLD = """
import sys
from pathlib import Path
from db.embedded import embedded_server
with embedded_server(Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""


def _hold(folder: Path) -> "subprocess.Popen[str]":
    """Another process that has the server open."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_server_of_a_killed_process_is_taken_over_and_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    with _hold(folder) as killed:
        os.kill(killed.pid, signal.SIGKILL)
    assert (folder / "postmaster.pid").exists()
    with embedded_server(folder):
        assert json.loads((folder / ".handle_pids.json").read_text()) == [os.getpid()]
    assert not (folder / "postmaster.pid").exists()


def test_server_goes_on_while_somebody_else_uses_it(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    with _hold(folder) as other:
        with embedded_server(folder):
            pass
        assert (folder / "postmaster.pid").exists()
        assert other.stdin is not None
        other.stdin.close()
        other.wait()
    assert not (folder / "postmaster.pid").exists()

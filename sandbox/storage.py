"""State in a file: written whole beside the old one and then put in its place."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import SandboxError
from .photos import read_photo
from .world import World

SAVE_EVERY_SECONDS = 1.0


class StateFile:
    """Saves about a second after a change, if there was one, and when asked."""

    def __init__(
        self, path: Path, dump: Callable[[], dict[str, Any]], revision: Callable[[], object]
    ) -> None:
        self._path = path
        self._dump = dump
        self._revision = revision
        self._saved: object = None
        self._task: asyncio.Task[None] | None = None

    def read(self) -> dict[str, Any] | None:
        """What was saved, None if nothing was; SandboxError if it cannot be read."""
        try:
            state = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SandboxError(
                f"{self._path} is no state of a local Telegram ({error}); remove it"
            ) from error
        if not isinstance(state, dict):
            raise SandboxError(f"{self._path} is no state of a local Telegram; remove it")
        return state

    def start(self) -> None:
        """Watches for changes from now on."""
        self._saved = self._revision()
        self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        took = 0.0
        while True:
            # a big world takes long to write: never more than a twentieth of the time
            await asyncio.sleep(max(SAVE_EVERY_SECONDS, 20 * took))
            began = time.perf_counter()
            self.save()
            took = time.perf_counter() - began

    def save(self) -> None:
        """Writes if something changed."""
        revision = self._revision()
        if revision == self._saved:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text(json.dumps(self._dump(), ensure_ascii=False), "utf-8", "surrogatepass")
        fresh.replace(self._path)
        self._saved = revision

    async def stop(self) -> None:
        """The last save."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.save()


def save_photos(world: World, folder: Path) -> None:
    """Each picture is a file of its own, written once."""
    if world.photos:
        folder.mkdir(parents=True, exist_ok=True)
    for file_id, photo in world.photos.items():
        path = folder / file_id
        if not path.exists():
            path.write_bytes(photo.data)


def load_photos(world: World, folder: Path) -> None:
    """Puts back what `save_photos` wrote."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            world.photos[path.name] = read_photo(path.read_bytes())

"""State in a file: written whole beside the old one and then put in its place."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .errors import SandboxError
from .photos import PHOTO, read_photo
from .world import Document, Photo, World

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


def save_files(world: World, folder: Path) -> None:
    """Each picture and document is a file of its own, written once."""
    files: dict[str, Photo | Document] = {**world.photos, **world.documents}
    if files:
        folder.mkdir(parents=True, exist_ok=True)
    for file_id, file in files.items():
        path = folder / file_id
        if not path.exists():
            path.write_bytes(file.data)


def load_files(world: World, folder: Path, documents: Mapping[str, Mapping[str, str]]) -> None:
    """Puts back what `save_files` wrote; `documents` says which are no pictures, and their names."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in documents:
            world.documents[path.name] = Document(path.read_bytes(), **documents[path.name])
        elif path.name.startswith(PHOTO):
            world.photos[path.name] = read_photo(path.read_bytes())

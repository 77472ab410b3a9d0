"""Files that are no pictures, as the Bot API's Document; and any file by its path."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import PurePosixPath, PureWindowsPath

from .errors import bad_request
from .params import Upload
from .world import Content, Document, Photo, World

MAX_DOCUMENTS = 500
MAX_DOCUMENT_BYTES = 200 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
_ANY = "application/octet-stream"


def keep_document(world: World, upload: Upload) -> str:
    """Stores the bytes; returns the file_id. The oldest are forgotten past the limits."""
    if not upload.data:
        raise bad_request("file must be non-empty")
    name = PurePosixPath(PureWindowsPath(upload.name).name).name or "file"
    kind = mimetypes.guess_type(name)[0] or _ANY
    content = hashlib.sha256(upload.data)
    content.update(name.encode("utf-8", "surrogatepass"))
    file_id = f"BQACAgIAAx{content.hexdigest()[:40]}"
    world.documents[file_id] = Document(upload.data, kind, name)
    world.documents.move_to_end(file_id)
    _forget_oldest(world)
    return file_id


def _forget_oldest(world: World) -> None:
    total = sum(len(document.data) for document in world.documents.values())
    while len(world.documents) > 1 and (len(world.documents) > MAX_DOCUMENTS or total > MAX_DOCUMENT_BYTES):
        _, oldest = world.documents.popitem(last=False)
        total -= len(oldest.data)


def document_fields(world: World, file_id: str) -> Content:
    """The message's `document` field."""
    document = world.documents[file_id]
    ids = {"file_id": file_id, "file_unique_id": f"u{file_id[-16:]}"}
    shape = {"file_name": document.name, "mime_type": document.content_type, "file_size": len(document.data)}
    return ids | shape


def file_fields(world: World, file_id: str) -> Content:
    """The Bot API's File."""
    found = world.file(file_id)
    if found is None:
        raise bad_request("invalid file_id" if file_id else "file_id not specified")
    if len(found.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    ids = {"file_id": file_id, "file_unique_id": f"u{file_id[-16:]}", "file_size": len(found.data)}
    return ids | {"file_path": _path(file_id, found)}


def _path(file_id: str, found: Photo | Document) -> str:
    if isinstance(found, Photo):
        return f"photos/{file_id}{mimetypes.guess_extension(found.content_type)}"
    return f"documents/{file_id}{PurePosixPath(found.name).suffix}"


def file_at(world: World, path: str) -> Photo | Document | None:
    """What getFile told that path of."""
    found = world.file(PurePosixPath(path).stem)
    return found if found and _path(PurePosixPath(path).stem, found) == path else None

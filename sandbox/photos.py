"""Pictures: what their first bytes say, and the Bot API's PhotoSize."""

from __future__ import annotations

import hashlib
import struct
import zlib

from .errors import bad_request
from .world import Content, Photo, World

MAX_PHOTOS = 500
PHOTO = "AgACAgIAAx"  # how the file_id of one begins
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_SIZES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def read_photo(data: bytes) -> Photo:
    """PNG or JPEG; anything else is refused as Telegram does."""
    if not data:
        raise bad_request("file must be non-empty")
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return Photo(data, "image/png", width, height)
    if data.startswith(_JPEG):
        width, height = _jpeg_size(data)
        return Photo(data, "image/jpeg", width, height)
    raise bad_request("IMAGE_PROCESS_FAILED")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in _JPEG_SIZES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise bad_request("IMAGE_PROCESS_FAILED")


def keep_photo(world: World, photo: Photo) -> str:
    """Stores the bytes; returns the file_id. The oldest are forgotten past the limit."""
    file_id = f"{PHOTO}{hashlib.sha256(photo.data).hexdigest()[:40]}"
    world.photos[file_id] = photo
    world.photos.move_to_end(file_id)
    if len(world.photos) > MAX_PHOTOS:
        world.photos.popitem(last=False)
    return file_id


def photo_sizes(world: World, file_id: str) -> list[Content]:
    """The message's `photo` field."""
    photo = world.photos[file_id]
    size = {"width": photo.width, "height": photo.height, "file_size": len(photo.data)}
    return [{"file_id": file_id, "file_unique_id": f"u{file_id[-16:]}", **size}]


def plain_picture(width: int = 320, height: int = 240) -> bytes:
    """A grey PNG: what a person sends when only the fact of a photo matters."""
    rows = (b"\x00" + b"\xb4" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return _PNG + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

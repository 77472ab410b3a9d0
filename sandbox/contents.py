"""What a message is made of, read from a call's parameters and checked as Telegram does."""

from __future__ import annotations

from typing import Any

from .documents import document_fields, keep_document
from .entities import MAX_CAPTION, MAX_TEXT, Entity, formatted_text
from .errors import bad_request
from .markup import checked_markup
from .params import Params
from .photos import keep_photo, photo_sizes, read_photo
from .world import Content, World

MAX_IN_ALBUM = 10
MEDIA = ("photo", "document")
CAPTION = ("caption", "caption_entities")


def text_content(params: Params) -> Content:
    """`text` and its entities."""
    text, entities = _formatted(params, "text", "entities", MAX_TEXT, "message")
    if not text:
        raise bad_request("message text is empty")
    return {"text": text} | ({"entities": entities} if entities else {})


def caption_content(params: Params) -> Content:
    """`caption` and its entities; nothing if there is none."""
    text, entities = _formatted(params, "caption", "caption_entities", MAX_CAPTION, "message caption")
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def _formatted(
    params: Params, name: str, entities: str, max_length: int, what: str
) -> tuple[str, list[Entity]]:
    mode = params.text("parse_mode") or None
    explicit = params.array(entities)
    return formatted_text(params.text(name), mode, explicit, max_length=max_length, what=what)


def markup_content(params: Params) -> Content:
    """The inline keyboard; nothing if there is none."""
    markup = checked_markup(params.json("reply_markup"))
    return {"reply_markup": markup} if markup else {}


def file_content(world: World, kind: str, params: Params) -> Content:
    """The photo or document of that parameter, uploaded or sent before."""
    upload = params.file(kind)
    if upload is not None and kind == "photo":
        return {"photo": photo_sizes(world, keep_photo(world, read_photo(upload.data)))}
    if upload is not None:
        return {"document": document_fields(world, keep_document(world, upload))}
    name = params.text(kind)
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    if kind == "photo" and name in world.photos:
        return {"photo": photo_sizes(world, name)}
    if kind == "document" and name in world.documents:
        return {"document": document_fields(world, name)}
    if world.file(name) is not None:
        other = "Document" if kind == "photo" else "Photo"
        raise bad_request(f"can't use file of type {other} as {kind.capitalize()}")
    raise bad_request(
        "wrong HTTP URL specified" if "://" in name else "wrong remote file identifier specified"
    )


def media_content(world: World, params: Params) -> Content:
    """The InputMedia of editMessageMedia."""
    if "media" not in params:
        raise bad_request('parameter "media" is required')
    return _input_media(world, params.json("media"), params)


def album_contents(world: World, params: Params) -> list[Content]:
    """The list of InputMedia of sendMediaGroup, one content each."""
    if "media" not in params:
        raise bad_request('parameter "media" is required')
    media = params.json("media")
    if not isinstance(media, list):
        raise bad_request("expected an Array of InputMedia")
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) > MAX_IN_ALBUM:
        raise bad_request("too many messages to send as an album")
    contents = [_input_media(world, each, params) for each in media]
    if len({_kind(content) for content in contents}) > 1:
        raise bad_request("document can't be mixed with other media types")
    return contents


def _kind(content: Content) -> str:
    return next(kind for kind in MEDIA if kind in content)


def _input_media(world: World, media: Any, params: Params) -> Content:
    if not isinstance(media, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind, source = media.get("type"), media.get("media")
    if kind not in MEDIA:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    if not isinstance(source, str) or not _given(source, params):
        raise bad_request("can't parse InputMedia: media not found")
    own = Params(media | {kind: source}, params.files)
    return file_content(world, kind, own) | caption_content(own)


def _given(source: str, params: Params) -> bool:
    if source.startswith("attach://"):
        return source.removeprefix("attach://") in params.files
    return bool(source)


def without(content: Content, *names: str) -> Content:
    """All but these fields."""
    return {name: value for name, value in content.items() if name not in names}


def checked_caption(content: Content) -> None:
    """ApiError if the message has nothing that could bear a caption."""
    if not any(kind in content for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")

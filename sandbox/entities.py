"""Message text as Telegram reads it: HTML to entities, limits, spaces at the ends, links found in plain text.

Lengths are counted in code points, entity offsets and lengths in UTF-16 code units, error positions in bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .errors import bad_request

Entity = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_RAW_BYTES = 32_768

_SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_SIMPLE_TAGS, "a", "tg-emoji", "tg-time", "code", "pre", "blockquote"}
_NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));?")
_MARK = re.compile(r"[<&]")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACES = re.compile(r"\s*")
_USER_LINK = re.compile(r"tg://user\?id=(\d{1,19})$")
_PLAIN_LINK = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>(?:https?://|t\.me/)[^\s<>\"]*[^\s<>\".,;:!?)\]»])"
    r"|(?P<mention>(?<![\w/@])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
)
_MAY_LINK = re.compile(r"[@/#]")
_NO_LINKS_INSIDE = {"code", "pre", "text_link", "text_mention", "custom_emoji"}


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text has."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def formatted_text(
    raw: str, parse_mode: str | None, explicit: list[Entity] | None, *, max_length: int, what: str
) -> tuple[str, list[Entity]]:
    """Text and entities as they will stand in the message; `what` is how Telegram calls it in an error."""
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_RAW_BYTES:
        raise bad_request("text is too long")
    text, entities = _parse(raw, parse_mode, explicit or [])
    text, entities = _trimmed(text, entities)
    if len(text) > max_length:
        raise bad_request(f"{what} is too long")
    return text, _with_links(text, entities)


def _parse(raw: str, parse_mode: str | None, explicit: list[Entity]) -> tuple[str, list[Entity]]:
    mode = (parse_mode or "none").lower()
    if mode == "html":
        return parse_html(raw)
    if mode != "none":
        raise bad_request(f"this local Telegram reads parse_mode HTML only, not {parse_mode}")
    return raw, [_checked(entity, utf16_length(raw)) for entity in explicit]


def _checked(entity: Entity, length: int) -> Entity:
    try:
        start, size = int(entity["offset"]), int(entity["length"])
        kind = str(entity["type"])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise bad_request("can't parse MessageEntity: Can't find field") from None
    if start < 0 or size <= 0 or start + size > length:
        raise bad_request("entity beginning or length is outside of the text")
    known = {name: value for name, value in entity.items() if value is not None}
    return known | {"type": kind, "offset": start, "length": size}


@dataclass(slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    position: int  # in the pieces of plain text


@dataclass(slots=True)
class _HtmlReader:
    """One pass over the source; `plain` grows, `offset` counts its UTF-16 units."""

    source: str
    plain: list[str] = field(default_factory=list)
    offset: int = 0
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        at, source = 0, self.source
        while (found := _MARK.search(source, at)) is not None:
            mark = found.start()
            self._add(source[at:mark])
            at = self._character(mark) if source[mark] == "&" else self._tag(mark)
        self._add(source[at:])
        if self.open_tags:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].name}"')
        return "".join(self.plain), sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _add(self, text: str) -> None:
        if text:
            self.plain.append(text)
            self.offset += utf16_length(text)

    def _character(self, at: int) -> int:
        found = _CHARACTER.match(self.source, at)
        character = _decoded(found) if found else None
        if found is None or character is None:
            self._add("&")
            return at + 1
        self._add(character)
        return found.end()

    def _tag(self, at: int) -> int:
        return self._end_tag(at) if self.source[at + 1 : at + 2] == "/" else self._start_tag(at)

    def _start_tag(self, begin: int) -> int:
        name_end = _end_of(_TAG_NAME, self.source, begin + 1)
        if name_end == len(self.source):
            raise self._broken_at("Unclosed start tag", begin)
        name = self.source[begin + 1 : name_end].lower()
        if name not in _TAGS:
            raise self._broken_at(f'Unsupported start tag "{name}"', begin)
        attributes: dict[str, str] = {}
        end = self._attributes(name, begin, name_end, attributes)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._broken_at('Tag "span" must have class "tg-spoiler"', begin)
        self.open_tags.append(_OpenTag(name, attributes, self.offset, len(self.plain)))
        return end

    def _attributes(self, tag: str, begin: int, at: int, into: dict[str, str]) -> int:
        source = self.source
        while True:
            at = _end_of(_SPACES, source, at)
            if source[at : at + 1] == ">":
                return at + 1
            name_end = _end_of(_ATTRIBUTE_NAME, source, at)
            name = source[at:name_end]
            if not name:
                where = (
                    f'Empty attribute name in the tag "{tag}"' if at < len(source) else "Unclosed start tag"
                )
                raise self._broken_at(where, begin)
            at = _end_of(_SPACES, source, name_end)
            into[name], at = self._value(begin, at) if source[at : at + 1] == "=" else ("", at)

    def _value(self, begin: int, at: int) -> tuple[str, int]:
        source = self.source
        at = _end_of(_SPACES, source, at + 1)
        quote = source[at : at + 1]
        if quote in ("'", '"') and quote:
            end = source.find(quote, at + 1)
            if end < 0:
                raise self._broken_at("Unclosed start tag", begin)
            return _unescaped(source[at + 1 : end]), end + 1
        end = _end_of(_NAME_TOKEN, source, at)
        if end == len(source):
            raise self._broken_at("Unclosed start tag", begin)
        if source[end] != ">" and not source[end].isspace():
            raise self._broken_at("Unexpected end of name token", at)
        return source[at:end].lower(), end

    def _end_tag(self, begin: int) -> int:
        if not self.open_tags:
            raise self._broken_at("Unexpected end tag", begin)
        name_end = _end_of(_TAG_NAME, self.source, begin + 2)
        end = _end_of(_SPACES, self.source, name_end)
        if self.source[end : end + 1] != ">":
            raise self._broken_at("Unclosed end tag", begin)
        found = self.source[begin + 2 : name_end].lower()
        tag = self.open_tags.pop()
        if found and found != tag.name:
            at = self._bytes_before(begin)
            raise _broken(
                f'Unmatched end tag at byte offset {at}, expected "</{tag.name}>", found "</{found}>"'
            )
        if self.offset > tag.offset:
            self._close(tag)
        return end + 1

    def _close(self, tag: _OpenTag) -> None:
        entity = _entity_of(tag, "".join(self.plain[tag.position :]))
        if entity is None:
            return
        span = {"offset": tag.offset, "length": self.offset - tag.offset}
        if tag.name == "pre" and self.entities and _is_language_of(self.entities[-1], span):
            entity["language"] = self.entities.pop()["language"]
        elif tag.name == "code" and "language" in entity and not self._inside_pre(tag):
            del entity["language"]
        self.entities.append({"type": entity.pop("type"), **span, **entity})

    def _inside_pre(self, tag: _OpenTag) -> bool:
        return bool(self.open_tags) and (self.open_tags[-1].name, self.open_tags[-1].offset) == (
            "pre",
            tag.offset,
        )

    def _bytes_before(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    def _broken_at(self, what: str, at: int) -> Exception:
        return _broken(f"{what} at byte offset {self._bytes_before(at)}")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities of parse_mode HTML; ApiError 400 "can't parse entities: …" if it is broken."""
    if "<" not in source and "&" not in source:
        return source, []
    return _HtmlReader(source).read()


def _broken(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")


def _end_of(pattern: re.Pattern[str], source: str, at: int) -> int:
    found = pattern.match(source, at)
    return found.end() if found else at


def _decoded(found: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED_CHARACTERS.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


def _unescaped(value: str) -> str:
    return _CHARACTER.sub(lambda found: _decoded(found) or found.group(), value)


def _entity_of(tag: _OpenTag, inner: str) -> Entity | None:
    attributes = tag.attributes
    match tag.name:
        case "a":
            return _link(attributes.get("href") or inner)
        case "code":
            language = attributes.get("class", "")
            known = language.startswith("language-")
            return {"type": "code", "language": language[9:]} if known else {"type": "code"}
        case "pre":
            return {"type": "pre"}
        case "blockquote":
            return {"type": "expandable_blockquote" if "expandable" in attributes else "blockquote"}
        case "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": _emoji_id(attributes.get("emoji-id", ""))}
        case "tg-time":
            return _date_time(attributes)
        case simple:
            return {"type": _SIMPLE_TAGS[simple]}


def _emoji_id(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,18}", text):
        raise _broken("Invalid custom emoji identifier specified")
    return text


def _date_time(attributes: dict[str, str]) -> Entity:
    unix = attributes.get("unix", "")
    if not re.fullmatch(r"[0-9]{1,11}", unix):
        raise _broken("Invalid date specified")
    form = attributes.get("format")
    return {"type": "date_time", "unix_time": int(unix)} | ({"date_time_format": form} if form else {})


def _link(url: str) -> Entity | None:
    person = _USER_LINK.match(url)
    if person:
        return {"type": "text_mention", "user": {"id": int(person[1]), "is_bot": False, "first_name": ""}}
    address = checked_url(url)
    return {"type": "text_link", "url": address} if address else None


def checked_url(url: str) -> str | None:
    """The address as Telegram keeps it, or None if it is none (a link to it is then dropped in silence)."""
    found = re.match(r"(?:([a-zA-Z][a-zA-Z0-9+.-]*)://)?([^\s/?#]+)([/?#]\S*)?$", url.strip())
    if not found:
        return None
    scheme, host, rest = (found[1] or "http").lower(), found[2], found[3] or ""
    if scheme in ("http", "https"):
        return f"{scheme}://{host}{rest or '/'}" if re.search(r"[^.]\.[^.]", host) else None
    return f"{scheme}://{host}{rest}" if scheme in ("tg", "ton", "tonsite") else None


def _is_language_of(entity: Entity, span: dict[str, int]) -> bool:
    same_place = entity["offset"] == span["offset"] and entity["length"] == span["length"]
    return same_place and entity["type"] == "code" and "language" in entity


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    short = text.strip()
    if len(short) == len(text):
        return text, entities
    before = utf16_length(text[: len(text) - len(text.lstrip())])
    return short, list(_clipped(entities, before, utf16_length(short)))


def _clipped(entities: list[Entity], cut: int, length: int) -> Iterator[Entity]:
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, length)
        if end > start:
            yield entity | {"offset": start, "length": end - start}


def _with_links(text: str, entities: list[Entity]) -> list[Entity]:
    """Adds what Telegram finds by itself: commands, mentions, addresses, hashtags."""
    if not _MAY_LINK.search(text):
        return entities
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _NO_LINKS_INSIDE]
    found = [entity for entity in _plain_links(text) if not _overlaps(entity, taken)]
    return sorted(entities + found, key=lambda e: (e["offset"], -e["length"])) if found else entities


def _plain_links(text: str) -> Iterator[Entity]:
    for found in _PLAIN_LINK.finditer(text):
        start = utf16_length(text[: found.start()])
        yield {"type": found.lastgroup, "offset": start, "length": utf16_length(found.group())}


def _overlaps(entity: Entity, taken: list[tuple[int, int]]) -> bool:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return any(start < taken_end and taken_start < end for taken_start, taken_end in taken)

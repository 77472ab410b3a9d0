"""Requests to /sim and their answers: JSON in, JSON out, a sentence for what is wrong."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from .errors import JsonObject, SimError
from .params import read_json


def as_json(body: JsonObject, status: int = 200) -> web.Response:
    """An answer."""
    return web.Response(body=dumps(body).encode(), status=status, content_type="application/json")


def dumps(value: object) -> str:
    """JSON with every letter as itself."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def body_of(request: web.Request) -> dict[str, Any]:
    """A JSON object; nothing at all is an empty one."""
    try:
        body = read_json(await request.read() or b"{}")
    except ValueError:
        raise SimError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise SimError("the body must be a JSON object")
    return body


def as_integer(value: object, what: str) -> int:
    """A whole number, however it is written."""
    try:
        return int(str(value))
    except ValueError:
        raise SimError(f"{what} must be a whole number, not {value!r}") from None


def chat_id(request: web.Request) -> int:
    """The chat in the address."""
    return as_integer(request.match_info["chat"], "the chat's id")


def queried(request: web.Request, name: str) -> int:
    """A number of the query; 0 if it is not there."""
    return as_integer(request.query.get(name, 0), name)


def integer(body: JsonObject, name: str) -> int:
    """A number the body must have."""
    if name not in body:
        raise SimError(f'the body needs "{name}"')
    return as_integer(body[name], f'"{name}"')


def number(body: JsonObject, name: str) -> float:
    """A number, whole or not, that the body must have."""
    value = body.get(name)
    if type(value) not in (int, float) or value != value:
        raise SimError(f'the body needs "{name}", a number')
    return float(str(value))


def flag(body: JsonObject, name: str) -> bool:
    """True or false, which the body must have."""
    value = body.get(name)
    if not isinstance(value, bool):
        raise SimError(f'the body needs "{name}", true or false')
    return value


def text(body: JsonObject, name: str) -> str:
    """A string the body must have."""
    value = body.get(name)
    if not isinstance(value, str):
        raise SimError(f'the body needs "{name}", a string')
    return value


def choice(value: object, choices: tuple[Any, ...], name: str) -> Any:
    """One of these."""
    if value not in choices:
        raise SimError(f'"{name}" must be one of {", ".join(choices)}')
    return value

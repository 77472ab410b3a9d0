"""What can go wrong: for the bot in Telegram's words, for the person's side in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

JsonObject = dict[str, object]


class SandboxError(Exception):
    """The local Telegram cannot do that"""


class SimError(SandboxError):
    """A request to /sim that cannot be done; the message says why and how to mend it."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class ApiError(SandboxError):
    """A Bot API answer with ok false, as Telegram would give it."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, object] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_answer(self) -> JsonObject:
        """The JSON body of the answer."""
        answer: JsonObject = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def bad_request(text: str, **parameters: object) -> ApiError:
    """400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {text}", parameters)


def forbidden(text: str) -> ApiError:
    """403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {text}")


def too_many_requests(seconds: int) -> ApiError:
    """429; the caller may come again after so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def phrase(code: int) -> str:
    """What HTTP calls it."""
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Error"

"""The one way into the Bot API: every call goes through here, by HTTP or as a webhook's answer."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable

from aiohttp import web

from .errors import ApiError, JsonObject
from .events import Log, call_entry
from .methods import Methods
from .params import Params, read_params

TOKEN = re.compile(r"[1-9][0-9]{0,18}:[A-Za-z0-9_-]{1,80}")
_TOLD = {
    "setwebhook": "Webhook was set",
    "deletewebhook": "Webhook was deleted",
}


class Api:
    """Calls methods, turns errors into answers, keeps the log of calls."""

    def __init__(self, token: str, methods: Methods, calls: Log, clock: Callable[[], float]) -> None:
        self._token = token
        self._methods = methods
        self._calls = calls
        self._clock = clock

    async def call(self, method: str, params: Params) -> JsonObject:
        """The JSON of Telegram's answer, ok or not."""
        answer = await self._answer(method, params)
        chat_id = params.integer("chat_id") or params.text("chat_id") or None
        self._calls.add(call_entry(self._clock(), method, chat_id, answer))
        return answer

    async def _answer(self, method: str, params: Params) -> JsonObject:
        try:
            result = await self._methods.find(method)(params)
        except ApiError as error:
            return error.as_answer()
        answer: JsonObject = {"ok": True, "result": result}
        told = _TOLD.get(method.lower())
        return answer | {"description": told} if told else answer

    async def handle(self, request: web.Request) -> web.Response:
        """`/bot<token>/<method>`."""
        try:
            self._check_token(request.match_info["token"])
            params = await read_params(request)
        except ApiError as error:
            return as_response(error.as_answer())
        return as_response(await self.call(request.match_info["method"], params))

    def _check_token(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if not hmac.compare_digest(token, self._token):
            raise ApiError(401, "Unauthorized")


def as_response(answer: JsonObject) -> web.Response:
    """HTTP status as in the body; Retry-After where there is one."""
    status = 200 if answer["ok"] else answer["error_code"]
    assert isinstance(status, int)  # noqa: S101 - ApiError.code is one
    parameters = answer.get("parameters")
    retry_after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")

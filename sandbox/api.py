"""The one way into the Bot API: every call goes through here, by HTTP or as a webhook's answer."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from .bodies import dumps
from .calls import Call, shown_params
from .documents import file_at
from .errors import ApiError, JsonObject, phrase
from .events import Log
from .faults import Fault, Troubles
from .methods import Methods
from .params import Params, read_params
from .rough import Rough
from .world import Chat, World

TOKEN = re.compile(r"[1-9][0-9]{0,18}:[A-Za-z0-9_-]{1,80}")
_TOLD = {
    "setwebhook": "Webhook was set",
    "deletewebhook": "Webhook was deleted",
}
_NO_ANSWER = ApiError(502, "Bad Gateway").as_answer()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call. `answer` is None where Telegram never took it; `fault` tells how it is told."""

    answer: JsonObject | None
    fault: Fault | None = None


class Api:
    """Calls methods, turns errors into answers, keeps the log of calls, makes what trouble is asked for."""

    def __init__(
        self,
        token: str,
        world: World,
        methods: Methods,
        calls: Log,
        troubles: Troubles,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._token = token
        self._world = world
        self._methods = methods
        self._calls = calls
        self._troubles = troubles
        self._clock = clock
        self._sleep = sleep
        self._rough = Rough()

    async def call(self, method: str, params: Params) -> JsonObject:
        """The JSON of Telegram's answer, ok or not, to whom no connection can break."""
        call, chat = self._received(method, params)
        outcome = await self._outcome(call, chat, params)
        answer = outcome.answer or _NO_ANSWER
        call.close(self._clock(), _status(answer))
        return answer

    def _received(self, method: str, params: Params) -> tuple[Call, Chat | None]:
        name = params.text("chat_id").strip()
        chat = self._world.chat_named(name) if name else None
        key = chat.id if chat else params.integer("chat_id") or name or None
        call = Call(method, key, shown_params(params), self._clock())
        self._calls.add(call)
        return call, chat

    async def _outcome(self, call: Call, chat: Chat | None, params: Params) -> Outcome:
        method = call.method.lower()
        try:
            fault = self._meet(call, method, chat)
        except ApiError as error:
            return _noted(call, error.as_answer())
        if fault is None:
            return _noted(call, await self._answer(method, params))
        call.fault = fault.kind
        refusal = self._troubles.error(fault, chat)
        if refusal is not None:
            return _noted(call, refusal.as_answer(), fault)
        if fault.kind in ("reset_before", "stall_before"):
            return Outcome(None, fault)
        if fault.kind == "delay":
            await self._sleep(fault.details["seconds"])
        return _noted(call, await self._answer(method, params), fault)

    def _meet(self, call: Call, method: str, chat: Chat | None) -> Fault | None:
        """The fault in the way of this call; ApiError 429 if the bot is stopped, or writes too often."""
        troubles = self._troubles
        if troubles.stop.on and method != "getupdates":
            call.fault = troubles.stop.why
            raise troubles.stop.refusal()
        fault = troubles.strike(method, call.chat, chat) if troubles.faults else None
        if fault is None and troubles.limits.on and call.chat is not None:
            call.fault = "limit"
            troubles.limits.count(method, call.chat, private=chat is None or chat.type == "private")
            call.fault = None
        return fault

    async def _answer(self, method: str, params: Params) -> JsonObject:
        try:
            result = await self._methods.find(method)(params)
        except ApiError as error:
            return error.as_answer()
        answer: JsonObject = {"ok": True, "result": result}
        told = _TOLD.get(method)
        return answer | {"description": told} if told else answer

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`/bot<token>/<method>`."""
        try:
            self._check_token(request.match_info["token"])
            params = await read_params(request)
        except ApiError as error:
            return self._rough.cut(request) if self._troubles.down else as_response(error.as_answer())
        call, chat = self._received(request.match_info["method"], params)
        if self._troubles.down:
            return self._lost(request, call)
        outcome = await self._outcome(call, chat, params)
        if self._troubles.latency:
            await self._sleep(self._troubles.latency)
        if self._troubles.down and call.method.lower() == "getupdates":
            return self._lost(request, call)
        return await self._tell(request, call, outcome)

    def _lost(self, request: web.Request, call: Call) -> web.StreamResponse:
        call.fault = "down"
        call.close(self._clock(), None)
        return self._rough.cut(request)

    async def _tell(self, request: web.Request, call: Call, outcome: Outcome) -> web.StreamResponse:
        """The answer on its way, or what the fault leaves of it."""
        answer = outcome.answer or _NO_ANSWER
        match outcome.fault:
            case Fault(kind="reset_before" | "reset_after"):
                call.close(self._clock(), None)
                return self._rough.cut(request)
            case Fault(kind="stall_before"):
                call.close(self._clock(), None)
                return await self._rough.keep_silent(request)
            case Fault(kind="stall", details={"seconds": seconds}):
                call.close(self._clock(), None)
                return await self._rough.stall(request, as_body(answer), seconds)
            case Fault(kind="html"):
                call.close(self._clock(), _status(answer))
                return as_page(_status(answer))
            case _:
                call.close(self._clock(), _status(answer))
                return as_response(answer)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """`/file/bot<token>/<path>`, the path as getFile told it."""
        if self._troubles.down:
            return self._rough.cut(request)
        try:
            self._check_token(request.match_info["token"])
            found = file_at(self._world, request.match_info["path"])
            if found is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return as_response(error.as_answer())
        return web.Response(body=found.data, content_type="application/octet-stream")

    def close(self) -> None:
        """Lets go of the connections that were kept hanging."""
        self._rough.close()

    def _check_token(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if not hmac.compare_digest(token, self._token):
            raise ApiError(401, "Unauthorized")


def _noted(call: Call, answer: JsonObject, fault: Fault | None = None) -> Outcome:
    call.note(answer)
    return Outcome(answer, fault)


def _status(answer: JsonObject) -> int:
    status = 200 if answer["ok"] else answer["error_code"]
    assert isinstance(status, int)  # noqa: S101 - ApiError.code is one
    return status


def as_body(answer: JsonObject) -> bytes:
    """The JSON as it goes out."""
    return dumps(answer).encode("utf-8", "backslashreplace")


def as_response(answer: JsonObject) -> web.Response:
    """HTTP status as in the body; Retry-After where there is one."""
    parameters = answer.get("parameters")
    retry_after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.Response(
        body=as_body(answer), status=_status(answer), headers=headers, content_type="application/json"
    )


def as_page(status: int) -> web.Response:
    """What a proxy in front of Telegram says of itself."""
    title = f"{status} {phrase(status)}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
    )
    return web.Response(text=page, status=status, content_type="text/html")

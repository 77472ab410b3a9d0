"""One row of the outbox, one call of Telegram, and what its answer means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    DeleteMessage,
    EditMessageCaption,
    EditMessageText,
    GetMe,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, Message
from pydantic import ValidationError

from db.queries.sending import Claimed

#: Seconds that a call may take; a picture may take its time to get there.
PATIENCE = 10
PATIENCE_WITH_FILES = 60

_NOBODY_THERE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")
_NOTHING_TO_DO = ("message is not modified", "message to delete not found")
_TOO_LATE = ("message to edit not found", "message can't be edited", "message can't be deleted")
_NO_SUCH_PICTURE = (
    "failed to get http url content",
    "wrong file identifier/http url specified",
    "wrong http url specified",
    "wrong type of the web page content",
    "webpage_curl_failed",
    "webpage_media_empty",
    "photo_invalid_dimensions",
    "image_process_failed",
    "file is too big",
)
#: How errors begin that came up before anything was said; see bot/session.py.
_NOT_CONNECTED = ("ClientConnector", "ClientProxyConnectionError", "ServerFingerprintMismatch")
#: And how those begin that Telegram surely did not take: it says so itself, or nothing was handed on to it.
_NOT_TAKEN = ("Internal Server Error", "Service Unavailable", "503, ", "4")
_UNKNOWN_RESULT = "a result of a kind that is not known"


@dataclass(frozen=True, slots=True)
class Sent:
    """It has gone out: ``message_id`` None, there is no new message, or its number is not known."""

    message_id: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class ToldToWait:
    """Telegram wants nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Away:
    """Telegram is away or in trouble. ``taken``: it may have taken the message all the same."""

    reason: str
    taken: bool


@dataclass(frozen=True, slots=True)
class NotLetIn:
    """Telegram does not know the token."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person cannot be written to."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has another id."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take it as it is."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pointless:
    """There is nothing any more that it could change."""

    reason: str


Outcome = Sent | ToldToWait | Away | NotLetIn | Unreachable | Moved | Refused | Pointless


class Courier:
    """Makes the calls, beneath the rules for replies: what becomes of a letter is said in its row."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def deliver(self, row: Claimed, patience: int) -> Outcome:
        """Make the call that a row stands for; it takes no longer than ``patience`` seconds."""
        if row.blocked:
            return Unreachable("the person has blocked the bot")
        if row.target_id is not None and row.target_message_id is None:
            return Pointless("the message that is meant was never sent, or its number is not known")
        try:
            outcome = await self._made(row, _call(row), patience)
            if isinstance(outcome, Refused) and _lacks_its_picture(row, outcome):
                return await self._made(row, _text(row.chat_id, row.payload), patience)
        except ValidationError as error:
            # Its words quote the message.
            return Refused(f"not a message: {', '.join(str(each['loc']) for each in error.errors())}")
        return outcome

    async def there(self) -> Outcome:
        """Whether Telegram answers at all: ``Sent`` if it does."""
        try:
            await self._bot.session.make_request(self._bot, GetMe(), timeout=PATIENCE)
        except TelegramAPIError as error:
            return _meaning(error, private=True)
        return Sent(None, "")

    async def _made(self, row: Claimed, call: TelegramMethod[Any], patience: int) -> Outcome:
        try:
            answer = await self._bot.session.make_request(self._bot, call, timeout=patience)
        except TelegramAPIError as error:
            return _meaning(error, private=row.chat_id > 0)
        kind = "text" if isinstance(call, SendMessage) else row.kind
        return Sent(answer.message_id if isinstance(answer, Message) else None, kind)


def carries_file(row: Claimed) -> bool:
    """Whether something is uploaded."""
    return row.kind == "photo" and row.photo is not None


def _call(row: Claimed) -> TelegramMethod[Any]:
    chat, payload = row.chat_id, row.payload
    if row.kind == "text":
        return _text(chat, payload)
    if row.kind == "photo":
        photo: Any = payload.get("photo")
        if row.photo is not None:
            photo = BufferedInputFile(row.photo, "photo.png")
        return SendPhoto(chat_id=chat, photo=photo, caption=payload["text"], reply_markup=_keyboard(payload))
    target: dict[str, Any] = {"chat_id": chat, "message_id": row.target_message_id}
    if row.kind == "delete":
        return DeleteMessage(**target)
    target["reply_markup"] = _keyboard(payload)
    if row.target_kind == "photo":
        return EditMessageCaption(caption=payload["text"], **target)
    return EditMessageText(text=payload["text"], **target)


def _text(chat_id: int, payload: Mapping[str, Any]) -> SendMessage:
    return SendMessage(chat_id=chat_id, text=payload["text"], reply_markup=_keyboard(payload))


def _keyboard(payload: Mapping[str, Any]) -> InlineKeyboardMarkup | None:
    keyboard = payload.get("reply_markup")
    return None if keyboard is None else InlineKeyboardMarkup.model_validate(keyboard)


def _lacks_its_picture(row: Claimed, outcome: Refused) -> bool:
    """Whether Telegram cannot fetch the picture from its address."""
    return row.kind == "photo" and row.photo is None and _says(outcome.reason, _NO_SUCH_PICTURE)


def _meaning(error: TelegramAPIError, *, private: bool) -> Outcome:
    """What an error means for the message, in a private chat or in a group."""
    reason = error.message
    match error:
        case TelegramRetryAfter():
            return ToldToWait(error.retry_after)
        case TelegramMigrateToChat():
            return Moved(error.migrate_to_chat_id)
        case TelegramForbiddenError():
            return Unreachable(reason) if private else Refused(reason)
        case TelegramBadRequest():
            return _bad_request(reason, private=private)
        case TelegramUnauthorizedError() | TelegramNotFound():
            # "Not Found" is what a token gets that is not even one.
            return NotLetIn(reason)
        case TelegramNetworkError():
            return Away(reason, taken=not reason.startswith(_NOT_CONNECTED))
        case TelegramServerError():
            # What stands before Telegram gave no answer, or put its own over Telegram's.
            return Away(reason, taken=not reason.startswith(_NOT_TAKEN))
        case TelegramConflictError():
            return Away(reason, taken=False)
        case _ if reason == _UNKNOWN_RESULT:
            return Sent(None, "")
        case _:
            return Refused(reason)


def _bad_request(reason: str, *, private: bool) -> Outcome:
    if private and _says(reason, _NOBODY_THERE):
        return Unreachable(reason)
    if _says(reason, _NOTHING_TO_DO):
        return Sent(None, "")
    if _says(reason, _TOO_LATE):
        return Pointless(reason)
    return Refused(reason)


def _says(reason: str, phrases: tuple[str, ...]) -> bool:
    words = reason.lower()
    return any(phrase in words for phrase in phrases)

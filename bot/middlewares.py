"""Before a handler: who is this, which language, too fast?"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Chat, TelegramObject, Update, User

from bot.screen import say
from bot.texts import Translator
from usecases.moderation import Moderation
from usecases.people import LANGUAGES, Known, People, PersonId, Stranger, spoken

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

#: Ids that stand for nobody: an anonymous administrator, and Telegram's own service account.
_NOBODY = {1087968824, 777000}


class WhoIsThis(BaseMiddleware):
    """Recognises the person and gives the handler ``person`` and ``t``, the translator of their language.

    Who writes in a group or a channel has not written to the bot: nothing of them is kept. A tap in the
    moderators' group comes with ``moderator``, the first name of whoever tapped.
    """

    def __init__(
        self, people: People, translators: Mapping[str, Translator], moderation: Moderation | None = None
    ) -> None:
        self._people = people
        self._translators = translators
        self._moderation = moderation

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if isinstance(event, Update) and event.message_reaction_count is not None:
            # Anonymous, and about a post of our own.
            return await handler(event, data)
        user: User | None = data.get("event_from_user")
        if user is not None and await self._is_moderators(event):
            data["moderator"] = user.first_name
            data["t"] = self._translators[LANGUAGES[0]]
            return await handler(event, data)
        if user is None or user.is_bot or user.id in _NOBODY or not _is_private(data.get("event_chat")):
            return None
        stranger = Stranger(PersonId(user.id), user.first_name, user.username, user.language_code)
        person = await self._known(stranger, event)
        data["person"] = person
        data["t"] = self._translators[person.language]
        return await handler(event, data)

    async def _is_moderators(self, event: TelegramObject) -> bool:
        tap = event.callback_query if isinstance(event, Update) else None
        if self._moderation is None or tap is None or tap.message is None or _is_private(tap.message.chat):
            return False
        return await self._moderation.is_theirs(tap.message.chat.id)

    async def _known(self, stranger: Stranger, event: TelegramObject) -> Known:
        """Who blocks the bot, or takes that back, has not visited it: the forgotten stay so."""
        if isinstance(event, Update) and event.my_chat_member is not None:
            return Known(stranger.id, stranger.first_name, spoken(stranger.telegram_language))
        return await self._people.recognise(stranger)


def _is_private(chat: Chat | None) -> bool:
    return chat is None or chat.type == ChatType.PRIVATE


class TooFast(BaseMiddleware):
    """A bucket of taps per person: ``burst`` at once, then ``per_second``; what spills is told to wait."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        burst: float = 60,
        per_second: float = 5,
        remember_most: int = 10_000,
    ) -> None:
        self._clock = clock
        self._burst = burst
        self._per_second = per_second
        self._remember_most = remember_most
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        if user is None or self._has_room(user.id):
            return await handler(event, data)
        return await _slow_down(event, data["t"])

    def _has_room(self, person_id: int) -> bool:
        now = self._clock()
        left, since = self._buckets.pop(person_id, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_second)
        self._buckets[person_id] = (max(left - 1, 0), now)
        if len(self._buckets) > self._remember_most:
            self._buckets.popitem(last=False)
        return left >= 1


async def _slow_down(event: TelegramObject, t: Translator) -> None:
    inner = event.event if isinstance(event, Update) else event
    if isinstance(inner, CallbackQuery):
        await say(inner, t.plain("too-fast"))
        return
    answer = getattr(inner, "answer", None)
    if answer is not None:
        await answer(t("too-fast"))

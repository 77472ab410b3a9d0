"""Who is this, and too fast?"""

from collections.abc import Mapping
from typing import Any

import pytest
from aiogram.types import CallbackQuery, TelegramObject, User

from bot.middlewares import TooFast, WhoIsThis
from bot.texts import Translator, translators
from bot.wiring import create_bot
from recommender.taxonomy import load_default
from tests.bot.telegrams import refused, telegram
from usecases.people import Known, Stranger


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Message(TelegramObject):
    """Something that can be answered."""

    said: list[str]

    async def answer(self, words: str) -> None:
        self.said.append(words)


class Everybody:
    """Knows everybody, as English speakers."""

    def __init__(self) -> None:
        self.met: list[int] = []

    async def recognise(self, stranger: Stranger) -> Known:
        self.met.append(stranger.id)
        return Known(stranger.id, stranger.first_name, "en")


@pytest.fixture(scope="module")
def texts() -> Mapping[str, Translator]:
    return translators(load_default())


def user(person_id: int = 1, *, is_bot: bool = False) -> User:
    return User(id=person_id, is_bot=is_bot, first_name="Ann")


async def handled(_event: TelegramObject, data: dict[str, Any]) -> Any:
    return data


@pytest.mark.parametrize(
    "sender",
    [None, user(1087968824), user(777000), user(5, is_bot=True)],
    ids=["nobody", "anonymous administrator", "Telegram itself", "a bot"],
)
async def test_whoever_is_nobody_is_not_let_in(sender: User | None, texts: Mapping[str, Translator]) -> None:
    people = Everybody()
    middleware = WhoIsThis(people, texts)  # type: ignore[arg-type]
    data = {"event_from_user": sender} if sender else {}
    assert await middleware(handled, Message(said=[]), data) is None
    assert people.met == []


async def test_a_person_comes_with_their_language(texts: Mapping[str, Translator]) -> None:
    middleware = WhoIsThis(Everybody(), texts)  # type: ignore[arg-type]
    data = await middleware(handled, Message(said=[]), {"event_from_user": user(7)})
    assert (data["person"].id, data["t"].language) == (7, "en")


async def tapped(middleware: TooFast, t: Translator, person: int = 1) -> list[str]:
    """What a person is told about one tap; nothing, if it got through."""
    message = Message(said=[])
    await middleware(handled, message, {"event_from_user": user(person), "t": t})
    return message.said


async def test_whoever_is_too_fast_is_told_so_until_they_rest(texts: Mapping[str, Translator]) -> None:
    clock, t = Clock(), texts["en"]
    middleware = TooFast(clock, burst=3, per_second=2)
    told = [await tapped(middleware, t) for _ in range(5)]
    assert told == [[], [], [], [t("too-fast")], [t("too-fast")]]
    clock.now += 1
    told = [await tapped(middleware, t) for _ in range(3)]
    assert told == [[], [], [t("too-fast")]]


async def test_one_persons_haste_does_not_slow_down_another(texts: Mapping[str, Translator]) -> None:
    middleware = TooFast(Clock(), burst=1, per_second=1)
    told = [await tapped(middleware, texts["en"], person) for person in (1, 2, 3)]
    assert told == [[], [], []]


async def test_only_so_many_people_are_remembered(texts: Mapping[str, Translator]) -> None:
    middleware = TooFast(Clock(), burst=1, per_second=1, remember_most=2)
    told = [await tapped(middleware, texts["en"], person) for person in (1, 2, 3, 1)]
    assert told == [[], [], [], []]
    assert await tapped(middleware, texts["en"], 1) == [texts["en"]("too-fast")]


async def test_a_tap_too_fast_and_too_old_to_be_answered_is_no_failure(
    texts: Mapping[str, Translator],
) -> None:
    middleware = TooFast(Clock(), burst=0, per_second=0)
    too_old = refused(400, "Bad Request: query is too old and response timeout expired")
    async with telegram(after=lambda: too_old) as fake:
        bot = create_bot("42:test", fake.url)
        tap = CallbackQuery(id="1", from_user=user(), chat_instance="1").as_(bot)
        async with bot.session:
            await middleware(handled, tap, {"event_from_user": user(), "t": texts["en"]})
    assert fake.methods == ["answerCallbackQuery"]

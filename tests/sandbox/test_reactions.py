"""People react, subscribe and read; the bot reacts; and what each side gets to know of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import ReactionTypeEmoji, Update

from sandbox.client import SimClient, SimClientError
from sandbox.server import LocalTelegram
from sandbox.world import CHANNEL, MODERATORS

from .conftest import TOKEN, Stage, bot_at

ANYA, BORIS, MODERATOR = 1001, 1002, 3001
KINDS = ["message", "message_reaction", "message_reaction_count", "chat_member"]


async def listening(stage: Stage) -> None:
    """The bot wants to hear of reactions."""
    await stage.bot.get_updates(offset=-1, allowed_updates=KINDS)


async def heard(stage: Stage) -> list[Update]:
    """What came since; confirms it."""
    updates = await stage.bot.get_updates()
    if updates:
        await stage.bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def post(stage: Stage) -> int:
    return (await stage.bot.send_message(CHANNEL, "new mentor")).message_id


async def test_a_channel_tells_counts_and_no_names(stage: Stage) -> None:
    await listening(stage)
    message_id = await post(stage)
    await stage.sim.react(CHANNEL, message_id, "👍", person=ANYA)
    await stage.sim.react(CHANNEL, message_id, "👍", person=BORIS)
    await stage.sim.react(CHANNEL, message_id, "🔥", person=BORIS)
    await stage.sim.react(CHANNEL, message_id, None, person=ANYA)
    told = [update.message_reaction_count for update in await heard(stage)]
    counted = [
        {
            each.type.emoji: each.total_count
            for each in one.reactions
            if isinstance(each.type, ReactionTypeEmoji)
        }
        for one in told
        if one
    ]
    assert counted == [{"👍": 1}, {"👍": 2}, {"👍": 1, "🔥": 1}, {"🔥": 1}]
    assert (await stage.sim.newest(CHANNEL)).reactions == {"🔥": 1}


@pytest.mark.parametrize(("chat", "person"), [(ANYA, ANYA), (MODERATORS, MODERATOR)])
async def test_elsewhere_who_and_what_is_told(stage: Stage, chat: int, person: int) -> None:
    await stage.sim.send_text(ANYA, "/start")
    await listening(stage)
    sent = await stage.bot.send_message(chat, "x")
    for emoji in ("👍", "❤️", None):
        await stage.sim.react(chat, sent.message_id, emoji, person=person)
    told = [update.message_reaction for update in await heard(stage) if update.message_reaction]
    changes = [
        (
            one.user.id if one.user else None,
            [*map(emoji_of, one.old_reaction)],
            [*map(emoji_of, one.new_reaction)],
        )
        for one in told
    ]
    assert changes == [(person, [], ["👍"]), (person, ["👍"], ["❤"]), (person, ["❤"], [])]


def emoji_of(reaction: Any) -> str:
    assert isinstance(reaction, ReactionTypeEmoji)
    return reaction.emoji


async def test_the_same_reaction_again_changes_nothing(stage: Stage) -> None:
    await listening(stage)
    message_id = await post(stage)
    for _ in range(2):
        await stage.sim.react(CHANNEL, message_id, "👍", person=ANYA)
    assert len(await heard(stage)) == 1


async def test_reactions_come_only_when_named(stage: Stage) -> None:
    message_id = await post(stage)
    await stage.sim.react(CHANNEL, message_id, "👍", person=ANYA)
    assert await heard(stage) == []


async def test_the_bot_reacts_and_takes_it_back(stage: Stage) -> None:
    sent = await stage.sim.send_text(ANYA, "/start")
    where: dict[str, Any] = {"chat_id": ANYA, "message_id": sent.message.message_id}
    await stage.bot.set_message_reaction(**where, reaction=[ReactionTypeEmoji(emoji="👀")])
    await stage.sim.react(ANYA, sent.message.message_id, "👀")
    (shown,) = await stage.sim.transcript(ANYA)
    assert (shown.bot_reaction, shown.reactions) == ("👀", {"👀": 2})
    await stage.bot.set_message_reaction(**where, reaction=[])
    (shown,) = await stage.sim.transcript(ANYA)
    assert (shown.bot_reaction, shown.reactions) == (None, {"👀": 1})


REFUSED: list[tuple[Any, str]] = [
    ([{"type": "emoji", "emoji": "🧦"}], "REACTION_INVALID"),
    ([{"type": "custom_emoji", "custom_emoji_id": "1"}], "REACTION_INVALID"),
    ([{"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "🔥"}], "REACTIONS_TOO_MANY"),
    (["x"], "can't parse reaction type: Can't find field \"type\""),
]


@pytest.mark.parametrize(("reaction", "text"), REFUSED)
async def test_what_is_no_reaction_is_refused(stage: Stage, reaction: Any, text: str) -> None:
    message_id = await post(stage)
    body = {"chat_id": CHANNEL, "message_id": message_id, "reaction": reaction}
    assert (await stage.raw("setMessageReaction", json=body))["description"] == f"Bad Request: {text}"


async def test_a_reaction_needs_a_message(stage: Stage) -> None:
    with pytest.raises(TelegramBadRequest, match="message to react not found"):
        await stage.bot.set_message_reaction(CHANNEL, 77, reaction=[ReactionTypeEmoji(emoji="👍")])
    with pytest.raises(SimClientError, match="there is no message 77"):
        await stage.sim.react(CHANNEL, 77, "👍", person=ANYA)


async def test_people_react_only_with_reactions_and_where_they_are(stage: Stage) -> None:
    message_id = await post(stage)
    with pytest.raises(SimClientError, match="'🧦' is no reaction"):
        await stage.sim.react(CHANNEL, message_id, "🧦", person=ANYA)
    sent = await stage.bot.send_message(MODERATORS, "x")
    with pytest.raises(SimClientError, match="not a member"):
        await stage.sim.react(MODERATORS, sent.message_id, "👍", person=ANYA)


async def test_those_who_watch_see_a_reaction(stage: Stage) -> None:
    message_id = await post(stage)
    await stage.sim.react(CHANNEL, message_id, "👍", person=ANYA)
    event = await stage.sim.wait_for(lambda event: event.type == "reaction")
    assert event.message
    assert (event.message.reactions, event.fields["message"]["reacted"]) == ({"👍": 1}, {str(ANYA): "👍"})


async def subscribers(stage: Stage) -> int:
    chats = (await stage.sim.state())["chats"]
    return next(int(chat["subscribers"]) for chat in chats if chat["id"] == CHANNEL)


async def test_people_come_to_a_channel_and_go(stage: Stage) -> None:
    await listening(stage)
    counts = [await subscribers(stage)]
    await stage.sim.unsubscribe(CHANNEL, ANYA)
    await stage.sim.unsubscribe(CHANNEL, ANYA)
    counts.append(await subscribers(stage))
    await stage.sim.subscribe(CHANNEL, ANYA)
    counts.append(await subscribers(stage))
    assert counts == [4, 3, 4]
    assert await stage.bot.get_chat_member_count(CHANNEL) == 5
    told = [update.chat_member for update in await heard(stage)]
    assert [one.new_chat_member.status for one in told if one] == ["left", "member"]


async def test_the_owner_of_a_channel_stays_and_a_private_chat_has_no_subscribers(stage: Stage) -> None:
    with pytest.raises(SimClientError, match="owns Новые менторы"):
        await stage.sim.unsubscribe(CHANNEL, MODERATOR)
    with pytest.raises(SimClientError, match="is private"):
        await stage.sim.subscribe(ANYA, BORIS)


async def test_views_are_counted_once_for_each_person(stage: Stage) -> None:
    first = await post(stage)
    await post(stage)
    for _ in range(2):
        await stage.sim.view(CHANNEL, person=ANYA)
    await stage.sim.view(CHANNEL, first, count=10)
    assert [message.views for message in await stage.sim.transcript(CHANNEL)] == [11, 1]
    with pytest.raises(SimClientError, match="is no channel"):
        await stage.sim.view(ANYA, person=ANYA)


async def test_reactions_and_views_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "telegram.json"
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        bot = bot_at(telegram.url)
        await bot.send_message(CHANNEL, "x")
        await sim.react(CHANNEL, 1, "👍", person=ANYA)
        await sim.view(CHANNEL, person=ANYA)
        await bot.session.close()
    async with LocalTelegram(TOKEN, state=state) as telegram, SimClient(telegram.url) as sim:
        await sim.react(CHANNEL, 1, "👍", person=BORIS)
        await sim.react(CHANNEL, 1, None, person=ANYA)
        await sim.view(CHANNEL, person=ANYA)
        shown = await sim.newest(CHANNEL)
        assert (shown.reactions, shown.views) == ({"👍": 1}, 1)

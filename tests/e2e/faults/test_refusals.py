"""Telegram says no: to everybody for a while, or to one chat for good. The rest of the queue is unharmed."""

from datetime import timedelta

from sqlalchemy import insert, select, text

from db.models import Person
from db.queries import clock
from sandbox.calls import Call
from sandbox.client import SimClient
from sandbox.server import LocalTelegram
from sandbox.world import MODERATORS
from tests.e2e.faults.ledger import Ledger
from tests.e2e.faults.replicas import Replicas
from tests.e2e.faults.waiting import until

RETRY_AFTER = 3
RATE = "30"
OTHERS = 20
IN_FLIGHT = 8
#: Seconds in which a call may still come that was begun before the refusal was read.
ON_ITS_WAY = 0.5
MODERATOR = 3001


async def test_429_stops_every_call_for_its_time_and_then_all_of_it_arrives(
    telegram: LocalTelegram, ledger: Ledger, bots: Replicas
) -> None:
    await ledger.burst(60, posts=12)
    replica = await bots.leader(SEND_RATE=RATE)
    await ledger.at_least(20)
    async with SimClient(telegram.url) as client:
        await client.add_fault("flood", method="sendMessage", retry_after=RETRY_AFTER)
        await until(lambda: refused_once(telegram), "a call is refused")
        # Somebody writes meanwhile: the reply waits as all calls do.
        await client.send_text(1001, "/start")
        await ledger.settled()
        await client.wait_for_message(1001)

    first, *later = refused(telegram)
    silence = [
        call for call in calls(telegram) if ON_ITS_WAY < call.received_at - answered(first) < RETRY_AFTER
    ]
    assert silence == [], "no call at all, but those that were on their way"
    assert len(later) < IN_FLIGHT, "nobody tries before the time is over"
    account = ledger.account()
    assert account.missing == ()
    assert account.doubles == {}
    assert account.disordered == ()
    await replica.stop()


async def refused_once(telegram: LocalTelegram) -> bool:
    return bool(refused(telegram))


def calls(telegram: LocalTelegram) -> list[Call]:
    """What the bot asked for: its long poll only listens."""
    return [call for _, call in telegram.calls.after(0) if call.method != "getUpdates"]


def refused(telegram: LocalTelegram) -> list[Call]:
    return [call for call in calls(telegram) if call.fault == "flood"]


def answered(call: Call) -> float:
    assert call.answered_at is not None
    return call.answered_at


async def test_a_refusal_concerns_one_chat_and_the_rest_of_the_queue_goes_on(
    telegram: LocalTelegram, ledger: Ledger, bots: Replicas
) -> None:
    blocked, unknown, wrong = ledger.people(3)
    [group] = ledger.chats(1, "group")
    new_id = -1_008_000_000_001
    async with ledger.engine.begin() as connection:
        people = [{"id": number, "first_name": "Person"} for number in (blocked, unknown)]
        await connection.execute(insert(Person), people)
    async with SimClient(telegram.url) as client:
        await client.add_fault("blocked", chat_id=blocked, times=None)
        await client.add_fault("not_found", chat_id=unknown, times=None)
        await client.add_fault("bad_request", chat_id=wrong, description="BUTTON_DATA_INVALID")
        await client.add_fault("migrate", chat_id=group, to=new_id)
        await ledger.write([blocked, unknown, wrong, group, *ledger.people(OTHERS)])
        replica = await bots.leader(SEND_RATE=RATE)
        await ledger.settled()

    of = letters_by_chat(ledger)
    account = ledger.account()
    assert set(account.missing) == {*of[blocked], *of[unknown], of[wrong][0]}
    assert account.doubles == {}
    assert account.disordered == ()
    assert await ledger.state_of(of[blocked] + of[unknown]) == {"cancelled"}
    assert await ledger.state_of(of[wrong][:1]) == {"parked"}
    assert [call.params["text"] for call in ledger.arrived() if call.chat == new_id] == of[group]
    for chat in (blocked, unknown):
        assert len([call for call in calls(telegram) if call.chat == chat]) == 1, "one refusal is enough"
    async with ledger.engine.connect() as connection:
        marked = await connection.execute(select(Person.id).where(Person.blocked_at.is_not(None)))
        assert sorted(marked.scalars()) == [blocked, unknown]
        reasons = await connection.execute(text("SELECT last_error FROM outbox WHERE state = 'parked'"))
        assert "BUTTON_DATA_INVALID" in reasons.scalar_one()
    await replica.stop()


def letters_by_chat(ledger: Ledger) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for letter in ledger.due:
        found.setdefault(letter.chat_id, []).append(letter.dedupe_key)
    return found


async def test_a_lost_answer_sends_a_direct_message_again_but_asks_people_about_a_post(
    telegram: LocalTelegram, ledger: Ledger, bots: Replicas
) -> None:
    moderators, [channel], [person] = MODERATORS, ledger.chats(1, "channel"), ledger.people(1)
    await ledger.write([channel], 2, once=True)
    await ledger.write([person, *ledger.people(OTHERS)])
    post, direct = ledger.due[0].dedupe_key, ledger.due[2].dedupe_key
    async with SimClient(telegram.url) as client:
        await client.add_fault("reset_after", chat_id=channel)
        await client.add_fault("reset_after", chat_id=person)
        replica = await bots.leader(SEND_RATE=RATE, MODERATORS_CHAT_ID=str(moderators))
        await ledger.settled()
        assert await ledger.named("unsure") == {post}
        await tick_all(ledger)
        question = await client.wait_for_message(moderators, lambda message: post in message.text)
        await client.tap(moderators, question.buttons[0], question.message_id, person=MODERATOR)
        await until(
            lambda: is_settled_as(ledger, post, "sent"), "a moderator has said that the post is there"
        )

    assert len(question.buttons) == 2
    account = ledger.account()
    assert account.missing == ()
    assert account.doubles == {direct: 1}
    assert account.disordered == ()
    await replica.stop()


async def tick_all(ledger: Ledger) -> None:
    """Setting the clock makes the leader tick at once."""
    async with ledger.engine.begin() as connection:
        await clock.set_ahead(connection, timedelta())


async def is_settled_as(ledger: Ledger, name: str, state: str) -> bool:
    return await ledger.state_of([name]) == {state}

"""The outbox: what is claimed, in which order, and what people decide."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import clock, outbox, sending
from db.queries.sending import Claimed
from usecases.letters import Letter, Priority, Wording, post

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=30)
ME = "me"
#: Of 20,000 that wait a tenth are edits of the message that went out; each chat has seven.
FILL = text("""
INSERT INTO outbox (chat_id, kind, payload, dedupe_key, priority, target_id)
SELECT n % 3000, CAST(CASE WHEN n % 10 = 0 THEN 'edit' ELSE 'text' END AS outbox_kind), '{"text": "x"}', n,
       n % 5, CASE WHEN n % 10 = 0 THEN (SELECT id FROM outbox WHERE state = 'sent') END
FROM generate_series(1, 20000) AS n
""")


@pytest.fixture(autouse=True)
async def _noon(engine: AsyncEngine) -> None:
    await stand_at(engine, NOON)


async def stand_at(engine: AsyncEngine, at: datetime) -> None:
    async with engine.begin() as connection:
        await clock.stand_at(connection, at)


def letter(key: str, chat: int = 1, priority: Priority = Priority.REMINDER, **more: Any) -> Letter:
    return Letter(chat_id=chat, dedupe_key=key, priority=priority, wording=Wording(text=key), **more)


async def write(engine: AsyncEngine, *letters: Letter) -> Mapping[str, int]:
    async with engine.begin() as connection:
        return await post(connection, letters)


async def claimed(engine: AsyncEngine, *, most: int = 10, name: str = ME, **more: Any) -> list[Claimed]:
    async with engine.begin() as connection:
        return (await sending.claim(connection, name, LEASE, most=most, **more)).rows


async def keys(engine: AsyncEngine, **more: Any) -> list[str]:
    return [row.payload["text"] for row in await claimed(engine, **more)]


async def rows(engine: AsyncEngine) -> dict[str, Any]:
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT * FROM outbox"))
        return {row.dedupe_key: row for row in found}


async def states(engine: AsyncEngine) -> dict[str, str]:
    return {key: row.state for key, row in (await rows(engine)).items()}


async def run(engine: AsyncEngine, work: Any, *arguments: Any, **more: Any) -> Any:
    async with engine.begin() as connection:
        return await work(connection, *arguments, **more)


async def test_what_is_more_urgent_goes_first_then_what_was_due_first(engine: AsyncEngine) -> None:
    early: dict[str, Any] = {"due_at": NOON - MINUTE}
    await write(
        engine,
        letter("digest", 1, Priority.DIGEST),
        letter("reminder", 2),
        letter("reminder due before", 3, **early),
        letter("reply", 4, Priority.REPLY),
        letter("digest due before", 5, Priority.DIGEST, **early),
    )
    assert await keys(engine) == ["reply", "reminder due before", "reminder", "digest due before", "digest"]


async def test_what_is_urgent_is_seen_behind_any_number_that_is_not(engine: AsyncEngine) -> None:
    early: dict[str, Any] = {"due_at": NOON - MINUTE}
    await write(engine, *(letter(str(number), number, Priority.DIGEST, **early) for number in range(9)))
    await write(engine, letter("reply", 20, Priority.REPLY))
    assert await keys(engine, most=1, window=4) == ["reply"]


async def test_what_is_not_due_or_too_late_stays(engine: AsyncEngine) -> None:
    await write(
        engine,
        letter("due", 1),
        letter("later", 2, due_at=NOON + MINUTE),
        letter("over", 3, due_at=NOON - 2 * MINUTE, expires_at=NOON),
    )
    assert await keys(engine) == ["due"]
    assert await run(engine, sending.expire) == 1
    assert await states(engine) == {"due": "sending", "later": "waiting", "over": "expired"}
    await stand_at(engine, NOON + MINUTE)
    assert await keys(engine) == ["later"]


async def test_a_chat_gets_one_at_a_time_in_the_order_of_writing(engine: AsyncEngine) -> None:
    await write(engine, *(letter(f"{number} to {chat}", chat) for number in range(3) for chat in (1, 2)))
    assert await keys(engine) == ["0 to 1", "0 to 2"]
    assert await keys(engine) == [], "each chat has one under way"
    async with engine.begin() as connection:
        await sending.sent(connection, (await rows(engine))["0 to 1"].id, ME, 1, "text")
    assert await keys(engine) == ["1 to 1"]


async def test_what_was_tried_is_overtaken_by_nothing_written_later(engine: AsyncEngine) -> None:
    await write(engine, letter("digest", 1, Priority.DIGEST), letter("reminder", 1))
    assert await keys(engine) == ["reminder"], "what was not tried is overtaken by what is more urgent"
    ids = {key: row.id for key, row in (await rows(engine)).items()}
    await run(engine, sending.sent, ids["reminder"], ME, 1, "text")
    assert await keys(engine) == ["digest"]
    await run(engine, sending.back, ids["digest"], ME, reason="502", pause=MINUTE)
    await write(engine, letter("reply", 1, Priority.REPLY), letter("another chat's", 2))
    assert await keys(engine) == ["another chat's"]
    await stand_at(engine, NOON + MINUTE)
    assert await keys(engine) == ["digest"]


async def test_what_rests_is_left_alone(engine: AsyncEngine) -> None:
    await write(engine, letter("resting", 1), letter("awake", 2))
    assert await keys(engine, resting=[1]) == ["awake"]


async def test_an_edit_waits_for_its_message_and_holds_up_nobody(engine: AsyncEngine) -> None:
    ids = await write(engine, letter("post", -1, Priority.POST, once=True))
    assert await keys(engine) == ["post"]
    await write(
        engine,
        letter("edit", -1, Priority.POST, kind="edit", target=ids["post"]),
        letter("next post", -1, Priority.POST),
    )
    await run(engine, sending.end, ids["post"], ME, "unsure", "no answer")
    assert await keys(engine) == ["next post"]
    await run(engine, sending.sent, (await rows(engine))["next post"].id, ME, 8, "text")
    assert await keys(engine) == []
    await run(engine, outbox.resolve, ids["post"], sent=True)
    [edit] = await claimed(engine)
    assert (edit.payload["text"], edit.target_kind, edit.target_message_id) == ("edit", "text", None)


async def test_an_edit_is_told_which_message_it_means(engine: AsyncEngine) -> None:
    ids = await write(engine, letter("post", -1))
    assert await keys(engine) == ["post"]
    await run(engine, sending.sent, ids["post"], ME, 77, "photo")
    await write(engine, letter("edit", -1, kind="edit", target=ids["post"]))
    [edit] = await claimed(engine)
    assert (edit.target_kind, edit.target_message_id) == ("photo", 77)


async def test_a_crowd_for_one_chat_does_not_hold_up_the_others(engine: AsyncEngine) -> None:
    """Thousands that may not go now stand before one that may: few claims later it has gone."""
    await write(engine, *(letter(f"crowd {number}", -1) for number in range(2_000)), letter("other", 2))
    claims = 0
    while "other" not in (found := await keys(engine, resting=[-1], gap=timedelta(seconds=3))):
        claims += 1
        assert found == []
        assert claims <= 2_000 / 256
    assert await keys(engine) == ["crowd 0"], "the first of them is where it was"


async def test_those_who_wait_for_another_try_do_not_hold_up_the_others(engine: AsyncEngine) -> None:
    """In front are only such whose chats have something before them that is tried again in a minute."""
    few: dict[str, Any] = {"window": 8, "gap": timedelta(seconds=1)}
    for chat in range(1, 9):
        await write(engine, letter(f"tried {chat}", chat, Priority.REPLY))
        [row] = await claimed(engine, **few)
        await run(engine, sending.back, row.id, ME, reason="502", pause=MINUTE)
    await write(engine, *(letter(f"behind {chat}", chat, Priority.REPLY) for chat in range(1, 9)))
    await write(engine, letter("other", 9))
    assert await keys(engine, **few) == []
    assert await keys(engine, **few) == ["other"]
    await stand_at(engine, NOON + MINUTE)
    assert await keys(engine, **few) == [f"tried {chat}" for chat in range(1, 9)]


async def test_putting_off_keeps_the_order_of_a_chat(engine: AsyncEngine) -> None:
    await write(engine, *(letter(str(number), 1) for number in range(24)))
    gap = timedelta(seconds=1)
    sent: list[str] = []
    for second in range(36):
        await stand_at(engine, NOON + second * gap)
        await keys(engine, resting=[1], gap=gap, window=8)
        for row in await claimed(engine, most=2, gap=gap, window=8):
            await run(engine, sending.sent, row.id, ME, 1, "text")
            sent.append(row.payload["text"])
    assert sent == [str(number) for number in range(24)]


async def test_two_senders_never_get_the_same(engine: AsyncEngine) -> None:
    await write(engine, *(letter(str(number), number) for number in range(20)))
    async with engine.begin() as first, engine.begin() as second:
        mine = await sending.claim(first, ME, LEASE, most=12)
        theirs = await sending.claim(second, "other", LEASE, most=12)
    assert len(mine.rows) == 12
    assert not {row.id for row in mine.rows} & {row.id for row in theirs.rows}


async def test_a_lease_that_ended_is_taken_back(engine: AsyncEngine) -> None:
    ids = await write(
        engine, letter("direct", 1), letter("post", -1, once=True), letter("not begun", -2, once=True)
    )
    await claimed(engine)
    for key in ("direct", "post"):
        assert await run(engine, sending.begin, ids[key], ME, LEASE)
    assert await run(engine, sending.recover) == 0, "the leases last"
    await run(
        engine,
        lambda connection: connection.execute(
            text("UPDATE outbox SET leased_until = now() - interval '1 second'")
        ),
    )
    assert not await run(engine, sending.begin, ids["direct"], ME, LEASE), "nothing is begun any more"
    assert await run(engine, sending.recover) == 3
    assert await states(engine) == {"direct": "waiting", "post": "unsure", "not begun": "waiting"}


async def test_what_was_taken_back_but_has_gone_out_is_not_sent_again(engine: AsyncEngine) -> None:
    ids = await write(engine, letter("slow", 1), letter("taken", 2))
    await claimed(engine)
    await run(
        engine,
        lambda connection: connection.execute(
            text("UPDATE outbox SET leased_until = now() - interval '1 second'")
        ),
    )
    await run(engine, sending.recover)
    await claimed(engine, name="other", resting=[1])
    for row_id in ids.values():
        await run(engine, sending.sent, row_id, ME, 5, "text")
    assert await states(engine) == {"slow": "sent", "taken": "sending"}


async def test_what_is_given_back_was_never_tried(engine: AsyncEngine) -> None:
    ids = await write(engine, letter("one", 1), letter("two", 2))
    await claimed(engine)
    await run(engine, sending.release, list(ids.values()), "other")
    assert set((await states(engine)).values()) == {"sending"}, "only its own"
    await run(engine, sending.release, list(ids.values()), ME)
    assert {(row.state, row.attempts) for row in (await rows(engine)).values()} == {("waiting", 0)}


async def test_people_decide_about_what_is_parked_or_unsure(engine: AsyncEngine) -> None:
    names = ("parked", "dropped", "there", "not there", "waiting")
    ids = await write(engine, *(letter(name, -number, once=True) for number, name in enumerate(names, 1)))
    await claimed(engine, most=4)
    for name in names[:4]:
        state = "parked" if name in ("parked", "dropped") else "unsure"
        await run(engine, sending.end, ids[name], ME, state, "why")
    found = await run(engine, outbox.undecided)
    assert [(row.text, row.state, row.reason) for row in found] == [
        ("parked", "parked", "why"),
        ("dropped", "parked", "why"),
        ("there", "unsure", "why"),
        ("not there", "unsure", "why"),
    ]
    assert await run(engine, outbox.retry, ids["parked"])
    assert await run(engine, outbox.drop, ids["dropped"])
    assert await run(engine, outbox.resolve, ids["there"], sent=True)
    assert await run(engine, outbox.resolve, ids["not there"], sent=False)
    assert not await run(engine, outbox.retry, ids["waiting"])
    assert not await run(engine, outbox.drop, ids["parked"])
    assert not await run(engine, outbox.resolve, ids["there"], sent=True)
    assert await run(engine, outbox.counts_by_state) == {"waiting": 3, "cancelled": 1, "sent": 1}
    assert {row.attempts for row in (await rows(engine)).values() if row.state == "waiting"} == {0}


async def test_what_somebody_sends_once_more_goes_out_even_if_its_time_is_over(engine: AsyncEngine) -> None:
    ids = await write(engine, letter("post", -1, expires_at=NOON + MINUTE))
    await claimed(engine)
    await run(engine, sending.end, ids["post"], ME, "parked", "why")
    await stand_at(engine, NOON + 2 * MINUTE)
    await run(engine, outbox.retry, ids["post"])
    assert await run(engine, sending.expire) == 0
    assert await keys(engine) == ["post"]


async def test_figures_of_the_outbox(engine: AsyncEngine) -> None:
    assert await run(engine, outbox.oldest_waiting) is None
    assert await run(engine, sending.next_due) is None
    ids = await write(engine, letter("new", 1), letter("old", 2, due_at=NOON - MINUTE), letter("sent", 3))
    oldest = await run(engine, outbox.oldest_waiting)
    assert (oldest.id, oldest.chat_id, oldest.age) == (ids["old"], 2, MINUTE)
    assert await run(engine, sending.next_due) == -60
    await claimed(engine)
    await run(engine, sending.sent, ids["sent"], ME, 1, "text")
    await stand_at(engine, NOON + 30 * MINUTE)
    assert await run(engine, outbox.sent_since, 31 * MINUTE) == 1
    assert await run(engine, outbox.sent_since, 29 * MINUTE) == 0


def nodes(plan: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """A plan's steps, each with what it is made of behind it."""
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


async def plan_of_a_claim(connection: AsyncConnection) -> Mapping[str, Any]:
    """As it is made for a claim, and what each step came to."""
    await connection.execute(sending._PLAN_BY_INDEX)
    given = {"name": ME, "lease": LEASE, "most": 25, "resting": [7, 8], "gap": MINUTE, "window": 256}
    explain = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {sending.CLAIM.text}")
    found: Mapping[str, Any] = (await connection.execute(explain, given)).scalar_one()[0]["Plan"]
    return found


@pytest.mark.parametrize("when", ["known", "grown since its figures were taken"])
async def test_a_claim_goes_through_the_indexes_however_much_waits(engine: AsyncEngine, when: str) -> None:
    """No step reads the table as a whole, and none more than a window of each priority."""
    ids = await write(engine, letter("target"))
    await claimed(engine)
    await run(engine, sending.sent, ids["target"], ME, 1, "text")
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        if when != "known":
            await connection.execute(text("ANALYZE outbox"))
        await connection.execute(FILL)
        if when == "known":
            await connection.execute(text("ANALYZE outbox"))
    async with engine.begin() as connection:
        steps = nodes(await plan_of_a_claim(connection))
    read = [step for step in steps if step.get("Relation Name") == "outbox" and "Scan" in step["Node Type"]]
    assert {step["Node Type"] for step in read} <= {"Index Scan", "Index Only Scan"}
    assert "ix_outbox_waiting" in {step["Index Name"] for step in read}
    # The edits' own messages are looked up one by one.
    assert {"pk_outbox", "ix_outbox_of_chat", "ix_outbox_tried"} <= {step["Index Name"] for step in read}
    for step in read:
        seen = step["Actual Rows"] * step["Actual Loops"] + step.get("Rows Removed by Filter", 0)
        assert seen <= 5 * 256, str(step)
    for step in steps:
        if step["Node Type"] == "Sort":
            assert step["Actual Rows"] <= 256, str(step)

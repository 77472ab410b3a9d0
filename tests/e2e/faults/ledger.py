"""What was due, and what arrived at Telegram."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from sandbox.calls import Call
from sandbox.server import LocalTelegram
from sandbox.world import Chat
from tests.e2e.faults.waiting import until
from usecases.letters import Letter, Priority, Wording, post

_FIRST_PERSON = 50_000
_FIRST_CHANNEL = -1_004_000_000_000
#: Few enough that one chat's own pace, one a second, does not hold up the whole.
LETTERS_PER_CHAT = 3
POSTS_PER_CHANNEL = 2


@dataclass(frozen=True, slots=True)
class Account:
    """How what arrived differs from what was due. ``disordered``: chats that got a letter out of turn."""

    missing: tuple[str, ...]
    doubles: dict[str, int]
    disordered: tuple[int, ...]

    @property
    def doubled(self) -> int:
        """How many messages came that should not have come again."""
        return sum(self.doubles.values())


@dataclass
class Ledger:
    """Writes letters into the outbox and counts them at Telegram. The words of each are its name."""

    telegram: LocalTelegram
    engine: AsyncEngine
    due: list[Letter] = field(default_factory=list)

    def people(self, count: int) -> list[int]:
        """So many more people who may be written to."""
        first = _FIRST_PERSON + sum(number >= _FIRST_PERSON for number in self.telegram.world.people)
        for number in range(first, first + count):
            self.telegram.person(number, started=True)
        return list(range(first, first + count))

    def chats(self, count: int, kind: str) -> list[int]:
        """So many more channels or groups."""
        chats = self.telegram.world.chats
        first = min(_FIRST_CHANNEL, *chats) - 1
        for number in range(first, first - count, -1):
            chats[number] = Chat(number, kind, f"Chat {number}")  # type: ignore[arg-type]
        return list(range(first, first - count, -1))

    async def write(self, chats: Sequence[int], each: int = LETTERS_PER_CHAT, *, once: bool = False) -> None:
        """``each`` letters to every chat, in turns: all of one round before the next."""
        await self.post([self.letter(chat, once=once) for _ in range(each) for chat in chats])

    async def burst(self, count: int, *, posts: int = 0, seed: int = 1) -> None:
        """``count`` letters to people, among them ``posts`` posts to channels, mixed by chance."""
        assert (count - posts) % LETTERS_PER_CHAT == 0
        assert posts % POSTS_PER_CHANNEL == 0
        people = self.people((count - posts) // LETTERS_PER_CHAT)
        letters = [self.letter(chat) for _ in range(LETTERS_PER_CHAT) for chat in people]
        channels = self.chats(posts // POSTS_PER_CHANNEL, "channel")
        announced = [self.letter(chat, once=True) for _ in range(POSTS_PER_CHANNEL) for chat in channels]
        await self.post(_shuffled(letters, announced, Random(seed)))

    def letter(self, chat: int, *, once: bool = False) -> Letter:
        """The next one."""
        name = f"letter {len(self.due) + 1}"
        letter = Letter(
            chat_id=chat,
            dedupe_key=name,
            priority=Priority.REMINDER,
            wording=Wording(text=name),
            once=once,
        )
        self.due.append(letter)
        return letter

    async def post(self, letters: Sequence[Letter]) -> None:
        """Into the outbox, in one transaction."""
        async with self.engine.begin() as connection:
            assert len(await post(connection, letters)) == len(letters)

    def arrived(self) -> list[Call]:
        """The letters Telegram took, oldest first: whether or not it could say so."""
        return [call for call in self._calls() if call.taken and call.method in ("sendMessage", "sendPhoto")]

    def names(self) -> list[str]:
        """Their names."""
        return [_name(call) for call in self.arrived() if _name(call).startswith("letter ")]

    def account(self) -> Account:
        """Compare."""
        counted = Counter(self.names())
        missing = tuple(letter.dedupe_key for letter in self.due if letter.dedupe_key not in counted)
        doubles = {name: times - 1 for name, times in counted.items() if times > 1}
        return Account(missing, doubles, tuple(self._disordered()))

    def _disordered(self) -> Iterator[int]:
        """Chats in which the letters did not come, each for the first time, in the order of writing."""
        seen: dict[int, list[str]] = defaultdict(list)
        for call in self.arrived():
            name = _name(call)
            if isinstance(call.chat, int) and name.startswith("letter ") and name not in seen[call.chat]:
                seen[call.chat].append(name)
        for chat, names in seen.items():
            if names != [each.dedupe_key for each in self.due if each.dedupe_key in names]:
                yield chat

    def _calls(self) -> list[Call]:
        return [call for _, call in self.telegram.calls.after(0)]

    async def states(self) -> dict[str, int]:
        """How many rows of the outbox are in which state."""
        async with self.engine.connect() as connection:
            rows = await connection.execute(text("SELECT state::text, count(*) FROM outbox GROUP BY 1"))
            return {row[0]: row[1] for row in rows}

    async def state_of(self, names: Sequence[str]) -> set[str]:
        """The states in which these letters are."""
        async with self.engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT DISTINCT state::text FROM outbox WHERE dedupe_key = ANY(:names)"),
                {"names": list(names)},
            )
            return {row[0] for row in rows}

    async def named(self, state: str) -> set[str]:
        """The letters in a state."""
        async with self.engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT dedupe_key FROM outbox WHERE state::text = :state"), {"state": state}
            )
            return {row[0] for row in rows}

    async def at_least(self, count: int) -> None:
        """Returns when so many messages have arrived."""

        async def there() -> bool:
            return len(self.arrived()) >= count

        await until(there, f"{count} messages arrive")

    async def settled(self) -> None:
        """Returns when nothing waits and nothing is on its way any more."""

        async def quiet() -> bool:
            states = await self.states()
            return not states.keys() & {"waiting", "sending"}

        await until(quiet, "nothing is left waiting or sending")


def _name(call: Call) -> str:
    return str(call.params.get("text", call.params.get("caption", "")))


def _shuffled(letters: Sequence[Letter], posts: Sequence[Letter], random: Random) -> list[Letter]:
    """One list in which both keep their own order."""
    sources = [*(["letter"] * len(letters)), *(["post"] * len(posts))]
    random.shuffle(sources)
    waiting = {"letter": iter(letters), "post": iter(posts)}
    return [next(waiting[source]) for source in sources]

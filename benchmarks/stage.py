"""What a benchmark of the running program needs: a database, the local Telegram, bots, and many students.

Each of them is a process of its own, as in life.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, Self

import aiohttp
import psutil
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from benchmarks.crowded_telegram import TOKEN
from bot.views.callbacks import QuestionTap
from db.embedded import embedded_server
from db.engine import create_engine
from migrations.upgrade import ensure_database, upgrade
from recommender.mentor_file import open_mentor_file
from recommender.taxonomy import load_default
from usecases.import_mentors import import_mentors

_ROOT: Final = Path(__file__).parent.parent
_FIRST_STUDENT: Final = 10_000
_AT_ONCE: Final = 32
_LOOK_SECONDS: Final = 0.02


@contextmanager
def postgres() -> Iterator[URL]:
    """An embedded server with nothing in it."""
    with (
        tempfile.TemporaryDirectory(prefix="shortlist-bench-") as folder,
        embedded_server(Path(folder) / "pg") as url,
    ):
        yield url


async def migrated(server: URL, name: str) -> AsyncEngine:
    """A migrated database with nothing in it."""
    bare = create_async_engine(await ensure_database(server, name), poolclass=NullPool)
    await upgrade(bare)
    await bare.dispose()
    return create_engine(server.set(database=name))


async def filled(server: URL, name: str) -> AsyncEngine:
    """A migrated database with the demo's mentors."""
    engine = await migrated(server, name)
    await import_mentors(
        engine,
        open_mentor_file(_ROOT / "demo" / "mentors.csv", load_default()),
        dry_run=False,
        strict=True,
        deactivate_missing=False,
        on_progress=lambda _done, _all: None,
        on_problem=print,
    )
    return engine


class Program:
    """A process that can be frozen, so that work piles up before it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.pid = process.pid

    def processor_seconds(self) -> float:
        spent = psutil.Process(self.pid).cpu_times()
        return float(spent.user + spent.system)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def program(*arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[Program]:
    """``python -m …`` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=_ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
    )
    running = Program(process)
    try:
        yield running
    finally:
        running.thaw()
        process.terminate()
        process.communicate()


@contextmanager
def local_telegram() -> Iterator[str]:
    """The sandbox; yields its address."""
    with program("sandbox", "--port", "0", "--token", TOKEN) as running:
        assert running.process.stdout is not None
        yield running.process.stdout.readline().split()[-1]


@contextmanager
def bot(
    telegram: str, database: URL, *module: str, more: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """A bot, ours unless another module is named; ``more`` is for its environment."""
    environment = {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": telegram,
        "DATABASE_URL": database.render_as_string(hide_password=False),
        "LOG_LEVEL": "WARNING",
        **(more or {}),
    }
    with program(*(module or ("bot", "run")), environment=environment) as running:
        yield running


class Crowd:
    """Students of one local Telegram, all of them at once. Their screens are the bot's first messages."""

    def __init__(self, url: str, session: aiohttp.ClientSession, count: int) -> None:
        self._url = url
        self._session = session
        self.students = range(_FIRST_STUDENT, _FIRST_STUDENT + count)
        self.screens: dict[int, int] = {}

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str, count: int) -> AsyncIterator[Self]:
        """So many people with a private chat, who have pressed Start and seen the first screen."""
        async with aiohttp.ClientSession() as session:
            crowd = cls(url, session, count)
            people = ({"id": number, "first_name": f"Student {number}"} for number in crowd.students)
            await crowd._all(crowd.post("/sim/people", person) for person in people)
            await crowd.say("/start")
            yield crowd

    async def say(self, words: str) -> None:
        """Everybody sends this, and waits for the screen that comes."""
        before = await self.last_call()
        bodies = ((number, {"from": number, "text": words}) for number in self.students)
        await self._all(self.post(f"/sim/chats/{number}/send", body) for number, body in bodies)
        await self.answered(before, "sendMessage", len(self.students))
        for number in self.students:
            messages = (await self.get(f"/sim/chats/{number}/messages"))["messages"]
            self.screens[number] = messages[-1]["message_id"]

    async def tap(self, taps: Iterable[tuple[int, str]]) -> int:
        """Students tap buttons with these data on their screens; returns how many taps that were."""
        bodies = [(number, self.on_screen(number, data)) for number, data in taps]
        await self._all(self.post(f"/sim/chats/{number}/tap", body) for number, body in bodies)
        return len(bodies)

    def on_screen(self, number: int, data: str) -> dict[str, Any]:
        """A tap as /sim takes it."""
        return {"from": number, "message_id": self.screens[number], "data": data}

    async def last_call(self) -> int:
        """The number of the bot's last call."""
        return int((await self.get("/sim/calls?since=2000000000"))["last"])

    async def answered(self, after: int, method: str, count: int) -> None:
        """Returns when the bot has called the method so many times, counted from call ``after`` on."""
        seen = 0
        while seen < count:
            await asyncio.sleep(_LOOK_SECONDS)
            answer = await self.get(f"/sim/calls?since={after}")
            seen += sum(call["method"].lower() == method.lower() for call in answer["calls"])
            after = answer["last"]

    async def get(self, path: str) -> dict[str, Any]:
        async with self._session.get(self._url + path) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        async with self._session.post(self._url + path, json=body) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, answer
            return answer

    async def _all(self, acts: Iterable[Any]) -> None:
        """In order, so many at once."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(act: Any) -> None:
            async with gate:
                await act

        await asyncio.gather(*(one(act) for act in acts))


#: A whole questionnaire up to its last question.
ANSWERS: Final[tuple[dict[str, str], ...]] = (
    {"step": "direction", "action": "set", "field": "directions", "option": "backend"},
    {"step": "goals", "action": "set", "field": "goals", "option": "interviews"},
    {"step": "goals", "action": "set", "field": "goals", "option": "next_grade"},
    {"step": "goals", "action": "next"},
    {"step": "level", "action": "set", "field": "level", "option": "junior"},
    {"step": "skills", "action": "set", "field": "skills", "option": "python"},
    {"step": "skills", "action": "set", "field": "skills", "option": "postgresql"},
    {"step": "skills", "action": "next"},
    {"step": "budget", "action": "set", "field": "budget", "option": "5000"},
    {"step": "budget", "action": "set", "field": "formats", "option": "regular"},
    {"step": "budget", "action": "next"},
)

#: And the way back to its first one.
BACK: Final[tuple[dict[str, str], ...]] = tuple(
    {"step": step, "action": "back"} for step in ("about", "budget", "skills", "level", "goals")
)


def packed(tap: Mapping[str, str], questionnaire: int) -> str:
    """What the button carries."""
    return QuestionTap.model_validate({"questionnaire": questionnaire, **tap}).pack()


async def running(engine: AsyncEngine) -> dict[int, int]:
    """Each student's running questionnaire."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT person_id, id FROM questionnaires WHERE status = 'running'")
        )
        return {row.person_id: row.id for row in rows}


async def steps(engine: AsyncEngine) -> dict[str, int]:
    """How many running questionnaires stand at which step."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT step, count(*) FROM questionnaires WHERE status = 'running' GROUP BY step")
        )
        return {row[0]: row[1] for row in rows}

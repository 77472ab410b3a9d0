"""kill -9 at any moment: nothing lost, nothing written into the wrong question."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.texts import Translator, translators
from db.models import FailedUpdate, Search
from recommender.taxonomy import load_default
from sandbox.client import Message, SimClient, SimClientError
from sandbox.server import LocalTelegram
from tests.bot.stored import questionnaires
from tests.catalogues import fill, varied
from tests.e2e.killed_bot import start

TOKEN = "42:test"
KILLS = 20
STUDENTS = 38
#: Between two kills the bot makes so many calls, the five or six of its start among them.
CALLS_BETWEEN = (8, 50)
FEWEST_ACTS = 500
_PATIENCE = 5.0
#: The first bot of all has the imports still before it.
_AT_THE_START = 30.0

SHORTLIST = "Вам подходят 3 ментора"
FIELDS = {
    "direction": ("directions",),
    "goals": ("goals",),
    "level": ("level",),
    "skills": ("skills", "free_skills"),
    "budget": ("budget", "formats"),
    "about": ("about",),
}


@dataclass
class Student:
    """Knows what to answer, and does what the newest screen asks for; ``acts`` counts taps and texts."""

    client: SimClient
    t: Translator
    id: int
    wanted: dict[str, tuple[str, ...]]
    acts: int = 0
    asked: set[str] = field(default_factory=set)

    async def play(self) -> None:
        """From /start to the shortlist."""
        await self._write("/start", patience=_AT_THE_START)
        while SHORTLIST not in (screen := await self.client.newest(self.id)).text:
            try:
                await self._answer(screen)
            except SimClientError:
                # Drawn anew under the finger, or nothing came for a while: look again.
                continue

    async def _answer(self, screen: Message) -> None:
        question = self._question(screen)
        self.asked.add(question)
        match question:
            case "direction":
                await self._tap(screen, *self._labels("directions"))
            case "goals":
                await self._tap(screen, *self._missing(screen, "goals"), self.t.plain("button-next"))
            case "level":
                await self._tap(screen, *self._labels("level"))
            case "skills" if self._missing(screen, "skills"):
                await self._write(", ".join((*self._labels("skills"), *self.wanted["free_skills"])))
            case "skills":
                await self._tap(screen, self.t.plain("button-next"))
            case "budget" if self._missing(screen, "budget"):
                await self._write(*self.wanted["budget"])
            case "budget":
                await self._tap(screen, *self._missing(screen, "formats"), self.t.plain("button-next"))
            case "about":
                await self._write(*self.wanted["about"])
            case _:
                await self._tap(screen, self.t.plain("button-latest"))

    def answered(self) -> dict[str, list[str]]:
        """What the student has answered: a question that could change nothing was not asked."""
        names = [name for step in self.asked for name in FIELDS.get(step, ())]
        return {name: sorted(self.wanted[name]) for name in names}

    def _question(self, screen: Message) -> str:
        return next((step for step in FIELDS if self.t.plain(f"ask-{step}") in screen.text), "")

    def _labels(self, name: str) -> tuple[str, ...]:
        return tuple(self.t.option(name, key) for key in self.wanted[name])

    def _missing(self, screen: Message, name: str) -> tuple[str, ...]:
        return tuple(
            label
            for label in self._labels(name)
            if self.t.plain("option-chosen", option=label) not in screen.buttons
        )

    async def _tap(self, screen: Message, label: str, *_: str) -> None:
        """The first of these."""
        tapped = await self.client.tap(self.id, label, screen.message_id)
        self.acts += 1
        await self._see(tapped.event)

    async def _write(self, words: str, *, patience: float = _PATIENCE) -> None:
        sent = await self.client.send_text(self.id, words)
        self.acts += 1
        await self._see(sent.event, patience)

    async def _see(self, event: int, patience: float = _PATIENCE) -> None:
        await self.client.wait_for_message(self.id, after=event, timeout=patience)


@dataclass
class Killer:
    """Starts the bot, and kills it after so many of its calls, again and again."""

    telegram: LocalTelegram
    environment: dict[str, str]
    kills: int = 0

    async def work(self, gaps: Sequence[int], finished: asyncio.Event) -> None:
        """One kill for each gap; then the bot lives until ``finished``, and is stopped in good order."""
        for gap in gaps:
            process = start(self.environment)
            await self._calls(gap)
            process.kill()
            await asyncio.to_thread(process.join)
            process.close()
            self.kills += 1
        process = start(self.environment)
        await finished.wait()
        process.terminate()
        await asyncio.to_thread(process.join)
        assert process.exitcode == 0
        process.close()

    async def _calls(self, count: int) -> None:
        until = self.telegram.calls.last + count
        while self.telegram.calls.last < until:
            await self.telegram.calls.wait_after(self.telegram.calls.last, _PATIENCE)


def wishes(number: int, random: Random) -> dict[str, tuple[str, ...]]:
    """What one student wants; no two write the same words."""
    return {
        "directions": (random.choice(["backend", "frontend", "devops", "qa"]),),
        "goals": tuple(random.sample(["interviews", "first_job", "cv", "other"], 3)),
        "level": (random.choice(["novice", "junior", "middle"]),),
        "skills": tuple(random.sample(["python", "docker", "java", "react"], 2)),
        "free_skills": (f"наука-{number}",),
        "budget": (str(1000 + 10 * number),),
        "formats": tuple(random.sample(["one_off", "regular", "after_offer"], 2)),
        "about": (f"Слова студента {number}",),
    }


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(TOKEN) as local:
        yield local


async def test_twenty_kills_lose_no_answer_and_put_none_into_another_question(
    database: URL, engine: AsyncEngine, telegram: LocalTelegram
) -> None:
    random = Random(20260221)
    await fill(engine, varied(24))
    killer = Killer(
        telegram,
        {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": telegram.url,
            "DATABASE_URL": database.render_as_string(hide_password=False),
            "LOG_LEVEL": "ERROR",
        },
    )
    gaps = [random.randint(*CALLS_BETWEEN) for _ in range(KILLS)]
    t = translators(load_default())["ru"]
    async with SimClient(telegram.url) as client:
        students = [Student(client, t, 5000 + number, wishes(number, random)) for number in range(STUDENTS)]
        for student in students:
            telegram.person(student.id)
        finished = asyncio.Event()
        killing = asyncio.create_task(killer.work(gaps, finished))
        await asyncio.gather(*(student.play() for student in students))
        finished.set()
        await killing

    assert killer.kills == KILLS
    assert sum(student.acts for student in students) >= FEWEST_ACTS
    assert len(telegram.updates) == 0, "the bot's last word confirms what it handled"
    for student in students:
        [questionnaire] = await questionnaires(engine, student.id)
        assert questionnaire.status == "done"
        answers = {name: sorted(found) for name, found in questionnaire.answers.items() if found}
        assert answers == student.answered()
    async with engine.connect() as connection:
        searched = (await connection.execute(select(Search.person_id))).scalars().all()
        failed = (await connection.execute(select(FailedUpdate.error))).scalars().all()
    assert sorted(searched) == sorted(student.id for student in students)
    assert failed == []

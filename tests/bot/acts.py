"""What a student does, as data: so that the same can be done twice, in another order, or on two devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.bot.world import Student


@dataclass(frozen=True)
class Write:
    """Types a text."""

    text: str


@dataclass(frozen=True)
class Tap:
    """Taps the newest button with this label."""

    label: str


Act = Write | Tap

#: From the first word to a shortlist, with a tap or a text at every question.
QUESTIONNAIRE: tuple[Act, ...] = (
    Write("/start"),
    Tap("Бэкенд"),
    Tap("Собеседования"),
    Tap("Резюме и портфолио"),
    Tap("Дальше →"),
    Tap("Middle"),
    Write("Зета"),
    Tap("Дальше →"),
    Tap("до 3\u00a0000 ₽"),
    Write("4500"),
    Tap("Регулярно"),
    Tap("Дальше →"),
    Write("Боюсь собеседований"),
)
ANSWERED = {
    "directions": ["backend"],
    "goals": ["interviews", "cv"],
    "level": ["middle"],
    "skills": [],
    "free_skills": ["Зета"],
    "budget": ["4500"],
    "formats": ["regular"],
    "about": ["Боюсь собеседований"],
}

#: There and back, changing and taking back, and what is done with the mentors found.
WANDERINGS: tuple[Act, ...] = (
    Write("/start"),
    Tap("Фронтенд"),
    Tap("← Назад"),
    Write("бэкенд"),
    Tap("Первая работа"),
    Tap("Другое"),
    Tap("✓ Первая работа"),
    Tap("Дальше →"),
    Tap("Junior"),
    Tap("← Назад"),
    Tap("Senior"),
    Write("Зета"),
    Tap("✓ Зета"),
    Write("Зета, докир"),
    Tap("✓ докир"),
    Tap("Дальше →"),
    Write("7000"),
    Tap("✓ до 7\u00a0000 ₽"),
    Tap("Бесплатно"),
    Write("4500"),
    Tap("Дальше →"),
    Tap("Показать менторов →"),
    Tap("ℹ️ 1"),
    Tap("☆ Сохранить"),
    Tap("★ Сохранено"),
    Tap("✍️ Написать"),
    Tap("← Назад"),
    Tap("✕ Не подходит"),
    Tap("Дорого"),
    Tap("Ещё три →"),
    Tap("Изменить ответы"),
    Tap("Цель"),
    Write("/cancel"),
    Tap("Изменить ответы"),
    Tap("Уровень"),
    Tap("Junior"),
    Tap("Бюджет и формат"),
    Tap("← Оставить как есть"),
    Tap("Показать менторов"),
    Write("/surprise"),
    Tap("Ещё сюрприз 🎲"),
    Write("/new"),
    Tap("Пока не знаю →"),
    Write("/cancel"),
    Tap("Новая анкета"),
    Tap("Бэкенд"),
)


async def send(student: Student, act: Act) -> None:
    """Do it, so that its update waits at Telegram."""
    client = student.world.client
    match act:
        case Write(text):
            await client.send_text(student.id, text)
        case Tap(label):
            await client.tap(student.id, label)


async def do(student: Student, act: Act) -> list[dict[str, Any]]:
    """Do it, and have it handled; returns the updates it made."""
    await send(student, act)
    updates = await student.world.updates()
    for update in updates:
        await student.world.app.intake.take(update)
    await student.world.confirm(updates)
    return updates


async def play(student: Student, acts: Sequence[Act]) -> list[dict[str, Any]]:
    """One after the other."""
    return [update for act in acts for update in await do(student, act)]

"""Mentors for tests: put into the table as an import would."""

from itertools import groupby
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from db.models import MentorProfile


def mentor(number: int, **given: Any) -> dict[str, Any]:
    """A backend mentor that fits most requests; what a test cares about it says itself."""
    return {
        "external_id": f"m{number}",
        "name": f"Ментор {number}",
        "title": "Backend-разработчик",
        "directions": ["backend"],
        "skills": ["python", "postgresql"],
        "goals": ["interviews", "next_grade"],
        "level": "senior",
        "helps_levels": ["novice", "junior", "middle"],
        "formats": ["regular", "one_off"],
        "languages": ["ru"],
        "price": 3000 + 100 * number,
        "telegram": f"demo_mentor_{number}",
        "fingerprint": "",
    } | given


def varied(count: int) -> list[dict[str, Any]]:
    """Mentors different enough that every question can change a shortlist."""
    skills = ["python", "django", "postgresql", "go", "docker", "kubernetes", "java", "react"]
    return [
        mentor(
            number,
            directions=[("backend", "frontend", "devops", "qa")[number % 4]],
            skills=[skills[number % 8], skills[(number * 3 + 1) % 8], skills[(number * 5 + 2) % 8]],
            goals=[("interviews", "first_job", "cv")[number // 4 % 3], "other"],
            level=("middle", "senior", "lead")[number % 3],
            formats=[("one_off", "regular", "after_offer")[number // 4 % 3]],
            price=(0, 3000, 5000, 9000)[number // 4 % 4],
            about="Помогаю с карьерой" if number // 4 % 2 else "Ревью кода и архитектура",
        )
        for number in range(1, count + 1)
    ]


async def fill(engine: AsyncEngine, rows: list[dict[str, Any]]) -> None:
    """Store mentors."""
    async with engine.begin() as connection:
        # Many rows with the same columns are one round trip.
        for _, alike in groupby(rows, key=lambda row: row.keys()):
            await connection.execute(insert(MentorProfile), list(alike))

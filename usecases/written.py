"""Typed answers: what a student's words make of the questionnaire, and what to say about them. Pure."""

import re
from dataclasses import dataclass, replace
from typing import assert_never

from recommender.taxonomy import Taxonomy
from usecases.questions import (
    LONGEST_SKILL,
    Matters,
    Progress,
    Question,
    Step,
    choose,
    onward,
)
from usecases.screens import Notice, NoticeKind

_HIGHEST_BUDGET = 1_000_000


class RefusedError(Exception):
    """The words are no answer to this question; ``notice`` says why."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice.kind)
        self.notice = notice


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads typed answers by the words of a taxonomy."""

    taxonomy: Taxonomy
    matters: Matters

    def read(
        self, progress: Progress, question: Question, text: str | None
    ) -> tuple[Progress, Notice | None]:
        """The progress after a typed answer, and a word about it; ``text`` None for a sticker and the like.

        Raises:
            RefusedError: nothing changes.
        """
        if question.longest == 0:
            raise RefusedError(Notice(NoticeKind.TAP_PLEASE))
        words = " ".join((text or "").split())
        if not words:
            raise RefusedError(Notice(NoticeKind.TEXT_PLEASE))
        if len(words) > question.longest:
            raise RefusedError(Notice(NoticeKind.TOO_LONG, limit=question.longest))
        match question.step:
            case Step.DIRECTION:
                return self._direction(progress, question, words), None
            case Step.SKILLS:
                return self._skills(progress, question, words)
            case Step.BUDGET:
                return choose(progress, question, "budget", str(_amount(words)), on=True), None
            case Step.ABOUT:
                answers = {**progress.answers, "about": ((text or "").strip(),)}
                return onward(replace(progress, answers=answers), question, self.matters), None
            case Step.GOALS | Step.LEVEL:
                raise RefusedError(Notice(NoticeKind.TAP_PLEASE))
            case _:
                assert_never(question.step)

    def _direction(self, progress: Progress, question: Question, words: str) -> Progress:
        found = self.taxonomy.find_direction(words) or next(iter(self.taxonomy.directions_in(words)), None)
        if found is None:
            raise RefusedError(Notice(NoticeKind.UNKNOWN_DIRECTION, words=words))
        return onward(choose(progress, question, "directions", found, on=True), question, self.matters)

    def _skills(self, progress: Progress, question: Question, words: str) -> tuple[Progress, Notice | None]:
        parts = _listed(words)
        known = [found for found in map(self.taxonomy.find_skill, parts) if found is not None]
        unknown = [part for part in parts if self.taxonomy.find_skill(part) is None]
        if any(len(part) > LONGEST_SKILL for part in unknown):
            raise RefusedError(Notice(NoticeKind.TOO_LONG, limit=LONGEST_SKILL))
        skills = tuple(dict.fromkeys((*progress.answers.get("skills", ()), *known)))
        kept = {each.casefold(): each for each in (*unknown, *progress.answers.get("free_skills", ()))}
        most = question.fields[0].most
        if len(skills) + len(kept) > most:
            raise RefusedError(Notice(NoticeKind.TOO_MANY, limit=most))
        answers = {**progress.answers, "skills": skills, "free_skills": tuple(kept.values())}
        notice = Notice(NoticeKind.UNKNOWN_SKILLS, words=", ".join(unknown)) if unknown else None
        return replace(progress, answers=answers), notice


def _listed(words: str) -> list[str]:
    parts = (part.strip(" .") for part in re.split(r"[,;\n]| и ", words))
    return [part for part in parts if part]


def _amount(words: str) -> int:
    """The roubles in "до 4 500 ₽", "5к" or "5 тысяч"."""
    folded = re.sub(r"(?<=\d)[\s\u00a0_](?=\d{3}\b)", "", words.casefold())
    found = re.findall(r"\d+(?:[.,]\d+)?", folded)
    thousands = re.search(r"\d\s*(?:к|k|т|тыс\w*)\b", folded) is not None
    amount = round(float(found[0].replace(",", ".")) * (1000 if thousands else 1)) if len(found) == 1 else -1
    if not 0 <= amount <= _HIGHEST_BUDGET:
        raise RefusedError(Notice(NoticeKind.NOT_A_NUMBER, words=words))
    return amount

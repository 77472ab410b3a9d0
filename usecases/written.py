"""Typed answers: what a student's words make of the questionnaire, and what to say about them. Pure."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import assert_never

from recommender.mentor_values import BadValueError, currency, named
from recommender.model import Level, SkillKey
from recommender.phrases import words_of
from recommender.taxonomy import Taxonomy
from usecases.questions import (
    LONGEST_SKILL,
    Matters,
    Progress,
    Question,
    Step,
    TooManyError,
    choose,
    onward,
)
from usecases.screens import Notice, NoticeKind

HIGHEST_BUDGET = 1_000_000

_ZERO_WIDTH_JOINER = "\u200d"  # holds emoji together
_FREE_OF_CHARGE = re.compile(r"\W*(?:бесплатно|даром|free|free of charge)\W*")
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[\s.,_'](?=\d{3}(?!\d))")
# "2000-" of "2000-3000" and "2 тыс. до" of "от 2 тыс. до 3": who names two ends can pay the upper one.
_LOWER_END = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:(?:тыс\w*|thousand|руб\w*|[кkтр₽])\.?\s*)*(?:[-–—−]|до|to)\s*(?=\d)"
)
_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"тыс|thousand|\d\s*(?:[кkт]|т\.?\s?р)(?!\w)")
# What people call other money, beside the names that mentor_file.toml has.
_SLANG = re.compile(r"бакс|\bbucks?\b|\bу\.?е\.?(?!\w)")

_BETWEEN_SKILLS = re.compile(r"[;\n]|,(?![^()]*\))")
# How well a skill is known, written beside its name.
_ASIDE = re.compile(
    r"немного|чуть(?:-чуть)?|слегка|базов\w+|база|основ[аы]?|начальн\w+|начал[аи]?|начинаю|учу|изучаю|выучить"
    r"|знаю|знаком\w*|умею|хочу|подтянуть|хорошо|плохо|слабо|средне|уверенно|с|нуля"
    r"|a|bit|of|some|basics?|beginner|little|know|knowing|learn|learning|started|want|to|well|poorly"
)


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
        written = visible(text or "")
        words = " ".join(written.split())
        if not words:
            raise RefusedError(Notice(NoticeKind.TEXT_PLEASE))
        if len(words) > question.longest and question.step is not Step.BUDGET:
            raise RefusedError(Notice(NoticeKind.TOO_LONG, limit=question.longest))
        match question.step:
            case Step.DIRECTION:
                return self._direction(progress, question, words)
            case Step.GOALS:
                return _goals(progress, question, words)
            case Step.LEVEL:
                return self._level(progress, question, words)
            case Step.SKILLS:
                return self._skills(progress, question, written)
            case Step.BUDGET:
                amount = str(amount_of(words, question.longest))
                return choose(progress, question, "budget", amount, on=True), None
            case Step.ABOUT:
                answers = {**progress.answers, "about": (words,)}
                return onward(replace(progress, answers=answers), question, self.matters), None
            case _:
                assert_never(question.step)

    def _direction(self, progress: Progress, question: Question, words: str) -> tuple[Progress, Notice]:
        found = self.taxonomy.find_direction(words) or next(iter(self.taxonomy.directions_in(words)), None)
        if found is None:
            raise RefusedError(Notice(NoticeKind.UNKNOWN_DIRECTION, words=words))
        return self._onward(progress, question, "directions", found)

    def _level(self, progress: Progress, question: Question, words: str) -> tuple[Progress, Notice]:
        found = set(_values("levels", words)) - {"any"}
        if len(found) != 1:
            raise RefusedError(Notice(NoticeKind.TAP_PLEASE))
        level = Level(found.pop())
        # Students' levels end with those who lead.
        return self._onward(progress, question, "level", Level.LEAD if level is Level.HEAD else level)

    def _onward(
        self, progress: Progress, question: Question, name: str, option: str
    ) -> tuple[Progress, Notice]:
        chosen = choose(progress, question, name, option, on=True)
        noted = Notice(NoticeKind.NOTED, field=name, options=(option,))
        return onward(chosen, question, self.matters), noted

    def _skills(self, progress: Progress, question: Question, text: str) -> tuple[Progress, Notice | None]:
        known, unknown = skills_of(text, self.taxonomy)
        skills = tuple(dict.fromkeys((*progress.answers.get("skills", ()), *known)))
        kept = {each.casefold(): each for each in (*unknown, *progress.answers.get("free_skills", ()))}
        most = question.fields[0].most
        if len(skills) + len(kept) > most:
            raise RefusedError(Notice(NoticeKind.TOO_MANY_SKILLS, limit=most))
        answers = {**progress.answers, "skills": skills, "free_skills": tuple(kept.values())}
        return replace(progress, answers=answers), self._about_unknown(unknown)

    def _about_unknown(self, unknown: list[str]) -> Notice | None:
        if not unknown:
            return None
        near = any(self.taxonomy.nearest_skills(text, 1) for text in unknown)
        kind = NoticeKind.UNKNOWN_SKILLS_NEAR if near else NoticeKind.UNKNOWN_SKILLS
        return Notice(kind, words=", ".join(unknown))


def skills_of(text: str, taxonomy: Taxonomy) -> tuple[list[SkillKey], list[str]]:
    """The skills of a typed list, and what is none; "Python and Zeta" is one of each unless it is a name.

    Raises:
        RefusedError: there is nothing, or something longer than a skill.
    """
    parts = _listed(text)
    if not parts:
        raise RefusedError(Notice(NoticeKind.TEXT_PLEASE))
    known: list[SkillKey] = []
    unknown: list[str] = []
    for part in parts:
        for piece in [part] if _named(part, taxonomy) else re.split(r" (?:и|and) ", part):
            found = _named(piece, taxonomy) or _named(_without_asides(piece), taxonomy)
            known += found
            unknown += [] if found else [piece]
    if any(len(each) > LONGEST_SKILL for each in unknown):
        raise RefusedError(Notice(NoticeKind.TOO_LONG_SKILL, limit=LONGEST_SKILL))
    return known, unknown


def _named(text: str, taxonomy: Taxonomy) -> tuple[SkillKey, ...]:
    """The skills of a text that is nothing but skills: "python django", "JS/TS", "Python (Django)"."""
    whole, _ = taxonomy.sort_skills([text])
    words = [taxonomy.find_skill(word) for word in text.split()]
    found = tuple(word for word in words if word is not None)
    return whole or (found if len(found) == len(words) else ())


def _goals(progress: Progress, question: Question, words: str) -> tuple[Progress, Notice]:
    found = tuple(_values("goals", words))
    if not found:
        raise RefusedError(Notice(NoticeKind.TAP_PLEASE))
    try:
        for goal in found:
            progress = choose(progress, question, "goals", goal, on=True)
    except TooManyError as error:
        raise RefusedError(Notice(NoticeKind.TOO_MANY_GOALS, limit=error.most)) from error
    return progress, Notice(NoticeKind.NOTED, field="goals", options=found)


def _values(table: str, words: str) -> dict[str, None]:
    """The values of a table of ``mentor_file.toml`` that the words name, each once."""
    whole = named(table).whole(words)
    found = [whole] if whole else [span.value for span in named(table).spans(words_of(words))]
    return dict.fromkeys(found)


def visible(text: str) -> str:
    """The text without control characters, direction marks and zero-width spaces."""
    return "".join(each for each in text if each in f"\n\t{_ZERO_WIDTH_JOINER}" or _is_seen(each)).strip(
        f" \n\t{_ZERO_WIDTH_JOINER}"
    )


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"}


def _without_asides(text: str) -> str:
    """A part of a list without how well it is known: "react (начал)" is "react"."""
    words = re.split(r"[\s()]+", text)
    return " ".join(word for word in words if not _ASIDE.fullmatch(word.casefold().strip(".!:—–-")))


def _listed(text: str) -> list[str]:
    """What stands between commas and line ends; a part of mere punctuation is none."""
    parts = (" ".join(part.split()).rstrip(" .") for part in _BETWEEN_SKILLS.split(text))
    return [part for part in parts if any(unicodedata.category(each)[0] in "LNS" for each in part)]


def amount_of(words: str, longest: int) -> int:
    """The roubles in "до 4 500 ₽", "5к", "от 2 до 3 тысяч" (the upper end) or "бесплатно".

    Raises:
        RefusedError: it is no such sum, or has more than ``longest`` characters.
    """
    folded = words.casefold()
    if _FREE_OF_CHARGE.fullmatch(folded):
        return 0
    if _is_other_money(folded):
        raise RefusedError(Notice(NoticeKind.OTHER_CURRENCY, limit=HIGHEST_BUDGET))
    upper = _LOWER_END.sub("", _BETWEEN_THOUSANDS.sub("", folded), count=1)
    found = _NUMBER.findall(upper)
    if len(found) == 1 and len(words) <= longest:
        number = float(found[0].replace(",", ".").replace("−", "-"))
        amount = round(number * (1000 if _THOUSANDS.search(upper) else 1))
        if 0 <= amount <= HIGHEST_BUDGET and number >= 0:
            return amount
    raise RefusedError(Notice(NoticeKind.NOT_A_NUMBER, words=words, limit=HIGHEST_BUDGET))


def _is_other_money(folded: str) -> bool:
    try:
        return _SLANG.search(folded) is not None or currency(folded) != "RUB"
    except BadValueError:
        return False

"""The questionnaire as data, and how one answer leads to the next question. Pure: no database, no clock.

Adding a question is adding a row to :data:`QUESTIONS` (and its texts to the .ftl files).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2s

from recommender.model import DirectionKey, Format, Goal, Level, PriceUnit, Request, SkillKey

#: Grows when the questions change: a row of an older version goes on at its first unanswered question.
VERSION = 1

#: The step behind the last question, where single answers are changed.
REVIEW = "review"


class Step(StrEnum):
    """The questions by name, as stored."""

    DIRECTION = "direction"
    GOALS = "goals"
    LEVEL = "level"
    SKILLS = "skills"
    BUDGET = "budget"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Field:
    """One group of options, ``most`` of them at once. ``options`` None: they come from the catalogue."""

    name: str
    most: int = 1
    options: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One screen.

    ``asks`` names the fields of :class:`recommender.model.Request` it fills: where none of them can change
    the shortlist any more, the question is not asked. ``goes_on``: an option chosen is the whole answer.
    ``longest`` is the limit of a typed answer in characters.
    """

    step: Step
    fields: tuple[Field, ...]
    asks: tuple[str, ...]
    longest: int
    goes_on: bool = False


_STUDENT_LEVELS = (Level.NOVICE, Level.JUNIOR, Level.MIDDLE, Level.SENIOR, Level.LEAD)

QUESTIONS: tuple[Question, ...] = (
    Question(Step.DIRECTION, (Field("directions"),), ("directions",), goes_on=True, longest=100),
    Question(Step.GOALS, (Field("goals", most=3, options=tuple(Goal)),), ("goals",), longest=100),
    Question(Step.LEVEL, (Field("level", options=_STUDENT_LEVELS),), ("level",), goes_on=True, longest=100),
    Question(Step.SKILLS, (Field("skills", most=10),), ("skills",), longest=300),
    Question(
        Step.BUDGET,
        (
            # Roubles an hour, near the deciles of the market; 0 is "free of charge only".
            Field("budget", options=("0", "3000", "5000", "7000", "10000")),
            Field("formats", most=3, options=tuple(Format)),
        ),
        ("budget", "formats"),
        longest=100,
    ),
    Question(Step.ABOUT, (), ("about",), longest=1000),
)
_BY_STEP: Mapping[str, Question] = {question.step: question for question in QUESTIONS}

#: The longest free skill and the number of skills in all: what a screen and a request can carry.
LONGEST_SKILL = 50

Answers = Mapping[str, tuple[str, ...]]
"""Chosen values by field name; a field that is there but empty was skipped."""

Matters = Callable[[str, Request], bool]
"""Whether an answer to this field of the request can still change the shortlist."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a questionnaire stands. ``step`` is a :class:`Step` or :data:`REVIEW`; ``typed`` is the
    message of the newest typed answer, 0 for none. ``languages`` are known without being asked."""

    step: str = Step.DIRECTION
    answers: Answers = field(default_factory=dict)
    editing: bool = False
    done: bool = False
    typed: int = 0
    languages: tuple[str, ...] = ()

    @property
    def request(self) -> Request:
        """What is looked for, as far as it is known."""
        return request_of(self.answers, self.languages)


class TooManyError(Exception):
    """One more option than may be chosen."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most}")
        self.most = most


def question_at(step: str) -> Question | None:
    """The question of a step, None for the review (and for a step of another version)."""
    return _BY_STEP.get(step)


def choose(progress: Progress, question: Question, name: str, option: str, *, on: bool) -> Progress:
    """Set one option on or off: absolute, so that doing it twice changes nothing.

    Free skills count with the known ones.

    Raises:
        TooManyError: as many as may be are chosen already.
        KeyError: the question has no such field.
    """
    field_ = next((each for each in question.fields if each.name == name), None)
    if field_ is None:
        raise KeyError(name)
    before = progress.answers.get(name, ())
    if not on:
        chosen = tuple(value for value in before if value != option)
    elif option in before:
        chosen = before
    elif field_.most == 1:
        chosen = (option,)
    else:
        free = progress.answers.get("free_skills", ()) if name == "skills" else ()
        if len(before) + len(free) >= field_.most:
            raise TooManyError(field_.most)
        chosen = (*before, option)
    return replace(progress, answers={**progress.answers, name: chosen})


def has_answer(progress: Progress, question: Question) -> bool:
    """Whether a question has been answered or skipped."""
    return any(name in progress.answers for name in answer_names(question))


def answer_names(question: Question) -> tuple[str, ...]:
    """The names under which a question's answers are kept."""
    names = tuple(each.name for each in question.fields)
    match question.step:
        case Step.SKILLS:
            return (*names, "free_skills")
        case Step.ABOUT:
            return ("about",)
        case _:
            return names


def skip(progress: Progress, question: Question) -> Progress:
    """Answer with "does not matter"."""
    return replace(progress, answers={**progress.answers, **dict.fromkeys(answer_names(question), ())})


def settle(progress: Progress, question: Question) -> Progress:
    """Leave a question with what is chosen; fields without a choice count as skipped."""
    chosen = {name: progress.answers.get(name, ()) for name in answer_names(question)}
    return replace(progress, answers={**progress.answers, **chosen})


def onward(progress: Progress, question: Question, matters: Matters) -> Progress:
    """Go on to the next question that can still change the shortlist, to the review, or to the end."""
    settled = settle(progress, question)
    if settled.editing:
        return replace(settled, step=REVIEW, editing=False)
    following = next(_after(question.step, settled, matters), None)
    if following is None:
        return replace(settled, done=True)
    return replace(settled, step=following.step)


def backward(progress: Progress, question: Question, matters: Matters) -> Progress:
    """Go back to the question asked before; at the first one stay. While editing, back to the review."""
    if progress.editing:
        return replace(progress, step=REVIEW, editing=False)
    earlier = list(_asked(progress, matters, until=question.step))
    return replace(progress, step=earlier[-1].step) if earlier else progress


def place(progress: Progress, question: Question, matters: Matters) -> tuple[int, int]:
    """The question's number, and how many are asked in all."""
    earlier = sum(1 for _ in _asked(progress, matters, until=question.step))
    return earlier + 1, earlier + 1 + sum(1 for _ in _after(question.step, progress, matters))


def first_asked(matters: Matters, languages: tuple[str, ...] = ()) -> Step:
    """Where a questionnaire begins. Somebody must be asked something, if only whether to go on."""
    nothing = Progress(languages=languages)
    asked = (question.step for question in QUESTIONS if _is_asked(question, nothing, matters))
    return next(asked, QUESTIONS[0].step)


def first_open(answers: Answers) -> str:
    """The step of the first unanswered question, the review if there is none."""
    progress = Progress(answers=answers)
    unanswered = (question.step for question in QUESTIONS if not has_answer(progress, question))
    return next(unanswered, REVIEW)


def request_of(answers: Answers, languages: tuple[str, ...] = ()) -> Request:
    """The request that the answers make, from somebody who speaks these languages."""
    budget = _single(answers, "budget")
    level = _single(answers, "level")
    return Request(
        directions=tuple(DirectionKey(key) for key in answers.get("directions", ())),
        goals=tuple(Goal(key) for key in answers.get("goals", ())),
        level=Level(level) if level else None,
        skills=tuple(SkillKey(key) for key in answers.get("skills", ())),
        free_skills=answers.get("free_skills", ()),
        budget=float(budget) if budget is not None else None,
        price_unit=PriceUnit.HOUR,
        formats=tuple(Format(key) for key in answers.get("formats", ())),
        languages=languages,
        about=_single(answers, "about") or "",
    )


def free_skill_option(text: str) -> str:
    """The option of a free skill: a digest, since a button has 64 bytes and a skill may be longer."""
    return "~" + blake2s(text.casefold().encode(), digest_size=5).hexdigest()


def _single(answers: Answers, name: str) -> str | None:
    chosen = answers.get(name, ())
    return chosen[0] if chosen else None


def _after(step: Step, progress: Progress, matters: Matters) -> Iterator[Question]:
    later = QUESTIONS[QUESTIONS.index(_BY_STEP[step]) + 1 :]
    return (question for question in later if _is_asked(question, progress, matters))


def _asked(progress: Progress, matters: Matters, *, until: Step) -> Iterator[Question]:
    earlier = QUESTIONS[: QUESTIONS.index(_BY_STEP[until])]
    return (question for question in earlier if _is_asked(question, progress, matters))


def _is_asked(question: Question, progress: Progress, matters: Matters) -> bool:
    """By the answers given before the question: what comes later must not unask it."""
    before = _ANSWERED_BEFORE[question.step]
    known = {name: value for name, value in progress.answers.items() if name in before}
    request = request_of(known, progress.languages)
    return any(matters(name, request) for name in question.asks)


_ANSWERED_BEFORE = {
    question.step: frozenset(name for earlier in QUESTIONS[:number] for name in answer_names(earlier))
    for number, question in enumerate(QUESTIONS)
}

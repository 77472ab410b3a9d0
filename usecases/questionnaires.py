"""The questionnaire in the chat: one row per questionnaire, every change under its lock.

A tap says which questionnaire and which step it was drawn for. Where that is no longer the place the student
is at, nothing is written: the current screen is drawn again, with a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import people, questionnaires
from recommender.model import Request
from usecases.catalogue import Catalogue
from usecases.errors import NotYoursError
from usecases.people import PersonId
from usecases.questions import (
    QUESTIONS,
    REVIEW,
    VERSION,
    Answers,
    Field,
    Progress,
    Question,
    Step,
    TooManyError,
    backward,
    choose,
    first_open,
    free_skill_option,
    onward,
    place,
    question_at,
    request_of,
    skip,
)
from usecases.screens import (
    Notice,
    NoticeKind,
    Option,
    OptionGroup,
    QuestionScreen,
    ReviewScreen,
    Screen,
    Tap,
    WelcomeBackScreen,
)
from usecases.shortlists import Shortlists, ShortlistScreen
from usecases.written import Reader, RefusedError

#: The version of the words on the first screen that say what is kept and why.
CONSENT_VERSION = 1

_DIRECTIONS_OFFERED = 24
_SKILLS_OFFERED = 12


@dataclass(frozen=True, slots=True)
class Questionnaires:
    """Everything about answering questions."""

    engine: AsyncEngine
    catalogue: Catalogue
    shortlists: Shortlists

    async def current(self, person_id: PersonId) -> Screen:
        """Where the student is: /start, and whatever was not understood."""
        async with self.engine.begin() as connection:
            row = await questionnaires.latest(connection, person_id)
            if row is None and not await questionnaires.newest_id(connection, person_id):
                row = await questionnaires.begin(connection, person_id, VERSION, Step.DIRECTION)
            return await self._place(connection, person_id, row, None)

    async def begin(self, person_id: PersonId, after: int) -> Screen:
        """A new questionnaire after number ``after``; the same button again finds the one it made."""
        async with self.engine.begin() as connection:
            if await questionnaires.newest_id(connection, person_id) == after:
                await questionnaires.cancel_running(connection, person_id)
                await questionnaires.begin(connection, person_id, VERSION, Step.DIRECTION)
            row = await questionnaires.latest(connection, person_id)
            return await self._place(connection, person_id, row, None)

    async def restart(self, person_id: PersonId, message_id: int) -> Screen:
        """/new: a new questionnaire in place of the running one."""
        async with self.engine.begin() as connection:
            if await people.is_new_message(connection, person_id, message_id):
                await questionnaires.cancel_running(connection, person_id)
                await questionnaires.begin(connection, person_id, VERSION, Step.DIRECTION)
            row = await questionnaires.latest(connection, person_id)
            return await self._place(connection, person_id, row, None)

    async def cancel(self, person_id: PersonId, message_id: int) -> WelcomeBackScreen | None:
        """/cancel: None if nothing ran. A finished questionnaire whose copy was being changed stays."""
        async with self.engine.begin() as connection:
            if not await people.is_new_message(connection, person_id, message_id):
                return None
            cancelled = await questionnaires.cancel_running(connection, person_id)
            row = await questionnaires.latest(connection, person_id)
            newest = await questionnaires.newest_id(connection, person_id)
        return WelcomeBackScreen(newest, row.id if row else 0) if cancelled else None

    async def review(self, person_id: PersonId) -> Screen:
        """ "Change my answers": those of the last finished questionnaire, unless one runs."""
        async with self.engine.begin() as connection:
            row = await questionnaires.latest(connection, person_id)
            if row is not None and row.status == "done":
                return ReviewScreen(row.id, _answers(row))
            return await self._place(connection, person_id, row, Notice(NoticeKind.STALE))

    async def tap(self, person_id: PersonId, tap: Tap) -> Screen:
        """Carry out a button of the questionnaire, if it still fits.

        Raises:
            NotYoursError: no such option; a client can send what no button carries.
        """
        async with self.engine.begin() as connection:
            row = await questionnaires.get(connection, tap.questionnaire_id, person_id)
            if row is not None and tap.action in {"edit", "show"}:
                return await self._from_review(connection, person_id, row, tap)
            question = question_at(tap.step)
            if row is None or row.status != "running" or question is None or tap.step != _progress(row).step:
                return await self._stale(connection, person_id, row, tap)
            try:
                progress = self._apply(_progress(row), question, tap)
            except TooManyError as error:
                notice = Notice(NoticeKind.TOO_MANY, limit=error.most)
                return await self._place(connection, person_id, row, notice)
            return await self._store(connection, person_id, row, progress)

    async def type(self, person_id: PersonId, message_id: int, text: str | None) -> Screen:
        """Take a typed answer; ``text`` None for a sticker, a photo and the like."""
        async with self.engine.begin() as connection:
            new = await people.is_new_message(connection, person_id, message_id)
            row = await questionnaires.latest(connection, person_id)
            if row is None or row.status != "running":
                return await self._place(connection, person_id, row, Notice(NoticeKind.NOT_UNDERSTOOD))
            question = question_at(_progress(row).step)
            if not new or question is None:
                notice = Notice(NoticeKind.TAP_PLEASE) if new else None
                return await self._place(connection, person_id, row, notice)
            reader = Reader(self.catalogue.taxonomy, self._matters)
            try:
                progress, notice = reader.read(_progress(row), question, text)
            except RefusedError as refusal:
                return await self._place(connection, person_id, row, refusal.notice)
            return await self._store(connection, person_id, row, progress, notice)

    # --- one answer ----------------------------------------------------------------------------------

    def _apply(self, progress: Progress, question: Question, tap: Tap) -> Progress:
        match tap.action:
            case "set":
                return self._set(progress, question, tap)
            case "next":
                return onward(progress, question, self._matters)
            case "skip":
                return onward(skip(progress, question), question, self._matters)
            case "back":
                return backward(progress, question, self._matters)
            case "edit" | "show":
                return progress
            case _:
                assert_never(tap.action)

    def _set(self, progress: Progress, question: Question, tap: Tap) -> Progress:
        if tap.field == "free_skills":
            # Only ever taken away by a tap: what puts one there is typing it.
            free = progress.answers.get("free_skills", ())
            kept = tuple(text for text in free if tap.on or free_skill_option(text) != tap.option)
            return replace(progress, answers={**progress.answers, "free_skills": kept})
        if not self._exists(question, tap.field, tap.option):
            raise NotYoursError(f"no option {tap.option!r} of {tap.field!r} at {question.step}")
        chosen = choose(progress, question, tap.field, tap.option, on=tap.on)
        return onward(chosen, question, self._matters) if question.goes_on else chosen

    def _exists(self, question: Question, name: str, option: str) -> bool:
        field = next((each for each in question.fields if each.name == name), None)
        if field is None:
            return False
        if field.options is not None:
            return option in field.options
        known: Mapping[Any, Any] = (
            self.catalogue.taxonomy.directions if name == "directions" else self.catalogue.taxonomy.skills
        )
        return option in known

    # --- where the student is ------------------------------------------------------------------------

    async def _from_review(
        self, connection: AsyncConnection, person_id: PersonId, row: Any, tap: Tap
    ) -> Screen:
        """The review's buttons: change one answer, or show the mentors.

        A finished questionnaire is never changed: its answers are copied into a new one, which /cancel drops.
        """
        current = await questionnaires.latest(connection, person_id)
        at_review = row.status == "running" and row.step == REVIEW
        if current is None or current.id != row.id or not (at_review or row.status == "done"):
            return await self._stale(connection, person_id, row, tap)
        if tap.action == "show":
            shown = replace(_progress(row), done=True)
            return await (
                self._store(connection, person_id, row, shown)
                if at_review
                else self._finished(connection, person_id, row)
            )
        if question_at(tap.option) is None:
            raise NotYoursError(f"no question {tap.option!r}")
        if row.status == "done":
            row = await questionnaires.begin(connection, person_id, VERSION, tap.option)
        progress = Progress(step=tap.option, answers=_answers(current), editing=True)
        return await self._store(connection, person_id, row, progress)

    async def _stale(self, connection: AsyncConnection, person_id: PersonId, row: Any, tap: Tap) -> Screen:
        """The current screen again, with a word; a double tap, whose wish is fulfilled, needs none."""
        current = await questionnaires.latest(connection, person_id)
        if current is not None and current.status == "done":
            return await self._finished(connection, person_id, current)
        same = row is not None and current is not None and row.id == current.id
        notice = None if same and self._is_fulfilled(_progress(row), tap) else Notice(NoticeKind.STALE)
        return await self._place(connection, person_id, current, notice)

    def _is_fulfilled(self, progress: Progress, tap: Tap) -> bool:
        """Whether a tap repeats the one that led here."""
        question = question_at(progress.step)
        if question is None or backward(progress, question, self._matters).step != tap.step:
            return False
        return tap.action != "set" or tap.option in progress.answers.get(tap.field, ())

    async def _finished(self, connection: AsyncConnection, person_id: PersonId, row: Any) -> ShortlistScreen:
        return await self.shortlists.for_answers(
            connection, person_id, row.id, row.revision, request_of(_answers(row))
        )

    async def _store(
        self,
        connection: AsyncConnection,
        person_id: PersonId,
        row: Any,
        progress: Progress,
        notice: Notice | None = None,
    ) -> Screen:
        if progress.answers and not row.answers:
            await people.consent(connection, person_id, CONSENT_VERSION)
        status = "done" if progress.done else "running"
        answers = {name: list(values) for name, values in progress.answers.items()}
        revision = await questionnaires.store(
            connection,
            row.id,
            version=VERSION,
            step=progress.step,
            answers=answers,
            editing=progress.editing,
            status=status,
        )
        if progress.done:
            return await self.shortlists.for_answers(
                connection, person_id, row.id, revision, request_of(progress.answers)
            )
        return await self._draw(connection, person_id, row.id, progress, notice)

    async def _place(
        self, connection: AsyncConnection, person_id: PersonId, row: Any, notice: Notice | None
    ) -> QuestionScreen | ReviewScreen | WelcomeBackScreen:
        """The screen of a row as it stands."""
        if row is None or row.status != "running":
            newest = await questionnaires.newest_id(connection, person_id)
            return WelcomeBackScreen(newest, row.id if row else 0, notice)
        return await self._draw(connection, person_id, row.id, _progress(row), notice)

    async def _draw(
        self,
        connection: AsyncConnection,
        person_id: PersonId,
        questionnaire_id: int,
        progress: Progress,
        notice: Notice | None,
    ) -> QuestionScreen | ReviewScreen:
        question = question_at(progress.step)
        if question is None:
            return ReviewScreen(questionnaire_id, progress.answers, notice)
        number, total = place(progress, question, self._matters)
        fresh = question is QUESTIONS[0] and not progress.answers
        return QuestionScreen(
            questionnaire_id=questionnaire_id,
            step=question.step,
            number=number,
            total=total,
            groups=tuple(self._group(progress, field) for field in question.fields),
            written=next(iter(progress.answers.get("about", ())), "") if question.step is Step.ABOUT else "",
            goes_on=question.goes_on,
            can_go_back=number > 1 and not progress.editing,
            editing=progress.editing,
            first_time=fresh and await people.consent_version(connection, person_id) < CONSENT_VERSION,
            notice=notice,
        )

    def _group(self, progress: Progress, field: Field) -> OptionGroup:
        chosen = progress.answers.get(field.name, ())
        offered = self._offered(progress, field)
        # What was typed, or was offered by an older catalogue, has its button too.
        keys = (*offered, *(value for value in chosen if value not in offered))
        options = [Option(key, key in chosen) for key in keys]
        if field.name == "skills":
            free = progress.answers.get("free_skills", ())
            options += [Option(free_skill_option(text), chosen=True, text=text) for text in free]
        return OptionGroup(field.name, field.most > 1, tuple(options))

    def _offered(self, progress: Progress, field: Field) -> tuple[str, ...]:
        if field.options is not None:
            return field.options
        snapshot = self.catalogue.snapshot
        if field.name == "directions":
            return tuple(snapshot.direction_counts())[:_DIRECTIONS_OFFERED]
        request = request_of(progress.answers)
        frequent = snapshot.frequent_skills(request.directions, _SKILLS_OFFERED)
        near = [
            key for text in request.free_skills for key in self.catalogue.taxonomy.nearest_skills(text, 2)
        ]
        return tuple(dict.fromkeys((*near, *frequent)))

    def _matters(self, name: str, request: Request) -> bool:
        return self.catalogue.matters(name, request)


def _answers(row: Any) -> Answers:
    return {name: tuple(values) for name, values in row.answers.items()}


def _progress(row: Any) -> Progress:
    answers = _answers(row)
    step = row.step if row.version == VERSION else first_open(answers)
    return Progress(step=step, answers=answers, editing=row.editing)

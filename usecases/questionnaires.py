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
from usecases.people import CONSENT_VERSION, Known, Sent
from usecases.questions import (
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
    first_asked,
    first_open,
    free_skill_option,
    onward,
    place,
    question_at,
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

_DIRECTIONS_OFFERED = 24
_SKILLS_OFFERED = 12
#: As many as one message of unknown words can bring up without pushing the others out of sight.
_NEAR_OFFERED = 6


@dataclass(frozen=True, slots=True)
class Questionnaires:
    """Everything about answering questions."""

    engine: AsyncEngine
    catalogue: Catalogue
    shortlists: Shortlists

    async def current(self, person: Known, notice: Notice | None = None) -> Screen:
        """Where the student is: /start, and whatever was not understood."""
        async with self.engine.begin() as connection:
            before = await questionnaires.latest(connection, person.id)
            row = before or await self._latest_or_first(connection, person)
            # A stranger reads the first screen, not what is wrong with their message.
            is_stranger = before is None and row is not None
            return await self._place(connection, person, row, None if is_stranger else notice)

    async def begin(self, person: Known, after: int) -> Screen:
        """A new questionnaire after number ``after``; the same button again finds the one it made."""
        async with self.engine.begin() as connection:
            if await questionnaires.newest_id(connection, person.id) == after:
                await questionnaires.cancel_running(connection, person.id)
                await self._begin(connection, person)
            row = await questionnaires.latest(connection, person.id)
            return await self._place(connection, person, row, None)

    async def restart(self, person: Known, sent: Sent) -> Screen:
        """/new: a new questionnaire in place of the running one."""
        async with self.engine.begin() as connection:
            if await people.is_new_message(connection, person.id, sent.message_id, sent.at):
                await questionnaires.cancel_running(connection, person.id)
                await self._begin(connection, person)
            row = await questionnaires.latest(connection, person.id)
            return await self._place(connection, person, row, None)

    async def cancel(self, person: Known, sent: Sent) -> Screen:
        """/cancel. A finished questionnaire whose copy was being changed stays."""
        async with self.engine.begin() as connection:
            again = not await people.is_new_message(connection, person.id, sent.message_id, sent.at)
            cancelled = again or await questionnaires.cancel_running(connection, person.id)
            row = await questionnaires.latest(connection, person.id)
            if row is not None and row.status == "running":
                return await self._place(connection, person, row, None)
            kind = NoticeKind.CANCELLED if row is None else NoticeKind.CANCELLED_KEPT
            notice = Notice(kind if cancelled else NoticeKind.NOTHING_TO_CANCEL)
            return await self._place(connection, person, row, notice)

    async def review(self, person: Known) -> Screen:
        """ "Change my answers": those of the last finished questionnaire, unless one runs."""
        async with self.engine.begin() as connection:
            row = await questionnaires.latest(connection, person.id)
            if row is not None and row.status == "done":
                newest = await questionnaires.newest_id(connection, person.id)
                return ReviewScreen(row.id, _answers(row), since=newest)
            return await self._place(connection, person, row, Notice(NoticeKind.STALE))

    async def tap(self, person: Known, tap: Tap) -> Screen:
        """Carry out a button of the questionnaire, if it still fits.

        Raises:
            NotYoursError: no such option; a client can send what no button carries.
        """
        async with self.engine.begin() as connection:
            row = await questionnaires.get(connection, tap.questionnaire_id, person.id)
            if row is not None and tap.action in {"edit", "show"}:
                return await self._from_review(connection, person, row, tap)
            question = question_at(tap.step)
            if row is None or question is None or not _is_current(row, person, tap):
                return await self._stale(connection, person, row, tap)
            try:
                progress = self._apply(_progress(row, person), question, tap)
            except TooManyError as error:
                notice = Notice(NoticeKind.TOO_MANY, limit=error.most)
                return await self._place(connection, person, row, notice)
            return await self._store(connection, person, row, progress)

    async def type(self, person: Known, sent: Sent, text: str | None) -> Screen:
        """Take a typed answer; ``text`` None for a sticker, a photo and the like.

        A message that comes again changes nothing: what it led to is shown.
        """
        async with self.engine.begin() as connection:
            again = not await people.is_new_message(connection, person.id, sent.message_id, sent.at)
            row = await questionnaires.latest(connection, person.id)
            if again or row is None:
                return await self._led_to(connection, person, row)
            question = question_at(_progress(row, person).step)
            if row.status != "running" or question is None:
                kind = NoticeKind.TAP_PLEASE if row.status == "running" else NoticeKind.NOT_UNDERSTOOD
                return await self._place(connection, person, row, Notice(kind))
            return await self._read(connection, person, row, question, sent.message_id, text)

    # --- one answer ----------------------------------------------------------------------------------

    async def _read(
        self,
        connection: AsyncConnection,
        person: Known,
        row: Any,
        question: Question,
        message_id: int,
        text: str | None,
    ) -> Screen:
        reader = Reader(self.catalogue.taxonomy, self._matters)
        try:
            progress, notice = reader.read(_progress(row, person), question, text)
        except RefusedError as refusal:
            return await self._place(connection, person, row, refusal.notice)
        typed = replace(progress, typed=message_id)
        return await self._store(connection, person, row, typed, notice)

    async def _led_to(self, connection: AsyncConnection, person: Known, row: Any) -> Screen:
        """What the last answer led to; the first question for somebody who has never seen it."""
        if row is not None and row.status == "done":
            return await self._finished(connection, person, row)
        row = row or await self._latest_or_first(connection, person)
        return await self._place(connection, person, row, None)

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
        if tap.field == "free_skills" and question.step is Step.SKILLS:
            # Only ever taken away by a tap: what puts one there is typing it.
            free = progress.answers.get("free_skills", ())
            kept = tuple(text for text in free if tap.on or free_skill_option(text) != tap.option)
            return replace(progress, answers={**progress.answers, "free_skills": kept})
        field = _field(question, tap.field)
        if field is None or not self._exists(progress, field, tap):
            raise NotYoursError(f"no option {tap.option!r} of {tap.field!r} at {question.step}")
        chosen = choose(progress, question, field.name, tap.option, on=tap.on)
        return onward(chosen, question, self._matters) if question.goes_on else chosen

    def _exists(self, progress: Progress, field: Field, tap: Tap) -> bool:
        """Whether there is such an option: offered, or typed before, as a budget of one's own."""
        # What is not there any more can be taken off twice.
        if not tap.on or tap.option in progress.answers.get(field.name, ()):
            return True
        if field.options is not None:
            return tap.option in field.options
        known: Mapping[Any, Any] = (
            self.catalogue.taxonomy.directions
            if field.name == "directions"
            else self.catalogue.taxonomy.skills
        )
        return tap.option in known

    # --- where the student is ------------------------------------------------------------------------

    async def _from_review(self, connection: AsyncConnection, person: Known, row: Any, tap: Tap) -> Screen:
        """The review's buttons: change one answer, or show the mentors.

        A finished questionnaire is never changed: its answers are copied into a new one, which /cancel drops.
        """
        current = await questionnaires.latest(connection, person.id)
        at_review = row.status == "running" and row.step == REVIEW
        if current is None or current.id != row.id or not (at_review or row.status == "done"):
            return await self._stale(connection, person, row, tap)
        if tap.action == "show":
            shown = replace(_progress(row, person), done=True)
            return await (
                self._store(connection, person, row, shown)
                if at_review
                else self._finished(connection, person, row)
            )
        if question_at(tap.option) is None:
            raise NotYoursError(f"no question {tap.option!r}")
        if row.status == "done":
            newest = await questionnaires.newest_id(connection, person.id)
            if tap.since != newest:
                return ReviewScreen(row.id, _answers(row), newest, Notice(NoticeKind.STALE))
            row = await questionnaires.begin(connection, person.id, VERSION, tap.option)
        progress = replace(_progress(current, person), step=tap.option, editing=True, typed=0)
        return await self._store(connection, person, row, progress)

    async def _stale(self, connection: AsyncConnection, person: Known, row: Any, tap: Tap) -> Screen:
        """The current screen again, with a word; a double tap, whose wish is fulfilled, needs none."""
        current = await questionnaires.latest(connection, person.id)
        if current is not None and current.status == "done":
            return await self._finished(connection, person, current)
        fulfilled = row is not None and current is not None and self._is_fulfilled(person, row, current, tap)
        notice = None if fulfilled else Notice(NoticeKind.STALE)
        return await self._place(connection, person, current, notice)

    def _is_fulfilled(self, person: Known, row: Any, current: Any, tap: Tap) -> bool:
        """Whether a tap repeats the one that led here: carried out where it was drawn, it does so again."""
        progress, question = _progress(current, person), question_at(tap.step)
        if tap.action == "edit":
            return progress.editing and progress.step == tap.option
        if question is None or row.id != current.id:
            return False
        drawn = replace(progress, step=question.step, editing=progress.step == REVIEW)
        try:
            return self._apply(drawn, question, tap) == progress
        except TooManyError:
            return False

    async def _finished(self, connection: AsyncConnection, person: Known, row: Any) -> ShortlistScreen:
        return await self.shortlists.for_answers(
            connection, person.id, row.id, row.revision, _progress(row, person).request
        )

    async def _store(
        self,
        connection: AsyncConnection,
        person: Known,
        row: Any,
        progress: Progress,
        notice: Notice | None = None,
    ) -> Screen:
        # Changing one answer of a copy is not going on from the first screen.
        if progress.answers and not row.answers and not progress.editing:
            await people.consent(connection, person.id, CONSENT_VERSION)
        status = "done" if progress.done else "running"
        answers = {name: list(values) for name, values in progress.answers.items()}
        revision = await questionnaires.store(
            connection,
            row.id,
            version=VERSION,
            step=progress.step,
            answers=answers,
            editing=progress.editing,
            typed_message_id=progress.typed,
            status=status,
        )
        if progress.done:
            return await self.shortlists.for_answers(
                connection, person.id, row.id, revision, progress.request
            )
        return await self._draw(connection, person, row.id, progress, notice)

    async def _place(
        self, connection: AsyncConnection, person: Known, row: Any, notice: Notice | None
    ) -> QuestionScreen | ReviewScreen | WelcomeBackScreen:
        """The screen of a row as it stands."""
        if row is None or row.status != "running":
            newest = await questionnaires.newest_id(connection, person.id)
            return WelcomeBackScreen(newest, row.id if row else 0, notice)
        return await self._draw(connection, person, row.id, _progress(row, person), notice)

    async def _draw(
        self,
        connection: AsyncConnection,
        person: Known,
        questionnaire_id: int,
        progress: Progress,
        notice: Notice | None,
    ) -> QuestionScreen | ReviewScreen:
        question = question_at(progress.step)
        if question is None:
            return ReviewScreen(questionnaire_id, progress.answers, notice=notice)
        number, total = place(progress, question, self._matters)
        fresh = not progress.answers
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
            first_time=fresh and await people.consent_version(connection, person.id) < CONSENT_VERSION,
            since=_since(progress),
            notice=notice,
        )

    def _group(self, progress: Progress, field: Field) -> OptionGroup:
        chosen = progress.answers.get(field.name, ())
        offered = self._offered(progress, field)
        # What was typed, or was offered by an older catalogue, has its button too.
        keys = [*offered, *(value for value in chosen if value not in offered)]
        if field.name == "budget":
            keys.sort(key=int)
        options = [Option(key, key in chosen) for key in keys]
        if field.name == "skills":
            free = progress.answers.get("free_skills", ())
            options += [Option(free_skill_option(text), chosen=True, text=text) for text in free]
        return OptionGroup(field.name, field.most > 1, tuple(options))

    def _offered(self, progress: Progress, field: Field) -> tuple[str, ...]:
        if field.options is not None:
            return field.options
        if field.name == "directions":
            return self.catalogue.directions[:_DIRECTIONS_OFFERED]
        request = progress.request
        frequent = self.catalogue.frequent_skills(request.directions, _SKILLS_OFFERED)
        near = dict.fromkeys(
            key for text in request.free_skills for key in self.catalogue.taxonomy.nearest_skills(text, 2)
        )
        return tuple(dict.fromkeys((*list(near)[:_NEAR_OFFERED], *frequent)))

    async def _begin(self, connection: AsyncConnection, person: Known) -> Any:
        return await questionnaires.begin(
            connection, person.id, VERSION, first_asked(self._matters, _spoken(person))
        )

    async def _latest_or_first(self, connection: AsyncConnection, person: Known) -> Any:
        """The latest questionnaire; a person who never had one begins the first."""
        row = await questionnaires.latest(connection, person.id)
        if row is None and not await questionnaires.newest_id(connection, person.id):
            return await self._begin(connection, person)
        return row

    def _matters(self, name: str, request: Request) -> bool:
        return self.catalogue.matters(name, request)


def _is_current(row: Any, person: Known, tap: Tap) -> bool:
    """Whether a button is one of the question the student is at, drawn after what they typed last."""
    progress = _progress(row, person)
    return row.status == "running" and tap.step == progress.step and tap.since == _since(progress)


def _since(progress: Progress) -> int:
    """A short form of the newest typed answer's message: a button has little room.

    Where a batch of updates comes again after a crash, a tap from before that message must not undo what was
    typed, since the message itself is not read a second time.
    """
    return progress.typed % 1000


def _field(question: Question, name: str) -> Field | None:
    named = (each for each in question.fields if name in ("", each.name))
    return next(named, None)


def _answers(row: Any) -> Answers:
    return {name: tuple(values) for name, values in row.answers.items()}


def _progress(row: Any, person: Known) -> Progress:
    answers = _answers(row)
    step = row.step if row.version == VERSION else first_open(answers)
    return Progress(
        step=step,
        answers=answers,
        editing=row.editing,
        typed=row.typed_message_id,
        languages=_spoken(person),
    )


def _spoken(person: Known) -> tuple[str, ...]:
    """Who reads a language can be taught in it: that need not be asked."""
    return (person.language,)

"""The questionnaire as data: whatever is answered, in whatever order, no question is lost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.model import Goal, Request
from usecases.questions import (
    QUESTIONS,
    REVIEW,
    Field,
    Matters,
    Progress,
    Question,
    Step,
    TooManyError,
    answer_names,
    backward,
    choose,
    first_asked,
    first_open,
    free_skill_option,
    has_answer,
    onward,
    place,
    question_at,
    request_of,
    skip,
)

_OPTIONS = {"directions": ("backend", "qa"), "skills": ("python", "go", "docker", "java")}

questions = st.sampled_from(QUESTIONS)


@st.composite
def matters(draw: st.DrawFn) -> Matters:
    """A catalogue in which some answers change nothing, some only without a certain earlier answer."""
    never = draw(st.sets(st.sampled_from([name for each in QUESTIONS for name in each.asks])))
    settled_by_direction = draw(st.sets(st.sampled_from(["skills", "budget", "formats", "about"])))

    def decide(name: str, request: Request) -> bool:
        return name not in never and not (request.directions and name in settled_by_direction)

    return decide


def options(field: Field) -> tuple[str, ...]:
    return field.options or _OPTIONS[field.name]


@st.composite
def progresses(draw: st.DrawFn, question: Question) -> Progress:
    """Somebody at a question, with anything answered."""
    answers = {
        field.name: tuple(draw(st.lists(st.sampled_from(options(field)), unique=True, max_size=field.most)))
        for each in QUESTIONS
        for field in each.fields
        if draw(st.booleans())
    }
    return Progress(step=question.step, answers=answers)


def never(name: str, request: Request) -> bool:
    return False


def always(name: str, request: Request) -> bool:
    return True


@settings(deadline=None)
@given(data=st.data(), question=questions, matters=matters())
def test_going_on_passes_over_no_question_that_matters(
    data: st.DataObject, question: Question, matters: Matters
) -> None:
    after = onward(data.draw(progresses(question)), question, matters)
    last = len(QUESTIONS) if after.done else _number(after.step)
    passed_over = QUESTIONS[_number(question.step) + 1 : last]
    assert not any(_is_asked(each, after, matters) for each in passed_over)


@settings(deadline=None)
@given(data=st.data(), question=questions, matters=matters())
def test_going_on_leaves_the_question_answered(
    data: st.DataObject, question: Question, matters: Matters
) -> None:
    after = onward(data.draw(progresses(question)), question, matters)
    assert has_answer(after, question)


@settings(deadline=None)
@given(data=st.data(), question=questions, matters=matters())
def test_back_and_then_next_returns_with_every_answer(
    data: st.DataObject, question: Question, matters: Matters
) -> None:
    there = data.draw(progresses(question))
    if not _is_asked(question, there, matters):
        return
    here = onward(there, question, matters)
    if here.done or (place_ := question_at(here.step)) is None:
        return
    back = backward(here, place_, matters)
    question_before = question_at(back.step)
    assert question_before is not None
    assert back.answers == here.answers
    assert onward(back, question_before, matters) == here


@settings(deadline=None)
@given(data=st.data(), question=questions, matters=matters())
def test_back_at_the_first_question_stays(data: st.DataObject, question: Question, matters: Matters) -> None:
    progress = data.draw(progresses(question))
    back = backward(progress, question, matters)
    assert _number(back.step) <= _number(question.step)
    assert (back.step == question.step) == (place(progress, question, matters)[0] == 1)


@settings(deadline=None)
@given(data=st.data(), matters=matters())
def test_numbers_count_up_by_one_to_a_total_that_includes_them(data: st.DataObject, matters: Matters) -> None:
    progress, number = Progress(first_asked(matters)), 0
    while not progress.done:
        question = question_at(progress.step)
        assert question is not None
        found, total = place(progress, question, matters)
        assert (found, found <= total) == (number + 1, True)
        number = found
        answered = _answered(data, progress, question)
        progress = onward(answered, question, matters)


@settings(deadline=None)
@given(data=st.data(), question=questions, on=st.booleans())
def test_setting_an_option_twice_is_setting_it_once(
    data: st.DataObject, question: Question, on: bool
) -> None:
    progress = data.draw(progresses(question))
    for field in question.fields:
        option = data.draw(st.sampled_from(options(field)))
        try:
            once = choose(progress, question, field.name, option, on=on)
        except TooManyError:
            assert len(progress.answers[field.name]) == field.most
            continue
        assert choose(once, question, field.name, option, on=on) == once
        assert (option in once.answers[field.name]) == on


@settings(deadline=None)
@given(data=st.data(), question=questions)
def test_choosing_touches_no_other_field(data: st.DataObject, question: Question) -> None:
    progress = data.draw(progresses(question))
    for field in question.fields:
        option = data.draw(st.sampled_from(options(field)))
        after = choose(progress, question, field.name, option, on=False)
        assert {**after.answers, field.name: ()} == {**progress.answers, field.name: ()}


@settings(deadline=None)
@given(data=st.data(), question=questions, matters=matters())
def test_an_edited_answer_leads_back_to_the_review(
    data: st.DataObject, question: Question, matters: Matters
) -> None:
    editing = replace(data.draw(progresses(question)), editing=True)
    for after in (onward(editing, question, matters), backward(editing, question, matters)):
        assert (after.step, after.editing, after.done) == (REVIEW, False, False)


def test_a_chosen_option_set_again_keeps_its_place() -> None:
    goals = QUESTIONS[1]
    progress = Progress(Step.GOALS, {"goals": ("interviews", "cv")})
    assert choose(progress, goals, "goals", "interviews", on=True).answers["goals"] == ("interviews", "cv")


def test_another_single_choice_replaces_the_first() -> None:
    progress = choose(Progress(answers={"level": ("junior",)}), QUESTIONS[2], "level", "middle", on=True)
    assert progress.answers["level"] == ("middle",)


def test_a_fourth_goal_is_refused_with_the_limit() -> None:
    full = Progress(Step.GOALS, {"goals": tuple(Goal)[:3]})
    with pytest.raises(TooManyError) as refused:
        choose(full, QUESTIONS[1], "goals", Goal.OTHER, on=True)
    assert refused.value.most == 3


def test_free_skills_count_with_the_known_ones() -> None:
    full = Progress(
        Step.SKILLS, {"skills": ("python",), "free_skills": tuple(f"skill {n}" for n in range(9))}
    )
    with pytest.raises(TooManyError):
        choose(full, QUESTIONS[3], "skills", "go", on=True)


def test_the_quickest_student_needs_six_taps() -> None:
    progress, taps = Progress(), 0
    while not progress.done:
        question = question_at(progress.step)
        assert question is not None
        progress, taps = onward(skip(progress, question), question, always), taps + 1
    assert taps == 6


def test_skipping_a_question_asks_for_nothing() -> None:
    progress = Progress()
    for question in QUESTIONS:
        progress = skip(progress, question)
    assert request_of(progress.answers) == Request()


def test_free_of_charge_is_a_budget_and_no_answer_is_none() -> None:
    assert request_of({"budget": ("0",)}).budget == 0
    assert request_of({"budget": ()}).budget is None


def test_a_questionnaire_of_another_version_goes_on_at_its_first_open_question() -> None:
    assert first_open({"directions": ("qa",), "goals": ()}) == Step.LEVEL
    assert first_open({name: () for each in QUESTIONS for name in answer_names(each)}) == REVIEW


@settings(deadline=None)
@given(st.text(min_size=1, max_size=50))
def test_the_option_of_a_free_skill_is_short_and_the_same_in_any_case(text: str) -> None:
    assert len(free_skill_option(text)) == 11
    assert free_skill_option(text) == free_skill_option(text.casefold())


def test_a_catalogue_in_which_nothing_matters_is_asked_one_question() -> None:
    progress = Progress(first_asked(never))
    assert place(progress, QUESTIONS[0], never) == (1, 1)
    assert onward(progress, QUESTIONS[0], never).done


def _number(step: str) -> int:
    return [each.step for each in QUESTIONS].index(Step(step))


def _is_asked(question: Question, progress: Progress, matters: Matters) -> bool:
    earlier = QUESTIONS[: _number(question.step)]
    names = {name for each in earlier for name in answer_names(each)}
    request = request_of({name: values for name, values in progress.answers.items() if name in names})
    return any(matters(name, request) for name in question.asks)


def _answered(data: st.DataObject, progress: Progress, question: Question) -> Progress:
    if not question.fields or data.draw(st.booleans()):
        return skip(progress, question)
    field = question.fields[0]
    return choose(progress, question, field.name, data.draw(st.sampled_from(options(field))), on=True)

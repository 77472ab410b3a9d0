"""Typed answers, read and refused: tables that can be checked by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.model import Request
from recommender.taxonomy import load_default
from usecases.questions import QUESTIONS, Progress, Question, Step, answer_names
from usecases.screens import Notice, NoticeKind
from usecases.written import Reader, RefusedError


def always(name: str, request: Request) -> bool:
    return True


READER = Reader(load_default(), always)
DIRECTION, GOALS, LEVEL, SKILLS, BUDGET, ABOUT = QUESTIONS


def read(question: Question, text: str | None) -> tuple[dict[str, tuple[str, ...]], NoticeKind | None]:
    progress, notice = READER.read(Progress(question.step), question, text)
    return dict(progress.answers), notice.kind if notice else None


def refusal(question: Question, text: str | None) -> NoticeKind:
    with pytest.raises(RefusedError) as refused:
        READER.read(Progress(question.step), question, text)
    return refused.value.notice.kind


@pytest.mark.parametrize(
    ("text", "roubles"),
    [
        ("4500", 4500),
        ("до 4 500 ₽", 4500),
        ("до 4\u00a0500 ₽", 4500),
        ("4_500", 4500),
        ("5.000", 5000),
        ("5,000 руб", 5000),
        ("1 000 000", 1_000_000),
        ("5к", 5000),
        ("5 K", 5000),
        ("2,5к", 2500),
        ("5 тысяч", 5000),
        ("5-ти тысяч", 5000),
        ("5т", 5000),
        ("5тр", 5000),
        ("5 т.р.", 5000),
        ("3000 р/час", 3000),
        ("0", 0),
        ("бесплатно", 0),
        ("Бесплатно!", 0),
        ("free", 0),
        ("٣٠٠٠", 3000),
        ("4500.40", 4500),
        ("3000-5000", 5000),
        ("2000–3000 ₽", 3000),
        ("4 500 - 5 000", 5000),
        ("2-3 тыс", 3000),
        ("2к-3к", 3000),
        ("2,5-3к", 3000),
        ("от 3000 до 5000", 5000),
        ("от 2 до 3 тысяч", 3000),
        ("от 2 тыс. до 3 тыс. руб.", 3000),
        ("from 2 to 3 thousand", 3000),
        ("Готова платить не больше 3000 рублей в час", 3000),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, roubles: int) -> None:
    assert read(BUDGET, text) == ({"budget": (str(roubles),)}, None)


@pytest.mark.parametrize(
    "text",
    ["много", "1-2-3", "1e9", "-5", "−500", "1000001", "9" * 30, "5к 3", "🙂", "½"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert refusal(BUDGET, text) is NoticeKind.NOT_A_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "100 долларов",
        "$50",
        "50$ в час",
        "50 USD",
        "50 евро",
        "до 20 €",
        "5000 тенге",
        "30 баксов",
        "50 у.е.",
        "20 bucks",
    ],
)
def test_an_amount_of_other_money_is_not_taken_for_roubles(text: str) -> None:
    assert refusal(BUDGET, text) is NoticeKind.OTHER_CURRENCY


@pytest.mark.parametrize("text", ["сколько нужно, столько и заплачу, лишь бы помогло", "я" * 4096])
def test_a_long_text_for_a_budget_is_told_what_is_expected(text: str) -> None:
    assert refusal(BUDGET, text) is NoticeKind.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("text", "skills", "free"),
    [
        ("Python", ("python",), ()),
        ("питон, докер", ("python", "docker"), ()),
        ("python\ndjango", ("python", "django"), ()),
        ("python; django;", ("python", "django"), ()),
        ("python и django", ("python", "django"), ()),
        ("Python and Django", ("python", "django"), ()),
        ("python django", ("python", "django"), ()),
        ("system design", ("system_design",), ()),
        ("javascript", ("javascript",), ()),
        (".net", ("dotnet",), ()),
        ("c++, c#", ("cpp", "csharp"), ()),
        ("Python, python, ПИТОН", ("python",), ()),
        ("брокер Зета", (), ("брокер Зета",)),
        ("python и брокер Зета", ("python",), ("брокер Зета",)),
        ("Зета, зета", (), ("зета",)),
        ("<b>Зета</b>", (), ("<b>Зета</b>",)),
        ("Зета\u200bТри", (), ("ЗетаТри",)),
        ("\u202eЗета\u202c", (), ("Зета",)),
        ("👩\u200d💻", (), ("👩\u200d💻",)),
        ("Зета.", (), ("Зета",)),
        ("sql немного", ("sql",), ()),
        ("чуть-чуть питон", ("python",), ()),
        ("react (начал)", ("react",), ()),
        ("Базовый SQL и основы докера", ("sql", "docker"), ()),
        ("a bit of go, python basics", ("go", "python"), ()),
        ("знаю python django плохо", ("python", "django"), ()),
        ("JS/TS", ("javascript", "typescript"), ()),
        ("Python (Django, FastAPI)", ("python", "django", "fastapi"), ()),
        ("немного Зета", (), ("немного Зета",)),
        ("немного", (), ("немного",)),
        ("c, r", ("c_language", "r_language"), ()),
    ],
)
def test_skills_are_read_one_by_one(text: str, skills: tuple[str, ...], free: tuple[str, ...]) -> None:
    answers, _ = read(SKILLS, text)
    assert (answers["skills"], answers["free_skills"]) == (skills, free)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("python", None),
        ("докир", NoticeKind.UNKNOWN_SKILLS_NEAR),
        ("щъъщ", NoticeKind.UNKNOWN_SKILLS),
    ],
)
def test_an_unknown_skill_is_kept_with_a_word(text: str, kind: NoticeKind | None) -> None:
    assert read(SKILLS, text)[1] is kind


def test_typing_again_adds_to_what_is_there() -> None:
    progress = Progress(Step.SKILLS, {"skills": ("go",), "free_skills": ("Зета",)})
    after, _ = READER.read(progress, SKILLS, "python, зета, Йота")
    assert after.answers == {"skills": ("go", "python"), "free_skills": ("Зета", "Йота")}


@pytest.mark.parametrize(
    ("question", "text", "kind"),
    [
        (GOALS, "не знаю", NoticeKind.TAP_PLEASE),
        (GOALS, "собес, резюме, оффер, проект", NoticeKind.TOO_MANY_GOALS),
        (LEVEL, "самый умный", NoticeKind.TAP_PLEASE),
        (LEVEL, "хочу стать мидлом, сейчас джун", NoticeKind.TAP_PLEASE),
        (LEVEL, "любой", NoticeKind.TAP_PLEASE),
        (GOALS, None, NoticeKind.TEXT_PLEASE),
        (LEVEL, None, NoticeKind.TEXT_PLEASE),
        (DIRECTION, None, NoticeKind.TEXT_PLEASE),
        (SKILLS, None, NoticeKind.TEXT_PLEASE),
        (BUDGET, None, NoticeKind.TEXT_PLEASE),
        (ABOUT, None, NoticeKind.TEXT_PLEASE),
        (ABOUT, "", NoticeKind.TEXT_PLEASE),
        (ABOUT, " \n\t ", NoticeKind.TEXT_PLEASE),
        (ABOUT, "\u200b\u200d\ufeff\u2060", NoticeKind.TEXT_PLEASE),
        (ABOUT, "\x00\x07", NoticeKind.TEXT_PLEASE),
        (SKILLS, ",;. — …", NoticeKind.TEXT_PLEASE),
        (DIRECTION, "астрология", NoticeKind.UNKNOWN_DIRECTION),
        (DIRECTION, "я" * 101, NoticeKind.TOO_LONG),
        (SKILLS, "я" * 301, NoticeKind.TOO_LONG),
        (SKILLS, "щ" * 51, NoticeKind.TOO_LONG_SKILL),
        (SKILLS, ", ".join(f"Зета{number}" for number in range(11)), NoticeKind.TOO_MANY_SKILLS),
        (BUDGET, "1" * 101, NoticeKind.NOT_A_NUMBER),
        (ABOUT, "я" * 1001, NoticeKind.TOO_LONG),
        (ABOUT, "я" * 4096, NoticeKind.TOO_LONG),
    ],
)
def test_what_is_no_answer_is_refused_with_the_reason(
    question: Question, text: str | None, kind: NoticeKind
) -> None:
    assert refusal(question, text) is kind


@pytest.mark.parametrize(("question", "longest"), [(DIRECTION, 100), (SKILLS, 300), (ABOUT, 1000)])
def test_a_text_that_is_too_long_is_told_the_limit(question: Question, longest: int) -> None:
    with pytest.raises(RefusedError) as refused:
        READER.read(Progress(question.step), question, "я" * (longest + 1))
    assert refused.value.notice.limit == longest


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("бэкенд", "backend"),
        ("Хочу в бэкенд на питоне", "backend"),
        ("QA", "qa"),
        ("  Фронтенд ", "frontend"),
    ],
)
def test_a_direction_is_found_in_the_students_words(text: str, direction: str) -> None:
    assert read(DIRECTION, text)[0] == {"directions": (direction,)}


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("собес", ("interviews",)),
        ("первая работа", ("first_job",)),
        ("резюме, повышение", ("cv", "next_grade")),
        ("хочу подготовиться к собеседованию и разобрать резюме", ("interviews", "cv")),
        ("first job", ("first_job",)),
        ("Code review", ("code_review",)),
    ],
)
def test_goals_are_found_in_the_students_words(text: str, goals: tuple[str, ...]) -> None:
    assert read(GOALS, text) == ({"goals": goals}, NoticeKind.NOTED)


def test_goals_that_are_typed_join_those_that_were_tapped() -> None:
    tapped = Progress(Step.GOALS, {"goals": ("cv", "other")})
    after, _ = READER.read(tapped, GOALS, "собес, резюме")
    assert after.answers == {"goals": ("cv", "other", "interviews")}
    assert after.step is Step.GOALS


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("джун", "junior"),
        ("Junior", "junior"),
        ("Мидл", "middle"),
        ("я мидл", "middle"),
        ("Senior разработчик", "senior"),
        ("с нуля", "novice"),
        ("тимлид", "lead"),
        ("руководитель", "lead"),
    ],
)
def test_a_level_is_found_in_the_students_words(text: str, level: str) -> None:
    progress, notice = READER.read(Progress(Step.LEVEL), LEVEL, text)
    assert (progress.answers, progress.step) == ({"level": (level,)}, Step.SKILLS)
    assert notice == Notice(NoticeKind.NOTED, field="level", options=(level,))


def test_own_words_are_kept_on_one_line_without_what_nobody_sees() -> None:
    assert read(ABOUT, " Боюсь\n\nсобесов\u200b \u202e🙂 ")[0]["about"] == ("Боюсь собесов 🙂",)


@settings(deadline=None)
@given(
    question=st.sampled_from(QUESTIONS),
    text=st.text(max_size=400) | st.from_regex(r"[-0-9 .,ктksтыр]{1,30}", fullmatch=True),
)
def test_any_text_is_read_into_its_own_question_or_refused(question: Question, text: str) -> None:
    try:
        progress, _ = READER.read(Progress(question.step), question, text)
    except RefusedError:
        return
    assert set(progress.answers) <= set(answer_names(question))
    assert all(value for values in progress.answers.values() for value in values)

"""Every text there is: in both languages, with what the code gives it, and none too many."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.texts import MissingTextError, Translator, source, translators
from bot.views.common import COMMANDS
from bot.views.moderation import CAUSES
from db.models.base import REVIEW_STATES, WORDS_STATES
from recommender.model import Format, Goal, Level, Limit, PriceUnit, ReasonKind, RiskKind
from recommender.standing import BarReason, EliteCriterion
from recommender.taxonomy import load_default
from usecases.claims import NoProfile
from usecases.letters import Priority
from usecases.missing import ANSWERS
from usecases.moderation import Decision
from usecases.people import LANGUAGES
from usecases.profile_data import OPTIONS
from usecases.profiles import Advice, ProfileNotice, Status
from usecases.questions import QUESTIONS
from usecases.request_answers import DECLINE_REASONS
from usecases.request_states import State
from usecases.request_writing import Refusal
from usecases.requests import News, RequestNotice
from usecases.reviews import MISS_REASONS, PAGES, REJECT_REASONS, TRAITS
from usecases.screens import NoticeKind
from usecases.shortlists import DISMISS_REASONS
from usecases.standings import DECISIONS, StandingWords
from usecases.subscriptions import WEEKDAYS, Subject
from usecases.suspicion import Suspicion

ROOT = Path(__file__).parents[2]
CODE = [path for room in ("bot", "handlers") for path in sorted((ROOT / room).rglob("*.py"))]
TRANSLATORS = translators(load_default())
LONGEST_TOAST = 200


def _ids(prefix: str, keys: Iterable[str]) -> set[str]:
    return {prefix + str(key).replace("_", "-") for key in keys}


STEPS = [question.step for question in QUESTIONS]
#: Both have the other's contact, and the state is told without a day or a reason.
WITH_CONTACT = {State.ACCEPTED, State.TALKED, State.GOING_ON, State.FINISHED}
#: Of a mentor who is not in the bot, and so never looks at it.
OUTSIDE = {State.OUTSIDE, State.REACHED, State.UNREACHED}
#: All other news are the student's, and those with a title open the request itself.
FOR_MENTORS = {News.NEW, News.WAITS, News.REPLIED}
WITH_A_TITLE = {News.ACCEPTED, News.ASKED}
#: A mentor learns nothing of the private rating, and how many reviews are missing has a text of its own.
MISSING_TOLD = set(EliteCriterion) - {EliteCriterion.PRIVATE, EliteCriterion.REVIEWS}
TOLD_TO_MENTORS = get_args(get_type_hints(StandingWords.decided)["decision"])
#: Texts whose ids are put together, by how the id begins; what they are given is not in the call's name.
#: Members of one beginning that are given something else have a line of their own, with words after it.
FAMILIES: dict[str, set[str]] = {
    "ask-": _ids("ask-", STEPS),
    "hint-": _ids("hint-", STEPS),
    "review-": _ids("review-", STEPS),
    "button-edit-": _ids("button-edit-", STEPS),
    "notice-": _ids("notice-", NoticeKind),
    "limit-": _ids("limit-", Limit),
    "reason-": _ids("reason-", ReasonKind),
    "risk-": _ids("risk-", RiskKind),
    "price-": _ids("price-", PriceUnit),
    "dismiss-": _ids("dismiss-", DISMISS_REASONS),
    "command-": _ids("command-", COMMANDS),
    "draft-level-": _ids("draft-level-", Level),
    "case-": _ids("case-", (*(str(int(each)) for each in Priority), "edit", "delete")),
    "cause-": _ids("cause-", CAUSES),
    "decided-": _ids("decided-", get_args(Decision)),
    "toast-unsubscribed-": _ids("toast-unsubscribed-", get_args(Subject)),
    "helps-": _ids("helps-", Goal),
    "weekday-": _ids("weekday-", map(str, WEEKDAYS)),
    "status-": _ids("status-", get_args(Status)),
    "profile-": _ids("profile-", ProfileNotice),
    "no-profile-": _ids("no-profile-", NoProfile),
    "my-ask-price-": _ids("my-ask-price-", ("hour", "session", "month")),
    "my-ask-": _ids("my-ask-", OPTIONS),
    "check-in-": _ids("check-in-", map(str, range(3))),
    "option-": {
        *_ids("option-goals-", Goal),
        *_ids("option-level-", Level),
        *_ids("option-formats-", Format),
        *_ids("option-languages-", OPTIONS["languages"]),
        "option-budget-0",
    },
    # What is told of an outside request is its first message.
    "request-is-": _ids("request-is-", set(State) - WITH_CONTACT - {State.OUTSIDE}),
    "request-is- with a contact": _ids("request-is-", WITH_CONTACT),
    "request-to-": _ids("request-to-", set(State) - WITH_CONTACT - OUTSIDE),
    "request-state-": _ids("request-state-", State),
    "request-notice-": _ids("request-notice-", RequestNotice),
    "refusal-": _ids("refusal-", Refusal),
    "decline-": _ids("decline-", DECLINE_REASONS),
    "declined-": _ids("declined-", DECLINE_REASONS),
    "mentor-news-": _ids("mentor-news-", FOR_MENTORS),
    "news-": _ids("news-", set(News) - FOR_MENTORS - WITH_A_TITLE),
    "news- as a title": {f"{text_id}-title" for text_id in _ids("news-", WITH_A_TITLE)},
    "missing-": _ids("missing-", ANSWERS),
    "missing-noted-": _ids("missing-noted-", ANSWERS),
    "miss-": _ids("miss-", MISS_REASONS),
    # The page of words names a limit, and is called by its name; the last one asks nothing.
    "opinion-ask-": _ids("opinion-ask-", set(PAGES) - {"words", "done"}),
    "opinion-state-": _ids("opinion-state-", {*WORDS_STATES, *REVIEW_STATES} - {"counted"}),
    "opinion-held-": _ids("opinion-held-", get_args(Suspicion)),
    "progress-": _ids("progress-", map(str, range(1, 6))),
    "trait-": _ids("trait-", TRAITS),
    "answer-": _ids("answer-", WORDS_STATES),
    "reject-": _ids("reject-", REJECT_REASONS),
    "advice-": _ids("advice-", Advice),
    "trend-lacks-": _ids("trend-lacks-", MISSING_TOLD),
    "bar-": _ids("bar-", BarReason),
    "bar-decided-": _ids("bar-decided-", DECISIONS),
    "bar-told-": _ids("bar-told-", TOLD_TO_MENTORS),
}
#: What the calls that put an id together give to any of a family.
GIVEN_TO_FAMILY = {
    "notice-": {"limit", "words"},
    "reason-": {"keys", "value"},
    "risk-": {"keys", "value"},
    "price-": {"amount", "currency"},
    "decided-": {"name"},
    "no-profile-": {"username"},
    "check-in-": {"name"},
    "request-is-": {"until", "day", "reason"},
    "request-to-": {"until", "day", "reason"},
    "refusal-": {"name", "count"},
    "mentor-news-": {"name"},
    "news-": {"name", "day", "reason"},
    "news- as a title": {"name"},
    "missing-noted-": {"amount"},
    "opinion-ask-": {"name"},
    "bar-": {"count", "mean", "upper", "no_shows", "days"},
    "bar-decided-": {"name", "days"},
    "bar-told-": {"days"},
}


class _Variables(Visitor):
    """The names of a text's variables, and whether it chooses its form by one."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.chooses = False

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802
        self.chooses = True
        self.generic_visit(node)

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def texts(language: str) -> dict[str, _Variables]:
    """The texts of a language by id."""
    found: dict[str, _Variables] = {}
    for entry in FluentParser().parse(source(language)).body:
        assert not isinstance(entry, ftl.Junk), f"{language}.ftl: {entry.content}"
        if isinstance(entry, ftl.Message):
            variables = _Variables()
            variables.visit(entry)
            assert entry.id.name not in found, f"{entry.id.name} is twice in {language}.ftl"
            found[entry.id.name] = variables
    return found


_RUSSIAN = texts("ru")
TEXTS = {text_id: found.names for text_id, found in _RUSSIAN.items()}


def calls() -> Iterator[tuple[ast.expr, set[str], str]]:
    """Every use of a translator: its first argument, the names of the others, and where it stands."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _is_translator(node.func):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield node.args[0], {str(each.arg) for each in node.keywords}, where


def _is_translator(function: ast.expr) -> bool:
    plain = isinstance(function, ast.Attribute) and function.attr == "plain"
    return plain or (isinstance(function, ast.Name) and function.id == "t")


def either(argument: ast.expr) -> list[ast.expr]:
    """What a first argument may come to be: both sides of a choice, itself otherwise."""
    if isinstance(argument, ast.IfExp):
        return [*either(argument.body), *either(argument.orelse)]
    return [argument]


def constants() -> set[str]:
    """Every string in the code that could be an id."""
    return {
        node.value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_both_languages_have_the_same_texts_with_the_same_variables() -> None:
    assert {text_id: found.names for text_id, found in texts("en").items()} == TEXTS


def test_every_text_that_is_named_exists_and_gets_its_variables() -> None:
    wrong = [
        (where, text_id)
        for argument, given, where in calls()
        if isinstance(argument, ast.Constant)
        for text_id in [str(argument.value)]
        if text_id not in TEXTS or not TEXTS[text_id] <= given
    ]
    assert not wrong


def test_either_text_of_a_choice_exists_and_gets_its_variables() -> None:
    wrong = [
        (where, ast.unparse(option))
        for argument, given, where in calls()
        if isinstance(argument, ast.IfExp)
        for option in either(argument)
        if not isinstance(option, ast.JoinedStr)  # what is put together is looked at below
        if not isinstance(option, ast.Constant)
        or str(option.value) not in TEXTS
        or not TEXTS[str(option.value)] <= given
    ]
    assert not wrong


def test_every_id_that_is_handed_on_exists() -> None:
    handed_on = {
        each for each in constants() if re.fullmatch(r"(button|toast|risk|contact-how)-[a-z-]*[a-z]", each)
    }
    assert handed_on - set(TEXTS) == set()


def test_every_id_that_is_put_together_is_of_a_family_this_test_knows() -> None:
    beginnings = {
        str(option.values[0].value)
        for argument, _, _ in calls()
        for option in either(argument)
        if isinstance(option, ast.JoinedStr) and isinstance(option.values[0], ast.Constant)
    }
    assert beginnings - set(FAMILIES) == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_a_text_for_each_of_its_keys(family: str) -> None:
    assert FAMILIES[family] - TEXTS.keys() == set()
    given = GIVEN_TO_FAMILY.get(family, set())
    assert {text_id for text_id in FAMILIES[family] if not TEXTS[text_id] <= given} == set()


def test_no_text_is_there_for_nothing() -> None:
    used = constants() | set().union(*FAMILIES.values())
    assert set(TEXTS) - used == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_formats(language: str) -> None:
    t = TRANSLATORS[language]
    for text_id, variables in TEXTS.items():
        for value in (0, 1, 2, 5, 21, 2.5, "слова"):
            if isinstance(value, str) and _RUSSIAN[text_id].chooses:
                continue
            assert t(text_id, **dict.fromkeys(variables, value)).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_toast_fits_into_telegrams_200_characters(language: str) -> None:
    t = TRANSLATORS[language]
    toasts = [text_id for text_id in TEXTS if text_id.startswith("toast-")]
    toasts += ["too-fast", "broken", "language-set", "notice-stale", "notice-too-many", "opinion-closed"]
    for text_id in (*toasts, *FAMILIES["request-notice-"], *FAMILIES["profile-"]):
        toast = t.plain(text_id, **dict.fromkeys(TEXTS[text_id], 1000))
        assert len(toast) <= LONGEST_TOAST
        assert "<" not in toast


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_of_commands_fits_telegram(language: str) -> None:
    for command in COMMANDS:
        assert 1 <= len(TRANSLATORS[language].plain(f"command-{command}")) <= 256


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_every_command_of_the_menu(language: str) -> None:
    named = re.findall(r"^/(\w+)", TRANSLATORS[language].plain("help"), flags=re.MULTILINE)
    assert sorted(named) == sorted(COMMANDS)


@pytest.mark.parametrize(
    ("text_id", "values", "expected"),
    [
        (
            "shortlist-title",
            {"count": 1},
            "<b>Вам подходит 1 ментор</b>",
        ),
        ("shortlist-title", {"count": 3}, "<b>Вам подходят 3 ментора</b>"),
        ("mentor-facts-years", {"years": 1}, "опыт 1 год"),
        ("mentor-facts-years", {"years": 4}, "опыт 4 года"),
        ("mentor-facts-years", {"years": 11}, "опыт 11 лет"),
        ("mentor-facts-years", {"years": 21}, "опыт 21 год"),
        ("rating", {"mean": "4,9", "count": 1}, "★ 4,9 по 1 отзыву"),
        ("rating", {"mean": "4,9", "count": 12}, "★ 4,9 по 12 отзывам"),
        ("rating", {"mean": "4,9", "count": 21}, "★ 4,9 по 21 отзыву"),
        ("risk-long-silent", {"keys": "", "value": 101}, "не выходит на связь 101 день"),
        ("risk-long-silent", {"keys": "", "value": 92}, "не выходит на связь 92 дня"),
        ("risk-long-silent", {"keys": "", "value": 95}, "не выходит на связь 95 дней"),
        ("reason-timezone", {"keys": "", "value": 0}, "в вашем часовом поясе"),
    ],
)
def test_russian_numerals_agree(text_id: str, values: dict[str, str | int], expected: str) -> None:
    assert TRANSLATORS["ru"].plain(text_id, **values) == expected


def test_what_a_person_wrote_is_escaped_and_what_is_ours_is_not() -> None:
    written = TRANSLATORS["ru"]("notice-unknown-direction", words="<b>&</b>")
    assert "«&lt;b&gt;&amp;&lt;/b&gt;»" in written
    assert TRANSLATORS["ru"]("card-why", why=written).count("&lt;b&gt;") == 1


def test_a_text_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(MissingTextError, match=r"no-such-text is not in ru\.ftl"):
        TRANSLATORS["ru"]("no-such-text")


def test_a_text_without_its_variable_is_an_error_that_names_it() -> None:
    with pytest.raises(MissingTextError, match=r"card-title in ru\.ftl"):
        TRANSLATORS["ru"]("card-title")


@pytest.mark.parametrize("t", TRANSLATORS.values(), ids=LANGUAGES)
def test_texts_carry_no_invisible_marks(t: Translator) -> None:
    assert "\u2068" not in t("card-title", title="x")


def test_an_argument_may_be_as_long_as_a_profile() -> None:
    about = "Очень длинно. " * 500
    assert TRANSLATORS["ru"].plain("mentor-line", line=about) == f"• {about}"


def test_an_argument_that_looks_like_a_mark_is_left_alone() -> None:
    marked = "\ue000company\ue001"
    assert TRANSLATORS["ru"].plain("card-title-company", title=marked, company="X") == f"{marked} · X"

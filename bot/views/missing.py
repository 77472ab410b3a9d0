"""What was missing in a shortlist from which nobody was written to."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.texts import Translator, grouped
from bot.views.callbacks import HereTap, MissingNextTap, MissingTap, NotifyBackTap
from bot.views.view import Row, View, as_json, button, in_rows, keyboard
from usecases.letters import Wording
from usecases.missing import ANSWERS, MissingScreen


@dataclass(frozen=True, slots=True)
class MissingLetters:
    """:class:`usecases.missing.MissingWords` in every language."""

    translators: Mapping[str, Translator]

    def what_was_missing(self, language: str, asked_id: int) -> Wording:
        """With a button for each answer."""
        t = self.translators[language]
        choices = [
            button(t.plain(_id("missing", answer)), MissingTap(asked=asked_id, answer=answer))
            for answer in ANSWERS
        ]
        return Wording(text=t("missing-ask"), keyboard=as_json(keyboard(in_rows(choices, 2))))


def missing_view(screen: MissingScreen, t: Translator) -> View:
    """What is minded from now on, and the way to the list that does."""
    if screen.answer == "just_looking":
        ways: list[Row] = [[button(t.plain("button-my-notifications"), NotifyBackTap())]]
    else:
        ways = [
            [button(t.plain("button-missing-next"), MissingNextTap(asked=screen.asked_id))],
            [button(t.plain("button-find-mine"), HereTap())],
        ]
    key = _id("missing-noted", screen.answer)
    if screen.answer == "too_dear" and screen.budget is None:
        key = "missing-noted-too-dear-unknown"
    amount = grouped(float(screen.budget)) if screen.budget is not None else ""
    return View(t(key, amount=amount), keyboard(ways))


def _id(prefix: str, answer: str) -> str:
    return f"{prefix}-{answer.replace('_', '-')}"

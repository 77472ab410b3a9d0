"""The drafted first message: who I am, what holds me back, how you could help."""

from bot.texts import Translator
from bot.views.mentor import names
from bot.views.view import shortened
from recommender.model import Request

#: Telegram's limit of a copy button.
LONGEST = 256
_MOST_SKILLS = 3
_SHORTEST_WORDS = 20


def draft(name: str, request: Request, t: Translator, longest: int = LONGEST) -> str:
    """A message of at most so many characters out of the student's answers.

    Own words give way first, then skills, one by one: what is left must still be whole sentences.
    """
    skills = [t.option("skills", key) for key in request.skills] + list(request.free_skills)
    for count in range(min(len(skills), _MOST_SKILLS), -1, -1):
        written = _written(name, request, skills[:count], t, longest)
        if len(written) <= longest:
            return written
    return shortened(_written(name, Request(), [], t, longest), longest)


def _written(name: str, request: Request, skills: list[str], t: Translator, longest: int) -> str:
    parts = [
        t.plain("draft-hello", name=shortened(name, 40)),
        _who(request, t),
        t.plain("draft-goal", goals=names("goals", request.goals[:2], t)) if request.goals else "",
        t.plain("draft-help", skills=", ".join(skills)) if skills else t.plain("draft-help-any"),
    ]
    said = [part for part in parts if part]
    room = longest - len(" ".join(said)) - len(t.plain("draft-holds", words="")) - 1
    if request.about and room >= _SHORTEST_WORDS:
        said.insert(-1, t.plain("draft-holds", words=_sentence(shortened(request.about, room - 1))))
    return " ".join(said)


def _who(request: Request, t: Translator) -> str:
    level = t.plain(f"draft-level-{request.level}") if request.level else ""
    direction = t.options("directions", request.directions[:1])
    if level and direction:
        return t.plain("draft-who", level=level, direction=direction)
    if level:
        return t.plain("draft-who-level", level=level)
    return t.plain("draft-who-direction", direction=direction) if direction else ""


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."

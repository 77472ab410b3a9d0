"""What the channel reads: a post about a newcomer, what becomes of it, and the digest of the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.texts import Translator
from bot.views import mentor as words
from bot.views.cards import Face, draw
from bot.views.view import LONGEST_MESSAGE, as_json, keyboard, lines, paragraphs, shortened, without_markup
from usecases.announcements import MOST_LISTED, Newcomer
from usecases.catalogue import MentorCard
from usecases.letters import Wording
from usecases.links import Source
from usecases.questions import LONGEST_SKILL

#: Telegram's limit of a text under a picture.
LONGEST_CAPTION = 1024

_LONGEST_TITLE = 160
_LONGEST_TITLE_IN_DIGEST = 70
_LONGEST_NAME_IN_DIGEST = 50
_MOST_SKILLS = 8
_MOST_LANGUAGES = 5
_LONGEST_ABOUT = 300
#: Less of what a mentor says about themself says nothing.
_SHORTEST_ABOUT = 60


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """The words of one language; ``username`` is the bot's, for the links that lead to it."""

    t: Translator
    username: str

    def post(self, newcomer: Newcomer) -> Wording:
        """Their own picture, or else a drawn card."""
        mentor = newcomer.card
        caption, buttons = self._caption(mentor), self._buttons(mentor)
        return Wording(text=caption, keyboard=buttons, photo=newcomer.photo_url or draw(self._face(mentor)))

    def edited(self, mentor: MentorCard) -> Wording:
        """The same under the same picture, with a word on top while they take nobody."""
        return Wording(text=self._caption(mentor), keyboard=self._buttons(mentor))

    def digest(self, mentors: Sequence[MentorCard]) -> tuple[Wording, int]:
        """Names under their directions, each a link."""
        most = min(len(mentors), MOST_LISTED)
        count = next(
            (
                each
                for each in range(most, 1, -1)
                if shown_length(self._listed(mentors[:each])) < LONGEST_MESSAGE
            ),
            1,
        )
        start = InlineKeyboardButton(text=self.t.plain("button-find-mine"), url=self._link("channel"))
        return Wording(text=self._listed(mentors[:count]), keyboard=as_json(keyboard([[start]]))), count

    # --- a post --------------------------------------------------------------------------------------

    def _caption(self, mentor: MentorCard) -> Markup:
        t = self.t
        head = lines(
            None if mentor.active else t("announce-closed"),
            t("announce-title", name=words.name(mentor)),
            words.title(mentor, t, _LONGEST_TITLE),
        )
        facts = [
            words.helps_with(mentor, t),
            t("announce-price", price=words.price(mentor, t)),
            t("mentor-formats", formats=words.names("formats", mentor.formats, t))
            if mentor.formats
            else None,
            t("announce-places", count=mentor.capacity) if mentor.active and mentor.capacity else None,
            self._languages(mentor),
            self._skills(mentor),
        ]
        told = [fact for fact in facts if fact]
        while shown_length(paragraphs(head, lines(*told))) > LONGEST_CAPTION:
            told.pop()
        return self._with_about(paragraphs(head, lines(*told)), mentor)

    def _with_about(self, caption: Markup, mentor: MentorCard) -> Markup:
        """As much of their own words as there is room for."""
        room = min(LONGEST_CAPTION - shown_length(caption) - 2, _LONGEST_ABOUT)
        about = shortened(mentor.about, room) if room >= _SHORTEST_ABOUT else ""
        while _units(about) > room:
            about = shortened(about, len(about) - 2)
        return paragraphs(caption, self.t("mentor-about", about=about) if about else None)

    def _languages(self, mentor: MentorCard) -> Markup | None:
        spoken = words.names("languages", mentor.languages[:_MOST_LANGUAGES], self.t)
        return self.t("mentor-languages", languages=spoken) if spoken else None

    def _skills(self, mentor: MentorCard) -> Markup | None:
        named = [self.t.option("skills", key) for key in mentor.skills]
        named += [shortened(text, LONGEST_SKILL) for text in mentor.free_skills]
        if not named:
            return None
        shown, rest = ", ".join(named[:_MOST_SKILLS]), len(named) - _MOST_SKILLS
        more = self.t("mentor-skills-more", skills=shown, count=rest) if rest > 0 else shown
        return self.t("mentor-skills", skills=more)

    def _buttons(self, mentor: MentorCard) -> Mapping[str, Any] | None:
        label = self.t.plain("button-open-mentor" if mentor.active else "button-find-other")
        url = self._link(f"m{mentor.id}_{Source.CHANNEL}")
        return as_json(keyboard([[InlineKeyboardButton(text=label, url=url)]]))

    def _face(self, mentor: MentorCard) -> Face:
        return Face(
            ribbon=self.t.plain("card-newcomer"),
            name=words.name(mentor),
            title=shortened(mentor.title, _LONGEST_TITLE),
            company=mentor.company,
            directions=[self.t.option("directions", key) for key in mentor.directions],
            price=words.price(mentor, self.t).unescape(),
        )

    # --- the digest ----------------------------------------------------------------------------------

    def _listed(self, mentors: Sequence[MentorCard]) -> Markup:
        by_direction: dict[str, list[MentorCard]] = {}
        for mentor in mentors:
            by_direction.setdefault(mentor.directions[0] if mentor.directions else "", []).append(mentor)
        # Those of no direction come last, whoever came first.
        groups = sorted(by_direction.items(), key=lambda group: not group[0])
        return paragraphs(
            self.t("announce-digest-title", count=len(mentors)),
            *(lines(self._direction(key), *map(self._line, group)) for key, group in groups),
            self.t("announce-digest-hint"),
        )

    def _direction(self, key: str) -> Markup:
        if not key:
            return self.t("announce-digest-other")
        return self.t("announce-digest-direction", direction=self.t.option("directions", key))

    def _line(self, mentor: MentorCard) -> Markup:
        return self.t(
            "announce-digest-line",
            url=self._link(f"m{mentor.id}_{Source.DIGEST}"),
            name=shortened(mentor.name, _LONGEST_NAME_IN_DIGEST),
            title=shortened(mentor.title, _LONGEST_TITLE_IN_DIGEST),
            price=words.price(mentor, self.t),
        )

    def _link(self, start: str) -> str:
        return f"https://t.me/{self.username}?start={start}"


def shown_length(text: str) -> int:
    """How long Telegram finds a text once the markup is read; an emoji is two, to be on the safe side."""
    return _units(without_markup(text))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2

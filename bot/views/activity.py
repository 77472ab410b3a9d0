"""What mentors and moderators are told about who still mentors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiogram.types import CopyTextButton, InlineKeyboardButton

from bot.texts import Translator
from bot.views.callbacks import ProfileAction, ProfileTap
from bot.views.draft import LONGEST as LONGEST_COPY
from bot.views.view import Row, as_json, button, keyboard, lines, paragraphs, shortened
from usecases.activity import Unclaimed
from usecases.letters import Wording
from usecases.people import spoken

_LONGEST_NAME = 80
_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class ActivityLetters:
    """Letters in their readers' languages; ``username`` is the bot's, for the links that lead to it."""

    translators: Mapping[str, Translator]
    username: str

    def check_in(self, language: str, mentor_id: int, name: str, reminders: int) -> Wording:
        """ "Are you still mentoring?"."""
        t = self.translators[language]
        rows: list[Row] = [
            [_tap("button-my-active", "active", mentor_id, t)],
            [_tap("button-my-pause", "pause", mentor_id, t), _tap("button-my-edit", "edit", mentor_id, t)],
            [_tap("button-my-leave", "leave", mentor_id, t)],
        ]
        text = t(f"check-in-{reminders}", name=shortened(name, _LONGEST_NAME))
        return Wording(text=text, keyboard=as_json(keyboard(rows)))

    def hidden(self, language: str, mentor_id: int) -> Wording:
        """Out of shortlists, and the way back."""
        t = self.translators[language]
        back = _tap("button-my-return", "active", mentor_id, t)
        return Wording(text=t("hidden"), keyboard=as_json(keyboard([[back]])))

    def pause_ended(self, language: str, mentor_id: int, *, full: bool) -> Wording:
        """In shortlists again, or not before there is a free place."""
        t = self.translators[language]
        places: Row = [_tap("button-my-places", "places", mentor_id, t)] if full else []
        prolong = _tap("button-my-prolong", "pause", mentor_id, t)
        show = _tap("button-my-show", "show", mentor_id, t)
        text = t("pause-ended-full" if full else "pause-ended")
        return Wording(text=text, keyboard=as_json(keyboard([places, [prolong], [show]])))

    def claims(self, unclaimed: Sequence[Unclaimed], waiting: int) -> Wording:
        """For moderators: whom to send which link, and for each a button that copies what to write."""
        t = self.translators[spoken(None)]
        listed = [
            lines(
                t("claims-mentor", name=name, username=mentor.telegram)
                if mentor.telegram
                else t("claims-mentor-without", name=name),
                t("claims-link", link=self._claim_link(mentor)),
            )
            for mentor in unclaimed
            for name in [shortened(mentor.name, _LONGEST_NAME)]
        ]
        more = t("claims-more", count=waiting) if waiting else None
        copies = [[_copy(mentor.name, self._claim_link(mentor), t)] for mentor in unclaimed]
        return Wording(text=paragraphs(t("claims-title"), *listed, more), keyboard=as_json(keyboard(copies)))

    def _claim_link(self, mentor: Unclaimed) -> str:
        return f"https://t.me/{self.username}?start=claim_{mentor.token}"


def _copy(name: str, link: str, t: Translator) -> InlineKeyboardButton:
    """A message to pass on: where there is no room for all of it, the name gives way."""
    room = LONGEST_COPY - len(t.plain("claims-hello", name="", link=link))
    message = t.plain("claims-hello", name=shortened(name, room), link=link)
    label = t.plain("button-claim-copy", name=shortened(name, _LONGEST_LABEL))
    return InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=message))


def _tap(label: str, action: ProfileAction, mentor_id: int, t: Translator) -> InlineKeyboardButton:
    return button(t.plain(label), ProfileTap(action=action, mentor=mentor_id))

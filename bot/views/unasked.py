"""Lists of mentors that go out by themselves, as messages for the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.texts import Translator
from bot.views.shortlist import shortlist_view
from bot.views.view import as_json
from usecases.letters import Wording
from usecases.shortlists import ShortlistScreen


@dataclass(frozen=True, slots=True)
class UnaskedViews:
    """:class:`usecases.unasked.UnaskedWords` in every language."""

    translators: Mapping[str, Translator]

    def wording(self, screen: ShortlistScreen, language: str) -> Wording:
        """The same as its own buttons draw it again."""
        view = shortlist_view(screen, self.translators[language])
        return Wording(text=view.text, keyboard=as_json(view.keyboard))

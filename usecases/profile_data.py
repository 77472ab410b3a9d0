"""What mentors change in their own profiles: by tapping options, or by typing where a button asked for it.

``people.asked_for`` says what the next text answers. Any other tap or command takes that back, so that the
questionnaire gets its answers; once answered, it names the message, which is known if it comes again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, assert_never

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import people, profiles, requests
from recommender.mentor_values import BadValueError, price_unit, vocabulary
from recommender.model import Format, Goal, Level, PriceUnit
from recommender.taxonomy import Taxonomy
from usecases.errors import NotYoursError
from usecases.people import People, PersonId, Sent
from usecases.profiles import KEPT_OUT, PanelScreen, ProfileNotice, Profiles, own_profile
from usecases.screens import Notice, NoticeKind
from usecases.written import HIGHEST_BUDGET, RefusedError, amount_of, skills_of, visible

OptionField = Literal["formats", "levels", "goals", "languages"]
TypedField = Literal["price", "about", "skills"]

#: The options of a field, as stored.
OPTIONS: Mapping[OptionField, tuple[str, ...]] = {
    "formats": tuple(Format),
    "levels": tuple(Level),
    "goals": tuple(Goal),
    # All that a file of mentors can name.
    "languages": tuple(vocabulary()["languages"]),
}
_COLUMNS: Mapping[OptionField, str] = {
    "formats": "formats",
    "levels": "helps_levels",
    "goals": "goals",
    "languages": "languages",
}
MOST_PLACES = 10
LONGEST_ABOUT = 1000
#: Of the list as it is typed.
LONGEST_SKILLS = 2000
_LONGEST_PRICE = 60

_ASKED: Mapping[str, TypedField] = {
    "profile:price": "price",
    "profile:about": "about",
    "profile:skills": "skills",
}
_ANSWERED = "answered:"


@dataclass(frozen=True, slots=True)
class TypingScreen:
    """A text is waited for; ``notice`` says what is wrong with the last one."""

    panel: PanelScreen
    field: TypedField
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class ProfileData:
    """Changes of one's own profile. Each is seen by students at once, and tells that the mentor is there."""

    engine: AsyncEngine
    people: People
    profiles: Profiles
    taxonomy: Taxonomy

    async def set_places(self, person_id: PersonId, mentor_id: int, count: int) -> PanelScreen:
        """For how many more students there is room.

        Raises:
            NotYoursError: it is not this person's profile, or there is no such option; so everywhere below.
        """
        if not 0 <= count <= MOST_PLACES:
            raise NotYoursError(f"no button for {count} places")
        async with self.engine.begin() as connection:
            row = await own_profile(connection, person_id, mentor_id)
            if row.status not in KEPT_OUT:
                await requests.recount_places(connection, mentor_id)
            return await self._change(connection, row, {"capacity": count})

    async def set_option(
        self, person_id: PersonId, mentor_id: int, field: OptionField, option: str, *, on: bool
    ) -> PanelScreen:
        """One of the options of a field, on or off."""
        if option not in OPTIONS[field]:
            raise NotYoursError(f"no option {option!r} of {field}")
        column = _COLUMNS[field]
        async with self.engine.begin() as connection:
            row = await own_profile(connection, person_id, mentor_id)
            chosen = {*getattr(row, column), option} - (set() if on else {option})
            return await self._change(
                connection, row, {column: [each for each in OPTIONS[field] if each in chosen]}
            )

    async def make_free(self, person_id: PersonId, mentor_id: int) -> PanelScreen:
        """Free of charge, by a tap, where the price is asked for: an old message changes no price."""
        async with self.engine.begin() as connection:
            asked_for = await people.asked_for(connection, person_id)
            await people.ask(connection, person_id, None)
            row = await own_profile(connection, person_id, mentor_id)
            if _ASKED.get(asked_for or "") == "price":
                screen = await self._change(connection, row, {"price": Decimal(0)})
            else:
                screen = await self.profiles.panel(connection, row)
                # Who taps twice has what they want.
                screen = screen if row.price == 0 else screen.saying(ProfileNotice.NOT_ASKED)
        self.people.forget(person_id)
        return screen

    # --- typed -------------------------------------------------------------------------------------------

    async def ask(self, person_id: PersonId, mentor_id: int, field: TypedField) -> TypingScreen:
        """The next text of this person is this field."""
        async with self.engine.begin() as connection:
            await people.ask(connection, person_id, f"profile:{field}")
            row = await own_profile(connection, person_id, mentor_id)
            panel = await self.profiles.panel(connection, row)
        self.people.forget(person_id)
        return TypingScreen(panel, field)

    async def is_answer(self, person_id: PersonId, sent: Sent) -> bool:
        """Whether this message answers such a question, now or when it came first."""
        async with self.engine.connect() as connection:
            asked_for = await people.asked_for(connection, person_id)
        return asked_for in _ASKED or asked_for == f"{_ANSWERED}{sent.message_id}"

    async def let_go(self, person_id: PersonId) -> None:
        """Something else was tapped or asked: the next text answers nothing of the profile."""
        async with self.engine.begin() as connection:
            await people.ask(connection, person_id, None)
        self.people.forget(person_id)

    async def type(
        self, person_id: PersonId, sent: Sent, text: str | None
    ) -> PanelScreen | TypingScreen | None:
        """Take a typed answer; None for somebody who has no profile any more.

        A message that comes again changes nothing: what it led to is shown.
        """
        async with self.engine.begin() as connection:
            field = _ASKED.get(await people.asked_for(connection, person_id) or "")
            row = await profiles.own(connection, person_id)
            if row is None:
                await people.ask(connection, person_id, None)
                return None
            panel = await self.profiles.panel(connection, row)
            if field is None:
                return panel
            try:
                values = self._read(field, row, text)
            except RefusedError as refusal:
                return TypingScreen(panel, field, refusal.notice)
            if not await people.is_new_message(connection, person_id, sent.message_id, sent.at):
                return panel
            await people.ask(connection, person_id, f"{_ANSWERED}{sent.message_id}")
            changed = await self._change(connection, row, values)
        self.people.forget(person_id)
        return changed

    async def _change(self, connection: AsyncConnection, row: Any, values: Mapping[str, Any]) -> PanelScreen:
        refused = KEPT_OUT.get(row.status)
        if refused is not None:
            return (await self.profiles.panel(connection, row)).saying(refused)
        # The platform's list is imported again and again, and is not to take back what they say themselves.
        own = sorted({*row.own, *values})
        await profiles.change(connection, row.id, {**values, "own": own})
        await profiles.answer_check_in(connection, row.id, "updated")
        changed = await profiles.own(connection, row.person_id)
        panel = (await self.profiles.panel(connection, changed)).saying(ProfileNotice.CHANGED)
        return replace(panel, unknown=tuple(values.get("free_skills", ())))

    def _read(self, field: TypedField, row: Any, text: str | None) -> dict[str, Any]:
        """What a text makes of the profile.

        Raises:
            RefusedError: it is no answer.
        """
        words = visible(text or "")
        if not words:
            raise RefusedError(Notice(NoticeKind.TEXT_PLEASE))
        match field:
            case "price":
                written = " ".join(words.split())
                amount = Decimal(amount_of(written, _LONGEST_PRICE))
                # Roubles are asked for.
                return {"price": amount, "currency": "RUB", "price_unit": _unit(written, row.price_unit)}
            case "about":
                return {"about": _at_most(LONGEST_ABOUT, words)}
            case "skills":
                # There is always one: whoever has neither skills nor a direction cannot be found.
                known, unknown = skills_of(_at_most(LONGEST_SKILLS, words), self.taxonomy)
                _, free = self.taxonomy.sort_skills(unknown)
                return {"skills": list(dict.fromkeys(known)), "free_skills": list(free)}
            case _:
                assert_never(field)


def _at_most(longest: int, words: str) -> str:
    if len(words) > longest:
        raise RefusedError(Notice(NoticeKind.TOO_LONG, limit=longest))
    return words


def _unit(words: str, known: str) -> str:
    """What a price is for: "30000 в месяц" says it, "4500" leaves it at what is known.

    Raises:
        RefusedError: it is a share of an offer, and no sum.
    """
    try:
        said = price_unit(words)
    except BadValueError:
        # Who took a share of the offer names the price of an hour now.
        return PriceUnit.HOUR if known == PriceUnit.OFFER_SHARE else known
    if said is PriceUnit.OFFER_SHARE:
        raise RefusedError(Notice(NoticeKind.NOT_A_NUMBER, words=words, limit=HIGHEST_BUDGET))
    return said

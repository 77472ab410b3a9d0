"""Whose is it? A mentor of the platform's list shows that one is theirs: by @username, or by a link."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.queries import people, profiles
from usecases.catalogue import MentorCard, as_card
from usecases.people import PersonId
from usecases.profiles import PanelScreen, ProfileNotice, Profiles


@dataclass(frozen=True, slots=True)
class OfferScreen:
    """ "Is this your profile?" ``token`` is the link's, "" where the @username says so."""

    mentor: MentorCard
    token: str = ""


class NoProfile(StrEnum):
    """Why there is none to be had."""

    #: Neither claimed nor found under the person's @username.
    NONE = "none"
    #: And there is no @username to look for.
    NO_USERNAME = "no-username"
    UNKNOWN_LINK = "unknown-link"
    USED_LINK = "used-link"
    TAKEN = "taken"
    #: The person has another one already.
    HAS_ANOTHER = "has-another"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class NoProfileScreen:
    """No profile, and why. ``username`` is the person's, "" for none."""

    why: NoProfile
    username: str = ""


MineScreen = PanelScreen | OfferScreen | NoProfileScreen


@dataclass(frozen=True, slots=True)
class Claims:
    """The way to a profile of one's own; one for a person, and one person for a profile."""

    engine: AsyncEngine
    profiles: Profiles

    async def mine(self, person_id: PersonId) -> MineScreen:
        """/my: the profile, the one that could be theirs, or how to come by one."""
        async with self.engine.begin() as connection:
            return await self._mine(connection, person_id)

    async def offer(self, person_id: PersonId, token: str) -> MineScreen:
        """A claim link was followed. Moderators try them, too: a tap is to say whether it is theirs."""
        async with self.engine.begin() as connection:
            row = await self._of_link(connection, person_id, token)
            return row if isinstance(row, MineScreen) else OfferScreen(as_card(row), token)

    async def claim(self, person_id: PersonId, mentor_id: int) -> MineScreen:
        """ "Yes, it is mine", of the profile under the person's @username."""
        async with self.engine.begin() as connection:
            mine = await self._mine(connection, person_id)
            if isinstance(mine, OfferScreen) and mine.mentor.id == mentor_id:
                return await self._claim(connection, person_id, mentor_id)
            # A tap that comes again, another person's success, or a name changed since.
            return mine

    async def claim_by_link(self, person_id: PersonId, token: str) -> MineScreen:
        """ "Yes, it is mine", of the profile a link is for."""
        async with self.engine.begin() as connection:
            # Until the transaction ends nobody else claims anything for them.
            await people.lock(connection, person_id)
            row = await self._of_link(connection, person_id, token)
            return row if isinstance(row, MineScreen) else await self._claim(connection, person_id, row.id)

    async def _mine(self, connection: AsyncConnection, person_id: PersonId) -> MineScreen:
        username = await people.lock(connection, person_id)
        own = await profiles.own(connection, person_id)
        if own is not None:
            return await self.profiles.panel(connection, own)
        if not username:
            return NoProfileScreen(NoProfile.NO_USERNAME)
        found = await profiles.under_handle(connection, username)
        return OfferScreen(as_card(found)) if found else NoProfileScreen(NoProfile.NONE, username)

    async def _of_link(self, connection: AsyncConnection, person_id: PersonId, token: str) -> Any:
        """The row of a profile that this person may claim by the link, or what they see instead."""
        row = await profiles.of_link(connection, token)
        own = await profiles.own(connection, person_id)
        if own is not None and (row is None or own.id == row.id):
            return await self.profiles.panel(connection, own)
        if row is None:
            return NoProfileScreen(NoProfile.UNKNOWN_LINK)
        if own is not None:
            return NoProfileScreen(NoProfile.HAS_ANOTHER)
        if row.used_at is not None:
            return NoProfileScreen(NoProfile.USED_LINK)
        if row.person_id is not None:
            return NoProfileScreen(NoProfile.TAKEN)
        return NoProfileScreen(NoProfile.REMOVED) if row.status in {"removed", "expelled"} else row

    async def _claim(self, connection: AsyncConnection, person_id: PersonId, mentor_id: int) -> MineScreen:
        if not await profiles.claim(connection, mentor_id, person_id):
            return NoProfileScreen(NoProfile.TAKEN)
        await profiles.use_link(connection, mentor_id)
        panel = await self.profiles.panel(connection, await profiles.own(connection, person_id))
        return panel.saying(ProfileNotice.CLAIMED)

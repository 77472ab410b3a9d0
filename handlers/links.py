"""Links into the chat: /start with something behind it."""

from re import Match
from typing import cast

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import Message

from bot.screen import send
from bot.texts import Translator
from bot.views.links import link_view
from recommender.model import MentorId
from usecases.links import Links, Source
from usecases.people import Known

#: A mentor's number and the letter of the place where the link stood.
_MENTOR = rf"^m(\d{{1,18}})_([{''.join(Source)}])$"


def router() -> Router:
    """Before the plain /start, which takes every link that nobody knows."""
    routes = Router(name="links")
    routes.message(CommandStart(deep_link=True, magic=F.args.regexp(_MENTOR)))(open_mentor)
    return routes


async def open_mentor(
    message: Message, command: CommandObject, person: Known, t: Translator, links: Links
) -> None:
    number, source = cast(Match[str], command.magic_result).groups()
    screen = await links.open(person, MentorId(int(number)), Source(source))
    await send(message, link_view(screen, t))

"""Links into the chat: /start with something behind it."""

from re import Match
from typing import cast

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import Message

from bot.screen import send
from bot.texts import Translator
from bot.views.links import link_view, unknown_link_view
from bot.views.questionnaire import screen_view
from recommender.model import MentorId
from usecases.links import Links, Source
from usecases.people import Known
from usecases.questionnaires import Questionnaires

#: A mentor's number and the letter of the place where the link stood.
_MENTOR = rf"^m(\d{{1,18}})_([{''.join(Source)}])$"
#: What stands under a digest in the channel: it leads to the plain start.
_PLAIN = {"channel"}


def router() -> Router:
    """Links to a mentor."""
    routes = Router(name="links")
    routes.message(CommandStart(deep_link=True, magic=F.args.regexp(_MENTOR)))(open_mentor)
    return routes


def unknown() -> Router:
    """Links that nobody knows: after all others, and before the plain /start."""
    routes = Router(name="unknown links")
    routes.message(CommandStart(deep_link=True, magic=~F.args.in_(_PLAIN)))(start_all_the_same)
    return routes


async def open_mentor(
    message: Message, command: CommandObject, person: Known, t: Translator, links: Links
) -> None:
    number, source = cast(Match[str], command.magic_result).groups()
    screen = await links.open(person, MentorId(int(number)), Source(source))
    await send(message, link_view(screen, t))


async def start_all_the_same(
    message: Message, person: Known, t: Translator, questionnaires: Questionnaires
) -> None:
    start = screen_view(await questionnaires.current(person), t)
    await send(message, unknown_link_view(start, t))

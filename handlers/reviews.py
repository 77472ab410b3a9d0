"""Reviews: written after a talk, read by everybody, answered by the mentor."""

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.screen import replace, say, send, send_photo, sent, tell
from bot.texts import Translator
from bot.views.callbacks import (
    AnswerTap,
    GoesOnTap,
    MissingNextTap,
    MissingTap,
    MissTap,
    ProfileTap,
    RateTap,
    ReviewPageTap,
    ReviewsTap,
    TalkTap,
    TraitTap,
)
from bot.views.mine import trend_view
from bot.views.missing import missing_view
from bot.views.requests import student_view
from bot.views.reviews import answer_view, review_view, reviews_view, talk_view
from bot.views.shortlist import shortlist_view
from bot.views.standings import elite_view, rules_view
from recommender.model import MentorId
from usecases.mine import Mine
from usecases.missing import Missing
from usecases.people import Known
from usecases.reviews import Reviews
from usecases.standings import Elite


def router() -> Router:
    """What students are asked after a request, what is said of mentors, /elite and /rules."""
    routes = Router(name="reviews")
    routes.callback_query(TalkTap.filter(F.answer == "yes"))(talked)
    routes.callback_query(TalkTap.filter(F.answer == "not_yet"))(not_yet)
    routes.callback_query(TalkTap.filter(F.answer == "no"))(ask_why_not)
    routes.callback_query(MissTap.filter())(missed)
    routes.callback_query(GoesOnTap.filter())(goes_on)
    routes.callback_query(RateTap.filter())(rate)
    routes.callback_query(TraitTap.filter())(set_trait)
    routes.callback_query(ReviewPageTap.filter(F.page == "words"))(ask_for_words)
    routes.callback_query(ReviewPageTap.filter())(turn_to)
    routes.callback_query(ReviewsTap.filter(F.own))(read_own)
    routes.callback_query(ReviewsTap.filter())(read)
    routes.callback_query(AnswerTap.filter())(ask_for_answer)
    routes.callback_query(ProfileTap.filter(F.action == "rating"))(show_trend)
    routes.callback_query(MissingTap.filter())(say_what_was_missing)
    routes.callback_query(MissingNextTap.filter())(show_next)
    routes.message(Command("elite"))(show_elite)
    routes.message(Command("rules"))(show_rules)
    return routes


async def talked(
    tap: CallbackQuery, callback_data: TalkTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    await replace(tap, bot, talk_view(await reviews.talked(person.id, callback_data.request), t))


async def not_yet(
    tap: CallbackQuery, callback_data: TalkTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    await replace(tap, bot, student_view(await reviews.not_yet(person.id, callback_data.request), t))


async def ask_why_not(
    tap: CallbackQuery, callback_data: TalkTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    await replace(tap, bot, talk_view(await reviews.ask_why_not(person.id, callback_data.request), t))


async def missed(
    tap: CallbackQuery, callback_data: MissTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    screen = await reviews.missed(person.id, callback_data.request, callback_data.reason)
    await replace(tap, bot, student_view(screen, t))


async def goes_on(
    tap: CallbackQuery, callback_data: GoesOnTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    screen = await reviews.goes_on(person.id, callback_data.request, on=callback_data.on)
    await replace(tap, bot, student_view(screen, t))


async def rate(
    tap: CallbackQuery, callback_data: RateTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    screen = await reviews.rate(person.id, callback_data.request, callback_data.figure, callback_data.value)
    await replace(tap, bot, review_view(screen, t))


async def set_trait(
    tap: CallbackQuery, callback_data: TraitTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    screen = await reviews.set_trait(
        person.id, callback_data.request, callback_data.trait, on=callback_data.on
    )
    await replace(tap, bot, review_view(screen, t))


async def ask_for_words(
    tap: CallbackQuery, callback_data: ReviewPageTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    await replace(tap, bot, review_view(await reviews.ask_for_words(person.id, callback_data.request), t))


async def turn_to(
    tap: CallbackQuery, callback_data: ReviewPageTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    screen = await reviews.look(person.id, callback_data.request, callback_data.page)
    await replace(tap, bot, review_view(screen, t))


async def read(
    tap: CallbackQuery, callback_data: ReviewsTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    mentor = MentorId(callback_data.mentor)
    screen = await reviews.of_mentor(person.id, callback_data.search, mentor, callback_data.page)
    await replace(tap, bot, reviews_view(screen, t))


async def read_own(
    tap: CallbackQuery, callback_data: ReviewsTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    screen = await reviews.of_own(person.id, callback_data.mentor, callback_data.page)
    await replace(tap, bot, reviews_view(screen, t, own=True))


async def ask_for_answer(
    tap: CallbackQuery, callback_data: AnswerTap, bot: Bot, person: Known, t: Translator, reviews: Reviews
) -> None:
    await replace(tap, bot, answer_view(await reviews.ask_for_answer(person.id, callback_data.review), t))


async def show_trend(
    tap: CallbackQuery, callback_data: ProfileTap, bot: Bot, person: Known, t: Translator, mine: Mine
) -> None:
    view = trend_view(await mine.trend(person.id, callback_data.mentor), t)
    await say(tap)
    await send_photo(bot, person.id, view)


async def say_what_was_missing(
    tap: CallbackQuery, callback_data: MissingTap, bot: Bot, person: Known, t: Translator, missing: Missing
) -> None:
    screen = await missing.answer(person.id, callback_data.asked, callback_data.answer)
    await replace(tap, bot, missing_view(screen, t))


async def show_next(
    tap: CallbackQuery,
    callback_data: MissingNextTap,
    bot: Bot,
    person: Known,
    t: Translator,
    missing: Missing,
) -> None:
    await tell(tap, bot, shortlist_view(await missing.next(person.id, callback_data.asked), t))


async def show_elite(message: Message, person: Known, t: Translator, elite: Elite) -> None:
    await send(message, elite_view(await elite.listed(person, sent(message)), t))


async def show_rules(message: Message, t: Translator) -> None:
    await send(message, rules_view(t))

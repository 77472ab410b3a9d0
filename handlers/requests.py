"""Requests: written and taken back by students, answered by mentors, and what is typed for them."""

from typing import assert_never

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.screen import replace, send, sent, tell
from bot.texts import Translator
from bot.views.callbacks import (
    DeclineTap,
    MentorTap,
    OutsideTap,
    PostponeTap,
    RequestsTap,
    RequestTap,
    WaitingTap,
    WriteTap,
)
from bot.views.mine import student_requests_view
from bot.views.requests import (
    declined_view,
    draft_view,
    later_view,
    mentor_view,
    question_view,
    refuse_view,
    reply_view,
    student_view,
    waiting_view,
    writing_view,
)
from bot.views.reviews import answer_view, review_view
from bot.views.shortlist import shortlist_view
from bot.views.view import View
from handlers.questionnaire import COMMAND
from recommender.model import MentorId
from usecases.mine import Mine
from usecases.people import Known
from usecases.request_answers import RequestAnswers
from usecases.request_writing import DraftScreen, RequestWriting
from usecases.reviews import Reviews
from usecases.typed import Asked, Topic, Typed


def router() -> Router:
    """The buttons of requests, on either side."""
    routes = Router(name="requests")
    routes.callback_query(MentorTap.filter(F.action == "write"))(write)
    routes.callback_query(WriteTap.filter(F.action == "draft"))(to_draft)
    routes.callback_query(WriteTap.filter(F.action == "edit"))(edit)
    routes.callback_query(WriteTap.filter(F.action == "send"))(send_request)
    routes.callback_query(RequestTap.filter(F.action == "look"))(look)
    routes.callback_query(RequestTap.filter(F.action == "withdraw"))(withdraw)
    routes.callback_query(RequestTap.filter(F.action == "reply"))(reply)
    routes.callback_query(RequestTap.filter(F.action == "others"))(others)
    routes.callback_query(OutsideTap.filter())(say_outside)
    routes.callback_query(RequestsTap.filter())(show_mine)
    routes.callback_query(WaitingTap.filter())(show_waiting)
    routes.callback_query(RequestTap.filter(F.action == "open"))(open_request)
    routes.callback_query(RequestTap.filter(F.action == "accept"))(accept)
    routes.callback_query(RequestTap.filter(F.action == "ask"))(ask)
    routes.callback_query(RequestTap.filter(F.action == "later"))(ask_when)
    routes.callback_query(RequestTap.filter(F.action == "refuse"))(ask_why)
    routes.callback_query(DeclineTap.filter())(decline)
    routes.callback_query(PostponeTap.filter())(postpone)
    return routes


def typed() -> Router:
    """What is typed where a request or a review asked for it."""
    routes = Router(name="requests typed")
    routes.message(was_asked)(answer)
    return routes


async def was_asked(message: Message, person: Known, typed: Typed) -> bool | dict[str, Asked]:
    """What the message answers, for the handler."""
    if COMMAND.match(message.text or ""):
        return False
    asked = await typed.asked(person.id, sent(message))
    return False if asked is None else {"asked": asked}


async def answer(
    message: Message,
    asked: Asked,
    person: Known,
    t: Translator,
    writing: RequestWriting,
    answers: RequestAnswers,
    reviews: Reviews,
) -> None:
    await send(message, await _answered(message, asked, person, t, writing, answers, reviews))


async def _answered(
    message: Message,
    asked: Asked,
    person: Known,
    t: Translator,
    writing: RequestWriting,
    answers: RequestAnswers,
    reviews: Reviews,
) -> View:
    """Each topic has its use case and its view."""
    known, text = sent(message), message.text
    match asked.topic:
        case Topic.DRAFT:
            screen = await writing.type_words(person, asked, known, text)
            if isinstance(screen, DraftScreen):
                return draft_view(screen, t, aloud=True)
            return writing_view(screen, t)
        case Topic.QUESTION:
            return question_view(await answers.type_question(person.id, asked, known, text), t, aloud=True)
        case Topic.REPLY:
            return reply_view(await writing.type_reply(person.id, asked, known, text), t, aloud=True)
        case Topic.REVIEW:
            return review_view(await reviews.type_words(person.id, asked, known, text), t, aloud=True)
        case Topic.REVIEW_REPLY:
            return answer_view(await reviews.type_answer(person.id, asked, known, text), t)
        case _:
            assert_never(asked.topic)


# --- the student's side ------------------------------------------------------------------------------------


async def write(
    tap: CallbackQuery,
    callback_data: MentorTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    screen = await writing.open(person, callback_data.search, MentorId(callback_data.mentor))
    await replace(tap, bot, writing_view(screen, t, on_list=callback_data.on_list))


async def to_draft(
    tap: CallbackQuery,
    callback_data: WriteTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    screen = await writing.open(person, callback_data.search, MentorId(callback_data.mentor))
    await replace(tap, bot, writing_view(screen, t))


async def edit(
    tap: CallbackQuery,
    callback_data: WriteTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    screen = await writing.ask_for_words(person, callback_data.search, MentorId(callback_data.mentor))
    await replace(tap, bot, writing_view(screen, t))


async def send_request(
    tap: CallbackQuery,
    callback_data: WriteTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    screen = await writing.send(person, callback_data.search, MentorId(callback_data.mentor))
    await replace(tap, bot, writing_view(screen, t))


async def look(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    await replace(tap, bot, student_view(await writing.look(person.id, callback_data.request), t))


async def withdraw(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    await replace(tap, bot, student_view(await writing.withdraw(person.id, callback_data.request), t))


async def reply(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    await replace(tap, bot, reply_view(await writing.ask_for_reply(person.id, callback_data.request), t))


async def others(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    """A new message: what was tapped says what has become of the request."""
    await tell(tap, bot, shortlist_view(await writing.others(person.id, callback_data.request), t))


async def say_outside(
    tap: CallbackQuery,
    callback_data: OutsideTap,
    bot: Bot,
    person: Known,
    t: Translator,
    writing: RequestWriting,
) -> None:
    screen = await writing.say_outside(person.id, callback_data.request, callback_data.answer)
    await replace(tap, bot, student_view(screen, t))


async def show_mine(tap: CallbackQuery, bot: Bot, person: Known, t: Translator, mine: Mine) -> None:
    await replace(tap, bot, student_requests_view(await mine.student(person.id), t))


# --- the mentor's side -------------------------------------------------------------------------------------


async def show_waiting(
    tap: CallbackQuery,
    callback_data: WaitingTap,
    bot: Bot,
    person: Known,
    t: Translator,
    answers: RequestAnswers,
) -> None:
    await replace(tap, bot, waiting_view(await answers.waiting(person.id, callback_data.mentor), t))


async def open_request(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    answers: RequestAnswers,
) -> None:
    await replace(tap, bot, mentor_view(await answers.look(person.id, callback_data.request), t))


async def accept(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    answers: RequestAnswers,
) -> None:
    await replace(tap, bot, mentor_view(await answers.accept(person.id, callback_data.request), t))


async def ask(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    answers: RequestAnswers,
) -> None:
    await replace(
        tap, bot, question_view(await answers.ask_for_question(person.id, callback_data.request), t)
    )


async def ask_when(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    answers: RequestAnswers,
) -> None:
    await replace(tap, bot, later_view(await answers.look(person.id, callback_data.request), t))


async def ask_why(
    tap: CallbackQuery,
    callback_data: RequestTap,
    bot: Bot,
    person: Known,
    t: Translator,
    answers: RequestAnswers,
) -> None:
    await replace(tap, bot, refuse_view(await answers.look(person.id, callback_data.request), t))


async def decline(
    tap: CallbackQuery,
    callback_data: DeclineTap,
    bot: Bot,
    person: Known,
    t: Translator,
    answers: RequestAnswers,
) -> None:
    screen = await answers.decline(person.id, callback_data.request, callback_data.reason)
    await replace(tap, bot, declined_view(screen, t))


async def postpone(
    tap: CallbackQuery,
    callback_data: PostponeTap,
    bot: Bot,
    person: Known,
    t: Translator,
    answers: RequestAnswers,
) -> None:
    screen = await answers.postpone(person.id, callback_data.request, callback_data.day)
    await replace(tap, bot, mentor_view(screen, t))

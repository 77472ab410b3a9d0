"""Put a view in front of a person: in place of the message that was tapped, or as a new one."""

import asyncio

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.views.view import FileView, PhotoView, View
from usecases.people import Sent

_UNCHANGED = "message is not modified"
_TOO_LATE = "query is too old"
_LOST = ("message to edit not found", "message can't be edited", "there is no text in the message to edit")


def sent(message: Message) -> Sent:
    """What a message is known by if it comes again."""
    return Sent(message.message_id, message.date)


async def send(message: Message, view: View) -> None:
    """Answer a message with a new one."""
    await message.answer(view.text, reply_markup=view.keyboard)


async def send_file(bot: Bot, chat_id: int, view: FileView) -> None:
    """Hand over a file."""
    await bot.send_document(chat_id, BufferedInputFile(view.content, view.name), caption=view.caption)


async def send_photo(bot: Bot, chat_id: int, view: PhotoView) -> None:
    """Show a picture."""
    photo = BufferedInputFile(view.picture, "picture.jpg")
    await bot.send_photo(chat_id, photo, caption=view.text, reply_markup=view.keyboard)


async def tell(tap: CallbackQuery, bot: Bot, view: View) -> None:
    """Answer a tap with a new message, where what was tapped is to stay."""
    await say(tap, view.toast)
    if tap.message is not None:
        await bot.send_message(tap.message.chat.id, view.text, reply_markup=view.keyboard)


async def replace(tap: CallbackQuery, bot: Bot, view: View) -> None:
    """Answer a tap, and draw the view over the message that was tapped."""
    await asyncio.gather(say(tap, view.toast), _draw(tap, bot, view))


async def say(tap: CallbackQuery, toast: str | None = None) -> None:
    """Take the button's spinner away; a tap that is minutes old has none any more."""
    try:
        await tap.answer(toast)
    except TelegramBadRequest as error:
        if _TOO_LATE not in error.message:
            raise


async def _draw(tap: CallbackQuery, bot: Bot, view: View) -> None:
    if tap.message is None:
        return
    chat_id = tap.message.chat.id
    try:
        await bot.edit_message_text(
            view.text,
            chat_id=chat_id,
            message_id=tap.message.message_id,
            reply_markup=view.keyboard,
        )
    except TelegramBadRequest as error:
        if _UNCHANGED in error.message:
            return
        if not any(reason in error.message for reason in _LOST):
            raise
        await bot.send_message(chat_id, view.text, reply_markup=view.keyboard)

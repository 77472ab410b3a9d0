"""What taps are compared with: a bare aiogram polling bot with one select, one insert and a commit per tap.

``python -m benchmarks.bare_bot`` answers the tap; with ``edit`` behind it, it draws a screen as well, with as
many buttons as a question of the questionnaire has.
"""

import asyncio
import logging
import os
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from sqlalchemy import BigInteger, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.engine import create_engine

IN_FLIGHT = 20


class Base(DeclarativeBase):
    pass


class Visitor(Base):
    __tablename__ = "visitors"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str]


class Tap(Base):
    __tablename__ = "taps"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id"))
    data: Mapped[str]


def _keyboard(tapped: str) -> InlineKeyboardMarkup:
    labels = [f"Option {number}{' ✓' if tapped.endswith(str(number)) else ''}" for number in range(9)]
    rows = [
        [
            InlineKeyboardButton(text=label, callback_data=f"option:{label[7]}")
            for label in labels[at : at + 2]
        ]
        for at in range(0, len(labels), 2)
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _dispatcher(sessions: async_sessionmaker[AsyncSession], *, edits: bool) -> Dispatcher:
    dispatcher = Dispatcher()

    async def start(message: Message) -> None:
        assert message.from_user is not None
        async with sessions() as session:
            await session.merge(Visitor(id=message.from_user.id, name=message.from_user.first_name))
            await session.commit()
        await message.answer("Choose.", reply_markup=_keyboard(""))

    async def tap(callback: CallbackQuery) -> None:
        async with sessions() as session:
            visitor = await session.scalar(select(Visitor).where(Visitor.id == callback.from_user.id))
            assert visitor is not None
            session.add(Tap(visitor_id=visitor.id, data=callback.data or ""))
            await session.commit()
        if edits and isinstance(callback.message, Message):
            text = f"You chose {callback.data}, update after update."
            await callback.message.edit_text(text, reply_markup=_keyboard(callback.data or ""))
        await callback.answer()

    dispatcher.message()(start)
    dispatcher.callback_query()(tap)
    return dispatcher


async def main(*, edits: bool) -> None:
    """Poll until SIGTERM."""
    engine = create_engine(os.environ["DATABASE_URL"])
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server))
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    dispatcher = _dispatcher(sessions, edits=edits)
    await dispatcher.start_polling(bot, tasks_concurrency_limit=IN_FLIGHT)
    await engine.dispose()


if __name__ == "__main__":
    logging.basicConfig(level=logging.CRITICAL)
    asyncio.run(main(edits="edit" in sys.argv[1:]))

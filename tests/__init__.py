"""aiogram is imported here as the program imports it, before any test does."""

from bot.imports import import_aiogram

import_aiogram()

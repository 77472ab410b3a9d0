"""aiogram's types are built when they are needed, and all of them can be."""

import subprocess
import sys

_LEAN = """
from bot.imports import import_aiogram
import_aiogram()
from aiogram import types
from pydantic import BaseModel
models = [getattr(types, name) for name in types.__all__]
models = [each for each in models if isinstance(each, type) and issubclass(each, BaseModel)]
"""


def _said(script: str) -> str:
    """What a process of its own prints: here aiogram has long been imported."""
    done = subprocess.run([sys.executable, "-c", _LEAN + script], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_no_type_is_built_before_it_is_needed() -> None:
    assert _said("print(sum(each.__pydantic_complete__ for each in models))") == "0"


def test_a_type_is_built_with_what_it_is_made_of_when_it_is_needed() -> None:
    update = {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
    assert _said(f"print(types.Update.model_validate({update!r}).message.chat.id)") == "1"


def test_every_type_can_be_built_and_is_the_same_as_aiograms_own() -> None:
    script = (
        "print([each.__name__ for each in models if each.model_rebuild(raise_errors=False) is False])\n"
        "print(sorted((each.__name__, sorted(each.model_fields)) for each in models))"
    )
    lean, *fields = _said(script).splitlines()
    assert lean == "[]"
    own = _said_by_aiogram("print(sorted((each.__name__, sorted(each.model_fields)) for each in models))")
    assert fields == own.splitlines()


def _said_by_aiogram(script: str) -> str:
    whole = _LEAN.replace("import_aiogram()\n", "", 1) + script
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True)
    return done.stdout.strip()

"""Importing aiogram in a fifth of the time and a third of the memory."""

import gc
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from pydantic import BaseModel

_NAME = re.compile(r"[A-Za-z_]\w*")


@contextmanager
def uncollected() -> Iterator[None]:
    """Import inside with aiogram's models left unbuilt, and without garbage collection.

    The collector would walk over the growing heap again and again to find nothing. What is loaded stays: it
    is frozen.
    """
    gc.disable()
    try:
        import_aiogram()
        yield
    finally:
        gc.freeze()
        gc.enable()


def import_aiogram() -> None:
    """Import aiogram; each of its types is built when it is first needed, or never.

    By itself aiogram builds all of its three hundred types as it is imported: three seconds and 100 MB, and
    this bot needs a few dozen of them. It only does so because its modules name types they have not imported;
    here they get these names, and then pydantic can build a type at any time.
    """
    if "aiogram" in sys.modules:
        return
    build = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(_not_yet)  # type: ignore[assignment,method-assign]
    try:
        types = importlib.import_module("aiogram.types")
    finally:
        BaseModel.model_rebuild = build  # type: ignore[method-assign]
    _give_names(types)


def _not_yet(_model: type[BaseModel], /, **_: Any) -> None:
    """In place of building a model."""


def _give_names(types: ModuleType) -> None:
    """Give each module the names that its types' annotations, and those they inherit, are written with."""
    known = {name: getattr(types, name) for name in types.__all__}
    for found in known.values():
        if isinstance(found, type) and issubclass(found, BaseModel):
            own = vars(sys.modules[found.__module__])
            for name in _names(found):
                if name in known:
                    own.setdefault(name, known[name])


def _names(model: type[BaseModel]) -> Iterator[str]:
    for each in model.__mro__:
        for annotation in inspect.get_annotations(each).values():
            yield from _NAME.findall(str(annotation))

"""Importing aiogram in less time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Import inside without garbage collection.

    aiogram builds some six hundred pydantic models when it is imported, and the collector walks over the
    growing heap again and again to find nothing: a fifth of the time. What is loaded stays: it is frozen.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()

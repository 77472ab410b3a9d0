"""Waiting for other processes: looked at again and again, since they cannot call back."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.e2e.faults import FULL

_LOOK_SECONDS = 0.05
#: Far more than anything takes here: who waits so long has found something that never happens.
PATIENCE = 300.0 if FULL else 60.0


async def until(happened: Callable[[], Awaitable[bool]], what: str, patience: float = PATIENCE) -> None:
    """Returns when it has happened; AssertionError with ``what`` if it does not."""
    try:
        async with asyncio.timeout(patience):
            while not await happened():  # noqa: ASYNC110 - it happens elsewhere, in processes
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        raise AssertionError(f"this did not happen in {patience} s: {what}") from None

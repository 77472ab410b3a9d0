"""The catalogue compiled anew: soon after mentors have changed, and now and then without."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from db.errors import is_passing
from usecases.catalogue import Catalogue

_log = structlog.get_logger()

Sleep = Callable[[float], Awaitable[None]]

_STALE_AFTER = 6 * 3600.0
#: A compile at most this often, however many changes are announced.
_BETWEEN_COMPILES = 5.0


async def compile_first(catalogue: Catalogue, changes: AsyncIterator[None]) -> None:
    """The first snapshot, once ``changes`` are listened to: what changes while it is read is heard."""
    await anext(changes)
    await catalogue.refresh()


async def follow(catalogue: Catalogue, changes: AsyncIterator[None], *, sleep: Sleep = asyncio.sleep) -> None:
    """Compile after each burst of changes; what is announced within five seconds of a compile waits."""
    async for _ in changes:
        await _compile_anew(catalogue)
        await sleep(_BETWEEN_COMPILES)


async def keep_up(catalogue: Catalogue, *, sleep: Sleep = asyncio.sleep) -> None:
    """Mentors fall silent, and time zones change their clocks, without any row changing."""
    while True:
        await sleep(_STALE_AFTER)
        await _compile_anew(catalogue)


async def _compile_anew(catalogue: Catalogue) -> None:
    try:
        await catalogue.refresh()
    except Exception as error:
        # Whatever it is, the next change is another chance, and a lost connection speaks up when back.
        if is_passing(error):
            _log.warning(
                "the database is away: the catalogue is not compiled anew", error=type(error).__name__
            )
        else:
            _log.exception("the catalogue is not compiled anew")

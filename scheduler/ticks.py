"""A tick of the clock: what it is called, when it comes, what it does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from apscheduler.triggers.base import BaseTrigger
from sqlalchemy.ext.asyncio import AsyncConnection

from usecases.counts import Counts

Work = Callable[[AsyncConnection], Awaitable[Counts]]


@dataclass(frozen=True, slots=True)
class Tick:
    """``work`` runs in a transaction of the frame's and finds itself what is due: it may come at any time,
    after any pause, and twice.
    """

    name: str
    trigger: BaseTrigger
    work: Work
    does: str

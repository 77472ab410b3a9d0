"""A Telegram, a ledger and bots to start, over a database of one's own."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from sandbox.server import LocalTelegram
from tests.e2e.faults import FULL, Figures
from tests.e2e.faults.ledger import Ledger
from tests.e2e.faults.replicas import TOKEN, Replicas, replicas


@pytest.fixture
def figures(record_property: Figures) -> Figures:
    """What is worth telling at the end of a full run."""
    return record_property


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell it."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for what, figure in report.user_properties if FULL else ():
            terminalreporter.write_line(f"{report.head_line}: {what}: {figure}")


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(TOKEN) as local:
        yield local


@pytest.fixture
def ledger(telegram: LocalTelegram, engine: AsyncEngine) -> Ledger:
    return Ledger(telegram, engine)


@pytest.fixture
async def bots(telegram: LocalTelegram, engine: AsyncEngine) -> AsyncIterator[Replicas]:
    async with replicas(telegram, engine) as started:
        yield started

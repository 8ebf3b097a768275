"""A server whose clock is set."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from fakes.clock import SetClock
from fakes.serving import Client
from trunkline.server import Running, serving
from trunkline.settings import Settings


@pytest.fixture
def clock() -> SetClock:
    """The clock of `running`; wake its timer after it was moved."""
    return SetClock()


@pytest.fixture
async def running(settings: Settings, clock: SetClock) -> AsyncIterator[Running]:
    """A server that goes by `clock`."""
    async with serving(settings, clock=clock) as server:
        yield server


@pytest.fixture
async def clocked(running: Running) -> AsyncIterator[Client]:
    """The client of `running`."""
    async with ClientSession() as session:
        yield Client(session, running.address, running.token)

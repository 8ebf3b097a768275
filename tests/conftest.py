"""A server in this process, its client, and a service for it to call.

`server` serves on loopback from a temporary folder until the test ends; a test that
needs other settings changes `settings` before, or calls `serving` itself.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from aiohttp import ClientSession

from fakes.serving import Client, Listener
from faults.figures import Figures
from trunkline.server import Running, serving
from trunkline.settings import Settings

# As the server logs: a traceback with its local variables takes seconds to draw.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """What `server` is started with: a fresh folder; 127.0.0.1 may be called."""
    return Settings(data=tmp_path / "data", allow_hosts=("127.0.0.1",), grace_seconds=1)


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Running]:
    """A server that answers: `address`, `token`, `services`."""
    async with serving(settings) as running:
        yield running


@pytest.fixture
async def api(server: Running) -> AsyncIterator[Client]:
    """The client of `server`."""
    async with ClientSession() as session:
        yield Client(session, server.address, server.token)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A service that records what it is asked; tell it what to `answer`."""
    async with Listener() as listener:
        yield listener


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where a harness records what it found."""
    return Figures(request.node.nodeid)

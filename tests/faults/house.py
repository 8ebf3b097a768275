"""A whole server whose doors are called directly, without a connection."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message

from faults.workloads import SECRET
from trunkline.engine.catalog import Catalog
from trunkline.model.balance import Balance
from trunkline.model.clock import Clock, SystemClock
from trunkline.server.listening import listen
from trunkline.server.serving import _running as running_server
from trunkline.services import Services
from trunkline.settings import Settings

_PATIENCE = 8.0
_UNFINISHED = ("queued", "running", "waiting")


@dataclass(frozen=True, slots=True)
class House:
    """Services, and the door at which deliveries are made."""

    services: Services
    door: ASGIApp

    async def deliver(
        self, path: str, body: bytes, answered: Callable[[], None]
    ) -> int:
        """Makes a delivery; calls `answered` when a 2xx leaves, returns the status."""
        statuses: list[int] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                if message["status"] == 200:
                    answered()

        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [(b"authorization", b"Bearer " + SECRET.encode())],
        }
        await self.door(scope, receive, send)
        return statuses[0]

    async def idle(self) -> None:
        """Returns when all that was handed to the writer before is on disk."""
        await self.services.health.examine()

    async def settle(self, *, patience: float = _PATIENCE) -> None:
        """Returns when nothing is left to run.

        Raises:
            TimeoutError: something is still unfinished after a long time.
        """
        async with asyncio.timeout(patience):
            while _unfinished(await self.services.health.balance()):  # noqa: ASYNC110 - only the store knows
                await asyncio.sleep(0.001)

    async def complete(self, repair: Callable[[], Awaitable[None]]) -> None:
        """Returns when all is done; `repair` is called while something is incomplete.

        Raises:
            TimeoutError: something is still unfinished after a long time.
        """
        async with asyncio.timeout(_PATIENCE):
            while True:
                balance = await self.services.health.balance()
                if balance.executions.get("incomplete"):
                    await repair()
                elif not _unfinished(balance):
                    return
                await asyncio.sleep(0.001)


def _unfinished(balance: Balance) -> int:
    states = (balance.states, balance.executions)
    return sum(of.get(state, 0) for of in states for state in _UNFINISHED)


_patch = pytest.MonkeyPatch()
_patch.setattr(Catalog, "installed", functools.cache(Catalog.installed))
"""Finding the apps takes half of a start, and they are the same in every life."""


@asynccontextmanager
async def opened(folder: Path, clock: Clock | None = None) -> AsyncIterator[House]:
    """Starts on the folder as the server does, and stops as it does."""
    settings = Settings(data=folder, allow_hosts=("127.0.0.1",))
    assembled = running_server(settings, listen("127.0.0.1", 0), clock or SystemClock())
    async with assembled as (running, application):
        yield House(running.services, application)

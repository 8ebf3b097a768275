"""A whole server without its sockets: the store, the engine and the hooks door."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry
from starlette.types import Message

from faults.workloads import SECRET
from trunkline.engine.catalog import Catalog
from trunkline.engine.engine import Engine
from trunkline.hooks.door import HooksDoor
from trunkline.hooks.limits import Limits
from trunkline.hooks.refusal import Tally
from trunkline.model.clock import SystemClock
from trunkline.model.ids import Ids
from trunkline.services import Services
from trunkline.store import OwnerNote, Store

_PATIENCE = 3.0
_UNFINISHED = ("queued", "running", "waiting")


@dataclass(frozen=True, slots=True)
class House:
    """Services, and the door at which deliveries are made."""

    services: Services
    door: HooksDoor

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

    async def settle(self) -> None:
        """Returns when nothing is left to run.

        Raises:
            TimeoutError: something is still unfinished after a long time.
        """
        async with asyncio.timeout(_PATIENCE):
            while await self._unfinished():  # noqa: ASYNC110 - only the store knows
                await asyncio.sleep(0.001)

    async def _unfinished(self) -> int:
        balance = await self.services.health.balance()
        states = (balance.states, balance.executions)
        return sum(of.get(state, 0) for of in states for state in _UNFINISHED)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    """Starts on the folder as the server does, and stops as it does."""
    clock = SystemClock()
    store = Store(folder)
    store.open(OwnerNote(pid=os.getpid()))
    engine = Engine(
        store,
        Catalog.installed(),
        clock=clock,
        ids=Ids(clock),
        allow_hosts=("127.0.0.1",),
        slots=64,
    )
    await engine.start()
    services = Services.over(store, engine)
    await services.webhooks.open_book()
    limits = Limits(largest_body=1_000_000, rate=10_000)
    try:
        yield House(services, HooksDoor(services, limits, Tally(CollectorRegistry())))
    finally:
        await engine.stop(5)
        store.close()

"""A whole server, but for its socket, within a simulation."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from faults.house import House
from faults.sim_store import SimDisk, SimStore
from faults.sim_world import SimClock
from trunkline.engine.catalog import Catalog
from trunkline.engine.engine import Engine
from trunkline.engine.steps import CompiledScenario
from trunkline.hooks.door import HooksDoor
from trunkline.hooks.limits import Limits
from trunkline.hooks.refusal import Tally
from trunkline.model.ids import Ids
from trunkline.model.retention import Bounds
from trunkline.services import Services

_LIMITS = Limits(largest_body=1_000_000, rate=1000, response_seconds=60)
_KEEP_ALL = Bounds(days=0, executions=0, seen_days=0)
"""Nothing is pruned, however far the clock jumps: it is to be looked at."""

_SLOTS = 4
_GRACE = 30.0


_compile = Engine._compile_version
_compiled: dict[str, CompiledScenario] = {}


async def _compile_once(engine: Engine, version_id: str) -> CompiledScenario:
    """A version never changes, and to compile it takes a fifth of a simulation."""
    if version_id not in _compiled:
        _compiled[version_id] = await _compile(engine, version_id)
    return _compiled[version_id]


_patch = pytest.MonkeyPatch()
_patch.setattr(Engine, "_compile_version", _compile_once)


@dataclass(slots=True)
class SimHouse:
    """One life: the store, the engine over it, and the door to both."""

    store: SimStore
    engine: Engine
    house: House

    @classmethod
    async def start(
        cls,
        folder: Path,
        disk: SimDisk,
        clock: SimClock,
        send: Callable[..., Any],
        *,
        opened: Callable[[SimStore], None] = lambda _store: None,
    ) -> "SimHouse":
        """Starts as the server does; `opened` hears of the store before it is used."""
        store = SimStore(folder, disk)
        opened(store)
        engine = Engine(
            store.open(),
            Catalog.installed(),
            clock=clock,
            ids=Ids(clock, disk.chance.randbytes),
            allow_hosts=(),
            slots=_SLOTS,
            bounds=_KEEP_ALL,
        )
        setattr(engine.http, "send", send)  # noqa: B010 - a method of this one alone
        await engine.start()
        services = Services.over(store.store, engine)
        await services.webhooks.open_book()
        door = HooksDoor(services, _LIMITS, Tally(CollectorRegistry()))
        return cls(store, engine, House(services, door))

    async def stop(self) -> None:
        """Stops as the server does."""
        await self.engine.stop(_GRACE)
        self.store.store.close()

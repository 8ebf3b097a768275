"""What loops, routes and aggregators cost beyond the modules in them.

`python -m bench.flow [BUNDLES]` runs two scenarios in this process: bundles through a
mapping into an aggregator, and, side by side in turns, the same three mappings in a
line and on three routes with an aggregator behind the third.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from bench.process import memory_mb
from trunkline.server import serving
from trunkline.services import Services
from trunkline.settings import Settings

_INNER = 1000
_ROUNDS = 5
_COMPARED = 20_000

Module = dict[str, Any]


def _repeater(id_: int, repeats: int) -> Module:
    return {"id": id_, "module": "flow.repeater", "map": {"repeats": repeats}}


def _mapping(id_: int) -> Module:
    fields = {"name": "x", "value": "{{2.i * 2}}"}
    return {"id": id_, "module": "tools.set_a_variable", "map": fields}


def _total(id_: int, value: str) -> Module:
    return {
        "id": id_,
        "module": "tools.numeric_aggregator",
        "aggregate": {"source": 1},
        "map": {"value": value},
    }


def _loops(bundles: int) -> list[Module]:
    return [_repeater(1, max(1, bundles // _INNER)), _repeater(2, _INNER)]


def _routed() -> Module:
    routes = [
        {"flow": [_mapping(4)]},
        {"flow": [_mapping(5)]},
        {"flow": [_mapping(6), _total(7, "{{6.x}}")]},
    ]
    return {"id": 3, "module": "flow.router", "routes": routes}


async def _seconds(services: Services, name: str, bundles: int) -> float:
    """How long one execution takes; it has to end well and to do all its work."""
    began = time.perf_counter()
    execution = await services.hand_runs.run(name)
    took = time.perf_counter() - began
    shown = await services.executions.show(execution, history=False)
    if shown.state != "done" or shown.operations < bundles:
        sys.exit(f"{name} ended as {shown.state} after {shown.operations} operations")
    return took


class Gathered(NamedTuple):
    """Bundles a second, and the most memory that this process has had so far."""

    per_second: float
    peak_mb: int


async def gathered(services: Services, bundles: int) -> Gathered:
    """Bundles through a mapping into an aggregator."""
    flow = [*_loops(bundles), _mapping(3), _total(4, "{{3.x}}")]
    await services.scenarios.add_values({"name": "gathered", "flow": flow})
    took = await _seconds(services, "gathered", bundles)
    return Gathered(bundles / took, int(memory_mb(os.getpid(), "VmHWM")))


async def _measure(services: Services, bundles: int) -> None:
    done = await gathered(services, bundles)
    print(f"{bundles:,} bundles: {done.per_second:,.0f}/s, at most {done.peak_mb} MB")
    line = [_mapping(4), _mapping(5), _mapping(6)]
    scenarios = {
        "line": [*_loops(_COMPARED), *line],
        "routes": [*_loops(_COMPARED), _routed()],
    }
    for name, flow in scenarios.items():
        await services.scenarios.add_values({"name": name, "flow": flow})
    extra = []
    for _ in range(_ROUNDS):
        straight = await _seconds(services, "line", _COMPARED)
        routed = await _seconds(services, "routes", _COMPARED)
        extra.append((routed - straight) / _COMPARED * 1_000_000)
    print(
        "a router with three routes and an aggregator: "
        f"{statistics.median(extra):.0f} us a bundle beyond its modules "
        f"({min(extra):.0f} to {max(extra):.0f})"
    )


async def _main(bundles: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Settings(data=Path(folder) / "data")) as running:
            await _measure(running.services, bundles)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))

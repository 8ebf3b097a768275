"""A sequential scenario keeps the order of acceptance; any other runs side by side."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from fakes.ledger import Arrival, Ledger
from faults.invariants import Evidence
from faults.loader import Loader
from faults.process import Server, furnish, until
from faults.workloads import SECRET, TRIGGER, Workload, entry

_ONE_STEP = Workload(flow=(TRIGGER, entry(2)), effects=1)
_DELIVERIES = 200


async def test_a_sequential_scenario_keeps_the_order_of_acceptance_over_a_kill(
    tmp_path: Path,
) -> None:
    server, loader = Server(tmp_path / "data"), Loader(rate=50)
    with Ledger(delay=0.01, seed=7) as ledger:
        try:
            server.start()
            path = furnish(server, _ONE_STEP, ledger.url, sequential=True)
            for number in range(_DELIVERIES):
                event = f"event-{number:03d}"
                assert await loader.post(server.address + path, event) == 200
            await asyncio.to_thread(until, lambda: len(ledger.arrivals()) > 50, "50")
            server.kill()
            server.start()
            await asyncio.to_thread(server.settle, _DELIVERIES)
            assert server.stop() == 0
        finally:
            server.kill()
        evidence = Evidence(
            folder=server.folder,
            answered=loader.answered,
            arrivals=ledger.arrivals(),
            crashes=1,
            floor=_DELIVERIES,
            effects=1,
            canaries=(SECRET,),
        )
    assert evidence.violations() == []
    assert _order(evidence.arrivals) == loader.answered


async def test_other_scenarios_run_their_deliveries_side_by_side(
    tmp_path: Path,
) -> None:
    server, loader = Server(tmp_path / "data"), Loader(rate=50)
    with Ledger(delay=0.5, seed=7) as ledger:
        try:
            server.start()
            url = server.address + furnish(server, _ONE_STEP, ledger.url)
            events = [f"event-{number}" for number in range(10)]
            await asyncio.gather(*(loader.post(url, event) for event in events))
            await asyncio.to_thread(server.settle, len(events))
        finally:
            server.kill()
        arrivals = ledger.arrivals()
    assert _overlaps(arrivals) > 0


def _order(arrivals: Sequence[Arrival]) -> list[str]:
    """Events in the order of their first effect."""
    return list(dict.fromkeys(one.body["event"] for one in arrivals))


def _overlaps(arrivals: Sequence[Arrival]) -> int:
    return sum(later.at < earlier.answered for earlier, later in pairwise(arrivals))

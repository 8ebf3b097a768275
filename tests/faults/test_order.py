"""A sequential scenario keeps the order of acceptance; any other runs side by side."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import ClientSession

from fakes.clock import SetClock
from fakes.ledger import Arrival, Ledger
from fakes.serving import Client, survey
from faults.figures import Figures
from faults.invariants import Evidence
from faults.loader import Loader
from faults.process import Server, furnish, until
from faults.workloads import SECRET, TRIGGER, Workload, entry
from trunkline.model.ids import Ids
from trunkline.server import serving
from trunkline.settings import Settings

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


async def test_it_does_so_over_a_restart_after_the_clock_was_set_back(
    tmp_path: Path,
) -> None:
    sent, seen = await _over_a_clock_set_back(tmp_path / "data")
    assert seen == sent


@pytest.mark.figure
async def test_ids_that_follow_the_clock_alone_are_caught(
    tmp_path: Path, figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ids, "follow", lambda *_: None)
    sent, seen = await _over_a_clock_set_back(tmp_path / "data")
    assert sorted(seen) == sorted(sent)
    assert seen != sent
    figures.caught("Clock jumps", "ids follow the clock alone")


async def _over_a_clock_set_back(folder: Path) -> tuple[list[str], list[str]]:
    """Events as they were sent in two lives, and as they had their effects."""
    clock, sent = SetClock(), list[str]()
    settings = Settings(data=folder, allow_hosts=("127.0.0.1",), grace_seconds=1)
    with Ledger(delay=0.3, seed=7) as ledger:
        document = _ONE_STEP.document(ledger.url) | {"settings": {"sequential": True}}
        address = ""
        for life in range(2):
            async with serving(settings, clock) as running, ClientSession() as session:
                api = Client(session, running.address, running.token)
                if life == 0:
                    hook = await api.add_webhook("survey")
                    address = hook.removeprefix(running.address)
                    await api.add_scenario(document)
                for _ in range(5):
                    sent.append(f"event-{len(sent)}")
                    await api.deliver(running.address + address, survey(sent[-1]))
                if life == 1:
                    await api.settled(len(sent))
            clock.ahead = -3600
        return sent, _order(ledger.arrivals())


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

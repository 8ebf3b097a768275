"""A scenario that is flooded does not starve those beside it."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench.latency import percentile

from fakes.ledger import Ledger
from faults.figures import Figures
from faults.flood import UNTHROTTLED, flood
from faults.loader import Loader
from faults.process import Server, defective, furnish
from faults.workloads import TRIGGER, Workload, entry

pytestmark = pytest.mark.alone

_HARNESS = "Fairness"
_ONE_CALL = Workload(flow=(TRIGGER, entry(2)), effects=1)
_RATE = 8.0
_SERVICE_SECONDS = 0.4
"""How long the service of the others takes for an answer, at most."""
_MOST_SLOWED = 2.0
_ENDLESS = 10**7
_CROWDED = {**UNTHROTTLED, "TRUNKLINE_SLOTS": "128"}
"""Fewer run at once than a flood brings on any machine, so that some have to wait."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How long executions of the others took, in seconds at the 95th percentile."""

    baseline: float
    beside: float
    flooded: int


async def measured(server: Server, seconds: float) -> Measured:
    """The others alone, and then the same beside a flood that lasts longer."""
    loader = Loader(_RATE)
    with Ledger(delay=_SERVICE_SECONDS) as ledger:
        try:
            server.start()
            noisy = furnish(server, _ONE_CALL, ledger.url, name="Noisy")
            url = server.address + furnish(server, _ONE_CALL, ledger.url)
            await send(loader, url, seconds)
            await asyncio.to_thread(server.settle)
            alone = times(server.folder)
            flooding = asyncio.create_task(
                asyncio.to_thread(flood, server, noisy, _ENDLESS, seconds=seconds + 2)
            )
            await send(loader, url, seconds)
            flooded = (await flooding).outcome.sent
            await asyncio.to_thread(server.settle, seconds=300)
            together = times(server.folder)[len(alone) :]
            assert server.stop() == 0
        finally:
            server.kill()
    return Measured(_p95(alone), _p95(together), flooded)


async def send(loader: Loader, url: str, seconds: float) -> None:
    """Deliveries of the others at a leisurely pace."""
    end = asyncio.get_running_loop().time() + seconds
    await loader.send(url, lambda: asyncio.get_running_loop().time() < end)
    assert set(loader.statuses) == {200}


def times(folder: Path) -> list[float]:
    """Seconds from the arrival of each delivery to the end of its execution."""
    query = """
        SELECT e.ended_at - d.received_at FROM executions AS e
        JOIN deliveries AS d ON d.id = e.delivery_id
        JOIN scenarios AS s ON s.id = e.scenario_id
        WHERE s.name = 'Fault' AND e.state = 'done' ORDER BY d.id
    """
    file = f"file:{folder / 'trunkline.db'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        return [millis / 1000 for (millis,) in database.execute(query)]


def _p95(seconds: list[float]) -> float:
    return percentile(sorted(seconds), 95)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_beside_a_flood_others_take_at_most_twice_as_long(
    tmp_path: Path, figures: Figures
) -> None:
    server = Server(tmp_path / "data", environment=_CROWDED)
    found = await measured(server, seconds=20)
    assert found.beside <= _MOST_SLOWED * found.baseline
    figures.record(
        _HARNESS,
        promise="a scenario that gets far too much does not starve those beside it",
        done=f"{found.flooded:,} deliveries in 22 s to one scenario whose service "
        f"needs up to {_SERVICE_SECONDS:g} s for an answer, beside {_RATE:g}/s to "
        "another one, with 128 slots for all",
        found=f"the other's executions took {found.beside * 1000:.0f} ms at the 95th "
        f"percentile, {found.beside / found.baseline:.1f} times their "
        f"{found.baseline * 1000:.0f} ms without the flood",
    )


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_server_that_serves_the_oldest_first_is_caught(
    tmp_path: Path, figures: Figures
) -> None:
    defect = "serves_the_oldest"
    server = defective(tmp_path / "data", defect, _CROWDED)
    found = await measured(server, seconds=8)
    assert found.beside > _MOST_SLOWED * found.baseline
    figures.caught(_HARNESS, defect)

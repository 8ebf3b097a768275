"""A hundred thousand deliveries at once: all answered, all stored, all run once."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from bench.load import Outcome
from bench.process import memory_mb
from bench.stage import sunk

from faults.figures import Figures, sizes
from faults.flood import FORWARD, UNTHROTTLED, Onlooker, flood, lost
from faults.process import Server, defective, furnish

pytestmark = pytest.mark.alone

_HARNESS = "Burst"
_CONNECTIONS = 64
_QUICK = 1500

_SLOWEST_ANSWER = 0.250
_SLOWEST_PAGE = 1.0
_MOST_MEMORY = 300


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of it: answers, what is lost of them, arrivals at the target."""

    outcome: Outcome
    lost: int
    received: int
    unique: int
    onlooker: Onlooker
    peak_mb: float


def burst(server: Server, count: int) -> Burst:
    """Sends it all while somebody looks on, and lets everything run to its end."""
    with sunk(server.folder.parent) as target:
        try:
            server.start()
            path = furnish(server, FORWARD, target.origin)
            onlooker = Onlooker(server)
            with onlooker.looking():
                sent = flood(server, path, count, connections=_CONNECTIONS)
                server.settle(seconds=300)
            peak = memory_mb(server.pid, "VmHWM")
            assert server.stop() == 0
        finally:
            server.kill()
        arrived = target.count(sent.run)
    return Burst(
        outcome=sent.outcome,
        lost=len(lost(server.folder, [sent])),
        received=arrived.received,
        unique=arrived.unique,
        onlooker=onlooker,
        peak_mb=peak,
    )


def check(done: Burst, count: int) -> None:
    assert done.outcome.statuses == {"200": count}
    assert done.lost == 0
    assert (done.received, done.unique) == (count, count)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", sizes("TRUNKLINE_BURST", quick=_QUICK, full=100_000))
def test_all_of_a_burst_is_stored_and_run_once_and_nobody_waits_long(
    tmp_path: Path, figures: Figures, count: int
) -> None:
    server = Server(tmp_path / "data", environment=UNTHROTTLED)
    done = burst(server, count)
    check(done, count)
    if count > _QUICK:
        assert done.outcome.latency.p99 <= _SLOWEST_ANSWER
        assert done.onlooker.slowest <= _SLOWEST_PAGE, done.onlooker.longest
        assert done.peak_mb <= _MOST_MEMORY
    figures.record(
        _HARNESS,
        promise="a 2xx means on disk, however much comes at once",
        done=f"{count:,} deliveries of 2 KiB over {_CONNECTIONS} connections, with a "
        "scenario behind them, while somebody looks at the pages",
        found=f"{count:,} of {count:,} answered, stored and run once; p99 of the "
        f"answers {done.outcome.latency.p99 * 1000:.0f} ms at "
        f"{done.outcome.per_second:,.0f}/s, memory {done.peak_mb:.0f} MB, slowest of "
        f"{done.onlooker.looks:,} pages {done.onlooker.slowest * 1000:.0f} ms",
    )


@pytest.mark.figure
@pytest.mark.timeout(600)
@pytest.mark.parametrize("defect", ["forgets_some"])
def test_the_burst_catches_a_server_with_a_defect(
    tmp_path: Path, figures: Figures, defect: str
) -> None:
    done = burst(defective(tmp_path / "data", defect, UNTHROTTLED), _QUICK)
    with pytest.raises(AssertionError):
        check(done, _QUICK)
    figures.caught(_HARNESS, defect)

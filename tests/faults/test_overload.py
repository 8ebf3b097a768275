"""Five times what a server can take: it answers all, loses nothing, and recovers."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench.stage import sunk

from faults.figures import Figures
from faults.flood import FORWARD, UNTHROTTLED, Flood, flood, lost
from faults.loader import Loader
from faults.process import Server, defective, furnish

pytestmark = pytest.mark.alone

_HARNESS = "Overload"
_ALLOWED = {"200", "429", "503"}
_TRIAL = 2000
_TIMES = 5
_SHARE = 0.5
_QUICK_SHARE = 0.05
"""Of what it takes, the limit. In a short flood on a busy machine, the sender itself
may come to little more than half of that."""
_CONNECTIONS = 512
_SECONDS = 60.0
_RECOVERED = 0.250
"""Seconds within which a delivery is answered when all is well."""
_LONGEST_RECOVERY = 10.0
_IN_A_ROW = 20


@dataclass(frozen=True, slots=True)
class Overloaded:
    """What came of it; `recovery` is how long answers stayed slow after its end."""

    capacity: float
    sent: Flood
    lost: int
    recovery: float


async def overload(
    server: Server, seconds: float, *, trial: int = _TRIAL, share: float = _SHARE
) -> Overloaded:
    """Finds out how much the server takes, and then sends five times of it.

    Its limit for one webhook is a share of that, so that it has to refuse as well.
    """
    with sunk(server.folder.parent) as sink:
        try:
            server.environment = {**server.environment, **UNTHROTTLED}
            server.start()
            path = furnish(server, FORWARD, sink.origin)
            capacity = flood(server, path, trial).outcome.per_second
            server.settle()
            assert server.stop() == 0
            limit = {"TRUNKLINE_HOOK_RATE": str(share * capacity)}
            server.environment = {**server.environment, **limit}
            server.start()
            rate = _TIMES * capacity
            sent = flood(
                server,
                path,
                int(rate * seconds),
                rate=rate,
                connections=_CONNECTIONS,
                seconds=seconds,
            )
            recovery = await recovered(server.address + path)
            server.settle(seconds=300)
            assert server.stop() == 0
        finally:
            server.kill()
    return Overloaded(capacity, sent, len(lost(server.folder, [sent])), recovery)


async def recovered(url: str) -> float:
    """Seconds until deliveries are answered at once again, one after another."""
    began, well, loader = time.monotonic(), 0, Loader(rate=1)
    number = 0
    while well < _IN_A_ROW and time.monotonic() - began < 2 * _LONGEST_RECOVERY:
        number += 1
        sent = time.monotonic()
        status = await loader.post(url, f"probe-{number}")
        quick = time.monotonic() - sent <= _RECOVERED
        well = well + 1 if status == 200 and quick else 0
    return time.monotonic() - began


def check(done: Overloaded) -> None:
    outcome = done.sent.outcome
    assert outcome.statuses.keys() <= _ALLOWED
    assert sum(outcome.statuses.values()) == outcome.sent
    assert outcome.statuses["200"] > 0
    assert outcome.statuses["429"] > 0
    assert done.lost == 0


async def _brief_overload(server: Server) -> Overloaded:
    return await overload(server, seconds=2, trial=500, share=_QUICK_SHARE)


async def test_what_is_refused_is_refused_loudly_and_the_rest_is_kept(
    tmp_path: Path,
) -> None:
    check(await _brief_overload(Server(tmp_path / "data")))


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_under_five_times_its_load_it_answers_all_and_recovers(
    tmp_path: Path, figures: Figures
) -> None:
    done = await overload(Server(tmp_path / "data"), _SECONDS)
    check(done)
    assert done.recovery <= _LONGEST_RECOVERY
    outcome = done.sent.outcome
    figures.record(
        _HARNESS,
        promise="under any load every delivery is answered, and a 2xx means on disk",
        done=f"{_SECONDS:g} s at {_TIMES} times the {done.capacity:,.0f}/s that it "
        f"takes ({_CONNECTIONS} connections), with half of that as the webhook's limit",
        found=f"{outcome.sent:,} of {outcome.sent:,} answered "
        f"({outcome.statuses['200']:,} accepted, {outcome.statuses['429']:,} refused "
        f"with 429), 0 accepted lost; back to normal after {done.recovery:.1f} s",
    )


@pytest.mark.figure
@pytest.mark.timeout(600)
async def test_a_server_that_accepts_what_it_refuses_is_caught(
    tmp_path: Path, figures: Figures
) -> None:
    defect = "accepts_what_it_refuses"
    done = await _brief_overload(defective(tmp_path / "data", defect))
    assert done.lost > 0
    figures.caught(_HARNESS, defect)

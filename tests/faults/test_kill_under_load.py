"""The server's process is killed under load, again and again."""

import asyncio
import os
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fakes.ledger import Ledger
from faults.figures import Figures, sizes
from faults.invariants import Evidence
from faults.loader import Loader
from faults.process import Server, defective, furnish, until
from faults.workloads import SECRET, WORKLOADS

RATE = 120.0
"""Events a second; each has three effects."""

_PATIENCE = 600.0
"""Seconds for what has gathered to run, on a busy machine."""

_SETTLES_MOSTLY = 20.0
"""The same where a defect may keep executions from ever ending."""

_KILLS, _DRAIN = "Kills under load", "Drain"
SEED = int(os.environ.get("TRUNKLINE_SEED", "20260120"))


@dataclass(slots=True)
class Cycles:
    """One folder's server, loaded and ended at random moments."""

    server: Server
    ledger: Ledger
    loader: Loader = field(default_factory=lambda: Loader(RATE))
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - repeatable on purpose
    in_flight: int = 0
    codes: list[int] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    patience: float = _PATIENCE
    _path: str = ""

    def begin(self) -> None:
        self.server.start()
        self._path = furnish(self.server, WORKLOADS["five_steps"], self.ledger.url)

    async def load(self) -> None:
        """Sends for a random time; what is under way then is not waited for."""
        await asyncio.to_thread(self._prepare)
        loop = asyncio.get_running_loop()
        end = loop.time() + self.chance.uniform(0.1, 1.0)
        sending = asyncio.create_task(
            self.loader.send(self._url, lambda: self.server.is_alive)
        )
        await asyncio.sleep(end - loop.time())
        await asyncio.to_thread(self._end)
        await sending

    async def finish(self) -> None:
        """One last life without a fault."""
        await asyncio.to_thread(self.server.start)
        await self.loader.send_again(self._url)
        await asyncio.to_thread(self.server.settle, seconds=self.patience)
        await asyncio.to_thread(self.server.stop)

    def evidence(self, crashes: int) -> Evidence:
        return Evidence(
            folder=self.server.folder,
            answered=set(self.loader.answered),
            arrivals=self.ledger.arrivals(),
            crashes=crashes,
            floor=len(set(self.loader.answered)),
            effects=WORKLOADS["five_steps"].effects,
            canaries=(SECRET,),
        )

    @property
    def _url(self) -> str:
        return self.server.address + self._path

    def _prepare(self) -> None:
        """Before the load begins."""

    def _end(self) -> None:
        raise NotImplementedError


class Kills(Cycles):
    """Each life but the last ends with SIGKILL.

    What two kills have met already is spared the third one, after which it would
    rightly be given up (`test_poison.py`); a slow machine gets there by chance.
    """

    def _prepare(self) -> None:
        until(
            lambda: not self.server.on_their_last_attempt(),
            "none is at its last",
            _PATIENCE,
        )

    def _end(self) -> None:
        self.server.kill()
        self.in_flight += self.server.in_flight()


class Stops(Cycles):
    """Each life ends with SIGTERM."""

    def _end(self) -> None:
        began = time.monotonic()
        self.codes.append(self.server.stop())
        self.took.append(time.monotonic() - began)


async def run(cycles: Cycles, number: int) -> None:
    try:
        await asyncio.to_thread(cycles.begin)
        for cycle in range(number):
            if cycle:
                await asyncio.to_thread(cycles.server.start)
            await cycles.load()
        await cycles.finish()
    finally:
        cycles.server.kill()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("number", sizes("TRUNKLINE_KILLS", quick=6, full=200))
async def test_killed_at_any_moment_it_loses_nothing_it_answered(
    tmp_path: Path, figures: Figures, number: int
) -> None:
    with Ledger(delay=0.03) as ledger:
        kills = Kills(Server(tmp_path / "data"), ledger)
        await run(kills, number)
        evidence = kills.evidence(crashes=number)
    assert evidence.violations() == []
    assert evidence.repeated_in_flight <= kills.in_flight
    figures.record(
        _KILLS,
        promise="a delivery that was answered survives `kill -9`; a finished operation "
        "never runs again",
        done=f"{number} times SIGKILL at a random moment, at {RATE:.0f} deliveries/s",
        found=f"0 of {len(kills.loader.answered):,} answered lost, 0 finished "
        f"operations repeated ({evidence.repeated_in_flight} of {kills.in_flight} that "
        "were in flight came twice, with the same key)",
        seeds=SEED,
    )


@pytest.mark.figure
@pytest.mark.timeout(600)
@pytest.mark.parametrize("defect", ["commits_late", "finished_not_recalled"])
async def test_the_kills_catch_a_server_with_a_defect(
    tmp_path: Path, figures: Figures, defect: str
) -> None:
    with Ledger(delay=0.03) as ledger:
        server = defective(tmp_path / "data", defect)
        kills = Kills(server, ledger, patience=_SETTLES_MOSTLY)
        with suppress(AssertionError):  # what never settles is found in the folder
            await run(kills, 3)
        promises = {one.promise for one in kills.evidence(crashes=3).violations()}
    assert promises & {"lost", "repeated", "unfinished"}
    figures.caught(_KILLS, defect)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("number", sizes("TRUNKLINE_STOPS", quick=5, full=200))
async def test_stopped_at_any_moment_it_repeats_nothing_at_all(
    tmp_path: Path, figures: Figures, number: int
) -> None:
    with Ledger(delay=0.1) as ledger:
        stops = Stops(Server(tmp_path / "data"), ledger)
        await run(stops, number)
        evidence = stops.evidence(crashes=0)
    assert evidence.violations() == []
    assert stops.codes == [0] * number
    assert evidence.repeated_in_flight == 0
    figures.record(
        _DRAIN,
        promise="a clean stop loses nothing and repeats nothing, not even what is "
        "under way",
        done=f"{number} times SIGTERM at a random moment, at {RATE:.0f} deliveries/s",
        found=f"{number} of {number} ended with 0 within {max(stops.took):.1f} s; "
        f"0 of {len(stops.loader.answered):,} answered lost, 0 operations repeated",
        seeds=SEED,
    )


@pytest.mark.figure
@pytest.mark.timeout(600)
async def test_the_stops_catch_a_server_that_does_not_wait(
    tmp_path: Path, figures: Figures
) -> None:
    with Ledger(delay=0.1) as ledger:
        stops = Stops(defective(tmp_path / "data", "stops_at_once"), ledger)
        await run(stops, 3)
        assert stops.evidence(crashes=0).repeated_in_flight > 0
    figures.caught(_DRAIN, "stops_at_once")

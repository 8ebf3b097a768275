"""Cuts the power at many moments of a server's life, and looks at what is left.

A server is watched by the disk's shim while it takes deliveries and runs them. Each
state in which the disk may be at a moment is opened by the store, and some of them by
a whole server that finishes the work. A program of its own, since a process that forks
must have one thread: `python -m faults.power --states 7000 [--defect NAME]`.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from fakes.ledger import Arrival, Ledger
from faults.defects import DEFECTS
from faults.disk import MEMORY, Record, Shim, read_log
from faults.disk_states import PAGE, SECTOR, DiskStates, State
from faults.invariants import Violation
from faults.lives import Place, last_life, live
from faults.loader import Loader
from faults.process import Server, furnish
from faults.remains import Remains, World, counts
from faults.workloads import WORKLOADS

WORKLOAD = WORKLOADS["five_steps"]
_BURST = 6
_A_MOMENT = 2.4
"""States of a moment on the average, at least; with nothing unsynced it has one."""

_SPARSE = 8

_CRASHES = 2
"""The kill that was recorded, and the power."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What was looked at; `broken` tells of each state what went wrong in it."""

    states: int = 0
    lives: int = 0
    records: int = 0
    syncs: int = 0
    answered: int = 0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)
    promises: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, violations: list[Violation]) -> None:
        self.broken += [f"{what}: {one.promise}: {one.what}" for one in violations]
        for one in violations:
            self.promises[one.promise] = self.promises.get(one.promise, 0) + 1

    def __str__(self) -> str:
        missing = self.promises.get("lost", 0)
        return (
            f"{self.states} states of the disk, {len(self.broken)} faults, {missing} "
            f"answered or done and missing ({self.answered} answered, {self.records} "
            f"records, {self.syncs} syncs, {self.lives} lives on; {self.seconds:.1f} s)"
        )


@dataclass(frozen=True, slots=True)
class Recording:
    """What a server did to its disk, the webhook's path, and what was sent there."""

    records: list[Record]
    path: str
    events: list[str]


def record(home: Path, ledger: str, defect: str | None, events: int) -> Recording:
    """Watches a folder from its first moment: a life that is killed, one that stops."""
    folder, log = home / "data", home / "log"
    loader = Loader(rate=1)
    named = [f"event-{number}" for number in range(events)]
    environment = dict(Shim.build(home).environment(folder, log))
    if defect:
        environment["TRUNKLINE_TEST_DEFECT"] = defect
    server = Server(folder, "faults.witnessed", environment)
    try:
        server.start()
        path = furnish(server, WORKLOAD, ledger)
        asyncio.run(_deliver(loader, server.address + path, named[: events // 2]))
        server.kill()
        server.start()
        asyncio.run(_deliver(loader, server.address + path, named[events // 2 :]))
        asyncio.run(loader.send_again(server.address + path))
        server.settle()
        server.stop()
    finally:
        server.kill()
    return Recording([*read_log(log)], path, named)


async def _deliver(loader: Loader, url: str, events: list[str]) -> None:
    """In bursts, so that commits are shared, and not by all."""
    for first in range(0, len(events), _BURST):
        burst = events[first : first + _BURST]
        await asyncio.gather(*(loader.post(url, event) for event in burst))


class Cuts:
    """Every moment of a recording at which the power is cut, one after another."""

    def __init__(self, recording: Recording, home: Path, ledger: Ledger) -> None:
        self._recording = recording
        self._home = home
        self._ledger = ledger
        self._arrivals = {one.key: one for one in ledger.arrivals()}
        self._world = World()
        ledger.turn_the_page()
        self.report = Report(
            records=len(recording.records),
            syncs=sum(one.kind == "E" for one in recording.records),
        )

    def run(self, states: int, each_life: int, seed: int, until: str | None) -> Report:
        """Looks at so many states or more, spread over the whole recording.

        Each `each_life`-th is lived on in; it ends when the promise `until` is broken.
        """
        began = time.monotonic()
        for number, (what, state) in enumerate(self._states(states, seed), 1):
            self.report.states += 1
            remains = Remains.lay_out(
                state, self._home / f"state-{number}", WORKLOAD, crashes=_CRASHES
            )
            violations = remains.opened(self._world.answered, self._before())
            if self._world.answered and not violations and number % each_life == 0:
                violations = self._lived_on(remains)
            self.report.add(what, violations)
            remains.remove()
            if until in self.report.promises:
                break
        self.report.answered = len(self._world.answered)
        self.report.seconds = time.monotonic() - began
        return self.report

    def _states(self, least: int, seed: int) -> Iterator[tuple[str, State]]:
        """What the disk may hold after every so many records; no state comes twice.

        Before anything was answered, names and each so many more are looked at.
        """
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        disk, seen = DiskStates(), set[bytes]()
        records = self._recording.records
        begun = next(at for at, one in enumerate(records) if one.kind == "M")
        moments = len(records) - begun + begun / _SPARSE
        step = max(1, int(_A_MOMENT * moments / least))
        for number, one in enumerate(records):
            if one.kind == "M":
                self._world.follow(one)
            else:
                disk.follow(one)
            every = step if number > begun else step * _SPARSE
            if number % every and one.kind not in "CRU":
                continue
            for name, state in _possible(disk, chance):
                if (digest := _digest(state)) not in seen:
                    seen.add(digest)
                    yield f"record {number}, {name}", state

    def _lived_on(self, remains: Remains) -> list[Violation]:
        """A server finishes the work; the sender repeats what it got no answer to."""
        self.report.lives += 1
        answered = self._world.answered
        missing = [one for one in self._recording.events if one not in answered]
        place = Place(remains.folder, self._recording.path, self._ledger.url)
        life = live(partial(last_life, WORKLOAD, place, missing))
        arrivals = [*self._before(), *self._ledger.arrivals()]
        self._ledger.turn_the_page()
        known = {*answered, *life.all("answered")}
        failed = [Violation("failed", one) for one in life.all("failed")]
        return failed + remains.evidence(known, arrivals).violations()

    def _before(self) -> list[Arrival]:
        return self._world.arrivals(self._arrivals)


def _possible(disk: DiskStates, chance: random.Random) -> Iterator[tuple[str, State]]:
    yield "nothing unsynced", disk.nothing()
    if not disk.is_clean:
        yield "everything", disk.everything()
        for block in (PAGE, PAGE, SECTOR, SECTOR):
            yield f"some blocks of {block}", disk.something(chance, block)


def _digest(state: State) -> bytes:
    digest = hashlib.blake2b()
    for name in sorted(state):
        if counts(name):
            digest.update(name.encode() + b"\0" + state[name])
    return digest.digest()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--states", type=int, default=600)
    parser.add_argument("--events", type=int, default=24)
    parser.add_argument("--each-life", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--defect", choices=DEFECTS)
    parser.add_argument("--until", help="the promise that the defect breaks")
    options = parser.parse_args()
    with (
        redirect_stdout(sys.stderr),
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryDirectory(dir=MEMORY) as quick,
        Ledger() as ledger,
    ):
        recording = record(Path(home), ledger.url, options.defect, options.events)
        cuts = Cuts(recording, Path(quick), ledger)
        report = cuts.run(
            options.states, options.each_life, options.seed, options.until
        )
    sys.stdout.write(json.dumps({**asdict(report), "line": str(report)}))


if __name__ == "__main__":
    main()

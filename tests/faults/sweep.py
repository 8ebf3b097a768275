"""Kills a workload at each of its points, one after another, and looks at what is left.

A program of its own, since a process that forks must have one thread:
`python -m faults.sweep WORKLOAD [--defect NAME --until PROMISE]` prints a report.
"""

import argparse
import gc
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from fakes.ledger import Arrival, Ledger
from faults.crash_points import Points
from faults.defects import DEFECTS
from faults.invariants import Evidence, Violation
from faults.lives import (
    Life,
    Place,
    Tell,
    first_life,
    last_life,
    live,
    prepare,
    rehearse,
)
from faults.workloads import API_KEY, SECRET, WORKLOADS, Workload

_MOST_POINTS = 2000


@dataclass(slots=True, kw_only=True)
class Report:
    """What a sweep found; `broken` tells point by point what went wrong."""

    workload: str
    defect: str | None
    points: int = 0
    last: int = 0
    seconds: float = 0.0
    repeated_in_flight: int = 0
    broken: list[str] = field(default_factory=list)
    promises: dict[str, int] = field(default_factory=dict)

    def add(self, point: str, violations: list[Violation]) -> None:
        self.broken += [f"{point}: {one.promise}: {one.what}" for one in violations]
        for one in violations:
            self.promises[one.promise] = self.promises.get(one.promise, 0) + 1

    def __str__(self) -> str:
        lost, repeated = (self.promises.get(name, 0) for name in ("lost", "repeated"))
        return (
            f"{self.workload}: {self.points} of {self.last} points, {lost} lost, "
            f"{repeated} repeated ({self.repeated_in_flight} in flight came twice; "
            f"{self.seconds:.1f} s)"
        )


class Sweep:
    """One workload, its prepared folder, and the ledger that it writes to."""

    def __init__(
        self, name: str, defect: str | None, home: Path, ledger: Ledger
    ) -> None:
        self._workload: Workload = WORKLOADS[name]
        self._defect = DEFECTS[defect] if defect else None
        self._ledger = ledger
        self._home = home
        self._template = home / "template"
        self._before: list[str] = []
        self._earlier: list[Arrival] = []
        self.report = Report(workload=name, defect=defect)

    def run(self, until: str | None, stride: int = 1) -> Report:
        """Kills at point 1, 2, 3 …, until a life ends by itself or a promise breaks.

        A wider `stride` leaves points out.
        """
        self._prepare()
        began = time.monotonic()
        for number in range(1, _MOST_POINTS, stride):
            killed = self._kill_at(number)
            if not killed or until in self.report.promises:
                break
            self.report.points += 1
            self.report.last = number
        self.report.seconds = time.monotonic() - began
        return self.report

    def _prepare(self) -> None:
        life = rehearse(
            partial(prepare, self._workload, self._template, self._ledger.url)
        )
        (self._path,) = life.all("path")
        self._before = life.all("answered")
        self._rehearse()
        if self._workload.taken_over:
            self._cut_short()
        self._earlier = self._ledger.arrivals()
        self._ledger.turn_the_page()

    def _rehearse(self) -> None:
        """One life in this process, so that its children find everything warm."""
        folder = self._home / "rehearsal"
        shutil.copytree(self._template, folder)
        missing = list(self._workload.events)
        self._ledger.refuse()
        rehearse(partial(last_life, self._workload, self._place(folder), missing))
        shutil.rmtree(folder)
        self._ledger.turn_the_page()
        gc.collect()
        gc.freeze()

    def _place(self, folder: Path) -> Place:
        return Place(folder, self._path, self._ledger.url)

    def _cut_short(self) -> None:
        """Leaves the folder as a kill after the second effect leaves it."""
        workload = WORKLOADS["five_steps"]
        trial = self._home / "trial"
        shutil.copytree(self._template, trial)
        names = self._first_life(workload, trial, 0).all("point")
        shutil.rmtree(trial)
        self._ledger.turn_the_page()
        calls = [n for n, name in enumerate(names, 1) if name == "after a call"]
        life = self._first_life(workload, self._template, calls[1])
        assert life.killed
        self._before = life.all("answered")

    def _kill_at(self, number: int) -> bool:
        """One crash and what follows; false where the work was done before it."""
        folder = self._home / f"point-{number}"
        shutil.copytree(self._template, folder)
        self._ledger.refuse()
        first = self._first_life(self._workload, folder, number)
        answered = first.all("answered")
        missing = list((Counter(self._workload.events) - Counter(answered)).elements())
        if self._workload.taken_over:
            missing = []
        last = live(partial(self._last_life, folder, missing))
        at = [f"point {number}", *first.all("point")[-1:]]
        violations = self._verdict(folder, first, last)
        self.report.add(" ".join(at), violations)
        if not violations:
            shutil.rmtree(folder)
        return first.killed

    def _first_life(self, workload: Workload, folder: Path, kill_at: int) -> Life:
        async def body(tell: Tell) -> None:
            points = Points(kill_at, tell)
            self._seed_defect()
            points.tap()
            await first_life(workload, self._place(folder), points, tell)

        return live(body)

    async def _last_life(self, folder: Path, missing: list[str], tell: Tell) -> None:
        self._seed_defect()
        await last_life(self._workload, self._place(folder), missing, tell)

    def _seed_defect(self) -> None:
        if self._defect is not None:
            self._defect()

    def _verdict(self, folder: Path, first: Life, last: Life) -> list[Violation]:
        arrivals = [*self._earlier, *self._ledger.arrivals()]
        self._ledger.turn_the_page()
        evidence = Evidence(
            folder=folder,
            answered={*self._before, *first.all("answered"), *last.all("answered")},
            arrivals=arrivals,
            crashes=first.killed + self._workload.taken_over,
            floor=len(self._workload.all_events),
            effects=self._workload.effects,
            whole=self._workload.whole,
            order=self._workload.events if self._workload.in_order else (),
            canaries=(SECRET, API_KEY),
            recorded=self._workload.data_store is not None,
        )
        violations = evidence.violations()
        self.report.repeated_in_flight += evidence.repeated_in_flight
        for life in (first, last):
            violations += [Violation("failed", text) for text in life.all("failed")]
            violations += [Violation("settings", text) for text in life.all("unwell")]
        return violations


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("workload", choices=WORKLOADS)
    parser.add_argument("--defect", choices=DEFECTS)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--until", help="the promise that the defect breaks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, Ledger() as ledger:
        sweep = Sweep(options.workload, options.defect, Path(home), ledger)
        report = sweep.run(options.until, options.stride)
    sys.stdout.write(json.dumps({**asdict(report), "line": str(report)}))


if __name__ == "__main__":
    main()

"""Lets one call to the disk fail after another, and looks at what becomes of the work.

A program of its own, started with the disk's shim, since a process that forks must have
one thread: `python -m faults.io_errors [--stride N] [--defect NAME --until PROMISE]`.
"""

import argparse
import errno
import gc
import json
import shutil
import sys
import tempfile
import time
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from fakes.ledger import Arrival, Ledger
from fakes.silence import be_silent
from faults.defects import DEFECTS
from faults.disk import MEMORY, Disk, Kind, read_log
from faults.disk_states import DiskStates, State
from faults.failing_life import EVENTS, MENDED, WORKLOAD, FailingLife, Fault
from faults.invariants import Violation
from faults.lives import Life, Place, Tell, last_life, live, prepare, rehearse
from faults.remains import Remains, World

LOUD = {"503", "507"}
_MOST = 1000

FAULTS = {
    "sync": Fault(Kind.SYNC, errno.EIO),
    "write": Fault(Kind.WRITE, errno.EIO),
    "full": Fault(Kind.WRITE, errno.ENOSPC),
    "short": Fault(Kind.WRITE, errno.ENOSPC, short=True),
    "cut": Fault(Kind.CUT, errno.EIO),
    "name": Fault(Kind.NAME, errno.ENOSPC),
    "anything": Fault(Kind.SYNC | Kind.WRITE | Kind.CUT | Kind.NAME, errno.EIO),
}


@dataclass(slots=True, kw_only=True)
class Report:
    """What became of each point; `broken` tells what went wrong at it."""

    points: int = 0
    refused: int = 0
    stopped: int = 0
    seconds: float = 0.0
    sentences: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    promises: dict[str, int] = field(default_factory=dict)

    def add(self, point: str, life: Life, violations: list[Violation]) -> None:
        self.points += 1
        self.refused += len(life.all("refused"))
        self.stopped += len(life.all("stopped"))
        self.sentences = sorted({*self.sentences, *life.all("stopped")})
        self.broken += [f"{point}: {one.promise}: {one.what}" for one in violations]
        for one in violations:
            self.promises[one.promise] = self.promises.get(one.promise, 0) + 1

    def __str__(self) -> str:
        return (
            f"{self.points} failing calls, {len(self.broken)} faults "
            f"({self.refused} deliveries refused, {self.stopped} starts that stopped "
            f"with a sentence; {self.seconds:.1f} s)"
        )


class ErrorSweep:
    """One prepared folder, copied for each call that fails."""

    def __init__(self, home: Path, ledger: Ledger, defect: str | None) -> None:
        self._home = home
        self._ledger = ledger
        self._defect = DEFECTS[defect] if defect else None
        self._template = home / "template"
        self._disk = Disk()
        self._path = ""
        self.report = Report()

    def run(self, stride: int, until: str | None) -> Report:
        """Lets call 1, 2, 3 … fail until there is none, or the promise is broken."""
        self._prepare()
        began = time.monotonic()
        for name, fault in FAULTS.items():
            for ever in (False, True):
                for at in range(1, _MOST, stride):
                    point = f"{name} {at}{' and on' * ever}"
                    if until in self.report.promises or not self._fail(
                        point, fault, at, ever=ever
                    ):
                        break
        self.report.seconds = time.monotonic() - began
        return self.report

    def _prepare(self) -> None:
        life = rehearse(partial(prepare, WORKLOAD, self._template, self._ledger.url))
        (self._path,) = life.all("path")
        trial = self._home / "trial"
        shutil.copytree(self._template, trial)
        place = self._place(trial)
        rehearse(partial(last_life, WORKLOAD, place, [*EVENTS]))
        shutil.rmtree(trial)
        self._ledger.turn_the_page()
        gc.collect()
        gc.freeze()

    def _place(self, folder: Path) -> Place:
        return Place(folder, self._path, self._ledger.url)

    def _fail(self, point: str, fault: Fault, at: int, *, ever: bool) -> bool:
        """One life with a call that fails; false where there is no such call in it."""
        folder, log = self._home / "data", self._home / "log"
        shutil.copytree(self._template, folder)
        before = {file.name: file.read_bytes() for file in folder.iterdir()}
        failing = FailingLife(self._disk, fault, at, ever=ever)

        async def body(tell: Tell) -> None:
            if self._defect:
                self._defect()
            await failing.live(self._place(folder), log, tell)

        life = live(body)
        arrivals = self._ledger.arrivals()
        violations = [
            *_complaints(life),
            *self._if_the_power_fails(before, log, arrivals),
            *self._in_the_end(folder, life),
        ]
        self._ledger.turn_the_page()
        self.report.add(point, life, violations)
        shutil.rmtree(folder)
        log.unlink()
        return life.all("failing") != ["0"]

    def _if_the_power_fails(
        self, before: State, log: Path, arrivals: list[Arrival]
    ) -> list[Violation]:
        """What is on the disk for certain just before it is mended has to do."""
        disk, world = DiskStates(before), World()
        for record in read_log(log):
            if record.name == MENDED:
                break
            if record.kind == "M":
                world.follow(record)
            else:
                disk.follow(record)
        remains = Remains.lay_out(
            disk.nothing(), self._home / "remains", WORKLOAD, crashes=0
        )
        known = {one.key: one for one in arrivals}
        violations = remains.opened(world.answered, world.arrivals(known))
        remains.remove()
        return violations

    def _in_the_end(self, folder: Path, life: Life) -> list[Violation]:
        """All is done; after a start that stopped, by the next life."""
        answered = set(life.all("answered"))
        if life.all("stopped"):
            missing = [*EVENTS]
            life = live(partial(last_life, WORKLOAD, self._place(folder), missing))
            answered |= set(life.all("answered"))
        remains = Remains(folder, WORKLOAD, crashes=0)
        evidence = remains.evidence(answered, self._ledger.arrivals())
        unanswered = [
            Violation("refused", f"{one} was never answered")
            for one in sorted({*EVENTS} - answered)
        ]
        return unanswered + evidence.violations()


def _complaints(life: Life) -> list[Violation]:
    """Whatever was not said as it should be: a refusal loudly, an end in a sentence."""
    silent = [one for one in life.all("refused") if one not in LOUD]
    return [
        *(Violation("silent", f"a delivery got {one}") for one in silent),
        *(Violation("failed", one) for one in life.all("failed")),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--defect", choices=DEFECTS)
    parser.add_argument("--until", help="the promise that the defect breaks")
    options = parser.parse_args()
    be_silent()
    with (
        redirect_stdout(sys.stderr),
        tempfile.TemporaryDirectory(dir=MEMORY) as home,
        Ledger() as ledger,
    ):
        sweep = ErrorSweep(Path(home), ledger, options.defect)
        report = sweep.run(options.stride, options.until)
    sys.stdout.write(json.dumps({**asdict(report), "line": str(report)}))


if __name__ == "__main__":
    main()

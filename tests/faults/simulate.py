"""Lives seed after seed, and tells which of them broke a promise.

`python -m faults.simulate --seeds 100 [--first N] [--defect NAME --until PROMISE]`;
one seed is looked at again with `--first SEED --seeds 1`.
"""

import argparse
import gc
import hashlib
import json
import sys
import tempfile
import time
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path

from fakes.silence import be_silent
from faults.defects import DEFECTS
from faults.disk import MEMORY
from faults.sim_fate import fate_of
from faults.simulation import Outcome, Simulations

_SHOWN = 5


@dataclass(slots=True, kw_only=True)
class Report:
    """What became of the seeds; `digest` is the same whenever they are lived."""

    seeds: int = 0
    deaths: int = 0
    effects: int = 0
    virtual: float = 0.0
    seconds: float = 0.0
    digest: str = ""
    failing: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    promises: dict[str, int] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        self.seeds += 1
        self.deaths += outcome.deaths
        self.effects += outcome.effects
        self.virtual += outcome.seconds
        both = (self.digest + outcome.digest).encode()
        self.digest = hashlib.blake2b(both, digest_size=16).hexdigest()
        if not outcome.violations:
            return
        self.failing.append(outcome.seed)
        told = [f"{one.promise}: {one.what}" for one in outcome.violations[:_SHOWN]]
        fate = fate_of(outcome.seed)
        self.broken.append("\n".join([f"seed {outcome.seed}, {fate}", *told]))
        for one in outcome.violations:
            self.promises[one.promise] = self.promises.get(one.promise, 0) + 1

    def __str__(self) -> str:
        kept = self.seeds - len(self.failing)
        return (
            f"{kept} of {self.seeds} seeds kept all promises, "
            f"{self.deaths} deaths, {self.effects} effects in "
            f"{self.virtual / 3600:.0f} virtual hours ({self.seconds:.1f} s)"
            + (f"; failing seeds {self.failing}" if self.failing else "")
        )


def lived(home: Path, seeds: range, until: str | None) -> Report:
    """Lives the seeds; ends early where the promise `until` is broken."""
    report, simulations = Report(), Simulations(home)
    began = time.monotonic()
    gc.freeze()
    for seed in seeds:
        report.add(simulations.run(seed))
        if until in report.promises:
            break
    report.seconds = time.monotonic() - began
    return report


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--defect", choices=DEFECTS)
    parser.add_argument("--until", help="the promise that the defect breaks")
    options = parser.parse_args()
    be_silent()
    if options.defect:
        DEFECTS[options.defect]()
    seeds = range(options.first, options.first + options.seeds)
    with (
        redirect_stdout(sys.stderr),
        tempfile.TemporaryDirectory(dir=MEMORY) as home,
    ):
        report = lived(Path(home), seeds, options.until)
    sys.stdout.write(json.dumps({**asdict(report), "line": str(report)}))


if __name__ == "__main__":
    main()

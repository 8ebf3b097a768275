"""`python -m bench`: measures, checks, prints. See bench/README.md."""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.contact_list import contact_list
from bench.footprint import footprint
from bench.machine import Machine
from bench.mapping import mapping
from bench.process import BenchError
from bench.report import Result, as_json, as_text
from bench.response_time import response_time
from bench.stage import LEISURELY, QUICK, Stage, staged
from bench.throughput import end_to_end, generator, intake

MEASUREMENTS: Mapping[str, Callable[[Stage], Result]] = {
    "generator": generator,
    "intake": intake,
    "end-to-end": end_to_end,
    "latency": response_time,
    "footprint": footprint,
    "contacts": contact_list,
    "mapping": mapping,
}


def main() -> int:
    """0 with figures, 1 without: something was lost, doubled or refused."""
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen = options.only or list(MEASUREMENTS)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        machine = Machine.here(Path(folder))
        try:
            results = _measure(Path(folder), chosen, quick=options.quick)
        except (BenchError, OSError, subprocess.TimeoutExpired) as error:
            print(f"FAILED on {machine}\n{error}", file=sys.stderr)
            return 1
    shown = as_json if options.json else as_text
    print(shown(machine, results))
    return 0


def _measure(folder: Path, chosen: list[str], *, quick: bool) -> list[Result]:
    results = []
    began = time.monotonic()
    with staged(folder, QUICK if quick else LEISURELY) as stage:
        _say(f"Trunkline is process {stage.ours.child.pid}")
        for number, name in enumerate(chosen, 1):
            seconds = time.monotonic() - began
            _say(f"[{number}/{len(chosen)}] {name}, {seconds:.0f} s so far")
            results.append(MEASUREMENTS[name](stage))
    return results


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="rougher, half a minute")
    parser.add_argument(
        "--only",
        action="append",
        choices=list(MEASUREMENTS),
        metavar="NAME",
        help=f"may be repeated; one of {', '.join(MEASUREMENTS)}",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--folder",
        type=Path,
        help="where to put the data folders; the figures are of its disk",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""What harnesses found, written down as they pass: for docs/reliability.md."""

import functools
import os
import shlex
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bench.machine import Machine
from tools.reliability import Catch, Figure

_FILE = os.environ.get("TRUNKLINE_FIGURES")


class Figures:
    """Records what one test found, once it has asserted it.

    Lines go to the file that `TRUNKLINE_FIGURES` names, and what was found is printed.
    """

    def __init__(self, test: str) -> None:
        self._test = test
        self._began = time.monotonic()
        if _FILE:
            _commit()  # what runs, not what is there by the end

    def record(
        self, harness: str, *, promise: str, done: str, found: str, seeds: object = ""
    ) -> None:
        """The figure: `done` says what was done to break the promise, and how often."""
        _print(f"{harness}: {done}: {found} ({self._seconds:.0f} s)")
        if _FILE:
            _append(
                Figure(
                    harness=harness,
                    promise=promise,
                    done=done,
                    found=found,
                    seeds=str(seeds),
                    **self._circumstances(),
                )
            )

    def caught(self, harness: str, defect: str) -> None:
        """The harness saw the defect that this test had put into the server."""
        if _FILE:
            _append(Catch(harness=harness, defect=defect, **self._circumstances()))

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _circumstances(self) -> dict[str, Any]:
        return {
            "test": self._test,
            "command": _command(self._test),
            "seconds": round(self._seconds, 1),
            "date": datetime.now(UTC).date().isoformat(),
            "commit": _commit(),
            "machine": _machine(),
        }


def sizes(variable: str, *, quick: int, full: int) -> list[Any]:
    """Values of a parameter: how much a harness does each day, and how much if `long`.

    An environment `variable` overrides the second.
    """
    size = int(os.environ.get(variable, full))
    return [
        pytest.param(quick, id="quick"),
        pytest.param(size, id="full", marks=pytest.mark.long),
    ]


def _append(line: Figure | Catch) -> None:
    assert _FILE
    with Path(_FILE).open("ab") as file:
        file.write(msgspec.json.encode(line) + b"\n")


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the figure of a test, seen with `-s`


def _command(test: str) -> str:
    """What runs the test again, with the sizes that its file looks for."""
    source = Path(test.partition("::")[0]).read_text()
    sizes = [
        f"{name}={shlex.quote(value)} "
        for name, value in sorted(os.environ.items())
        if name.startswith("TRUNKLINE_") and f'"{name}"' in source
    ]
    return f"{''.join(sizes)}.venv/bin/python -m pytest -q -s {shlex.quote(test)}"


@functools.cache
def _commit() -> str:
    commit = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "src", "tests", "bench")
    return f"{commit} and changes" if changed else commit


def _git(*arguments: str) -> str:
    asked = subprocess.run(  # noqa: S603 - a fixed command
        ["git", *arguments],  # noqa: S607 - the machine's git
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()


@functools.cache
def _machine() -> str:
    return str(Machine.here(Path(tempfile.gettempdir())))

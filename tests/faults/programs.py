"""Harnesses that are programs, since a process that forks must have one thread."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

_TESTS = Path(__file__).parents[1]
_NONE: Mapping[str, str] = MappingProxyType({})


def report_of(
    program: str, *arguments: str, environment: Mapping[str, str] = _NONE
) -> dict[str, Any]:
    """Runs `faults.PROGRAM`, prints the line in which its report ends, returns it."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", f"faults.{program}", *arguments],
        cwd=_TESTS,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    report: dict[str, Any] = json.loads(done.stdout)
    print(report["line"])  # noqa: T201 - the figure of the test
    return report

"""The power fails: whatever the disk holds then, what was answered is in it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faults.disk import COMPILER, NO_COMPILER

pytestmark = pytest.mark.skipif(COMPILER is None, reason=NO_COMPILER)

_TESTS = Path(__file__).parents[1]
_STATES = int(os.environ.get("TRUNKLINE_STATES", "300"))
"""How many states of the disk are looked at, at least."""

_EVENTS_A_STATE = 25
_MORE = 3
"""Moments at which nothing is open have one state, not six."""


def cut(*arguments: str) -> dict[str, Any]:
    """The report of one run, which needs a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "faults.power", *arguments],
        cwd=_TESTS,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    report: dict[str, Any] = json.loads(done.stdout)
    print(report["line"])  # noqa: T201 - the figure of this test
    return report


@pytest.mark.timeout(60 + _STATES)
def test_a_power_failure_loses_nothing_that_was_answered_or_done() -> None:
    events = max(12, _STATES // _EVENTS_A_STATE)
    report = cut("--most", str(_MORE * _STATES), "--events", str(events))
    assert report["broken"] == []
    assert report["states"] >= _STATES
    assert report["lives"] > 0
    assert report["answered"] == events


@pytest.mark.parametrize(
    ("defect", "promise"),
    [
        ("synchronous_normal", "lost"),
        ("ack_before_commit", "lost"),
        ("effects_before_the_journal", "forgotten"),
        ("key_in_two_steps", "closed"),
    ],
)
def test_the_power_failure_catches_a_server_with_a_defect(
    defect: str, promise: str
) -> None:
    report = cut("--events", "12", "--defect", defect, "--until", promise)
    assert promise in report["promises"], report["broken"]

"""A million bundles go through one execution in bounded memory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faults.figures import Figures, sizes

_HARNESS = "Long executions"
_ROOT = Path(__file__).parents[2]
_MOST_MEMORY = 256
_QUICK = 20_000
_ENOUGH_TO_TELL = 200_000


def looped(*arguments: str) -> dict[str, Any]:
    """What was measured in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "faults.loops", *arguments],
        env={**os.environ, "PYTHONPATH": f"{_ROOT}:{_ROOT / 'tests'}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "bundles", sizes("TRUNKLINE_BUNDLES", quick=_QUICK, full=1_000_000)
)
def test_bundles_of_a_long_execution_need_no_more_memory(
    figures: Figures, bundles: int
) -> None:
    measured = looped(str(bundles))
    assert measured["peak_mb"] <= _MOST_MEMORY
    figures.record(
        _HARNESS,
        promise="an execution of any length runs in bounded memory",
        done=f"{bundles:,} bundles from a loop through a mapping into an aggregator",
        found=f"{bundles:,} of {bundles:,} in {measured['peak_mb']} MB, at "
        f"{measured['per_second']:,.0f}/s",
    )


@pytest.mark.long
@pytest.mark.timeout(300)
def test_an_execution_that_keeps_everything_is_caught(figures: Figures) -> None:
    defect = "keeps_all_operations"
    measured = looped(str(_ENOUGH_TO_TELL), "--defect", defect)
    assert measured["peak_mb"] > _MOST_MEMORY
    figures.caught(_HARNESS, defect)

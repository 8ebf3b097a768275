"""Random scenarios do on the engine what a reference without an engine says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faults.figures import Figures, sizes

_TESTS = Path(__file__).parents[1]
_HARNESS = "Random scenarios"
_FIRST = int(os.environ.get("TRUNKLINE_FIRST_SEED", "1000"))


def compared(*arguments: str) -> dict[str, Any]:
    """The report of one comparison, which needs a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "faults.agreement", *arguments],
        cwd=_TESTS,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    report: dict[str, Any] = json.loads(done.stdout)
    print(report["line"])  # noqa: T201 - the figure of this test
    return report


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", sizes("TRUNKLINE_SCENARIOS", quick=60, full=1000))
@pytest.mark.parametrize("kills", [(), ("--kills",)], ids=["undisturbed", "killed"])
def test_random_scenarios_do_what_the_reference_says(
    figures: Figures, kills: tuple[str, ...], number: int
) -> None:
    report = compared("--seeds", str(number), "--first", str(_FIRST), *kills)
    assert not report["failing"], "\n".join(report["disagreements"])
    assert report["effects"] > number
    figures.record(
        _HARNESS,
        promise="a scenario does what its modules, routes, loops and error routes say, "
        "crashed or not",
        done=f"{number:,} scenarios made by chance, "
        + ("killed at random points, " if kills else "")
        + "beside a reference interpreter without an engine",
        found=f"{number:,} of {number:,} agree, in {report['effects']:,} effects",
        seeds=f"{_FIRST} to {_FIRST + number - 1}",
    )


@pytest.mark.figure
@pytest.mark.parametrize(
    ("defect", "kills"),
    [
        ("closes_over_what_stopped", ()),
        ("failed_not_forgotten", ()),
        ("finished_forgotten", ()),
        ("directive_ignored", ()),
        ("finished_not_recalled", ("--kills",)),
    ],
)
def test_the_reference_catches_an_engine_with_a_defect(
    figures: Figures, defect: str, kills: tuple[str, ...]
) -> None:
    report = compared("--defect", defect, "--until-found", "--seeds", "60", *kills)
    assert report["failing"]
    figures.caught(_HARNESS, defect)

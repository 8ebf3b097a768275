"""Random scenarios do on the engine what a reference without an engine says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_TESTS = Path(__file__).parents[1]
_SCENARIOS = int(os.environ.get("TRUNKLINE_SCENARIOS", "60"))
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


@pytest.mark.timeout(60 + 2 * _SCENARIOS)
@pytest.mark.parametrize("kills", [(), ("--kills",)], ids=["undisturbed", "killed"])
def test_random_scenarios_do_what_the_reference_says(kills: tuple[str, ...]) -> None:
    asked = ("--seeds", str(_SCENARIOS), "--first", str(_FIRST))
    report = compared(*asked, *kills)
    assert not report["failing"], "\n".join(report["disagreements"])
    assert report["effects"] > _SCENARIOS


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
    defect: str, kills: tuple[str, ...]
) -> None:
    report = compared("--defect", defect, "--until-found", "--seeds", "60", *kills)
    assert report["failing"]

"""Random scenarios do on the engine what a reference without an engine says."""

import os

import pytest

from faults.figures import Figures, sizes
from faults.programs import report_of

_HARNESS = "Random scenarios"
_FIRST = int(os.environ.get("TRUNKLINE_FIRST_SEED", "1000"))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", sizes("TRUNKLINE_SCENARIOS", quick=60, full=1000))
@pytest.mark.parametrize("kills", [(), ("--kills",)], ids=["undisturbed", "killed"])
def test_random_scenarios_do_what_the_reference_says(
    figures: Figures, kills: tuple[str, ...], number: int
) -> None:
    report = report_of(
        "agreement", "--seeds", str(number), "--first", str(_FIRST), *kills
    )
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
    report = report_of(
        "agreement", "--defect", defect, "--until-found", "--seeds", "60", *kills
    )
    assert report["failing"]
    figures.caught(_HARNESS, defect)

"""Lives drawn from seeds: deaths, full disks, jumping clocks, a world in trouble."""

import os

import pytest

from faults.figures import Figures, sizes
from faults.programs import report_of

_HARNESS = "Simulation"
_FIRST = int(os.environ.get("TRUNKLINE_FIRST_SEED", "1000"))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seeds", sizes("TRUNKLINE_SEEDS", quick=60, full=5000))
def test_whatever_befalls_it_a_server_keeps_its_promises(
    figures: Figures, seeds: int
) -> None:
    report = report_of("simulate", "--seeds", str(seeds), "--first", str(_FIRST))
    assert not report["failing"], "\n".join(report["broken"])
    assert report["seeds"] == seeds
    assert report["deaths"] > seeds // 4
    assert report["effects"] > 2 * seeds
    figures.record(
        _HARNESS,
        promise="whatever befalls a server, in whatever order, it keeps what it has "
        "answered, does each thing once and gets to an end",
        done=f"{seeds:,} lives in a world with its own time and order, each with "
        "crashes, full disks, jumping clocks and services in trouble drawn from a seed",
        found=f"{seeds:,} of {seeds:,} keep every promise, in {report['deaths']:,} "
        f"deaths and {report['effects']:,} effects",
        seeds=f"{_FIRST} to {_FIRST + seeds - 1}",
    )


def test_a_seed_is_lived_the_same_way_again() -> None:
    asked = ("--seeds", "8", "--first", str(_FIRST))
    first, again = (
        report_of("simulate", *asked, environment={"PYTHONHASHSEED": salt})
        for salt in ("1", "2")
    )
    assert first["digest"] == again["digest"]


@pytest.mark.figure
@pytest.mark.parametrize(
    ("defect", "promise", "first"),
    [
        ("ack_before_commit", "lost", 0),
        ("finished_not_recalled", "repeated", 0),
        ("journal_gives_up", "unfinished", 0),
        ("fires_before_it_is_written_off", "repeated", 253),
        ("pauses_ignored", "impatient", 20),
        ("deadlines_by_the_wall", "unfinished", 32),
    ],
)
def test_the_simulation_catches_a_server_with_a_defect(
    figures: Figures, defect: str, promise: str, first: int
) -> None:
    """Each begins with a seed that is known to show it; later ones would, too."""
    asked = ("--first", str(first), "--defect", defect, "--until", promise)
    report = report_of("simulate", *asked)
    assert promise in report["promises"], report["line"]
    figures.caught(_HARNESS, defect)

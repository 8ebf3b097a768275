"""Lives drawn from seeds: deaths, full disks, jumping clocks, a world in trouble."""

import os

import pytest

from faults.programs import report_of

_SEEDS = int(os.environ.get("TRUNKLINE_SEEDS", "60"))
_FIRST = int(os.environ.get("TRUNKLINE_FIRST_SEED", "1000"))


@pytest.mark.timeout(120 + _SEEDS)
def test_whatever_befalls_it_a_server_keeps_its_promises() -> None:
    report = report_of("simulate", "--seeds", str(_SEEDS), "--first", str(_FIRST))
    assert not report["failing"], "\n".join(report["broken"])
    assert report["seeds"] == _SEEDS
    assert report["deaths"] > _SEEDS // 4
    assert report["effects"] > 2 * _SEEDS


def test_a_seed_is_lived_the_same_way_again() -> None:
    asked = ("--seeds", "8", "--first", str(_FIRST))
    first, again = (
        report_of("simulate", *asked, environment={"PYTHONHASHSEED": salt})
        for salt in ("1", "2")
    )
    assert first["digest"] == again["digest"]


@pytest.mark.parametrize(
    ("defect", "promise", "first"),
    [
        ("ack_before_commit", "lost", 0),
        ("finished_not_recalled", "repeated", 0),
        ("journal_gives_up", "unfinished", 0),
        ("fires_before_it_is_written_off", "repeated", 253),
        ("pauses_ignored", "impatient", 20),
        ("deadlines_by_the_wall", "unfinished", 32),
        ("ids_by_the_clock_alone", "disordered", 103902),
    ],
)
def test_the_simulation_catches_a_server_with_a_defect(
    defect: str, promise: str, first: int
) -> None:
    """Each begins with a seed that is known to show it; later ones would, too."""
    asked = ("--first", str(first), "--defect", defect, "--until", promise)
    report = report_of("simulate", *asked)
    assert promise in report["promises"], report["line"]

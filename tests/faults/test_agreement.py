"""Random scenarios do on the engine what a reference without an engine says."""

import os

import pytest

from faults.programs import report_of

_SCENARIOS = int(os.environ.get("TRUNKLINE_SCENARIOS", "60"))
_FIRST = int(os.environ.get("TRUNKLINE_FIRST_SEED", "1000"))


@pytest.mark.timeout(60 + 2 * _SCENARIOS)
@pytest.mark.parametrize("kills", [(), ("--kills",)], ids=["undisturbed", "killed"])
def test_random_scenarios_do_what_the_reference_says(kills: tuple[str, ...]) -> None:
    asked = ("--seeds", str(_SCENARIOS), "--first", str(_FIRST))
    report = report_of("agreement", *asked, *kills)
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
    report = report_of(
        "agreement", "--defect", defect, "--until-found", "--seeds", "60", *kills
    )
    assert report["failing"]

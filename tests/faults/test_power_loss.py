"""The power fails: whatever the disk holds then, what was answered is in it."""

import os

import pytest

from faults.disk import COMPILER, NO_COMPILER
from faults.programs import report_of

pytestmark = pytest.mark.skipif(COMPILER is None, reason=NO_COMPILER)

_STATES = int(os.environ.get("TRUNKLINE_STATES", "300"))
"""How many states of the disk are looked at, at least."""

_EVENTS_A_STATE = 25


@pytest.mark.timeout(60 + _STATES)
def test_a_power_failure_loses_nothing_that_was_answered_or_done() -> None:
    events = max(12, _STATES // _EVENTS_A_STATE)
    report = report_of("power", "--states", str(_STATES), "--events", str(events))
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
    report = report_of(
        "power", "--events", "12", "--defect", defect, "--until", promise
    )
    assert promise in report["promises"], report["broken"]

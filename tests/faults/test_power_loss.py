"""The power fails: whatever the disk holds then, what was answered is in it."""

import pytest

from faults.disk import COMPILER, NO_COMPILER
from faults.figures import Figures, sizes
from faults.programs import report_of

pytestmark = pytest.mark.skipif(COMPILER is None, reason=NO_COMPILER)

_HARNESS = "Power failures"
_EVENTS_A_STATE = 25


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("states", sizes("TRUNKLINE_STATES", quick=300, full=7000))
def test_a_power_failure_loses_nothing_that_was_answered_or_done(
    figures: Figures, states: int
) -> None:
    """`states` of the disk are looked at, at least."""
    events = max(12, states // _EVENTS_A_STATE)
    report = report_of("power", "--states", str(states), "--events", str(events))
    assert report["broken"] == []
    assert report["states"] >= states
    assert report["lives"] > 0
    assert report["answered"] == events
    figures.record(
        _HARNESS,
        promise="what was answered is on disk, whatever the disk had kept of what was "
        "not synced",
        done=f"every write and sync of a server at work with {events:,} deliveries "
        "recorded; the disk made anew as a failure at each may leave it: with nothing "
        "unsynced, all, or a part of it, in any order, torn at 512 bytes",
        found=f"{report['states']:,} of {report['states']:,} states sound, 0 answered "
        "deliveries missing",
    )


@pytest.mark.figure
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
    figures: Figures, defect: str, promise: str
) -> None:
    report = report_of(
        "power", "--events", "12", "--defect", defect, "--until", promise
    )
    assert promise in report["promises"], report["broken"]
    figures.caught(_HARNESS, defect)

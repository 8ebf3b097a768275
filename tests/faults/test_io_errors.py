"""Calls to the disk fail, once or for ever: nothing is answered that is not kept."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from faults.disk import COMPILER, NO_COMPILER, Shim
from faults.figures import Figures, sizes
from faults.programs import report_of

pytestmark = pytest.mark.skipif(COMPILER is None, reason=NO_COMPILER)

_HARNESS = "Failing calls to the disk"
_CALLS = 1000
"""Calls that can fail, of all kinds together, once and for ever; there are more."""


@pytest.fixture
def shim(tmp_path: Path) -> Mapping[str, str]:
    """What a process is started with that lets its own calls fail."""
    return Shim.build(tmp_path).environment()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("stride", sizes("TRUNKLINE_CALL_STRIDE", quick=41, full=1))
def test_whatever_call_fails_nothing_is_lost_and_nothing_refused_in_silence(
    figures: Figures, shim: Mapping[str, str], stride: int
) -> None:
    """Of the calls that can fail, each `stride`th does, one after another."""
    report = report_of("io_errors", "--stride", str(stride), environment=shim)
    assert report["broken"] == []
    assert report["points"] >= _CALLS // stride
    assert report["refused"] > 0
    assert report["stopped"] > 0
    figures.record(
        _HARNESS,
        promise="nothing is answered that is not kept, and a server that cannot write "
        "says so",
        done="calls that write, sync, resize, rename or remove made to fail with EIO "
        "or ENOSPC or to write a part, once and for ever, one after another",
        found=f"{report['points']:,} of {report['points']:,} failures: 0 answered "
        f"lost; {report['refused']:,} requests refused in words, "
        f"{report['stopped']:,} starts ended with a sentence",
    )


@pytest.mark.figure
@pytest.mark.parametrize(
    ("defect", "promise"),
    [
        ("failed_commit_counts", "lost"),
        ("ack_before_commit", "lost"),
        ("synchronous_off", "lost"),
        ("journal_gives_up", "forgotten"),
        ("unexplained_start", "failed"),
    ],
)
def test_a_failing_disk_shows_a_server_with_a_defect(
    figures: Figures, defect: str, promise: str, shim: Mapping[str, str]
) -> None:
    asked = ("--stride", "7", "--defect", defect, "--until", promise)
    report = report_of("io_errors", *asked, environment=shim)
    assert promise in report["promises"], report["broken"]
    figures.caught(_HARNESS, defect)

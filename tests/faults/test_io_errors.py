"""Calls to the disk fail, once or for ever: nothing is answered that is not kept."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from faults.disk import COMPILER, NO_COMPILER, Shim
from faults.programs import report_of

pytestmark = pytest.mark.skipif(COMPILER is None, reason=NO_COMPILER)

_STRIDE = int(os.environ.get("TRUNKLINE_CALL_STRIDE", "41"))
"""Which calls fail: 1 each of them, one after another, 41 each forty-first."""

_CALLS = 1000
"""Calls that can fail, of all kinds together, once and for ever; there are more."""


@pytest.fixture
def shim(tmp_path: Path) -> Mapping[str, str]:
    """What a process is started with that lets its own calls fail."""
    return Shim.build(tmp_path).environment()


@pytest.mark.timeout(120 + 3600 // _STRIDE)
def test_whatever_call_fails_nothing_is_lost_and_nothing_refused_in_silence(
    shim: Mapping[str, str],
) -> None:
    report = report_of("io_errors", "--stride", str(_STRIDE), environment=shim)
    assert report["broken"] == []
    assert report["points"] >= _CALLS // _STRIDE
    assert report["refused"] > 0
    assert report["stopped"] > 0


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
    defect: str, promise: str, shim: Mapping[str, str]
) -> None:
    asked = ("--stride", "7", "--defect", defect, "--until", promise)
    report = report_of("io_errors", *asked, environment=shim)
    assert promise in report["promises"], report["broken"]

"""A process dies at each point of its work; another one takes over what is left."""

import os

import pytest

from faults.programs import report_of
from faults.workloads import WORKLOADS

STRIDE = int(os.environ.get("TRUNKLINE_STRIDE", "0"))
"""Which points are tried: 1 all of them, 9 each ninth; 0 what there is time for."""
_DENSE = ("five_steps", "search", "activation", "taking_over")
_SPARSE = 9
_LEAST = 25


@pytest.mark.parametrize("workload", WORKLOADS)
def test_death_at_any_point_loses_nothing_and_repeats_nothing_finished(
    workload: str,
) -> None:
    stride = STRIDE or (1 if workload in _DENSE else _SPARSE)
    report = report_of("sweep", workload, "--stride", str(stride))
    assert report["broken"] == []
    assert report["last"] >= _LEAST - stride


@pytest.mark.parametrize(
    ("defect", "promise"),
    [
        ("ack_before_commit", "lost"),
        ("journalled_before_its_effect", "repeated"),
        ("synchronous_off", "settings"),
        ("synchronous_normal", "settings"),
        ("no_dedupe", "repeated"),
        ("finished_not_recalled", "unfinished"),
        ("two_transactions", "lost"),
        ("writes_not_known_again", "repeated"),
    ],
)
def test_the_sweep_catches_a_server_with_a_defect(defect: str, promise: str) -> None:
    workload = "data_store" if defect == "writes_not_known_again" else "five_steps"
    report = report_of("sweep", workload, "--defect", defect, "--until", promise)
    assert promise in report["promises"], report["broken"]


@pytest.mark.parametrize(
    ("defect", "workload", "promise"),
    [
        ("closes_over_what_stopped", "resumed", "partial"),
        ("failed_not_forgotten", "edited", "unfinished"),
        ("finished_forgotten", "resumed", "repeated"),
        ("directive_ignored", "error_resume", "partial"),
    ],
)
def test_the_sweep_catches_an_engine_with_a_defect(
    defect: str, workload: str, promise: str
) -> None:
    report = report_of("sweep", workload, "--defect", defect, "--until", promise)
    assert promise in report["promises"], report["broken"]

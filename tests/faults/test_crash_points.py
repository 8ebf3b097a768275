"""A process dies at each point of its work; another one takes over what is left."""

import pytest

from faults.figures import Figures
from faults.programs import report_of
from faults.workloads import WORKLOADS

_HARNESS = "Crash points"
_DENSE = ("five_steps", "search", "activation", "taking_over")
_SPARSE = 9
"""Of these workloads every point is tried each day, of the others each ninth."""
_LEAST = 25
_LEAST_OF_ALL = 1000


@pytest.mark.parametrize("workload", WORKLOADS)
def test_death_at_any_point_loses_nothing_and_repeats_nothing_finished(
    workload: str,
) -> None:
    stride = 1 if workload in _DENSE else _SPARSE
    report = report_of("sweep", workload, "--stride", str(stride))
    assert report["broken"] == []
    assert report["last"] >= _LEAST - stride


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_no_point_of_any_workload_is_one_to_die_at(figures: Figures) -> None:
    reports = [report_of("sweep", workload) for workload in WORKLOADS]
    assert [line for report in reports for line in report["broken"]] == []
    points = sum(report["points"] for report in reports)
    assert points >= _LEAST_OF_ALL
    in_flight = sum(report["repeated_in_flight"] for report in reports)
    figures.record(
        _HARNESS,
        promise="wherever the process dies, what was answered is kept and what was "
        "finished does not run again",
        done="SIGKILL before and after every statement, commit, call and answer of "
        f"{len(reports)} workloads, and another life after it",
        found=f"{points:,} of {points:,} points: 0 answered lost, 0 finished "
        f"operations repeated ({in_flight} in flight came twice, with the same key)",
    )


@pytest.mark.figure
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
def test_the_sweep_catches_a_server_with_a_defect(
    figures: Figures, defect: str, promise: str
) -> None:
    workload = "data_store" if defect == "writes_not_known_again" else "five_steps"
    report = report_of("sweep", workload, "--defect", defect, "--until", promise)
    assert promise in report["promises"], report["broken"]
    figures.caught(_HARNESS, defect)


@pytest.mark.figure
@pytest.mark.parametrize(
    ("defect", "workload", "promise"),
    [
        ("closes_over_what_stopped", "resumed", "partial"),
        ("failed_not_forgotten", "edited", "unfinished"),
        ("finished_forgotten", "resumed", "repeated"),
        ("directive_ignored", "error_resume", "partial"),
        ("writes_never_settled", "together", "unsettled"),
        ("writes_not_known_again", "counted", "repeated"),
    ],
)
def test_the_sweep_catches_an_engine_with_a_defect(
    figures: Figures, defect: str, workload: str, promise: str
) -> None:
    report = report_of("sweep", workload, "--defect", defect, "--until", promise)
    assert promise in report["promises"], report["broken"]
    figures.caught(_HARNESS, defect)

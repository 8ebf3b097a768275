"""What the server costs by itself: memory, and the time until it is there."""

import secrets
import socket
import statistics
import time

from bench.process import BenchError
from bench.report import Figure, Result
from bench.stage import Stage
from bench.subject import Door, Subject
from bench.survey import SurveyRequest, event_id

_BURST = 3_000


def footprint(stage: Stage) -> Result:
    """Memory idle and loaded; then from the start of the process to the first 200."""
    ours, floor = stage.ours, stage.floor
    idle = stage.idle_mb
    for subject in (ours, floor):
        stage.burst(subject, "forward", _BURST)
    peak = [subject.child.peak_mb() for subject in (ours, floor)]
    start = [_start_ms(subject, stage.pace.rounds) for subject in (ours, floor)]
    return Result(
        name="footprint",
        title="Memory and start",
        beside="the floor",
        figures=[
            Figure(
                name="memory, idle after start", unit="MB", ours=idle[0], beside=idle[1]
            ),
            Figure(
                name="memory, once the API was used",
                unit="MB",
                ours=stage.used_mb,
                beside=idle[1],
            ),
            Figure(
                name="memory, peak under load", unit="MB", ours=peak[0], beside=peak[1]
            ),
            Figure(
                name="start to first accepted",
                unit="ms",
                ours=start[0],
                beside=start[1],
            ),
        ],
        notes=[f"the folder held {ours.stored('forward'):,} executed deliveries"],
    )


def _start_ms(subject: Subject, starts: int) -> float:
    """The median of some starts on the folder that is there."""
    times = []
    for _ in range(starts):
        subject.child.stop()
        began = time.monotonic()
        subject.start()
        _deliver(subject.door("store"))
        times.append(time.monotonic() - began)
    return statistics.median(times) * 1000


def _deliver(door: Door) -> None:
    """One delivery; the socket listens already, and keeps it until it is read."""
    request = SurveyRequest(door.path, door.secret, door.port)
    with socket.create_connection(("127.0.0.1", door.port), timeout=30) as connection:
        connection.sendall(request.with_id(event_id(secrets.randbits(32), 0)))
        answer = connection.recv(4096)
    if b" 200 " not in answer[:16]:
        raise BenchError(f"The first delivery was answered {answer[:16]!r}.")

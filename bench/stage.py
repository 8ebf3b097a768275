"""The stage: sink, floor and Trunkline side by side, and runs of load against them."""

import secrets
import statistics
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import msgspec

from bench.latency import Latency, due
from bench.load import Outcome, Plan, generate
from bench.process import BenchError, Child, wait_for
from bench.report import Figure
from bench.sink import Arrivals, Count
from bench.subject import Door, Floor, Subject, Trunkline, Way, restart

_MOST_SECONDS = 30
_ARRIVE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long it all takes."""

    rounds: int
    seconds: float
    contacts: int


LEISURELY = Pace(rounds=7, seconds=2, contacts=100_000)
QUICK = Pace(rounds=2, seconds=1, contacts=20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """One run of load, checked: everything arrived, and once."""

    per_second: float
    cpu_us: float
    ack: Latency
    to_sink: Latency
    lag: Latency
    busy: float


def _per_second(burst: Burst) -> float:
    return burst.per_second


class Sink:
    """The sink's process, and what it remembers."""

    def __init__(self, folder: Path) -> None:
        self.child = Child(["bench.sink"], folder / "sink.log")
        self.port = int(self.child.first_line())
        self.origin = f"http://127.0.0.1:{self.port}"
        self.address = f"{self.origin}/sink"

    def arrivals(self, run: int, expected: int) -> Arrivals:
        """What came of a run, once all of it came.

        Raises:
            BenchError: something is missing, or came twice.
        """

        def complete() -> bool | None:
            return self.count(run).unique >= expected or None

        wait_for(f"{expected} posts of run {run}", complete, _ARRIVE_SECONDS, 0.05)
        return msgspec.json.decode(self._ask("arrivals", run), type=Arrivals)

    def count(self, run: int) -> Count:
        return msgspec.json.decode(self._ask("count", run), type=Count)

    def _ask(self, question: str, run: int) -> bytes:
        url = f"http://127.0.0.1:{self.port}/{question}/{run}"
        with urlopen(url, timeout=10) as answer:
            content: bytes = answer.read()
        return content


@contextmanager
def sunk(folder: Path) -> Iterator[Sink]:
    """A sink that runs until the block ends."""
    sink = Sink(folder)
    try:
        yield sink
    finally:
        sink.child.stop()


@dataclass(slots=True, kw_only=True)
class Stage:
    """All that takes part; ours and the floor both run, and one is loaded."""

    folder: Path
    pace: Pace
    sink: Sink
    floor: Floor
    ours: Trunkline
    idle_mb: tuple[float, float]
    used_mb: float
    """Memory of ours and of the floor before anything was sent."""
    sustained: dict[Way, float] = field(default_factory=dict)
    """What ours does per second, where it was measured."""

    def side_by_side(
        self, way: Way, rate: float | None = None
    ) -> tuple[list[Burst], list[Burst]]:
        """Bursts of a fitting size against ours and the floor in turn: A B B A.

        Without a rate each is as quick as its subject, and what ours sustains is noted.
        Each in a life of its own: as it happens to lie in memory, a process is up to
        a tenth quicker or slower than the next one, for as long as it lives.
        """
        ours: list[Burst] = []
        floor: list[Burst] = []
        turns: list[tuple[Subject, list[Burst]]]
        turns = [(self.ours, ours), (self.floor, floor)]
        for number in range(self.pace.rounds):
            for subject, bursts in turns[:: -1 if number % 2 else 1]:
                restart(subject)
                count = self._fitting(subject, way, rate)
                bursts.append(self.burst(subject, way, count, rate))
        if rate is None:
            self.sustained[way] = median(ours)
        return ours, floor

    def burst(
        self, subject: Subject, way: Way, count: int, rate: float | None = None
    ) -> Burst:
        """Sends `count` deliveries and waits for all that follows from them.

        Raises:
            BenchError: an answer was not 200, or something was lost or doubled.
        """
        run = secrets.randbits(32)
        stored, cpu = subject.stored(way), subject.child.cpu_seconds()
        outcome = self.load(subject.door(way), run, count, rate)
        arrivals = self._arrivals(way, run, outcome)
        kept = subject.stored(way) - stored
        if kept != outcome.sent:
            raise BenchError(f"{outcome.sent} answered, {kept} in the store.")
        end = max(arrivals.times.values()) if way == "forward" else outcome.end
        return Burst(
            per_second=outcome.sent / (end - outcome.start),
            cpu_us=(subject.child.cpu_seconds() - cpu) / outcome.sent * 1e6,
            ack=outcome.latency,
            to_sink=_to_sink(outcome, arrivals, rate),
            lag=outcome.lag,
            busy=outcome.busy,
        )

    def load(
        self, door: Door, run: int, count: int, rate: float | None = None
    ) -> Outcome:
        """Runs the load generator.

        Raises:
            BenchError: it failed, or an answer was not 200.
        """
        plan = Plan(
            **door._asdict(), run=run, count=count, seconds=_MOST_SECONDS, rate=rate
        )
        outcome = generate(plan)
        if rate is not None and outcome.sent < count:
            raise BenchError(f"{outcome.sent} of {count} sent: it fell behind too far.")
        if outcome.statuses != {"200": outcome.sent}:
            raise BenchError(f"Not every answer was 200: {outcome.statuses}")
        return outcome

    def _fitting(self, subject: Subject, way: Way, rate: float | None) -> int:
        """As many deliveries as take about the pace's seconds; warms up by the way."""
        self.burst(subject, way, 300)
        trial = self.burst(subject, way, 1000)
        return int((rate or trial.per_second) * self.pace.seconds)

    def _arrivals(self, way: Way, run: int, outcome: Outcome) -> Arrivals:
        if way == "store":
            return Arrivals()
        arrivals = self.sink.arrivals(run, outcome.sent)
        if arrivals.received != outcome.sent:
            raise BenchError(f"{outcome.sent} sent, {arrivals.received} arrived.")
        return arrivals


@contextmanager
def staged(folder: Path, pace: Pace) -> Iterator[Stage]:
    """Starts all that takes part, and stops it in the end."""
    with ExitStack() as stack:
        sink = stack.enter_context(sunk(folder))
        floor, ours = Floor(folder, sink.address), Trunkline(folder, sink.address)
        for subject in (floor, ours):
            subject.start()
            # Not this process alone: the footprint starts others in its place.
            stack.callback(lambda one: one.child.stop(), subject)
        ours.set_up()
        used = ours.child.resident_mb()
        # The API is loaded when somebody asks for it; a server that nobody looks at
        # does without.
        restart(ours)
        yield Stage(
            folder=folder,
            pace=pace,
            sink=sink,
            floor=floor,
            ours=ours,
            idle_mb=(ours.child.resident_mb(), floor.child.resident_mb()),
            used_mb=used,
        )


def median(
    bursts: Iterable[Burst], figure: Callable[[Burst], float] = _per_second
) -> float:
    """The median of one of the bursts' figures."""
    return statistics.median(map(figure, bursts))


def compared(
    name: str,
    unit: str,
    ours: list[Burst],
    floor: list[Burst],
    figure: Callable[[Burst], float] = _per_second,
) -> Figure:
    """The medians of a figure, and that of the ratios of neighbours."""
    pairs = zip(map(figure, ours), map(figure, floor), strict=True)
    return Figure(
        name=name,
        unit=unit,
        ours=median(ours, figure),
        beside=median(floor, figure),
        paired=statistics.median(mine / theirs for mine, theirs in pairs),
    )


def _to_sink(outcome: Outcome, arrivals: Arrivals, rate: float | None) -> Latency:
    """From the moment a request was due to its post's arrival; of open loops only."""
    if rate is None:
        return Latency()
    return Latency.of(
        when - due(outcome.start, rate, index) for index, when in arrivals.times.items()
    )

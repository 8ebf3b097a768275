"""How long an acknowledgement takes, and the whole way to the sink."""

from collections.abc import Callable

from bench.report import Figure, Result
from bench.stage import Burst, Stage, compared, median


def response_time(stage: Stage) -> Result:
    """At half of what ours can sustain, on a schedule that waits for nobody."""
    rate = _sustained(stage) / 2
    ours, floor = stage.side_by_side("forward", rate)
    lag = median([*ours, *floor], lambda burst: burst.lag.p99) * 1000
    return Result(
        name="latency",
        title=f"Latency at {rate:,.0f}/s, half of what ours sustains",
        beside="the floor at the same load",
        figures=[
            _figure("acknowledged, p50", ours, floor, lambda b: b.ack.p50),
            _figure("acknowledged, p99", ours, floor, lambda b: b.ack.p99),
            _figure("at the sink, p50", ours, floor, lambda b: b.to_sink.p50),
            _figure("at the sink, p99", ours, floor, lambda b: b.to_sink.p99),
        ],
        notes=[f"the generator was behind its schedule by {lag:.2f} ms (p99)"],
    )


def _sustained(stage: Stage) -> float:
    if "forward" not in stage.sustained:
        stage.side_by_side("forward")
    return stage.sustained["forward"]


def _figure(
    name: str,
    ours: list[Burst],
    floor: list[Burst],
    seconds: Callable[[Burst], float],
) -> Figure:
    return compared(name, "ms", ours, floor, lambda burst: seconds(burst) * 1000)

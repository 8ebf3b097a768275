"""How much per second: the generator itself, intake, and webhook to outgoing call."""

import secrets

from bench.process import BenchError
from bench.report import Figure, Result
from bench.stage import Burst, Stage, compared, median
from bench.subject import Door, Way

_LEAST_GENERATED = 20_000
_GENERATED = 60_000
_NAMELESS_RUN = -1


def generator(stage: Stage) -> Result:
    """What the load generator can do, so that it is not itself what is measured."""
    before = stage.sink.count(_NAMELESS_RUN).received
    door = Door(stage.sink.port, "/sink", "nobody's")
    outcome = stage.load(door, secrets.randbits(32), _GENERATED)
    received = stage.sink.count(_NAMELESS_RUN).received - before
    if received != outcome.sent:
        raise BenchError(f"{outcome.sent} generated, {received} received.")
    if outcome.per_second < _LEAST_GENERATED:
        raise BenchError(
            f"The load generator reaches {outcome.per_second:,.0f}/s only, too little "
            "to measure with. Something else is using this machine."
        )
    return Result(
        name="generator",
        title="Load generator against the bare sink",
        figures=[Figure(name="requests", unit="/s", ours=outcome.per_second)],
    )


def intake(stage: Stage) -> Result:
    """Answered and on disk, with no execution behind."""
    return _compared(
        stage, "store", name="intake", title="Durable intake", what="deliveries"
    )


def end_to_end(stage: Stage) -> Result:
    """Webhook, filter, mapping, one POST; until the last one came to the sink."""
    return _compared(
        stage,
        "forward",
        name="end-to-end",
        title="Webhook, filter, mapping, outgoing call, history",
        what="executions",
    )


def _compared(stage: Stage, way: Way, *, name: str, title: str, what: str) -> Result:
    ours, floor = stage.side_by_side(way)
    return Result(
        name=name,
        title=title,
        beside="the floor",
        figures=[
            compared(what, "/s", ours, floor),
            compared("CPU of the server", "us each", ours, floor, lambda b: b.cpu_us),
        ],
        notes=[_spread("ours", ours), _spread("floor", floor)],
    )


def _spread(name: str, bursts: list[Burst]) -> str:
    rates = ", ".join(f"{burst.per_second:,.0f}" for burst in bursts)
    busy = median(bursts, lambda burst: burst.busy)
    return f"{name}: {rates} /s; the generator used {busy:.0%} of a core"

"""Percentiles of latencies, and the schedule that an open loop keeps to."""

import math
from collections.abc import Iterable, Sequence

import msgspec


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of seconds comes to; all zero if there was none."""

    p50: float = 0
    p99: float = 0
    worst: float = 0

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Latency":
        ordered = sorted(seconds)
        if not ordered:
            return cls()
        return cls(
            p50=percentile(ordered, 50),
            p99=percentile(ordered, 99),
            worst=ordered[-1],
        )


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all values do not exceed (nearest rank)."""
    rank = math.ceil(len(ordered) * percent / 100)
    return ordered[max(rank, 1) - 1]


def due(start: float, rate: float, index: int) -> float:
    """When an open loop of `rate` per second owes its request number `index`.

    Latency counts from here, not from the sending: a server that stalls delays the
    requests behind, and their waiting is the server's.
    """
    return start + index / rate

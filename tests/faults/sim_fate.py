"""What befalls a simulated server, drawn from a seed before it lives."""

import random
from dataclasses import dataclass

from faults.workloads import WORKLOADS, Workload
from trunkline.model.clock import Millis

CHAOS = 60.0
"""Seconds in which events are sent, clocks jump and the disk may be full."""

_ELSEWHERE = {"search", "activation", "taking_over", "edited"}
"""Workloads that need more of the world than a simulation has."""

_NAMES = sorted(WORKLOADS.keys() - _ELSEWHERE)
_HOUR: Millis = 3_600_000
_JUMPS = (-2 * _HOUR, -_HOUR, -60_000, 60_000, _HOUR, 25 * _HOUR, 400 * 24 * _HOUR)


@dataclass(frozen=True, slots=True)
class Death:
    """The power fails around a commit of this life, or soon after a call left."""

    moment: str
    number: int


@dataclass(frozen=True, slots=True)
class Fate:
    """`sent` are events with the times at which they are sent, some more than once."""

    workload: str
    sent: tuple[tuple[float, str], ...]
    deaths: tuple[Death, ...]
    full: tuple[tuple[float, float], ...]
    jumps: tuple[tuple[float, Millis], ...]
    likely: float

    @property
    def events(self) -> list[str]:
        """Each event once, in the order in which they are sent first."""
        return list(dict.fromkeys(event for _, event in self.sent))

    def is_full(self, now: float) -> bool:
        """Whether the disk has no room at a time of the loop."""
        return any(since <= now < until for since, until in self.full)


def fate_of(seed: int) -> Fate:
    """The same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    name = chance.choice(_NAMES)
    deaths = [
        Death(chance.choice(("before", "after", "call")), chance.randint(1, 14))
        for _ in range(chance.choice((0, 1, 1, 2)))
    ]
    spells = [chance.uniform(0, CHAOS) for _ in range(chance.choice((0, 0, 1, 2)))]
    jumps = [
        (chance.uniform(0, CHAOS), chance.choice(_JUMPS))
        for _ in range(chance.choice((0, 0, 1, 2)))
    ]
    return Fate(
        workload=name,
        sent=_sent(chance),
        deaths=tuple(deaths),
        full=tuple((one, one + chance.uniform(0.5, 20)) for one in spells),
        jumps=tuple(sorted(jumps)),
        likely=_likely(WORKLOADS[name], chance),
    )


def _sent(chance: random.Random) -> tuple[tuple[float, str], ...]:
    spread = chance.choice((0.1, 5.0, CHAOS))
    sent = [
        (chance.uniform(0, spread), f"event-{number}" + "x" * chance.randint(0, 1))
        for number in range(chance.randint(1, 6))
    ]
    again = [
        (at + chance.uniform(0, 20), event)
        for at, event in sent
        if chance.random() < 0.3
    ]
    return tuple(sorted(sent + again))


def _likely(workload: Workload, chance: random.Random) -> float:
    """How often the target is in trouble; an error route would tell of it, too."""
    if any("on_error" in one for one in workload.flow):
        return 0.0
    return chance.choice((0.0, 0.1, 0.4))

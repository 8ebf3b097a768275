"""Clocks that tests put forward and back, and time that passes as they say."""

import time
from dataclasses import dataclass, field

from trunkline.model.clock import Millis


class SetClock:
    """The machine's time, moved by as much as a test says."""

    def __init__(self) -> None:
        self.ahead = 0.0
        """Seconds; the time that never jumps is not moved."""
        self.passed = 0.0
        """Seconds by which both are further than the machine's."""

    def millis(self) -> Millis:
        return time.time_ns() // 1_000_000 + int((self.ahead + self.passed) * 1000)

    def monotonic(self) -> float:
        return time.monotonic() + self.passed


class StandingClock(SetClock):
    """Shows another time of day only when a test says so, however long it takes."""

    def __init__(self) -> None:
        super().__init__()
        self._began = super().millis()

    def millis(self) -> Millis:
        return self._began + int(self.ahead * 1000)


class HastyClock(SetClock):
    """Each look at it is later than the one before, so that nothing is waited for."""

    def millis(self) -> Millis:
        self.ahead += 100.0
        return super().millis()


@dataclass(slots=True)
class FakeTime:
    """Stands still unless somebody sleeps; chance is always its middle."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def clock(self) -> float:
        return 1_790_000_000.0 + self.now

    def random(self) -> float:
        return 0.5

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

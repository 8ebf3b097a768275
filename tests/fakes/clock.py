"""A clock that tests put forward and back."""

import time

from trunkline.model.clock import Millis


class SetClock:
    """The machine's time, moved by as much as a test says."""

    def __init__(self) -> None:
        self.ahead = 0.0
        """Seconds; the time that never jumps is not moved."""

    def millis(self) -> Millis:
        return time.time_ns() // 1_000_000 + int(self.ahead * 1000)

    def monotonic(self) -> float:
        return time.monotonic()


class HastyClock(SetClock):
    """Each look at it is later than the one before, so that nothing is waited for."""

    def millis(self) -> Millis:
        self.ahead += 100.0
        return super().millis()

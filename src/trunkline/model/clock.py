"""Time, handed in as a parameter so that every test can bend it."""

import time
from datetime import UTC, datetime
from typing import Final, Protocol

Millis = int
"""Milliseconds since 1970, UTC: how moments are stored."""

NEVER: Final[Millis] = 253_402_300_799_000
"""The end of the year 9999: when something is due that something else will wake."""
HOUR: Final[Millis] = 3_600_000


class Clock(Protocol):
    """Tells the time of day, and a time that never jumps."""

    def millis(self) -> Millis:
        """The wall clock in milliseconds since 1970, UTC."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; for durations and deadlines."""


class SystemClock:
    """The machine's clock."""

    def millis(self) -> Millis:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


def as_datetime(moment: Millis) -> datetime:
    return datetime.fromtimestamp(moment / 1000, UTC)


def as_text(moment: Millis | None) -> str | None:
    """ISO 8601 with milliseconds and `Z`, as every door shows moments."""
    if moment is None:
        return None
    return as_datetime(moment).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment % 1000:03d}Z"

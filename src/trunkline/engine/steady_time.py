"""The time of day by which ages are counted: leaps ahead are not believed at once."""

import structlog

from trunkline.model.clock import Clock, Millis

log = structlog.get_logger()

LEAP: Millis = 86_400_000
"""More than a clock is corrected by; a machine that was off for longer leaps, too."""

DOUBT = 86_400.0
"""Seconds for which a leap is doubted: until then somebody will have noticed."""


class SteadyTime:
    """Goes on as before when the clock leaps far ahead, and follows it a day later.

    A clock that is set wrong makes everything old, and what is removed for its age does
    not come back when the clock is set right. `known` is what was told last, before
    the server started.
    """

    def __init__(self, clock: Clock, known: Millis | None = None) -> None:
        self._clock = clock
        self._told = clock.millis() if known is None else known
        self._told_at = clock.monotonic()
        self._doubted_since: float | None = None

    @property
    def doubts(self) -> bool:
        """Whether the clock shows something else."""
        return self._doubted_since is not None

    def now(self) -> Millis:
        at, shown = self._clock.monotonic(), self._clock.millis()
        expected = self._told + int((at - self._told_at) * 1000)
        if shown - expected <= LEAP or self._doubted_for(at) >= DOUBT:
            self._doubted_since = None
            self._told, self._told_at = shown, at
            return shown
        if self._doubted_since is None:
            self._doubted_since = at
            log.warning("the clock leapt ahead", by_days=(shown - expected) // LEAP)
        return expected

    def _doubted_for(self, at: float) -> float:
        return 0.0 if self._doubted_since is None else at - self._doubted_since

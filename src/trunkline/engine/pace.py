"""How fast a scenario takes what its webhook receives, and in which hours."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from trunkline.engine.schedule import is_open
from trunkline.engine.steps import CompiledScenario
from trunkline.model.clock import Clock, Millis

_MINUTE: Millis = 60_000

Release = Callable[[str, int | None], Awaitable[int]]
"""Lets deliveries run that wait for a scenario, and tells how many; there may be a
number that is not to be exceeded."""


@dataclass(slots=True)
class Pace:
    """What a scenario began within one minute, and whether more of it waits."""

    compiled: CompiledScenario
    minute: int = 0
    begun: int = 0
    waiting: bool = True

    def left(self, now: Millis) -> int | None:
        """How many more may begin in this minute; None is without bound."""
        schedule = self.compiled.schedule
        if not is_open(schedule, now, self.compiled.timezone):
            return 0
        if schedule.max_runs_per_minute is None:
            return None
        if now // _MINUTE != self.minute:
            self.minute, self.begun = now // _MINUTE, 0
        return max(0, schedule.max_runs_per_minute - self.begun)


class Paces:
    """Scenarios that run immediately, but not always."""

    def __init__(
        self, clock: Clock, *, release: Release, wake: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._release = release
        self._wake = wake
        self._paces: dict[str, Pace] = {}

    def enlist(self, scenario_id: str, compiled: CompiledScenario) -> None:
        """Heeds an active scenario's bounds, if it has any."""
        schedule = compiled.schedule
        bound = schedule.restrict or schedule.between or schedule.max_runs_per_minute
        self._paces.pop(scenario_id, None)
        if compiled.immediate and bound:
            self._paces[scenario_id] = Pace(compiled)

    def dismiss(self, scenario_id: str) -> None:
        self._paces.pop(scenario_id, None)

    def admits(self, scenario_id: str, compiled: CompiledScenario) -> bool:
        """Whether a delivery may run now; one that may not waits for its time."""
        if not compiled.immediate:
            return False
        pace = self._paces.get(scenario_id)
        if pace is None:
            return True
        if pace.waiting or pace.left(self._clock.millis()) == 0:
            pace.waiting = True
            return False
        pace.begun += 1
        return True

    def is_unbound(self, scenario_id: str, compiled: CompiledScenario) -> bool:
        """Whether whatever waits for the scenario may run at once."""
        return compiled.immediate and scenario_id not in self._paces

    def wait(self, scenario_id: str) -> None:
        """Tells that a delivery waits for its time, and is on disk."""
        pace = self._paces.get(scenario_id)
        if pace is not None:
            pace.waiting = True
            self._wake()

    async def next_due(self) -> Millis | None:
        """The next minute, while something waits: windows open on the minute."""
        if not any(pace.waiting for pace in self._paces.values()):
            return None
        now = self._clock.millis()
        if any(p.waiting and p.left(now) != 0 for p in self._paces.values()):
            return now
        return (now // _MINUTE + 1) * _MINUTE

    async def act(self, now: Millis) -> None:
        for scenario_id, pace in [*self._paces.items()]:
            left = pace.left(now)
            if pace.waiting and left != 0:
                pace.waiting = False
                pace.begun += left or 0  # what arrives meanwhile is counted as well
                released = await self._release(scenario_id, left)
                if left is not None:
                    pace.begun -= left - released
                    pace.waiting = pace.waiting or released == left

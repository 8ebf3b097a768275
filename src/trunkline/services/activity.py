"""How much arrived and ran lately."""

from dataclasses import dataclass

from trunkline.model.clock import HOUR, Clock, as_text
from trunkline.store.activity import count_activity
from trunkline.store.store import Store

_STRETCHES = 48
"""How many stretches are told of."""


@dataclass(frozen=True, slots=True)
class ActivityView:
    """One stretch of time: deliveries received in it, executions begun in it."""

    begins_at: str | None
    deliveries: int
    done: int
    failed: int


class Activity:
    """The use case of a chart."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def latest(self, hours: int) -> list[ActivityView]:
        """The last hours in 48 stretches of equal length, the oldest first."""
        step = hours * HOUR // _STRETCHES
        last = self._clock.millis() // step * step
        first = last - (_STRETCHES - 1) * step
        counts = await self._store.read(count_activity, since=first, step=step)
        return [
            ActivityView(as_text(begins), *counts.get(begins, (0, 0, 0)))
            for begins in range(first, last + 1, step)
        ]

"""How much history is kept."""

from dataclasses import dataclass, replace

from trunkline.model.clock import Millis
from trunkline.model.scenario import Keep

MEGABYTE = 1_000_000
_DAY: Millis = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What is kept of each scenario; 0 is without bound.

    `seen_days` is how long the marks by which repeated deliveries are known outlive
    the deliveries, counted from their arrival.
    """

    days: int = 30
    executions: int = 100_000
    bytes: int = 0
    seen_days: int = 90

    def changed_by(self, keep: Keep) -> "Bounds":
        """The bounds of a scenario that says itself what it keeps."""
        return replace(
            self,
            days=self.days if keep.days is None else keep.days,
            executions=(
                self.executions if keep.executions is None else keep.executions
            ),
            bytes=(self.bytes if keep.megabytes is None else keep.megabytes * MEGABYTE),
        )

    def since(self, now: Millis) -> Millis:
        """The moment from which on nothing is too old."""
        return max(0, now - self.days * _DAY) if self.days else 0

    def seen_since(self, now: Millis) -> Millis:
        """The same for the marks of deliveries."""
        return max(0, now - self.seen_days * _DAY) if self.seen_days else 0


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed; `bytes` are those of its content."""

    executions: int = 0
    deliveries: int = 0
    bytes: int = 0

    def __add__(self, other: "Pruned") -> "Pruned":
        return Pruned(
            self.executions + other.executions,
            self.deliveries + other.deliveries,
            self.bytes + other.bytes,
        )


NOTHING = Pruned()

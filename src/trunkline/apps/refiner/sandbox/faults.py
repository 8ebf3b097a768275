"""Faults that can be switched on, and which request or send each one strikes."""

import random
from dataclasses import dataclass, replace
from typing import Literal, get_args

FaultKind = Literal[
    "status",
    "rate_limit",
    "slow",
    "cut",
    "duplicate_pages",
    "endless_cursor",
    "html",
    "truncated",
    "lost_webhooks",
    "duplicate_webhooks",
    "delayed_webhooks",
]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave, for how long and how often."""

    kind: FaultKind
    count: int | None = None  # how many more times; none goes on until reset
    share: float = 1.0  # of the requests or sends, drawn with the sandbox's seed
    path: str = ""  # only requests whose path begins so, for example /v1/contacts
    status: int = 500
    retry_after: int = 1  # seconds
    retry_after_as: Literal["seconds", "date"] = "seconds"
    delay_ms: int = 1000


class Faults:
    """The faults switched on, at most one of each kind."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._active: dict[FaultKind, Fault] = {}
        self._draws: dict[FaultKind, random.Random] = {}

    @property
    def active(self) -> list[Fault]:
        return list(self._active.values())

    def switch_on(self, fault: Fault) -> None:
        """Replaces a fault of the same kind; its draws begin anew."""
        self._active[fault.kind] = fault
        self._draws[fault.kind] = random.Random(f"{self._seed}:{fault.kind}")  # noqa: S311 - repeatable on purpose

    def switch_off(self, kind: FaultKind) -> None:
        self._active.pop(kind, None)

    def reset(self) -> None:
        self._active.clear()

    def strikes(self, kind: FaultKind, path: str = "") -> Fault | None:
        """The fault, if it hits this time; that counts as one of its times."""
        fault = self._active.get(kind)
        if fault is None or not path.startswith(fault.path):
            return None
        if self._draws[kind].random() >= fault.share:
            return None
        self._count_down(fault)
        return fault

    def _count_down(self, fault: Fault) -> None:
        if fault.count is None:
            return
        if fault.count <= 1:
            self.switch_off(fault.kind)
        else:
            self._active[fault.kind] = replace(fault, count=fault.count - 1)

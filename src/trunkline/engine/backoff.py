"""When an execution that failed is tried again by itself."""

from collections.abc import Mapping, Sequence
from typing import Final

from trunkline.model.clock import Millis

_MINUTE: Final = 60_000

KEPT: Final[Sequence[Millis]] = tuple(
    minutes * _MINUTE for minutes in (1, 10, 10, 30, 30, 30, 180, 180)
)
"""The waits of an incomplete execution, which then stays for a person (Make's table,
integrator-semantics 4.2 [sure])."""

REPEATED: Final[Sequence[Millis]] = tuple(
    minutes * _MINUTE for minutes in (1, 2, 5, 10, 60, 180, 720, 1440)
)
"""The waits where incomplete executions are not kept; then it fails (4.2 [sure])."""

PASSING: Final = frozenset(
    {"ConnectionError", "RateLimitError", "ModuleTimeoutError", "OutOfSpaceError"}
)
"""Errors that may pass by themselves (4.5 [likely], O10)."""

FATAL: Final = frozenset(
    {
        "MemoryLimitExceededError",
        "OperationsLimitExceededError",
        "ScenarioTimeoutError",
        "ExecutionInterruptedError",
        "InconsistencyError",
    }
)
"""Errors that end an execution whatever its error routes and settings say (4.1)."""

_LONGEST_ASKED: Final = 3600.0
"""Seconds of a `Retry-After` that are heeded; a service may ask for years."""


def waits_for(facts: Mapping[str, object], *, kept: bool) -> Sequence[Millis]:
    """How long to wait before each try after an error without a directive.

    What must not be done twice and may have been done is left to a person.
    """
    if facts.get("type") not in PASSING or facts.get("unsure"):
        return ()
    return KEPT if kept else REPEATED


def next_try(
    waits: Sequence[Millis], tries: int, now: Millis, retry_after: float
) -> Millis | None:
    """When to try again after `tries` tries, if at all.

    Never within the time for which the service asked to be left alone.
    """
    if tries >= len(waits):
        return None
    asked = int(min(retry_after, _LONGEST_ASKED) * 1000)
    return now + max(waits[tries], asked)

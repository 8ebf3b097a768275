"""Values that modules of one execution share, and numbers that outlive it."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol


class Variables:
    """What was set under a name; it lives as long as the cycle, or the execution.

    A module that asks for it must do the same each time it runs on the same values,
    since it is run again where an execution is taken up.
    """

    def __init__(self) -> None:
        self._lasting: dict[str, Any] = {}
        self._passing: dict[str, Any] = {}

    def get(self, name: str, default: object = None) -> Any:  # noqa: ANN401 - any JSON value
        """What was last set under a name."""
        return self._passing.get(name, self._lasting.get(name, default))

    def set(self, name: str, value: object, *, lasting: bool) -> None:
        """Sets a value, which is `lasting` if it outlives the cycle."""
        for values in (self._passing, self._lasting):
            values.pop(name, None)
        (self._lasting if lasting else self._passing)[name] = value

    def end_cycle(self) -> None:
        """Forgets what was to last for one cycle."""
        self._passing.clear()


class Counters(Protocol):
    """Numbers that count on over all executions of a scenario."""

    async def next(self, name: str) -> int:
        """Counts by one under a name; the first number is 1.

        An operation that is tried again gets the number that it had.
        """


class PassingCounters:
    """Counters that go on from known numbers, and are kept nowhere."""

    def __init__(self, known: Mapping[str, int] = MappingProxyType({})) -> None:
        self._numbers = defaultdict[str, int](int, known)

    async def next(self, name: str) -> int:
        self._numbers[name] += 1
        return self._numbers[name]

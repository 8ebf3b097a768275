"""Where all that was accepted is."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """`accepted` deliveries are the sum of `states`; outcomes lie within them.

    What was accepted is counted by the requests kept, the states by where they are,
    and both with the `pruned`, which count in the state in which they ended.
    """

    accepted: int
    states: Mapping[str, int]
    outcomes: Mapping[str, int]
    executions: Mapping[str, int]
    pruned: int

    @property
    def holds(self) -> bool:
        return self.accepted == sum(self.states.values())

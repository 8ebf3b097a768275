"""What a template sees while it is evaluated."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from trunkline.mapping.budget import Budget

_NOTHING: Mapping[str, object] = MappingProxyType({})


class Scope:
    """Bundles, variables, the clock and chance, as one operation sees them.

    `modules` holds the bundle of each module by the module's number, `variables`
    what `var.…` reads (`{"scenario": {…}, "input": {…}}`). `timezone` is a name of
    the tz database; any other is ignored and UTC is used (integrator-semantics 5.8
    [sure]). Every evaluation begins with a fresh budget.
    """

    __slots__ = (
        "clock",
        "execution_id",
        "modules",
        "random",
        "tally",
        "timezone",
        "trail",
        "uuid",
        "variables",
    )

    def __init__(
        self,
        modules: Mapping[int, object],
        variables: Mapping[str, object] = _NOTHING,
        *,
        clock: Callable[[], datetime],
        random: Callable[[], float],
        uuid: Callable[[], str],
        execution_id: str = "",
        timezone: str = "UTC",
    ) -> None:
        self.modules = modules
        self.variables = variables
        self.clock = clock
        self.random = random
        self.uuid = uuid
        self.execution_id = execution_id
        self.timezone = timezone
        self.tally: Budget | None = None
        self.trail: tuple[str, ...] = ()

    @property
    def budget(self) -> Budget:
        """What is left for the evaluation under way."""
        if self.tally is None:
            self.tally = Budget()
        return self.tally

    def begin(self) -> None:
        """Forget what the last evaluation spent."""
        self.tally = None
        self.trail = ()


Run: TypeAlias = Callable[[Scope], object]
"""A compiled expression."""

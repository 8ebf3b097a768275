"""A scenario: modules in order, with routes, filters and settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from trunkline.model.clock import Millis
from trunkline.model.schedule import Schedule

_STRICT = {"extra": "forbid"}
"""Unknown keys of a scenario file are errors, so that typing errors are found."""

_MOST_KEPT = 1_000_000_000


FieldType: TypeAlias = Literal[
    "any", "text", "number", "integer", "boolean", "date", "array", "collection"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`a` and `b` are templates, `o` the operator between them."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    a: Any
    o: str
    b: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSpec:
    """A gate in front of a module: alternatives of conditions that must all hold."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    conditions: list[list[Condition]] = field(default_factory=list)
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Designer:
    """Where a module stands on the canvas, in pixels; the engine does not look."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregation:
    """What an aggregator gathers.

    It takes all bundles that come of one operation of the module `source`, and gives
    one bundle, or one for each value that the template `group_by` has. With
    `stop_if_empty` it gives none where none came.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    source: int
    group_by: Any = None
    stop_if_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedModule:
    """One module in a scenario, known to expressions by its number `id`.

    `limit` is how many bundles a trigger gives in one cycle, at most. `on_error` is the
    flow that a bundle takes when the module fails. Where a module with many bundles
    finds none, `continue_if_empty` lets one go on that says so. `note` and `designer`
    are for people who look at the scenario.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    id: int
    module: str
    name: str = ""
    connection: str | None = None
    webhook: str | None = None
    map: dict[str, Any] = field(default_factory=dict)
    filter: FilterSpec | None = None
    limit: int | None = None
    aggregate: Aggregation | None = None
    continue_if_empty: bool = False
    routes: list["Route"] = field(default_factory=list)
    on_error: list["PlacedModule"] = field(default_factory=list)
    note: str = ""
    designer: Designer | None = None

    def flows(self) -> Iterator[list["PlacedModule"]]:
        """The flows that hang on the module: its routes, and its error route."""
        for route in self.routes:
            yield route.flow
        yield self.on_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way out of a router or an if-else.

    A router's fallback runs when no other route took the bundle. An if-else takes the
    first route whose `condition` holds; the last one may be without. Such a route
    comes back to what follows the if-else, unless `merge` is false.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    flow: list[PlacedModule]
    name: str = ""
    fallback: bool = False
    condition: FilterSpec | None = None
    merge: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How much history this scenario keeps, where it is not as the installation has it.

    0 is without bound. With `exchanges`, what operations sent and were answered is
    kept too, as it always is for runs by hand.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    days: int | None = None
    executions: int | None = None
    megabytes: int | None = None
    exchanges: bool = False

    def __post_init__(self) -> None:
        for bound in (self.days, self.executions, self.megabytes):
            if bound is not None and not 0 <= bound <= _MOST_KEPT:
                raise ValueError(f"a bound is between 0 and {_MOST_KEPT:,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSettings:
    """Settings by Make's names.

    `roundtrips` is how many cycles an execution has at most, `max_running` how many
    executions run side by side (0 is without bound, and `sequential` one after another
    in their order). `dlq` keeps a bundle that
    failed as an incomplete execution, to be resumed; without it the execution fails.
    `max_errors` is how many executions in a row may fail before the scenario is
    switched off, `max_seconds` and `max_operations` how long an execution may run.
    `max_megabytes` is what the last bundles of its modules may take together, as JSON;
    0 is without bound here, too.
    With `auto_commit` off, what a cycle wrote to data stores is taken back where the
    execution fails, and stands once the cycle has come through.
    With `confidential`, what bundles held is removed when an execution has ended, and
    nothing of what was sent is kept.
    `keep` says how much of its history stays.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    roundtrips: int = 1
    sequential: bool = False
    max_running: int = 0
    confidential: bool = False
    dlq: bool = True
    auto_commit: bool = True
    max_errors: int = 3
    max_seconds: int = 2400
    max_operations: int = 0
    max_megabytes: int = 100
    timezone: str = "UTC"
    keep: Keep = field(default_factory=Keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioField:
    """An input or an output of a scenario, known to expressions as `var.input.NAME`."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    name: str
    type: FieldType = "any"
    label: str = ""
    help: str = ""
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDocument:
    """What a scenario file says.

    Without a `schedule`, a scenario that begins with a webhook runs immediately, and
    any other on demand. `inputs` are what it is given by whoever runs or calls it,
    `outputs` what it returns.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    name: str
    flow: list[PlacedModule]
    description: str = ""
    settings: ScenarioSettings = field(default_factory=ScenarioSettings)
    schedule: Schedule | None = None
    inputs: list[ScenarioField] = field(default_factory=list)
    outputs: list[ScenarioField] = field(default_factory=list)

    def modules(self) -> Iterator[PlacedModule]:
        """Every module, in reading order."""
        yield from _walk(self.flow)

    def planned(self) -> Schedule:
        """The schedule that holds: its own, or what its first module stands for."""
        if self.schedule is not None:
            return self.schedule
        instant = self.flow[0].webhook is not None
        return Schedule(type="immediately" if instant else "on-demand")


def _walk(flow: list[PlacedModule]) -> Iterator[PlacedModule]:
    for placed in flow:
        yield placed
        for inside in placed.flows():
            yield from _walk(inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScenario:
    """A scenario and its current version; versions never change."""

    id: str
    name: str
    active: bool
    version: int
    version_id: str
    content: str
    webhook_id: str | None
    created_at: Millis
    updated_at: Millis

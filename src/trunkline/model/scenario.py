"""A scenario: modules in order, with routes, filters and settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from trunkline.model.clock import Millis

_STRICT = {"extra": "forbid"}
"""Unknown keys of a scenario file are errors, so that typing errors are found."""

_MOST_KEPT = 1_000_000_000


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
class PlacedModule:
    """One module in a scenario, known to expressions by its number `id`.

    `note` and `designer` are for people who look at the scenario.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    id: int
    module: str
    name: str = ""
    connection: str | None = None
    webhook: str | None = None
    map: dict[str, Any] = field(default_factory=dict)
    filter: FilterSpec | None = None
    routes: list["Route"] = field(default_factory=list)
    note: str = ""
    designer: Designer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way out of a router; the fallback runs when no other took the bundle."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    flow: list[PlacedModule]
    name: str = ""
    fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How much history this scenario keeps, where it is not as the installation has it.

    0 is without bound.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    days: int | None = None
    executions: int | None = None
    megabytes: int | None = None

    def __post_init__(self) -> None:
        for bound in (self.days, self.executions, self.megabytes):
            if bound is not None and not 0 <= bound <= _MOST_KEPT:
                raise ValueError(f"a bound is between 0 and {_MOST_KEPT:,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSettings:
    """Settings by Make's names; `keep` is ours."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    sequential: bool = False
    timezone: str = "UTC"
    keep: Keep = field(default_factory=Keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDocument:
    """What a scenario file says."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    name: str
    flow: list[PlacedModule]
    description: str = ""
    settings: ScenarioSettings = field(default_factory=ScenarioSettings)

    def modules(self) -> Iterator[PlacedModule]:
        """Every module, in reading order."""
        yield from _walk(self.flow)


def _walk(flow: list[PlacedModule]) -> Iterator[PlacedModule]:
    for placed in flow:
        yield placed
        for route in placed.routes:
            yield from _walk(route.flow)


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

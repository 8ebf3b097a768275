"""What a compiled scenario consists of: steps, linked to what comes after them."""

from dataclasses import dataclass

from trunkline.mapping import Filter, Template
from trunkline.model.problem import Problem
from trunkline.model.scenario import ScenarioField
from trunkline.model.schedule import Schedule
from trunkline.sdk import App, Kind, Module


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One route of a router or an if-else; `condition` is that of an if-else."""

    first: "Step | None"
    name: str
    fallback: bool = False
    condition: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How an aggregator gathers: all in one, or by the value of a template."""

    group_by: Template | None
    stop_if_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One placed module, ready to run, linked to what comes after it.

    `limit` is how many bundles a polling trigger gives in one cycle, at most.
    `closers` are the aggregators that gather what comes of one operation of this step,
    in reading order. `reaches_out` says that running it touches the world outside;
    `feeds_effects` that a module with an effect lies downstream, so that its bundles
    must be kept. `numbered` asks for `__IMTINDEX__` in its bundles, `counted` for
    `__IMTLENGTH__` too, for which all of them must be known before the first goes on.
    `branches` says that what comes next is not simply `next`, `countable` that it
    computes only, so that of very many operations not each need be written down.
    """

    id: int
    app: App
    module: Module
    connection: str | None
    template: Template
    filter: Filter | None
    next: "Step | None"
    ways: tuple[Way, ...]
    on_error: "Step | None"
    closers: tuple["Step", ...]
    grouping: Grouping | None
    limit: int
    continue_if_empty: bool
    numbered: bool
    counted: bool
    reaches_out: bool
    feeds_effects: bool
    branches: bool
    countable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledScenario:
    """A scenario version that can run; `warnings` say what is probably not meant.

    `webhook` names the one its trigger watches; where a schedule decides when what
    waits there runs, `release` is how many deliveries that are each time. `responds`
    says that the caller of the webhook waits for an answer of its own.
    """

    name: str
    first: Step
    webhook: str | None
    release: int | None
    responds: bool
    inputs: tuple[ScenarioField, ...]
    schedule: Schedule
    roundtrips: int
    sequential: bool
    max_running: int
    confidential: bool
    keep_exchanges: bool
    dlq: bool
    auto_commit: bool
    max_errors: int
    max_seconds: int
    max_operations: int
    max_bytes: int
    timezone: str
    warnings: tuple[Problem, ...] = ()

    @property
    def instant(self) -> bool:
        """Whether it begins with a webhook."""
        return self.first.module.kind is Kind.INSTANT_TRIGGER

    @property
    def unbound(self) -> bool:
        """Whether any number of its executions may run side by side."""
        return not self.sequential and not self.max_running

    @property
    def immediate(self) -> bool:
        """Whether a delivery is run as it arrives, not when a schedule says so."""
        return self.instant and self.schedule.type == "immediately"

"""One run of a scenario, and its operations."""

from msgspec import Struct
from msgspec.structs import replace

from trunkline.model.clock import Millis
from trunkline.model.states import ExecutionState, OperationState, Origin


class Execution(Struct, frozen=True, kw_only=True):
    """One run of one version of a scenario.

    `epoch` grows with every change of owner, so that a worker that lost its lease
    can record nothing more. `attempts` counts how often somebody began to run it.
    `order_key` is set where executions must run one after another. `error` is the
    error as JSON text.
    """

    id: str
    scenario_id: str
    version_id: str
    delivery_id: str | None
    created_at: Millis
    state: ExecutionState = ExecutionState.QUEUED
    input: str | None = None
    order_key: str | None = None
    due_at: Millis = 0
    owner: str | None = None
    epoch: int = 0
    attempts: int = 0
    started_at: Millis | None = None
    ended_at: Millis | None = None
    operations: int = 0
    error: str | None = None
    origin: Origin = Origin.WEBHOOK

    def claimed_by(self, owner: str, now: Millis) -> "Execution":
        """The same, owned and counted as begun once more."""
        return replace(
            self,
            state=ExecutionState.RUNNING,
            owner=owner,
            epoch=self.epoch + 1,
            attempts=self.attempts + 1,
            started_at=now if self.started_at is None else self.started_at,
        )


class Operation(Struct, frozen=True, kw_only=True):
    """One run of one module over one bundle.

    `path` tells which bundle: the 1-based positions of the bundles upstream that
    came out of modules with many, joined by dots. `input`, `output` and `error` are
    JSON text; `output` is missing where the bundles are kept one by one. `exchanges`
    are its last calls with their answers, without secrets, where these are kept.
    """

    execution_id: str
    module_id: int
    path: str
    number: int
    state: OperationState
    started_at: Millis
    duration_us: int = 0
    attempts: int = 1
    bundles: int = 0
    input: str | None = None
    output: str | None = None
    error: str | None = None
    exchanges: str | None = None


class Tally(Struct, kw_only=True):
    """Operations of one module that are counted, not written down one by one."""

    module_id: int
    state: OperationState
    operations: int = 0
    bundles: int = 0
    duration_us: int = 0


class Stop(Struct, frozen=True, kw_only=True):
    """Where an incomplete execution stopped: an operation that failed.

    `error` is the error as JSON text. It was tried again `tries` times; at `retry_at`
    the execution is resumed by itself, or never where that is missing. `edited` is
    what a person wants to be given to the module instead, as JSON text.
    """

    execution_id: str
    module_id: int
    path: str
    stopped_at: Millis
    error: str
    tries: int = 0
    retry_at: Millis | None = None
    edited: str | None = None


class KeptBundle(Struct, frozen=True, kw_only=True):
    """One bundle of an operation that gives many."""

    execution_id: str
    module_id: int
    path: str
    position: int
    data: str

"""How an execution ends: its new state, its delivery's, and where it stopped."""

from collections.abc import Iterable, Mapping, Sequence

import structlog
from msgspec.structs import replace

from trunkline.engine.backoff import next_try
from trunkline.engine.bundle import encode
from trunkline.engine.failures import OperationFailed
from trunkline.engine.run import Halt
from trunkline.errors import ScenarioTimeoutError, TrunklineError
from trunkline.model.clock import Millis
from trunkline.model.execution import Execution, Stop
from trunkline.model.states import DeliveryState, ExecutionState, Outcome
from trunkline.store.incoming import Ending

log = structlog.get_logger()

Stops = Mapping[tuple[int, str], Stop]


def over(
    execution: Execution,
    state: ExecutionState,
    *,
    at: Millis,
    operations: int,
    error: str | None = None,
) -> Execution:
    """The execution in a state in which nobody runs it."""
    return replace(
        execution,
        state=state,
        owner=None,
        ended_at=at,
        operations=operations,
        error=error,
    )


def queued_again(execution: Execution, *, due_at: Millis = 0) -> Execution:
    """Back in the queue; an attempt that was not used up does not count."""
    return replace(
        execution,
        state=ExecutionState.QUEUED,
        owner=None,
        epoch=execution.epoch + 1,
        attempts=execution.attempts - 1,
        due_at=due_at,
    )


def ending(
    execution: Execution,
    state: DeliveryState,
    *,
    outcome: Outcome | None = None,
    reason: str | None = None,
) -> Ending | None:
    """What becomes of the delivery that started an execution, if one did."""
    if execution.delivery_id is None:
        return None
    return Ending(
        delivery_id=execution.delivery_id, state=state, outcome=outcome, reason=reason
    )


def stops_at(
    halts: Iterable[Halt], before: Stops, execution: Execution, now: Millis
) -> list[Stop]:
    """Where an execution stopped, and when it is tried again there."""
    return [_stop_at(one.failure, one.waits, before, execution, now) for one in halts]


def _stop_at(
    failure: OperationFailed,
    waits: Sequence[Millis],
    before: Stops,
    execution: Execution,
    now: Millis,
) -> Stop:
    """One of them; `before` are the stops of the last time."""
    earlier = before.get((failure.module_id, failure.path))
    tries = 0 if earlier is None else earlier.tries + 1
    return Stop(
        execution_id=execution.id,
        module_id=failure.module_id,
        path=failure.path,
        stopped_at=now,
        error=failure.described,
        tries=tries,
        retry_at=next_try(waits, tries, now, failure.retry_after),
        edited=None if earlier is None else earlier.edited,
    )


def described(error: Exception) -> str:
    """An error outside of any operation, as JSON text."""
    if isinstance(error, TrunklineError):
        return encode({"type": type(error).__name__, "message": str(error)})
    log.error("execution failed unexpectedly", exc_info=error)
    return encode(
        {
            "type": "UnexpectedError",
            "message": f"{type(error).__name__}: {error}. "
            "This is a fault in Trunkline; please report it.",
        }
    )


def gave_up(attempts: int) -> str:
    """What is said of an execution that was begun too often."""
    return encode(
        {
            "type": "ExecutionInterruptedError",
            "message": f"Begun {attempts} times, and each time the process ended "
            "before it did. It is not begun again by itself; look at what it was "
            "given, then replay its delivery.",
        }
    )


def took_too_long(seconds: int) -> ScenarioTimeoutError:
    """What is said of an execution that ran out of time."""
    return ScenarioTimeoutError(
        f"The execution ran longer than the {seconds} seconds that the scenario's "
        "setting max_seconds allows. Raise it, or let the scenario do less at once."
    )

"""The end of each attempt to run an execution, written down under its name."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from msgspec.structs import replace

from trunkline.engine.backoff import waits_for
from trunkline.engine.bundle import encode
from trunkline.engine.dispatch import Dispatch
from trunkline.engine.endings import Stops, ending, over, queued_again, stops_at
from trunkline.engine.failures import OperationFailed
from trunkline.engine.journal import Journal
from trunkline.engine.operations import Operations
from trunkline.engine.run import Halt
from trunkline.engine.steps import CompiledScenario
from trunkline.model.clock import Clock, Millis
from trunkline.model.execution import Execution, Stop
from trunkline.model.states import DeliveryState, ExecutionState, Origin, Outcome
from trunkline.store.entry import Returned
from trunkline.store.incoming import Ending

log = structlog.get_logger()

Failed = Callable[[Execution, CompiledScenario, OperationFailed], Awaitable[None]]
"""Told of each execution that failed for good."""


class Ends:
    """Brings executions to a named end, or back to the queue."""

    def __init__(self, dispatch: Dispatch, clock: Clock, *, failed: Failed) -> None:
        self._dispatch = dispatch
        self._clock = clock
        self._failed = failed

    async def finish(
        self, journal: Journal, operations: Operations, halts: list[Halt], stops: Stops
    ) -> None:
        """The end of a run that came through, though bundles may have stopped."""
        now = self._clock.millis()
        kept = stops_at(halts, stops, journal.execution, now)
        if kept:
            await self._keep(journal, operations, kept)
            return
        await self._end(
            journal,
            self._over(journal, ExecutionState.DONE, operations),
            ending(journal.execution, DeliveryState.DONE),
            [] if stops else None,
            output=operations.returned,
        )

    async def _end(
        self,
        journal: Journal,
        change: Execution,
        of_delivery: Ending | None,
        stops: list[Stop] | None,
        *,
        output: str | None = None,
    ) -> None:
        """The end for good; whoever called the execution hears of it."""
        returned = None
        if change.origin is Origin.SCENARIO:
            error = change.error
            if change.state is ExecutionState.CANCELLED:
                error = encode({"message": "It was cancelled."})
            returned = Returned(change.id, output, error)
        await journal.end(
            change,
            of_delivery,
            stops,
            returned,
            wipe=journal.confidential,
        )
        if returned is not None:
            self._dispatch.wake()

    async def _keep(
        self, journal: Journal, operations: Operations | None, stops: list[Stop]
    ) -> None:
        """The execution is incomplete, and waits for a repair or a better time."""
        execution = journal.execution
        if operations is not None:
            operations.interrupt()
        await journal.end(
            self._over(journal, ExecutionState.INCOMPLETE, operations, stops[0].error),
            ending(
                execution,
                DeliveryState.HELD,
                outcome=Outcome.INCOMPLETE,
                reason=f"Execution {execution.id} is incomplete.",
            ),
            stops,
        )

    async def after_failure(
        self,
        journal: Journal,
        scenario: CompiledScenario | None,
        operations: Operations | None,
        halts: list[Halt],
        stops: Stops,
    ) -> None:
        """Nothing caught the last failure: it is tried again later, or was the last."""
        failure = halts[-1].failure
        *before, last = stops_at(halts, stops, journal.execution, self._clock.millis())
        if last.retry_at is not None:
            await self._keep(journal, operations, [last, *before])
            return
        # What failed is over: only a person resumes it, and then all that stopped.
        given_up = [replace(one, retry_at=None) for one in before]
        await self.fail(journal, operations, failure.described, [last, *given_up])
        if scenario is not None:
            await self._failed(journal.execution, scenario, failure)

    def repeats(
        self, execution: Execution, failure: OperationFailed
    ) -> Sequence[Millis]:
        """The waits before each new try.

        What a person began is in a person's hands; a schedule begins it anew.
        """
        repeats = execution.origin is Origin.WEBHOOK and not failure.final
        return waits_for(failure.facts, kept=False) if repeats else ()

    async def fail(
        self,
        journal: Journal,
        operations: Operations | None,
        error: str,
        stops: list[Stop] | None = None,
    ) -> None:
        execution = journal.execution
        log.info("execution failed", execution=execution.id)
        if operations is not None:
            operations.interrupt()
        await self._end(
            journal,
            self._over(journal, ExecutionState.FAILED, operations, error),
            ending(
                execution,
                DeliveryState.DEAD,
                outcome=Outcome.FAILED,
                reason=f"Execution {execution.id} failed.",
            ),
            stops,
        )

    async def cancel(self, journal: Journal, operations: Operations | None) -> None:
        if operations is not None:
            operations.interrupt()
        await self._end(
            journal,
            self._over(journal, ExecutionState.CANCELLED, operations),
            ending(journal.execution, DeliveryState.CANCELLED),
            [],
        )

    async def hand_back(self, journal: Journal, due_at: Millis) -> None:
        await journal.end(
            queued_again(journal.execution, due_at=due_at),
            ending(journal.execution, DeliveryState.WAITING),
        )
        if due_at:
            self._dispatch.wake()

    def _over(
        self,
        journal: Journal,
        state: ExecutionState,
        operations: Operations | None,
        error: str | None = None,
    ) -> Execution:
        return over(
            journal.execution,
            state,
            at=self._clock.millis(),
            operations=0 if operations is None else operations.count,
            error=error,
        )

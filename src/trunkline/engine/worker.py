"""Runs what dispatch hands out, and brings each execution to a named end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

import structlog
from msgspec.structs import replace

from trunkline.engine.backoff import waits_for
from trunkline.engine.bundle import decode, encode
from trunkline.engine.channels import Channels
from trunkline.engine.dispatch import MOST_ATTEMPTS, Dispatch
from trunkline.engine.endings import (
    Stops,
    described,
    ending,
    gave_up,
    in_time,
    over,
    queued_again,
    stops_at,
)
from trunkline.engine.failures import HandBack, OperationFailed
from trunkline.engine.inputs import filled_inputs
from trunkline.engine.journal import PATIENCE, Journal
from trunkline.engine.operations import Operations
from trunkline.engine.records import StoredRecords
from trunkline.engine.responses import Responses
from trunkline.engine.roster import Roster
from trunkline.engine.run import Halt, Run
from trunkline.engine.sources import hops_of, read_source
from trunkline.engine.steps import CompiledScenario
from trunkline.engine.tasks import Begin, Outside, Past, Stopping
from trunkline.errors import (
    LeaseLostError,
    StorageFullError,
    StorageUnavailableError,
    TrunklineError,
)
from trunkline.model.clock import Clock, Millis
from trunkline.model.execution import Execution, Stop
from trunkline.model.position import Position
from trunkline.model.states import DeliveryState, ExecutionState, Origin, Outcome
from trunkline.sdk import Delivery
from trunkline.store.entry import Returned
from trunkline.store.executions import Claimed, requeue
from trunkline.store.incoming import Ending
from trunkline.store.positions import find_position
from trunkline.store.store import Store

log = structlog.get_logger()

Failed = Callable[[Execution, CompiledScenario, OperationFailed], Awaitable[None]]
"""Told of each execution that failed for good."""


class Worker:
    """Runs claimed executions side by side."""

    def __init__(
        self,
        store: Store,
        dispatch: Dispatch,
        roster: Roster,
        channels: Channels,
        clock: Clock,
        *,
        ended: Callable[[Execution], None],
        failed: Failed,
        begin: Begin,
    ) -> None:
        self._store = store
        self._dispatch = dispatch
        self._roster = roster
        self._clock = clock
        self._ended = ended
        self._failed = failed
        self._stopping = Stopping()
        self.responses = Responses()
        self.outside = Outside(
            channels=channels,
            clock=clock,
            stopping=self._stopping,
            folder=store.folder,
            records=partial(StoredRecords, store, clock),
            respond=self.responses.give,
            begin=begin,
        )
        self._running: dict[str, asyncio.Task[None]] = {}
        self._called_off = set[str]()

    async def work(self) -> None:
        """Claims and runs for ever; cancelled when the server stops."""
        while True:
            try:
                for claimed in await self._dispatch.claim():
                    self.start(claimed)
            except (StorageFullError, StorageUnavailableError) as error:
                log.warning("claims wait", reason=str(error))
                await asyncio.sleep(PATIENCE)
            except Exception:
                # Without this task nothing that is queued would ever run.
                log.critical("claims failed", exc_info=True)
                await asyncio.sleep(PATIENCE)

    def start(self, claimed: Claimed, delivery: Delivery | None = None) -> None:
        """Runs an execution that is ours; its slot is given back at its end.

        `delivery` is the claimed payload, where somebody has read it already.
        """
        task = asyncio.get_running_loop().create_task(
            self._bring_to_end(claimed, delivery)
        )
        self._running[claimed.execution.id] = task

    async def call_off(self, execution_id: str) -> bool:
        """Cancels an execution that runs here, in the midst of its operation.

        Returns when its end is written; false where it does not run here.
        """
        task = self._running.get(execution_id)
        if task is None:
            return False
        self._called_off.add(execution_id)
        task.cancel()
        await asyncio.wait([task])
        return True

    async def stop(self, grace: float) -> None:
        """Lets what is under way finish its operation; hands the rest back.

        After `grace` seconds what still runs is cancelled; whoever owns the folder
        next takes it up from its journal.
        """
        self._stopping.asked = True
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _bring_to_end(self, claimed: Claimed, delivery: Delivery | None) -> None:
        journal = Journal(self._store.append, claimed.execution, claimed.operations)
        try:
            await self._attempt(claimed, journal, delivery)
        except LeaseLostError:
            log.warning("lease lost", execution=claimed.execution.id)
        except asyncio.CancelledError:
            log.warning("execution interrupted", execution=claimed.execution.id)
        except Exception:
            log.exception("execution left unfinished", execution=claimed.execution.id)
            await self._put_back(claimed.execution)
        finally:
            del self._running[claimed.execution.id]
            execution = claimed.execution
            is_bound = execution.scenario_id in self._dispatch.bounds
            line = execution.order_key or (execution.scenario_id if is_bound else None)
            self._dispatch.release(line=line)
            self._ended(journal.execution)

    async def _put_back(self, execution: Execution) -> None:
        """An end that could not be written is tried anew, as after a crash."""
        if execution.attempts > MOST_ATTEMPTS:
            return
        with suppress(StorageFullError, StorageUnavailableError):
            await self._store.write(requeue, execution.id, execution.epoch)
            self._dispatch.wake()

    async def _attempt(
        self, claimed: Claimed, journal: Journal, delivery: Delivery | None
    ) -> None:
        execution = claimed.execution
        if execution.attempts > MOST_ATTEMPTS:
            await self._fail(journal, None, gave_up(MOST_ATTEMPTS))
            return
        scenario: CompiledScenario | None = None
        operations: Operations | None = None
        halts: list[Halt] = []
        stops = {(one.module_id, one.path): one for one in claimed.stops}
        try:
            scenario = await self._roster.version(execution.version_id)
            operations = self._operations(claimed, journal, scenario)
            run = Run(
                scenario,
                operations,
                delivery or read_source(claimed.payload, execution.input),
                folder=self._store.folder,
                position=await self._position(execution, scenario),
            )
            halts = run.halts
            await in_time(run.go(), scenario.max_seconds)
        except HandBack as back:
            await self._hand_back(journal, back.due_at)
        except OperationFailed as failure:
            halts = [*halts, Halt(failure, self._repeats(execution, failure))]
            await self._after_failure(journal, scenario, operations, halts, stops)
        except LeaseLostError:
            raise
        except asyncio.CancelledError:
            if execution.id not in self._called_off:
                raise
            self._called_off.discard(execution.id)
            await self._cancel(journal, operations)
        except Exception as error:  # noqa: BLE001 - whatever it is, it gets a named end
            await self._fail(journal, operations, described(error))
        else:
            await self._finish(journal, operations, halts, stops)

    def _operations(
        self, claimed: Claimed, journal: Journal, scenario: CompiledScenario
    ) -> Operations:
        past = Past(
            bundles=claimed.bundles,
            stops={(one.module_id, one.path): one for one in claimed.stops},
            calls={(one.module_id, one.path): one for one in claimed.calls},
            depth=claimed.depth,
            hops=hops_of(claimed.payload),
        )
        given = None if scenario.instant else claimed.execution.input
        return Operations(
            journal,
            self.outside,
            scenario=scenario,
            inputs=filled_inputs(scenario.inputs, decode(given or "null")),
            past=past,
        )

    async def _position(
        self, execution: Execution, scenario: CompiledScenario
    ) -> Position | None:
        """How far the trigger has come, where it is one that polls."""
        if scenario.first.module.watch is None:
            return None
        return await self._store.read(
            find_position, execution.scenario_id, scenario.first.id
        )

    async def _finish(
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
            wipe=await self._is_confidential(change),
        )
        if returned is not None:
            self._dispatch.wake()

    async def _is_confidential(self, execution: Execution) -> bool:
        try:
            scenario = await self._roster.version(execution.version_id)
        except TrunklineError:
            return False  # it cannot run, so nothing of it was read
        return scenario.confidential

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

    async def _after_failure(
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
        over = [replace(one, retry_at=None) for one in before]
        await self._fail(journal, operations, failure.described, [last, *over])
        if scenario is not None:
            await self._failed(journal.execution, scenario, failure)

    def _repeats(
        self, execution: Execution, failure: OperationFailed
    ) -> Sequence[Millis]:
        """The waits before each new try.

        What a person began is in a person's hands; a schedule begins it anew.
        """
        repeats = execution.origin is Origin.WEBHOOK and not failure.final
        return waits_for(failure.facts, kept=False) if repeats else ()

    async def _fail(
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

    async def _cancel(self, journal: Journal, operations: Operations | None) -> None:
        if operations is not None:
            operations.interrupt()
        await self._end(
            journal,
            self._over(journal, ExecutionState.CANCELLED, operations),
            ending(journal.execution, DeliveryState.CANCELLED),
            [],
        )

    async def _hand_back(self, journal: Journal, due_at: Millis) -> None:
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

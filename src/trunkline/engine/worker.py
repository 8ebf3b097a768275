"""Runs what dispatch hands out, and brings each execution to a named end."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from types import MappingProxyType

import structlog

from trunkline.engine.bundle import decode
from trunkline.engine.channels import Channels
from trunkline.engine.counting import StoredCounters
from trunkline.engine.dispatch import MOST_ATTEMPTS, Dispatch
from trunkline.engine.endings import (
    described,
    gave_up,
    took_too_long,
)
from trunkline.engine.ends import Ends, Failed
from trunkline.engine.failures import HandBack, OperationFailed
from trunkline.engine.inputs import filled_inputs
from trunkline.engine.journal import Journal
from trunkline.engine.operations import Operations
from trunkline.engine.patience import PATIENCE
from trunkline.engine.records import StoredRecords
from trunkline.engine.responses import Responses
from trunkline.engine.roster import Roster
from trunkline.engine.run import Halt, Run
from trunkline.engine.sources import hops_of, read_source
from trunkline.engine.standing_in import operations_kind
from trunkline.engine.steps import CompiledScenario
from trunkline.engine.tasks import Begin, Outside, Past, Stopping
from trunkline.errors import (
    LeaseLostError,
    StorageFullError,
    StorageUnavailableError,
)
from trunkline.model.clock import Clock
from trunkline.model.execution import Execution
from trunkline.model.position import Position
from trunkline.sdk import Delivery
from trunkline.store.executions import Claimed, requeue
from trunkline.store.positions import find_position
from trunkline.store.store import Store

log = structlog.get_logger()

_WATCH = 1.0
"""Seconds between looks at who runs too long."""

_NONE: Mapping[str, object] = MappingProxyType({})


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
        self._ends = Ends(dispatch, clock, failed=failed)
        self._stopping = Stopping()
        self.responses = Responses()
        self.outside = Outside(
            channels=channels,
            clock=clock,
            stopping=self._stopping,
            folder=store.folder,
            records=partial(StoredRecords, store, clock),
            counters=partial(StoredCounters, store),
            respond=self.responses.give,
            begin=begin,
        )
        self._running: dict[str, asyncio.Task[None]] = {}
        self._called_off = set[str]()
        self._deadlines: dict[str, float] = {}
        self._overdue = set[str]()

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

    async def watch(self) -> None:
        """Ends for ever what runs longer than it may; cancelled as `work` is."""
        while True:
            await asyncio.sleep(_WATCH)
            now = self._clock.monotonic()
            for id_, end in [*self._deadlines.items()]:
                task = self._running.get(id_)
                if task is not None and end <= now and id_ not in self._overdue:
                    self._overdue.add(id_)
                    task.cancel()

    def start(self, claimed: Claimed, delivery: Delivery | None = None) -> None:
        """Runs an execution that is ours; its slot is given back at its end.

        `delivery` is the claimed payload, where somebody has read it already.
        """
        # The run takes it out of a list, since those who wait for the run would hold it
        # to the end: what many executions hold does not fit into a processor's cache.
        given = [] if delivery is None else [delivery]
        task = asyncio.get_running_loop().create_task(
            self._bring_to_end(claimed, given)
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

    async def _bring_to_end(self, claimed: Claimed, given: list[Delivery]) -> None:
        journal = Journal(self._store.append, claimed.execution, claimed.operations)
        try:
            await self._attempt(claimed, journal, given)
        except LeaseLostError:
            log.warning("lease lost", execution=claimed.execution.id)
        except asyncio.CancelledError:
            log.warning("execution interrupted", execution=claimed.execution.id)
        except Exception:
            log.exception("execution left unfinished", execution=claimed.execution.id)
            await self._put_back(claimed.execution)
        finally:
            del self._running[claimed.execution.id]
            self._deadlines.pop(claimed.execution.id, None)
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
        self, claimed: Claimed, journal: Journal, given: list[Delivery]
    ) -> None:
        execution = claimed.execution
        if execution.attempts > MOST_ATTEMPTS:
            await self._ends.fail(journal, None, gave_up(MOST_ATTEMPTS))
            return
        scenario: CompiledScenario | None = None
        operations: Operations | None = None
        halts: list[Halt] = []
        stops = {(one.module_id, one.path): one for one in claimed.stops}
        try:
            scenario = await self._roster.version(execution.version_id)
            journal.confidential = scenario.confidential
            journal.auto_commit = scenario.auto_commit
            operations = self._operations(claimed, journal, scenario)
            run = Run(
                scenario,
                operations,
                given.pop() if given else read_source(claimed.payload, execution.input),
                folder=self._store.folder,
                position=await self._position(execution, scenario),
            )
            halts = run.halts
            self._deadlines[execution.id] = (
                self._clock.monotonic() + scenario.max_seconds
            )
            await run.go()
        except HandBack as back:
            await self._ends.hand_back(journal, back.due_at)
        except OperationFailed as failure:
            halts = [*halts, Halt(failure, self._ends.repeats(execution, failure))]
            await self._ends.after_failure(journal, scenario, operations, halts, stops)
        except LeaseLostError:
            raise
        except asyncio.CancelledError:
            await self._after_cancel(journal, scenario, operations)
        except Exception as error:  # noqa: BLE001 - whatever it is, it gets a named end
            await self._ends.fail(journal, operations, described(error))
        else:
            await self._ends.finish(journal, operations, halts, stops)

    def _operations(
        self, claimed: Claimed, journal: Journal, scenario: CompiledScenario
    ) -> Operations:
        inputs: Mapping[str, object] = _NONE
        if scenario.inputs and not scenario.instant:
            given = decode(claimed.execution.input or "null")
            inputs = filled_inputs(scenario.inputs, given)
        return operations_kind(claimed.stand_ins)(
            journal,
            self.outside,
            scenario=scenario,
            inputs=inputs,
            past=_past(claimed),
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

    async def _after_cancel(
        self,
        journal: Journal,
        scenario: CompiledScenario | None,
        operations: Operations | None,
    ) -> None:
        """Somebody called it off, it took too long, or the server stops."""
        id_ = journal.execution.id
        if id_ in self._overdue and scenario is not None:
            self._overdue.discard(id_)
            late = took_too_long(scenario.max_seconds)
            await self._ends.fail(journal, operations, described(late))
        elif id_ in self._called_off:
            self._called_off.discard(id_)
            await self._ends.cancel(journal, operations)
        else:
            raise asyncio.CancelledError


def _past(claimed: Claimed) -> Past:
    """What earlier attempts left; mostly there were none."""
    hops = hops_of(claimed.payload)
    is_first = claimed.execution.epoch == 1 and claimed.stand_ins is None
    if is_first and not hops and not claimed.depth:
        return _FRESH
    return Past(
        bundles=claimed.bundles,
        stops={(one.module_id, one.path): one for one in claimed.stops},
        calls={(one.module_id, one.path): one for one in claimed.calls},
        depth=claimed.depth,
        hops=hops,
        stand_ins=claimed.stand_ins,
    )


_FRESH = Past()

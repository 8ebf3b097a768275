"""Runs what dispatch hands out, and brings each execution to a named end."""

import asyncio
from collections.abc import Callable

import structlog
from msgspec.structs import replace

from trunkline.engine.bundle import decode, encode
from trunkline.engine.channels import Channels
from trunkline.engine.dispatch import MOST_ATTEMPTS, Dispatch
from trunkline.engine.journal import PATIENCE, Journal
from trunkline.engine.operations import (
    HandBack,
    OperationFailed,
    Operations,
    Stopping,
)
from trunkline.engine.roster import Roster
from trunkline.engine.run import Run
from trunkline.errors import (
    LeaseLostError,
    StorageFullError,
    StorageUnavailableError,
    TrunklineError,
)
from trunkline.model.clock import Clock
from trunkline.model.delivery import Payload
from trunkline.model.execution import Execution
from trunkline.model.states import DeliveryState, ExecutionState, Outcome
from trunkline.sdk import Delivery
from trunkline.store.executions import Claimed
from trunkline.store.incoming import Ending
from trunkline.store.store import Store

log = structlog.get_logger()


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
    ) -> None:
        self._store = store
        self._dispatch = dispatch
        self._roster = roster
        self._channels = channels
        self._clock = clock
        self._ended = ended
        self._stopping = Stopping()
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
        journal = Journal(self._store, claimed.execution, claimed.operations)
        try:
            await self._attempt(claimed, journal, delivery)
        except LeaseLostError:
            log.warning("lease lost", execution=claimed.execution.id)
        except asyncio.CancelledError:
            log.warning("execution interrupted", execution=claimed.execution.id)
        except Exception:
            log.exception("execution left unfinished", execution=claimed.execution.id)
        finally:
            del self._running[claimed.execution.id]
            self._dispatch.release(line=claimed.execution.order_key)
            self._ended(journal.execution)

    async def _attempt(
        self, claimed: Claimed, journal: Journal, delivery: Delivery | None
    ) -> None:
        execution = claimed.execution
        if execution.attempts > MOST_ATTEMPTS:
            await self._fail(journal, 0, _gave_up())
            return
        operations: Operations | None = None
        try:
            scenario = await self._roster.version(execution.version_id)
            operations = Operations(
                journal,
                self._channels,
                self._clock,
                self._stopping,
                scenario=scenario,
                kept=claimed.bundles,
            )
            source = delivery or read_source(claimed.payload, execution.input)
            await Run(scenario, operations, source).go()
        except HandBack:
            await self._hand_back(journal)
        except OperationFailed as failure:
            await self._fail(journal, _count(operations), failure.described)
        except LeaseLostError:
            raise
        except asyncio.CancelledError:
            if execution.id not in self._called_off:
                raise
            self._called_off.discard(execution.id)
            await self._cancel(journal, _count(operations))
        except Exception as error:  # noqa: BLE001 - whatever it is, it gets a named end
            await self._fail(journal, _count(operations), _described(error))
        else:
            await self._finish(journal, operations.count)

    async def _finish(self, journal: Journal, operations: int) -> None:
        await journal.end(
            self._over(journal.execution, ExecutionState.DONE, operations),
            _ending(journal.execution, DeliveryState.DONE),
        )

    async def _fail(self, journal: Journal, operations: int, described: str) -> None:
        execution = journal.execution
        log.info("execution failed", execution=execution.id)
        await journal.end(
            self._over(execution, ExecutionState.FAILED, operations, described),
            _ending(
                execution,
                DeliveryState.DEAD,
                outcome=Outcome.FAILED,
                reason=f"Execution {execution.id} failed.",
            ),
        )

    async def _cancel(self, journal: Journal, operations: int) -> None:
        execution = journal.execution
        await journal.end(
            self._over(execution, ExecutionState.CANCELLED, operations),
            _ending(execution, DeliveryState.CANCELLED),
        )

    async def _hand_back(self, journal: Journal) -> None:
        """Back to the queue; an attempt that was not used up does not count."""
        execution = journal.execution
        await journal.end(
            replace(
                execution,
                state=ExecutionState.QUEUED,
                owner=None,
                epoch=execution.epoch + 1,
                attempts=execution.attempts - 1,
            ),
            _ending(execution, DeliveryState.WAITING),
        )

    def _over(
        self,
        execution: Execution,
        state: ExecutionState,
        operations: int,
        error: str | None = None,
    ) -> Execution:
        return replace(
            execution,
            state=state,
            owner=None,
            ended_at=self._clock.millis(),
            operations=operations,
            error=error,
        )


def read_source(payload: Payload | None, text: str | None) -> Delivery | None:
    """What a trigger sees: a stored request, or the input of a run by hand."""
    if payload is not None:
        return _read_delivery(payload)
    if text is None:
        return None
    return Delivery(body=text.encode(), payload=decode(text))


def _read_delivery(payload: Payload) -> Delivery:
    """A stored request as a trigger sees it; a body that is not JSON stays bytes."""
    try:
        values = decode(payload.body)
    except ValueError:
        values = None
    return Delivery(
        body=payload.body,
        payload=values,
        method=payload.method,
        headers=payload.headers,
        query=payload.query,
    )


def _ending(
    execution: Execution,
    state: DeliveryState,
    *,
    outcome: Outcome | None = None,
    reason: str | None = None,
) -> Ending | None:
    if execution.delivery_id is None:
        return None
    return Ending(
        delivery_id=execution.delivery_id, state=state, outcome=outcome, reason=reason
    )


def _count(operations: Operations | None) -> int:
    return 0 if operations is None else operations.count


def _described(error: Exception) -> str:
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


def _gave_up() -> str:
    return encode(
        {
            "type": "ExecutionInterruptedError",
            "message": f"Begun {MOST_ATTEMPTS} times, and each time the process ended "
            "before it did. It is not begun again by itself; look at what it was "
            "given, then replay its delivery.",
        }
    )

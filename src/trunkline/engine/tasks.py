"""The tasks of one execution: begun, prepared, and written down when they are over."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from trunkline.engine.bundle import encode, encode_fields, read_fields
from trunkline.engine.chance import Chance
from trunkline.engine.channels import Channels
from trunkline.engine.failures import (
    HandBack,
    OperationFailed,
    describe,
    recorded_failure,
)
from trunkline.engine.journal import Journal
from trunkline.engine.steps import CompiledScenario, Step
from trunkline.errors import MemoryLimitExceededError, OperationsLimitExceededError
from trunkline.mapping import Scope
from trunkline.model.call import Call
from trunkline.model.clock import Clock, Millis, as_datetime
from trunkline.model.data_store import Author
from trunkline.model.execution import Execution, KeptBundle, Operation, Stop
from trunkline.model.stand_ins import StandIns
from trunkline.model.states import OperationState, Origin
from trunkline.model.steps import keep_step
from trunkline.sdk import Api, Counters, Input, Records, Variables

_GIVING = frozenset({OperationState.DONE, OperationState.INTERRUPTED})
Bundles = Mapping[int, Any]
"""The last bundle of each module upstream, by the module's number."""


@dataclass(slots=True)
class Stopping:
    """Whether the server is stopping; looked at before anything reaches out."""

    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What earlier attempts left: bundles, calls, and where the execution stopped.

    `depth` is how many calls of scenarios lie above it, `hops` how many executions led
    to its delivery. `stand_ins` stand in for modules of a run by hand.
    """

    bundles: tuple[KeptBundle, ...] = ()
    calls: Mapping[tuple[int, str], Call] = field(default_factory=dict)
    depth: int = 0
    hops: int = 0
    stops: Mapping[tuple[int, str], Stop] = field(default_factory=dict)
    stand_ins: StandIns | None = None


Begin = Callable[[str, object], Awaitable[Execution]]
"""Makes an execution of a scenario, by its name and inputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What all executions share: the ways out, the time, and a place for what is large.

    `records` opens data stores, `counters` those of a scenario, `respond` answers the
    caller of a webhook, `begin` makes an execution of another scenario.
    """

    channels: Channels
    clock: Clock
    stopping: Stopping
    folder: Path
    records: Callable[[Author], Records]
    counters: Callable[[str, Author], Counters]
    respond: Callable[[str, Mapping[str, Any]], None]
    begin: Begin


@dataclass(slots=True, eq=False)
class Task:
    """One operation under way: a step, the bundles it sees, and what came of it."""

    step: Step
    bundles: Bundles
    path: str
    number: int
    at: Millis
    started: float
    spent: float | None = None
    """Seconds of the module's own, where it shares its time with what follows."""
    bundles_given: int = 0
    fields: Input | None = None
    api: Api | None = None
    records: Records | None = None
    counters: Counters | None = None


class Tasks:
    """Everything around the work itself, for one execution."""

    def __init__(
        self,
        journal: Journal,
        outside: Outside,
        *,
        scenario: CompiledScenario,
        inputs: Mapping[str, object],
        past: Past = Past(),
    ) -> None:
        self._journal = journal
        self._outside = outside
        self._clock = outside.clock
        self._folder = outside.folder
        self.returned: str | None = None
        """What whoever called the execution gets, as JSON text."""
        self._keeps_exchanges = _keeps_exchanges(scenario, journal.execution)
        self._timezone = scenario.timezone
        self._most = scenario.max_operations
        self._most_bytes = scenario.max_bytes
        self._held: dict[int, int] = {}
        self._inputs = inputs
        self._facts: dict[str, object] = {
            "id": journal.execution.scenario_id,
            "name": scenario.name,
            "executionId": journal.execution.id,
            "triggerTimestamp": as_datetime(journal.execution.created_at),
        }
        self._variables = Variables()
        self._past = past
        self._execution = journal.execution.id
        self._under_way: list[Task] = []
        self._last = journal.last_number
        self.count = journal.recalled

    def _recall(self, step: Step, path: str) -> Operation | None:
        """What an earlier attempt recorded; a recorded failure fails again."""
        recalled = self._journal.recall(step.id, path)
        if recalled is not None and recalled.state is OperationState.FAILED:
            raise recorded_failure(recalled)
        return recalled

    async def _before_reaching_out(self) -> None:
        """Nothing leaves while stopping, or while what came in is not on disk."""
        await self._journal.flush()
        await keep_step()
        if self._outside.stopping.asked:
            raise HandBack

    def _begin(
        self, step: Step, bundles: Bundles, path: str, *, anew: bool = True
    ) -> Task:
        """`anew` is false for what an earlier attempt recorded already."""
        self._last += anew
        self.count += anew
        task = Task(
            step,
            bundles,
            path,
            self._last,
            self._clock.millis(),
            self._clock.monotonic(),
        )
        if self._most and self.count > self._most:
            self._fail(task, _too_many(self._most))
        return task

    def _unbegin(self) -> None:
        """What was begun will be begun anew, and does not count."""
        self._last -= 1
        self.count -= 1

    async def _prepare(self, task: Task) -> None:
        """Fills the form from the mapping, and opens the way out."""
        step = task.step
        self._fill(task)
        takes = step.module.takes
        place = f"{step.id}:{task.path}"
        if "api" in takes:
            channel = await self._outside.channels.channel(step.app, step.connection)
            key = f"{self._execution}:{place}"
            task.api = Api(
                channel,
                key=key,
                hops=self._past.hops + 1,
                keeps=self._keeps_exchanges,
            )
        if "records" in takes:
            revocable = not self._journal.auto_commit
            author = Author(self._execution, place, revocable)
            task.records = self._outside.records(author)
        if "counters" in takes:
            scenario_id = self._journal.execution.scenario_id
            author = Author(self._execution, f"{place}!")  # beside those of records
            task.counters = self._outside.counters(scenario_id, author)

    def _fill(self, task: Task) -> None:
        """Fills the form of a task that is under way."""
        scope = self._scope(task.step, task.bundles, task.path)
        task.fields = self._filled(task.step, task.path, scope)

    def _filled(self, step: Step, path: str, scope: Scope) -> Input:
        """The form as a person edited it, or else as the mapping gives it."""
        stop = self._past.stops.get((step.id, path))
        if stop is not None and stop.edited is not None:
            return step.module.input.model_validate_json(stop.edited)
        return read_fields(step.module, step.template.evaluate(scope))

    def _arguments(
        self,
        task: Task,
        *,
        items: AsyncIterator[Input] | None = None,
        constants: object = None,
        since: object = None,
    ) -> dict[str, Any]:
        fields = task.fields
        if items is not None and isinstance(constants, Mapping):
            fields = task.step.module.input.model_construct(**constants)
        offered = {
            "api": task.api,
            "fields": fields,
            "items": items,
            "since": since,
            "records": task.records,
            "counters": task.counters,
            "variables": self._variables,
        }
        return {name: offered[name] for name in task.step.module.takes}

    def _scope(self, step: Step, bundles: Bundles, path: str) -> Scope:
        chance = Chance(f"{self._execution}:{step.id}:{path}")
        self._facts["operationsConsumed"] = self.count
        return Scope(
            bundles,
            {"scenario": self._facts, "input": self._inputs},
            clock=self._now,
            random=chance.random,
            uuid=chance.uuid,
            execution_id=self._execution,
            timezone=self._timezone,
        )

    def _now(self) -> datetime:
        return as_datetime(self._clock.millis())

    def _record(
        self,
        task: Task,
        state: OperationState,
        *,
        output: str | None = None,
        bundles: int = 1,
        error: str | None = None,
    ) -> None:
        fields, spent = task.fields, task.spent
        if spent is None:
            spent = self._clock.monotonic() - task.started
        is_well = state is OperationState.DONE or state is OperationState.FILTERED
        if is_well and self._is_counted_only(task.step):
            given = bundles if state is OperationState.DONE else 0
            self._journal.tally(task.step.id, state, given, spent)
            return
        self._journal.record(
            Operation(
                execution_id=self._execution,
                module_id=task.step.id,
                path=task.path,
                number=task.number,
                state=state,
                started_at=task.at,
                duration_us=int(spent * 1_000_000),
                attempts=task.api.tries if task.api is not None else 1,
                bundles=bundles if state in _GIVING else 0,
                input=None if fields is None else encode_fields(fields),
                output=output,
                error=error,
                exchanges=_exchanges(task) if error is None else None,
            ),
            pure=not task.step.reaches_out,
        )

    def _is_counted_only(self, step: Step) -> bool:
        """Whether an operation is one of so many that it is not written down.

        What was once decided, sent or begun always is.
        """
        return step.countable and self._journal.is_long(step.id)

    def _hold(self, step: Step, size: int) -> None:
        """Counts a bundle, which takes the place of its module's last one.

        Raises:
            MemoryLimitExceededError: together with those of other modules it is too
                large.
        """
        self._held[step.id] = size
        if self._most_bytes and sum(self._held.values()) > self._most_bytes:
            raise _too_large(self._most_bytes)

    def interrupt(self) -> None:
        """Records what is under way as interrupted: the run ends here."""
        while self._under_way:
            task = self._under_way.pop()
            self._record(task, OperationState.INTERRUPTED, bundles=task.bundles_given)

    def _fail(
        self, task: Task, error: Exception, *, place: str | None = None
    ) -> NoReturn:
        """Records the failure, and hands it to whoever reacts.

        `place` says what of the operation failed, if not the module itself.
        """
        if task in self._under_way:
            self._under_way.remove(task)
        facts = describe(task.step.id, task.step.module, error)
        if place is not None:
            facts["place"] = place
        exchange = task.api.exchange() if task.api is not None else None
        whole = facts | ({"exchange": exchange} if exchange else {})
        self._record(task, OperationState.FAILED, error=encode(whole))
        raise OperationFailed(task.step.id, task.path, facts) from error


def _keeps_exchanges(scenario: CompiledScenario, execution: Execution) -> bool:
    """Whether what is sent and answered is kept, where operations go well.

    For runs by hand it is, since somebody looks; else it would double what is written.
    """
    by_hand = execution.origin is Origin.PERSON
    return not scenario.confidential and (by_hand or scenario.keep_exchanges)


def _exchanges(task: Task) -> str | None:
    """The calls of an operation as JSON text; that of a failed one is in its error."""
    if task.api is None or not task.api.kept:
        return None
    return encode([*task.api.kept])


def _too_many(most: int) -> OperationsLimitExceededError:
    return OperationsLimitExceededError(
        f"The execution has done {most} operations, which is as many as the scenario's "
        "setting max_operations allows. Raise it, or let the scenario do less at once."
    )


def _too_large(most: int) -> MemoryLimitExceededError:
    return MemoryLimitExceededError(
        f"The execution's bundles hold more than {most // 1_000_000} MB, which is what "
        "the scenario's setting max_megabytes allows. Raise it, or let the scenario "
        "take less at once, such as one record after another."
    )

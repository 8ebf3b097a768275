"""A scenario run to see what it would do: nothing is stored, and nothing is changed.

What reaches out is either asked for (a rehearsal: reading is done, effects are not), or
answered as an execution was answered before (a replay: nothing is asked at all).
"""

import dataclasses
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from trunkline.engine.bundle import decode, encode, to_bundle
from trunkline.engine.endings import described
from trunkline.engine.failures import HandBack, OperationFailed
from trunkline.engine.journal import Journal
from trunkline.engine.polling import News
from trunkline.engine.run import Run
from trunkline.engine.standing_in import Sampled
from trunkline.engine.steps import CompiledScenario, Step
from trunkline.engine.tasks import Bundles, Outside, Past, Task
from trunkline.errors import ModuleError, UnexpectedError
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.position import Position
from trunkline.model.stand_ins import StandIns
from trunkline.model.states import ExecutionState, OperationState
from trunkline.sdk import Api, Delivery, Kind, Watch, Withheld
from trunkline.store.entry import Entry

MOST = 1000
"""Operations of one rehearsal; a scenario that would do more is cut there."""

Place = tuple[int, str]
"""A module's number, and the path of the bundle."""


class Answer(Struct, frozen=True, kw_only=True):
    """What a module gave or how it failed, as JSON text, in an execution before."""

    bundles: tuple[str, ...] = ()
    error: str | None = None


@dataclass(slots=True)
class Rehearsed:
    """What came of it.

    `withheld` are the requests that were not sent, `unanswered` where a replay found
    no answer to give and a module's sample stood in.
    """

    state: ExecutionState = ExecutionState.DONE
    error: str | None = None
    operations: list[Operation] = field(default_factory=list)
    bundles: list[KeptBundle] = field(default_factory=list)
    withheld: dict[Place, Mapping[str, Any]] = field(default_factory=dict)
    unanswered: list[Place] = field(default_factory=list)
    returned: str | None = None

    async def take(self, entry: Entry) -> None:
        """Keeps what an execution would have written down."""
        self.operations += entry.operations
        self.bundles += entry.bundles

    def outputs(self, operation: Operation) -> list[Any]:
        """The bundles that an operation gave, as far as they are kept."""
        if operation.output is not None and operation.state is OperationState.DONE:
            return [decode(operation.output)]
        place = operation.module_id, operation.path
        return [
            decode(one.data)
            for one in self.bundles
            if (one.module_id, one.path) == place
        ]


async def rehearse(
    scenario: CompiledScenario,
    outside: Outside,
    execution: Execution,
    *,
    delivery: Delivery | None = None,
    inputs: Mapping[str, object] | None = None,
    answers: Mapping[Place, Answer] | None = None,
    samples: Mapping[int, list[Any]] = MappingProxyType({}),
) -> Rehearsed:
    """Runs a scenario without effects; with `answers`, without asking anybody.

    A module that has `samples` gives these, and is not run.
    """
    rehearsed = Rehearsed()
    journal = Journal(rehearsed.take, execution)
    most = min(scenario.max_operations or MOST, MOST)
    operations = Rehearsal(
        journal,
        outside,
        rehearsed,
        answers,
        scenario=dataclasses.replace(scenario, max_operations=most),
        inputs=inputs or {},
        past=Past(stand_ins=StandIns(execution_id=execution.id, samples=samples)),
    )
    run = Run(scenario, operations, delivery, folder=outside.folder)
    try:
        await run.go()
    except HandBack:
        rehearsed.state = ExecutionState.CANCELLED
    except OperationFailed as failure:
        rehearsed.state, rehearsed.error = ExecutionState.FAILED, failure.described
    except Exception as error:  # noqa: BLE001 - whatever it is, it is shown
        rehearsed.state, rehearsed.error = ExecutionState.FAILED, described(error)
    if run.halts:
        rehearsed.state = ExecutionState.INCOMPLETE
        rehearsed.error = run.halts[0].failure.described
    operations.interrupt()
    await journal.end(execution, None)
    rehearsed.returned = operations.returned
    return rehearsed


class Rehearsal(Sampled):
    """Performs operations, but withholds what would change anything outside."""

    def __init__(
        self,
        journal: Journal,
        outside: Outside,
        rehearsed: Rehearsed,
        answers: Mapping[Place, Answer] | None,
        *,
        scenario: CompiledScenario,
        inputs: Mapping[str, object],
        past: Past,
    ) -> None:
        super().__init__(journal, outside, scenario=scenario, inputs=inputs, past=past)
        self._rehearsed = rehearsed
        self._answers = answers

    async def perform(self, step: Step, bundles: Bundles, path: str) -> Any:  # noqa: ANN401 - any JSON value
        acts = step.module.from_outside or step.module.kind in _STILL
        if not acts or step.id in self.samples:
            return await super().perform(step, bundles, path)
        task = self._begin(step, bundles, path)
        try:
            self._fill(task)
            output = await self._instead(task)
            text = encode(output)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        self._record(task, OperationState.DONE, output=text)
        return output

    async def call(self, step: Step, bundles: Bundles, path: str) -> Any:  # noqa: ANN401 - any JSON value
        return await self.perform(step, bundles, path)

    async def poll(
        self, step: Step, watch: Watch, position: Position | None, path: str
    ) -> News:
        if self._answers is None or step.id in self.samples:
            news = await super().poll(step, watch, position, path)
            return replace(news, more=False)
        task = self._begin(step, {}, path)
        given = [decode(one) for one in self._answer(task).bundles]
        self._record(task, OperationState.DONE, bundles=len(given))
        return News(given, self._before_all(step), more=False)

    async def _given(
        self, step: Step, bundles: Bundles, path: str
    ) -> AsyncGenerator[tuple[int, Any], None]:
        is_asked = self._answers is None or step.id in self.samples
        if is_asked or not step.module.from_outside:
            async for given in super()._given(step, bundles, path):
                yield given
            return
        task = self._begin(step, bundles, path)
        try:
            self._fill(task)
            answer = self._answer(task)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        for position, text in enumerate(answer.bundles, 1):
            output = decode(text)
            self._keep(step, path, position, output)
            yield position, output
        self._record(task, OperationState.DONE, bundles=len(answer.bundles))

    async def _instead(self, task: Task) -> Any:  # noqa: ANN401 - any JSON value
        """The output of a module that is not run, or only as far as it reads."""
        module = task.step.module
        if module.kind in _STILL:
            return to_bundle(await module.run(**self._arguments(task)))
        if self._answers is not None:
            (text,) = self._answer(task).bundles or (encode(_sample(task)),)
            return decode(text)
        if module.kind is Kind.CALLER:
            return self._withhold(task, {"call": encode(task.fields)})
        if "records" in module.takes and module.effect:
            return self._withhold(task, {"record": encode(task.fields)})
        await self._prepare(task)
        if task.api is not None:
            task.api = Api(task.api.channel, withhold=True)
        try:
            return to_bundle(await module.run(**self._arguments(task)))
        except Withheld as withheld:
            return self._withhold(task, withheld.request)

    def _withhold(self, task: Task, request: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
        self._rehearsed.withheld[task.step.id, task.path] = request
        return _sample(task)

    def _answer(self, task: Task) -> Answer:
        """What the module gave before in this place.

        Raises:
            ModuleError: it failed there.
        """
        place = task.step.id, task.path
        answer = (self._answers or {}).get(place)
        if answer is None:
            self._rehearsed.unanswered.append(place)
            return Answer()
        if answer.error is not None:
            raise _error_again(decode(answer.error))
        return answer


_STILL = frozenset({Kind.RESPONDER, Kind.PAUSER})
"""Kinds that do nothing here: nobody waits, and nothing sleeps."""


def _sample(task: Task) -> Mapping[str, Any]:
    """What a module might have given."""
    return task.step.module.sample or {}


def _error_again(facts: Mapping[str, Any]) -> ModuleError:
    """An error that was recorded, to be raised once more under its name."""
    known = {one.__name__: one for one in _all_errors(ModuleError)}
    kind = known.get(str(facts.get("type")), UnexpectedError)
    return kind(
        str(facts.get("message", "")),
        status=facts.get("status"),
        detail=facts.get("detail"),
    )


def _all_errors(kind: type[ModuleError]) -> list[type[ModuleError]]:
    return [kind, *(one for sub in kind.__subclasses__() for one in _all_errors(sub))]

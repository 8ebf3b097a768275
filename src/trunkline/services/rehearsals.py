"""What a scenario would do: dry runs, tests of executions, and what would change."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trunkline.engine.bundle import encode
from trunkline.engine.counting import rehearsed_counters
from trunkline.engine.document import load_document, read_document
from trunkline.engine.engine import Engine
from trunkline.engine.inputs import filled_inputs
from trunkline.engine.rehearsal import Answer, Place, Rehearsed, rehearse
from trunkline.engine.sources import read_source
from trunkline.engine.steps import CompiledScenario
from trunkline.engine.tasks import Outside
from trunkline.errors import UsageError
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.scenario import ScenarioDocument, StoredScenario
from trunkline.model.states import OperationState, Origin
from trunkline.sdk import Delivery
from trunkline.services.pins import pinned_samples
from trunkline.services.pseudonyms import Pseudonyms
from trunkline.services.scenario_tests import as_test
from trunkline.store.deliveries import find_delivery
from trunkline.store.executions import find_execution, list_executions
from trunkline.store.history import read_bundles, read_operations
from trunkline.store.scenarios import find_scenario, find_version
from trunkline.store.stand_ins import find_stand_ins
from trunkline.store.store import Store

_MOST_COMPARED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a dry run is done with.

    `document` is a scenario that is not saved; without it the current version is
    taken. A scenario that begins with a webhook needs the id of a `delivery`, or an
    `input` that stands for its body; any other takes its inputs as `input`.
    """

    document: dict[str, Any] | None = None
    delivery: str | None = None
    input: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedOperation:
    """One operation of a dry run; `request` is what was not sent.

    `invented` says that its output is the module's sample, not an answer, `pinned` that
    it is what a person has pinned.
    """

    number: int
    module_id: int
    module: str
    label: str
    path: str
    state: str
    input: Any
    output: list[Any]
    error: Mapping[str, Any] | None
    request: Mapping[str, Any] | None
    invented: bool
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalView:
    """What a scenario would do."""

    state: str
    error: Mapping[str, Any] | None
    operations: list[RehearsedOperation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One operation that would be another one; a side that is missing is null."""

    module_id: int
    label: str
    path: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedExecution:
    """An execution on the draft: its state then and now, and what differs."""

    execution: str
    before: str
    after: str
    error: Mapping[str, Any] | None
    differences: list[Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A scenario that is not saved, and on how many executions to try it."""

    document: dict[str, Any]
    executions: int = 10


class Rehearsals:
    """The use cases around runs that change nothing."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    async def rehearse(self, ref: str, trial: Trial) -> RehearsalView:
        """Runs a scenario; what reads is done, what changes anything is shown.

        Raises:
            NotFoundError: there is no such scenario or delivery.
            InvalidScenarioError: the document has faults.
            UsageError: it begins with a webhook, and nothing was given to begin with.
            BundleValidationError: the inputs do not fit.
        """
        scenario = await self._store.read(find_scenario, ref)
        document = _document(scenario, trial.document)
        compiled = await self._engine.compile(document)
        delivery = await self._delivery(trial)
        samples = await pinned_samples(self._store, scenario.id, document)
        if compiled.instant and delivery is None and compiled.first.id not in samples:
            raise UsageError(
                "The scenario begins with a webhook; name a delivery, or give the body "
                "of one as input."
            )
        inputs = {} if compiled.instant else filled_inputs(compiled.inputs, trial.input)
        rehearsed = await rehearse(
            compiled,
            await self._outside(scenario.id),
            self._execution(scenario),
            delivery=delivery,
            inputs=inputs,
            samples=samples,
        )
        return self._view(rehearsed, document, frozenset(samples))

    async def compare(self, ref: str, draft: Draft) -> list[ReplayedExecution]:
        """What the latest executions would have done on a draft; nothing is asked.

        Raises:
            NotFoundError: there is no such scenario.
            InvalidScenarioError: the document has faults.
        """
        scenario = await self._store.read(find_scenario, ref)
        document = read_document(draft.document)
        compiled = await self._engine.compile(document)
        latest = await self._store.read(
            list_executions,
            limit=max(1, min(draft.executions, _MOST_COMPARED)),
            scenario=scenario.id,
        )
        return [
            await self._compared(one.execution, document, compiled) for one in latest
        ]

    async def save_as_test(self, execution_id: str) -> str:
        """An execution as the text of a test file, without personal data.

        Raises:
            NotFoundError: there is no such execution.
            UsageError: it is not over, what it began with is gone, or something stood
                in for its modules.
        """
        execution = (await self._store.read(find_execution, execution_id)).execution
        if execution.ended_at is None:
            raise UsageError("The execution is still under way.")
        if await self._store.read(find_stand_ins, execution_id) is not None:
            raise UsageError(
                "Pinned samples or an earlier execution stood in for some of its "
                "modules; save one as a test that ran whole."
            )
        content = await self._store.read(find_version, execution.version_id)
        document = load_document(content)
        operations, kept = await self._history(execution)
        given = await self._source(execution)
        masked = Pseudonyms()
        answers = answers_of(self._outside_modules(document), operations, kept)
        return await as_test(
            document,
            self._engine.catalog,
            at=execution.created_at,
            given=None if given is None else masked.mask(given.payload),
            answers={
                place: _masked(answer, masked) for place, answer in answers.items()
            },
        )

    async def _compared(
        self, execution: Execution, document: ScenarioDocument, draft: CompiledScenario
    ) -> ReplayedExecution:
        operations, kept = await self._history(execution)
        before = load_document(
            await self._store.read(find_version, execution.version_id)
        )
        answers = answers_of(self._outside_modules(before), operations, kept)
        given = await self._source(execution)
        inputs = None if given is None or draft.instant else given.payload
        stand_ins = await self._store.read(find_stand_ins, execution.id)
        rehearsed = await rehearse(
            draft,
            await self._outside(execution.scenario_id),
            execution,
            delivery=given,
            inputs=inputs if isinstance(inputs, Mapping) else None,
            answers=answers,
            samples={} if stand_ins is None else stand_ins.samples,
        )
        return ReplayedExecution(
            execution=execution.id,
            before=execution.state.value,
            after=rehearsed.state.value,
            error=_json(rehearsed.error),
            differences=self._differences(document, operations, kept, rehearsed),
        )

    async def _outside(self, scenario_id: str) -> Outside:
        counters = await rehearsed_counters(self._store, scenario_id)
        return replace(self._engine.worker.outside, counters=counters)

    def _differences(
        self,
        document: ScenarioDocument,
        operations: Sequence[Operation],
        kept: Sequence[KeptBundle],
        rehearsed: Rehearsed,
    ) -> list[Difference]:
        then = Rehearsed(operations=[*operations], bundles=[*kept])
        before = {_place(one): _shown(one, then) for one in then.operations}
        after = {_place(one): _shown(one, rehearsed) for one in rehearsed.operations}
        first = document.flow[0].id
        labels = {
            one.id: self._label(one.module, one.name) for one in document.modules()
        }
        return [
            Difference(
                module_id=module_id,
                label=labels.get(module_id, str(module_id)),
                path=path,
                before=before.get((module_id, path)),
                after=after.get((module_id, path)),
            )
            for module_id, path in sorted(before.keys() | after.keys())
            if module_id != first
            and before.get((module_id, path)) != after.get((module_id, path))
        ]

    def _view(
        self, rehearsed: Rehearsed, document: ScenarioDocument, pinned: frozenset[int]
    ) -> RehearsalView:
        placed = {one.id: one for one in document.modules()}
        return RehearsalView(
            state=rehearsed.state.value,
            error=_json(rehearsed.error),
            operations=[
                RehearsedOperation(
                    number=one.number,
                    module_id=one.module_id,
                    module=placed[one.module_id].module,
                    label=self._label(
                        placed[one.module_id].module, placed[one.module_id].name
                    ),
                    path=one.path,
                    state=one.state.value,
                    input=_json(one.input),
                    output=rehearsed.outputs(one),
                    error=_json(one.error),
                    request=rehearsed.withheld.get(_place(one)),
                    invented=_place(one) in rehearsed.withheld,
                    pinned=one.module_id in pinned,
                )
                for one in rehearsed.operations
            ],
        )

    def _label(self, module: str, name: str) -> str:
        known = self._engine.catalog.modules.get(module)
        return name or (known.label if known else module)

    def _outside_modules(self, document: ScenarioDocument) -> frozenset[int]:
        """The modules whose outputs come from outside, and are not computed."""
        modules = self._engine.catalog.modules
        return frozenset(
            one.id
            for one in document.modules()
            if one.module in modules and modules[one.module].from_outside
        )

    async def _history(
        self, execution: Execution
    ) -> tuple[list[Operation], list[KeptBundle]]:
        return (
            await self._store.read(read_operations, execution.id, limit=_MOST_HISTORY),
            await self._store.read(read_bundles, execution.id),
        )

    async def _delivery(self, trial: Trial) -> Delivery | None:
        if trial.delivery is not None:
            _, payload = await self._store.read(find_delivery, trial.delivery)
            return read_source(payload, None)
        return None if trial.input is None else read_source(None, encode(trial.input))

    async def _source(self, execution: Execution) -> Delivery | None:
        if execution.delivery_id is None:
            return read_source(None, execution.input)
        _, payload = await self._store.read(find_delivery, execution.delivery_id)
        return read_source(payload, None)

    def _execution(self, scenario: StoredScenario) -> Execution:
        return Execution(
            id=self._engine.ids.new(),
            scenario_id=scenario.id,
            version_id=scenario.version_id,
            delivery_id=None,
            created_at=self._engine.clock.millis(),
            origin=Origin.PERSON,
        )


_MOST_HISTORY = 1000


def answers_of(
    outside: frozenset[int],
    operations: Sequence[Operation],
    kept: Sequence[KeptBundle],
) -> dict[Place, Answer]:
    """What modules outside answered in an execution, by the place of each."""
    answers: dict[Place, Answer] = {}
    for one in operations:
        if one.module_id not in outside or one.state is OperationState.FILTERED:
            continue
        bundles = tuple(
            bundle.data
            for bundle in kept
            if (bundle.module_id, bundle.path) == _place(one)
        )
        if one.output is not None:
            bundles = (one.output,)
        answers[_place(one)] = Answer(bundles=bundles, error=one.error)
    return answers


def _masked(answer: Answer, pseudonyms: Pseudonyms) -> Answer:
    return Answer(
        bundles=tuple(
            encode(pseudonyms.mask(json.loads(one))) for one in answer.bundles
        ),
        error=answer.error and encode(_without_exchange(json.loads(answer.error))),
    )


def _without_exchange(error: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in error.items() if name != "exchange"}


def _document(
    scenario: StoredScenario, values: Mapping[str, Any] | None
) -> ScenarioDocument:
    return load_document(scenario.content) if values is None else read_document(values)


def _shown(operation: Operation, of: Rehearsed) -> dict[str, Any]:
    error = _json(operation.error)
    return {
        "state": operation.state.value,
        "input": _json(operation.input),
        "output": of.outputs(operation),
        "error": error and _without_exchange(error),
    }


def _place(operation: Operation) -> Place:
    return operation.module_id, operation.path


def _json(text: str | None) -> Any:  # noqa: ANN401 - any JSON value
    return None if text is None else json.loads(text)

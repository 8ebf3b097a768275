"""Runs by hand: from the beginning or from a module, with what is pinned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.engine.bundle import encode
from trunkline.engine.course import course_from
from trunkline.engine.document import load_document
from trunkline.engine.engine import Engine
from trunkline.engine.inputs import filled_inputs
from trunkline.engine.reach import reaches
from trunkline.engine.steps import CompiledScenario
from trunkline.errors import ConflictError, NotFoundError, UsageError
from trunkline.model.execution import Execution
from trunkline.model.scenario import ScenarioDocument, StoredScenario
from trunkline.model.stand_ins import Course, StandIns
from trunkline.model.states import UNDER_WAY, Origin
from trunkline.services.history import History
from trunkline.services.pins import pinned_samples
from trunkline.store.executions import find_execution, list_executions
from trunkline.store.history import count_by_module
from trunkline.store.scenarios import find_scenario
from trunkline.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A module to begin at, with what those before it gave in an execution.

    Without an `execution` it is the latest one that has ended.
    """

    module: int
    execution: str | None = None


class HandRuns:
    """The use cases around runs by hand."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._history = History(store, engine.catalog)

    async def run(
        self, ref: str, input_bundle: object = None, start: Start | None = None
    ) -> str:
        """Runs a scenario once by hand and waits for its end.

        `input_bundle` stands for the delivery of a scenario that begins with a
        webhook; of any other it holds the inputs.

        Returns:
            The id of the execution.

        Raises:
            NotFoundError: there is no such scenario, module or execution.
            UsageError: it begins with a webhook and no input was given, or it cannot
                begin at that module.
            ConflictError: the execution cannot be gone on from.
            BundleValidationError: the inputs do not fit what the scenario declares.
        """
        execution, stand_ins = await self._prepare(ref, input_bundle, start)
        return (await self._engine.orders.run_now(execution, stand_ins)).id

    async def begin(
        self, ref: str, input_bundle: object = None, start: Start | None = None
    ) -> str:
        """The same as `run`, without waiting for the end."""
        execution, stand_ins = await self._prepare(ref, input_bundle, start)
        await self._engine.orders.queue(execution, stand_ins)
        return execution.id

    async def _prepare(
        self, ref: str, given: object, start: Start | None
    ) -> tuple[Execution, StandIns | None]:
        scenario = await self._store.read(find_scenario, ref)
        document = load_document(scenario.content)
        compiled = await self._engine.compile(document)
        samples = await pinned_samples(self._store, scenario.id, document)
        if start is not None:
            return await self._continued(scenario, document, compiled, start, samples)
        execution = self._execution(scenario, _source(compiled, given, samples))
        if not samples:
            return execution, None
        return execution, StandIns(execution_id=execution.id, samples=samples)

    async def _continued(
        self,
        scenario: StoredScenario,
        document: ScenarioDocument,
        compiled: CompiledScenario,
        start: Start,
        samples: Mapping[int, list[Any]],
    ) -> tuple[Execution, StandIns]:
        """An execution that begins at a module, and what it takes over."""
        course = _course(document, start.module)
        if compiled.confidential:
            raise ConflictError(
                "The scenario is confidential: nothing stays of what its modules gave, "
                "so that a run can begin at the first module only."
            )
        source = await self._source(scenario, start.execution)
        await self._check_reached(document, source, start.module)
        kept = {one: given for one, given in samples.items() if one in course.behind}
        execution = self._execution(scenario, source.input)
        if compiled.instant:
            first = compiled.first.id
            kept[first] = await self._history.last_given(source, first)
        return execution, StandIns(
            execution_id=execution.id,
            samples=kept,
            source_id=source.id,
            course=course,
        )

    async def _source(
        self, scenario: StoredScenario, execution: str | None
    ) -> Execution:
        if execution is not None:
            found = (await self._store.read(find_execution, execution)).execution
            if found.scenario_id != scenario.id:
                raise ConflictError("That execution is of another scenario.")
            if found.state in UNDER_WAY:
                raise ConflictError("That execution is still under way.")
            return found
        latest = await self._store.read(
            list_executions, limit=_LOOKED_AT, scenario=scenario.id
        )
        for one in latest:
            if one.execution.state not in UNDER_WAY:
                return one.execution
        raise NotFoundError(
            "No execution of the scenario has ended yet; run it from its beginning "
            "first."
        )

    async def _check_reached(
        self, document: ScenarioDocument, source: Execution, module: int
    ) -> None:
        """Refuses an execution in which no bundle came as far as that."""
        routers = {one.id for one in document.modules() if one.routes}
        before = [one for one in reaches(document)[module].before if one not in routers]
        counts = await self._store.read(count_by_module, source.id)
        ran = {one.module_id for one in counts}
        if before and before[-1] not in ran:
            raise ConflictError(
                f"Module {before[-1]}, which lies before module {module}, did not run "
                "in that execution. Choose another execution, or begin further up."
            )

    def _execution(self, scenario: StoredScenario, given: str | None) -> Execution:
        return Execution(
            id=self._engine.ids.new(),
            origin=Origin.PERSON,
            scenario_id=scenario.id,
            version_id=scenario.version_id,
            delivery_id=None,
            created_at=self._engine.clock.millis(),
            input=given,
        )


_LOOKED_AT = 20
"""How many of the latest executions may be under way, for one to be found."""


def _course(document: ScenarioDocument, module: int) -> Course:
    course = course_from(document, module)
    if course is None:
        raise NotFoundError(f"The scenario has no module {module}.")
    if not course.before:
        raise UsageError(
            f"Module {module} is the first one; run the scenario from its beginning."
        )
    return course


def _source(
    compiled: CompiledScenario, given: object, samples: Mapping[int, list[Any]]
) -> str | None:
    """What an execution begins with, as JSON text."""
    if compiled.instant:
        if given is None and compiled.first.id not in samples:
            raise UsageError(
                f"The scenario {compiled.name!r} begins with a webhook. Give it the "
                "body of a delivery with --input FILE, or send a delivery to its "
                "webhook."
            )
        return None if given is None else encode(given)
    if compiled.inputs or given is not None:
        given = filled_inputs(compiled.inputs, given)
    return None if given is None else encode(given)

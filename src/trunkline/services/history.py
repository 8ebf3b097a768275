"""What an execution did, module by module and operation by operation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from trunkline.engine.bundle import to_bundle
from trunkline.engine.catalog import Catalog
from trunkline.engine.document import load_document
from trunkline.engine.sources import read_source
from trunkline.errors import ModuleError
from trunkline.model.clock import as_text
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.scenario import PlacedModule
from trunkline.model.stand_ins import StandIns
from trunkline.model.states import OperationState, Origin
from trunkline.sdk import Delivery, Kind
from trunkline.store.deliveries import find_delivery
from trunkline.store.executions import find_execution
from trunkline.store.history import (
    count_by_module,
    find_operation,
    last_operation_of,
    list_operations,
    read_bundles,
    read_operations,
)
from trunkline.store.scenarios import find_version
from trunkline.store.stand_ins import find_stand_ins
from trunkline.store.store import Store

_MOST_OPERATIONS = 1000
"""Operations shown of one execution in one piece."""


StoodIn: TypeAlias = Literal["taken over", "pinned"]
"""What stood in for a module, which did not run: another execution, or its pin."""


@dataclass(frozen=True, slots=True)
class ModuleCountView:
    """What one module has done so far: operations by how they ended, and bundles."""

    module_id: int
    states: Mapping[str, int]
    bundles: int
    duration_ms: float
    stood_in: StoodIn | None = None


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One operation as a list shows it."""

    number: int
    module_id: int
    path: str
    state: str
    started_at: str | None
    duration_ms: float
    attempts: int
    bundles: int
    stood_in: StoodIn | None = None


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation: what went in, what came out, how long it took.

    `exchanges` are its last calls, each with `request` and `response`, without secrets;
    they are kept of runs by hand, and where the scenario says so, and told where the
    operation is shown alone. That of an operation that failed is in its error.
    """

    number: int
    module_id: int
    module: str
    label: str
    path: str
    state: str
    started_at: str | None
    duration_ms: float
    attempts: int
    bundles: int
    input: Any
    output: list[Any]
    error: Mapping[str, Any] | None
    warnings: list[str]
    exchanges: list[Mapping[str, Any]]
    stood_in: StoodIn | None = None


class History:
    """The use cases around operations."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog

    async def whole(self, execution: Execution) -> list[OperationView]:
        """The operations of an execution with all their data, a thousand at most."""
        placed = await self._placed(execution)
        operations = await self._store.read(
            read_operations, execution.id, limit=_MOST_OPERATIONS
        )
        kept = await self._store.read(read_bundles, execution.id)
        stand_ins = await self._stand_ins(execution)
        views = [
            await self._operation_view(one, placed[one.module_id], execution, kept)
            for one in operations
        ]
        return [
            replace(view, stood_in=_stood_in(view.number, view.module_id, stand_ins))
            for view in views
        ]

    async def modules(self, execution: Execution) -> list[ModuleCountView]:
        """What each module has done so far."""
        stand_ins = await self._stand_ins(execution)
        counts: dict[int, ModuleCountView] = {}
        for one in await self._store.read(count_by_module, execution.id):
            before = counts.get(one.module_id)
            counts[one.module_id] = ModuleCountView(
                one.module_id,
                _added(before.states if before else {}, one.state, one.operations),
                one.bundles + (before.bundles if before else 0),
                one.duration_us / 1000 + (before.duration_ms if before else 0),
                _stood_in_for(one.module_id, stand_ins),
            )
        return list(counts.values())

    async def last_given(self, execution: Execution, module: int) -> list[Any]:
        """The bundles of a module's last operation that gave any; perhaps none."""
        found = await self._store.read(
            last_operation_of, execution.id, module, OperationState.DONE
        )
        placed = (await self._placed(execution)).get(module)
        if found is None or placed is None:
            return []
        operation, kept = found
        return await self._output(operation, placed, execution, kept)

    async def operations(
        self, id_: str, *, after: int = 0, limit: int = 500, module: int | None = None
    ) -> list[OperationLine]:
        """Operations of an execution in the order in which they ran.

        Raises:
            NotFoundError: there is no such execution.
        """
        execution = (await self._store.read(find_execution, id_)).execution
        stand_ins = await self._stand_ins(execution)
        found = await self._store.read(
            list_operations, id_, after=after, limit=limit, module=module
        )
        return [
            _line(one, _stood_in(one.number, one.module_id, stand_ins)) for one in found
        ]

    async def operation(self, id_: str, number: int) -> OperationView:
        """One operation with what went in and came out.

        Raises:
            NotFoundError: there is none.
        """
        execution = (await self._store.read(find_execution, id_)).execution
        operation, kept = await self._store.read(find_operation, id_, number)
        placed = await self._placed(execution)
        view = await self._operation_view(
            operation, placed[operation.module_id], execution, kept
        )
        stand_ins = await self._stand_ins(execution)
        return replace(view, stood_in=_stood_in(number, view.module_id, stand_ins))

    async def _stand_ins(self, execution: Execution) -> StandIns | None:
        """What stood in for modules, which it does in runs by hand alone."""
        if execution.origin is not Origin.PERSON:
            return None
        return await self._store.read(find_stand_ins, execution.id)

    async def _placed(self, execution: Execution) -> Mapping[int, PlacedModule]:
        content = await self._store.read(find_version, execution.version_id)
        return {one.id: one for one in load_document(content).modules()}

    async def _output(
        self,
        operation: Operation,
        placed: PlacedModule,
        execution: Execution,
        kept: list[KeptBundle],
    ) -> list[Any]:
        if operation.state != "done":
            return []
        if operation.output is not None:
            return [json.loads(operation.output)]
        given = [
            json.loads(bundle.data)
            for bundle in kept
            if (bundle.module_id, bundle.path) == (operation.module_id, operation.path)
        ]
        module = self._catalog.modules.get(placed.module)
        if given or module is None or module.kind is not Kind.INSTANT_TRIGGER:
            return given
        return await self._triggered(placed.module, execution)

    async def _triggered(self, name: str, execution: Execution) -> list[Any]:
        """A trigger's bundles, read again from its delivery: it is pure."""
        module = self._catalog.module(name)
        delivery = await self._delivery(execution)
        if delivery is None:
            return []
        try:
            return [to_bundle(one) async for one in module.run(delivery=delivery)]
        except ModuleError:
            return []

    async def _delivery(self, execution: Execution) -> Delivery | None:
        if execution.delivery_id is None:
            return read_source(None, execution.input)
        _, payload = await self._store.read(find_delivery, execution.delivery_id)
        return read_source(payload, None)

    async def _operation_view(
        self,
        operation: Operation,
        placed: PlacedModule,
        execution: Execution,
        kept: list[KeptBundle],
    ) -> OperationView:
        module = self._catalog.modules.get(placed.module)
        filtered = operation.state == "filtered"
        return OperationView(
            number=operation.number,
            module_id=operation.module_id,
            module=placed.module,
            label=placed.name or (module.label if module else placed.module),
            path=operation.path,
            state=operation.state.value,
            started_at=as_text(operation.started_at),
            duration_ms=operation.duration_us / 1000,
            attempts=operation.attempts,
            bundles=operation.bundles,
            input=json.loads(operation.input) if operation.input else None,
            output=await self._output(operation, placed, execution, kept),
            error=json.loads(operation.error) if operation.error else None,
            warnings=json.loads(operation.output)
            if filtered and operation.output
            else [],
            exchanges=json.loads(operation.exchanges) if operation.exchanges else [],
        )


def _stood_in(number: int, module: int, stand_ins: StandIns | None) -> StoodIn | None:
    """What stood in for one operation; those taken over have the lowest numbers."""
    if stand_ins is None:
        return None
    if number <= stand_ins.operations:
        return "taken over"
    return "pinned" if module in stand_ins.samples else None


def _stood_in_for(module: int, stand_ins: StandIns | None) -> StoodIn | None:
    """What stood in for all operations of a module."""
    if stand_ins is None:
        return None
    if stand_ins.course is not None and module in stand_ins.course.before:
        return "taken over"
    return "pinned" if module in stand_ins.samples else None


def _added(states: Mapping[str, int], state: str, operations: int) -> Mapping[str, int]:
    return {**states, state: states.get(state, 0) + operations}


def _line(operation: Operation, stood_in: StoodIn | None) -> OperationLine:
    return OperationLine(
        number=operation.number,
        module_id=operation.module_id,
        path=operation.path,
        state=operation.state.value,
        started_at=as_text(operation.started_at),
        duration_ms=operation.duration_us / 1000,
        attempts=operation.attempts,
        bundles=operation.bundles,
        stood_in=stood_in,
    )

"""What an execution did, module by module and operation by operation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.engine.bundle import to_bundle
from trunkline.engine.catalog import Catalog
from trunkline.engine.document import load_document
from trunkline.engine.sources import read_source
from trunkline.errors import ModuleError
from trunkline.model.clock import as_text
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.scenario import PlacedModule
from trunkline.sdk import Delivery, Kind
from trunkline.store.deliveries import find_delivery
from trunkline.store.executions import find_execution
from trunkline.store.history import (
    count_by_module,
    find_operation,
    list_operations,
    read_bundles,
    read_operations,
)
from trunkline.store.scenarios import find_version
from trunkline.store.store import Store

_MOST_OPERATIONS = 1000
"""Operations shown of one execution in one piece."""


@dataclass(frozen=True, slots=True)
class ModuleCountView:
    """What one module has done so far: operations by how they ended, and bundles."""

    module_id: int
    states: Mapping[str, int]
    bundles: int
    duration_ms: float


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
        return [
            await self._operation_view(one, placed[one.module_id], execution, kept)
            for one in operations
        ]

    async def modules(self, execution: Execution) -> list[ModuleCountView]:
        """What each module has done so far."""
        counts: dict[int, ModuleCountView] = {}
        for one in await self._store.read(count_by_module, execution.id):
            before = counts.get(one.module_id)
            counts[one.module_id] = ModuleCountView(
                one.module_id,
                _added(before.states if before else {}, one.state, one.operations),
                one.bundles + (before.bundles if before else 0),
                one.duration_us / 1000 + (before.duration_ms if before else 0),
            )
        return list(counts.values())

    async def operations(
        self, id_: str, *, after: int = 0, limit: int = 500, module: int | None = None
    ) -> list[OperationLine]:
        """Operations of an execution in the order in which they ran.

        Raises:
            NotFoundError: there is no such execution.
        """
        await self._store.read(find_execution, id_)
        found = await self._store.read(
            list_operations, id_, after=after, limit=limit, module=module
        )
        return [_line(one) for one in found]

    async def operation(self, id_: str, number: int) -> OperationView:
        """One operation with what went in and came out.

        Raises:
            NotFoundError: there is none.
        """
        execution = (await self._store.read(find_execution, id_)).execution
        operation, kept = await self._store.read(find_operation, id_, number)
        placed = await self._placed(execution)
        return await self._operation_view(
            operation, placed[operation.module_id], execution, kept
        )

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
        module = self._catalog.modules.get(placed.module)
        if module is not None and module.kind is Kind.INSTANT_TRIGGER:
            return await self._triggered(placed.module, execution)
        return [
            json.loads(bundle.data)
            for bundle in kept
            if (bundle.module_id, bundle.path) == (operation.module_id, operation.path)
        ]

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


def _added(states: Mapping[str, int], state: str, operations: int) -> Mapping[str, int]:
    return {**states, state: states.get(state, 0) + operations}


def _line(operation: Operation) -> OperationLine:
    return OperationLine(
        number=operation.number,
        module_id=operation.module_id,
        path=operation.path,
        state=operation.state.value,
        started_at=as_text(operation.started_at),
        duration_ms=operation.duration_us / 1000,
        attempts=operation.attempts,
        bundles=operation.bundles,
    )

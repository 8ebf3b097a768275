"""Executions: what ran, with what, and how it ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.engine.bundle import to_bundle
from trunkline.engine.document import load_document
from trunkline.engine.engine import Engine
from trunkline.engine.worker import read_source
from trunkline.errors import ModuleError
from trunkline.model.clock import as_text
from trunkline.model.execution import Execution, KeptBundle, Operation
from trunkline.model.scenario import PlacedModule
from trunkline.sdk import Delivery, Kind
from trunkline.store.deliveries import find_delivery
from trunkline.store.executions import (
    ListedExecution,
    find_execution,
    list_executions,
    read_bundles,
    read_operations,
)
from trunkline.store.scenarios import find_version
from trunkline.store.store import Store

_MOST_OPERATIONS = 1000
"""Operations shown of one execution."""


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation: what went in, what came out, how long it took."""

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


@dataclass(frozen=True, slots=True)
class ExecutionView:
    """One execution; `history` only where one is shown alone."""

    id: str
    scenario: str
    state: str
    delivery: str | None
    created_at: str | None
    started_at: str | None
    ended_at: str | None
    attempts: int
    operations: int
    error: Mapping[str, Any] | None
    history: list[OperationView] | None = None


class Executions:
    """The use cases around executions."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    async def latest(
        self,
        *,
        limit: int = 50,
        before: str | None = None,
        scenario: str | None = None,
        state: str | None = None,
    ) -> list[ExecutionView]:
        """The latest executions, newest first."""
        found = await self._store.read(
            list_executions, limit=limit, before=before, scenario=scenario, state=state
        )
        return [_view(one) for one in found]

    async def show(self, id_: str) -> ExecutionView:
        """One execution with its history.

        Raises:
            NotFoundError: there is none.
        """
        found = await self._store.read(find_execution, id_)
        return _view(found, await self._history(found.execution))

    async def _history(self, execution: Execution) -> list[OperationView]:
        content = await self._store.read(find_version, execution.version_id)
        placed = {one.id: one for one in load_document(content).modules()}
        operations = await self._store.read(
            read_operations, execution.id, limit=_MOST_OPERATIONS
        )
        kept = await self._store.read(read_bundles, execution.id)
        return [
            self._operation_view(
                one,
                placed[one.module_id],
                await self._output(one, placed[one.module_id], execution, kept),
            )
            for one in operations
        ]

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
        module = self._engine.catalog.modules.get(placed.module)
        if module is not None and module.kind is Kind.INSTANT_TRIGGER:
            return await self._triggered(placed.module, execution)
        return [
            json.loads(bundle.data)
            for bundle in kept
            if (bundle.module_id, bundle.path) == (operation.module_id, operation.path)
        ]

    async def _triggered(self, name: str, execution: Execution) -> list[Any]:
        """A trigger's bundles, read again from its delivery: it is pure."""
        module = self._engine.catalog.module(name)
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

    def _operation_view(
        self, operation: Operation, placed: PlacedModule, output: list[Any]
    ) -> OperationView:
        module = self._engine.catalog.modules.get(placed.module)
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
            output=output,
            error=json.loads(operation.error) if operation.error else None,
            warnings=json.loads(operation.output)
            if filtered and operation.output
            else [],
        )


def _view(
    listed: ListedExecution, history: list[OperationView] | None = None
) -> ExecutionView:
    execution = listed.execution
    return ExecutionView(
        id=execution.id,
        scenario=listed.scenario,
        state=execution.state.value,
        delivery=execution.delivery_id,
        created_at=as_text(execution.created_at),
        started_at=as_text(execution.started_at),
        ended_at=as_text(execution.ended_at),
        attempts=execution.attempts,
        operations=execution.operations,
        error=json.loads(execution.error) if execution.error else None,
        history=history,
    )

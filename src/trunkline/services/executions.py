"""Executions: what ran, and how it ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.engine.engine import Engine
from trunkline.errors import ConflictError
from trunkline.model.clock import as_text
from trunkline.model.execution import Execution
from trunkline.model.states import Origin
from trunkline.services.hand_runs import Start
from trunkline.services.history import History, ModuleCountView, OperationView
from trunkline.services.incomplete import Incomplete, StopView
from trunkline.store.executions import (
    ListedExecution,
    find_execution,
    list_executions,
)
from trunkline.store.scenarios import find_scenario, number_of_version
from trunkline.store.stand_ins import find_stand_ins
from trunkline.store.store import Store


@dataclass(frozen=True, slots=True)
class ExecutionView:
    """One execution, and what began it.

    `retry_at` is when an incomplete one goes on by itself. What comes behind it is
    told only where it is shown alone: `stops` are where it stopped, `version` is the
    number of the scenario's version that it runs on, `start` the module at which it
    began, and the execution from which it took over what lies before.
    """

    id: str
    scenario: str
    scenario_id: str
    state: str
    origin: str
    delivery: str | None
    created_at: str | None
    started_at: str | None
    ended_at: str | None
    attempts: int
    operations: int
    error: Mapping[str, Any] | None
    retry_at: str | None = None
    stops: list[StopView] | None = None
    version: int | None = None
    start: Start | None = None
    modules: list[ModuleCountView] | None = None
    history: list[OperationView] | None = None


class Executions:
    """The use cases around executions."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self.history = History(store, engine.catalog)
        self.incomplete = Incomplete(store, engine)

    async def latest(
        self,
        *,
        limit: int = 50,
        before: str | None = None,
        scenario: str | None = None,
        state: str | None = None,
        text: str | None = None,
    ) -> list[ExecutionView]:
        """The latest executions, newest first; see `store.list_executions`."""
        found = await self._store.read(
            list_executions,
            limit=limit,
            before=before,
            scenario=scenario,
            state=state,
            text=text,
        )
        return [_view(one) for one in found]

    async def show(self, id_: str, *, history: bool = True) -> ExecutionView:
        """One execution, with its history where that is asked for.

        Its parts are of one moment: what changed while they were read is read again.

        Raises:
            NotFoundError: there is none.
        """
        found = await self._store.read(find_execution, id_)
        while True:
            shown = await self._shown(found, history=history)
            before, found = found, await self._store.read(find_execution, id_)
            if found == before:
                return shown

    async def _shown(self, found: ListedExecution, *, history: bool) -> ExecutionView:
        return _view(
            found,
            version=await self._store.read(
                number_of_version, found.execution.version_id
            ),
            start=await self._start(found.execution),
            stops=await self.incomplete.stops(found.execution),
            modules=await self.history.modules(found.execution),
            history=await self.history.whole(found.execution) if history else None,
        )

    async def _start(self, execution: Execution) -> Start | None:
        if execution.origin is not Origin.PERSON:
            return None
        found = await self._store.read(find_stand_ins, execution.id)
        if found is None or found.course is None:
            return None
        return Start(module=found.course.module, execution=found.source_id)

    async def rerun(self, id_: str) -> str:
        """Runs the scenario's current version anew, on the same input.

        Returns:
            The id of the new execution.

        Raises:
            NotFoundError: there is no such execution.
            ConflictError: it has not ended yet.
        """
        found = (await self._store.read(find_execution, id_)).execution
        scenario = await self._store.read(find_scenario, found.scenario_id)
        return await self._engine.orders.run_again(found, scenario.version_id)

    async def cancel(self, id_: str) -> ExecutionView:
        """Stops an execution; the operation under way may have had its effect.

        Raises:
            NotFoundError: there is none.
            ConflictError: it has ended.
        """
        await self._store.read(find_execution, id_)
        if not await self._engine.orders.call_off(id_):
            raise ConflictError("The execution has ended already.")
        return await self.show(id_, history=False)


def _view(
    listed: ListedExecution,
    *,
    version: int | None = None,
    start: Start | None = None,
    stops: list[StopView] | None = None,
    modules: list[ModuleCountView] | None = None,
    history: list[OperationView] | None = None,
) -> ExecutionView:
    execution = listed.execution
    return ExecutionView(
        id=execution.id,
        scenario=listed.scenario,
        scenario_id=execution.scenario_id,
        state=execution.state.value,
        origin=execution.origin.value,
        delivery=execution.delivery_id,
        created_at=as_text(execution.created_at),
        started_at=as_text(execution.started_at),
        ended_at=as_text(execution.ended_at),
        attempts=execution.attempts,
        operations=execution.operations,
        error=json.loads(execution.error) if execution.error else None,
        retry_at=as_text(listed.retry_at),
        stops=stops,
        version=version,
        start=start,
        modules=modules,
        history=history,
    )

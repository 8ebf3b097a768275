"""Incomplete executions: where they stopped, and how they go on or are given up."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from trunkline.engine.bundle import encode_fields, read_fields
from trunkline.engine.document import load_document
from trunkline.engine.engine import Engine
from trunkline.errors import ConflictError, TrunklineError
from trunkline.model.clock import as_text
from trunkline.model.execution import Execution
from trunkline.model.scenario import PlacedModule
from trunkline.model.states import ExecutionState
from trunkline.store.executions import find_execution, list_executions
from trunkline.store.history import count_by_module
from trunkline.store.scenarios import find_scenario, find_version
from trunkline.store.stops import read_stops
from trunkline.store.store import Store

_AT_ONCE = 1000
"""Executions that are looked through in one piece of a bulk."""


@dataclass(frozen=True, slots=True)
class StopView:
    """Where an execution stopped. `retry_at` is when it goes on by itself, if it does.

    `tries` says how often it was tried again, `edited` what a person wants to be given
    to the module instead.
    """

    module_id: int
    module: str
    label: str
    path: str
    stopped_at: str | None
    error: Mapping[str, Any]
    tries: int
    retry_at: str | None
    edited: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a module is to be given instead of what its mapping gives."""

    module_id: int
    path: str = ""
    input: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """How an execution goes on.

    From where it failed nothing that is done is done again; from the start a new
    execution does all anew. It goes on with the version it began with, or with the
    scenario's current one.
    """

    start: Literal["failed", "start"] = "failed"
    version: Literal["original", "current"] = "original"
    edits: list[Edit] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An execution that could not go on, and why."""

    execution: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What became of many."""

    done: int
    refused: list[Refusal]


class Incomplete:
    """The use cases around incomplete executions."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    async def stops(self, execution: Execution) -> list[StopView]:
        """Where an execution stopped."""
        found = await self._store.read(read_stops, execution.id)
        if not found:
            return []
        placed = await self._placed(execution.version_id)
        return [
            StopView(
                module_id=one.module_id,
                module=placed[one.module_id].module,
                label=self._label(placed[one.module_id]),
                path=one.path,
                stopped_at=as_text(one.stopped_at),
                error=json.loads(one.error),
                tries=one.tries,
                retry_at=as_text(one.retry_at),
                edited=json.loads(one.edited) if one.edited else None,
            )
            for one in found
        ]

    async def resume(self, id_: str, how: Resumption) -> str:
        """Lets an incomplete or failed execution go on.

        Returns:
            The id of the execution that goes on, which is a new one from the start.

        Raises:
            NotFoundError: there is no such execution, or an edit is of no stop.
            ConflictError: it is under way or done, the versions do not fit, or nothing
                was kept of it.
            BundleValidationError: an edit does not fit its module.
        """
        execution = (await self._store.read(find_execution, id_)).execution
        version_id = execution.version_id
        if how.version == "current":
            scenario = await self._store.read(find_scenario, execution.scenario_id)
            version_id = scenario.version_id
        if how.start == "start":
            return await self._engine.orders.run_again(
                execution, version_id, in_its_place=True
            )
        await self._check_kept(execution)
        await self._check_versions(execution, version_id)
        placed = await self._placed(version_id)
        edits = [
            (one.module_id, one.path, self._edited(one, placed)) for one in how.edits
        ]
        await self._engine.orders.resume(id_, version_id=version_id, edits=edits)
        return id_

    async def discard(self, id_: str) -> None:
        """Gives an incomplete execution up.

        Raises:
            NotFoundError: there is no such execution.
            ConflictError: it is not incomplete.
        """
        await self._store.read(find_execution, id_)
        await self._engine.orders.discard(id_)

    async def resume_many(self, ids: Iterable[str], how: Resumption) -> Bulk:
        """Lets many go on; one that cannot does not hold up the others."""
        return await _each(ids, lambda id_: self.resume(id_, how))

    async def discard_many(self, ids: Iterable[str]) -> Bulk:
        """Gives many up."""
        return await _each(ids, self.discard)

    async def all_of(self, scenario: str | None) -> list[str]:
        """The ids of all that are incomplete, oldest first, perhaps of one scenario."""
        found: list[str] = []
        while True:
            part = await self._store.read(
                list_executions,
                limit=_AT_ONCE,
                before=found[-1] if found else None,
                scenario=scenario,
                state=ExecutionState.INCOMPLETE,
            )
            found += [one.execution.id for one in part]
            if len(part) < _AT_ONCE:
                return found[::-1]

    async def _check_kept(self, execution: Execution) -> None:
        """A failed execution of a confidential scenario has nothing to go on with."""
        content = await self._store.read(find_version, execution.version_id)
        is_confidential = load_document(content).settings.confidential
        if is_confidential and execution.state is ExecutionState.FAILED:
            raise ConflictError(
                "The scenario is confidential, so that nothing was kept of what the "
                "execution was given. It cannot go on."
            )

    async def _check_versions(self, execution: Execution, version_id: str) -> None:
        """What was done has to mean the same in the version that it goes on with."""
        if version_id == execution.version_id:
            return
        before = await self._placed(execution.version_id)
        after = await self._placed(version_id)
        for done in await self._store.read(count_by_module, execution.id):
            there = after.get(done.module_id)
            if there is None or there.module != before[done.module_id].module:
                raise ConflictError(
                    f"Module {done.module_id} was done, and is another one in the "
                    "current version. Resume with the original version, or from the "
                    "start."
                )

    def _edited(self, edit: Edit, placed: Mapping[int, PlacedModule]) -> str:
        if edit.module_id not in placed:
            raise ConflictError(f"The scenario has no module {edit.module_id}.")
        module = self._engine.catalog.module(placed[edit.module_id].module)
        return encode_fields(read_fields(module, edit.input))

    def _label(self, placed: PlacedModule) -> str:
        module = self._engine.catalog.modules.get(placed.module)
        return placed.name or (module.label if module else placed.module)

    async def _placed(self, version_id: str) -> Mapping[int, PlacedModule]:
        content = await self._store.read(find_version, version_id)
        return {one.id: one for one in load_document(content).modules()}


async def _each(ids: Iterable[str], act: Callable[[str], Awaitable[object]]) -> Bulk:
    done, refused = 0, []
    for id_ in ids:
        try:
            await act(id_)
            done += 1
        except TrunklineError as error:
            refused.append(Refusal(execution=id_, reason=str(error)))
    return Bulk(done=done, refused=refused)

"""Pins: bundles that stand in for what a module gives, in runs by hand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trunkline.engine.bundle import encode
from trunkline.engine.document import load_document
from trunkline.engine.engine import Engine
from trunkline.errors import ConflictError, NotFoundError, UsageError
from trunkline.model.clock import as_text
from trunkline.model.scenario import ScenarioDocument, StoredScenario
from trunkline.model.stand_ins import Pin
from trunkline.sdk import TRIGGERS, Kind, Module
from trunkline.services.history import History
from trunkline.store.executions import find_execution
from trunkline.store.pins import list_pins, remove_pin, save_pin
from trunkline.store.scenarios import find_scenario
from trunkline.store.store import Store

_MOST_BUNDLES = 100
_MOST_BYTES = 5_000_000
_NEVER = frozenset(
    {Kind.ROUTER, Kind.IF_ELSE, Kind.DIRECTIVE, Kind.RESPONDER, Kind.RETURNER}
)
"""Kinds that give no bundles of their own, or are run for what they do."""

_SEVERAL = frozenset({Kind.SEARCH, Kind.ITERATOR, Kind.AGGREGATOR, *TRIGGERS})


@dataclass(frozen=True, slots=True)
class PinView:
    """A pinned module, and the bundles that it gives in runs by hand."""

    module: int
    bundles: list[Any]
    pinned_at: str | None


class Pins:
    """The use cases around pins."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._history = History(store, engine.catalog)

    async def all(self, ref: str) -> list[PinView]:
        """The pins of a scenario.

        Raises:
            NotFoundError: there is no such scenario.
        """
        scenario = await self._store.read(find_scenario, ref)
        return [_view(one) for one in await self._store.read(list_pins, scenario.id)]

    async def pin(self, ref: str, module: int, bundles: Sequence[Any]) -> PinView:
        """Pins bundles to a module, in place of those it had.

        Raises:
            NotFoundError: there is no such scenario, or no such module in it.
            UsageError: the module cannot give these bundles.
        """
        scenario = await self._store.read(find_scenario, ref)
        _check(self._module(scenario, module), bundles)
        text = encode([*bundles])
        if len(text) > _MOST_BYTES:
            raise UsageError("The bundles are larger than 5 MB; pin fewer of them.")
        pin = Pin(
            scenario_id=scenario.id,
            module_id=module,
            bundles=text,
            pinned_at=self._engine.clock.millis(),
        )
        await self._store.write(save_pin, pin)
        self._engine.news.tell("scenarios")
        return _view(pin)

    async def pin_from(self, ref: str, module: int, execution_id: str) -> PinView:
        """Pins what a module gave in an execution: of its last operation that gave any.

        Raises:
            NotFoundError: there is no such scenario, module or execution.
            ConflictError: the module gave nothing there, or the execution is of
                another scenario.
        """
        scenario = await self._store.read(find_scenario, ref)
        execution = (await self._store.read(find_execution, execution_id)).execution
        if execution.scenario_id != scenario.id:
            raise ConflictError("That execution is of another scenario.")
        given = await self._history.last_given(execution, module)
        if not given:
            raise ConflictError(
                f"Module {module} gave no bundle in that execution; choose another "
                "one, or write the bundles yourself."
            )
        return await self.pin(ref, module, given[:_MOST_BUNDLES])

    async def unpin(self, ref: str, module: int) -> None:
        """Lets a module run again.

        Raises:
            NotFoundError: there is no such scenario, or the module is not pinned.
        """
        scenario = await self._store.read(find_scenario, ref)
        if not await self._store.write(remove_pin, scenario.id, module):
            raise NotFoundError(f"Module {module} is not pinned.")
        self._engine.news.tell("scenarios")

    def _module(self, scenario: StoredScenario, module: int) -> Module:
        for placed in load_document(scenario.content).modules():
            if placed.id == module:
                return self._engine.catalog.module(placed.module)
        raise NotFoundError(
            f"The scenario {scenario.name!r} has no module {module}; save it first, if "
            "the module is new."
        )


async def pinned_samples(
    store: Store, scenario_id: str, document: ScenarioDocument
) -> dict[int, list[Any]]:
    """The pinned bundles of the modules that a scenario has, by their numbers."""
    placed = {one.id for one in document.modules()}
    pins = await store.read(list_pins, scenario_id)
    return {
        one.module_id: json.loads(one.bundles)
        for one in pins
        if one.module_id in placed
    }


def _check(module: Module, bundles: Sequence[Any]) -> None:
    if module.kind in _NEVER:
        raise UsageError(f"{module.label} gives no bundles that could be pinned.")
    if len(bundles) > _MOST_BUNDLES:
        raise UsageError(f"At most {_MOST_BUNDLES} bundles can be pinned.")
    if len(bundles) != 1 and module.kind not in _SEVERAL:
        raise UsageError(f"{module.label} gives one bundle always; pin one.")


def _view(pin: Pin) -> PinView:
    return PinView(pin.module_id, json.loads(pin.bundles), as_text(pin.pinned_at))

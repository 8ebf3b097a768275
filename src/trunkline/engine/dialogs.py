"""What a dialog asks for while it is filled in: choices, and further fields."""

import inspect
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from trunkline.engine.bundle import decode, encode
from trunkline.engine.catalog import Catalog
from trunkline.engine.channels import Channels
from trunkline.engine.document import load_document
from trunkline.engine.failures import as_module_error
from trunkline.errors import ModuleError, NotFoundError, TemplateError, UsageError
from trunkline.mapping import IGNORE, compile_template
from trunkline.model.scenario import PlacedModule, ScenarioDocument, ScenarioField
from trunkline.sdk import Api, FurtherField, Kind, Module, Option, Records
from trunkline.store.scenarios import find_scenario, list_scenarios
from trunkline.store.store import Store

Declared = Mapping[int, Mapping[str, Sequence[FurtherField]]]
"""The fields that are declared for collections, by the module's number and by name."""

Returned = Mapping[int, Sequence[ScenarioField]]
"""What called scenarios return, by the number of the module that calls."""


class StoredScenarios:
    """The `Scenarios` of the SDK over the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def names(self) -> Sequence[str]:
        return [
            one.name
            for one in await self._store.read(list_scenarios)
            if one.active and load_document(one.content).planned().type == "on-demand"
        ]

    async def inputs(self, name: str) -> Sequence[FurtherField]:
        document = await self._find(name)
        return [] if document is None else further(document.inputs)

    async def outputs(self, name: str) -> Sequence[ScenarioField]:
        """What a scenario declares to return; nothing where there is none."""
        document = await self._find(name)
        return [] if document is None else document.outputs

    async def _find(self, name: str) -> ScenarioDocument | None:
        try:
            found = await self._store.read(find_scenario, str(name))
        except NotFoundError:
            return None
        return load_document(found.content)


def further(fields: Sequence[ScenarioField]) -> list[FurtherField]:
    """Inputs or outputs of a scenario as fields of a dialog."""
    return [
        FurtherField(
            name=one.name,
            title=one.label,
            help=one.help,
            type=one.type,
            mandatory=one.required and one.default is None,
            default=one.default,
        )
        for one in fields
    ]


class Dialogs:
    """Asks apps for what their dialogs offer."""

    def __init__(
        self,
        catalog: Catalog,
        channels: Channels,
        store: Store,
        records: Callable[[], Records],
    ) -> None:
        """`records` gives a way to the data stores, one for each question."""
        self._catalog = catalog
        self._channels = channels
        self._records = records
        self._scenarios = StoredScenarios(store)

    async def options(
        self, module: Module, field: str, connection: str | None
    ) -> list[Option]:
        """The choices of a dropdown.

        Raises:
            UsageError: it needs a connection.
            ModuleError: the service did not answer.
        """
        source = module.dropdowns[field]
        return [one async for one in self._ask(source, module, connection, {})]

    async def fields(
        self,
        module: Module,
        field: str,
        connection: str | None,
        filled: Mapping[str, Any],
    ) -> list[FurtherField]:
        """The further fields of a collection; none before it can be told which.

        `filled` are the fields as they are mapped.

        Raises:
            UsageError: it needs a connection.
            ModuleError: the service did not answer.
        """
        asked = module.further[field]
        given = _constants(filled, asked.on)
        if given is None:
            return []
        found = self._ask(asked.source, module, connection, given)
        return [one async for one in found]

    async def declared(self, document: ScenarioDocument) -> Declared:
        """What can be told of a scenario's collections without asking a service."""
        told: dict[int, Mapping[str, Sequence[FurtherField]]] = {}
        for placed in document.modules():
            module = self._catalog.modules.get(placed.module)
            if module is None:
                continue
            if module.kind is Kind.RETURNER:
                told[placed.id] = {"data": further(document.outputs)}
            elif module.further:
                told[placed.id] = await self._told(placed, module)
        return told

    async def returned(self, document: ScenarioDocument) -> Returned:
        """What the scenarios that are called in a scenario declare to return."""
        returned: dict[int, Sequence[ScenarioField]] = {}
        for placed in document.modules():
            module = self._catalog.modules.get(placed.module)
            if module is not None and module.kind is Kind.CALLER:
                called = _constants(placed.map, ["scenario"]) or {"scenario": ""}
                returned[placed.id] = await self._scenarios.outputs(called["scenario"])
        return returned

    async def _told(
        self, placed: PlacedModule, module: Module
    ) -> Mapping[str, Sequence[FurtherField]]:
        told: dict[str, Sequence[FurtherField]] = {}
        for name, asked in module.further.items():
            if "api" in inspect.signature(asked.source).parameters:
                continue
            # What its source misses is told where that is looked for.
            with suppress(ModuleError):
                told[name] = await self.fields(module, name, None, placed.map)
        return told

    async def _ask(
        self,
        source: Callable[..., AsyncIterator[Any]],
        module: Module,
        connection: str | None,
        fields: Mapping[str, Any],
    ) -> AsyncIterator[Any]:
        takes = inspect.signature(source).parameters
        arguments: dict[str, Any] = {}
        if "fields" in takes:
            arguments["fields"] = fields
        if "records" in takes:
            arguments["records"] = self._records()
        if "scenarios" in takes:
            arguments["scenarios"] = self._scenarios
        if not takes.keys() - {"fields", "records", "scenarios"}:
            answers = source(**arguments)
        else:
            answers = source(await self._api(module, connection), **arguments)
        try:
            async for one in answers:
                yield one
        except ModuleError:
            raise
        except Exception as error:
            raise as_module_error(module, error) from error

    async def _api(self, module: Module, connection: str | None) -> Api:
        if module.needs_connection and connection is None:
            raise UsageError("Choose a connection first; the service is asked by it.")
        app = self._catalog.app(module.app)
        return Api(await self._channels.channel(app, connection))


def _constants(
    filled: Mapping[str, Any], names: Sequence[str]
) -> dict[str, Any] | None:
    """The named fields, if each is filled in with what no bundle changes."""
    given: dict[str, Any] = {}
    for name in names:
        try:
            template = compile_template(filled.get(name))
        except TemplateError:
            return None
        if not template.is_constant or template.value in (None, "", IGNORE):
            return None
        given[name] = decode(encode(template.value))
    return given

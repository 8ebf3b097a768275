"""What is installed, described for people and programs."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from trunkline.engine.bundle import encode, read_fields, to_bundle
from trunkline.engine.catalog import Catalog
from trunkline.engine.channels import Channels
from trunkline.engine.dialogs import Dialogs
from trunkline.engine.failures import as_module_error
from trunkline.errors import NotFoundError, UsageError
from trunkline.sdk import (
    MARKERS,
    Api,
    App,
    Further,
    FurtherField,
    Kind,
    Module,
    PassingCounters,
    Records,
    Variables,
)


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a dialog; what its `schema` refers to is in the schema's `$defs`.

    A collection with `depends_on` has further fields, which can be asked for once the
    fields of these names are filled in.
    """

    name: str
    label: str
    mandatory: bool
    help: str
    schema: Mapping[str, Any]
    options: str | None = None
    depends_on: list[str] | None = None


@dataclass(frozen=True, slots=True)
class ModuleView:
    """One module as its dialog and its reference page show it.

    With `any_field` it takes fields of any name besides those in `fields`.
    """

    name: str
    label: str
    kind: str
    description: str
    needs_connection: bool
    fields: list[FieldView]
    any_field: bool
    output: Mapping[str, Any]
    sample: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AppView:
    """One app with its connection's fields and its modules."""

    key: str
    title: str
    description: str
    connection_help: str
    connection_fields: list[FieldView]
    modules: list[ModuleView]


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice of a dropdown."""

    value: str
    label: str


class Apps:
    """The use cases around installed apps."""

    def __init__(
        self,
        catalog: Catalog,
        channels: Channels,
        records: Callable[[], Records],
        dialogs: Dialogs,
    ) -> None:
        """`records` gives a way to the data stores, one for each run."""
        self._catalog = catalog
        self._channels = channels
        self._records = records
        self._dialogs = dialogs

    def all(self) -> list[AppView]:
        return [_view(app) for app in self._catalog.apps.values()]

    def show(self, key: str) -> AppView:
        """One app.

        Raises:
            NotFoundError: it is not installed.
        """
        return _view(self._catalog.app(key))

    async def run_module(
        self, name: str, connection: str | None, values: Mapping[str, Any]
    ) -> AsyncIterator[str]:
        """Runs one module by itself and yields its bundles as JSON texts.

        Raises:
            NotFoundError: no such module.
            InvalidConfigurationError: no such connection, or one of another app.
            UsageError: it is a trigger or a router, which run in scenarios only, or
                it needs a connection.
            ModuleError: it failed.
        """
        module = self._catalog.module(name)
        api = await self._api(module, connection)
        fields = read_fields(module, values)
        arguments = {
            "api": api,
            "fields": fields,
            "records": self._records(),
            "counters": PassingCounters(),
            "variables": Variables(),
        }
        result = module.run(**{name: arguments[name] for name in module.takes})
        try:
            if module.many:
                async for one in result:
                    yield encode(to_bundle(one))
            else:
                yield encode(to_bundle(await result))
        except Exception as error:
            raise as_module_error(module, error) from error

    async def options(
        self, name: str, field: str, connection: str | None
    ) -> list[OptionView]:
        """The choices of a field, asked of the service.

        Raises:
            NotFoundError: the module has no such dropdown.
            UsageError: it needs a connection.
            ModuleError: the service did not answer.
        """
        module = self._catalog.module(name)
        if field not in module.dropdowns:
            raise NotFoundError(f"{name} has no dropdown {field!r}.")
        found = await self._dialogs.options(module, field, connection)
        return [OptionView(one.value, one.label) for one in found]

    async def further_fields(
        self, name: str, field: str, connection: str | None, filled: Mapping[str, Any]
    ) -> list[FieldView]:
        """The further fields of a collection, by what is filled in before.

        Raises:
            NotFoundError: the module has no such collection.
            UsageError: it needs a connection.
            ModuleError: the service did not answer.
        """
        module = self._catalog.module(name)
        if field not in module.further:
            raise NotFoundError(f"{name} has no further fields in {field!r}.")
        found = await self._dialogs.fields(module, field, connection, filled)
        return [_further(one) for one in found]

    async def _api(self, module: Module, connection: str | None) -> Api:
        if module.kind in _IN_SCENARIOS_ONLY:
            raise UsageError(f"{module.name} runs in a scenario only.")
        if module.needs_connection and connection is None:
            raise UsageError(
                f"{module.name} needs a connection: --connection NAME. "
                "`trunkline connection list` shows those there are."
            )
        app = self._catalog.app(module.app)
        return Api(await self._channels.channel(app, connection))


_REF = '"$ref"'

_IN_SCENARIOS_ONLY = MARKERS | {
    Kind.INSTANT_TRIGGER,
    Kind.TRIGGER,
    Kind.AGGREGATOR,
    Kind.DIRECTIVE,
    Kind.PAUSER,
    Kind.RESPONDER,
    Kind.RETURNER,
}


def _view(app: App) -> AppView:
    connection = app.connection_class
    return AppView(
        key=app.key,
        title=app.title,
        description=app.description,
        connection_help=(connection.__doc__ or "") if connection else "",
        connection_fields=_fields(connection) if connection else [],
        modules=[_module(module) for module in app.modules.values()],
    )


def _module(module: Module) -> ModuleView:
    return ModuleView(
        name=module.name,
        label=module.label,
        kind=module.kind.value,
        description=module.description,
        needs_connection=module.needs_connection,
        fields=_fields(module.input, set(module.dropdowns), module.further),
        any_field=module.input.model_config.get("extra") == "allow",
        output=module.output.model_json_schema(mode="serialization"),
        sample=module.sample,
    )


def _further(field: FurtherField) -> FieldView:
    """A further field, with a schema as one that is declared has it."""
    schema: dict[str, Any] = dict(_SCHEMAS[field.type])
    if field.options:
        labels = {one.value: one.label for one in field.options}
        schema |= {"enum": [*labels], "labels": labels}
    if field.default is not None:
        schema["default"] = field.default
    return FieldView(
        name=field.name,
        label=field.title or field.name,
        mandatory=field.mandatory,
        help=field.help,
        schema=schema,
    )


_SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "any": {},
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date-time"},
    "array": {"type": "array"},
    "collection": {"type": "object"},
}


def _fields(
    form: type[BaseModel],
    dropdowns: Collection[str] = (),
    further: Mapping[str, Further] = MappingProxyType({}),
) -> list[FieldView]:
    whole = form.model_json_schema() if form.model_fields else {}
    schemas = whole.get("properties", {})
    parts = {"$defs": whole["$defs"]} if "$defs" in whole else {}
    return [
        FieldView(
            name=name,
            label=field.title or name,
            mandatory=field.is_required(),
            help=field.description or "",
            schema=schemas[name] | (parts if _REF in encode(schemas[name]) else {}),
            options=name if name in dropdowns else None,
            depends_on=[*further[name].on] if name in further else None,
        )
        for name, field in form.model_fields.items()
    ]

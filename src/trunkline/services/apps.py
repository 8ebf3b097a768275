"""What is installed, described for people and programs."""

import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.engine.bundle import encode, read_fields, to_bundle
from trunkline.engine.catalog import Catalog
from trunkline.engine.channels import Channels
from trunkline.engine.failures import as_module_error
from trunkline.errors import NotFoundError, UsageError
from trunkline.sdk import MARKERS, Api, App, Kind, Module, Records, Variables


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a dialog; what its `schema` refers to is in the schema's `$defs`."""

    name: str
    label: str
    mandatory: bool
    help: str
    schema: Mapping[str, Any]
    options: str | None = None


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
        self, catalog: Catalog, channels: Channels, records: Callable[[], Records]
    ) -> None:
        """`records` gives a way to the data stores, one for each run."""
        self._catalog = catalog
        self._channels = channels
        self._records = records

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
            ModuleError: the service did not answer.
        """
        module = self._catalog.module(name)
        if field not in module.dropdowns:
            raise NotFoundError(f"{name} has no dropdown {field!r}.")
        source = module.dropdowns[field]
        if "records" in inspect.signature(source).parameters:
            options = source(self._records())
        else:
            options = source(await self._api(module, connection))
        return [OptionView(one.value, one.label) async for one in options]

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
        fields=_fields(module.input, set(module.dropdowns)),
        any_field=module.input.model_config.get("extra") == "allow",
        output=module.output.model_json_schema(mode="serialization"),
        sample=module.sample,
    )


def _fields(form: Any, dropdowns: set[str] = frozenset()) -> list[FieldView]:  # type: ignore[assignment]  # noqa: ANN401 - any pydantic class
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
        )
        for name, field in form.model_fields.items()
    ]

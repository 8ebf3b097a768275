"""What people fill in, and what they map later."""

import inspect
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError
from pydantic.fields import FieldInfo

from trunkline.sdk.app import App
from trunkline.sdk.webhook import explain


def schemas_render(app: App) -> Iterator[str]:
    """Every form and every output can be written as JSON Schema."""
    for where, model in _models(app):
        try:
            model.model_json_schema()
        except PydanticUserError as error:
            yield f"{where}: no JSON Schema can be made of it: {error.message}"


def mandatory_fields_have_titles(app: App) -> Iterator[str]:
    """What has to be filled in has a label."""
    for where, model in _forms(app):
        for name, field in model.model_fields.items():
            if field.is_required() and not field.title:
                yield f"{where}.{name}: the field is mandatory and has no title"


def defaults_and_examples_fit(app: App) -> Iterator[str]:
    """Every default, example and sample is a value that its field accepts."""
    for where, model in _models(app):
        for name, field in model.model_fields.items():
            for value in _shown(field):
                if fault := _fault(_annotated(field), value):
                    yield f"{where}.{name}: {value!r} does not fit: {fault}"
    for module in app.modules.values():
        if module.sample is None or module.webhook is not None:
            continue
        if fault := _fault(module.output, module.sample):
            yield f"{module.name}: its sample does not fit its output: {fault}"


def dropdowns_have_sources(app: App) -> Iterator[str]:
    """The source of every dropdown is declared with `@app.options`."""
    known = list(app.options_sources.values())
    for module in app.modules.values():
        for name, source in module.dropdowns.items():
            if source not in known:
                yield (
                    f"{module.name}.{name}: the choices come from {source.__name__}, "
                    "which is not declared with @app.options"
                )


def further_fields_have_sources(app: App) -> Iterator[str]:
    """The source of further fields is declared, lazy, and asks for what there is."""
    for module in app.modules.values():
        for name, further in module.further.items():
            where, source = f"{module.name}.{name}", further.source
            if source not in app.field_sources.values():
                yield (
                    f"{where}: its fields come from {source.__name__}, which is not "
                    "declared with @app.further_fields"
                )
            if not inspect.isasyncgenfunction(source):
                yield f"{where}: {source.__name__} has to be an async generator"
            if strange := set(inspect.signature(source).parameters) - _OFFERED:
                yield f"{where}: {source.__name__} asks for {sorted(strange)}"
            if missing := set(further.on) - module.input.model_fields.keys():
                yield f"{where}: it depends on {sorted(missing)}, which is no field"


_OFFERED = frozenset({"api", "fields", "records", "scenarios"})
"""What a source of further fields may take."""


def _models(app: App) -> Iterator[tuple[str, type[BaseModel]]]:
    """Forms and outputs, each with the name to report it by."""
    yield from _forms(app)
    for module in app.modules.values():
        yield f"{module.name} output", module.output


def _forms(app: App) -> Iterator[tuple[str, type[BaseModel]]]:
    if app.connection_class is not None:
        yield f"{app.key} connection", app.connection_class
    for module in app.modules.values():
        yield module.name, module.input


def _shown(field: FieldInfo) -> Iterator[object]:
    """The values that a form shows by itself."""
    if not field.is_required():
        yield field.get_default(call_default_factory=True, validated_data={})
    yield from field.examples or []


def _annotated(field: FieldInfo) -> Any:  # noqa: ANN401 - a type with its constraints
    return Annotated[field.annotation, field]


def _fault(kind: Any, value: object) -> str | None:  # noqa: ANN401 - any type
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        return explain(error)
    return None

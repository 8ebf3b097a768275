"""What is known of a module's bundles before it runs: its output class and sample."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from trunkline.mapping.language import Shape, shape_of
from trunkline.sdk import Free, Input, Module

_KINDS: Final[Mapping[type, str]] = {
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    Decimal: "number",
    bytes: "buffer",
    datetime: "date",
    date: "date",
    dict: "collection",
    list: "array",
}


@cache
def field_kinds(form: type[Input]) -> Mapping[str, str]:
    """The kinds into which values of a form's fields are converted.

    Fields that take several kinds, or have a way of their own to read a value, are
    left to the form.
    """
    return {
        name: kind
        for name, field in form.model_fields.items()
        if (kind := _convertible(field)) is not None
    }


def _convertible(field: FieldInfo) -> str | None:
    if any(isinstance(mark, BeforeValidator) for mark in field.metadata):
        return None
    if _bare(field.annotation) is int:
        return "integer"
    kind = _of_field(field).kind
    return kind if kind not in ("any", "collection") else None


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    """The one type that is meant, where there is one besides None."""
    named = [one for one in get_args(annotation) if one is not NoneType]
    is_optional = get_origin(annotation) in (Union, UnionType) and len(named) == 1
    return named[0] if is_optional else annotation


def bundle_shape(module: Module) -> Shape:
    """The bundles that a module gives, as far as its class and its sample tell."""
    if issubclass(module.output, Free) or not module.output.model_fields:
        declared = Shape(kind="collection")
    else:
        declared = _of_model(module.output)
    return declared if module.sample is None else _sampled(declared, module.sample)


def _of_model(model: type[BaseModel], title: str = "") -> Shape:
    fields = {
        field.serialization_alias or field.alias or name: _of_field(field)
        for name, field in model.model_fields.items()
    }
    return Shape(kind="collection", title=title, fields=fields, known=True)


def _of_field(field: FieldInfo) -> Shape:
    shape = _of_annotation(field.annotation, field.title or "")
    extra = field.json_schema_extra
    if isinstance(extra, Mapping) and extra.get("format") == "date-time":
        return replace(shape, kind="date")
    return shape


def _of_annotation(annotation: Any, title: str = "") -> Shape:  # noqa: ANN401 - any annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _of_annotation(arguments[0], title)
    if origin in (Union, UnionType):
        bare = _bare(annotation)
        return Shape(title=title) if bare is annotation else _of_annotation(bare, title)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _of_model(annotation, title)
    kind = _KINDS.get(origin or annotation, "any")
    if kind == "array" and arguments:
        return Shape(kind=kind, title=title, items=_of_annotation(arguments[0]))
    return Shape(kind=kind, title=title)


def _sampled(shape: Shape, sample: object) -> Shape:
    """The shape with a value that was seen; fields that nobody declared are added."""
    seen = shape_of(sample)
    if isinstance(sample, Mapping):
        fields = {
            name: _sampled(inner, sample[name]) if name in sample else inner
            for name, inner in shape.fields.items()
        }
        fields |= {
            name: seen.fields[name] for name in seen.fields if name not in fields
        }
        return replace(shape, fields=fields, sample=sample)
    if isinstance(sample, list) and sample:
        items = _sampled(shape.items, sample[0]) if shape.items else seen.items
        return replace(shape, items=items, sample=sample)
    kind = seen.kind if shape.kind == "any" else shape.kind
    return replace(shape, kind=kind, sample=sample)

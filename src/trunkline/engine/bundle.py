"""Between models and bundles: bundles are JSON values, and nothing else."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError

from trunkline.engine.shapes import field_kinds
from trunkline.errors import BundleValidationError, DataError
from trunkline.mapping import ERASE, coerce, describe, render_text
from trunkline.sdk import Bundle, Input, Module

_decode = msgspec.json.Decoder().decode
_PLAIN = (str, int, float)


def encode(value: object) -> str:
    """A bundle as JSON text.

    Raises:
        BundleValidationError: a text in it cannot be written.
    """
    try:
        return msgspec.json.encode(value, enc_hook=_unusual).decode()
    except UnicodeEncodeError:
        raise BundleValidationError(
            "A text holds half of a surrogate pair (such as \\ud800), which is no "
            "character and cannot be kept; remove it."
        ) from None


def decode(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    """JSON text as values.

    Raises:
        ValueError: it is not JSON.
    """
    try:
        return _decode(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def to_bundle(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """What a module returned, as a bundle."""
    if isinstance(value, Bundle):
        return value.values
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return value


def encode_fields(fields: Input) -> str:
    """A filled form as JSON text; what was left empty is left out."""
    return fields.model_dump_json(by_alias=True, exclude_unset=True)


def read_fields(module: Module, mapped: object) -> Input:
    """The form of a module, filled with mapped values.

    Raises:
        BundleValidationError: a value does not fit its field; nothing was sent.
    """
    if not isinstance(mapped, Mapping):
        raise BundleValidationError(f"{module.label}: the map is not a collection.")
    kinds = field_kinds(module.input)
    fitted = {
        name: _plain(fit(module, name, kinds[name], value) if name in kinds else value)
        for name, value in mapped.items()
    }
    try:
        return module.input.model_validate(fitted)
    except ValidationError as error:
        raise BundleValidationError(
            f"{module.label}: {_faults(module, error)}."
        ) from error


def fit(module: Module, name: str, kind: str, value: object) -> object:
    """A value as its field asks for it (integrator-semantics 5.6 [sure]).

    Raises:
        BundleValidationError: it cannot be converted; the text names the field, the
            kind of the value and what was expected.
    """
    if value.__class__ is str and kind == "text":
        return value
    field = module.input.model_fields[name]
    if value == "" and kind != "boolean" and not field.is_required():
        return field.get_default(call_default_factory=True)
    try:
        return coerce(value, kind)
    except BundleValidationError as error:
        title = field.title or name
        raise BundleValidationError(f"{module.label}: {title}: {error}") from None


def _faults(module: Module, error: ValidationError) -> str:
    return "; ".join(
        f"{_label(module, fault['loc'])}: {_said(fault)}"
        for fault in error.errors(include_url=False)
    )


def _said(fault: Mapping[str, Any]) -> str:
    """What was expected, and the kind of what came instead."""
    if fault["type"] == "missing":
        return str(fault["msg"])
    return f"{fault['msg']} (the value is {describe(fault['input'])})"


def _label(module: Module, place: tuple[int | str, ...]) -> str:
    if not place:
        return "the fields"
    field = module.input.model_fields.get(str(place[0]))
    title = (field.title if field else None) or str(place[0])
    return ".".join([title, *map(str, place[1:])])


def _plain(value: object) -> object:
    """A mapped value without what only the mapping language knows."""
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return render_text(value)
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return "" if value is ERASE else value


def _unusual(value: object) -> object:
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return to_bundle(value)
    raise DataError(f"A {type(value).__name__} cannot be part of a bundle.")

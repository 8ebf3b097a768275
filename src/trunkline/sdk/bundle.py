"""Bundles that are checked against a form, and stay the JSON values that they are."""

from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import (
    Annotated,
    Any,
    Generic,
    NotRequired,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from pydantic import BaseModel, TypeAdapter
from typing_extensions import TypedDict

from trunkline.sdk.fields import Output

Form = TypeVar("Form", bound=Output)


@dataclass(frozen=True, slots=True)
class Bundle(Generic[Form]):
    """What a module gives as `Form` describes it, where no object of it is needed.

    An object would be made only to be taken apart again at once, which takes three
    times as long (docs/decisions/0030-bundles-stay-plain.md).
    """

    form: type[Form]
    values: dict[str, Any]

    @classmethod
    def of(cls, form: type[Form], values: object) -> "Bundle[Form]":
        """The values under the form's names and of its kinds, and all there is beside.

        Raises:
            ValidationError: they do not fit.
        """
        return cls(form, plain(form).validate_python(values))


@cache
def plain(form: type[Output]) -> TypeAdapter[dict[str, Any]]:
    """What checks values as the form does, but leaves them plain.

    The form's own fields are of JSON's kinds, those of other forms included.

    Raises:
        TypeError: the form has validators of its own, which need an object.
    """
    return TypeAdapter(_record(form))


def _record(form: type[BaseModel]) -> Any:  # noqa: ANN401 - a class of dicts
    """The form as a class of dicts: the same names, kinds, checks and settings."""
    validators = form.__pydantic_decorators__
    if validators.field_validators or validators.model_validators:
        raise TypeError(f"{form.__name__} has validators; give an object of it.")
    fields: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        kind = _kind(field.annotation)
        if field.metadata:
            kind = Annotated[(kind, *field.metadata)]
        presence = Required if field.is_required() else NotRequired
        fields[field.alias or name] = presence[kind]
    record = _class_of_dicts(form.__name__, fields)
    record.__pydantic_config__ = {
        key: value for key, value in form.model_config.items() if key in _SETTINGS
    }
    return record


_class_of_dicts: Any = TypedDict
"""Made while it runs, which type checkers know nothing of."""

_SETTINGS = frozenset({"extra", "coerce_numbers_to_str", "str_strip_whitespace"})


def _kind(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    """An annotation in which records stand for forms."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _record(annotation)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(_kind(inner[0]), *inner[1:])]
    if origin in (Union, UnionType):
        return reduce(or_, map(_kind, inner))
    if origin is list:
        return list[_kind(inner[0])]  # type: ignore[misc]
    return annotation

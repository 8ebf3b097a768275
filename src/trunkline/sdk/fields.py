"""What a person fills in (`Input`) and what a module gives back (`Output`)."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from trunkline.model.scenario import FieldType


class Input(BaseModel):
    """The fields of a module's dialog.

    A field without a default is mandatory; its `title` is its label, its
    `description` the help below it. Unknown fields are refused, so that a typing
    error in a scenario is found when it is saved.
    """

    model_config = ConfigDict(
        extra="forbid", coerce_numbers_to_str=True, str_strip_whitespace=False
    )


class Output(BaseModel):
    """The fields of a bundle, under the names that the service uses.

    Fields that the service adds are kept, so that nothing it says is lost.
    """

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Free(Output):
    """A bundle whose fields are known at run time only."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a dropdown: the value sent and the label shown."""

    value: str
    label: str


OptionSource = Callable[..., AsyncIterator[Option]]


@dataclass(frozen=True, slots=True)
class Dropdown:
    """Marks a field with choices from the service: `Annotated[str, Dropdown(f)]`.

    The source takes the `api` of the connection; one that has an argument `records` or
    `scenarios` takes these instead, and needs no connection.
    """

    source: OptionSource


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherField:
    """A field that an app declares from what was filled in before.

    `type` is what its value is meant to be; the app gets it as it was mapped. With
    `options` it is a choice.
    """

    name: str
    title: str = ""
    help: str = ""
    type: FieldType = "any"
    mandatory: bool = False
    default: Any = None
    options: tuple[Option, ...] = ()


FieldSource = Callable[..., AsyncIterator[FurtherField]]


@dataclass(frozen=True, slots=True)
class Further:
    """Marks a collection with further fields: `Annotated[Pairs, Further(f, on)]`.

    The source is asked once the fields named in `on` are filled in with values that no
    bundle changes. It takes these as `fields`, and `api`, `records` or `scenarios` as
    the source of a dropdown does. Fields of other names can be given all the same.
    """

    source: FieldSource
    on: tuple[str, ...]


def _pairs(value: object) -> object:
    """A list of `{name, value}` records read as the mapping it stands for."""
    if not isinstance(value, list):
        return value
    pairs: dict[str, object] = {}
    for record in value:
        if not isinstance(record, Mapping):
            raise ValueError("expected field and value pairs")  # noqa: TRY004 - pydantic reports ValueError
        name = record.get("name", record.get("key", record.get("field")))
        if name is None:
            raise ValueError("each pair needs a name")
        pairs[str(name)] = record.get("value")
    return pairs


Pairs = Annotated[
    dict[str, Any],
    BeforeValidator(_pairs),
    Field(json_schema_extra={"format": "pairs"}),
]
"""Field/value pairs: a mapping, or a list of `{name, value}` records."""

Timestamp = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A moment as the service writes it; it counts as a date wherever one is asked."""

Operator = Annotated[str, Field(json_schema_extra={"format": "operator"})]
"""An operator of filters, such as `text:equal`."""

"""Where one bundle becomes many."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from pydantic import Field

from trunkline.apps.flow.control import app
from trunkline.sdk import Free, Input, Output

_MOST_REPEATS = 10_000


class Iterator(Input):
    """The array whose items become bundles."""

    array: Any = Field(
        title="Array",
        description="Map an array. Anything else counts as an array of one item.",
    )


class Repeater(Input):
    """How often, and how the number grows."""

    start: int = Field(default=1, title="Initial value")
    repeats: int = Field(ge=0, le=_MOST_REPEATS, title="Repeats")
    step: int = Field(default=1, title="Step")


class Repeated(Output):
    """The number of one repetition."""

    i: int = Field(title="i")
    index: int = Field(title="Bundle order position", alias="__IMTINDEX__")
    length: int = Field(title="Total number of bundles", alias="__IMTLENGTH__")


@app.iterator("Iterator")
async def iterator(fields: Iterator) -> AsyncIterator[Free]:
    """Gives the items of an array one after another, each as a bundle.

    The fields of a collection are mapped by their names; any other item as `value`.
    """
    items = _listed(fields.array)
    for number, item in enumerate(items, 1):
        bundle = item if isinstance(item, Mapping) else {"value": item}
        marks = {"__IMTINDEX__": number, "__IMTLENGTH__": len(items)}
        yield Free.model_construct(**{**bundle, **marks})


@app.iterator("Repeater")
async def repeater(fields: Repeater) -> AsyncIterator[Repeated]:
    """Gives a growing number, as often as it is told to."""
    for number in range(fields.repeats):
        yield Repeated(
            i=fields.start + number * fields.step,
            index=number + 1,
            length=fields.repeats,
        )


def _listed(value: object) -> list[Any]:
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]

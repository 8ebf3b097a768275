"""Where many bundles become one."""

from collections.abc import AsyncIterator
from typing import Any

from pydantic import ConfigDict, Field

from trunkline.apps.flow.control import app
from trunkline.sdk import Input, Output


class ArrayAggregator(Input):
    """The fields that each item of the array has."""

    model_config = ConfigDict(extra="allow")


class Aggregated(Output):
    """The array, and how many items it has."""

    array: list[Any] = Field(title="Array")
    length: int = Field(title="Total number of bundles", alias="__IMTAGGLENGTH__")


@app.aggregator("Array aggregator")
async def array_aggregator(items: AsyncIterator[ArrayAggregator]) -> Aggregated:
    """Makes one array of all bundles, each with the fields that are mapped here."""
    array = [item.model_extra or {} async for item in items]
    return Aggregated(array=array, length=len(array))
